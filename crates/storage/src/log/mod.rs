//! The log of one partition: the only writer of its files.

mod types;
mod view;

use std::sync::Arc;

use klamm_logstate::{EpochHistory, ProducerError, ProducerState, TransactionVersion, VerificationGuard};
use klamm_model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Timestamp, TopicId, TopicPartition, Uuid};

pub use types::{
    AppendInfo, AppendResult, FollowerAppend, FollowerStop, LeaderAppend, LogStartReason, OpenLog, OpenedLog,
    RecoveryReport, RetentionReport, Truncation,
};
pub use view::{
    FetchSlice, Isolation, LogView, LogViewHandle, MinOneBatch, Patience, ReadRequest, TimestampedOffset,
};

use crate::config::LogConfig;
use crate::error::StorageError;
use crate::job::{Job, JobReport};
use crate::names::PartitionDirKind;

/// The log of one partition. One owner, no locks; readers use its [`LogView`]s.
///
/// Every call that changes what readers may see leaves it unpublished: call [`Log::publish`] once
/// when a step is over. Every call may leave [`Job`]s: drain them with [`Log::take_jobs`].
#[derive(Debug)]
pub struct Log {
    view: LogViewHandle,
}

impl Log {
    /// Which partition.
    pub fn partition(&self) -> &TopicPartition {
        unimplemented!()
    }

    /// Its topic, as `partition.metadata` says.
    pub fn topic_id(&self) -> Option<TopicId> {
        unimplemented!()
    }

    /// Settings.
    pub fn config(&self) -> &Arc<LogConfig> {
        unimplemented!()
    }

    /// Takes new settings; they hold from the next append on.
    pub fn set_config(&mut self, config: Arc<LogConfig>) {
        let _ = config;
        unimplemented!()
    }

    /// First offset.
    pub fn log_start_offset(&self) -> Offset {
        unimplemented!()
    }

    /// Next offset to be written.
    pub fn log_end_offset(&self) -> Offset {
        unimplemented!()
    }

    /// First offset not known to be committed.
    pub fn high_watermark(&self) -> Offset {
        unimplemented!()
    }

    /// First offset a read_committed reader must not see.
    pub fn last_stable_offset(&self) -> Offset {
        unimplemented!()
    }

    /// Durable below this offset.
    pub fn recovery_point(&self) -> Offset {
        unimplemented!()
    }

    /// Bytes of all segments' logs.
    pub fn size(&self) -> u64 {
        unimplemented!()
    }

    /// Number of segments.
    pub fn segment_count(&self) -> usize {
        unimplemented!()
    }

    /// Leader epochs of its batches.
    pub fn epochs(&self) -> &EpochHistory {
        unimplemented!()
    }

    /// Its producers and transactions.
    pub fn producers(&self) -> &ProducerState {
        unimplemented!()
    }

    /// The newest published view, and those to come.
    pub fn view(&self) -> &LogViewHandle {
        &self.view
    }

    /// Makes what changed visible to readers, as one new view; nothing to do if nothing changed.
    pub fn publish(&mut self) {
        unimplemented!()
    }

    /// This node leads the partition from now on: notes where `epoch` begins (even if nothing is
    /// ever appended in it) and puts it into the view. The note becomes durable with a job.
    pub fn become_leader(&mut self, epoch: LeaderEpoch) {
        let _ = epoch;
        unimplemented!()
    }

    /// This node follows from now on, in this leader's epoch.
    pub fn become_follower(&mut self, epoch: LeaderEpoch) {
        let _ = epoch;
        unimplemented!()
    }

