//! A node whose volume is lost comes back under its id as an empty replica, if others have all that
//! was on it. One at a time.

use klamm_model::NodeId;

use crate::rules::Rule;
use crate::scene::Scene;
use crate::{Action, Directory, Founding, Operation, Plan};

/// Whether the cluster counts on a node whose volume is empty.
pub(super) fn is_lost(scene: &Scene<'_>, id: NodeId) -> bool {
    let empty = scene.node(id).is_some_and(|node| node.directory == Directory::Empty);
    let registered = scene.cluster().is_some_and(|cluster| cluster.brokers.contains_key(&id));
    let votes = scene.quorum().is_some_and(|quorum| quorum.voters.iter().any(|voter| voter.id == id));
    empty && (registered || votes)
}

pub(super) fn plan_repair(scene: &Scene<'_>, plan: &mut Plan) {
    let lost = scene.spec.nodes.iter().map(|node| node.id).find(|id| is_lost(scene, *id));
    let (Some(node), Some(cluster_id)) = (lost, scene.observed.cluster_id) else { return };
    plan.is_about(Operation::Repair);
    if scene.node(node).is_some_and(|seen| seen.process.lives()) {
        return;
    }
    if let Some(reason) = irreplaceable(scene, node)
        && scene.rules.forbid(Rule::RepairRedundant, true)
    {
        return plan.block(reason);
    }
    let reason = format!("the volume of node {node} is lost, and other nodes have all that was on it");
    let role = scene.role_to_start(node);
    plan.step(Action::FormatNode { node, role, cluster_id, founding: Founding::Joins }, reason);
    plan.step(Action::StartNode { node, role }, format!("node {node} does not run"));
}

/// Why an empty replica in place of the lost one would lose data.
fn irreplaceable(scene: &Scene<'_>, node: NodeId) -> Option<String> {
    let partitions = scene.partitions().filter(|(_, _, partition, _)| partition.replicas.contains(&node));
    for (topic, number, partition, _) in partitions {
        let others = partition.isr.iter().filter(|other| **other != node);
        if others.clone().count() == 0 {
            return Some(format!(
                "the volume of node {node} is lost, and the only in-sync copy of partition {topic}-{number} was on \
                 it; bring the volume back, or delete the topic"
            ));
        }
        if !others.clone().any(|other| scene.broker_serves(*other)) {
            return Some(format!(
                "the volume of node {node} is lost, and no other in-sync copy of partition {topic}-{number} is served \
                 at present"
            ));
        }
    }
    let quorum = scene.quorum()?;
    let rest: Vec<_> = quorum.voters.iter().filter(|voter| voter.id != node).collect();
    let current = rest.iter().filter(|voter| scene.is_current(voter)).count();
    let votes = rest.len() < quorum.voters.len();
    (votes && current < quorum.voters.len() / 2 + 1).then(|| {
        format!(
            "the volume of node {node}, a voter, is lost, and only {current} of the other {} voters are caught up",
            rest.len()
        )
    })
}
