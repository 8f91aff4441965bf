//! What a compaction is given, and what it tells: of each step, at the end, and when it cannot go on.

use klamm_model::Offset;

use crate::error::StorageError;

/// Bounds of one compaction.
#[derive(Clone, Copy, Debug)]
pub struct CompactionSettings {
    /// Memory of the map of keys: `log.cleaner.dedupe.buffer.size` by `log.cleaner.threads`.
    pub map_bytes: u64,
    /// How full the map gets: `log.cleaner.io.buffer.load.factor`.
    pub load_factor: f64,
    /// Bytes read at once and per step, one batch at least: half of `log.cleaner.io.buffer.size` by
    /// the number of threads.
    pub read_bytes: usize,
    /// Secret of the map's hashes.
    pub secret: (u64, u64),
}

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CompactionStep {
    /// Bytes read and written, for the throttle.
    pub bytes: u64,
    /// What is to be done next.
    pub next: NextStep,
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NextStep {
    /// [`crate::Compaction::step`] again.
    #[default]
    Step,
    /// [`crate::Log::install`], then step again.
    Install,
    /// It is over: [`crate::Log::note_cleaned`] with [`CompactionSummary::upto`].
    Finish,
}

/// What a compaction did to a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CompactionSummary {
    /// First offset that was dirty.
    pub from: Offset,
    /// The log is clean below this offset.
    pub upto: Offset,
    /// Bytes of the segments that were replaced.
    pub bytes_read: u64,
    /// Bytes of those in their place.
    pub bytes_kept: u64,
    /// Records in the old segments, as far as they were looked at.
    pub records_read: u64,
    /// Records in the new ones.
    pub records_kept: u64,
}

/// A compaction that ended early. The log is as good as before.
#[derive(Debug, thiserror::Error)]
pub enum CompactionError {
    /// The log was truncated, deleted or closed meanwhile: a later round begins anew.
    #[error("the log changed during the compaction")]
    Superseded,
    /// A batch cannot be read or not be written again: the log is not compacted until a restart.
    #[error("{path} cannot be compacted at byte {position}: {reason}")]
    Damaged {
        /// The file.
        path: String,
        /// Where.
        position: u64,
        /// What is wrong.
        reason: String,
    },
    /// The disk failed or is full.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
