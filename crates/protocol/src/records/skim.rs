//! What validation needs to know of a record in a stream, without holding the record: keys, values
//! and headers are passed over chunk by chunk, so that a record of any size costs no memory.

use super::compression::Decompressor;
use super::errors::RecordError;
use super::record::Record;
use super::varint::{self, VarintError};

/// A record without its contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordFacts {
    /// Distance from the batch's base timestamp, in ms.
    pub timestamp_delta: i64,
    /// Distance from the batch's base offset.
    pub offset_delta: i32,
    /// Whether the key is not null.
    pub has_key: bool,
}

impl From<Record<'_>> for RecordFacts {
    #[inline]
    fn from(record: Record<'_>) -> RecordFacts {
        RecordFacts {
            timestamp_delta: record.timestamp_delta,
            offset_delta: record.offset_delta,
            has_key: record.key.is_some(),
        }
    }
}

/// What [`skim`] tells, of a body that lies in one piece.
#[inline]
pub(super) fn skim_in_place(body: &[u8], index: u32) -> Result<RecordFacts, RecordError> {
    match facts(body) {
        Some(facts) => Ok(facts),
        // Anything else is worth the time to find out what.
        None => Record::parse_body(body, index).map(RecordFacts::from),
    }
}

/// The facts of a sound record without headers, which nearly all are.
#[inline]
fn facts(body: &[u8]) -> Option<RecordFacts> {
    let (_attributes, mut rest) = body.split_first()?;
    let timestamp_delta = varint::read_i64(&mut rest).ok()?;
    let offset_delta = varint::read_i32(&mut rest).ok()?;
    let key = varint::read_i32(&mut rest).ok()?;
    rest = rest.get(key.max(0) as usize..)?;
    let value = varint::read_i32(&mut rest).ok()?;
    rest = rest.get(value.max(0) as usize..)?;
    (rest == [0]).then_some(RecordFacts { timestamp_delta, offset_delta, has_key: key >= 0 })
}

/// Passes over the body of record `index`, of `size` bytes, and checks its structure as reading it
/// would.
pub(super) fn skim(
    stream: &mut Decompressor<'_>,
    index: u32,
    size: usize,
) -> Result<RecordFacts, RecordError> {
    let mut body = Body { stream, index, size, left: size };
    body.byte()?;
    let timestamp_delta = body.long()?;
    let offset_delta = body.int()?;
    let has_key = body.pass_nullable()?;
    body.pass_nullable()?;
    body.pass_headers()?;
    match body.left {
        0 => Ok(RecordFacts { timestamp_delta, offset_delta, has_key }),
        unread => Err(RecordError::TrailingBytes { index, unread }),
    }
}

struct Body<'s, 'a> {
    stream: &'s mut Decompressor<'a>,
    index: u32,
    size: usize,
    left: usize,
}

impl Body<'_, '_> {
    /// The bytes of the record that are there; at least one, if any is left of the record.
    fn chunk(&mut self) -> Result<&[u8], RecordError> {
        let (index, left) = (self.index, self.left);
        let (size, remaining) = (self.size as i32, self.size - self.left);
        let chunk = self.stream.fill().map_err(|cause| RecordError::Compression { index, cause })?;
        if chunk.is_empty() && left > 0 {
            return Err(RecordError::BadSize { index, size, remaining });
        }
        Ok(&chunk[..chunk.len().min(left)])
    }

    fn consume(&mut self, count: usize) {
        self.stream.consume(count);
        self.left -= count;
    }

    fn byte(&mut self) -> Result<u8, RecordError> {
        let index = self.index;
        let Some(&byte) = self.chunk()?.first() else {
            return Err(RecordError::Varint { index, cause: VarintError::Truncated });
        };
        self.consume(1);
        Ok(byte)
    }

    /// The bytes of a varint of at most `N`.
    fn varint<const N: usize>(&mut self) -> Result<[u8; N], RecordError> {
        let mut bytes = [0; N];
        for place in &mut bytes {
            *place = self.byte()?;
            if *place < 0x80 {
                break;
            }
        }
        Ok(bytes)
    }

    fn int(&mut self) -> Result<i32, RecordError> {
        let (bytes, index) = (self.varint::<5>()?, self.index);
        varint::read_i32(&mut &bytes[..]).map_err(|cause| RecordError::Varint { index, cause })
    }

    fn long(&mut self) -> Result<i64, RecordError> {
        let (bytes, index) = (self.varint::<10>()?, self.index);
        varint::read_i64(&mut &bytes[..]).map_err(|cause| RecordError::Varint { index, cause })
    }

    fn pass(&mut self, length: i32) -> Result<(), RecordError> {
        let (index, remaining) = (self.index, self.left);
        let mut rest = match usize::try_from(length) {
            Ok(rest) if rest <= remaining => rest,
            _ => return Err(RecordError::BadField { index, length, remaining }),
        };
        while rest > 0 {
            let count = self.chunk()?.len().min(rest);
            self.consume(count);
            rest -= count;
        }
        Ok(())
    }

    /// Whether the field is not null.
    fn pass_nullable(&mut self) -> Result<bool, RecordError> {
        let length = self.int()?;
        if length >= 0 {
            self.pass(length)?;
        }
        Ok(length >= 0)
    }

    fn pass_headers(&mut self) -> Result<(), RecordError> {
        let (count, index) = (self.int()?, self.index);
        if count < 0 || count as usize > self.left {
            return Err(RecordError::BadHeaderCount { index, count, remaining: self.left });
        }
        for _ in 0..count {
            let length = self.int()?;
            if length < 0 {
                return Err(RecordError::NullHeaderKey { index, length });
            }
            self.pass(length)?;
            self.pass_nullable()?;
        }
        Ok(())
    }
}
