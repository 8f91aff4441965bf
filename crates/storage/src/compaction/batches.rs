//! Batches of segments as compaction reads them: whole, checked, and passed by the transactions.

use std::ops::Range;
use std::sync::Arc;

use klamm_model::Offset;
use klamm_protocol::records::control::ControlType;
use klamm_protocol::records::{AnyBatch, Batch, BatchError, Limits};

use super::progress::CompactionError;
use super::transactions::Transactions;
use crate::config::LogConfig;
use crate::error::ReadError;
use crate::log::Patience;
use crate::reader::Reader;
use crate::segment::{Entry, EntryError, Segment};

pub(super) fn limits(config: &LogConfig) -> Limits {
    let max_record_size = i32::try_from(config.max_decompressed_message_bytes).unwrap_or(i32::MAX);
    Limits { max_record_size, ..Limits::NONE }
}

/// Lets a batch pass the transactions; what [`retain`] and the map call decided or aborted.
pub(super) fn pass(transactions: &mut Transactions, batch: &AnyBatch<'_>) -> bool {
    match batch {
        AnyBatch::V2(batch) if batch.header().is_control() => {
            transactions.on_control(batch.header(), control_type(batch))
        }
        AnyBatch::V2(batch) => transactions.on_data(batch.header().last_offset(), Some(batch.header())),
        AnyBatch::Legacy(batch) => transactions.on_data(batch.last_offset(), None),
    }
}

fn control_type(batch: &Batch<'_>) -> Option<ControlType> {
    let record = batch.records_in_place()?.next()?.ok()?;
    ControlType::parse_key(record.key).ok()?
}

/// A batch whose checksum is right (written again it would get a right one in any case) and whose
/// offsets, which no checksum covers, lie in `offsets`; what lies after it is left there.
pub(super) fn checked<'a>(
    batch: Result<AnyBatch<'a>, BatchError>,
    offsets: &mut Range<Offset>,
) -> Result<AnyBatch<'a>, String> {
    let batch = batch.map_err(|error| error.to_string())?;
    batch.verify_crc().map_err(|error| error.to_string())?;
    let last = batch.last_offset();
    let base = batch.base_offset().unwrap_or(last);
    if base < offsets.start || last >= offsets.end {
        return Err(format!("offsets {base} to {last}, expected {} to {}", offsets.start, offsets.end));
    }
    offsets.start = last.next();
    Ok(batch)
}

pub(super) fn opened(segment: &Arc<Segment>) -> Result<Reader, CompactionError> {
    segment.log_reader(Patience::Wait).map_err(changed)
}

pub(super) fn changed(error: ReadError) -> CompactionError {
    match error {
        ReadError::Storage(error) => CompactionError::Storage(error),
        ReadError::Stale | ReadError::NotResident | ReadError::OutOfRange { .. } => {
            CompactionError::Superseded
        }
        ReadError::Corrupt { path, position, reason } => {
            CompactionError::Damaged { path: path.display().to_string(), position, reason }
        }
    }
}

pub(super) fn damage(segment: &Segment, position: u64, reason: String) -> CompactionError {
    let path = segment.files().log.path().display().to_string();
    CompactionError::Damaged { path, position, reason }
}

/// Reads about `size` bytes from `position` on; how many of them are whole batches, at least one.
pub(super) fn read_batches(
    log: &Reader,
    position: u64,
    end: u64,
    size: usize,
    buffer: &mut Vec<u8>,
) -> Result<usize, CompactionError> {
    let rest = usize::try_from(end - position).unwrap_or(usize::MAX);
    let want = size.max(4096).min(rest);
    buffer.resize(want, 0);
    log.read(buffer, position, want).map_err(changed)?;
    let mut whole = 0;
    loop {
        let at = position + whole as u64;
        match Entry::parse(&buffer[whole..], at) {
            Ok(entry) if whole + entry.size as usize <= buffer.len() => whole += entry.size as usize,
            Ok(entry) if whole == 0 && entry.size as usize <= rest => {
                whole = entry.size as usize;
                buffer.resize(whole, 0);
                log.read(buffer, position, whole).map_err(changed)?;
            }
            Err(EntryError::Bad(reason)) if whole == 0 => return Err(changed(log.corrupt(at, reason))),
            Ok(_) | Err(EntryError::Incomplete) if whole == 0 => {
                return Err(changed(log.corrupt(at, "a batch goes on after the end of the segment")));
            }
            Ok(_) | Err(EntryError::Incomplete | EntryError::Bad(_)) => return Ok(whole),
        }
        if whole == buffer.len() {
            return Ok(whole);
        }
    }
}
