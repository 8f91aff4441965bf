//! Generated from `schemas/PushTelemetryRequest.ksc` by `cargo xtask codegen`.

use bytes::Bytes;
use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `PushTelemetryRequest` (request, key 72): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PushTelemetryRequest {
    /// All versions.
    pub client_instance_id: Uuid,
    /// All versions.
    pub subscription_id: i32,
    /// All versions.
    pub terminating: bool,
    /// All versions.
    pub compression_type: i8,
    /// All versions.
    pub metrics: Bytes,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for PushTelemetryRequest {
    const NAME: &'static str = "PushTelemetryRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for PushTelemetryRequest {
    const KEY: ApiKey = ApiKey::PushTelemetry;
    type Response = super::push_telemetry_response::PushTelemetryResponse;
}

impl Element for PushTelemetryRequest {
    const MIN_LEN: usize = 24;

    fn read(reader: &mut Reader, _version: i16) -> Result<PushTelemetryRequest, DecodeError> {
        Ok(PushTelemetryRequest {
            client_instance_id: reader.uuid()?,
            subscription_id: reader.i32()?,
            terminating: reader.bool()?,
            compression_type: reader.i8()?,
            metrics: reader.bytes(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.client_instance_id);
        writer.i32(self.subscription_id);
        writer.bool(self.terminating);
        writer.i8(self.compression_type);
        writer.bytes(Form::Flexible, &self.metrics)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PushTelemetryRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("clientInstanceId", &self.client_instance_id, version);
        object.field("subscriptionId", &self.subscription_id, version);
        object.field("terminating", &self.terminating, version);
        object.field("compressionType", &self.compression_type, version);
        object.field("metrics", &self.metrics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PushTelemetryRequest {
    fn random(random: &mut crate::testing::Source, _version: i16) -> PushTelemetryRequest {
        PushTelemetryRequest {
            client_instance_id: random.uuid(),
            subscription_id: random.i32(),
            terminating: random.bool(),
            compression_type: random.i8(),
            metrics: random.bytes(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
