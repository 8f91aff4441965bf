//! A suspended cluster: every node stopped, all data kept. Brokers go first, since they ask the
//! controllers for leave.

use crate::scene::Scene;
use crate::{Action, Plan, Process};

pub(super) fn plan_suspend(scene: &Scene<'_>, plan: &mut Plan) {
    let is_controller_only =
        |id| scene.role(id).is_some_and(|role| role.is_controller() && !role.is_broker());
    let nodes = || scene.observed.nodes.iter().filter(|(_, node)| node.process.lives());
    let brokers_live = nodes().any(|(id, _)| !is_controller_only(*id));
    for (id, node) in nodes() {
        if node.process == Process::Stopping {
            plan.wait(format!("node {id} is stopping"));
        } else if brokers_live && is_controller_only(*id) {
            plan.wait(format!("node {id} stops after the brokers"));
        } else {
            plan.step(Action::StopNode { node: *id }, "the cluster is suspended");
        }
    }
}
