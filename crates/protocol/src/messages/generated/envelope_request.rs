//! Generated from `schemas/EnvelopeRequest.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `EnvelopeRequest` (request, key 58): versions 0, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct EnvelopeRequest {
    /// All versions.
    pub request_data: Bytes,
    /// All versions.
    pub request_principal: Option<Bytes>,
    /// All versions.
    pub client_host_address: Bytes,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for EnvelopeRequest {
    fn default() -> EnvelopeRequest {
        EnvelopeRequest {
            request_data: Bytes::new(),
            request_principal: Some(Bytes::new()),
            client_host_address: Bytes::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for EnvelopeRequest {
    const NAME: &'static str = "EnvelopeRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for EnvelopeRequest {
    const KEY: ApiKey = ApiKey::Envelope;
    type Response = super::envelope_response::EnvelopeResponse;
}

impl Element for EnvelopeRequest {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, _version: i16) -> Result<EnvelopeRequest, DecodeError> {
        Ok(EnvelopeRequest {
            request_data: reader.bytes(Form::Flexible)?,
            request_principal: reader.nullable_bytes(Form::Flexible)?,
            client_host_address: reader.bytes(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.bytes(Form::Flexible, &self.request_data)?;
        writer.nullable_bytes(Form::Flexible, self.request_principal.as_ref())?;
        writer.bytes(Form::Flexible, &self.client_host_address)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for EnvelopeRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("requestData", &self.request_data, version);
        object.field("requestPrincipal", &self.request_principal, version);
        object.field("clientHostAddress", &self.client_host_address, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for EnvelopeRequest {
    fn random(random: &mut crate::testing::Source, _version: i16) -> EnvelopeRequest {
        EnvelopeRequest {
            request_data: random.bytes(),
            request_principal: random.is_some().then(|| random.bytes()),
            client_host_address: random.bytes(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
