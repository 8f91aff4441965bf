//! Generated from `schemas/SaslAuthenticateRequest.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `SaslAuthenticateRequest` (request, key 36): versions 0-2, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SaslAuthenticateRequest {
    /// All versions.
    pub auth_bytes: Bytes,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for SaslAuthenticateRequest {
    const NAME: &'static str = "SaslAuthenticateRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for SaslAuthenticateRequest {
    const KEY: ApiKey = ApiKey::SaslAuthenticate;
    type Response = super::sasl_authenticate_response::SaslAuthenticateResponse;
}

impl Element for SaslAuthenticateRequest {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<SaslAuthenticateRequest, DecodeError> {
        let form = Form::of(version, 2);
        Ok(SaslAuthenticateRequest {
            auth_bytes: reader.bytes(form)?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.bytes(form, &self.auth_bytes)?;
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "SaslAuthenticateRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for SaslAuthenticateRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("authBytes", &self.auth_bytes, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for SaslAuthenticateRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> SaslAuthenticateRequest {
        SaslAuthenticateRequest {
            auth_bytes: random.bytes(),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
