//! Generated from `schemas/CreateTopicsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `CreateTopicsRequest` (request, key 19): versions 2-7, flexible 5+.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTopicsRequest {
    /// All versions.
    pub topics: Vec<CreatableTopic>,
    /// All versions; default 60000.
    pub timeout_ms: i32,
    /// All versions.
    pub validate_only: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for CreateTopicsRequest {
    fn default() -> CreateTopicsRequest {
        CreateTopicsRequest {
            topics: Vec::new(),
            timeout_ms: 60000,
            validate_only: false,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for CreateTopicsRequest {
    const NAME: &'static str = "CreateTopicsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 2..=7;
    const FLEXIBLE_FROM: Option<i16> = Some(5);
}

impl Request for CreateTopicsRequest {
    const KEY: ApiKey = ApiKey::CreateTopics;
    type Response = super::create_topics_response::CreateTopicsResponse;
}

impl Element for CreateTopicsRequest {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, version: i16) -> Result<CreateTopicsRequest, DecodeError> {
        let form = Form::of(version, 5);
        Ok(CreateTopicsRequest {
            topics: reader.array(form, version)?,
            timeout_ms: reader.i32()?,
            validate_only: reader.bool()?,
            unknown_tagged_fields: if version >= 5 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 5);
        writer.array(form, &self.topics, version)?;
        writer.i32(self.timeout_ms);
        writer.bool(self.validate_only);
        if version >= 5 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "CreateTopicsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CreateTopicsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topics", &self.topics, version);
        object.field("timeoutMs", &self.timeout_ms, version);
        object.field("validateOnly", &self.validate_only, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CreateTopicsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> CreateTopicsRequest {
        CreateTopicsRequest {
            topics: random.array(version),
            timeout_ms: random.i32(),
            validate_only: random.bool(),
            unknown_tagged_fields: if version >= 5 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`CreateTopicsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreatableTopic {
    /// All versions; key of its array; a `topicName`.
    pub name: Str,
    /// All versions.
    pub num_partitions: i32,
    /// All versions.
    pub replication_factor: i16,
    /// All versions.
    pub assignments: Vec<CreatableReplicaAssignment>,
    /// All versions.
    pub configs: Vec<CreatableTopicConfig>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for CreatableTopic {
    const MIN_LEN: usize = 10;

    fn read(reader: &mut Reader, version: i16) -> Result<CreatableTopic, DecodeError> {
        let form = Form::of(version, 5);
        Ok(CreatableTopic {
            name: reader.string(form)?,
            num_partitions: reader.i32()?,
            replication_factor: reader.i16()?,
            assignments: reader.array(form, version)?,
            configs: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 5 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 5);
        writer.string(form, &self.name)?;
        writer.i32(self.num_partitions);
        writer.i16(self.replication_factor);
        writer.array(form, &self.assignments, version)?;
        writer.array(form, &self.configs, version)?;
        if version >= 5 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "CreateTopicsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CreatableTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("numPartitions", &self.num_partitions, version);
        object.field("replicationFactor", &self.replication_factor, version);
        object.field("assignments", &self.assignments, version);
        object.field("configs", &self.configs, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CreatableTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> CreatableTopic {
        CreatableTopic {
            name: random.string(),
            num_partitions: random.i32(),
            replication_factor: random.i16(),
            assignments: random.array(version),
            configs: random.array(version),
            unknown_tagged_fields: if version >= 5 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`CreateTopicsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreatableReplicaAssignment {
    /// All versions; key of its array.
    pub partition_index: i32,
    /// All versions; a `brokerId`.
    pub broker_ids: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for CreatableReplicaAssignment {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<CreatableReplicaAssignment, DecodeError> {
        let form = Form::of(version, 5);
        Ok(CreatableReplicaAssignment {
            partition_index: reader.i32()?,
            broker_ids: reader.i32s(form)?,
            unknown_tagged_fields: if version >= 5 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 5);
        writer.i32(self.partition_index);
        writer.i32s(form, &self.broker_ids)?;
        if version >= 5 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "CreateTopicsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CreatableReplicaAssignment {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("brokerIds", &self.broker_ids, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CreatableReplicaAssignment {
    fn random(random: &mut crate::testing::Source, version: i16) -> CreatableReplicaAssignment {
        CreatableReplicaAssignment {
            partition_index: random.i32(),
            broker_ids: random.i32s(),
            unknown_tagged_fields: if version >= 5 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`CreateTopicsRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct CreatableTopicConfig {
    /// All versions; key of its array.
    pub name: Str,
    /// All versions.
    pub value: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for CreatableTopicConfig {
    fn default() -> CreatableTopicConfig {
        CreatableTopicConfig {
            name: Str::default(),
            value: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for CreatableTopicConfig {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<CreatableTopicConfig, DecodeError> {
        let form = Form::of(version, 5);
        Ok(CreatableTopicConfig {
            name: reader.string(form)?,
            value: reader.nullable_string(form)?,
            unknown_tagged_fields: if version >= 5 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 5);
        writer.string(form, &self.name)?;
        writer.nullable_string(form, self.value.as_ref())?;
        if version >= 5 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "CreateTopicsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CreatableTopicConfig {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("value", &self.value, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CreatableTopicConfig {
    fn random(random: &mut crate::testing::Source, version: i16) -> CreatableTopicConfig {
        CreatableTopicConfig {
            name: random.string(),
            value: random.is_some().then(|| random.string()),
            unknown_tagged_fields: if version >= 5 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
