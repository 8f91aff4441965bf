//! One segment: a log file and its three indexes. Shared by the writer and all readers; only the
//! writer of the log changes it.
//!
//! The active segment's indexes are in memory and their files follow behind; those of a sealed
//! segment are searched in their files. Positions are looked up for each read and kept nowhere.

mod active;
mod entry;
mod file_index;
mod memory_index;
mod rebuild;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use klamm_logstate::{AbortedSearch, AbortedTransaction, collect_aborted};
use klamm_model::{Offset, Timestamp};
use parking_lot::RwLock;

pub(crate) use active::{ActiveSegment, BatchFacts, RollReason};
pub(crate) use entry::{Entry, EntryError, HeaderScan};
pub(crate) use file_index::FileIndex;
pub(crate) use memory_index::{Found, MemoryIndex, Place};
pub(crate) use rebuild::{IndexBuilder, rebuild_indexes};

use crate::disk::{DescriptorCache, FileFacts, LazyFile, PartitionPath};
use crate::error::{ReadError, StorageError};
use crate::health::Health;
use crate::index::TimeEntry;
use crate::log::Patience;
use crate::names::{FileKind, FileName, FileStage};
use crate::reader::Reader;

/// Largest position an index entry can hold, and so the largest a segment can be.
pub(crate) const MAX_SEGMENT_BYTES: u64 = i32::MAX as u64;

/// The four files of a segment.
#[derive(Clone, Debug)]
pub(crate) struct SegmentFiles {
    pub(crate) log: Arc<LazyFile>,
    pub(crate) offset_index: Arc<LazyFile>,
    pub(crate) time_index: Arc<LazyFile>,
    pub(crate) transaction_index: Arc<LazyFile>,
}

impl SegmentFiles {
    pub(crate) fn new(
        cache: &Arc<DescriptorCache>,
        dir: &Arc<PartitionPath>,
        base: Offset,
        stage: FileStage,
    ) -> SegmentFiles {
        let file = |kind| LazyFile::new(cache, dir, FileName { offset: base, kind, stage });
        SegmentFiles {
            log: file(FileKind::Log),
            offset_index: file(FileKind::OffsetIndex),
            time_index: file(FileKind::TimeIndex),
            transaction_index: file(FileKind::TransactionIndex),
        }
    }

    /// The log first: a crash in between leaves indexes without a log, which the next start removes.
    pub(crate) fn all(&self) -> [&Arc<LazyFile>; 4] {
        [&self.log, &self.offset_index, &self.time_index, &self.transaction_index]
    }

    /// Gives all four another stage.
    pub(crate) fn rename(&self, stage: FileStage) -> io::Result<()> {
        self.all().into_iter().try_for_each(|file| file.rename(stage))
    }

    /// Removes all four.
    pub(crate) fn remove(&self) -> io::Result<()> {
        self.all().into_iter().try_for_each(|file| file.remove())
    }
}

/// One segment.
#[derive(Debug)]
pub(crate) struct Segment {
    base_offset: Offset,
    files: SegmentFiles,
    health: Arc<Health>,
    /// Bytes of the log file that are valid.
    len: AtomicU64,
    index: RwLock<SegmentIndex>,
    /// An index entry led to the wrong place: the indexes are to be built anew.
    suspect: AtomicBool,
}

/// Where the indexes are.
#[derive(Debug)]
pub(crate) enum SegmentIndex {
    /// Of the active segment.
    Memory(MemoryIndex),
    /// Of a sealed one.
    Files(FileIndex),
}

impl Segment {
    pub(crate) fn new(
        base_offset: Offset,
        files: SegmentFiles,
        health: &Arc<Health>,
        len: u64,
        index: SegmentIndex,
    ) -> Arc<Segment> {
        Arc::new(Segment {
            base_offset,
            files,
            health: Arc::clone(health),
            len: AtomicU64::new(len),
            index: RwLock::new(index),
            suspect: AtomicBool::new(false),
        })
    }

    pub(crate) fn base_offset(&self) -> Offset {
        self.base_offset
    }

    pub(crate) fn files(&self) -> &SegmentFiles {
        &self.files
    }

    /// Valid bytes.
    pub(crate) fn len(&self) -> u64 {
        self.len.load(Ordering::Acquire)
    }

    pub(crate) fn set_len(&self, len: u64) {
        self.len.store(len, Ordering::Release);
    }

    /// Whether a reader met an index entry that led to the wrong place.
    pub(crate) fn is_suspect(&self) -> bool {
        self.suspect.load(Ordering::Relaxed)
    }

    pub(crate) fn clear_suspect(&self) {
        self.suspect.store(false, Ordering::Relaxed);
    }

    pub(crate) fn with_index<T>(&self, body: impl FnOnce(&SegmentIndex) -> T) -> T {
        body(&self.index.read())
    }

    pub(crate) fn with_index_mut<T>(&self, body: impl FnOnce(&mut SegmentIndex) -> T) -> T {
        body(&mut self.index.write())
    }

    pub(crate) fn log_reader(&self, patience: Patience) -> Result<Reader, ReadError> {
        Reader::open(&self.files.log, &self.health, patience)
    }

