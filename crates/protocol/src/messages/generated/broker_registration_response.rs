//! Generated from `schemas/BrokerRegistrationResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `BrokerRegistrationResponse` (response, key 62): versions 0-4, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerRegistrationResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions; default -1.
    pub broker_epoch: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for BrokerRegistrationResponse {
    fn default() -> BrokerRegistrationResponse {
        BrokerRegistrationResponse {
            throttle_time_ms: 0,
            error_code: 0,
            broker_epoch: -1,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for BrokerRegistrationResponse {
    const NAME: &'static str = "BrokerRegistrationResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=4;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for BrokerRegistrationResponse {
    const MIN_LEN: usize = 15;

    fn read(reader: &mut Reader, _version: i16) -> Result<BrokerRegistrationResponse, DecodeError> {
        Ok(BrokerRegistrationResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            broker_epoch: reader.i64()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        writer.i64(self.broker_epoch);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for BrokerRegistrationResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        object.field("brokerEpoch", &self.broker_epoch, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for BrokerRegistrationResponse {
    fn random(random: &mut crate::testing::Source, _version: i16) -> BrokerRegistrationResponse {
        BrokerRegistrationResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            broker_epoch: random.i64(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
