//! The order of concerns: first that the nodes run, then that the quorum is whole, then where the
//! data lies, then what is new.
//!
//! One step in a pass may disturb what runs; the first concern that needs it takes it, and the next
//! pass plans from what is seen then.

mod assignments;
mod bootstrap;
mod cordon;
mod leave;
mod quorum;
mod repair;
mod roll;
mod scale_down;
mod settings;
mod suspend;
mod throttle;
mod topics;
mod upgrade;

use klamm_manifest::Suspend;

use crate::rules::{Rule, Rules};
use crate::scene::Scene;
use crate::{ClusterSpec, Observed, Plan, sentence};

/// What the cluster needs next. Deterministic: the same inputs give the same plan.
pub fn plan(spec: &ClusterSpec, observed: &Observed) -> Plan {
    plan_by(Rules::default(), spec, observed)
}

/// A plan under the given rules.
pub(crate) fn plan_by(rules: Rules, spec: &ClusterSpec, observed: &Observed) -> Plan {
    let scene = Scene::new(spec, observed, rules);
    let mut plan = Plan { spread_due: observed.spread_due, ..Plan::default() };
    match spec.suspend {
        Suspend::None => plan_all(&scene, &mut plan),
        Suspend::Reconcile => {}
        Suspend::Cluster => suspend::plan_suspend(&scene, &mut plan),
    }
    plan
}

fn plan_all(scene: &Scene<'_>, plan: &mut Plan) {
    if let Some(conflict) = bootstrap::mode_conflict(scene) {
        return plan.block(conflict);
    }
    bootstrap::plan_nodes(scene, plan);
    if scene.observed.cluster_id.is_none() {
        return;
    }
    if scene.cluster().is_none() {
        return quorum::plan_silence(scene, plan);
    }
    if scene.quorum().is_none() {
        return quorum::plan_leaderless(scene, plan);
    }
    repair::plan_repair(scene, plan);
    quorum::plan_voters(scene, plan);
    let leaving = scale_down::plan_leaving(scene, plan);
    cordon::plan_cordons(scene, &leaving, plan);
    assignments::plan_assignments(scene, &leaving, plan);
    leave::plan_leave(scene, &leaving, plan);
    roll::plan_roll(scene, plan);
    settings::plan_settings(scene, plan);
    topics::plan_topics(scene, plan);
    upgrade::plan_metadata_version(scene, plan);
    let behind = scene.partitions().filter(|(_, _, partition, _)| partition.is_under_replicated()).count();
    if behind > 0 {
        plan.wait(format!("{} under-replicated", sentence::counted_are(behind, "partition")));
    }
    // Its replicas that arrive are not counted above.
    let moving = scene.partitions().filter(|(_, _, partition, _)| partition.is_moving()).count();
    if moving > 0 {
        plan.wait(format!("{} on the move", sentence::counted_are(moving, "partition")));
    }
}

/// Whether a further disruptive step fits this pass.
fn may_disrupt(scene: &Scene<'_>, plan: &Plan) -> bool {
    !scene.rules.forbid(Rule::OneDisruptionPerPass, plan.disrupts())
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;
