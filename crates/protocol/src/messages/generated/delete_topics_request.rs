//! Generated from `schemas/DeleteTopicsRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `DeleteTopicsRequest` (request, key 20): versions 1-6, flexible 4+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteTopicsRequest {
    /// Versions 6+.
    pub topics: Vec<DeleteTopicState>,
    /// Versions 0-5; lost in others; a `topicName`.
    pub topic_names: Vec<Str>,
    /// All versions.
    pub timeout_ms: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DeleteTopicsRequest {
    const NAME: &'static str = "DeleteTopicsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=6;
    const FLEXIBLE_FROM: Option<i16> = Some(4);
}

impl Request for DeleteTopicsRequest {
    const KEY: ApiKey = ApiKey::DeleteTopics;
    type Response = super::delete_topics_response::DeleteTopicsResponse;
}

impl Element for DeleteTopicsRequest {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<DeleteTopicsRequest, DecodeError> {
        let form = Form::of(version, 4);
        Ok(DeleteTopicsRequest {
            topics: if version == 6 { reader.array(Form::Flexible, version)? } else { Vec::new() },
            topic_names: if version <= 5 { reader.strings(form)? } else { Vec::new() },
            timeout_ms: reader.i32()?,
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
            writer.array(Form::Flexible, &self.topics, version)?;
        } else if !self.topics.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "DeleteTopicsRequest",
                field: "Topics",
                version,
            });
        }
        if version <= 5 {
            writer.strings(form, &self.topic_names)?;
        }
        writer.i32(self.timeout_ms);
        if version >= 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DeleteTopicsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteTopicsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version == 6 {
            object.field("topics", &self.topics, version);
        }
        if version <= 5 {
            object.field("topicNames", &self.topic_names, version);
        }
        object.field("timeoutMs", &self.timeout_ms, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteTopicsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> DeleteTopicsRequest {
        DeleteTopicsRequest {
            topics: if version == 6 { random.array(version) } else { Vec::new() },
            topic_names: if version <= 5 { random.strings() } else { Vec::new() },
            timeout_ms: random.i32(),
            unknown_tagged_fields: if version >= 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DeleteTopicsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteTopicState {
    /// All versions; default null; a `topicName`.
    pub name: Option<Str>,
    /// All versions.
    pub topic_id: Uuid,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DeleteTopicState {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, _version: i16) -> Result<DeleteTopicState, DecodeError> {
        Ok(DeleteTopicState {
            name: reader.nullable_string(Form::Flexible)?,
            topic_id: reader.uuid()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.nullable_string(Form::Flexible, self.name.as_ref())?;
        writer.uuid(self.topic_id);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteTopicState {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("topicId", &self.topic_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteTopicState {
    fn random(random: &mut crate::testing::Source, _version: i16) -> DeleteTopicState {
        DeleteTopicState {
            name: random.is_some().then(|| random.string()),
            topic_id: random.uuid(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
