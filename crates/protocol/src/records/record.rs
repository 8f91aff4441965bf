//! One record of a batch v2 (Kafka's `DefaultRecord`): reading without copies, and writing.
//!
//! ```text
//! size varint | attributes i8 (unused) | timestamp delta varlong | offset delta varint
//! key: varint length (-1 null) + bytes | value: the same
//! header count varint | per header: varint key length + bytes, value as above
//! ```

use bytes::BufMut;

use klamm_model::{Offset, Timestamp};

use super::batch::{BatchHeader, TimestampType};
use super::errors::RecordError;
use super::varint::{self, VarintError};

/// A record; key, value and headers are slices of the batch or of a decompression buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Unused by Kafka; kept.
    pub attributes: i8,
    /// Distance from the batch's base timestamp, in ms.
    pub timestamp_delta: i64,
    /// Distance from the batch's base offset.
    pub offset_delta: i32,
    /// The key; `None` is null.
    pub key: Option<&'a [u8]>,
    /// The value; `None` is a tombstone.
    pub value: Option<&'a [u8]>,
    /// The headers in their order.
    pub headers: Headers<'a>,
    /// Bytes in the batch, its size field included.
    pub size: usize,
}

impl<'a> Record<'a> {
    /// The record's offset in the log.
    pub fn offset(&self, header: &BatchHeader) -> Option<Offset> {
        header.base_offset.checked_add(i64::from(self.offset_delta)).and_then(Offset::new)
    }

    /// The record's time: the batch's, if the leader set it.
    pub fn timestamp(&self, header: &BatchHeader) -> Timestamp {
        Timestamp::from_millis(match header.timestamp_type() {
            TimestampType::CreateTime => header.base_timestamp.wrapping_add(self.timestamp_delta),
            TimestampType::LogAppendTime => header.max_timestamp,
        })
    }

    /// Reads the body of record `index`: exactly the bytes its size field counts.
    pub(crate) fn parse_body(body: &'a [u8], index: u32) -> Result<Record<'a>, RecordError> {
        let size = body.len() + varint::size_i32(body.len() as i32);
        let mut fields = Fields { rest: body, index };
        let attributes = fields.byte()?;
        let timestamp_delta = fields.long()?;
        let offset_delta = fields.int()?;
        let key = fields.nullable()?;
        let value = fields.nullable()?;
        let headers = fields.headers()?;
        if !fields.rest.is_empty() {
            return Err(RecordError::TrailingBytes { index, unread: fields.rest.len() });
        }
        Ok(Record { attributes, timestamp_delta, offset_delta, key, value, headers, size })
    }
}

/// A header: a name and a value that may be null. Names are UTF-8 by convention; nobody checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// The name.
    pub key: &'a [u8],
    /// The value.
    pub value: Option<&'a [u8]>,
}

/// The headers of a record, checked to be whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Headers<'a> {
    count: u32,
    bytes: &'a [u8],
}

impl<'a> Headers<'a> {
    /// How many.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One by one, in their order.
    pub fn iter(&self) -> impl Iterator<Item = Header<'a>> + use<'a> {
        let mut fields = Fields { rest: self.bytes, index: 0 };
        (0..self.count).map(move |_| fields.header().expect("headers were checked when the record was read"))
    }
}

/// Reads fields from the front of a record's body.
struct Fields<'a> {
    rest: &'a [u8],
    index: u32,
}

impl<'a> Fields<'a> {
    #[inline]
    fn byte(&mut self) -> Result<i8, RecordError> {
        match self.rest.split_first() {
            Some((&byte, rest)) => {
                self.rest = rest;
                Ok(byte as i8)
            }
            None => Err(RecordError::Varint { index: self.index, cause: VarintError::Truncated }),
        }
    }

    #[inline]
    fn int(&mut self) -> Result<i32, RecordError> {
        let index = self.index;
        varint::read_i32(&mut self.rest).map_err(|cause| RecordError::Varint { index, cause })
    }

