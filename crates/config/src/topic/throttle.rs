//! Which replicas of a topic are throttled.

use std::collections::BTreeSet;

use crate::java;

/// `leader.replication.throttled.replicas` or its follower twin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThrottledReplicas {
    /// All of the topic.
    All,
    /// These: partition and broker. Numbers beyond 31 bits, which no replica has, are left out.
    These(BTreeSet<(i32, i32)>),
}

impl ThrottledReplicas {
    pub(super) fn of(items: &[String]) -> ThrottledReplicas {
        if items.iter().any(|item| java::trim(item) == "*") {
            return ThrottledReplicas::All;
        }
        let replica = |item: &String| {
            let (partition, broker) = java::trim(item).split_once(':')?;
            Some((partition.parse().ok()?, broker.parse().ok()?))
        };
        ThrottledReplicas::These(items.iter().filter_map(replica).collect())
    }

    /// Whether the replica of `partition` on `broker` is throttled.
    pub fn contains(&self, partition: i32, broker: i32) -> bool {
        match self {
            ThrottledReplicas::All => true,
            ThrottledReplicas::These(replicas) => replicas.contains(&(partition, broker)),
        }
    }
}
