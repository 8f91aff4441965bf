//! Reading a segment from its start as if nothing were known of it: verifies each batch, builds the
//! indexes, follows epochs and producers, and says where the good bytes end.

use std::io;
use std::sync::Arc;

use klamm_logstate::{AbortedTransaction, EpochHistory, ProducerState, TransactionVersion};
use klamm_model::{LeaderEpoch, Offset};
use klamm_protocol::records::any::AnyBatch;
use klamm_protocol::records::batch::{HEADER_SIZE, LOG_OVERHEAD};

use super::producers::producer_batch;
use super::view::Patience;
use crate::config::LogConfig;
use crate::disk::{DiskFile, Hint, Region};
use crate::error::ReadError;
use crate::index::is_representable;
use crate::planted::{self, Bug};
use crate::segment::{BatchFacts, Entry, EntryError, HeaderScan, IndexBuilder, MemoryIndex, Segment};

/// Read at once: large enough that a cold disk streams.
const CHUNK: usize = 1 << 20;

/// What the log says up to where it was read.
#[derive(Debug)]
pub(super) struct Derived {
    pub(super) epochs: EpochHistory,
    pub(super) producers: ProducerState,
    /// Offset after the last batch.
    pub(super) next_offset: Offset,
    /// Epoch of the last batch read.
    pub(super) last_epoch: Option<LeaderEpoch>,
}

impl Derived {
    /// The batch knows its epoch; a checkpoint that says otherwise gives way.
    fn note_epoch(&mut self, entry: &Entry) {
        let Some(epoch) = entry.leader_epoch else { return };
        self.last_epoch = Some(epoch);
        if self.epochs.epoch_at(entry.base_offset) != Some(epoch) {
            self.epochs.assign(epoch, entry.base_offset);
        }
    }
}

/// A verified segment.
#[derive(Debug)]
pub(super) struct Verified {
    pub(super) index: MemoryIndex,
    pub(super) builder: IndexBuilder,
    pub(super) damage: Option<Damage>,
}

/// Where a segment's good bytes end before its file does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) position: u64,
    pub(super) reason: String,
    /// A valid batch follows the damage: not a torn tail.
    pub(super) valid_after: bool,
    /// Part of it was never written, so that it was never synced either: a power cut may lose any part of what was not
    /// synced, also one before others that survive.
    pub(super) unwritten: bool,
}

/// What a disk writes whole.
const SECTOR: u64 = 512;
/// A batch tells its offset within so many bytes.
const OFFSET: u64 = 8;
/// And then its size, which is not zero.
const OFFSET_AND_SIZE: u64 = 12;

/// A file read from start to end through one buffer.
struct Stream<'a> {
    file: &'a dyn DiskFile,
    len: u64,
    /// First byte of `buffer` in the file.
    start: u64,
    buffer: Vec<u8>,
}

impl Stream<'_> {
    /// At least `want` bytes at `position`, fewer only at the end of the file.
    fn at(&mut self, position: u64, want: usize) -> io::Result<&[u8]> {
        let have = self.start + self.buffer.len() as u64;
        let rest = usize::try_from(self.len - position).unwrap_or(usize::MAX);
        if position < self.start || have < position + want.min(rest) as u64 {
            let size = rest.min(want.max(CHUNK));
            self.buffer.resize(size, 0);
            let count = self.file.read_at(&mut self.buffer, position)?;
            self.buffer.truncate(count);
            self.start = position;
        }
        let skip = usize::try_from(position - self.start).expect("within the buffer");
        Ok(&self.buffer[skip..])
    }
}

