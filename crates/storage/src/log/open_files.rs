//! The side files that opening a log reads: each is checked against the log, for most have no
//! checksum of their own.

use std::io;
use std::path::Path;
use std::sync::Arc;

use klamm_logstate::EpochHistory;
use klamm_model::TopicId;

use super::types::OpenLog;
use super::view::Patience;
use crate::config::LogConfig;
use crate::directory::LogDir;
use crate::disk::{LazyFile, PartitionPath, read_small, remove_if_present, replace_file};
use crate::error::{OpenLogError, ReadError, StorageError};
use crate::index::{OFFSET_ENTRY, OffsetEntry, TIME_ENTRY, TimeEntry, decode_aborted};
use crate::names::PartitionDirKind;
use crate::segment::{FileIndex, HeaderScan, MemoryIndex, Segment};
use crate::state::{
    EPOCH_CHECKPOINT, MAX_STATE_FILE, PARTITION_METADATA, decode_epochs, decode_topic_id, encode_topic_id,
};

/// A log of more bytes than this many index intervals has index entries.
const UNINDEXED_INTERVALS: u64 = 16;

/// Compares `partition.metadata` with what the metadata says, or writes it; the topic id in force.
pub(super) fn ensure_partition_metadata(
    dir: &LogDir,
    path: &PartitionPath,
    request: &OpenLog,
) -> Result<Option<TopicId>, OpenLogError> {
    let file = path.join(PARTITION_METADATA);
    let found = match read_optional(dir, &file)? {
        None => None,
        Some(content) => match decode_topic_id(&content) {
            Ok(topic_id) => Some(topic_id),
            Err(reason) => {
                tracing::warn!(path = %file.display(), reason, "the topic id is taken from the metadata");
                None
            }
        },
    };
    match (found, request.topic_id) {
        (Some(found), Some(expected)) if found != expected && request.kind == PartitionDirKind::Current => {
            Err(OpenLogError::TopicId { partition: request.partition.clone(), expected, found })
        }
        (Some(found), _) => Ok(Some(found)),
        (None, Some(topic_id)) => {
            let written = replace_file(&**dir.disk(), &file, &encode_topic_id(topic_id));
            written.map_err(|error| dir.health().fail("write", file, error))?;
            Ok(Some(topic_id))
        }
        (None, None) => Ok(None),
    }
}

/// The epoch checkpoint, or why it cannot be used.
pub(super) fn load_epochs(
    dir: &LogDir,
    path: &PartitionPath,
) -> Result<Result<EpochHistory, String>, StorageError> {
    let content = read_optional(dir, &path.join(EPOCH_CHECKPOINT))?;
    Ok(match content {
        Some(content) => decode_epochs(&content),
        None => Err("it is missing".into()),
    })
}

fn read_optional(dir: &LogDir, file: &Path) -> Result<Option<Vec<u8>>, StorageError> {
    match read_small(&**dir.disk(), file, MAX_STATE_FILE) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        // Larger than such a file can be: as good as damaged.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(Some(vec![0xff])),
        Err(error) => Err(dir.health().fail("read", file, error)),
    }
}

pub(super) fn remove_file(dir: &LogDir, file: &Path) -> Result<(), StorageError> {
    let removed = remove_if_present(&**dir.disk(), file);
    removed.map_err(|error| dir.health().fail("remove", file, error))
}

