//! Cutting the end of a log: a follower's business, decided by leader epochs elsewhere.
//!
//! Dependent state first, offsets last: a failure in between leaves a log that recovery mends, and
//! never a producer state that claims more than the log holds.

use std::sync::Arc;

use klamm_model::{Offset, Timestamp};

use super::Log;
use super::types::Truncation;
use super::view::Patience;
use crate::disk::LazyFile;
use crate::error::{ReadError, StorageError};
use crate::index::TimeEntry;
use crate::job::Job;
use crate::names::FileStage;
use crate::segment::{ActiveSegment, HeaderScan, IndexBuilder, Segment};

impl Log {
    /// Cuts the log so that `offset` is the next to be written. Always cuts the epoch history too.
    pub fn truncate_to(&mut self, offset: Offset, now: Timestamp) -> Result<Truncation, StorageError> {
        self.health().check_online()?;
        let from = self.log_end;
        if offset >= from {
            self.epochs.truncate_from_end(from);
            self.checkpoint_epochs();
            self.unpublished = true;
            return Ok(Truncation { from, to: from });
        }
        tracing::info!(partition = %self.partition(), %from, to = %offset, "truncate");
        if self.segments.first().is_some_and(|first| first.base_offset() > offset) {
            self.truncate_fully_and_start_at(offset, None, now)?;
            return Ok(Truncation { from, to: offset });
        }
        self.truncations += 1;
        // Half cut, the log's segments, end and producers disagree, which only recovery mends.
        self.cut(offset, now).inspect_err(|error| self.give_up("truncate", error))?;
        Ok(Truncation { from, to: offset })
    }

    fn cut(&mut self, offset: Offset, now: Timestamp) -> Result<(), StorageError> {
        self.epochs.truncate_from_end(offset);
        self.checkpoint_epochs();
        let keep = self.segments.partition_point(|segment| segment.base_offset() <= offset);
        let removed = Arc::make_mut(&mut self.segments).split_off(keep);
        let reopened = !removed.is_empty();
        self.remove_segments(&removed)?;
        if reopened {
            self.reopen_last_segment(now)?;
        }
        self.cut_active(offset, now)?;
        self.log_start = self.log_start.min(offset);
        self.recovery_point = self.recovery_point.min(offset);
        self.high_watermark = self.high_watermark.min(offset);
        self.log_end = offset;
        self.unpublished = true;
        self.rebuild_producers(now)?;
        self.lower_cleaned_to(offset);
        self.note_checkpoints();
        self.jobs.push(Job::recovery_points(&self.dir));
        Ok(())
    }

    /// Drops everything; the log is empty and continues at `offset` (its start is
    /// `log_start_offset`, or `offset`).
    pub fn truncate_fully_and_start_at(
        &mut self,
        offset: Offset,
        log_start_offset: Option<Offset>,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        self.health().check_online()?;
        tracing::info!(partition = %self.partition(), at = %offset, "truncate fully");
        self.truncations += 1;
        self.epochs.clear();
        self.checkpoint_epochs();
        let snapshots = self.snapshots.take(|_| true);
        let snapshots = snapshots.map_err(|error| self.failed("remove producer snapshots of", error))?;
        self.producers = klamm_logstate::ProducerState::new(offset);
        let removed = std::mem::take(Arc::make_mut(&mut self.segments));
        self.remove_segments(&removed)?;
        self.delete_later(snapshots);
        // Without any segment the log cannot go on: not even a full disk is forgiven here.
        let active = self
            .create_segment(offset, now)
            .inspect_err(|error| self.give_up("create the only segment of", error))?;
        self.segments = Arc::new(vec![Arc::clone(active.segment())]);
        self.active = active;
        self.log_start = log_start_offset.map_or(offset, |start| start.min(offset));
        self.log_end = offset;
        self.recovery_point = offset;
        self.high_watermark = offset;
        self.unpublished = true;
        self.lower_cleaned_to(offset);
        self.note_checkpoints();
        self.jobs.push(Job::recovery_points(&self.dir));
        Ok(())
    }

