//! From nothing to running nodes: an identity, formatted directories, started processes.
//!
//! Identity and membership come from durable records only: a directory that is formatted is never
//! formatted again, one of another cluster is never touched, and a quorum is founded only where no
//! node has data.

use klamm_manifest::ControllerMode;
use klamm_model::{NodeId, Uuid};

use crate::rules::Rule;
use crate::scene::Scene;
use crate::{Action, Directory, Founding, NodeRole, NodeSpec, ObservedNode, Operation, Plan, Process};

/// Seconds that wanted controllers run without a leader, if they have a volume at all, before unwanted
/// ones, which may still be voters, are started too.
const LEADERLESS_PATIENCE: u32 = 10;

/// The mode cannot change once a controller exists (`spec.controllers.mode`).
pub(super) fn mode_conflict(scene: &Scene<'_>) -> Option<String> {
    let (mode, other) = match scene.spec.resource.controllers.mode {
        ControllerMode::Dedicated => ("dedicated", NodeRole::Combined),
        ControllerMode::Combined => ("combined", NodeRole::Controller),
    };
    let node = scene.observed.nodes.iter().find(|(_, node)| node.role == Some(other))?;
    Some(format!(
        "spec.controllers.mode: {mode} does not fit node {}, which is {other}; the mode of a cluster cannot change",
        node.0
    ))
}

pub(super) fn plan_nodes(scene: &Scene<'_>, plan: &mut Plan) {
    let Some(cluster_id) = scene.observed.cluster_id else {
        plan.is_about(Operation::Bootstrap);
        plan.step(Action::ChooseClusterId, format!("cluster {} has no identity yet", scene.spec.name));
        return;
    };
    let founder = scene.spec.controllers().next().map(|first| first.id);
    let (first, others): (Vec<&NodeSpec>, Vec<&NodeSpec>) =
        scene.spec.nodes.iter().partition(|node| Some(node.id) == founder);
    for node in first.into_iter().chain(others) {
        match scene.node(node.id) {
            Some(seen) => plan_node(scene, node.id, (seen, cluster_id), plan),
            None => plan.wait(format!("node {} has not been observed", node.id)),
        }
    }
    for (id, seen) in scene.unwanted() {
        plan_unwanted(scene, id, seen, plan);
    }
}

fn plan_node(scene: &Scene<'_>, id: NodeId, (seen, ours): (&ObservedNode, Uuid), plan: &mut Plan) {
    match &seen.directory {
        Directory::Foreign(reason) => return plan.block(format!("node {id}: {reason}")),
        Directory::Formatted { cluster_id, .. } if *cluster_id != ours => {
            return plan.block(format!(
                "node {id}: its directory belongs to cluster {cluster_id}, this is {ours}; it is left alone"
            ));
        }
        Directory::Empty => {
            if seen.process.lives() {
                return plan.wait(format!("node {id} runs without its volume"));
            }
            match founding(scene, id, plan) {
                Some(founding) => plan_format(scene, (id, ours), founding, plan),
                None => return,
            }
        }
        Directory::Formatted { .. } => {}
    }
    plan_process(scene, id, &seen.process, plan);
}

fn plan_format(scene: &Scene<'_>, (node, cluster_id): (NodeId, Uuid), founding: Founding, plan: &mut Plan) {
    plan.is_about(if scene.observed.has_run { Operation::ScaleUp } else { Operation::Bootstrap });
    let role = scene.role_to_start(node);
    let reason = format!("node {node} is new and has an empty directory");
    plan.step(Action::FormatNode { node, role, cluster_id, founding }, reason);
}

/// How an empty directory is formatted; `None` if it is not now, for a reason put into the plan.
fn founding(scene: &Scene<'_>, id: NodeId, plan: &mut Plan) -> Option<Founding> {
    let nodes = &scene.observed.nodes;
    let founds = scene.spec.controllers().next().is_some_and(|first| first.id == id);
    let any_formatted = nodes.values().any(|node| node.directory.is_formatted());
    if scene.rules.forbid(Rule::FoundOnce, any_formatted || scene.observed.has_run) || !founds {
        return joining(scene, id, any_formatted, plan);
    }
    Some(Founding::Alone)
}

fn joining(scene: &Scene<'_>, id: NodeId, any_formatted: bool, plan: &mut Plan) -> Option<Founding> {
    let known = scene.quorum().is_some();
    if !scene.observed.has_run {
        // The founder comes first in the plan, or was formatted in an earlier pass.
        return Some(Founding::Joins);
    }
    if !any_formatted {
        plan.block(format!(
            "the volumes of all nodes are empty, though cluster {} has run before: its data is gone or not mounted",
            scene.spec.name
        ));
        return None;
    }
    if scene.rules.forbid(Rule::FormatKnown, !known) {
        plan.wait(format!(
            "node {id} has an empty directory; whether it lost data is known once the cluster answers"
        ));
        return None;
    }
    if super::repair::is_lost(scene, id) && scene.rules.forbid(Rule::RepairRedundant, true) {
        return None;
    }
    Some(Founding::Joins)
}

fn plan_process(scene: &Scene<'_>, id: NodeId, process: &Process, plan: &mut Plan) {
    let role = scene.role_to_start(id);
    match process {
        Process::Absent => plan.step(Action::StartNode { node: id, role }, format!("node {id} does not run")),
        Process::Failed { how, rests: false } => {
            plan.step(Action::StartNode { node: id, role }, format!("node {id} ended by itself ({how})"));
        }
        Process::Failed { how, rests: true } => {
            plan.wait(format!("node {id} ended by itself ({how}); it is started again after a pause"));
        }
        Process::Stopping => plan.wait(format!("node {id} is stopping")),
        Process::Running { .. } if scene.is_overdue(id) => plan.block(format!(
            "node {id} has not become ready within the {} s of spec.rolling.readyTimeoutSeconds; no other node is \
             disturbed meanwhile",
            scene.spec.resource.rolling.ready_timeout_seconds
        )),
        Process::Running { answers: false, .. } => plan.wait(format!("node {id} is starting")),
        Process::Running { answers: true, .. } if scene.quorum().is_some() && !scene.serves(id) => {
            plan.wait(format!("node {id} is catching up"));
        }
        Process::Running { answers: true, .. } => {}
    }
}

/// Nodes that are on their way out run as long as the cluster needs them.
fn plan_unwanted(scene: &Scene<'_>, id: NodeId, seen: &ObservedNode, plan: &mut Plan) {
    let may_start = matches!(seen.process, Process::Absent | Process::Failed { rests: false, .. });
    if !may_start || !seen.directory.is_formatted() {
        return;
    }
    let role = scene.role_to_start(id);
    let reason = if scene.quorum().is_none() {
        if !role.is_controller() || !wanted_controllers_are_stuck(scene) {
            return;
        }
        format!("no controller leads, and node {id} may still be a voter")
    } else if scene.hosted(id) > 0 {
        format!("node {id} is to leave and still has replicas")
    } else if scene.is_voter(id) {
        format!("node {id} is to leave and still votes")
    } else {
        return;
    };
    plan.step(Action::StartNode { node: id, role }, reason);
}

fn wanted_controllers_are_stuck(scene: &Scene<'_>) -> bool {
    scene.observed.has_run
        && scene.spec.controllers().all(|controller| {
            scene.node(controller.id).is_some_and(|node| match node.process {
                Process::Running { for_seconds, .. } => for_seconds >= LEADERLESS_PATIENCE,
                Process::Absent | Process::Stopping | Process::Failed { .. } => {
                    !node.directory.is_formatted()
                }
            })
        })
}
