//! Generated from `schemas/AllocateProducerIdsResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `AllocateProducerIdsResponse` (response, key 67): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AllocateProducerIdsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions; a `producerId`.
    pub producer_id_start: i64,
    /// All versions.
    pub producer_id_len: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for AllocateProducerIdsResponse {
    const NAME: &'static str = "AllocateProducerIdsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for AllocateProducerIdsResponse {
    const MIN_LEN: usize = 19;

    fn read(reader: &mut Reader, _version: i16) -> Result<AllocateProducerIdsResponse, DecodeError> {
        Ok(AllocateProducerIdsResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            producer_id_start: reader.i64()?,
            producer_id_len: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        writer.i64(self.producer_id_start);
        writer.i32(self.producer_id_len);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AllocateProducerIdsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        object.field("producerIdStart", &self.producer_id_start, version);
        object.field("producerIdLen", &self.producer_id_len, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AllocateProducerIdsResponse {
    fn random(random: &mut crate::testing::Source, _version: i16) -> AllocateProducerIdsResponse {
        AllocateProducerIdsResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            producer_id_start: random.i64(),
            producer_id_len: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
