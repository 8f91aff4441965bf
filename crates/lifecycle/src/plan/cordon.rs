//! Leaving brokers take no new replicas (KIP-1066): `cordoned.log.dirs=*` as that broker's own
//! dynamic config. An older cluster or a dead broker has no cordon: the drain looks again until
//! nothing is left.

use crate::scene::Scene;
use crate::{Action, Plan};

use super::scale_down::Leaving;

/// The level of metadata.version from which log directories can be cordoned.
const CORDONS_FROM: i16 = 30;

pub(super) fn plan_cordons(scene: &Scene<'_>, leaving: &Leaving, plan: &mut Plan) {
    let Some(cluster) = scene.cluster() else { return };
    if cluster.metadata_version.is_none_or(|level| level < CORDONS_FROM) {
        return;
    }
    for (id, broker) in &cluster.brokers {
        let leaves = leaving.brokers.contains(id);
        if leaves && broker.cordoned == Some(false) && scene.broker_serves(*id) {
            plan.step(Action::Cordon { broker: *id }, format!("broker {id} is to leave"));
        }
        if !leaves && broker.cordoned == Some(true) && scene.broker_serves(*id) {
            plan.step(Action::Uncordon { broker: *id }, format!("broker {id} is to stay"));
        }
    }
}
