//! What readers see of a log: an immutable snapshot, swapped by the writer.

use std::sync::Arc;

use arc_swap::ArcSwap;
use klamm_logstate::{AbortedTransaction, EpochHistory};
use klamm_model::{LeaderEpoch, Offset, Timestamp};

use crate::disk::{DiskFile, Residency};
use crate::error::ReadError;

/// How far a reader may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// Everything: followers.
    LogEnd,
    /// What is committed: read_uncommitted consumers.
    HighWatermark,
    /// What is committed and decided: read_committed consumers.
    LastStable,
}

/// What becomes of a first batch that is larger than the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MinOneBatch {
    /// It is given whole: the reader would never get past it otherwise.
    Yes,
    /// It is cut: an earlier partition of this fetch has given something.
    No,
}

/// Whether a read may wait for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// On a pool thread.
    Wait,
    /// On a shard: a page that is not in memory is [`ReadError::NotResident`].
    ResidentOnly,
}

/// A read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadRequest {
    /// First offset wanted.
    pub offset: Offset,
    /// At most this many bytes, but see `min_one_batch`.
    pub max_bytes: u32,
    /// How far.
    pub isolation: Isolation,
    /// Of the first batch.
    pub min_one_batch: MinOneBatch,
    /// Of the index and header reads that find the region.
    pub patience: Patience,
}

/// A region of one segment's file: contiguous batches from the one that holds the offset asked for
/// (its first records may come before it). The last batch may be cut; readers ignore it then.
#[derive(Clone, Debug)]
pub struct FetchSlice {
    /// The open file: stays readable when the segment is deleted.
    pub file: Arc<dyn DiskFile>,
    /// First byte.
    pub position: u64,
    /// Bytes.
    pub len: u32,
    /// Base offset of the first batch.
    pub base_offset: Offset,
    /// Whether even the first batch is cut.
    pub first_batch_cut: bool,
}

impl FetchSlice {
    /// Whether the bytes are in memory.
    pub fn residency(&self) -> Residency {
        unimplemented!()
    }
}

/// An offset found by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimestampedOffset {
    /// Timestamp of the record; `None` for the special positions.
    pub timestamp: Option<Timestamp>,
    /// Its offset.
    pub offset: Offset,
    /// Its leader epoch.
    pub leader_epoch: Option<LeaderEpoch>,
}

/// An immutable snapshot of a log. One fetch uses one snapshot.
#[derive(Debug)]
pub struct LogView {
    log_start_offset: Offset,
    last_stable_offset: Offset,
    high_watermark: Offset,
    log_end_offset: Offset,
    leader_epoch: Option<LeaderEpoch>,
    epochs: Arc<EpochHistory>,
}

impl LogView {
    /// First offset.
    pub fn log_start_offset(&self) -> Offset {
        self.log_start_offset
    }

    /// First offset a read_committed reader must not see.
    pub fn last_stable_offset(&self) -> Offset {
        self.last_stable_offset
    }

    /// First offset not known to be committed.
    pub fn high_watermark(&self) -> Offset {
        self.high_watermark
    }

    /// Next offset to be written.
    pub fn log_end_offset(&self) -> Offset {
        self.log_end_offset
    }

    /// The epoch this replica leads or follows in.
    pub fn leader_epoch(&self) -> Option<LeaderEpoch> {
        self.leader_epoch
    }

    /// Leader epochs of the batches: divergence checks need no driver.
    pub fn epochs(&self) -> &Arc<EpochHistory> {
        &self.epochs
    }

    /// First offset that `isolation` does not see.
    pub fn upper_bound(&self, isolation: Isolation) -> Offset {
        match isolation {
            Isolation::LogEnd => self.log_end_offset,
            Isolation::HighWatermark => self.high_watermark,
            Isolation::LastStable => self.last_stable_offset,
        }
    }

    /// Finds the bytes for a fetch. `Ok(None)`: nothing there yet below the upper bound.
    pub fn read(&self, request: &ReadRequest) -> Result<Option<FetchSlice>, ReadError> {
        let _ = request;
        unimplemented!()
    }

    /// Aborted transactions that a read_committed reader of `slice`, read at `offset`, must skip.
    pub fn aborted_transactions(
        &self,
        offset: Offset,
        slice: &FetchSlice,
        patience: Patience,
    ) -> Result<Vec<AbortedTransaction>, ReadError> {
        let _ = (offset, slice, patience);
        unimplemented!()
    }

    /// ListOffsets: the first record at or after the log start whose timestamp is at least
    /// `timestamp`, wherever it is (callers compare with their upper bound). Blocks.
    pub fn offset_for_timestamp(&self, timestamp: Timestamp) -> Result<Option<TimestampedOffset>, ReadError> {
        let _ = timestamp;
        unimplemented!()
    }

    /// ListOffsets of the largest timestamp. Blocks.
    pub fn offset_of_max_timestamp(&self) -> Result<Option<TimestampedOffset>, ReadError> {
        unimplemented!()
    }

    /// ListOffsets of the start.
    pub fn earliest(&self) -> TimestampedOffset {
        unimplemented!()
    }

    /// ListOffsets of the end that `isolation` sees.
    pub fn latest(&self, isolation: Isolation) -> TimestampedOffset {
        let _ = isolation;
        unimplemented!()
    }
}

/// Access to the newest view of a log; cheap to clone, lives as long as anyone wants it.
#[derive(Clone, Debug)]
pub struct LogViewHandle {
    newest: Arc<ArcSwap<LogView>>,
}

impl LogViewHandle {
    /// The newest view.
    pub fn load(&self) -> Arc<LogView> {
        self.newest.load_full()
    }
}
