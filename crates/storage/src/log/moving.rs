//! A log that moves to another log directory of its node (KIP-113): a copy under a `-future` name there follows the batches
//! of the current one, and takes its place once it has all (Kafka: ReplicaAlterLogDirsThread).

use std::sync::Arc;

use klamm_model::{LeaderEpoch, Offset, Timestamp};

use super::Log;
use super::types::{FollowerStop, LogStartReason};
use super::view::{Isolation, LogView, MinOneBatch, Patience, ReadRequest};
use crate::disk::read_exact_at;
use crate::error::{ReadError, StorageError};
use crate::names::PartitionDirName;

/// Why a copy does not go on.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The current log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// What was read is no sound batch.
    #[error("the log has a batch that cannot be copied: {0:?}")]
    BadBatch(FollowerStop),
    /// The copy cannot be written.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Log {
    /// Copies at most `max_bytes`, or one batch, of what `current` has beyond this copy; what `current` has not (any
    /// more) is cut first. How many bytes were copied: 0 once the copy has all of this view. Blocks: for the pool.
    pub fn copy_from(&mut self, current: &LogView, max_bytes: u32, now: Timestamp) -> Result<u64, CopyError> {
        self.cut_to_agree(current, now)?;
        let request = ReadRequest {
            offset: self.log_end,
            max_bytes,
            isolation: Isolation::LogEnd,
            min_one_batch: MinOneBatch::Yes,
            patience: Patience::Wait,
        };
        let Some(slice) = current.read(&request)? else { return Ok(0) };
        let mut bytes = vec![0; slice.len as usize];
        let read = read_exact_at(slice.file.as_ref(), &mut bytes, slice.position);
        read.map_err(|error| self.failed("read the current log of", error))?;
        // The current log has been checked: no epoch is too high.
        let appended = self.append_as_follower(&bytes, LeaderEpoch::at(i32::MAX), now)?;
        self.publish();
        match appended.stopped {
            Some(stop) => Err(CopyError::BadBatch(stop)),
            None => Ok(appended.bytes),
        }
    }

    /// Makes the copy a prefix of the current log, which may have been cut, or have lost its beginning.
    fn cut_to_agree(&mut self, current: &LogView, now: Timestamp) -> Result<(), StorageError> {
        let start = current.log_start_offset();
        if self.log_end < start {
            return self.truncate_fully_and_start_at(start, None, now);
        }
        let common = match self.epochs.history().latest_epoch() {
            None => Some(self.log_end.min(current.log_end_offset())),
            Some(latest) => current.epochs().end_offset_for(latest, current.log_end_offset()).map(|end| {
                let own = self.epochs.history().end_offset_for(end.epoch, self.log_end);
                own.map_or(end.offset, |own| own.offset).min(end.offset)
            }),
        };
        match common {
            Some(common) if common < self.log_end => self.truncate_to(common, now).map(drop),
            Some(_) => Ok(()),
            // Nothing in common: the current log has been emptied since.
            None => self.truncate_fully_and_start_at(start, None, now),
        }
    }

    /// Whether this copy has just what `current` has.
    pub fn is_copy_of(&self, current: &Log) -> bool {
        let ends = |log: &Log| (log.log_end, log.epochs.history().latest().map(|entry| entry.epoch));
        let (own, other) = (ends(self), ends(current));
        // The current log's newest epoch may have no batch yet.
        own.0 == other.0 && self.log_end >= current.log_start && own.1 <= other.1
    }

    /// The copy takes the place of `current`: its name in its own log directory, and what `current` knows beside its
    /// batches. On an error `current` stands as before. The caller renames `current` for deletion, and flushes the copy.
    pub fn take_place_of(&mut self, current: &Log) -> Result<(), StorageError> {
        assert!(
            self.is_copy_of(current),
            "the copy ends at {}, the log at {}",
            self.log_end,
            current.log_end
        );
        let dir = Arc::clone(&self.dir);
        dir.rename_slot(&self.slot, &self.path, &PartitionDirName::current(self.partition()))?;
        self.set_high_watermark(current.high_watermark);
        self.advance_log_start(current.log_start, LogStartReason::LeaderOffset);
        self.epochs.copy(&current.epochs);
        self.checkpoint_epochs();
        self.leader_epoch = current.leader_epoch;
        self.config = Arc::clone(&current.config);
        // What jobs of the other log report is not true of this one.
        self.truncations = self.truncations.max(current.truncations) + 1;
        self.note_checkpoints();
        self.unpublished = true;
        self.publish();
        Ok(())
    }

    /// Next offset to be written, for who looks at how far a copy is.
    pub fn lag_behind(&self, end: Offset) -> i64 {
        end.distance_from(self.log_end).max(0)
    }
}
