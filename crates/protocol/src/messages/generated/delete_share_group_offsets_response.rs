//! Generated from `schemas/DeleteShareGroupOffsetsResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DeleteShareGroupOffsetsResponse` (response, key 92): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteShareGroupOffsetsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions; default null.
    pub error_message: Option<Str>,
    /// All versions.
    pub responses: Vec<DeleteShareGroupOffsetsResponseTopic>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DeleteShareGroupOffsetsResponse {
    const NAME: &'static str = "DeleteShareGroupOffsetsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for DeleteShareGroupOffsetsResponse {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, version: i16) -> Result<DeleteShareGroupOffsetsResponse, DecodeError> {
        Ok(DeleteShareGroupOffsetsResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            error_message: reader.nullable_string(Form::Flexible)?,
            responses: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        writer.array(Form::Flexible, &self.responses, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteShareGroupOffsetsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);
        object.field("responses", &self.responses, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteShareGroupOffsetsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> DeleteShareGroupOffsetsResponse {
        DeleteShareGroupOffsetsResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            responses: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DeleteShareGroupOffsetsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteShareGroupOffsetsResponseTopic {
    /// All versions; a `topicName`.
    pub topic_name: Str,
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub error_code: i16,
    /// All versions; default null.
    pub error_message: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DeleteShareGroupOffsetsResponseTopic {
    const MIN_LEN: usize = 21;

    fn read(reader: &mut Reader, _version: i16) -> Result<DeleteShareGroupOffsetsResponseTopic, DecodeError> {
        Ok(DeleteShareGroupOffsetsResponseTopic {
            topic_name: reader.string(Form::Flexible)?,
            topic_id: reader.uuid()?,
            error_code: reader.i16()?,
            error_message: reader.nullable_string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.topic_name)?;
        writer.uuid(self.topic_id);
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteShareGroupOffsetsResponseTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicName", &self.topic_name, version);
        object.field("topicId", &self.topic_id, version);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteShareGroupOffsetsResponseTopic {
    fn random(random: &mut crate::testing::Source, _version: i16) -> DeleteShareGroupOffsetsResponseTopic {
        DeleteShareGroupOffsetsResponseTopic {
            topic_name: random.string(),
            topic_id: random.uuid(),
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
