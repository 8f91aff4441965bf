//! The order of concerns: first that the cluster exists and runs, then what it holds.

mod bootstrap;
mod topics;

use klamm_manifest::Suspend;

use crate::{ClusterSpec, Observed, Plan};

/// What the cluster needs next. Deterministic: the same inputs give the same plan.
pub fn plan(spec: &ClusterSpec, observed: &Observed) -> Plan {
    let mut plan = Plan::default();
    if spec.suspend != Suspend::None {
        return plan;
    }
    bootstrap::plan_bootstrap(spec, observed, &mut plan);
    if plan.is_settled() {
        topics::plan_topics(spec, observed, &mut plan);
    }
    plan
}

#[cfg(test)]
mod tests;