    /// Appends several requests with one write: checks each one's producers, gives offsets, stamps
    /// them and the leader epoch into the batches, rolls segments as needed. One result per request,
    /// in order; requests after a refused one go on. An error of the disk is the result of all that
    /// were not yet written. Returns before any fsync; `results` is cleared first.
    pub fn append(
        &mut self,
        requests: &mut [LeaderAppend<'_>],
        now: Timestamp,
        results: &mut Vec<AppendResult>,
    ) {
        let _ = (requests, now, results);
        unimplemented!()
    }

    /// Appends what a leader sent, stamps as they are: every batch is checked (checksum, offsets
    /// that grow, epochs that do not fall and do not pass `leader_epoch`), and the first bad one
    /// ends the append. A partial batch at the end is ignored. Returns before any fsync.
    pub fn append_as_follower(
        &mut self,
        batches: &[u8],
        leader_epoch: LeaderEpoch,
        now: Timestamp,
    ) -> Result<FollowerAppend, StorageError> {
        let _ = (batches, leader_epoch, now);
        unimplemented!()
    }

    /// Begins the verification of a transaction with its coordinator; see `ProducerState`.
    pub fn start_verification(
        &mut self,
        now: Timestamp,
        producer: (ProducerId, ProducerEpoch),
        sequence: i32,
        version: TransactionVersion,
    ) -> Result<Option<VerificationGuard>, ProducerError> {
        let _ = (now, producer, sequence, version);
        unimplemented!()
    }

    /// Sets the high watermark, held between log start and log end; what it is now.
    pub fn set_high_watermark(&mut self, high_watermark: Offset) -> Offset {
        let _ = high_watermark;
        unimplemented!()
    }

    /// Moves the start of the log up (never down) to at most the high watermark; true if it moved.
    /// Not durable until [`crate::LogDir::write_checkpoint`] of `LogStart`: acknowledge after that.
    pub fn advance_log_start(&mut self, offset: Offset, reason: LogStartReason) -> bool {
        let _ = (offset, reason);
        unimplemented!()
    }

    /// Cuts the log so that `offset` is the next to be written. Always cuts the epoch history too.
    pub fn truncate_to(&mut self, offset: Offset, now: Timestamp) -> Result<Truncation, StorageError> {
        let _ = (offset, now);
        unimplemented!()
    }

    /// Drops everything; the log is empty and continues at `offset` (its start is
    /// `log_start_offset`, or `offset`).
    pub fn truncate_fully_and_start_at(
        &mut self,
        offset: Offset,
        log_start_offset: Option<Offset>,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let _ = (offset, log_start_offset, now);
        unimplemented!()
    }

    /// Removes segments below the log start, beyond `retention.bytes` or older than `retention.ms`,
    /// as far as the high watermark allows.
    pub fn apply_retention(&mut self, now: Timestamp) -> Result<RetentionReport, StorageError> {
        let _ = now;
        unimplemented!()
    }

    /// Forgets producers idle for longer than `producer.id.expiration.ms`.
    pub fn expire_producers(&mut self, now: Timestamp) {
        let _ = now;
        unimplemented!()
    }

    /// Closes the active segment and begins a new one, as a roll by size would.
    pub fn roll(&mut self, now: Timestamp) -> Result<(), StorageError> {
        let _ = now;
        unimplemented!()
    }

    /// Whether `flush.messages` or `flush.ms` ask for a flush by now.
    pub fn needs_flush(&self, now: Timestamp) -> bool {
        let _ = now;
        unimplemented!()
    }

    /// A job that makes everything below the log end durable; `None` if all is. When its report
    /// comes back the recovery point is at least the log end of this moment.
    pub fn flush_job(&mut self, now: Timestamp) -> Option<Job> {
        let _ = now;
        unimplemented!()
    }

    /// Jobs left by earlier calls.
    pub fn take_jobs(&mut self) -> Vec<Job> {
        unimplemented!()
    }

    /// Takes a job's report: the recovery point advances here.
    pub fn on_job(&mut self, report: JobReport) {
        let _ = report;
        unimplemented!()
    }

    /// Makes everything durable and leaves the files as Kafka leaves those of a closed log (indexes
    /// cut, a producer snapshot at the log end). Blocks: for the pool.
    pub fn close(self, now: Timestamp) -> Result<(), StorageError> {
        let _ = now;
        unimplemented!()
    }

    /// Renames the partition's directory (for deletion, as a stray, or a future copy becoming the
    /// current one) and closes the log. Readers that hold a view or a slice finish.
    pub fn rename(
        self,
        kind: PartitionDirKind,
        unique: Uuid,
    ) -> Result<crate::names::PartitionDirName, StorageError> {
        let _ = (kind, unique);
        unimplemented!()
    }
}
