//! Rolling restarts: one node at a time, each allowed by what is seen now.
//!
//! 1. Dedicated controllers first, then brokers by rack; the active controller comes last of its
//!    kind. What does not serve anyway goes before what does.
//! 2. Every other wanted node serves, no partition moves, and none is under-replicated for another
//!    reason than this node.
//! 3. So each partition keeps `min.insync.replicas` without the node. One that never has more replicas
//!    than that cannot: it takes no acks=all meanwhile.
//! 4. The quorum keeps a caught-up majority without it. A quorum of one cannot. A quorum of two can lose none: a
//!    third voter that gets its role by a restart goes first.

use klamm_model::NodeId;

use crate::rules::Rule;
use crate::scene::Scene;
use crate::sentence::{counted, listed};
use crate::{Action, NodeRole, Operation, Plan, Process};

pub(super) fn plan_roll(scene: &Scene<'_>, plan: &mut Plan) {
    let mut due: Vec<(NodeId, &str)> = Vec::new();
    for node in &scene.spec.nodes {
        let Some(seen) = scene.node(node.id) else { continue };
        let (Some(reason), Process::Running { .. }) = (&seen.outdated, &seen.process) else { continue };
        due.push((node.id, reason));
    }
    due.sort_by_key(|(id, _)| place(scene, *id));
    // A node that is to lose its vote keeps its role until then.
    due.retain(|(id, _)| scene.spec.wants_controller(*id) || !scene.is_voter(*id));
    // One that must wait does not hold back another: it may wait for that one's vote.
    let free = due.iter().find(|(id, _)| hindrance(scene, *id).is_none());
    let Some((node, reason)) = free.or(due.first()) else { return };
    plan.is_about(Operation::Roll);
    match hindrance(scene, *node) {
        Some(hindrance) => plan.wait(format!("node {node} is to be restarted ({reason}): {hindrance}")),
        None if super::may_disrupt(scene, plan) => {
            let away = short_partitions(scene, *node);
            let aside = if away == 0 {
                String::new()
            } else {
                format!(
                    "; {} without a spare replica cannot take acks=all meanwhile",
                    counted(away, "partition")
                )
            };
            plan.step(Action::RestartNode { node: *node }, format!("{reason}{aside}"));
        }
        None => {
            plan.wait(format!("node {node} is to be restarted ({reason}) once the change before has ended"))
        }
    }
}

/// Rule 1.
fn place(scene: &Scene<'_>, id: NodeId) -> impl Ord + use<> {
    let is_broker = scene.role(id) != Some(NodeRole::Controller);
    let leads = scene.quorum().is_some_and(|quorum| quorum.leader == id);
    let rack = scene.cluster().and_then(|cluster| cluster.brokers.get(&id)?.rack.clone());
    (scene.serves(id), is_broker, leads, rack, id)
}

/// Why node `id` must not go now.
fn hindrance(scene: &Scene<'_>, id: NodeId) -> Option<String> {
    let away = scene.away(id);
    let most = usize::try_from(scene.spec.resource.rolling.max_unavailable).unwrap_or(1);
    if scene.rules.forbid(Rule::OneNodeAway, away.len() >= most) {
        return Some(format!("node {} has to be back first", listed(&away)));
    }
    let moving = scene.partitions().filter(|(_, _, partition, _)| partition.is_moving()).count();
    if moving > 0 {
        return Some(format!("{} have to end their moves first", counted(moving, "partition")));
    }
    partitions_hindrance(scene, id).or_else(|| quorum_hindrance(scene, id))
}

/// The end of rule 2, from which rule 3 follows.
fn partitions_hindrance(scene: &Scene<'_>, id: NodeId) -> Option<String> {
    let behind = scene.partitions().find(|(_, _, partition, _)| {
        partition.replicas.iter().any(|other| *other != id && !partition.isr.contains(other))
    });
    let (topic, number, _, _) = behind.filter(|_| scene.rules.forbid(Rule::AwaitInSync, true))?;
    Some(format!("partition {topic}-{number} is under-replicated"))
}

/// Rule 4.
fn quorum_hindrance(scene: &Scene<'_>, id: NodeId) -> Option<String> {
    let quorum = scene.quorum()?;
    let votes = quorum.voters.iter().any(|voter| voter.id == id);
    let rest = quorum.voters.iter().filter(|voter| voter.id != id);
    let current = rest.filter(|voter| scene.is_current(voter)).count();
    let all = quorum.voters.len();
    let short = votes && all > 1 && current < all / 2 + 1;
    scene
        .rules
        .forbid(Rule::KeepMajority, short)
        .then(|| format!("only {current} of the {all} voters would be caught up, which is no majority"))
}

/// Partitions that cannot keep their minimum without node `id`, whatever is done.
fn short_partitions(scene: &Scene<'_>, id: NodeId) -> usize {
    let short = scene.partitions().filter(|(_, _, partition, min_isr)| {
        partition.replicas.contains(&id) && partition.target().len() <= *min_isr
    });
    short.count()
}
