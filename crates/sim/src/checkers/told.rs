//! What clients were told of partitions: one record at one offset for ever, nothing acknowledged lost,
//! nothing doubled, each producer's records in order and without a gap, one leader that acknowledges
//! in an epoch, nothing read beyond what is committed.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::{LeaderEpoch, Offset, TopicIdPartition};
use klamm_protocol::records::Batches;
use klamm_protocol::records::compression::Limits;

use super::must;
use crate::rpc::{Fetched, Produced};

/// One record of a producer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WriteId {
    /// Which producer.
    pub(crate) producer: u32,
    /// Which of its records, from 0 on.
    pub(crate) number: u64,
}

impl WriteId {
    /// The record's value.
    pub(crate) fn encode(self) -> [u8; 12] {
        let mut value = [0; 12];
        value[..4].copy_from_slice(&self.producer.to_be_bytes());
        value[4..].copy_from_slice(&self.number.to_be_bytes());
        value
    }

    fn decode(value: &[u8]) -> Option<WriteId> {
        let producer = value.get(..4)?.try_into().ok()?;
        let number = value.get(4..12)?.try_into().ok()?;
        Some(WriteId { producer: u32::from_be_bytes(producer), number: u64::from_be_bytes(number) })
    }
}

/// How far a reader has come in one partition.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cursor {
    /// Next offset to be read.
    pub(crate) next: Offset,
    /// The last record of each producer.
    last: BTreeMap<u32, u64>,
    /// Of which life of the partition.
    life: u32,
}

#[derive(Debug, Default)]
struct History {
    at: BTreeMap<Offset, WriteId>,
    acknowledged: BTreeMap<WriteId, Offset>,
    /// End of what was acknowledged.
    end: Offset,
    /// Who acknowledged in each epoch.
    leaders: BTreeMap<LeaderEpoch, i32>,
    /// The nodes that have a replica.
    hosts: BTreeSet<i32>,
    /// Grows whenever what was not acknowledged may be gone.
    life: u32,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Data {
    partitions: BTreeMap<TopicIdPartition, History>,
    acknowledged: u64,
    read: u64,
}

impl Data {
    /// Records acknowledged, and records read.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.acknowledged, self.read)
    }

    /// The nodes that have a replica of a partition.
    pub(crate) fn hosted(&mut self, partition: TopicIdPartition, nodes: BTreeSet<i32>) {
        self.partitions.entry(partition).or_default().hosts = nodes;
    }

    /// `node` acknowledged `count` records from `first` on.
    pub(crate) fn acknowledged(
        &mut self,
        (partition, node): (TopicIdPartition, i32),
        produced: Produced,
        first: WriteId,
        count: u32,
    ) {
        let history = self.partitions.entry(partition).or_default();
        let epoch = produced.epoch;
        let leader = *history.leaders.entry(epoch).or_insert(node);
        must!(
            leader == node,
            "one-leader",
            "{leader} and {node} acknowledge in epoch {epoch} of {partition:?}"
        );
        for index in 0..count {
            let write = WriteId { number: first.number + u64::from(index), ..first };
            let offset = produced.base.plus(i64::from(index));
            history.put(partition, offset, write);
            let before = history.acknowledged.insert(write, offset);
            must!(
                before.is_none_or(|before| before == offset),
                "acknowledged",
                "{write:?} is at {offset} and at {before:?} of {partition:?}"
            );
            history.end = history.end.max(offset.next());
            self.acknowledged += 1;
        }
    }

    /// End of what was acknowledged in a partition.
    pub(crate) fn acknowledged_end(&self, partition: TopicIdPartition) -> Offset {
        self.partitions.get(&partition).map_or(Offset::ZERO, |history| history.end)
    }

    /// `node` lost what was not on its medium, and with it what was not acknowledged where nobody else has to have it.
    pub(crate) fn power_cut(&mut self, node: i32, is_exposed: bool) {
        let is_hit = |history: &&mut History| {
            history.hosts.contains(&node) && (is_exposed || history.hosts.len() == 1)
        };
        for history in self.partitions.values_mut().filter(is_hit) {
            history.life += 1;
            let acknowledged = &history.acknowledged;
            history.at.retain(|offset, write| acknowledged.get(write) == Some(offset));
        }
    }

    /// Lets a reader begin anew where what it has read may be gone; whether it had to.
    pub(crate) fn refresh(&self, partition: TopicIdPartition, cursor: &mut Cursor) -> bool {
        let life = self.partitions.get(&partition).map_or(0, |history| history.life);
        if cursor.life == life {
            return false;
        }
        *cursor = Cursor { life, ..Cursor::default() };
        true
    }

    /// A reader got records.
    pub(crate) fn read(&mut self, partition: TopicIdPartition, cursor: &mut Cursor, fetched: &Fetched) {
        let history = self.partitions.entry(partition).or_default();
        if cursor.life != history.life {
            return;
        }
        for batch in Batches::new(&fetched.bytes).map_while(Result::ok) {
            let header = batch.header();
            must!(
                batch.verify_crc().is_ok(),
                "read",
                "a batch of {partition:?} at {} is damaged",
                header.base_offset()
            );
            let Ok(mut records) = batch.records(Limits::NONE) else { return };
            while let Some(Ok(record)) = records.next() {
                let Some(offset) = record.offset(header) else { continue };
                if offset < cursor.next {
                    continue;
                }
                let high_watermark = fetched.high_watermark;
                must!(
                    offset < high_watermark,
                    "read",
                    "offset {offset} of {partition:?} is read, {high_watermark} is committed"
                );
                // A power cut may take the end of a segment and leave the next: as in Kafka the hole stays, and has
                // nothing that was acknowledged (docs/decisions/0012-storage.md).
                let is_hole = history.life > 0 && history.at.range(cursor.next..offset).next().is_none();
                must!(
                    offset == cursor.next || is_hole,
                    "read",
                    "after {} of {partition:?} comes {offset}",
                    cursor.next
                );
                cursor.next = offset.next();
                if header.is_control() {
                    continue;
                }
                let write = record.value.and_then(WriteId::decode);
                let Some(write) = write else {
                    super::violated(
                        "read",
                        format_args!("offset {offset} of {partition:?} is no record of ours"),
                    )
                };
                history.put(partition, offset, write);
                let expected = cursor.last.get(&write.producer).map_or(0, |last| last + 1);
                must!(
                    write.number == expected,
                    "producer-order",
                    "{write:?} is at {offset} of {partition:?}, where number {expected} belongs"
                );
                cursor.last.insert(write.producer, write.number);
                self.read += 1;
            }
        }
    }
}

impl History {
    fn put(&mut self, partition: TopicIdPartition, offset: Offset, write: WriteId) {
        let known = *self.at.entry(offset).or_insert(write);
        must!(
            known == write,
            "one-record",
            "offset {offset} of {partition:?} has {write:?}, it had {known:?}"
        );
    }
}
