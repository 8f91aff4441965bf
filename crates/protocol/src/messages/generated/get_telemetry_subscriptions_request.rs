//! Generated from `schemas/GetTelemetrySubscriptionsRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `GetTelemetrySubscriptionsRequest` (request, key 71): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GetTelemetrySubscriptionsRequest {
    /// All versions.
    pub client_instance_id: Uuid,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for GetTelemetrySubscriptionsRequest {
    const NAME: &'static str = "GetTelemetrySubscriptionsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for GetTelemetrySubscriptionsRequest {
    const KEY: ApiKey = ApiKey::GetTelemetrySubscriptions;
    type Response = super::get_telemetry_subscriptions_response::GetTelemetrySubscriptionsResponse;
}

impl Element for GetTelemetrySubscriptionsRequest {
    const MIN_LEN: usize = 17;

    fn read(reader: &mut Reader, _version: i16) -> Result<GetTelemetrySubscriptionsRequest, DecodeError> {
        Ok(GetTelemetrySubscriptionsRequest {
            client_instance_id: reader.uuid()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.client_instance_id);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for GetTelemetrySubscriptionsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("clientInstanceId", &self.client_instance_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for GetTelemetrySubscriptionsRequest {
    fn random(random: &mut crate::testing::Source, _version: i16) -> GetTelemetrySubscriptionsRequest {
        GetTelemetrySubscriptionsRequest {
            client_instance_id: random.uuid(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
