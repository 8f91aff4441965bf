//! The log of one partition: the only writer of its files.

mod append;
mod close;
mod compact;
mod epochs;
mod flush;
mod follow;
mod moving;
mod open;
mod open_files;
mod open_verify;
mod producers;
mod read;
mod recover;
mod recovery_plan;
mod retention;
mod retention_plan;
mod roll;
mod timestamps;
mod truncate;
mod types;
mod view;

use std::sync::Arc;
use std::time::Duration;

use klamm_logstate::{
    EpochHistory, ProducerError, ProducerState, StagedProducers, TransactionVersion, VerificationGuard,
};
use klamm_model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Timestamp, TopicId, TopicPartition};
use rand_xoshiro::SplitMix64;

pub use moving::CopyError;
pub use types::{
    AppendInfo, AppendResult, FollowerAppend, FollowerStop, LeaderAppend, LogStartReason, OpenLog, OpenedLog,
    RecoveryReport, RetentionReport, Truncation,
};
pub use view::{
    FetchSlice, Isolation, LogView, LogViewHandle, MinOneBatch, Patience, ReadRequest, TimestampedOffset,
};

use crate::config::LogConfig;
use crate::directory::{LogDir, PartitionSlot};
use crate::disk::PartitionPath;
use crate::error::StorageError;
use crate::health::Health;
use crate::job::{Job, JobReport};
use crate::names::METADATA_TOPIC;
use crate::segment::{ActiveSegment, Segment};
use crate::snapshot_files::SnapshotFiles;
use epochs::EpochFile;
use view::LogOffsets;

/// The log of one partition. One owner, no locks; readers use its [`LogView`]s.
///
/// Every call that changes what readers may see leaves it unpublished: call [`Log::publish`] once
/// when a step is over. Every call may leave [`Job`]s: drain them with [`Log::take_jobs`].
#[derive(Debug)]
pub struct Log {
    dir: Arc<LogDir>,
    slot: Arc<PartitionSlot>,
    path: Arc<PartitionPath>,
    topic_id: Option<TopicId>,
    config: Arc<LogConfig>,
    /// By base offset; the last is the active one.
    segments: Arc<Vec<Arc<Segment>>>,
    active: ActiveSegment,
    epochs: EpochFile,
    producers: ProducerState,
    staged: StagedProducers,
    snapshots: SnapshotFiles,
    log_start: Offset,
    log_end: Offset,
    high_watermark: Offset,
    recovery_point: Offset,
    leader_epoch: Option<LeaderEpoch>,
    last_flush: Timestamp,
    /// Voids the claims of flushes that began before.
    truncations: u64,
    /// Draws the jitter of rolls.
    chance: SplitMix64,
    jobs: Vec<Job>,
    view: LogViewHandle,
    unpublished: bool,
}

impl Log {
    /// Which partition.
    pub fn partition(&self) -> &TopicPartition {
        self.slot.partition()
    }

    /// Its topic, as `partition.metadata` says.
    pub fn topic_id(&self) -> Option<TopicId> {
        self.topic_id
    }

    /// The log directory it is in.
    pub fn dir(&self) -> &Arc<LogDir> {
        &self.dir
    }

    /// The partition's own directory.
    pub fn path(&self) -> std::path::PathBuf {
        self.path.get()
    }

    /// Settings.
    pub fn config(&self) -> &Arc<LogConfig> {
        &self.config
    }

    /// Takes new settings; they hold from the next append on.
    pub fn set_config(&mut self, config: Arc<LogConfig>) {
        self.unpublished |=
            config.max_decompressed_message_bytes != self.config.max_decompressed_message_bytes;
        self.config = config;
    }

    /// First offset.
    pub fn log_start_offset(&self) -> Offset {
        self.log_start
    }

    /// Next offset to be written.
    pub fn log_end_offset(&self) -> Offset {
        self.log_end
    }

    /// First offset not known to be committed.
    pub fn high_watermark(&self) -> Offset {
        self.high_watermark
    }

    /// First offset a read_committed reader must not see.
    pub fn last_stable_offset(&self) -> Offset {
        self.offsets().last_stable
    }

    fn offsets(&self) -> LogOffsets {
        let unstable = self.producers.first_unstable_offset();
        LogOffsets::new(self.log_start, unstable, self.high_watermark, self.log_end)
    }

    /// Durable below this offset.
    pub fn recovery_point(&self) -> Offset {
        self.recovery_point
    }

    /// Bytes of all segments' logs.
    pub fn size(&self) -> u64 {
        self.segments.iter().map(|segment| segment.len()).sum()
    }

    /// Number of segments.
    pub fn segment_count(&self) -> usize {
        self.segments.len()
    }

    /// Base offset of the active segment.
    pub fn active_segment_base(&self) -> Offset {
        self.active.base_offset()
    }

    /// Leader epochs of its batches.
    pub fn epochs(&self) -> &EpochHistory {
        self.epochs.history()
    }

