//! Generated from `schemas/RequestHeader.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `RequestHeader` (header): versions 1-2, flexible 2+.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestHeader {
    /// All versions.
    pub request_api_key: i16,
    /// All versions.
    pub request_api_version: i16,
    /// All versions.
    pub correlation_id: i32,
    /// All versions.
    pub client_id: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for RequestHeader {
    fn default() -> RequestHeader {
        RequestHeader {
            request_api_key: 0,
            request_api_version: 0,
            correlation_id: 0,
            client_id: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for RequestHeader {
    const NAME: &'static str = "RequestHeader";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Element for RequestHeader {
    const MIN_LEN: usize = 10;

    fn read(reader: &mut Reader, version: i16) -> Result<RequestHeader, DecodeError> {
        Ok(RequestHeader {
            request_api_key: reader.i16()?,
            request_api_version: reader.i16()?,
            correlation_id: reader.i32()?,
            client_id: reader.nullable_string(Form::Legacy)?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i16(self.request_api_key);
        writer.i16(self.request_api_version);
        writer.i32(self.correlation_id);
        writer.nullable_string(Form::Legacy, self.client_id.as_ref())?;
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "RequestHeader", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RequestHeader {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("requestApiKey", &self.request_api_key, version);
        object.field("requestApiVersion", &self.request_api_version, version);
        object.field("correlationId", &self.correlation_id, version);
        object.field("clientId", &self.client_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for RequestHeader {
    fn random(random: &mut crate::testing::Source, version: i16) -> RequestHeader {
        RequestHeader {
            request_api_key: random.i16(),
            request_api_version: random.i16(),
            correlation_id: random.i32(),
            client_id: random.is_some().then(|| random.string()),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
