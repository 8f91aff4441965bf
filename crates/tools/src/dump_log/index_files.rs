//! Prints and checks the offset index (`.index`) and the time index (`.timeindex`) of a segment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use klamm_model::Timestamp;
use klamm_protocol::records::{AnyBatch, Limits};

use super::batch_file::BatchFile;
use super::{at_file, base_offset};
use crate::tool::{Terminal, ToolError, ToolResult};

/// What is done with an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndexMode {
    /// The broker's check at its start.
    SanityOnly,
    /// Compared with the log.
    VerifyOnly,
    /// Compared and printed.
    Print,
}

/// An entry of the offset index, absolute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OffsetEntry {
    offset: i64,
    position: u64,
}

/// An entry of the time index, absolute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TimeEntry {
    timestamp: i64,
    offset: i64,
}

/// Prints an offset index. Gives the entries that differ from the log, newest first, each with the
/// offset found. A batch of the log with more than `largest` bytes is a failure, as in Kafka, which
/// looks no further for its end.
pub(super) fn dump_offset_index(
    path: &Path,
    mode: IndexMode,
    largest: u32,
    terminal: &mut Terminal<'_>,
) -> Result<Vec<(i64, i64)>, ToolError> {
    let base = base_offset(path)?;
    let log = BatchFile::open(&path.with_extension("log"), u64::MAX)?;
    let content = read(path)?;
    let entries = offset_entries(&content, base);
    let shown = path.display();
    if entries.is_empty() {
        writeln!(terminal.out, "{shown} is empty.")?;
        return Ok(Vec::new());
    }
    if mode == IndexMode::SanityOnly {
        check_offset_index(path, base, &content, &entries)?;
        writeln!(terminal.out, "{shown} passed sanity check.")?;
        return Ok(Vec::new());
    }
    let mut wrong = BTreeMap::new();
    let mut buffer = Vec::new();
    for entry in filled(&entries, |entry| entry.offset == base) {
        if !log.read(entry.position, &mut buffer)? {
            return Err(at_file(path, format_args!("the log has no batch at position {}", entry.position)));
        }
        if buffer.len() > largest as usize {
            let (position, size) = (entry.position, buffer.len());
            let reason = format_args!(
                "the batch at position {position} has {size} bytes, more than the {largest} of --max-message-size"
            );
            return Err(at_file(path, reason));
        }
        let found = log.parse(entry.position, &buffer)?.last_offset().get();
        if found != entry.offset {
            wrong.insert(entry.offset, found);
        }
        if mode == IndexMode::Print {
            writeln!(terminal.out, "offset: {} position: {}", entry.offset, entry.position)?;
        }
    }
    Ok(wrong.into_iter().rev().collect())
}

/// The entries before the zeroes that a broker keeps ready at the end.
fn filled<T: Copy>(entries: &[T], is_first: impl Fn(&T) -> bool) -> impl Iterator<Item = T> {
    let end = entries.iter().skip(1).position(is_first).map_or(entries.len(), |at| at + 1);
    entries[..end].iter().copied()
}

fn offset_entries(content: &[u8], base: i64) -> Vec<OffsetEntry> {
    let (entries, _) = content.as_chunks::<8>();
    let entry = |bytes: &[u8; 8]| {
        let [a, b, c, d, e, f, g, h] = *bytes;
        OffsetEntry {
            offset: base + i64::from(i32::from_be_bytes([a, b, c, d])),
            position: u64::from(u32::from_be_bytes([e, f, g, h])),
        }
    };
    entries.iter().map(entry).collect()
}

fn time_entries(content: &[u8], base: i64) -> Vec<TimeEntry> {
    let (entries, _) = content.as_chunks::<12>();
    let entry = |bytes: &[u8; 12]| {
        let (time, offset) = bytes.split_at(8);
        TimeEntry {
            timestamp: i64::from_be_bytes(time.try_into().expect("eight bytes")),
            offset: base + i64::from(i32::from_be_bytes(offset.try_into().expect("four bytes"))),
        }
    };
    entries.iter().map(entry).collect()
}

fn check_offset_index(path: &Path, base: i64, content: &[u8], entries: &[OffsetEntry]) -> ToolResult {
    let shown = std::path::absolute(path)?;
    let shown = shown.display();
    if let Some(last) = entries.last().filter(|last| last.offset < base) {
        return Err(ToolError::Failed(format!(
            "Corrupt index found, index file {shown} has non-zero size but the last offset is {} which is less than \
             the base offset {base}",
            last.offset
        )));
    }
    if !content.len().is_multiple_of(8) {
        return Err(ToolError::Failed(format!(
            "Index file {shown} is corrupt, found {} bytes which is neither positive nor a multiple of 8",
            content.len()
        )));
    }
    Ok(())
}