/// The indexes of a sealed segment, from the sizes and last entries of their files; `None` if they
/// cannot be right. Zeros at the end of a file that was never cut are such a case.
pub(super) fn load_file_index(
    segment: &Arc<Segment>,
    config: &LogConfig,
) -> Result<Option<FileIndex>, ReadError> {
    let files = segment.files();
    let (Some(offset_bytes), Some(time_bytes)) = (len_of(&files.offset_index)?, len_of(&files.time_index)?)
    else {
        return Ok(None);
    };
    let (Some(offsets), Some(times)) = (entries(offset_bytes, OFFSET_ENTRY), entries(time_bytes, TIME_ENTRY))
    else {
        return Ok(None);
    };
    let index = FileIndex::new(offsets, times, None);
    let unindexed = UNINDEXED_INTERVALS * u64::from(config.index_interval_bytes.max(4096));
    if offsets == 0 && segment.len() > unindexed {
        return Ok(None);
    }
    if let Some(last) = index.last_offset_entry(segment)?
        && !leads_to_batch(segment, last)?
    {
        return Ok(None);
    }
    let (first, last) = (index.first_time_entry(segment)?, index.last_time_entry(segment)?);
    let ordered = first.zip(last).is_none_or(|(first, last)| times == 1 || first.timestamp < last.timestamp);
    Ok(ordered.then_some(index))
}

/// Whether the batch at an entry's position ends with its offset.
fn leads_to_batch(segment: &Arc<Segment>, entry: OffsetEntry) -> Result<bool, ReadError> {
    let position = u64::from(entry.position);
    if position == 0 || position >= segment.len() {
        return Ok(false);
    }
    let log = segment.log_reader(Patience::Wait)?;
    match HeaderScan::new(&log, position, segment.len()).next() {
        Ok(batch) => Ok(batch.is_some_and(|batch| batch.last_offset == entry.offset)),
        Err(ReadError::Corrupt { .. } | ReadError::Stale) => Ok(false),
        Err(error) => Err(error),
    }
}

fn len_of(file: &Arc<LazyFile>) -> Result<Option<u64>, ReadError> {
    match file.cache().disk().facts(&file.path()) {
        Ok(facts) => Ok(Some(facts.len)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error(file, error)),
    }
}

fn io_error(file: &LazyFile, error: io::Error) -> ReadError {
    ReadError::Storage(StorageError::Disk(crate::error::DiskFailure::new("read", file.path(), error)))
}

fn entries(bytes: u64, size: usize) -> Option<u32> {
    let size = size as u64;
    if bytes.is_multiple_of(size) { u32::try_from(bytes / size).ok() } else { None }
}

/// The indexes of a closed segment that is to be appended to again, whole; `None` if they are
/// damaged.
pub(super) fn load_memory_index(segment: &Arc<Segment>) -> Result<Option<MemoryIndex>, ReadError> {
    let (files, base) = (segment.files(), segment.base_offset());
    let read = |file: &Arc<LazyFile>| file.read_all().map_err(|error| io_error(file, error));
    let (offsets, times) = (read(&files.offset_index)?, read(&files.time_index)?);
    let ((offsets, rest), (times, more)) =
        (offsets.as_chunks::<OFFSET_ENTRY>(), times.as_chunks::<TIME_ENTRY>());
    let Ok(aborted) = decode_aborted(&read(&files.transaction_index)?, base) else { return Ok(None) };
    let offsets: Vec<_> = offsets.iter().map(|entry| OffsetEntry::decode(*entry, base)).collect();
    let times: Vec<_> = times.iter().map(|entry| TimeEntry::decode(*entry, base)).collect();
    let offsets_grow = offsets.is_sorted_by(|a, b| a.offset < b.offset && a.position < b.position);
    let times_grow = times.is_sorted_by(|a, b| a.timestamp < b.timestamp && a.offset <= b.offset);
    let whole = rest.is_empty() && more.is_empty();
    let in_range = offsets.first().is_none_or(|first| first.position > 0)
        && offsets.last().is_none_or(|last| u64::from(last.position) < segment.len());
    if !(whole && offsets_grow && times_grow && in_range) {
        return Ok(None);
    }
    Ok(Some(MemoryIndex::of_closed(offsets, times, aborted)))
}

/// Whether the file of aborted transactions, if there is one, can be read.
pub(super) fn has_good_transactions(segment: &Arc<Segment>) -> Result<bool, ReadError> {
    let file = &segment.files().transaction_index;
    let content = file.read_all().map_err(|error| io_error(file, error))?;
    Ok(decode_aborted(&content, segment.base_offset()).is_ok())
}
