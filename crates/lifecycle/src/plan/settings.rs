//! Broker configs that need no restart: the default of all brokers follows the spec.

use std::collections::BTreeMap;

use crate::scene::Scene;
use crate::{Action, Plan};

/// With eligible leader replicas its removal is refused (KIP-966): its default is set instead.
const MIN_INSYNC_REPLICAS: &str = "min.insync.replicas";
const MIN_INSYNC_REPLICAS_DEFAULT: &str = "1";
/// Set for as long as moves are throttled: by the reassignment tool, or where the moves are planned.
const NOT_OURS: [&str; 3] = [
    "leader.replication.throttled.rate",
    "follower.replication.throttled.rate",
    "replica.alter.log.dirs.io.max.bytes.per.second",
];

pub(super) fn plan_settings(scene: &Scene<'_>, plan: &mut Plan) {
    let Some(cluster) = scene.cluster() else { return };
    let (wanted, present) = (&scene.spec.dynamic_config, &cluster.broker_config);
    let mut set: BTreeMap<String, String> = wanted
        .iter()
        .filter(|(key, value)| present.get(*key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let mut remove: Vec<String> = present
        .keys()
        .filter(|key| !wanted.contains_key(*key) && !NOT_OURS.contains(&key.as_str()))
        .cloned()
        .collect();
    if let Some(at) = remove.iter().position(|key| key == MIN_INSYNC_REPLICAS) {
        remove.remove(at);
        if present.get(MIN_INSYNC_REPLICAS).is_some_and(|value| value != MIN_INSYNC_REPLICAS_DEFAULT) {
            set.insert(MIN_INSYNC_REPLICAS.to_owned(), MIN_INSYNC_REPLICAS_DEFAULT.to_owned());
        }
    }
    if set.is_empty() && remove.is_empty() {
        return;
    }
    let reason =
        format!("brokers' configs differ from spec.config: {} to set, {} to remove", set.len(), remove.len());
    plan.step(Action::ConfigureBrokers { set, remove }, reason);
}
