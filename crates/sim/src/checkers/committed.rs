//! One record at one offset in one epoch of the metadata, also where it is not committed yet (the log matching property).
//! Committed metadata is never lost and never changes: every node's committed batches are those of
//! all others, and whoever is elected has them (Kafka's ConsistentCommittedData; leader
//! completeness).

use std::collections::BTreeMap;

use klamm_model::{LeaderEpoch, Offset};
use klamm_protocol::records::Batches;

use super::must;

/// The name of this checker.
const NAME: &str = "committed-metadata";

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct CommittedMetadata {
    /// Leader epoch, checksum and end of each committed batch, by base offset.
    batches: BTreeMap<Offset, (i32, u32, Offset)>,
    /// Checksum and end of each batch ever written, by its epoch and base offset.
    written: BTreeMap<(i32, Offset), (u32, Offset)>,
    /// How far each leader has committed.
    by_leader: BTreeMap<LeaderEpoch, Offset>,
}

impl CommittedMetadata {
    /// `node` holds these committed batches; the offset after the last.
    pub(crate) fn on_committed(&mut self, node: i32, bytes: &[u8], below: Offset) -> Option<Offset> {
        let mut next = None;
        for batch in Batches::new(bytes).map_while(Result::ok) {
            let header = batch.header();
            if header.next_offset() > below {
                break;
            }
            let epoch = header.leader_epoch().map_or(-1, |epoch| epoch.get());
            let fact = (epoch, header.crc(), header.next_offset());
            let base = header.base_offset();
            let known = *self.batches.entry(base).or_insert(fact);
            must!(
                known == fact,
                NAME,
                "node {node} has {fact:?} at offset {base}, where {known:?} was committed"
            );
            next = Some(header.next_offset());
        }
        next
    }

    /// `node` has written these batches, committed or not; the offset after the last.
    pub(crate) fn on_written(&mut self, node: i32, bytes: &[u8]) -> Option<Offset> {
        let mut next = None;
        for batch in Batches::new(bytes).map_while(Result::ok) {
            let header = batch.header();
            let epoch = header.leader_epoch().map_or(-1, |epoch| epoch.get());
            let fact = (header.crc(), header.next_offset());
            let base = header.base_offset();
            let known = *self.written.entry((epoch, base)).or_insert(fact);
            must!(
                known == fact,
                "one-metadata-record",
                "node {node} has {fact:?} at offset {base} of epoch {epoch}, where {known:?} was written"
            );
            next = Some(header.next_offset());
        }
        next
    }

    /// The leader of `epoch` knows everything below `high_watermark` to be committed.
    pub(crate) fn by_leader(&mut self, epoch: LeaderEpoch, high_watermark: Offset) {
        self.by_leader.insert(epoch, high_watermark);
    }

    /// `node` is elected for `epoch`; its log ends at `log_end`.
    pub(crate) fn elected(&self, node: i32, epoch: LeaderEpoch, log_end: Offset) {
        let end = self.by_leader.range(..epoch).map(|(_, end)| *end).max().unwrap_or_default();
        must!(
            log_end >= end,
            NAME,
            "node {node} is elected for epoch {epoch} and ends at {log_end}; {end} was committed before"
        );
    }
}