    /// Its producers and transactions.
    pub fn producers(&self) -> &ProducerState {
        &self.producers
    }

    /// The newest published view, and those to come.
    pub fn view(&self) -> &LogViewHandle {
        &self.view
    }

    /// Makes what changed visible to readers, as one new view; nothing to do if nothing changed.
    pub fn publish(&mut self) {
        if !std::mem::take(&mut self.unpublished) {
            return;
        }
        self.slot.set_high_watermark(self.high_watermark);
        self.view.store(self.snapshot());
    }

    fn snapshot(&self) -> LogView {
        LogView {
            offsets: self.offsets(),
            leader_epoch: self.leader_epoch,
            epochs: Arc::clone(self.epochs.shared()),
            segments: Arc::clone(&self.segments),
            last_segment_len: self.active.len(),
            max_decompressed: self.config.max_decompressed_message_bytes,
        }
    }

    /// This node leads the partition from now on: notes where `epoch` begins (even if nothing is
    /// ever appended in it) and puts it into the view. The note becomes durable with a job.
    pub fn become_leader(&mut self, epoch: LeaderEpoch) {
        self.leader_epoch = Some(epoch);
        self.unpublished = true;
        self.epochs.assign(epoch, self.log_end);
        self.checkpoint_epochs();
    }

    /// This node follows from now on, in this leader's epoch.
    pub fn become_follower(&mut self, epoch: LeaderEpoch) {
        self.leader_epoch = Some(epoch);
        self.unpublished = true;
    }

    /// Begins the verification of a transaction with its coordinator; see `ProducerState`.
    pub fn start_verification(
        &mut self,
        now: Timestamp,
        producer: (ProducerId, ProducerEpoch),
        sequence: i32,
        version: TransactionVersion,
    ) -> Result<Option<VerificationGuard>, ProducerError> {
        self.producers.start_verification(now, producer, sequence, version)
    }

    /// Sets the high watermark, held between log start and log end; what it is now.
    pub fn set_high_watermark(&mut self, high_watermark: Offset) -> Offset {
        let high_watermark = high_watermark.clamp(self.log_start, self.log_end);
        if high_watermark != self.high_watermark {
            self.high_watermark = high_watermark;
            self.producers.on_high_watermark(high_watermark);
            self.unpublished = true;
        }
        high_watermark
    }

    /// Moves the start of the log up (never down) to at most the high watermark; true if it moved.
    /// Not durable until [`crate::LogDir::write_checkpoint`] of `LogStart`: acknowledge after that.
    pub fn advance_log_start(&mut self, offset: Offset, reason: LogStartReason) -> bool {
        let offset = offset.min(self.high_watermark);
        if offset <= self.log_start {
            return false;
        }
        tracing::info!(partition = %self.partition(), from = %self.log_start, to = %offset, ?reason, "log start");
        self.log_start = offset;
        self.recovery_point = self.recovery_point.max(offset);
        self.epochs.truncate_from_start(offset);
        self.checkpoint_epochs();
        self.producers.on_log_start(offset);
        self.note_checkpoints();
        self.unpublished = true;
        true
    }

    /// Forgets producers idle for longer than `expiration` (`producer.id.expiration.ms`).
    pub fn expire_producers(&mut self, now: Timestamp, expiration: Duration) {
        self.producers.expire(now, expiration);
    }

    /// Jobs left by earlier calls.
    pub fn take_jobs(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }

    /// Takes a job's report: the recovery point advances here.
    pub fn on_job(&mut self, report: JobReport) {
        if let Some(flushed) = report.flushed.filter(|flushed| flushed.truncations == self.truncations) {
            self.recovery_point = self.recovery_point.max(flushed.upto.min(self.log_end));
            self.note_checkpoints();
        }
    }

    /// Fails while the log's directory is offline: what was appended last may not be on the disk, though it can be read.
    pub fn check_online(&self) -> Result<(), StorageError> {
        self.health().check_online()
    }

    fn health(&self) -> &Arc<Health> {
        self.dir.health()
    }

    /// Refuses what adds bytes to a full directory. The metadata may use what is left below the low-water mark: a node
    /// that cannot write it cannot go on.
    fn check_writable(&self) -> Result<(), StorageError> {
        if *self.partition().topic == *METADATA_TOPIC {
            return self.health().check_online();
        }
        self.health().check_writable()
    }

    /// Tells the directory what its checkpoints are to say of this log.
    fn note_checkpoints(&self) {
        self.slot.set_recovery_point(self.recovery_point);
        let first = self.segments.first().map(|segment| segment.base_offset());
        self.slot
            .set_log_start(Some(self.log_start).filter(|&start| first.is_none_or(|first| start > first)));
    }

    fn failed(&self, what: &'static str, error: std::io::Error) -> StorageError {
        self.health().fail(what, self.path.get(), error)
    }
}

#[cfg(test)]
mod tests;
