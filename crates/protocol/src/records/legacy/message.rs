//! One message of format 0 or 1: the part of an entry after its offset and length.

use crate::records::batch::{NO_TIMESTAMP, TimestampType};
use crate::records::crc::crc32;

/// Bytes of a message of magic 0 without key and value.
pub(super) const OVERHEAD_V0: usize = 14;
/// Bytes of a message of magic 1 without key and value.
pub(super) const OVERHEAD_V1: usize = 22;
pub(super) const CODEC: i8 = 0x07;
pub(super) const LOG_APPEND_TIME: i8 = 0x08;

/// A message whose parts were checked to lie inside its bytes. Its checksum was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegacyMessage<'a> {
    bytes: &'a [u8],
    key: Option<&'a [u8]>,
    value: Option<&'a [u8]>,
}

impl<'a> LegacyMessage<'a> {
    /// Reads the message that is all of `bytes`, whose magic must be 0 or 1. `None` if it is
    /// shorter than its format or a length leads out of it. Bytes after the value are ignored.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<LegacyMessage<'a>> {
        let fields = match bytes.get(4)? {
            0 if bytes.len() >= OVERHEAD_V0 => &bytes[6..],
            1 if bytes.len() >= OVERHEAD_V1 => &bytes[14..],
            _ => return None,
        };
        let (key, rest) = take_nullable(fields)?;
        let (value, _) = take_nullable(rest)?;
        Some(LegacyMessage { bytes, key, value })
    }

    /// The whole message.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// 0 or 1.
    pub fn magic(&self) -> i8 {
        self.bytes[4] as i8
    }

    /// The attributes.
    pub fn attributes(&self) -> i8 {
        self.bytes[5] as i8
    }

    /// Codec bits of the attributes, 0 to 7.
    pub(super) fn codec_bits(&self) -> u8 {
        (self.attributes() & CODEC) as u8
    }

    /// Whether the value is a compressed message set.
    pub fn is_compressed(&self) -> bool {
        self.codec_bits() != 0
    }

    /// The message's own timestamp; -1 where it has none, as always at magic 0.
    pub(crate) fn timestamp(&self) -> i64 {
        match (self.magic(), self.bytes[6..].first_chunk()) {
            (1, Some(field)) => i64::from_be_bytes(*field),
            _ => NO_TIMESTAMP,
        }
    }

    /// Whose timestamp it is; `None` at magic 0.
    pub fn timestamp_type(&self) -> Option<TimestampType> {
        match (self.magic(), self.attributes() & LOG_APPEND_TIME) {
            (0, _) => None,
            (_, 0) => Some(TimestampType::CreateTime),
            (_, _) => Some(TimestampType::LogAppendTime),
        }
    }

    /// The key; `None` is null.
    pub fn key(&self) -> Option<&'a [u8]> {
        self.key
    }

    /// The value; `None` is a tombstone.
    pub fn value(&self) -> Option<&'a [u8]> {
        self.value
    }

    /// The stored checksum.
    pub fn crc(&self) -> u32 {
        u32::from_be_bytes([self.bytes[0], self.bytes[1], self.bytes[2], self.bytes[3]])
    }

    /// The checksum of the bytes.
    pub fn compute_crc(&self) -> u32 {
        crc32(&self.bytes[4..])
    }

    /// Whether both are the same.
    pub fn is_valid(&self) -> bool {
        self.crc() == self.compute_crc()
    }
}

fn take_nullable(bytes: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    match usize::try_from(i32::from_be_bytes(*length)) {
        Ok(length) => rest.split_at_checked(length).map(|(field, rest)| (Some(field), rest)),
        // Any negative length is null.
        Err(_) => Some((None, rest)),
    }
}
