//! The segment at the end of a log: the writer's side of it.
//!
//! Its index files are written behind: entries go to the files by pages, and whole before anything
//! depends on them (a flush, a roll, a close). Kafka instead maps files of full size and cuts them
//! at roll and close; what is left then is the same.

use std::io::{self, IoSlice};
use std::sync::Arc;
use std::time::Duration;

use klamm_logstate::AbortedTransaction;
use klamm_model::{LeaderEpoch, Offset, Timestamp};

use crate::config::LogConfig;
use crate::disk::{Hint, Region};
use crate::index::{
    OFFSET_ENTRY, TIME_ENTRY, TRANSACTION_ENTRY, TimeEntry, encode_aborted, is_representable,
};
use crate::segment::memory_index::MemoryIndex;
use crate::segment::rebuild::{IndexBuilder, max_entries};
use crate::segment::{Entry, FileIndex, MAX_SEGMENT_BYTES, Segment, SegmentIndex};

/// Offset entries written to the file at once: one page.
const ENTRIES_BEHIND: usize = 4096 / OFFSET_ENTRY;

/// A batch as the writer needs it after the checks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchFacts {
    pub(crate) base_offset: Offset,
    pub(crate) last_offset: Offset,
    pub(crate) size: u32,
    pub(crate) max_timestamp: Option<Timestamp>,
    pub(crate) leader_epoch: Option<LeaderEpoch>,
}

impl From<&Entry> for BatchFacts {
    fn from(entry: &Entry) -> BatchFacts {
        let &Entry { base_offset, last_offset, size, max_timestamp, leader_epoch, .. } = entry;
        BatchFacts { base_offset, last_offset, size, max_timestamp, leader_epoch }
    }
}

/// Why a segment is rolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RollReason {
    /// The append would make it larger than `segment.bytes`.
    Size,
    /// It is older than `segment.ms`.
    Time,
    /// An index is full.
    IndexFull,
    /// Retention removes it.
    Retention,
    /// An offset would not fit 31 bits after the base.
    OffsetRange,
}

/// The writer's side of the last segment.
#[derive(Debug)]
pub(crate) struct ActiveSegment {
    segment: Arc<Segment>,
    builder: IndexBuilder,
    /// When it was made or opened: its age without timestamps.
    created: Timestamp,
    jitter: Duration,
    offsets_written: usize,
    times_written: usize,
    aborted_written: usize,
    aborted_pending: bool,
    written_back: u64,
    allocated: u64,
}

impl ActiveSegment {
    /// `segment` has its indexes in memory, of which the files hold all entries; `builder` has
    /// followed its batches.
    pub(crate) fn new(
        segment: Arc<Segment>,
        builder: IndexBuilder,
        created: Timestamp,
        jitter: Duration,
    ) -> ActiveSegment {
        let len = builder.len;
        let mut active = ActiveSegment {
            segment,
            builder,
            created,
            jitter,
            offsets_written: 0,
            times_written: 0,
            aborted_written: 0,
            aborted_pending: false,
            written_back: len,
            allocated: len,
        };
        (active.offsets_written, active.times_written, active.aborted_written) =
            active.with_memory(|index| (index.offsets.len(), index.times.len(), index.aborted.len()));
        active
    }

    /// As [`ActiveSegment::new`], but the index files hold nothing: recovery built the indexes.
    pub(crate) fn recovered(
        segment: Arc<Segment>,
        builder: IndexBuilder,
        created: Timestamp,
    ) -> ActiveSegment {
        let active = ActiveSegment::new(segment, builder, created, Duration::ZERO);
        let aborted_pending = active.aborted_written > 0;
        ActiveSegment { offsets_written: 0, times_written: 0, aborted_written: 0, aborted_pending, ..active }
    }

    pub(crate) fn with_jitter(mut self, jitter: Duration) -> ActiveSegment {
        self.jitter = jitter;
        self
    }

    /// Empties the index files: what is in memory goes out anew.
    pub(crate) fn discard_index_files(&self) -> io::Result<()> {
        let files = self.segment.files();
        files.offset_index.replace()?;
        files.time_index.replace()?;
        files.transaction_index.remove()
    }

    pub(crate) fn segment(&self) -> &Arc<Segment> {
        &self.segment
    }

    pub(crate) fn len(&self) -> u64 {
        self.builder.len
    }

    pub(crate) fn base_offset(&self) -> Offset {
        self.segment.base_offset()
    }

    /// Largest timestamp so far, with the last offset of the batch that has it.
    pub(crate) fn max_timestamp(&self) -> Option<TimeEntry> {
        self.builder.max_timestamp
    }

