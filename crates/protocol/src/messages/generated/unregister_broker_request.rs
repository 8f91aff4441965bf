//! Generated from `schemas/UnregisterBrokerRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `UnregisterBrokerRequest` (request, key 64): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnregisterBrokerRequest {
    /// All versions; a `brokerId`.
    pub broker_id: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for UnregisterBrokerRequest {
    const NAME: &'static str = "UnregisterBrokerRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for UnregisterBrokerRequest {
    const KEY: ApiKey = ApiKey::UnregisterBroker;
    type Response = super::unregister_broker_response::UnregisterBrokerResponse;
}

impl Element for UnregisterBrokerRequest {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<UnregisterBrokerRequest, DecodeError> {
        Ok(UnregisterBrokerRequest {
            broker_id: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.broker_id);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for UnregisterBrokerRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("brokerId", &self.broker_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for UnregisterBrokerRequest {
    fn random(random: &mut crate::testing::Source, _version: i16) -> UnregisterBrokerRequest {
        UnregisterBrokerRequest { broker_id: random.i32(), unknown_tagged_fields: random.tagged_fields(0) }
    }
}
