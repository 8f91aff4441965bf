//! The indexes of a sealed segment, in their files.

use std::sync::{Arc, OnceLock};

use klamm_logstate::AbortedTransaction;
use klamm_model::{Offset, Timestamp};
use parking_lot::Mutex;

use crate::error::ReadError;
use crate::index::{IndexReader, OFFSET_ENTRY, OffsetEntry, TIME_ENTRY, TimeEntry, decode_aborted};
use crate::log::Patience;
use crate::reader::Reader;
use crate::segment::Segment;

/// What is known of the index files without reading them.
#[derive(Clone, Debug)]
pub(crate) struct FileIndex {
    pub(crate) offset_entries: u32,
    pub(crate) time_entries: u32,
    read: Arc<Read>,
}

/// What was read of them, once.
#[derive(Debug)]
struct Read {
    /// Aborted transactions: most segments have none.
    aborted: Mutex<Option<Arc<[AbortedTransaction]>>>,
    /// The last time entry: retention asks for it again and again.
    last_time: OnceLock<Option<TimeEntry>>,
}

impl FileIndex {
    pub(crate) fn new(
        offset_entries: u32,
        time_entries: u32,
        aborted: Option<Arc<[AbortedTransaction]>>,
    ) -> FileIndex {
        let read = Read { aborted: Mutex::new(aborted), last_time: OnceLock::new() };
        FileIndex { offset_entries, time_entries, read: Arc::new(read) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.offset_entries == 0
    }

    /// The last entry at or below `offset`.
    pub(crate) fn floor(
        &self,
        segment: &Segment,
        offset: Offset,
        patience: Patience,
    ) -> Result<Option<OffsetEntry>, ReadError> {
        if self.offset_entries == 0 {
            return Ok(None);
        }
        let base = segment.base_offset();
        let reader = Reader::open(&segment.files().offset_index, segment.health(), patience)?;
        let index = IndexReader::<OFFSET_ENTRY> { reader: &reader, entries: self.offset_entries };
        let found = index.search(offset.get(), |entry| OffsetEntry::decode(*entry, base).offset.get())?;
        Ok(found.floor.map(|entry| OffsetEntry::decode(entry, base)))
    }

    /// The offset of the first entry at or after `position`.
    pub(crate) fn offset_at_or_after(
        &self,
        segment: &Segment,
        position: u64,
        patience: Patience,
    ) -> Result<Option<Offset>, ReadError> {
        if self.offset_entries == 0 {
            return Ok(None);
        }
        let base = segment.base_offset();
        let reader = Reader::open(&segment.files().offset_index, segment.health(), patience)?;
        let index = IndexReader::<OFFSET_ENTRY> { reader: &reader, entries: self.offset_entries };
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        let found =
            index.search(position - 1, |entry| i64::from(OffsetEntry::decode(*entry, base).position))?;
        Ok(found.next.map(|entry| OffsetEntry::decode(entry, base).offset))
    }

    /// The last time entry at or below `timestamp`. Blocks.
    pub(crate) fn time_floor(
        &self,
        segment: &Segment,
        timestamp: Timestamp,
    ) -> Result<Option<TimeEntry>, ReadError> {
        if self.time_entries == 0 {
            return Ok(None);
        }
        let base = segment.base_offset();
        let reader = Reader::open(&segment.files().time_index, segment.health(), Patience::Wait)?;
        let index = IndexReader::<TIME_ENTRY> { reader: &reader, entries: self.time_entries };
        let key = |entry: &[u8; TIME_ENTRY]| TimeEntry::decode(*entry, base).timestamp.as_millis();
        let found = index.search(timestamp.as_millis(), key)?;
        Ok(found.floor.map(|entry| TimeEntry::decode(entry, base)))
    }

    /// The last entry. Blocks.
    pub(crate) fn last_offset_entry(&self, segment: &Segment) -> Result<Option<OffsetEntry>, ReadError> {
        if self.offset_entries == 0 {
            return Ok(None);
        }
        let reader = Reader::open(&segment.files().offset_index, segment.health(), Patience::Wait)?;
        let index = IndexReader::<OFFSET_ENTRY> { reader: &reader, entries: self.offset_entries };
        Ok(index.last()?.map(|entry| OffsetEntry::decode(entry, segment.base_offset())))
    }

    /// The first time entry. Blocks.
    pub(crate) fn first_time_entry(&self, segment: &Segment) -> Result<Option<TimeEntry>, ReadError> {
        if self.time_entries == 0 {
            return Ok(None);
        }
        let reader = Reader::open(&segment.files().time_index, segment.health(), Patience::Wait)?;
        let index = IndexReader::<TIME_ENTRY> { reader: &reader, entries: self.time_entries };
        Ok(Some(TimeEntry::decode(index.entry(0)?, segment.base_offset())))
    }

    /// The last time entry. Blocks the first time.
    pub(crate) fn last_time_entry(&self, segment: &Segment) -> Result<Option<TimeEntry>, ReadError> {
        if self.time_entries == 0 {
            return Ok(None);
        }
        if let Some(known) = self.read.last_time.get() {
            return Ok(*known);
        }
        let reader = Reader::open(&segment.files().time_index, segment.health(), Patience::Wait)?;
        let index = IndexReader::<TIME_ENTRY> { reader: &reader, entries: self.time_entries };
        let last = index.last()?.map(|entry| TimeEntry::decode(entry, segment.base_offset()));
        Ok(*self.read.last_time.get_or_init(|| last))
    }

    /// The aborted transactions; a small file, read once.
    pub(crate) fn aborted(&self, segment: &Segment) -> Result<Arc<[AbortedTransaction]>, ReadError> {
        let mut cached = self.read.aborted.lock();
        if let Some(aborted) = &*cached {
            return Ok(Arc::clone(aborted));
        }
        let file = &segment.files().transaction_index;
        let content = file
            .read_all()
            .map_err(|error| ReadError::Storage(segment.health().fail("read", file.path(), error)))?;
        let aborted = decode_aborted(&content, segment.base_offset())
            .map_err(|reason| ReadError::Corrupt { path: file.path(), position: 0, reason: reason.into() })?;
        let aborted: Arc<[AbortedTransaction]> = aborted.into();
        *cached = Some(Arc::clone(&aborted));
        Ok(aborted)
    }
}
