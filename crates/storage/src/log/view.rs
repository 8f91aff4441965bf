//! What readers see of a log: an immutable snapshot, swapped by the writer.

use std::sync::Arc;

use arc_swap::ArcSwap;
use klamm_logstate::EpochHistory;
use klamm_model::{LeaderEpoch, Offset, Timestamp};

use crate::disk::{DiskFile, Region, Residency};
use crate::error::ReadError;
use crate::reader::Reader;
use crate::segment::Segment;

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
    /// On a shard: a page that is not in memory is [`crate::ReadError::NotResident`].
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
    /// Base offset of the segment.
    pub segment_base: Offset,
    pub(super) reader: Reader,
}

impl FetchSlice {
    /// Whether the bytes are in memory.
    pub fn residency(&self) -> Residency {
        self.file.residency(Region { start: self.position, len: u64::from(self.len) })
    }

    /// Fills `buffer` from `position` of the file on. A failing disk takes its log directory offline, as in any other
    /// read; a file that has become shorter is [`ReadError::Stale`].
    pub fn read(&self, buffer: &mut [u8], position: u64, patience: Patience) -> Result<(), ReadError> {
        let all = buffer.len();
        self.reader.read_with(patience, (buffer, position), all).map(drop)
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

/// The four offsets of a log. Always log start <= LSO <= HW <= LEO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LogOffsets {
    pub(super) log_start: Offset,
    pub(super) last_stable: Offset,
    pub(super) high_watermark: Offset,
    pub(super) log_end: Offset,
}

impl LogOffsets {
    /// The one place that makes them: each is held between its neighbours.
    pub(super) fn new(
        log_start: Offset,
        first_unstable: Option<Offset>,
        high_watermark: Offset,
        log_end: Offset,
    ) -> LogOffsets {
        assert!(log_start <= log_end, "log start {log_start} is above log end {log_end}");
        let high_watermark = high_watermark.clamp(log_start, log_end);
        let last_stable =
            first_unstable.map_or(high_watermark, |first| first.clamp(log_start, high_watermark));
        LogOffsets { log_start, last_stable, high_watermark, log_end }
    }
}

/// An immutable snapshot of a log. One fetch uses one snapshot.
#[derive(Debug)]
pub struct LogView {
    pub(super) offsets: LogOffsets,
    pub(super) leader_epoch: Option<LeaderEpoch>,
    pub(super) epochs: Arc<EpochHistory>,
    /// By base offset; never empty.
    pub(super) segments: Arc<Vec<Arc<Segment>>>,
    /// Valid bytes of the last segment: it may have grown since.
    pub(super) last_segment_len: u64,
    pub(super) max_decompressed: u32,
}

impl LogView {
    /// First offset.
    pub fn log_start_offset(&self) -> Offset {
        self.offsets.log_start
    }

    /// First offset a read_committed reader must not see.
    pub fn last_stable_offset(&self) -> Offset {
        self.offsets.last_stable
    }

    /// First offset not known to be committed.
    pub fn high_watermark(&self) -> Offset {
        self.offsets.high_watermark
    }

    /// Next offset to be written.
    pub fn log_end_offset(&self) -> Offset {
        self.offsets.log_end
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
            Isolation::LogEnd => self.offsets.log_end,
            Isolation::HighWatermark => self.offsets.high_watermark,
            Isolation::LastStable => self.offsets.last_stable,
        }
    }

    /// Bytes of all segments' logs.
    pub fn size(&self) -> u64 {
        (0..self.segments.len()).map(|at| self.segment_len(at)).sum()
    }

    /// The segment that holds `offset`, if it holds it: the last that does not begin after it.
    pub(super) fn segment_at(&self, offset: Offset) -> usize {
        let after = self.segments.partition_point(|segment| segment.base_offset() <= offset);
        after.saturating_sub(1)
    }

    /// Valid bytes of a segment in this view.
    pub(super) fn segment_len(&self, at: usize) -> u64 {
        if at + 1 == self.segments.len() { self.last_segment_len } else { self.segments[at].len() }
    }

    /// First offset after a segment.
    pub(super) fn segment_end_offset(&self, at: usize) -> Offset {
        self.segments.get(at + 1).map_or(self.offsets.log_end, |next| next.base_offset())
    }
}

/// Access to the newest view of a log; cheap to clone, lives as long as anyone wants it.
#[derive(Clone, Debug)]
pub struct LogViewHandle {
    newest: Arc<ArcSwap<LogView>>,
}

impl LogViewHandle {
    pub(super) fn new(view: LogView) -> LogViewHandle {
        LogViewHandle { newest: Arc::new(ArcSwap::from_pointee(view)) }
    }

    pub(super) fn store(&self, view: LogView) {
        self.newest.store(Arc::new(view));
    }

    /// The newest view.
    pub fn load(&self) -> Arc<LogView> {
        self.newest.load_full()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_keep_their_order_whatever_is_asked() {
        let at = Offset::at;
        let offsets = |start, unstable: Option<i64>, hw, end| {
            let made = LogOffsets::new(at(start), unstable.map(at), at(hw), at(end));
            (made.log_start.get(), made.last_stable.get(), made.high_watermark.get(), made.log_end.get())
        };
        assert_eq!(offsets(5, None, 3, 10), (5, 5, 5, 10));
        assert_eq!(offsets(5, None, 20, 10), (5, 10, 10, 10));
        assert_eq!(offsets(5, Some(3), 8, 10), (5, 5, 8, 10));
        assert_eq!(offsets(5, Some(9), 8, 10), (5, 8, 8, 10));
        assert_eq!(offsets(5, Some(7), 8, 10), (5, 7, 8, 10));
    }
}