    /// Takes the largest timestamp of what a truncation has left.
    pub(crate) fn set_max_timestamp(&mut self, max: Option<TimeEntry>) {
        self.builder.max_timestamp = max;
        self.with_memory(|index| index.max_timestamp = max);
    }

    fn with_memory<T>(&self, body: impl FnOnce(&mut MemoryIndex) -> T) -> T {
        self.segment.with_index_mut(|index| match index {
            SegmentIndex::Memory(index) => body(index),
            SegmentIndex::Files(_) => unreachable!("the active segment has its indexes in memory"),
        })
    }

    /// Whether an append of `size` bytes goes into a new segment (Kafka's `shouldRoll`).
    pub(crate) fn should_roll(
        &self,
        config: &LogConfig,
        append: (u64, Offset, Option<Timestamp>),
        now: Timestamp,
    ) -> Option<RollReason> {
        let (size, last_offset, max_timestamp) = append;
        let most = u64::from(config.segment_bytes).min(MAX_SEGMENT_BYTES);
        if self.len() + size > most {
            return Some(RollReason::Size);
        }
        if self.len() > 0
            && self.age(now, max_timestamp) > millis(config.max_segment_ms()) - millis(self.jitter)
        {
            return Some(RollReason::Time);
        }
        let (offsets, times) = self.with_memory(|index| (index.offsets.len(), index.times.len()));
        let (most_offsets, most_times) = max_entries(config);
        // A time index keeps room for the entry it gets when sealed.
        if offsets >= most_offsets || times + 1 >= most_times {
            return Some(RollReason::IndexFull);
        }
        (!is_representable(self.base_offset(), last_offset)).then_some(RollReason::OffsetRange)
    }

    /// Milliseconds from the first batch to the one to be appended, by their timestamps; by the
    /// clock where the first has none.
    fn age(&self, now: Timestamp, max_timestamp: Option<Timestamp>) -> i64 {
        match self.builder.first_timestamp {
            Some(first) if first.as_millis() >= 0 => {
                max_timestamp.map_or(-1, Timestamp::as_millis).saturating_sub(first.as_millis())
            }
            _ => now.as_millis().saturating_sub(self.created.as_millis()),
        }
    }