    /// Takes segments (no longer in the list) out of use: their files get the suffix `.deleted` and
    /// go later, with the producer snapshots at their base offsets.
    pub(super) fn remove_segments(&mut self, removed: &[Arc<Segment>]) -> Result<(), StorageError> {
        let mut files: Vec<Arc<LazyFile>> = Vec::new();
        for segment in removed {
            let renamed = segment.files().rename(FileStage::Deleted);
            renamed.map_err(|error| self.failed("remove a segment of", error))?;
            files.extend(segment.files().all().map(Arc::clone));
        }
        let is_removed = |offset| removed.iter().any(|segment| segment.base_offset() == offset);
        let snapshots = self.snapshots.take(is_removed);
        files.extend(snapshots.map_err(|error| self.failed("remove producer snapshots of", error))?);
        self.delete_later(files);
        Ok(())
    }

    /// Takes the directory offline also for what is forgiven elsewhere: a full disk, no descriptor left.
    fn give_up(&self, what: &'static str, error: &StorageError) {
        if self.health().check_online().is_ok() {
            self.failed(what, std::io::Error::other(error.to_string()));
        }
    }

    pub(super) fn delete_later(&mut self, files: Vec<Arc<LazyFile>>) {
        if !files.is_empty() {
            self.jobs.push(Job::delete(self.dir.health(), files, self.config.file_delete_delay));
        }
    }

    /// Makes the last segment, which was sealed, the active one.
    fn reopen_last_segment(&mut self, now: Timestamp) -> Result<(), StorageError> {
        let last = self.segments.last().expect("a segment begins at or below the offset");
        self.active = self.open_active(&Arc::clone(last), now)?;
        Ok(())
    }

    /// Cuts the active segment before the batch that holds `offset`.
    fn cut_active(&mut self, offset: Offset, now: Timestamp) -> Result<(), StorageError> {
        let segment = Arc::clone(self.active.segment());
        let len = self.active.len();
        let find = || {
            let log = segment.log_reader(Patience::Wait)?;
            segment.find_batch(&log, offset, len, Patience::Wait)
        };
        let position = if len == 0 { None } else { self.local(find())?.map(|place| place.position) };
        let cut = self.active.truncate(position.unwrap_or(len), offset, now);
        cut.map_err(|error| self.failed("truncate", error))?;
        let max = self.local(largest_timestamp(&segment, self.active.len()))?;
        self.active.set_max_timestamp(max);
        Ok(())
    }

    /// A read of this log's own files: there is no newer view to try again with.
    pub(super) fn local<T>(&self, result: Result<T, ReadError>) -> Result<T, StorageError> {
        result.map_err(|error| match error {
            ReadError::Storage(error) => error,
            ReadError::OutOfRange { .. }
            | ReadError::NotResident
            | ReadError::Stale
            | ReadError::Corrupt { .. } => self.failed("read", std::io::Error::other(error.to_string())),
        })
    }

    pub(super) fn active_from(
        &mut self,
        segment: Arc<Segment>,
        builder: IndexBuilder,
        now: Timestamp,
    ) -> ActiveSegment {
        let jitter = super::roll::roll_jitter(&self.config, &mut self.chance);
        ActiveSegment::new(segment, builder, now, jitter)
    }
}

/// The largest timestamp of a segment's first `len` bytes: that of the last time entry, or a later
/// one after it.
fn largest_timestamp(segment: &Segment, len: u64) -> Result<Option<TimeEntry>, ReadError> {
    let last = segment.last_time_entry()?;
    if len == 0 {
        return Ok(None);
    }
    let log = segment.log_reader(Patience::Wait)?;
    let from = last.map_or(segment.base_offset(), |entry| entry.offset);
    let start = segment.find_batch(&log, from, len, Patience::Wait)?.map_or(0, |place| place.position);
    let mut scan = HeaderScan::new(&log, start, len);
    let mut builder = IndexBuilder { max_timestamp: last, ..IndexBuilder::new() };
    while let Some(entry) = scan.next()? {
        builder.note_timestamp(entry.max_timestamp, entry.last_offset);
    }
    Ok(builder.max_timestamp)
}
