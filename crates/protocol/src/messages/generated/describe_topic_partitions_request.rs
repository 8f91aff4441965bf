//! Generated from `schemas/DescribeTopicPartitionsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `DescribeTopicPartitionsRequest` (request, key 75): versions 0, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeTopicPartitionsRequest {
    /// All versions.
    pub topics: Vec<TopicRequest>,
    /// All versions; default 2000.
    pub response_partition_limit: i32,
    /// All versions; default null.
    pub cursor: Option<Box<Cursor>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeTopicPartitionsRequest {
    fn default() -> DescribeTopicPartitionsRequest {
        DescribeTopicPartitionsRequest {
            topics: Vec::new(),
            response_partition_limit: 2000,
            cursor: None,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for DescribeTopicPartitionsRequest {
    const NAME: &'static str = "DescribeTopicPartitionsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for DescribeTopicPartitionsRequest {
    const KEY: ApiKey = ApiKey::DescribeTopicPartitions;
    type Response = super::describe_topic_partitions_response::DescribeTopicPartitionsResponse;
}

impl Element for DescribeTopicPartitionsRequest {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeTopicPartitionsRequest, DecodeError> {
        Ok(DescribeTopicPartitionsRequest {
            topics: reader.array(Form::Flexible, version)?,
            response_partition_limit: reader.i32()?,
            cursor: reader.nullable_struct(version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.i32(self.response_partition_limit);
        writer.nullable_struct(self.cursor.as_deref(), version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeTopicPartitionsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topics", &self.topics, version);
        object.field("responsePartitionLimit", &self.response_partition_limit, version);
        object.field("cursor", &self.cursor, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeTopicPartitionsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeTopicPartitionsRequest {
        DescribeTopicPartitionsRequest {
            topics: random.array(version),
            response_partition_limit: random.i32(),
            cursor: random.is_some().then(|| random.boxed(version)),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeTopicPartitionsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicRequest {
    /// All versions; a `topicName`.
    pub name: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicRequest {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicRequest, DecodeError> {
        Ok(TopicRequest {
            name: reader.string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicRequest {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicRequest {
        TopicRequest { name: random.string(), unknown_tagged_fields: random.tagged_fields(0) }
    }
}

/// Part of [`DescribeTopicPartitionsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cursor {
    /// All versions; a `topicName`.
    pub topic_name: Str,
    /// All versions.
    pub partition_index: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Cursor {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<Cursor, DecodeError> {
        Ok(Cursor {
            topic_name: reader.string(Form::Flexible)?,
            partition_index: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.topic_name)?;
        writer.i32(self.partition_index);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Cursor {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicName", &self.topic_name, version);
        object.field("partitionIndex", &self.partition_index, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Cursor {
    fn random(random: &mut crate::testing::Source, _version: i16) -> Cursor {
        Cursor {
            topic_name: random.string(),
            partition_index: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
