//! Beginning a new segment. Nothing here waits for the disk: the old segment is flushed by a job.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use klamm_model::{Offset, Timestamp};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::Rng as _;

use super::Log;
use crate::config::LogConfig;
use crate::disk::{LazyFile, remove_if_present};
use crate::error::StorageError;
use crate::job::{FlushWork, Job};
use crate::names::FileStage;
use crate::segment::{
    ActiveSegment, IndexBuilder, MemoryIndex, RollReason, Segment, SegmentFiles, SegmentIndex,
};

impl Log {
    /// Closes the active segment and begins a new one, as a roll by size would.
    pub fn roll(&mut self, now: Timestamp) -> Result<(), StorageError> {
        self.roll_to(self.log_end, None, now)
    }

    /// Begins a segment at `base`, or at the log end if that is later. An empty active segment that
    /// begins there already is as good as new.
    ///
    /// New files first, then the old segment's last index entries: whatever fails leaves the log as
    /// it was, with files that the next attempt empties.
    pub(super) fn roll_to(
        &mut self,
        base: Offset,
        reason: Option<RollReason>,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let base = base.max(self.log_end);
        if base == self.active.base_offset() {
            assert_eq!(self.active.len(), 0, "a segment that begins at the log end is empty");
            return Ok(());
        }
        match reason {
            Some(RollReason::Retention) => self.health().check_online()?,
            _ => self.check_writable()?,
        }
        self.producers.advance_end_offset(base);
        let snapshot = self.write_snapshot()?;
        let active = self.create_segment(base, now)?;
        self.active.seal().map_err(|error| self.failed("seal a segment of", error))?;
        tracing::debug!(partition = %self.partition(), %base, ?reason, bytes = self.active.len(), "roll");
        let work = self.flush_work(base, snapshot);
        self.jobs.push(Job::flush(self.dir.health(), work));
        Arc::make_mut(&mut self.segments).push(Arc::clone(active.segment()));
        self.active = active;
        self.unpublished = true;
        Ok(())
    }

    /// Writes a producer snapshot at the end of the producer state, unless there is one.
    pub(super) fn write_snapshot(&mut self) -> Result<Option<Arc<LazyFile>>, StorageError> {
        let end = self.producers.end_offset();
        if end <= self.snapshots.latest().unwrap_or(self.log_start) {
            return Ok(None);
        }
        let written = self.snapshots.write(&self.producers);
        written.map(Some).map_err(|error| self.failed("write a producer snapshot of", error))
    }

    /// Makes the files of a new, empty segment.
    pub(super) fn create_segment(
        &mut self,
        base: Offset,
        now: Timestamp,
    ) -> Result<ActiveSegment, StorageError> {
        let files = SegmentFiles::new(self.dir.descriptors(), &self.path, base, FileStage::Live);
        create_files(&files).map_err(|error| self.failed("create a segment of", error))?;
        let index = SegmentIndex::Memory(MemoryIndex::default());
        let segment = Segment::new(base, files, self.health(), 0, index);
        let jitter = roll_jitter(&self.config, &mut self.chance);
        let mut active = ActiveSegment::new(segment, IndexBuilder::new(), now, jitter);
        if self.config.preallocate {
            let allocated = active.allocate_ahead(u64::from(self.config.segment_bytes));
            allocated.map_err(|error| self.failed("preallocate a segment of", error))?;
        }
        Ok(active)
    }

    /// What makes the log durable below `upto`, with the names of all files so far.
    pub(super) fn flush_work(&self, upto: Offset, snapshot: Option<Arc<LazyFile>>) -> FlushWork {
        let first = self.segments.partition_point(|segment| segment.base_offset() <= self.recovery_point);
        let unflushed = self.segments[first.saturating_sub(1)..].iter();
        let below = unflushed.filter(|segment| segment.base_offset() < upto);
        let mut files: Vec<_> = below.flat_map(|segment| segment.files().all().map(Arc::clone)).collect();
        files.extend(snapshot);
        FlushWork {
            upto,
            truncations: self.truncations,
            files,
            dir: Some(Arc::clone(&self.path)),
            checkpoint: self.epochs.pending_work(),
        }
    }
}

fn create_files(files: &SegmentFiles) -> io::Result<()> {
    files.log.replace()?;
    files.offset_index.replace()?;
    files.time_index.replace()?;
    let transactions = &files.transaction_index;
    transactions.close();
    remove_if_present(&**transactions.cache().disk(), &transactions.path())
}

/// A random part of `segment.jitter.ms`, taken off the age at which a segment rolls.
pub(super) fn roll_jitter(config: &LogConfig, chance: &mut SplitMix64) -> Duration {
    let most = config.segment_jitter_ms.min(config.segment_ms).as_millis();
    if most == 0 {
        return Duration::ZERO;
    }
    let millis = u128::from(chance.next_u64()) % most;
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}
