//! Generated from `schemas/ExpireDelegationTokenResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `ExpireDelegationTokenResponse` (response, key 40): versions 1-2, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExpireDelegationTokenResponse {
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub expiry_timestamp_ms: i64,
    /// All versions.
    pub throttle_time_ms: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ExpireDelegationTokenResponse {
    const NAME: &'static str = "ExpireDelegationTokenResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Element for ExpireDelegationTokenResponse {
    const MIN_LEN: usize = 14;

    fn read(reader: &mut Reader, version: i16) -> Result<ExpireDelegationTokenResponse, DecodeError> {
        Ok(ExpireDelegationTokenResponse {
            error_code: reader.i16()?,
            expiry_timestamp_ms: reader.i64()?,
            throttle_time_ms: reader.i32()?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i16(self.error_code);
        writer.i64(self.expiry_timestamp_ms);
        writer.i32(self.throttle_time_ms);
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ExpireDelegationTokenResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ExpireDelegationTokenResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("expiryTimestampMs", &self.expiry_timestamp_ms, version);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ExpireDelegationTokenResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ExpireDelegationTokenResponse {
        ExpireDelegationTokenResponse {
            error_code: random.i16(),
            expiry_timestamp_ms: random.i64(),
            throttle_time_ms: random.i32(),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
