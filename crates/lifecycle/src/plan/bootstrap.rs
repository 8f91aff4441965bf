//! From nothing to a running cluster: an identity, formatted directories, started nodes.
//!
//! Identity and membership come from durable records only: a directory that is formatted is never
//! formatted again, and one of another cluster is never touched.

use klamm_model::Uuid;

use crate::{Action, ClusterSpec, Directory, NodeSpec, Observed, ObservedNode, Plan, Process};

pub(super) fn plan_bootstrap(spec: &ClusterSpec, observed: &Observed, plan: &mut Plan) {
    let Some(cluster_id) = observed.cluster_id else {
        plan.step(Action::ChooseClusterId, format!("cluster {} has no identity yet", spec.name));
        return;
    };
    for node in &spec.nodes {
        match observed.nodes.get(&node.id) {
            Some(seen) => plan_node(spec, node, seen, cluster_id, plan),
            None => plan.wait(format!("node {} has not been observed", node.id)),
        }
    }
}

fn plan_node(spec: &ClusterSpec, node: &NodeSpec, seen: &ObservedNode, cluster_id: Uuid, plan: &mut Plan) {
    let id = node.id;
    match &seen.directory {
        Directory::Foreign(reason) => return plan.block(format!("node {id}: {reason}")),
        Directory::Formatted { cluster_id: theirs } if *theirs != cluster_id => {
            return plan.block(format!(
                "node {id}: its directory belongs to cluster {theirs}, this is {cluster_id}"
            ));
        }
        Directory::Empty => {
            let first = spec.controllers().next().map_or(id, |first| first.id);
            let action = Action::FormatNode { node: id, cluster_id, first_voter: first };
            plan.step(action, format!("node {id} has an empty directory"));
        }
        Directory::Formatted { .. } => {}
    }
    match &seen.process {
        Process::Absent => plan.step(Action::StartNode { node: id }, format!("node {id} does not run")),
        Process::Starting => plan.wait(format!("node {id} is starting")),
        Process::Failed(how) => plan.block(format!("node {id} ended: {how}")),
        Process::Ready => {}
    }
}
