//! Which partition a record goes to.

mod murmur2;
mod sticky;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

pub use murmur2::{murmur2, partition_for_key};
pub(super) use sticky::{LastBatch, Sticky};

use super::config::{Keys, Partitioning, ProducerConfig};
use crate::cluster::TopicView;

/// A partitioner of the user's own.
pub trait Partitioner: Send + Sync {
    /// The partition of a record, among `topic.partitions`; `key` and `value` are serialized.
    fn partition(&self, topic: &TopicView, key: Option<&[u8]>, value: Option<&[u8]>) -> i32;
}

/// How records without explicit partition are spread.
#[derive(Clone)]
pub(super) enum Choice {
    KeyHashOrSticky(Keys),
    RoundRobin,
    Own(Arc<dyn Partitioner>),
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Choice::KeyHashOrSticky(_) => "KeyHashOrSticky",
            Choice::RoundRobin => "RoundRobin",
            Choice::Own(_) => "Own",
        })
    }
}

impl Choice {
    pub(super) fn of(config: &ProducerConfig) -> Choice {
        match config.partitioner {
            Partitioning::KeyHashOrSticky => Choice::KeyHashOrSticky(config.partitioner_keys),
            Partitioning::RoundRobin => Choice::RoundRobin,
        }
    }
}

/// The partitions of a topic to choose from: those with a leader, or all where none has one.
fn candidates(topic: &TopicView) -> Vec<i32> {
    let with_leader = topic.partitions.iter().filter(|partition| partition.leader.is_some());
    let available: Vec<i32> = with_leader.map(|partition| partition.index).collect();
    if available.is_empty() {
        return topic.partitions.iter().map(|partition| partition.index).collect();
    }
    available
}

/// Takes turns, per topic.
#[derive(Debug, Default)]
pub(super) struct RoundRobin(HashMap<Arc<str>, usize>);

impl RoundRobin {
    pub(super) fn next(&mut self, topic: &TopicView) -> Option<i32> {
        let turn = self.0.entry(Arc::clone(&topic.name)).or_default();
        let candidates = candidates(topic);
        let chosen = candidates.get(*turn % candidates.len().max(1)).copied();
        *turn = turn.wrapping_add(1);
        chosen
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::cluster::PartitionView;
    use klamm_protocol::ErrorCode;

    pub(in crate::producer) fn topic(leaders: &[Option<i32>]) -> TopicView {
        let partitions = leaders.iter().enumerate().map(|(index, leader)| PartitionView {
            index: index as i32,
            error: ErrorCode::None,
            leader: *leader,
            leader_epoch: None,
            replicas: Vec::new(),
            isr: Vec::new(),
            offline: Vec::new(),
        });
        TopicView {
            name: "t".into(),
            id: None,
            error: ErrorCode::None,
            is_internal: false,
            partitions: partitions.collect(),
        }
    }

    #[test]
    fn round_robin_passes_over_partitions_without_leader_unless_none_has_one() {
        let mut turns = RoundRobin::default();
        let some = topic(&[Some(1), None, Some(1)]);
        let taken: Vec<_> = (0..4).map(|_| turns.next(&some).unwrap()).collect();
        assert_eq!(taken, [0, 2, 0, 2]);
        let mut turns = RoundRobin::default();
        let none = topic(&[None, None]);
        assert_eq!([turns.next(&none).unwrap(), turns.next(&none).unwrap()], [0, 1]);
    }
}
