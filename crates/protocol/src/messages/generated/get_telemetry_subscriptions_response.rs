//! Generated from `schemas/GetTelemetrySubscriptionsResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `GetTelemetrySubscriptionsResponse` (response, key 71): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GetTelemetrySubscriptionsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub client_instance_id: Uuid,
    /// All versions.
    pub subscription_id: i32,
    /// All versions.
    pub accepted_compression_types: Vec<i8>,
    /// All versions.
    pub push_interval_ms: i32,
    /// All versions.
    pub telemetry_max_bytes: i32,
    /// All versions.
    pub delta_temporality: bool,
    /// All versions.
    pub requested_metrics: Vec<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for GetTelemetrySubscriptionsResponse {
    const NAME: &'static str = "GetTelemetrySubscriptionsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for GetTelemetrySubscriptionsResponse {
    const MIN_LEN: usize = 38;

    fn read(reader: &mut Reader, _version: i16) -> Result<GetTelemetrySubscriptionsResponse, DecodeError> {
        Ok(GetTelemetrySubscriptionsResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            client_instance_id: reader.uuid()?,
            subscription_id: reader.i32()?,
            accepted_compression_types: reader.i8s(Form::Flexible)?,
            push_interval_ms: reader.i32()?,
            telemetry_max_bytes: reader.i32()?,
            delta_temporality: reader.bool()?,
            requested_metrics: reader.strings(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        writer.uuid(self.client_instance_id);
        writer.i32(self.subscription_id);
        writer.i8s(Form::Flexible, &self.accepted_compression_types)?;
        writer.i32(self.push_interval_ms);
        writer.i32(self.telemetry_max_bytes);
        writer.bool(self.delta_temporality);
        writer.strings(Form::Flexible, &self.requested_metrics)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for GetTelemetrySubscriptionsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        object.field("clientInstanceId", &self.client_instance_id, version);
        object.field("subscriptionId", &self.subscription_id, version);
        object.field("acceptedCompressionTypes", &self.accepted_compression_types, version);
        object.field("pushIntervalMs", &self.push_interval_ms, version);
        object.field("telemetryMaxBytes", &self.telemetry_max_bytes, version);
        object.field("deltaTemporality", &self.delta_temporality, version);
        object.field("requestedMetrics", &self.requested_metrics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for GetTelemetrySubscriptionsResponse {
    fn random(random: &mut crate::testing::Source, _version: i16) -> GetTelemetrySubscriptionsResponse {
        GetTelemetrySubscriptionsResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            client_instance_id: random.uuid(),
            subscription_id: random.i32(),
            accepted_compression_types: random.i8s(),
            push_interval_ms: random.i32(),
            telemetry_max_bytes: random.i32(),
            delta_temporality: random.bool(),
            requested_metrics: random.strings(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
