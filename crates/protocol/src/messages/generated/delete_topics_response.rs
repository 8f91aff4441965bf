//! Generated from `schemas/DeleteTopicsResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DeleteTopicsResponse` (response, key 20): versions 1-6, flexible 4+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteTopicsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub responses: Vec<DeletableTopicResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DeleteTopicsResponse {
    const NAME: &'static str = "DeleteTopicsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=6;
    const FLEXIBLE_FROM: Option<i16> = Some(4);
}

impl Element for DeleteTopicsResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<DeleteTopicsResponse, DecodeError> {
        let form = Form::of(version, 4);
        Ok(DeleteTopicsResponse {
            throttle_time_ms: reader.i32()?,
            responses: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.i32(self.throttle_time_ms);
        writer.array(form, &self.responses, version)?;
        if version >= 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DeleteTopicsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteTopicsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("responses", &self.responses, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteTopicsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> DeleteTopicsResponse {
        DeleteTopicsResponse {
            throttle_time_ms: random.i32(),
            responses: random.array(version),
            unknown_tagged_fields: if version >= 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DeleteTopicsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct DeletableTopicResult {
    /// All versions; null in 6+; key of its array; a `topicName`.
    pub name: Option<Str>,
    /// Versions 6+; lost in others.
    pub topic_id: Uuid,
    /// All versions.
    pub error_code: i16,
    /// Versions 5+; default null; lost in others.
    pub error_message: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DeletableTopicResult {
    fn default() -> DeletableTopicResult {
        DeletableTopicResult {
            name: Some(Str::default()),
            topic_id: Uuid::ZERO,
            error_code: 0,
            error_message: None,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for DeletableTopicResult {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<DeletableTopicResult, DecodeError> {
        let form = Form::of(version, 4);
        Ok(DeletableTopicResult {
            name: if version == 6 { reader.nullable_string(form)? } else { Some(reader.string(form)?) },
            topic_id: if version == 6 { reader.uuid()? } else { Uuid::ZERO },
            error_code: reader.i16()?,
            error_message: if version >= 5 { reader.nullable_string(Form::Flexible)? } else { None },
            unknown_tagged_fields: if version >= 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        if version == 6 {
            writer.nullable_string(form, self.name.as_ref())?;
        } else {
            let value = EncodeError::required(self.name.as_ref(), "DeletableTopicResult", "Name", version)?;
            writer.string(form, value)?;
        }
        if version == 6 {
            writer.uuid(self.topic_id);
        }
        writer.i16(self.error_code);
        if version >= 5 {
            writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        }
        if version >= 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DeleteTopicsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeletableTopicResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        if version == 6 {
            object.field("topicId", &self.topic_id, version);
        }
        object.field("errorCode", &self.error_code, version);
        if version >= 5 {
            object.field("errorMessage", &self.error_message, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeletableTopicResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> DeletableTopicResult {
        DeletableTopicResult {
            name: if version == 6 {
                random.is_some().then(|| random.string())
            } else {
                Some(random.string())
            },
            topic_id: if version == 6 { random.uuid() } else { Uuid::ZERO },
            error_code: random.i16(),
            error_message: if version >= 5 { random.is_some().then(|| random.string()) } else { None },
            unknown_tagged_fields: if version >= 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