    #[inline]
    fn long(&mut self) -> Result<i64, RecordError> {
        let index = self.index;
        varint::read_i64(&mut self.rest).map_err(|cause| RecordError::Varint { index, cause })
    }

    #[inline]
    fn bytes(&mut self, length: i32) -> Result<&'a [u8], RecordError> {
        let field = usize::try_from(length).ok().and_then(|length| self.rest.split_at_checked(length));
        let Some((field, rest)) = field else {
            return Err(RecordError::BadField { index: self.index, length, remaining: self.rest.len() });
        };
        self.rest = rest;
        Ok(field)
    }

    /// Any negative length is null, as Kafka reads it.
    #[inline]
    fn nullable(&mut self) -> Result<Option<&'a [u8]>, RecordError> {
        let length = self.int()?;
        if length < 0 { Ok(None) } else { self.bytes(length).map(Some) }
    }

    fn header(&mut self) -> Result<Header<'a>, RecordError> {
        let length = self.int()?;
        if length < 0 {
            return Err(RecordError::NullHeaderKey { index: self.index, length });
        }
        Ok(Header { key: self.bytes(length)?, value: self.nullable()? })
    }

    #[inline]
    fn headers(&mut self) -> Result<Headers<'a>, RecordError> {
        let count = self.int()?;
        if count == 0 {
            return Ok(Headers::default());
        }
        // A header has at least two bytes, so the count bounds the loop below by the record's size.
        if count < 0 || count as usize > self.rest.len() {
            let remaining = self.rest.len();
            return Err(RecordError::BadHeaderCount { index: self.index, count, remaining });
        }
        let start = self.rest;
        for _ in 0..count {
            self.header()?;
        }
        let bytes = &start[..start.len() - self.rest.len()];
        Ok(Headers { count: count as u32, bytes })
    }
}

/// Bytes of a record without its size field: what [`write_record`] is going to write.
pub(crate) fn body_size(
    deltas: (i32, i64),
    key: Option<&[u8]>,
    value: Option<&[u8]>,
    headers: &[Header<'_>],
) -> usize {
    let (offset_delta, timestamp_delta) = deltas;
    1 + varint::size_i32(offset_delta) + varint::size_i64(timestamp_delta) + payload_size(key, value, headers)
}

/// Bytes of key, value and headers with their lengths.
pub(crate) fn payload_size(key: Option<&[u8]>, value: Option<&[u8]>, headers: &[Header<'_>]) -> usize {
    let fields = nullable_size(key) + nullable_size(value) + varint::size_i32(headers.len() as i32);
    headers
        .iter()
        .fold(fields, |size, header| size + nullable_size(Some(header.key)) + nullable_size(header.value))
}

fn nullable_size(field: Option<&[u8]>) -> usize {
    field.map_or(1, |bytes| varint::size_i32(bytes.len() as i32) + bytes.len())
}

/// Appends a record with its size field.
pub(crate) fn write_record(
    out: &mut impl BufMut,
    deltas: (i32, i64),
    key: Option<&[u8]>,
    value: Option<&[u8]>,
    headers: &[Header<'_>],
) {
    let (offset_delta, timestamp_delta) = deltas;
    varint::write_i32(out, body_size(deltas, key, value, headers) as i32);
    out.put_u8(0);
    varint::write_i64(out, timestamp_delta);
    varint::write_i32(out, offset_delta);
    write_nullable(out, key);
    write_nullable(out, value);
    varint::write_i32(out, headers.len() as i32);
    for header in headers {
        write_nullable(out, Some(header.key));
        write_nullable(out, header.value);
    }
}

fn write_nullable(out: &mut impl BufMut, field: Option<&[u8]>) {
    match field {
        Some(bytes) => {
            varint::write_i32(out, bytes.len() as i32);
            out.put_slice(bytes);
        }
        None => varint::write_i32(out, -1),
    }
}
