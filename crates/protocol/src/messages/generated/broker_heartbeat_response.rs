//! Generated from `schemas/BrokerHeartbeatResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `BrokerHeartbeatResponse` (response, key 63): versions 0-2, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerHeartbeatResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub is_caught_up: bool,
    /// All versions; default true.
    pub is_fenced: bool,
    /// All versions.
    pub should_shut_down: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for BrokerHeartbeatResponse {
    fn default() -> BrokerHeartbeatResponse {
        BrokerHeartbeatResponse {
            throttle_time_ms: 0,
            error_code: 0,
            is_caught_up: false,
            is_fenced: true,
            should_shut_down: false,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for BrokerHeartbeatResponse {
    const NAME: &'static str = "BrokerHeartbeatResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for BrokerHeartbeatResponse {
    const MIN_LEN: usize = 10;

    fn read(reader: &mut Reader, _version: i16) -> Result<BrokerHeartbeatResponse, DecodeError> {
        Ok(BrokerHeartbeatResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            is_caught_up: reader.bool()?,
            is_fenced: reader.bool()?,
            should_shut_down: reader.bool()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        writer.bool(self.is_caught_up);
        writer.bool(self.is_fenced);
        writer.bool(self.should_shut_down);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for BrokerHeartbeatResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        object.field("isCaughtUp", &self.is_caught_up, version);
        object.field("isFenced", &self.is_fenced, version);
        object.field("shouldShutDown", &self.should_shut_down, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for BrokerHeartbeatResponse {
    fn random(random: &mut crate::testing::Source, _version: i16) -> BrokerHeartbeatResponse {
        BrokerHeartbeatResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            is_caught_up: random.bool(),
            is_fenced: random.bool(),
            should_shut_down: random.bool(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
