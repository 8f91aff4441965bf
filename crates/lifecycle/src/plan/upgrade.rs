//! `spec.metadataVersion`: the level is raised once every node runs, is as its spec wants it and knows the
//! level. Lowering can lose metadata (Kafka refuses it across most levels), so it is never planned.

use crate::rules::Rule;
use crate::scene::Scene;
use crate::sentence::version_name;
use crate::{Action, Operation, Plan, Process};

pub(super) fn plan_metadata_version(scene: &Scene<'_>, plan: &mut Plan) {
    let Some(cluster) = scene.cluster() else { return };
    let Some(present) = cluster.metadata_version else { return };
    if let Some(wanted) = scene.spec.metadata_version.filter(|wanted| *wanted < present) {
        return plan.block(format!(
            "spec.metadataVersion: {} is below the finalized {}; levels are only raised here",
            version_name(wanted),
            version_name(present)
        ));
    }
    let Some(newest) = cluster.newest_metadata_version else { return };
    let level = scene.spec.metadata_version.unwrap_or(newest);
    if level > newest {
        return plan.block(format!(
            "spec.metadataVersion: {} is more than every broker supports, which is {}",
            version_name(level),
            version_name(newest)
        ));
    }
    if level <= present {
        return;
    }
    plan.is_about(Operation::Upgrade);
    let ready = |id| {
        let node = scene.node(id);
        node.is_some_and(|node| node.outdated.is_none() && matches!(node.process, Process::Running { .. }))
            && scene.serves(id)
    };
    let late = scene.spec.nodes.iter().find(|node| !ready(node.id));
    match late.filter(|_| scene.rules.forbid(Rule::FinalizeServing, true)) {
        Some(late) => plan.wait(format!(
            "{} is finalized once every node serves as its spec wants it; node {} does not yet",
            version_name(level),
            late.id
        )),
        None => {
            let reason = format!("{} is finalized, and all nodes support more", version_name(present));
            plan.step(Action::FinalizeMetadataVersion { level }, reason);
        }
    }
}
