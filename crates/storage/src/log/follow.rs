//! Appending as a follower: what the leader decided is taken as it is, but not what is damaged.

use std::io::IoSlice;

use klamm_logstate::{AppendOrigin, TransactionVersion};
use klamm_model::{LeaderEpoch, Offset, Timestamp};
use klamm_protocol::records::any::{AnyBatch, AnyBatches};

use super::Log;
use super::producers::producer_batch;
use super::types::{FollowerAppend, FollowerStop};
use crate::error::StorageError;
use crate::index::is_representable;
use crate::segment::BatchFacts;

/// Batches that passed the checks, in order.
#[derive(Default)]
struct Checked {
    batches: Vec<BatchFacts>,
    bytes: usize,
    stopped: Option<FollowerStop>,
}

impl Log {
    /// Appends what a leader sent, stamps as they are: every batch is checked (checksum, offsets
    /// that grow, epochs that do not fall and do not pass `leader_epoch`), and the first bad one
    /// ends the append. A partial batch at the end is ignored. Returns before any fsync.
    pub fn append_as_follower(
        &mut self,
        batches: &[u8],
        leader_epoch: LeaderEpoch,
        now: Timestamp,
    ) -> Result<FollowerAppend, StorageError> {
        self.check_writable()?;
        self.begin_within_first_batch(batches, now)?;
        let checked = self.check_batches(batches, leader_epoch);
        let mut done = 0;
        let mut position = 0;
        while done < checked.batches.len() {
            let count = self.batches_that_fit(&checked.batches[done..]);
            let group = &checked.batches[done..done + count];
            let size = group.iter().map(|batch| batch.size as usize).sum::<usize>();
            self.append_group(&batches[position..position + size], group, now)?;
            done += count;
            position += size;
        }
        Ok(FollowerAppend {
            log_end_offset: self.log_end,
            bytes: checked.bytes as u64,
            batches: u32::try_from(checked.batches.len()).unwrap_or(u32::MAX),
            stopped: checked.stopped,
        })
    }

    /// A log whose leader's start lies within a batch is sent that batch whole: an empty one begins where the batch does
    /// (Kafka: `Partition.appendRecordsToFollowerOrFutureReplica`).
    fn begin_within_first_batch(&mut self, batches: &[u8], now: Timestamp) -> Result<(), StorageError> {
        if self.log_end != self.log_start {
            return Ok(());
        }
        let Some(Ok(first)) = AnyBatches::new(batches).next() else { return Ok(()) };
        let base = first.base_offset().unwrap_or(first.last_offset());
        if base >= self.log_end || first.last_offset() < self.log_end || first.verify_crc().is_err() {
            return Ok(());
        }
        self.truncate_fully_and_start_at(base, None, now)
    }

    fn check_batches(&self, bytes: &[u8], leader_epoch: LeaderEpoch) -> Checked {
        let mut checked = Checked::default();
        let mut expected = self.log_end;
        let mut epoch = None;
        for batch in AnyBatches::new(bytes) {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) if error.is_incomplete() => break,
                Err(error) => {
                    checked.stopped = Some(FollowerStop::Corrupt { at: expected, reason: error.to_string() });
                    break;
                }
            };
            if let Some(stop) = self.why_not(&batch, expected, (epoch, leader_epoch)) {
                checked.stopped = Some(stop);
                break;
            }
            let (base_offset, last_offset) = (batch.base_offset().unwrap_or(expected), batch.last_offset());
            let size = u32::try_from(batch.bytes().len()).expect("a batch is smaller than 2 GiB");
            let (max_timestamp, leader_epoch) = (batch.max_timestamp(), batch.leader_epoch());
            checked.batches.push(BatchFacts { base_offset, last_offset, size, max_timestamp, leader_epoch });
            checked.bytes += batch.bytes().len();
            epoch = leader_epoch.or(epoch);
            expected = last_offset.next();
        }
        checked
    }

    /// What is wrong with a batch that is to be appended at `expected`. `epochs`: of the batch
    /// before it, and of the leader that the fetch was sent to.
    fn why_not(
        &self,
        batch: &AnyBatch<'_>,
        expected: Offset,
        epochs: (Option<LeaderEpoch>, LeaderEpoch),
    ) -> Option<FollowerStop> {
        let (before, leader_epoch) = epochs;
        let corrupt = |reason: String| Some(FollowerStop::Corrupt { at: expected, reason });
        if let Err(error) = batch.verify_crc() {
            return corrupt(error.to_string());
        }
        let got = batch.base_offset().unwrap_or(batch.last_offset());
        if got < expected {
            return Some(FollowerStop::UnexpectedOffset { expected, got });
        }
        if batch.last_offset() == Offset::MAX {
            return corrupt("it ends at the largest offset".into());
        }
        match batch.leader_epoch() {
            Some(epoch) if epoch > leader_epoch => return Some(FollowerStop::LaterEpoch { at: got, epoch }),
            Some(epoch) if before.is_some_and(|before| epoch < before) => {
                return corrupt(format!("epoch {epoch} after a later one"));
            }
            Some(_) | None => {}
        }
        let size = batch.bytes().len() as u64;
        (size > u64::from(self.config.segment_bytes)).then_some(FollowerStop::TooLarge { at: got, size })
    }

    /// As many batches as one segment takes: all of them, but for fetches larger than a segment, or with offsets that
    /// compaction left so far apart that one segment cannot tell them (KAFKA-6264).
    fn batches_that_fit(&self, batches: &[BatchFacts]) -> usize {
        let mut size = 0;
        let first = batches.first().map(|batch| batch.base_offset);
        let fits = |batch: &&BatchFacts| {
            size += u64::from(batch.size);
            size <= u64::from(self.config.segment_bytes)
                && first.is_none_or(|first| is_representable(first, batch.last_offset))
        };
        batches.iter().take_while(fits).count().max(1)
    }

    fn append_group(
        &mut self,
        bytes: &[u8],
        group: &[BatchFacts],
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let Some(last) = group.last() else { return Ok(()) };
        let max_timestamp = group.iter().filter_map(|batch| batch.max_timestamp).max();
        let append = (bytes.len() as u64, last.last_offset, max_timestamp);
        if let Some(reason) = self.active.should_roll(&self.config, append, now) {
            self.roll_to(group[0].base_offset, Some(reason), now)?;
        }
        self.stage_replicated(bytes);
        self.write_batches(&[IoSlice::new(bytes)], group, last.last_offset.next())
    }

    /// Stages the producers of batches that a leader accepted.
    fn stage_replicated(&mut self, bytes: &[u8]) {
        self.staged.clear();
        for batch in AnyBatches::new(bytes) {
            let Ok(AnyBatch::V2(batch)) = batch else { continue };
            let header = batch.header();
            let version = TransactionVersion::V0;
            if let Some(facts) = producer_batch(header, header.base_offset(), Some(&batch), version) {
                let checked = self.producers.check(&mut self.staged, &facts, AppendOrigin::Replication);
                assert_eq!(checked, Ok(()), "replication refuses nothing");
            }
        }
    }
}