    /// Writes bytes at the end. On an error the file may be longer than before; nothing else changed.
    pub(crate) fn write(&mut self, parts: &[IoSlice<'_>]) -> io::Result<()> {
        self.segment.files().log.get_or_create()?.write_at(parts, self.len())
    }

    /// Takes written batches into the indexes, one by one.
    pub(crate) fn note_batches(&mut self, batches: &[BatchFacts], config: &LogConfig) {
        let segment = Arc::clone(&self.segment);
        segment.with_index_mut(|index| {
            let SegmentIndex::Memory(index) = index else {
                unreachable!("the active segment has its indexes in memory")
            };
            for batch in batches {
                self.builder.note_batch(index, batch, config);
            }
        });
        segment.set_len(self.len());
    }

    /// Adds aborted transactions; they go to the file with the next index write.
    pub(crate) fn note_aborted(&mut self, aborted: &[AbortedTransaction]) {
        if !aborted.is_empty() {
            self.aborted_pending = true;
            self.with_memory(|index| index.aborted.extend_from_slice(aborted));
        }
    }

    /// Writes index entries behind, by pages.
    pub(crate) fn write_index_pages(&mut self) -> io::Result<()> {
        let behind = self.with_memory(|index| index.offsets.len()) - self.offsets_written;
        if behind < ENTRIES_BEHIND && !self.aborted_pending { Ok(()) } else { self.write_index() }
    }

    /// Writes all index entries that are not in the files yet.
    pub(crate) fn write_index(&mut self) -> io::Result<()> {
        let base = self.base_offset();
        let (offsets, times, aborted): (Vec<u8>, Vec<u8>, Vec<u8>) = self.with_memory(|index| {
            let offsets = index.offsets[self.offsets_written..].iter().flat_map(|entry| entry.encode(base));
            let times = index.times[self.times_written..].iter().flat_map(|entry| entry.encode(base));
            let aborted = index.aborted[self.aborted_written..].iter().flat_map(encode_aborted);
            (offsets.collect(), times.collect(), aborted.collect())
        });
        let files = self.segment.files();
        if !aborted.is_empty() {
            let position = (self.aborted_written * TRANSACTION_ENTRY) as u64;
            files.transaction_index.get_or_create()?.write_at(&[IoSlice::new(&aborted)], position)?;
            self.aborted_written += aborted.len() / TRANSACTION_ENTRY;
        }
        self.aborted_pending = false;
        if !offsets.is_empty() {
            let position = (self.offsets_written * OFFSET_ENTRY) as u64;
            files.offset_index.get_or_create()?.write_at(&[IoSlice::new(&offsets)], position)?;
            self.offsets_written += offsets.len() / OFFSET_ENTRY;
        }
        if !times.is_empty() {
            let position = (self.times_written * TIME_ENTRY) as u64;
            files.time_index.get_or_create()?.write_at(&[IoSlice::new(&times)], position)?;
            self.times_written += times.len() / TIME_ENTRY;
        }
        Ok(())
    }

    /// Whether aborted transactions are in memory only: no file tells that they are missing.
    pub(crate) fn has_pending_aborted(&self) -> bool {
        self.with_memory(|index| index.aborted.len()) > self.aborted_written
    }

    /// Removes the offset and time index files: all entries are written anew by the next write.
    pub(crate) fn drop_index_files(&mut self) -> io::Result<()> {
        let files = self.segment.files();
        files.offset_index.remove()?;
        files.time_index.remove()?;
        (self.offsets_written, self.times_written) = (0, 0);
        Ok(())
    }

    /// Writes the last time entry and the rest of the indexes: what a sealed segment has.
    pub(crate) fn write_last_entries(&mut self) -> io::Result<()> {
        let builder = self.builder;
        self.with_memory(|index| builder.push_time(index, usize::MAX));
        self.write_index()
    }

    /// Seals the segment; its indexes are in their files from now on.
    pub(crate) fn seal(&mut self) -> io::Result<()> {
        self.write_last_entries()?;
        let files = self.segment.files();
        if self.allocated > self.len() {
            files.log.get()?.set_len(self.len())?;
        }
        // A segment without entries has its files, too.
        files.offset_index.get_or_create()?;
        files.time_index.get_or_create()?;
        self.segment.with_index_mut(|index| {
            let SegmentIndex::Memory(memory) = index else { return };
            let offsets = u32::try_from(memory.offsets.len()).expect("an index is smaller than 2 GiB");
            let times = u32::try_from(memory.times.len()).expect("an index is smaller than 2 GiB");
            let aborted = std::mem::take(&mut memory.aborted);
            *index = SegmentIndex::Files(FileIndex::new(offsets, times, Some(aborted.into())));
        });
        Ok(())
    }

    /// What to start writing back: the bytes written since the last time, once they are a step.
    pub(crate) fn take_write_back(&mut self, step: u64) -> Option<Region> {
        let len = self.len();
        if step == 0 || len - self.written_back < step {
            return None;
        }
        let start = std::mem::replace(&mut self.written_back, len);
        Some(Region { start, len: len - start })
    }

    /// Reserves blocks ahead of the end, by steps. The size of the file stays.
    pub(crate) fn allocate_ahead(&mut self, step: u64) -> io::Result<()> {
        if step == 0 || self.allocated >= self.len() + step / 2 {
            return Ok(());
        }
        let start = self.allocated.max(self.len());
        let file = self.segment.files().log.get_or_create()?;
        file.hint(Region { start, len: step }, Hint::Allocate);
        self.allocated = start + step;
        Ok(())
    }

    /// Cuts the segment to its first `len` bytes, which end before `offset`.
    pub(crate) fn truncate(&mut self, len: u64, offset: Offset, now: Timestamp) -> io::Result<()> {
        let files = self.segment.files();
        let (offsets, times, aborted) = self.with_memory(|index| {
            index.truncate_to(offset);
            (index.offsets.len(), index.times.len(), index.aborted.len())
        });
        // Indexes before the log: a crash in between leaves entries for bytes that are there.
        self.offsets_written = self.offsets_written.min(offsets);
        self.times_written = self.times_written.min(times);
        self.aborted_written = self.aborted_written.min(aborted);
        cut(&files.offset_index, (self.offsets_written * OFFSET_ENTRY) as u64)?;
        cut(&files.time_index, (self.times_written * TIME_ENTRY) as u64)?;
        cut(&files.transaction_index, (self.aborted_written * TRANSACTION_ENTRY) as u64)?;
        files.log.get_or_create()?.set_len(len)?;
        self.segment.set_len(len);
        self.builder.len = len;
        self.builder.bytes_since_index = 0;
        self.written_back = self.written_back.min(len);
        self.allocated = len;
        if len == 0 {
            self.created = now;
            self.builder.first_timestamp = None;
        }
        Ok(())
    }

    /// Drops what a failed write left behind the end.
    pub(crate) fn drop_partial_write(&self) -> io::Result<()> {
        self.segment.files().log.get_or_create()?.set_len(self.len())
    }
}

/// Cuts a file that may be missing.
fn cut(file: &Arc<crate::disk::LazyFile>, len: u64) -> io::Result<()> {
    match file.get() {
        Ok(file) => file.set_len(len),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