    /// The first batch below `end` whose last offset is at least `offset`.
    pub(crate) fn find_batch(
        &self,
        log: &Reader,
        offset: Offset,
        end: u64,
        patience: Patience,
    ) -> Result<Option<Place>, ReadError> {
        let (from, expected) = match self.look_up(offset, patience)? {
            LookedUp::Exact(place) if place.position + u64::from(place.size) <= end => {
                return Ok(Some(place));
            }
            LookedUp::Exact(place) if place.position >= end => return Ok(None),
            LookedUp::Exact(place) => (place.position, None),
            LookedUp::From(position, expected) => (position, expected),
        };
        match scan_for(log, (from, end), offset, expected) {
            Err(ReadError::Corrupt { .. }) if from > 0 => {
                self.suspect.store(true, Ordering::Relaxed);
                scan_for(log, (0, end), offset, None)
            }
            result => result,
        }
    }

    fn look_up(&self, offset: Offset, patience: Patience) -> Result<LookedUp, ReadError> {
        let file_index = match &*self.index.read() {
            SegmentIndex::Memory(index) => {
                return Ok(match index.find(offset) {
                    Found::Exact(place) => LookedUp::Exact(place),
                    Found::From(position) => LookedUp::From(position, None),
                });
            }
            SegmentIndex::Files(index) => index.clone(),
        };
        match file_index.floor(self, offset, patience) {
            Ok(Some(entry)) => Ok(LookedUp::From(u64::from(entry.position), Some(entry.offset))),
            Ok(None) => Ok(LookedUp::From(0, None)),
            // A cut index file: the log itself still tells.
            Err(ReadError::Stale) if !file_index.is_empty() => {
                self.suspect.store(true, Ordering::Relaxed);
                Ok(LookedUp::From(0, None))
            }
            Err(error) => Err(error),
        }
    }

    /// An offset that bounds the batches below `position` from above, if an index entry tells one.
    pub(crate) fn offset_bound_at(
        &self,
        position: u64,
        patience: Patience,
    ) -> Result<Option<Offset>, ReadError> {
        let file_index = match &*self.index.read() {
            SegmentIndex::Memory(index) => return Ok(index.offset_at_or_after(position)),
            SegmentIndex::Files(index) => index.clone(),
        };
        file_index.offset_at_or_after(self, position, patience)
    }

    /// Collects aborted transactions that touch `offsets`.
    pub(crate) fn collect_aborted(
        &self,
        offsets: (Offset, Offset),
        found: &mut Vec<AbortedTransaction>,
    ) -> Result<AbortedSearch, ReadError> {
        let (fetch_offset, upper_bound) = offsets;
        let file_index = match &*self.index.read() {
            SegmentIndex::Memory(index) => {
                return Ok(collect_aborted(index.aborted.iter().copied(), fetch_offset, upper_bound, found));
            }
            SegmentIndex::Files(index) => index.clone(),
        };
        let aborted = file_index.aborted(self)?;
        Ok(collect_aborted(aborted.iter().copied(), fetch_offset, upper_bound, found))
    }

    /// The last time index entry at or below `timestamp`.
    pub(crate) fn time_floor(&self, timestamp: Timestamp) -> Result<Option<TimeEntry>, ReadError> {
        let file_index = match &*self.index.read() {
            SegmentIndex::Memory(index) => return Ok(index.time_floor(timestamp.as_millis())),
            SegmentIndex::Files(index) => index.clone(),
        };
        file_index.time_floor(self, timestamp)
    }

    /// The last time index entry of a sealed segment, which holds its largest timestamp.
    pub(crate) fn last_time_entry(&self) -> Result<Option<TimeEntry>, ReadError> {
        let file_index = match &*self.index.read() {
            SegmentIndex::Memory(index) => return Ok(index.times.last().copied()),
            SegmentIndex::Files(index) => index.clone(),
        };
        file_index.last_time_entry(self)
    }

    /// Position of the batch that the last index entry leads to; 0 without entries. Blocks.
    pub(crate) fn last_indexed_position(&self) -> Result<u64, ReadError> {
        let file_index = match &*self.index.read() {
            SegmentIndex::Memory(index) => {
                return Ok(index.offsets.last().map_or(0, |entry| u64::from(entry.position)));
            }
            SegmentIndex::Files(index) => index.clone(),
        };
        Ok(file_index.last_offset_entry(self)?.map_or(0, |entry| u64::from(entry.position)))
    }

    /// Size and age of the log file.
    pub(crate) fn facts(&self) -> Result<FileFacts, StorageError> {
        let log = &self.files.log;
        let facts = log.cache().disk().facts(&log.path());
        facts.map_err(|error| self.health.fail("look at", log.path(), error))
    }

    pub(crate) fn health(&self) -> &Arc<Health> {
        &self.health
    }
}

enum LookedUp {
    Exact(Place),
    /// Begin there; the batch there ends with that offset, if an index entry said so.
    From(u64, Option<Offset>),
}

fn scan_for(
    log: &Reader,
    region: (u64, u64),
    offset: Offset,
    expected: Option<Offset>,
) -> Result<Option<Place>, ReadError> {
    let (from, end) = region;
    let mut scan = HeaderScan::new(log, from, end);
    let mut first = true;
    while let Some(entry) = scan.next()? {
        if std::mem::take(&mut first) && expected.is_some_and(|expected| expected != entry.last_offset) {
            return Err(log.corrupt(from, "an index entry leads to another batch"));
        }
        if entry.last_offset >= offset {
            return Ok(Some(Place::from(&entry)));
        }
    }
    Ok(None)
}
