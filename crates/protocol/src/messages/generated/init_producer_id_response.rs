//! Generated from `schemas/InitProducerIdResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `InitProducerIdResponse` (response, key 22): versions 0-6, flexible 2+.
#[derive(Clone, Debug, PartialEq)]
pub struct InitProducerIdResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions; default -1; a `producerId`.
    pub producer_id: i64,
    /// All versions.
    pub producer_epoch: i16,
    /// Versions 6+; default -1; a `producerId`.
    pub ongoing_txn_producer_id: i64,
    /// Versions 6+; default -1.
    pub ongoing_txn_producer_epoch: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for InitProducerIdResponse {
    fn default() -> InitProducerIdResponse {
        InitProducerIdResponse {
            throttle_time_ms: 0,
            error_code: 0,
            producer_id: -1,
            producer_epoch: 0,
            ongoing_txn_producer_id: -1,
            ongoing_txn_producer_epoch: -1,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for InitProducerIdResponse {
    const NAME: &'static str = "InitProducerIdResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=6;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Element for InitProducerIdResponse {
    const MIN_LEN: usize = 16;

    fn read(reader: &mut Reader, version: i16) -> Result<InitProducerIdResponse, DecodeError> {
        Ok(InitProducerIdResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            producer_id: reader.i64()?,
            producer_epoch: reader.i16()?,
            ongoing_txn_producer_id: if version == 6 { reader.i64()? } else { -1 },
            ongoing_txn_producer_epoch: if version == 6 { reader.i16()? } else { -1 },
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        writer.i64(self.producer_id);
        writer.i16(self.producer_epoch);
        if version == 6 {
            writer.i64(self.ongoing_txn_producer_id);
        } else if self.ongoing_txn_producer_id != -1 {
            return Err(EncodeError::NotInVersion {
                message: "InitProducerIdResponse",
                field: "OngoingTxnProducerId",
                version,
            });
        }
        if version == 6 {
            writer.i16(self.ongoing_txn_producer_epoch);
        } else if self.ongoing_txn_producer_epoch != -1 {
            return Err(EncodeError::NotInVersion {
                message: "InitProducerIdResponse",
                field: "OngoingTxnProducerEpoch",
                version,
            });
        }
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "InitProducerIdResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for InitProducerIdResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        object.field("producerId", &self.producer_id, version);
        object.field("producerEpoch", &self.producer_epoch, version);
        if version == 6 {
            object.field("ongoingTxnProducerId", &self.ongoing_txn_producer_id, version);
        }
        if version == 6 {
            object.field("ongoingTxnProducerEpoch", &self.ongoing_txn_producer_epoch, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for InitProducerIdResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> InitProducerIdResponse {
        InitProducerIdResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            producer_id: random.i64(),
            producer_epoch: random.i16(),
            ongoing_txn_producer_id: if version == 6 { random.i64() } else { -1 },
            ongoing_txn_producer_epoch: if version == 6 { random.i16() } else { -1 },
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
