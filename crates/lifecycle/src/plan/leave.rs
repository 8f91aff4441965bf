//! The last steps of a node that is not wanted: it stops once it hosts nothing and votes no more, is
//! unregistered once it is dead, and its volumes go only if the spec says so. Of a node that stays as a
//! broker, the controller is unregistered.

use klamm_manifest::OnScaleDown;
use klamm_model::NodeId;

use crate::rules::Rule;
use crate::scene::Scene;
use crate::{Action, ObservedNode, Operation, Plan, Process};

use super::scale_down::Leaving;

/// The level of metadata.version from which controllers can be unregistered.
const UNREGISTERS_CONTROLLERS_FROM: i16 = 33;

pub(super) fn plan_leave(scene: &Scene<'_>, leaving: &Leaving, plan: &mut Plan) {
    for (id, node) in scene.unwanted() {
        let is_kept = leaving.blocked && scene.leaving_brokers().contains(&id);
        if !is_kept {
            plan_node(scene, id, node, plan);
        }
    }
    let ghosts = leaving.brokers.iter().filter(|id| scene.node(**id).is_none());
    for ghost in ghosts {
        unregister(scene, *ghost, plan);
    }
    unregister_controllers(scene, plan);
}

/// Makes the cluster forget controllers that have lost their vote and do not run as controllers any
/// more (KIP-1312): else their old ranges of features hold back upgrades for ever. One that runs would
/// register again.
fn unregister_controllers(scene: &Scene<'_>, plan: &mut Plan) {
    let Some(cluster) = scene.cluster() else { return };
    if cluster.metadata_version.is_none_or(|level| level < UNREGISTERS_CONTROLLERS_FROM) {
        return;
    }
    for id in cluster.controllers.iter().flatten().copied() {
        let runs = scene
            .node(id)
            .is_some_and(|node| node.process.lives() && node.role.is_none_or(crate::NodeRole::is_controller));
        let counts = scene.spec.wants_controller(id) || scene.is_voter(id);
        if counts || scene.rules.forbid(Rule::UnregisterDead, runs) {
            continue;
        }
        plan.step(
            Action::UnregisterController { controller: id },
            format!("node {id} is no controller any more"),
        );
    }
}

fn plan_node(scene: &Scene<'_>, id: NodeId, node: &ObservedNode, plan: &mut Plan) {
    let hosts = scene.hosted(id) > 0;
    if scene.rules.forbid(Rule::LeaveDrained, hosts) {
        return;
    }
    if scene.rules.forbid(Rule::LeaveWithoutVote, scene.is_voter(id)) {
        return;
    }
    match &node.process {
        Process::Running { .. } => {
            plan.is_about(Operation::ScaleDown);
            if super::may_disrupt(scene, plan) {
                plan.step(
                    Action::StopNode { node: id },
                    format!("node {id} is not wanted and holds nothing"),
                );
            }
        }
        Process::Stopping => plan.wait(format!("node {id} is stopping")),
        Process::Absent | Process::Failed { .. } => {
            let registered = scene.cluster().is_some_and(|cluster| cluster.brokers.contains_key(&id));
            if registered {
                unregister(scene, id, plan);
            } else if scene.spec.resource.storage.on_scale_down == OnScaleDown::Delete
                && node.directory.is_formatted()
            {
                let reason = "it has left, and spec.storage.onScaleDown is Delete";
                plan.step(Action::DeleteVolumes { node: id }, format!("node {id}: {reason}"));
            }
        }
    }
}

/// Makes the cluster forget a broker that hosts nothing and that the controller sees dead: it would
/// accept this for a live one too.
fn unregister(scene: &Scene<'_>, id: NodeId, plan: &mut Plan) {
    let Some(broker) = scene.cluster().and_then(|cluster| cluster.brokers.get(&id)) else { return };
    if scene.rules.forbid(Rule::LeaveDrained, scene.hosted(id) > 0) {
        return;
    }
    if scene.rules.forbid(Rule::UnregisterDead, !broker.fenced) {
        return plan.wait(format!("broker {id} is unregistered once the controller sees that it is gone"));
    }
    plan.step(Action::UnregisterBroker { broker: id }, format!("broker {id} has left"));
}