/// Verifies the segment at `base`, whose file has `len` bytes; the next segment begins at `limit`.
/// `derived` follows the good batches.
pub(super) fn verify_segment(
    file: &dyn DiskFile,
    (base, len, limit): (Offset, u64, Option<Offset>),
    config: &LogConfig,
    derived: &mut Derived,
) -> io::Result<Verified> {
    file.hint(Region { start: 0, len }, Hint::Sequential);
    let mut stream = Stream { file, len, start: 0, buffer: Vec::new() };
    let mut verified = Verified { index: MemoryIndex::default(), builder: IndexBuilder::new(), damage: None };
    derived.next_offset = derived.next_offset.max(base);
    while verified.builder.len < len {
        let position = verified.builder.len;
        match verify_batch(&mut stream, position, (base, limit), config, derived, &mut verified)? {
            Ok(()) => {}
            Err(reason) => {
                let expected = derived.next_offset;
                let valid_after = find_valid_batch(&mut stream, position, expected)?;
                let unwritten = has_unwritten_part(&mut stream, position, expected)?;
                verified.damage = Some(Damage { position, reason, valid_after, unwritten });
                break;
            }
        }
    }
    Ok(verified)
}

/// Verifies the batch at `position` and takes it over, or says what is wrong with it.
fn verify_batch(
    stream: &mut Stream<'_>,
    position: u64,
    (base, limit): (Offset, Option<Offset>),
    config: &LogConfig,
    derived: &mut Derived,
    verified: &mut Verified,
) -> io::Result<Result<(), String>> {
    let entry = match Entry::parse(stream.at(position, HEADER_SIZE)?, position) {
        Ok(entry) if entry.end() <= stream.len => entry,
        Ok(_) | Err(EntryError::Incomplete) => return Ok(Err("it goes on after the end of the file".into())),
        Err(EntryError::Bad(reason)) => return Ok(Err(reason)),
    };
    let bytes = &stream.at(position, entry.size as usize)?[..entry.size as usize];
    let checked = AnyBatch::parse(bytes).and_then(|batch| {
        if planted::has(Bug::SkipChecksum) { Ok(batch) } else { batch.verify_crc().map(|()| batch) }
    });
    let batch = match checked {
        Ok(batch) => batch,
        Err(error) => return Ok(Err(error.to_string())),
    };
    if entry.base_offset < derived.next_offset
        || !is_representable(base, entry.last_offset)
        || limit.is_some_and(|limit| entry.last_offset >= limit)
    {
        let expected = derived.next_offset;
        return Ok(Err(format!(
            "offsets {} to {}, expected from {expected} on",
            entry.base_offset, entry.last_offset
        )));
    }
    if let (Some(epoch), Some(last)) = (entry.leader_epoch, derived.last_epoch)
        && epoch < last
    {
        return Ok(Err(format!("epoch {epoch} after epoch {last}")));
    }
    derived.note_epoch(&entry);
    verified.builder.note_batch(&mut verified.index, &BatchFacts::from(&entry), config);
    if let AnyBatch::V2(batch) = batch {
        let header = batch.header();
        let facts = producer_batch(header, header.base_offset(), Some(&batch), TransactionVersion::V0);
        if let Some(facts) = facts.filter(|_| !planted::has(Bug::ForgetProducers)) {
            derived.producers.replay(&facts, &mut verified.index.aborted);
        }
    }
    derived.next_offset = entry.last_offset.next();
    derived.producers.advance_end_offset(derived.next_offset);
    Ok(Ok(()))
}

/// Whether a batch with a valid checksum and a plausible offset lies anywhere after a damaged one.
fn find_valid_batch(stream: &mut Stream<'_>, damaged: u64, expected: Offset) -> io::Result<bool> {
    let mut position = damaged + 1;
    while position + HEADER_SIZE as u64 <= stream.len {
        let window = stream.at(position, HEADER_SIZE)?;
        if window.len() < HEADER_SIZE {
            return Ok(false);
        }
        let candidates = window.windows(HEADER_SIZE).position(|header| is_plausible(header, expected));
        let Some(skip) = candidates else {
            position += (window.len() - HEADER_SIZE + 1) as u64;
            continue;
        };
        position += skip as u64;
        if is_valid_at(stream, position)? {
            return Ok(true);
        }
        position += 1;
    }
    Ok(false)
}

