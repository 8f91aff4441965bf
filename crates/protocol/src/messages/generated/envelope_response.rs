//! Generated from `schemas/EnvelopeResponse.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `EnvelopeResponse` (response, key 58): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnvelopeResponse {
    /// All versions; default null.
    pub response_data: Option<Bytes>,
    /// All versions.
    pub error_code: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for EnvelopeResponse {
    const NAME: &'static str = "EnvelopeResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for EnvelopeResponse {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, _version: i16) -> Result<EnvelopeResponse, DecodeError> {
        Ok(EnvelopeResponse {
            response_data: reader.nullable_bytes(Form::Flexible)?,
            error_code: reader.i16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.nullable_bytes(Form::Flexible, self.response_data.as_ref())?;
        writer.i16(self.error_code);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for EnvelopeResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("responseData", &self.response_data, version);
        object.field("errorCode", &self.error_code, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for EnvelopeResponse {
    fn random(random: &mut crate::testing::Source, _version: i16) -> EnvelopeResponse {
        EnvelopeResponse {
            response_data: random.is_some().then(|| random.bytes()),
            error_code: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