fn check_time_index(path: &Path, base: i64, content: &[u8], entries: &[TimeEntry]) -> ToolResult {
    let shown = std::path::absolute(path)?;
    let start = format!("Corrupt time index found, time index file ({})", shown.display());
    if let (Some(first), Some(last)) = (entries.first(), entries.last()) {
        if last.timestamp < first.timestamp {
            return Err(ToolError::Failed(format!(
                "{start} has non-zero size but the last timestamp is {} which is less than the first timestamp {}",
                last.timestamp, first.timestamp
            )));
        }
        if last.offset < base {
            return Err(ToolError::Failed(format!(
                "{start} has non-zero size but the last offset is {} which is less than the first offset {base}",
                last.offset
            )));
        }
    }
    if !content.len().is_multiple_of(12) {
        return Err(ToolError::Failed(format!(
            "Time index file {} is corrupt, found {} bytes which is neither positive nor a multiple of 12.",
            shown.display(),
            content.len()
        )));
    }
    Ok(())
}

/// What was found wrong in time indexes, by file.
#[derive(Default)]
pub(super) struct TimeComplaints {
    mismatches: BTreeMap<PathBuf, Vec<(i64, i64)>>,
    out_of_order: BTreeMap<PathBuf, Vec<(i64, i64)>>,
    not_found: BTreeMap<PathBuf, Vec<(i64, i64)>>,
}

impl TimeComplaints {
    pub(super) fn print(&self, terminal: &mut Terminal<'_>) -> ToolResult {
        let err = &mut terminal.err;
        for (file, pairs) in &self.mismatches {
            writeln!(err, "Found timestamp mismatch in :{}", file.display())?;
            for (index, log) in pairs {
                writeln!(err, "  Index timestamp: {index}, log timestamp: {log}")?;
            }
        }
        for (file, pairs) in &self.out_of_order {
            writeln!(err, "Found out of order timestamp in :{}", file.display())?;
            for (index, previous) in pairs {
                writeln!(err, "  Index timestamp: {index}, Previously indexed timestamp: {previous}")?;
            }
        }
        for (file, pairs) in &self.not_found {
            writeln!(err, "The following indexed offsets are not found in :{}", file.display())?;
            for (index, log) in pairs {
                writeln!(err, "Indexed offset: {index}, found log offset: {log}")?;
            }
        }
        Ok(())
    }
}

/// Prints a time index and notes what differs from the log.
pub(super) fn dump_time_index(
    path: &Path,
    mode: IndexMode,
    complaints: &mut TimeComplaints,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let base = base_offset(path)?;
    let log = BatchFile::open(&path.with_extension("log"), u64::MAX)?;
    let offsets = offset_entries(&read(&path.with_extension("index"))?, base);
    let offsets: Vec<_> = filled(&offsets, |entry| entry.offset == base).collect();
    let content = read(path)?;
    let entries = time_entries(&content, base);
    if mode == IndexMode::SanityOnly {
        check_time_index(path, base, &content, &entries)?;
        return Ok(writeln!(terminal.out, "{} passed sanity check.", path.display())?);
    }
    let shown = std::path::absolute(path)?;
    let mut previous = -1;
    for entry in filled(&entries, |entry| entry.offset == base) {
        let below = offsets.iter().rev().find(|indexed| indexed.offset <= entry.offset);
        let found = find_batch(&log, below.map_or(0, |indexed| indexed.position), entry.offset)?;
        match found {
            Some(found) if found.last_offset == entry.offset => {
                if found.max_timestamp != entry.timestamp {
                    let pairs = complaints.mismatches.entry(shown.clone()).or_default();
                    pairs.push((entry.timestamp, found.max_timestamp));
                }
                if previous >= entry.timestamp {
                    let pairs = complaints.out_of_order.entry(shown.clone()).or_default();
                    pairs.push((entry.timestamp, previous));
                }
            }
            other => {
                let offset = other.map_or(-1, |found| found.last_offset);
                complaints.not_found.entry(shown.clone()).or_default().push((entry.offset, offset));
            }
        }
        if mode == IndexMode::Print {
            writeln!(terminal.out, "timestamp: {} offset: {}", entry.timestamp, entry.offset)?;
        }
        previous = entry.timestamp;
    }
    Ok(())
}

struct FoundBatch {
    last_offset: i64,
    max_timestamp: i64,
}

/// The first batch from `position` on that reaches `offset`.
fn find_batch(log: &BatchFile, mut position: u64, offset: i64) -> Result<Option<FoundBatch>, ToolError> {
    let mut buffer = Vec::new();
    while log.read(position, &mut buffer)? {
        let batch = log.parse(position, &buffer)?;
        let last_offset = batch.last_offset().get();
        if last_offset >= offset {
            return Ok(Some(FoundBatch { last_offset, max_timestamp: max_timestamp(&batch)? }));
        }
        position += buffer.len() as u64;
    }
    Ok(None)
}

fn max_timestamp(batch: &AnyBatch<'_>) -> Result<i64, ToolError> {
    let mut max = -1;
    let mut records = batch.records(Limits::NONE).map_err(ToolError::failed)?;
    while let Some(record) = records.next() {
        let record = record.map_err(ToolError::failed)?;
        max = max.max(record.timestamp.map_or(-1, Timestamp::as_millis));
    }
    Ok(max)
}

fn read(path: &Path) -> Result<Vec<u8>, ToolError> {
    std::fs::read(path).map_err(|error| at_file(path, error))
}
