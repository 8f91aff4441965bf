//! One entry of a message set: a message, or the wrapper of compressed ones.

use klamm_model::{Offset, Timestamp};

use super::message::{LegacyMessage, OVERHEAD_V0, OVERHEAD_V1};
use super::reader::LegacyReader;
use crate::records::batch::{LOG_OVERHEAD, MAGIC_AT, NO_TIMESTAMP, TimestampType};
use crate::records::compression::{Codec, Limits};
use crate::records::errors::{BatchError, RecordError};

/// An entry whose message lies whole in the slice. Its checksum was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegacyBatch<'a> {
    offset: i64,
    bytes: &'a [u8],
    message: LegacyMessage<'a>,
}

impl<'a> LegacyBatch<'a> {
    /// The entry at the front of `bytes`, of magic 0 or 1.
    pub fn parse(bytes: &'a [u8]) -> Result<LegacyBatch<'a>, BatchError> {
        let Some(header) = bytes.first_chunk::<{ MAGIC_AT + 1 }>() else {
            return Err(BatchError::Incomplete { at: 0, have: bytes.len(), need: MAGIC_AT + 1 });
        };
        let offset = i64::from_be_bytes(*header.first_chunk().expect("eight of seventeen bytes"));
        let length = i32::from_be_bytes([header[8], header[9], header[10], header[11]]);
        let magic = header[MAGIC_AT] as i8;
        let least = match magic {
            0 => OVERHEAD_V0 as i32,
            1 => OVERHEAD_V1 as i32,
            _ => return Err(BatchError::BadMagic { at: 0, magic }),
        };
        if length < least {
            return Err(BatchError::BadLength { at: 0, length, least });
        }
        let size = LOG_OVERHEAD + length as usize;
        let Some(entry) = bytes.get(..size) else {
            return Err(BatchError::Incomplete { at: 0, have: bytes.len(), need: size });
        };
        if offset < 0 {
            return Err(BatchError::BadBaseOffset { at: 0, base_offset: offset });
        }
        let Some(message) = LegacyMessage::parse(&entry[LOG_OVERHEAD..]) else {
            return Err(BatchError::BadMessage { at: 0, length });
        };
        if Codec::from_id(message.codec_bits()).is_none() {
            return Err(BatchError::BadCodec { at: 0, codec: message.codec_bits() });
        }
        Ok(LegacyBatch { offset, bytes: entry, message })
    }

    /// The whole entry.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Its message: the outer one, if it wraps others.
    pub fn message(&self) -> &LegacyMessage<'a> {
        &self.message
    }

    /// Offset of the message, or of the last one it wraps. The first one's is known only by
    /// decompressing.
    pub fn last_offset(&self) -> Offset {
        Offset::at(self.offset)
    }

    /// How the wrapped messages are compressed.
    pub fn codec(&self) -> Codec {
        Codec::from_id(self.message.codec_bits()).expect("parse refuses a codec that does not exist")
    }

    /// The message's timestamp, for a wrapper the largest it wraps.
    pub fn max_timestamp(&self) -> Option<Timestamp> {
        let millis = self.message.timestamp();
        (millis != NO_TIMESTAMP).then(|| Timestamp::from_millis(millis))
    }

    /// Whose timestamp it is; `None` at magic 0.
    pub fn timestamp_type(&self) -> Option<TimestampType> {
        self.message.timestamp_type()
    }

    /// Checks the checksum of the (outer) message.
    pub fn verify_crc(&self) -> Result<(), BatchError> {
        let (stored, computed) = (self.message.crc(), self.message.compute_crc());
        if stored == computed { Ok(()) } else { Err(BatchError::BadCrc { at: 0, stored, computed }) }
    }

    /// The message, or the messages it wraps, one by one.
    pub fn records(&self, limits: Limits) -> Result<LegacyReader<'a>, RecordError> {
        LegacyReader::new(self, limits)
    }

    pub(super) fn raw_offset(&self) -> i64 {
        self.offset
    }
}
