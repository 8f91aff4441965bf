//! Runs of contiguous batches v2 in a slice: what a produce request, a fetch answer, a segment or a
//! snapshot holds.

use super::batch::{BatchHeader, HEADER_SIZE, verify_crc};
use super::compression::Limits;
use super::errors::{BatchError, RecordError};
use super::reader::{RecordReader, Records};

/// One whole batch: its parsed header and exactly its bytes. The checksum was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch<'a> {
    header: BatchHeader,
    bytes: &'a [u8],
}

impl<'a> Batch<'a> {
    /// The batch at the front of `bytes`.
    pub fn parse(bytes: &'a [u8]) -> Result<Batch<'a>, BatchError> {
        let header = BatchHeader::parse_whole(bytes)?;
        Ok(Batch { header, bytes: &bytes[..header.size()] })
    }

    /// A batch whose header was read already.
    ///
    /// # Panics
    /// If `bytes` has another length than the header says.
    pub fn from_parts(header: BatchHeader, bytes: &'a [u8]) -> Batch<'a> {
        assert_eq!(header.size(), bytes.len(), "the bytes of a batch are as long as its header says");
        Batch { header, bytes }
    }

    /// The header.
    pub fn header(&self) -> &BatchHeader {
        &self.header
    }

    /// The whole batch.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// What follows the header: records, or their compressed form.
    pub fn body(&self) -> &'a [u8] {
        &self.bytes[HEADER_SIZE..]
    }

    /// Checks the checksum.
    pub fn verify_crc(&self) -> Result<(), BatchError> {
        verify_crc(self.bytes)
    }

    /// The records, where they lie uncompressed in the slice; `None` for a compressed batch.
    pub fn records_in_place(&self) -> Option<Records<'a>> {
        (!self.header.is_compressed()).then(|| Records::new(&self.header, self.body()))
    }

    /// The records one by one, decompressed as they are asked for.
    pub fn records(&self, limits: Limits) -> Result<RecordReader<'a>, RecordError> {
        RecordReader::new(&self.header, self.body(), limits)
    }
}

/// Iterates over the batches of a slice and stops at the first that is not whole or not a batch.
///
/// An error is given once and names its kind: [`BatchError::Incomplete`] is a tail that may still
/// come (a fetch answer cut at its size limit, a torn write), any other error is corruption.
#[derive(Clone, Debug)]
pub struct Batches<'a> {
    bytes: &'a [u8],
    position: usize,
    max_length: i32,
    failed: bool,
}

impl<'a> Batches<'a> {
    /// Over all of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Batches<'a> {
        Batches { bytes, position: 0, max_length: i32::MAX, failed: false }
    }

    /// Takes a length field above `max_length` for corruption instead of for a tail to wait for.
    pub fn with_max_length(mut self, max_length: i32) -> Batches<'a> {
        self.max_length = max_length;
        self
    }

    /// Where the next batch starts: the end of the last whole one.
    pub fn position(&self) -> usize {
        self.position
    }

    fn parse_next(&self) -> Result<Batch<'a>, BatchError> {
        let rest = &self.bytes[self.position..];
        if let Some(length) = rest.get(8..12).and_then(|field| field.first_chunk()) {
            let length = i32::from_be_bytes(*length);
            if length > self.max_length {
                return Err(BatchError::TooLong { at: self.position, length, most: self.max_length });
            }
        }
        Batch::parse(rest).map_err(|error| error.moved(self.position))
    }
}

impl<'a> Iterator for Batches<'a> {
    type Item = Result<Batch<'a>, BatchError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.position == self.bytes.len() {
            return None;
        }
        let next = self.parse_next();
        match &next {
            Ok(batch) => self.position += batch.bytes.len(),
            Err(_) => self.failed = true,
        }
        Some(next)
    }
}
