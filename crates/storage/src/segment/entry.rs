//! One entry of a segment's log, seen by its header alone: batches v2, and what remains of formats
//! 0 and 1.

use klamm_model::{LeaderEpoch, Offset, Timestamp};
use klamm_protocol::records::batch::{HEADER_SIZE, LOG_OVERHEAD, MAGIC_V2};
use klamm_protocol::records::{BatchError, BatchHeader};

use crate::error::ReadError;
use crate::reader::Reader;

/// Where the magic byte is, in all formats.
const MAGIC_AT: usize = 16;
/// Bytes that tell the size and format of any entry.
const LEAST: usize = MAGIC_AT + 1;
/// Crc, magic, attributes, key and value length of format 0.
const LEGACY_LEAST: i32 = 14;
/// Read at once while walking from header to header.
const CHUNK: usize = 4096;

/// An entry of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// First byte in the file.
    pub(crate) position: u64,
    /// Bytes.
    pub(crate) size: u32,
    /// Offset of the first record; for formats 0 and 1 that of the last, which the header has.
    pub(crate) base_offset: Offset,
    /// Offset of the last record.
    pub(crate) last_offset: Offset,
    /// Largest timestamp.
    pub(crate) max_timestamp: Option<Timestamp>,
    /// Epoch of the leader that wrote it.
    pub(crate) leader_epoch: Option<LeaderEpoch>,
    /// The header, of format 2.
    pub(crate) header: Option<BatchHeader>,
}

/// Bytes that are no entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EntryError {
    /// The entry goes on after the end of the bytes.
    Incomplete,
    /// No entry begins like this.
    Bad(String),
}

impl Entry {
    /// Reads the header at the front of `bytes`, which lies at `position` of the file. The bytes
    /// need not hold the records.
    pub(crate) fn parse(bytes: &[u8], position: u64) -> Result<Entry, EntryError> {
        let Some(fixed) = bytes.first_chunk::<LEAST>() else { return Err(EntryError::Incomplete) };
        if fixed[MAGIC_AT] as i8 >= MAGIC_V2 {
            return Entry::parse_batch(bytes, position);
        }
        let size = i32::from_be_bytes([fixed[8], fixed[9], fixed[10], fixed[11]]);
        let offset = i64::from_be_bytes(*fixed.first_chunk().expect("longer than eight bytes"));
        let (true, Some(offset)) = (size >= LEGACY_LEAST, Offset::new(offset).filter(|at| *at < Offset::MAX))
        else {
            return Err(EntryError::Bad(format!("size {size}, offset {offset}")));
        };
        let max_timestamp = match fixed[MAGIC_AT] {
            0 => None,
            1 => legacy_timestamp(bytes)?,
            magic => return Err(EntryError::Bad(format!("magic {}", magic as i8))),
        };
        let size = size as u32 + LOG_OVERHEAD as u32;
        let (base_offset, last_offset) = (offset, offset);
        Ok(Entry {
            position,
            size,
            base_offset,
            last_offset,
            max_timestamp,
            leader_epoch: None,
            header: None,
        })
    }

    fn parse_batch(bytes: &[u8], position: u64) -> Result<Entry, EntryError> {
        let header = match BatchHeader::parse(bytes) {
            Ok(header) if header.last_offset() == Offset::MAX => {
                return Err(EntryError::Bad("it ends at the largest offset".into()));
            }
            Ok(header) => header,
            Err(BatchError::Incomplete { .. }) if bytes.len() < HEADER_SIZE => {
                return Err(EntryError::Incomplete);
            }
            Err(error) => return Err(EntryError::Bad(error.to_string())),
        };
        Ok(Entry {
            position,
            size: u32::try_from(header.size()).map_err(|_| EntryError::Bad("larger than 4 GiB".into()))?,
            base_offset: header.base_offset(),
            last_offset: header.last_offset(),
            max_timestamp: header.max_timestamp(),
            leader_epoch: header.leader_epoch(),
            header: Some(header),
        })
    }

    /// First byte after it.
    pub(crate) fn end(&self) -> u64 {
        self.position + u64::from(self.size)
    }
}

fn legacy_timestamp(bytes: &[u8]) -> Result<Option<Timestamp>, EntryError> {
    let field = bytes.get(18..26).and_then(|field| field.first_chunk()).ok_or(EntryError::Incomplete)?;
    let millis = i64::from_be_bytes(*field);
    Ok((millis != -1).then(|| Timestamp::from_millis(millis)))
}

/// Walks a segment's log from header to header.
#[derive(Debug)]
pub(crate) struct HeaderScan<'a> {
    reader: &'a Reader,
    position: u64,
    end: u64,
    chunk: [u8; CHUNK],
    chunk_start: u64,
    chunk_len: usize,
}

impl<'a> HeaderScan<'a> {
    /// From `position`, where an entry begins, to `end`.
    pub(crate) fn new(reader: &'a Reader, position: u64, end: u64) -> HeaderScan<'a> {
        HeaderScan { reader, position, end, chunk: [0; CHUNK], chunk_start: 0, chunk_len: 0 }
    }

    /// The next entry; `None` at the end. An entry that is none, or goes on after the end, is an
    /// error: what readers may see is whole.
    pub(crate) fn next(&mut self) -> Result<Option<Entry>, ReadError> {
        if self.position >= self.end {
            return Ok(None);
        }
        let entry = match Entry::parse(self.buffered(), self.position) {
            Err(EntryError::Incomplete) => {
                self.fill()?;
                Entry::parse(self.buffered(), self.position)
            }
            parsed => parsed,
        };
        match entry {
            Ok(entry) if entry.end() <= self.end => {
                self.position = entry.end();
                Ok(Some(entry))
            }
            Ok(_) | Err(EntryError::Incomplete) => {
                Err(self.reader.corrupt(self.position, "a batch goes on after the end of the segment"))
            }
            Err(EntryError::Bad(reason)) => Err(self.reader.corrupt(self.position, reason)),
        }
    }

    fn buffered(&self) -> &[u8] {
        let skip = self.position.wrapping_sub(self.chunk_start);
        match usize::try_from(skip) {
            Ok(skip) if skip < self.chunk_len => &self.chunk[skip..self.chunk_len],
            _ => &[],
        }
    }

    fn fill(&mut self) -> Result<(), ReadError> {
        let rest = usize::try_from(self.end - self.position).unwrap_or(usize::MAX);
        let want = rest.min(CHUNK);
        self.chunk_start = self.position;
        self.chunk_len = self.reader.read(&mut self.chunk[..want], self.position, want.min(HEADER_SIZE))?;
        Ok(())
    }
}
