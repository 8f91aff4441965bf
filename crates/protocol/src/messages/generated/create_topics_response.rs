//! Generated from `schemas/CreateTopicsResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `CreateTopicsResponse` (response, key 19): versions 2-7, flexible 5+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreateTopicsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub topics: Vec<CreatableTopicResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for CreateTopicsResponse {
    const NAME: &'static str = "CreateTopicsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 2..=7;
    const FLEXIBLE_FROM: Option<i16> = Some(5);
}

impl Element for CreateTopicsResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<CreateTopicsResponse, DecodeError> {
        let form = Form::of(version, 5);
        Ok(CreateTopicsResponse {
            throttle_time_ms: reader.i32()?,
            topics: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 5 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 5);
        writer.i32(self.throttle_time_ms);
        writer.array(form, &self.topics, version)?;
        if version >= 5 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "CreateTopicsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CreateTopicsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CreateTopicsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> CreateTopicsResponse {
        CreateTopicsResponse {
            throttle_time_ms: random.i32(),
            topics: random.array(version),
            unknown_tagged_fields: if version >= 5 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`CreateTopicsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct CreatableTopicResult {
    /// All versions; key of its array; a `topicName`.
    pub name: Str,
    /// Versions 7+; lost in others.
    pub topic_id: Uuid,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub error_message: Option<Str>,
    /// Versions 5+; tag 0; lost in others.
    pub topic_config_error_code: i16,
    /// Versions 5+; default -1; lost in others.
    pub num_partitions: i32,
    /// Versions 5+; default -1; lost in others.
    pub replication_factor: i16,
    /// Versions 5+; lost in others.
    pub configs: Option<Vec<CreatableTopicConfigs>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for CreatableTopicResult {
    fn default() -> CreatableTopicResult {
        CreatableTopicResult {
            name: Str::default(),
            topic_id: Uuid::ZERO,
            error_code: 0,
            error_message: Some(Str::default()),
            topic_config_error_code: 0,
            num_partitions: -1,
            replication_factor: -1,
            configs: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for CreatableTopicResult {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<CreatableTopicResult, DecodeError> {
        let form = Form::of(version, 5);
        let mut value = CreatableTopicResult {
            name: reader.string(form)?,
            topic_id: if version == 7 { reader.uuid()? } else { Uuid::ZERO },
            error_code: reader.i16()?,
            error_message: reader.nullable_string(form)?,
            topic_config_error_code: 0,
            num_partitions: if version >= 5 { reader.i32()? } else { -1 },
            replication_factor: if version >= 5 { reader.i16()? } else { -1 },
            configs: if version >= 5 {
                reader.nullable_array(Form::Flexible, version)?
            } else {
                Some(Vec::new())
            },
            unknown_tagged_fields: TaggedFields::default(),
        };
        if version >= 5 {
            for _ in 0..reader.tagged_count()? {
                let (tag, size) = reader.tag_and_size()?;
                let start = reader.position();
                match tag {
                    0 => value.topic_config_error_code = reader.i16()?,
                    _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
                }
                reader.end_tagged(tag, start, size)?;
            }
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 5);
        writer.string(form, &self.name)?;
        if version == 7 {
            writer.uuid(self.topic_id);
        }
        writer.i16(self.error_code);
        writer.nullable_string(form, self.error_message.as_ref())?;
        if version >= 5 {
            writer.i32(self.num_partitions);
        }
        if version >= 5 {
            writer.i16(self.replication_factor);
        }
        if version >= 5 {
            writer.nullable_array(Form::Flexible, self.configs.as_deref(), version)?;
        }
        if version >= 5 {
            let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
            if self.topic_config_error_code != 0 {
                let mark = tagged.field(writer, 0)?;
                writer.i16(self.topic_config_error_code);
                writer.end_tagged(mark)?;
            }
            tagged.finish(writer)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "CreateTopicsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CreatableTopicResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        if version == 7 {
            object.field("topicId", &self.topic_id, version);
        }
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);
        if version >= 5 && self.topic_config_error_code != 0 {
            object.field("topicConfigErrorCode", &self.topic_config_error_code, version);
        }
        if version >= 5 {
            object.field("numPartitions", &self.num_partitions, version);
        }
        if version >= 5 {
            object.field("replicationFactor", &self.replication_factor, version);
        }
        if version >= 5 {
            object.field("configs", &self.configs, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CreatableTopicResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> CreatableTopicResult {
        CreatableTopicResult {
            name: random.string(),
            topic_id: if version == 7 { random.uuid() } else { Uuid::ZERO },
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            topic_config_error_code: if version >= 5 { random.i16() } else { 0 },
            num_partitions: if version >= 5 { random.i32() } else { -1 },
            replication_factor: if version >= 5 { random.i16() } else { -1 },
            configs: if version >= 5 {
                random.is_some().then(|| random.array(version))
            } else {
                Some(Vec::new())
            },
            unknown_tagged_fields: if version >= 5 {
                random.tagged_fields(1)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`CreateTopicsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct CreatableTopicConfigs {
    /// All versions.
    pub name: Str,
    /// All versions.
    pub value: Option<Str>,
    /// All versions.
    pub read_only: bool,
    /// All versions; default -1.
    pub config_source: i8,
    /// All versions.
    pub is_sensitive: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for CreatableTopicConfigs {
    fn default() -> CreatableTopicConfigs {
        CreatableTopicConfigs {
            name: Str::default(),
            value: Some(Str::default()),
            read_only: false,
            config_source: -1,
            is_sensitive: false,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for CreatableTopicConfigs {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<CreatableTopicConfigs, DecodeError> {
        Ok(CreatableTopicConfigs {
            name: reader.string(Form::Flexible)?,
            value: reader.nullable_string(Form::Flexible)?,
            read_only: reader.bool()?,
            config_source: reader.i8()?,
            is_sensitive: reader.bool()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.nullable_string(Form::Flexible, self.value.as_ref())?;
        writer.bool(self.read_only);
        writer.i8(self.config_source);
        writer.bool(self.is_sensitive);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CreatableTopicConfigs {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("value", &self.value, version);
        object.field("readOnly", &self.read_only, version);
        object.field("configSource", &self.config_source, version);
        object.field("isSensitive", &self.is_sensitive, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CreatableTopicConfigs {
    fn random(random: &mut crate::testing::Source, _version: i16) -> CreatableTopicConfigs {
        CreatableTopicConfigs {
            name: random.string(),
            value: random.is_some().then(|| random.string()),
            read_only: random.bool(),
            config_source: random.i8(),
            is_sensitive: random.bool(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
