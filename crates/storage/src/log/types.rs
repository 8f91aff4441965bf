//! Arguments and results of a log's operations.

use std::path::PathBuf;
use std::sync::Arc;

use klamm_logstate::{AppendOrigin, TransactionVersion, VerificationGuard};
use klamm_model::{LeaderEpoch, Offset, Timestamp, TopicId, TopicPartition};

use super::Log;
use crate::config::LogConfig;
use crate::error::AppendError;
use crate::names::PartitionDirKind;

/// How to open a log.
#[derive(Clone, Debug)]
pub struct OpenLog {
    /// Which partition.
    pub partition: TopicPartition,
    /// Current, or a future copy.
    pub kind: PartitionDirKind,
    /// What the metadata says; written to `partition.metadata` where that is missing.
    pub topic_id: Option<TopicId>,
    /// Settings.
    pub config: Arc<LogConfig>,
    /// Wall clock.
    pub now: Timestamp,
    /// Seed of the roll jitter.
    pub seed: u64,
    /// Cut a log that is damaged in the middle at the damage, keeping the bytes in a `.corrupt`
    /// file. Only where no other replica has them.
    pub cut_damage: bool,
}

/// An opened log.
#[derive(Debug)]
pub struct OpenedLog {
    /// The log.
    pub log: Log,
    /// What opening it found and did.
    pub report: RecoveryReport,
}

/// What recovery found and did; all empty after a clean shutdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecoveryReport {
    /// Bytes whose checksums were verified.
    pub verified_bytes: u64,
    /// Bytes cut off the end.
    pub truncated_bytes: u64,
    /// Where cut bytes with valid batches behind the damage are kept.
    pub kept_aside: Option<PathBuf>,
    /// Side files that were missing or wrong and were built anew.
    pub rebuilt: Vec<PathBuf>,
}

/// What a leader appends: one request's batches, all or none of them.
#[derive(Debug)]
pub struct LeaderAppend<'a> {
    /// Whole, validated batches of format v2. Base offsets and leader epochs are stamped in place.
    pub batches: &'a mut [u8],
    /// What follows `batches`: the records of its last batch, where they lie elsewhere. Neither is
    /// copied together before the write.
    pub rest: &'a [u8],
    /// Who brings them.
    pub origin: AppendOrigin,
    /// The leader epoch to stamp.
    pub leader_epoch: LeaderEpoch,
    /// Proof of verification, for the first batch of a transaction.
    pub verification: Option<VerificationGuard>,
    /// For markers: the rule their epochs follow.
    pub transaction_version: TransactionVersion,
}

/// One request's result.
pub type AppendResult = Result<AppendInfo, AppendError>;

/// Where a request's records are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppendInfo {
    /// Offset of the first record.
    pub first_offset: Offset,
    /// Offset of the last record.
    pub last_offset: Offset,
    /// Set where the topic uses LogAppendTime (or, for a duplicate, the timestamp of the original).
    pub log_append_time: Option<Timestamp>,
    /// First offset of the log.
    pub log_start_offset: Offset,
    /// Largest timestamp of the records.
    pub max_timestamp: Option<Timestamp>,
    /// Whether it was in the log already.
    pub duplicate: bool,
}

/// What a follower appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowerAppend {
    /// Next offset to fetch.
    pub log_end_offset: Offset,
    /// Bytes appended.
    pub bytes: u64,
    /// Batches appended.
    pub batches: u32,
    /// Why it ended early, if it did.
    pub stopped: Option<FollowerStop>,
}

/// Why a follower's append ended before its last batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FollowerStop {
    /// The checksum is wrong or the bytes are no batch.
    Corrupt {
        /// Offset that was to be appended next.
        at: Offset,
        /// What is wrong.
        reason: String,
    },
    /// It begins below the log end, or its offsets do not grow.
    UnexpectedOffset {
        /// Offset that was to be appended next.
        expected: Offset,
        /// Base offset of the batch.
        got: Offset,
    },
    /// It was written by a later leader than the one this fetch was sent to.
    LaterEpoch {
        /// Base offset of the batch.
        at: Offset,
        /// Its epoch.
        epoch: LeaderEpoch,
    },
    /// It does not fit a segment.
    TooLarge {
        /// Base offset of the batch.
        at: Offset,
        /// Its bytes.
        size: u64,
    },
}

/// What a truncation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truncation {
    /// Log end before.
    pub from: Offset,
    /// Log end now: the offset asked for, or the old end if that was smaller.
    pub to: Offset,
}

/// Why the start of a log moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogStartReason {
    /// The leader's start moved.
    LeaderOffset,
    /// DeleteRecords.
    ClientRecordDeletion,
    /// Retention removed segments.
    SegmentDeletion,
    /// A metadata snapshot replaced the beginning.
    Snapshot,
}

/// What retention removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetentionReport {
    /// Segments removed.
    pub segments: usize,
    /// Their bytes.
    pub bytes: u64,
}
