//! Generated from `schemas/SaslAuthenticateResponse.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `SaslAuthenticateResponse` (response, key 36): versions 0-2, flexible 2+.
#[derive(Clone, Debug, PartialEq)]
pub struct SaslAuthenticateResponse {
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub error_message: Option<Str>,
    /// All versions.
    pub auth_bytes: Bytes,
    /// Versions 1+; lost in others.
    pub session_lifetime_ms: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for SaslAuthenticateResponse {
    fn default() -> SaslAuthenticateResponse {
        SaslAuthenticateResponse {
            error_code: 0,
            error_message: Some(Str::default()),
            auth_bytes: Bytes::new(),
            session_lifetime_ms: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for SaslAuthenticateResponse {
    const NAME: &'static str = "SaslAuthenticateResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Element for SaslAuthenticateResponse {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<SaslAuthenticateResponse, DecodeError> {
        let form = Form::of(version, 2);
        Ok(SaslAuthenticateResponse {
            error_code: reader.i16()?,
            error_message: reader.nullable_string(form)?,
            auth_bytes: reader.bytes(form)?,
            session_lifetime_ms: if version >= 1 { reader.i64()? } else { 0 },
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.i16(self.error_code);
        writer.nullable_string(form, self.error_message.as_ref())?;
        writer.bytes(form, &self.auth_bytes)?;
        if version >= 1 {
            writer.i64(self.session_lifetime_ms);
        }
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "SaslAuthenticateResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for SaslAuthenticateResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);
        object.field("authBytes", &self.auth_bytes, version);
        if version >= 1 {
            object.field("sessionLifetimeMs", &self.session_lifetime_ms, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for SaslAuthenticateResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> SaslAuthenticateResponse {
        SaslAuthenticateResponse {
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            auth_bytes: random.bytes(),
            session_lifetime_ms: if version >= 1 { random.i64() } else { 0 },
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
