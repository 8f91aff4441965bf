//! What to ask which broker for: one request per broker that is not busy, with every partition that may be
//! read and has nothing waiting. Pure.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::{Instant, TopicPartition};

use super::session::{Want, Wants};
use super::state::State;
use crate::cluster::MetadataView;

/// What to fetch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// By broker.
    pub(super) by_broker: BTreeMap<i32, Wants>,
    /// Some partition's leader is not known.
    pub(super) needs_metadata: bool,
}

/// Plans fetches for all of `state` but what `has_records` names: it still has records to hand out.
pub(super) fn plan_fetches(
    state: &State,
    view: &MetadataView,
    busy: &BTreeSet<i32>,
    has_records: &BTreeSet<TopicPartition>,
    (max_bytes, now): (i32, Instant),
) -> Plan {
    let mut plan = Plan::default();
    for (at, partition) in state.partitions() {
        let Some(position) = partition.fetchable() else { continue };
        if has_records.contains(at) {
            continue;
        }
        let Ok(leader) = view.leader(at) else {
            plan.needs_metadata = true;
            continue;
        };
        let preferred =
            partition.preferred.filter(|(broker, until)| *until > now && view.broker(*broker).is_some());
        let broker = preferred.map_or(leader, |(broker, _)| broker);
        if busy.contains(&broker) {
            continue;
        }
        let want = Want {
            topic_id: view.topic(&at.topic).and_then(|topic| topic.id),
            offset: position.offset,
            leader_epoch: view.partition(at).and_then(|known| known.leader_epoch),
            max_bytes,
        };
        plan.by_broker.entry(broker).or_default().insert(at.clone(), want);
    }
    plan
}
