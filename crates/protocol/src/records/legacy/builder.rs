//! Writing a message set of format 0 or 1: compaction keeps the format of what it rewrites.

use bytes::{BufMut, Bytes};

use klamm_model::Timestamp;

use super::message::{LOG_APPEND_TIME, OVERHEAD_V0, OVERHEAD_V1};
use crate::records::batch::{LOG_OVERHEAD, NO_TIMESTAMP, TimestampType};
use crate::records::builder::BuildError;
use crate::records::compression::{Codec, Compression, compress_for_magic};
use crate::records::crc::crc32;

/// Collects messages; without compression each is an entry of its own, otherwise one wrapper
/// holds them all.
#[derive(Clone, Debug)]
pub struct LegacyBuilder {
    magic: i8,
    compression: Compression,
    /// The leader's time for all messages, where it set it.
    log_append_time: Option<i64>,
    first_offset: i64,
    last_offset: Option<i64>,
    max_timestamp: i64,
    entries: Vec<u8>,
}

impl LegacyBuilder {
    /// For messages of `magic`.
    ///
    /// # Panics
    /// If `magic` is neither 0 nor 1.
    pub fn new(magic: i8, compression: impl Into<Compression>) -> LegacyBuilder {
        assert!(magic == 0 || magic == 1, "only magic 0 and 1 are legacy formats");
        LegacyBuilder {
            magic,
            compression: compression.into(),
            log_append_time: None,
            first_offset: 0,
            last_offset: None,
            max_timestamp: NO_TIMESTAMP,
            entries: Vec::new(),
        }
    }

    /// With the leader's time for all messages.
    pub fn log_append_time(mut self, now: Timestamp) -> LegacyBuilder {
        self.log_append_time = Some(now.as_millis());
        self
    }

    /// Appends a message at the absolute `offset`.
    pub fn append(
        &mut self,
        offset: i64,
        timestamp: Option<Timestamp>,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
    ) -> Result<(), BuildError> {
        if let Some(last) = self.last_offset
            && offset <= last
        {
            return Err(BuildError::NotIncreasing { offset, last });
        }
        let timestamp = self.log_append_time.or(timestamp.map(Timestamp::as_millis)).unwrap_or(NO_TIMESTAMP);
        if timestamp < NO_TIMESTAMP {
            return Err(BuildError::NegativeTimestamp(timestamp));
        }
        if self.last_offset.is_none() {
            self.first_offset = offset;
        }
        let inner = self.magic == 1 && self.compression.codec() != Codec::None;
        let written = if inner { offset - self.first_offset } else { offset };
        let message = Message { codec: Codec::None, timestamp, key, value };
        let size = self.entries.len() + LOG_OVERHEAD + message.size(self.magic);
        if i32::try_from(size).is_err() {
            return Err(BuildError::TooLarge { size });
        }
        self.write_entry(written, message);
        self.last_offset = Some(offset);
        self.max_timestamp = self.max_timestamp.max(timestamp);
        Ok(())
    }

    /// Writes the entries, or their wrapper. Empty if nothing was appended.
    pub fn finish(mut self) -> Bytes {
        let Some(last_offset) = self.last_offset else { return Bytes::new() };
        if self.compression.codec() == Codec::None {
            return Bytes::from(self.entries);
        }
        let set = std::mem::take(&mut self.entries);
        let mut value = Vec::new();
        compress_for_magic(self.compression, &set, self.magic, &mut value);
        let timestamp = self.log_append_time.unwrap_or(self.max_timestamp);
        let codec = self.compression.codec();
        self.write_entry(last_offset, Message { codec, timestamp, key: None, value: Some(&value) });
        Bytes::from(self.entries)
    }

    fn write_entry(&mut self, offset: i64, message: Message<'_>) {
        let time_type = match (self.magic, self.log_append_time) {
            (1, Some(_)) => TimestampType::LogAppendTime,
            _ => TimestampType::CreateTime,
        };
        let out = &mut self.entries;
        out.put_i64(offset);
        out.put_i32(message.size(self.magic) as i32);
        let start = out.len();
        out.put_u32(0);
        out.put_i8(self.magic);
        out.put_i8(match time_type {
            TimestampType::CreateTime => message.codec.id() as i8,
            TimestampType::LogAppendTime => message.codec.id() as i8 | LOG_APPEND_TIME,
        });
        if self.magic == 1 {
            out.put_i64(message.timestamp);
        }
        for field in [message.key, message.value] {
            out.put_i32(field.map_or(-1, |bytes| bytes.len() as i32));
            out.put_slice(field.unwrap_or_default());
        }
        let crc = crc32(&out[start + 4..]);
        out[start..start + 4].copy_from_slice(&crc.to_be_bytes());
    }
}

struct Message<'a> {
    codec: Codec,
    timestamp: i64,
    key: Option<&'a [u8]>,
    value: Option<&'a [u8]>,
}

impl Message<'_> {
    fn size(&self, magic: i8) -> usize {
        let overhead = if magic == 0 { OVERHEAD_V0 } else { OVERHEAD_V1 };
        overhead + self.key.map_or(0, <[u8]>::len) + self.value.map_or(0, <[u8]>::len)
    }
}
