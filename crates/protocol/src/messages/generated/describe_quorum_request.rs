//! Generated from `schemas/DescribeQuorumRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `DescribeQuorumRequest` (request, key 55): versions 0-2, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeQuorumRequest {
    /// All versions.
    pub topics: Vec<TopicData>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DescribeQuorumRequest {
    const NAME: &'static str = "DescribeQuorumRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for DescribeQuorumRequest {
    const KEY: ApiKey = ApiKey::DescribeQuorum;
    type Response = super::describe_quorum_response::DescribeQuorumResponse;
}

impl Element for DescribeQuorumRequest {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeQuorumRequest, DecodeError> {
        Ok(DescribeQuorumRequest {
            topics: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeQuorumRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeQuorumRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeQuorumRequest {
        DescribeQuorumRequest {
            topics: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeQuorumRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicData {
    /// All versions; a `topicName`.
    pub topic_name: Str,
    /// All versions.
    pub partitions: Vec<PartitionData>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicData {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<TopicData, DecodeError> {
        Ok(TopicData {
            topic_name: reader.string(Form::Flexible)?,
            partitions: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.topic_name)?;
        writer.array(Form::Flexible, &self.partitions, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicName", &self.topic_name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicData {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopicData {
        TopicData {
            topic_name: random.string(),
            partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeQuorumRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionData {
    /// All versions.
    pub partition_index: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for PartitionData {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<PartitionData, DecodeError> {
        Ok(PartitionData { partition_index: reader.i32()?, unknown_tagged_fields: reader.tagged_fields()? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionData {
    fn random(random: &mut crate::testing::Source, _version: i16) -> PartitionData {
        PartitionData { partition_index: random.i32(), unknown_tagged_fields: random.tagged_fields(0) }
    }
}
