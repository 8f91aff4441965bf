//! Which batches get index entries: the same rule for an append, a recovery and a lost index file.

use std::io::IoSlice;
use std::sync::Arc;

use klamm_model::{Offset, Timestamp};

use crate::config::LogConfig;
use crate::disk::LazyFile;
use crate::error::ReadError;
use crate::index::{OFFSET_ENTRY, OffsetEntry, TIME_ENTRY, TimeEntry};
use crate::log::Patience;
use crate::segment::memory_index::{MemoryIndex, Place};
use crate::segment::{BatchFacts, FileIndex, HeaderScan, Segment, SegmentIndex};

/// Follows the batches of a segment and adds index entries: one before a batch once more than
/// `index.interval.bytes` have passed since the last (Kafka's `LogSegment.append`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndexBuilder {
    /// Bytes of the batches so far.
    pub(crate) len: u64,
    pub(crate) bytes_since_index: u64,
    /// Largest timestamp so far, with the last offset of the batch that has it.
    pub(crate) max_timestamp: Option<TimeEntry>,
    /// Largest timestamp of the first batch: the segment's age counts from it.
    pub(crate) first_timestamp: Option<Timestamp>,
}

impl IndexBuilder {
    /// At the start of a segment.
    pub(crate) const fn new() -> IndexBuilder {
        IndexBuilder { len: 0, bytes_since_index: 0, max_timestamp: None, first_timestamp: None }
    }

    /// Takes the next batch.
    pub(crate) fn note_batch(&mut self, index: &mut MemoryIndex, batch: &BatchFacts, config: &LogConfig) {
        let &BatchFacts { base_offset, last_offset, size, max_timestamp, .. } = batch;
        if self.len == 0 {
            self.first_timestamp = max_timestamp;
        }
        self.note_timestamp(max_timestamp, last_offset);
        if self.bytes_since_index > u64::from(config.index_interval_bytes) {
            let (most_offsets, most_times) = max_entries(config);
            if index.offsets.len() < most_offsets {
                let position = u32::try_from(self.len).expect("a segment is smaller than 2 GiB");
                index.offsets.push(OffsetEntry { offset: last_offset, position });
            }
            self.push_time(index, most_times);
            self.bytes_since_index = 0;
        }
        index.max_timestamp = self.max_timestamp;
        index.note_batch(Place { base_offset, last_offset, position: self.len, size });
        self.len += u64::from(size);
        self.bytes_since_index += u64::from(size);
    }

    /// Keeps the largest timestamp; negative ones never count.
    pub(crate) fn note_timestamp(&mut self, timestamp: Option<Timestamp>, last_offset: Offset) {
        let known = self.max_timestamp.map_or(-1, |entry| entry.timestamp.as_millis());
        if let Some(timestamp) = timestamp.filter(|timestamp| timestamp.as_millis() > known) {
            self.max_timestamp = Some(TimeEntry { timestamp, offset: last_offset });
        }
    }

    /// Adds a time entry if the largest timestamp is later than that of the last.
    pub(crate) fn push_time(&self, index: &mut MemoryIndex, most: usize) {
        let Some(entry) = self.max_timestamp else { return };
        let last = index.times.last().map_or(-1, |last| last.timestamp.as_millis());
        if entry.timestamp.as_millis() > last && index.times.len() < most {
            index.times.push(entry);
        }
    }
}

/// Entries that fit the two indexes.
pub(super) fn max_entries(config: &LogConfig) -> (usize, usize) {
    let bytes = config.segment_index_bytes as usize;
    (bytes / OFFSET_ENTRY, bytes / TIME_ENTRY)
}

/// Builds offset and time index of a sealed segment anew from its batches' headers, and writes
/// them. The index of aborted transactions stays as it is.
pub(crate) fn rebuild_indexes(segment: &Arc<Segment>, config: &LogConfig) -> Result<(), ReadError> {
    let reader = segment.log_reader(Patience::Wait)?;
    let mut scan = HeaderScan::new(&reader, 0, segment.len());
    let (mut index, mut builder) = (MemoryIndex::default(), IndexBuilder::new());
    while let Some(entry) = scan.next()? {
        builder.note_batch(&mut index, &BatchFacts::from(&entry), config);
    }
    builder.push_time(&mut index, usize::MAX);
    let base = segment.base_offset();
    let offsets: Vec<u8> = index.offsets.iter().flat_map(|entry| entry.encode(base)).collect();
    let times: Vec<u8> = index.times.iter().flat_map(|entry| entry.encode(base)).collect();
    for (file, content) in [(&segment.files().offset_index, &offsets), (&segment.files().time_index, &times)]
    {
        write_whole(file, content)
            .map_err(|error| ReadError::Storage(segment.health().fail("write", file.path(), error)))?;
    }
    let entries =
        |bytes: usize, size: usize| u32::try_from(bytes / size).expect("an index is smaller than 2 GiB");
    let rebuilt =
        FileIndex::new(entries(offsets.len(), OFFSET_ENTRY), entries(times.len(), TIME_ENTRY), None);
    segment.with_index_mut(|index| *index = SegmentIndex::Files(rebuilt));
    segment.clear_suspect();
    Ok(())
}

fn write_whole(file: &Arc<LazyFile>, content: &[u8]) -> std::io::Result<()> {
    let file = file.replace()?;
    file.write_at(&[IoSlice::new(content)], 0)?;
    file.sync()
}
