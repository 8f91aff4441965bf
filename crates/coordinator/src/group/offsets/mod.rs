//! Committed offsets of all groups of one partition, and those of transactions still open.
//!
//! An offset written by a transaction is *pending* under its producer until the marker: a commit moves it
//! to the committed ones unless a later record is there already, an abort drops it. This is the same at
//! load and at run time, so a log that Kafka wrote gives the same offsets.

mod commit;
mod delete;
mod expire;
mod fetch;

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::{Offset, ProducerId, Timestamp, Uuid};
use klamm_protocol::Str;
use klamm_protocol::messages::OffsetCommitValue;

use crate::machine::{Origin, TransactionResult};

pub(crate) use commit::Committer;
pub use delete::DeletedTopic;
pub(crate) use delete::TopicUse;
pub(crate) use expire::{ExpiryRule, Remaining, RetentionStart};
pub(crate) use fetch::no_offsets;

/// One committed offset: every field of its record, and where the record stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommittedOffset {
    /// What the consumer said; unchecked, so possibly negative.
    pub offset: i64,
    /// Leader epoch of the last record the consumer read.
    pub leader_epoch: Option<i32>,
    /// The consumer's note.
    pub metadata: Str,
    /// When it was committed.
    pub committed_at: Timestamp,
    /// When it expires whatever its group does; only OffsetCommit 2-4 could say.
    pub expires_at: Option<Timestamp>,
    /// The topic's id when it was committed; the zero id in records before Kafka 4.1.
    pub topic_id: Uuid,
    /// Offset of its record in this log: of two, the later one counts.
    pub record_offset: Offset,
}

impl CommittedOffset {
    fn from_record(record_offset: Offset, value: &OffsetCommitValue) -> CommittedOffset {
        let set = |at: i64| Some(at).filter(|at| *at != -1);
        CommittedOffset {
            offset: value.offset,
            leader_epoch: Some(value.leader_epoch).filter(|epoch| *epoch != -1),
            metadata: if value.metadata.is_empty() { Str::default() } else { value.metadata.detached() },
            committed_at: Timestamp::from_millis(value.commit_timestamp),
            expires_at: set(value.expire_timestamp).map(Timestamp::from_millis),
            topic_id: value.topic_id,
            record_offset,
        }
    }
}

/// By topic and partition.
pub(crate) type ByPartition<T> = BTreeMap<Str, BTreeMap<i32, T>>;

/// All offsets of one partition of `__consumer_offsets`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offsets {
    /// By group.
    committed: BTreeMap<Str, ByPartition<CommittedOffset>>,
    /// By the producer of the open transaction, then by group.
    pending: BTreeMap<ProducerId, BTreeMap<Str, ByPartition<CommittedOffset>>>,
    /// Which producers have a pending offset, by group: the keys of `pending` turned around.
    open: BTreeMap<Str, ByPartition<BTreeSet<ProducerId>>>,
}

impl Offsets {
    /// The committed offset of a partition.
    pub fn get(&self, group: &str, topic: &str, partition: i32) -> Option<&CommittedOffset> {
        self.committed.get(group)?.get(topic)?.get(&partition)
    }

    /// The committed offsets of a group.
    pub(crate) fn of_group(&self, group: &str) -> Option<&ByPartition<CommittedOffset>> {
        self.committed.get(group)
    }

    /// How many offsets are committed.
    pub fn count(&self) -> usize {
        let of_group =
            |topics: &ByPartition<CommittedOffset>| topics.values().map(BTreeMap::len).sum::<usize>();
        self.committed.values().map(of_group).sum()
    }

    /// Whether an open transaction has an offset for the partition.
    pub(crate) fn is_pending(&self, group: &str, topic: &str, partition: i32) -> bool {
        let topics = self.open.get(group);
        topics.and_then(|topics| topics.get(topic)).is_some_and(|open| open.contains_key(&partition))
    }

    /// Whether an open transaction has an offset for the group.
    pub(crate) fn has_pending(&self, group: &str) -> bool {
        self.open.contains_key(group)
    }

    /// Takes in a record.
    pub(crate) fn replay_commit(
        &mut self,
        origin: Origin,
        partition: (&str, &str, i32),
        value: &OffsetCommitValue,
    ) {
        let (group, topic, partition) = partition;
        let offset = CommittedOffset::from_record(origin.offset, value);
        match origin.producer {
            None => put(entry(&mut self.committed, group), topic, partition, offset),
            Some(producer) => {
                let pending = self.pending.entry(producer).or_default();
                put(entry(pending, group), topic, partition, offset);
                let open = entry(entry(&mut self.open, group), topic).entry(partition).or_default();
                open.insert(producer);
            }
        }
    }

    /// Takes in a tombstone: it also ends what transactions have pending for the partition.
    pub(crate) fn replay_tombstone(&mut self, group: &str, topic: &str, partition: i32) {
        take(&mut self.committed, group, topic, partition);
        for producer in take(&mut self.open, group, topic, partition).unwrap_or_default() {
            if let Some(pending) = self.pending.get_mut(&producer) {
                take(pending, group, topic, partition);
            }
        }
    }

    /// Takes in the end of a transaction.
    pub(crate) fn replay_end(&mut self, producer: ProducerId, result: TransactionResult) {
        for (group, topics) in self.pending.remove(&producer).unwrap_or_default() {
            for (topic, partitions) in topics {
                for (partition, offset) in partitions {
                    self.close(&group, &topic, partition, producer);
                    if result == TransactionResult::Commit {
                        self.materialize(&group, &topic, partition, offset);
                    }
                }
            }
        }
    }

    fn close(&mut self, group: &str, topic: &str, partition: i32, producer: ProducerId) {
        let topics = self.open.get_mut(group).and_then(|topics| topics.get_mut(topic));
        let Some(open) = topics.and_then(|partitions| partitions.get_mut(&partition)) else { return };
        open.remove(&producer);
        if open.is_empty() {
            take(&mut self.open, group, topic, partition);
        }
    }

    fn materialize(&mut self, group: &str, topic: &str, partition: i32, offset: CommittedOffset) {
        let existing = self.get(group, topic, partition);
        if existing.is_none_or(|existing| existing.record_offset < offset.record_offset) {
            put(entry(&mut self.committed, group), topic, partition, offset);
        }
    }
}

/// The entry of `key`, made with a key of its own where there is none.
fn entry<'a, T: Default>(map: &'a mut BTreeMap<Str, T>, key: &str) -> &'a mut T {
    if !map.contains_key(key) {
        map.insert(Str::from(key), T::default());
    }
    map.get_mut(key).expect("just looked or inserted")
}

fn put<T>(topics: &mut ByPartition<T>, topic: &str, partition: i32, value: T) {
    entry(topics, topic).insert(partition, value);
}

/// Takes a partition's value out, and the maps that get empty by it.
fn take<T>(
    groups: &mut BTreeMap<Str, ByPartition<T>>,
    group: &str,
    topic: &str,
    partition: i32,
) -> Option<T> {
    let topics = groups.get_mut(group)?;
    let partitions = topics.get_mut(topic)?;
    let taken = partitions.remove(&partition);
    if partitions.is_empty() {
        topics.remove(topic);
    }
    if topics.is_empty() {
        groups.remove(group);
    }
    taken
}