/// Whether a sector of the damaged batch, whose offset should not be below `expected`, holds nothing but zeros, from where
/// the batch begins on.
fn has_unwritten_part(stream: &mut Stream<'_>, damaged: u64, expected: Offset) -> io::Result<bool> {
    let claimed = Entry::parse(stream.at(damaged, HEADER_SIZE)?, damaged).map(|entry| entry.end());
    let end = claimed.unwrap_or(damaged + HEADER_SIZE as u64).min(stream.len);
    let mut position = damaged;
    while position < end {
        let next = ((position / SECTOR + 1) * SECTOR).min(stream.len);
        let size = usize::try_from(next - position).expect("within a sector");
        let bytes = stream.at(position, size)?;
        let is_telling = position > damaged || starts_otherwise(next - position, expected);
        if is_telling && bytes.get(..size).is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0)) {
            return Ok(true);
        }
        position = next;
    }
    Ok(false)
}

/// Whether the first `count` bytes of a batch with at least this offset cannot all be zero.
fn starts_otherwise(count: u64, expected: Offset) -> bool {
    let unseen = 8 * (OFFSET - count.min(OFFSET));
    count >= OFFSET_AND_SIZE || expected.get().checked_shr(unseen as u32).is_some_and(|seen| seen > 0)
}

/// A cheap look at what may be a header of format 2.
fn is_plausible(header: &[u8], expected: Offset) -> bool {
    if header[16] != 2 {
        return false;
    }
    let offset = i64::from_be_bytes(*header.first_chunk().expect("a header is longer than eight bytes"));
    let length = i32::from_be_bytes([header[8], header[9], header[10], header[11]]);
    let distance = offset.wrapping_sub(expected.get());
    length >= (HEADER_SIZE - LOG_OVERHEAD) as i32 && (0..=i64::from(i32::MAX)).contains(&distance)
}

fn is_valid_at(stream: &mut Stream<'_>, position: u64) -> io::Result<bool> {
    let entry = match Entry::parse(stream.at(position, HEADER_SIZE)?, position) {
        Ok(entry) if entry.end() <= stream.len => entry,
        Ok(_) | Err(_) => return Ok(false),
    };
    let bytes = &stream.at(position, entry.size as usize)?[..entry.size as usize];
    Ok(AnyBatch::parse(bytes).is_ok_and(|batch| batch.verify_crc().is_ok()))
}

/// Follows the producers of a trusted segment from `derived.producers.end_offset()` up to `upto`;
/// aborted transactions met on the way are in its index already.
pub(super) fn replay_producers(
    segment: &Arc<Segment>,
    (len, upto): (u64, Offset),
    producers: &mut ProducerState,
) -> Result<(), ReadError> {
    let from = producers.end_offset().max(segment.base_offset());
    let log = segment.log_reader(Patience::Wait)?;
    let Some(start) = segment.find_batch(&log, from, len, Patience::Wait)? else { return Ok(()) };
    let mut scan = HeaderScan::new(&log, start.position, len);
    let mut aborted: Vec<AbortedTransaction> = Vec::new();
    while let Some(entry) = scan.next()? {
        if entry.base_offset >= upto {
            break;
        }
        let Some(header) = entry.header.filter(|header| header.producer_id().is_some()) else { continue };
        let mut bytes = Vec::new();
        let batch = if header.is_control() {
            bytes.resize(entry.size as usize, 0);
            log.read(&mut bytes, entry.position, entry.size as usize)?;
            Some(klamm_protocol::records::Batch::from_parts(header, &bytes))
        } else {
            None
        };
        if let Some(facts) =
            producer_batch(&header, entry.base_offset, batch.as_ref(), TransactionVersion::V0)
        {
            producers.replay(&facts, &mut aborted);
        }
    }
    Ok(())
}

/// Adds the epochs of a trusted segment's batches: for a log whose checkpoint is lost.
pub(super) fn collect_epochs(segment: &Arc<Segment>, epochs: &mut EpochHistory) -> Result<(), ReadError> {
    let log = segment.log_reader(Patience::Wait)?;
    let mut scan = HeaderScan::new(&log, 0, segment.len());
    while let Some(entry) = scan.next()? {
        if let Some(epoch) = entry.leader_epoch.filter(|&epoch| epochs.latest_epoch() < Some(epoch)) {
            epochs.assign(epoch, entry.base_offset);
        }
    }
    Ok(())
}
