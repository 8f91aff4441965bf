//! What the quorum knows of its log: bounds, epochs, snapshots; never the bytes. Answers where two
//! logs part (Kafka: RaftLog.validateOffsetAndEpoch, endOffsetForEpoch).

use klamm_model::{LeaderEpoch, Offset, OffsetAndEpoch};

use crate::control_history::Origin;
use crate::control_record::ControlRecord;

/// Where an epoch begins in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochStart {
    /// The epoch.
    pub epoch: LeaderEpoch,
    /// Its first offset.
    pub start: Offset,
}

/// A complete snapshot on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotFacts {
    /// End offset (exclusive) and the epoch of the last record it covers.
    pub id: OffsetAndEpoch,
    /// Size in bytes.
    pub size: u64,
}

/// What an append of fetched records did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// The log end after it. Less than was fetched if a batch was found bad: the rest is not appended.
    pub log_end: Offset,
    /// Epochs that began in what was appended.
    pub epochs: Vec<EpochStart>,
    /// Control records in what was appended, with their offsets.
    pub controls: Vec<(Offset, ControlRecord)>,
}

/// Bounds, epochs and snapshots of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFacts {
    /// First offset.
    pub log_start: Offset,
    /// Next offset to write.
    pub log_end: Offset,
    /// Epochs by start, ascending in both.
    pub epochs: Vec<EpochStart>,
    /// Complete snapshots, ascending by (epoch, offset).
    pub snapshots: Vec<SnapshotFacts>,
}

impl LogFacts {
    /// Epoch of the last record.
    pub fn last_epoch(&self) -> LeaderEpoch {
        self.epochs.last().map(|entry| entry.epoch).unwrap_or_default()
    }

    /// Origin of a control record at `offset`.
    pub fn origin(offset: Offset) -> Origin {
        Origin::At(offset)
    }
}
