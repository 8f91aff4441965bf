//! Generated from `schemas/EndTxnResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `EndTxnResponse` (response, key 26): versions 0-5, flexible 3+.
#[derive(Clone, Debug, PartialEq)]
pub struct EndTxnResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// Versions 5+; default -1; lost in others; a `producerId`.
    pub producer_id: i64,
    /// Versions 5+; default -1; lost in others.
    pub producer_epoch: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for EndTxnResponse {
    fn default() -> EndTxnResponse {
        EndTxnResponse {
            throttle_time_ms: 0,
            error_code: 0,
            producer_id: -1,
            producer_epoch: -1,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for EndTxnResponse {
    const NAME: &'static str = "EndTxnResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(3);
}

impl Element for EndTxnResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<EndTxnResponse, DecodeError> {
        Ok(EndTxnResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            producer_id: if version == 5 { reader.i64()? } else { -1 },
            producer_epoch: if version == 5 { reader.i16()? } else { -1 },
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        if version == 5 {
            writer.i64(self.producer_id);
        }
        if version == 5 {
            writer.i16(self.producer_epoch);
        }
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "EndTxnResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for EndTxnResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        if version == 5 {
            object.field("producerId", &self.producer_id, version);
        }
        if version == 5 {
            object.field("producerEpoch", &self.producer_epoch, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for EndTxnResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> EndTxnResponse {
        EndTxnResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            producer_id: if version == 5 { random.i64() } else { -1 },
            producer_epoch: if version == 5 { random.i16() } else { -1 },
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
