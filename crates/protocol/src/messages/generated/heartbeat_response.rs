//! Generated from `schemas/HeartbeatResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `HeartbeatResponse` (response, key 12): versions 0-4, flexible 4+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeartbeatResponse {
    /// Versions 1+; lost in others.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for HeartbeatResponse {
    const NAME: &'static str = "HeartbeatResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=4;
    const FLEXIBLE_FROM: Option<i16> = Some(4);
}

impl Element for HeartbeatResponse {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<HeartbeatResponse, DecodeError> {
        Ok(HeartbeatResponse {
            throttle_time_ms: if version >= 1 { reader.i32()? } else { 0 },
            error_code: reader.i16()?,
            unknown_tagged_fields: if version == 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        if version >= 1 {
            writer.i32(self.throttle_time_ms);
        }
        writer.i16(self.error_code);
        if version == 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "HeartbeatResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for HeartbeatResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 1 {
            object.field("throttleTimeMs", &self.throttle_time_ms, version);
        }
        object.field("errorCode", &self.error_code, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for HeartbeatResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> HeartbeatResponse {
        HeartbeatResponse {
            throttle_time_ms: if version >= 1 { random.i32() } else { 0 },
            error_code: random.i16(),
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
