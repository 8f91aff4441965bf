//! Generated from `schemas/DescribeShareGroupOffsetsResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DescribeShareGroupOffsetsResponse` (response, key 90): versions 0-1, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeShareGroupOffsetsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub groups: Vec<DescribeShareGroupOffsetsResponseGroup>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DescribeShareGroupOffsetsResponse {
    const NAME: &'static str = "DescribeShareGroupOffsetsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for DescribeShareGroupOffsetsResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeShareGroupOffsetsResponse, DecodeError> {
        Ok(DescribeShareGroupOffsetsResponse {
            throttle_time_ms: reader.i32()?,
            groups: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.array(Form::Flexible, &self.groups, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeShareGroupOffsetsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("groups", &self.groups, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeShareGroupOffsetsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeShareGroupOffsetsResponse {
        DescribeShareGroupOffsetsResponse {
            throttle_time_ms: random.i32(),
            groups: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeShareGroupOffsetsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeShareGroupOffsetsResponseGroup {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub topics: Vec<DescribeShareGroupOffsetsResponseTopic>,
    /// All versions.
    pub error_code: i16,
    /// All versions; default null.
    pub error_message: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DescribeShareGroupOffsetsResponseGroup {
    const MIN_LEN: usize = 6;

    fn read(
        reader: &mut Reader,
        version: i16,
    ) -> Result<DescribeShareGroupOffsetsResponseGroup, DecodeError> {
        Ok(DescribeShareGroupOffsetsResponseGroup {
            group_id: reader.string(Form::Flexible)?,
            topics: reader.array(Form::Flexible, version)?,
            error_code: reader.i16()?,
            error_message: reader.nullable_string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.group_id)?;
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeShareGroupOffsetsResponseGroup {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("topics", &self.topics, version);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeShareGroupOffsetsResponseGroup {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeShareGroupOffsetsResponseGroup {
        DescribeShareGroupOffsetsResponseGroup {
            group_id: random.string(),
            topics: random.array(version),
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeShareGroupOffsetsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeShareGroupOffsetsResponseTopic {
    /// All versions; a `topicName`.
    pub topic_name: Str,
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<DescribeShareGroupOffsetsResponsePartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DescribeShareGroupOffsetsResponseTopic {
    const MIN_LEN: usize = 19;

    fn read(
        reader: &mut Reader,
        version: i16,
    ) -> Result<DescribeShareGroupOffsetsResponseTopic, DecodeError> {
        Ok(DescribeShareGroupOffsetsResponseTopic {
            topic_name: reader.string(Form::Flexible)?,
            topic_id: reader.uuid()?,
            partitions: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.topic_name)?;
        writer.uuid(self.topic_id);
        writer.array(Form::Flexible, &self.partitions, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeShareGroupOffsetsResponseTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicName", &self.topic_name, version);
        object.field("topicId", &self.topic_id, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeShareGroupOffsetsResponseTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeShareGroupOffsetsResponseTopic {
        DescribeShareGroupOffsetsResponseTopic {
            topic_name: random.string(),
            topic_id: random.uuid(),
            partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeShareGroupOffsetsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeShareGroupOffsetsResponsePartition {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub start_offset: i64,
    /// All versions.
    pub leader_epoch: i32,
    /// Versions 1+; default -1; lost in others.
    pub lag: i64,
    /// All versions.
    pub error_code: i16,
    /// All versions; default null.
    pub error_message: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeShareGroupOffsetsResponsePartition {
    fn default() -> DescribeShareGroupOffsetsResponsePartition {
        DescribeShareGroupOffsetsResponsePartition {
            partition_index: 0,
            start_offset: 0,
            leader_epoch: 0,
            lag: -1,
            error_code: 0,
            error_message: None,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for DescribeShareGroupOffsetsResponsePartition {
    const MIN_LEN: usize = 20;

    fn read(
        reader: &mut Reader,
        version: i16,
    ) -> Result<DescribeShareGroupOffsetsResponsePartition, DecodeError> {
        Ok(DescribeShareGroupOffsetsResponsePartition {
            partition_index: reader.i32()?,
            start_offset: reader.i64()?,
            leader_epoch: reader.i32()?,
            lag: if version == 1 { reader.i64()? } else { -1 },
            error_code: reader.i16()?,
            error_message: reader.nullable_string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i64(self.start_offset);
        writer.i32(self.leader_epoch);
        if version == 1 {
            writer.i64(self.lag);
        }
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeShareGroupOffsetsResponsePartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("startOffset", &self.start_offset, version);
        object.field("leaderEpoch", &self.leader_epoch, version);
        if version == 1 {
            object.field("lag", &self.lag, version);
        }
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeShareGroupOffsetsResponsePartition {
    fn random(
        random: &mut crate::testing::Source,
        version: i16,
    ) -> DescribeShareGroupOffsetsResponsePartition {
        DescribeShareGroupOffsetsResponsePartition {
            partition_index: random.i32(),
            start_offset: random.i64(),
            leader_epoch: random.i32(),
            lag: if version == 1 { random.i64() } else { -1 },
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
