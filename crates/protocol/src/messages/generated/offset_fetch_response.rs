//! Generated from `schemas/OffsetFetchResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `OffsetFetchResponse` (response, key 9): versions 1-10, flexible 6+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchResponse {
    /// Versions 3+; lost in others.
    pub throttle_time_ms: i32,
    /// Versions 0-7.
    pub topics: Vec<OffsetFetchResponseTopic>,
    /// Versions 2-7; lost in others.
    pub error_code: i16,
    /// Versions 8+.
    pub groups: Vec<OffsetFetchResponseGroup>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for OffsetFetchResponse {
    const NAME: &'static str = "OffsetFetchResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=10;
    const FLEXIBLE_FROM: Option<i16> = Some(6);
}

impl Element for OffsetFetchResponse {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetFetchResponse, DecodeError> {
        let form = Form::of(version, 6);
        Ok(OffsetFetchResponse {
            throttle_time_ms: if version >= 3 { reader.i32()? } else { 0 },
            topics: if version <= 7 { reader.array(form, version)? } else { Vec::new() },
            error_code: if (2..=7).contains(&version) { reader.i16()? } else { 0 },
            groups: if version >= 8 { reader.array(Form::Flexible, version)? } else { Vec::new() },
            unknown_tagged_fields: if version >= 6 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 6);
        if version >= 3 {
            writer.i32(self.throttle_time_ms);
        }
        if version <= 7 {
            writer.array(form, &self.topics, version)?;
        } else if !self.topics.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "OffsetFetchResponse",
                field: "Topics",
                version,
            });
        }
        if (2..=7).contains(&version) {
            writer.i16(self.error_code);
        }
        if version >= 8 {
            writer.array(Form::Flexible, &self.groups, version)?;
        } else if !self.groups.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "OffsetFetchResponse",
                field: "Groups",
                version,
            });
        }
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetFetchResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetFetchResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 3 {
            object.field("throttleTimeMs", &self.throttle_time_ms, version);
        }
        if version <= 7 {
            object.field("topics", &self.topics, version);
        }
        if (2..=7).contains(&version) {
            object.field("errorCode", &self.error_code, version);
        }
        if version >= 8 {
            object.field("groups", &self.groups, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetFetchResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetFetchResponse {
        OffsetFetchResponse {
            throttle_time_ms: if version >= 3 { random.i32() } else { 0 },
            topics: if version <= 7 { random.array(version) } else { Vec::new() },
            error_code: if (2..=7).contains(&version) { random.i16() } else { 0 },
            groups: if version >= 8 { random.array(version) } else { Vec::new() },
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`OffsetFetchResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchResponseTopic {
    /// All versions; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partitions: Vec<OffsetFetchResponsePartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for OffsetFetchResponseTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetFetchResponseTopic, DecodeError> {
        let form = Form::of(version, 6);
        Ok(OffsetFetchResponseTopic {
            name: reader.string(form)?,
            partitions: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 6 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 6);
        writer.string(form, &self.name)?;
        writer.array(form, &self.partitions, version)?;
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetFetchResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetFetchResponseTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetFetchResponseTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetFetchResponseTopic {
        OffsetFetchResponseTopic {
            name: random.string(),
            partitions: random.array(version),
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`OffsetFetchResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetFetchResponsePartition {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub committed_offset: i64,
    /// Versions 5-7; default -1; lost in others.
    pub committed_leader_epoch: i32,
    /// All versions.
    pub metadata: Option<Str>,
    /// All versions.
    pub error_code: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetFetchResponsePartition {
    fn default() -> OffsetFetchResponsePartition {
        OffsetFetchResponsePartition {
            partition_index: 0,
            committed_offset: 0,
            committed_leader_epoch: -1,
            metadata: Some(Str::default()),
            error_code: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for OffsetFetchResponsePartition {
    const MIN_LEN: usize = 16;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetFetchResponsePartition, DecodeError> {
        let form = Form::of(version, 6);
        Ok(OffsetFetchResponsePartition {
            partition_index: reader.i32()?,
            committed_offset: reader.i64()?,
            committed_leader_epoch: if version >= 5 { reader.i32()? } else { -1 },
            metadata: reader.nullable_string(form)?,
            error_code: reader.i16()?,
            unknown_tagged_fields: if version >= 6 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 6);
        writer.i32(self.partition_index);
        writer.i64(self.committed_offset);
        if version >= 5 {
            writer.i32(self.committed_leader_epoch);
        }
        writer.nullable_string(form, self.metadata.as_ref())?;
        writer.i16(self.error_code);
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetFetchResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetFetchResponsePartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("committedOffset", &self.committed_offset, version);
        if version >= 5 {
            object.field("committedLeaderEpoch", &self.committed_leader_epoch, version);
        }
        object.field("metadata", &self.metadata, version);
        object.field("errorCode", &self.error_code, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetFetchResponsePartition {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetFetchResponsePartition {
        OffsetFetchResponsePartition {
            partition_index: random.i32(),
            committed_offset: random.i64(),
            committed_leader_epoch: if version >= 5 { random.i32() } else { -1 },
            metadata: random.is_some().then(|| random.string()),
            error_code: random.i16(),
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`OffsetFetchResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchResponseGroup {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub topics: Vec<OffsetFetchResponseTopics>,
    /// All versions.
    pub error_code: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for OffsetFetchResponseGroup {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetFetchResponseGroup, DecodeError> {
        Ok(OffsetFetchResponseGroup {
            group_id: reader.string(Form::Flexible)?,
            topics: reader.array(Form::Flexible, version)?,
            error_code: reader.i16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.group_id)?;
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.i16(self.error_code);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetFetchResponseGroup {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("topics", &self.topics, version);
        object.field("errorCode", &self.error_code, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetFetchResponseGroup {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetFetchResponseGroup {
        OffsetFetchResponseGroup {
            group_id: random.string(),
            topics: random.array(version),
            error_code: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`OffsetFetchResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetFetchResponseTopics {
    /// Versions 8-9; lost in others; a `topicName`.
    pub name: Str,
    /// Versions 10+; lost in others.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<OffsetFetchResponsePartitions>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for OffsetFetchResponseTopics {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetFetchResponseTopics, DecodeError> {
        Ok(OffsetFetchResponseTopics {
            name: if version <= 9 { reader.string(Form::Flexible)? } else { Str::default() },
            topic_id: if version == 10 { reader.uuid()? } else { Uuid::ZERO },
            partitions: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        if version <= 9 {
            writer.string(Form::Flexible, &self.name)?;
        }
        if version == 10 {
            writer.uuid(self.topic_id);
        }
        writer.array(Form::Flexible, &self.partitions, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetFetchResponseTopics {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version <= 9 {
            object.field("name", &self.name, version);
        }
        if version == 10 {
            object.field("topicId", &self.topic_id, version);
        }
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetFetchResponseTopics {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetFetchResponseTopics {
        OffsetFetchResponseTopics {
            name: if version <= 9 { random.string() } else { Str::default() },
            topic_id: if version == 10 { random.uuid() } else { Uuid::ZERO },
            partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`OffsetFetchResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetFetchResponsePartitions {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub committed_offset: i64,
    /// All versions; default -1.
    pub committed_leader_epoch: i32,
    /// All versions.
    pub metadata: Option<Str>,
    /// All versions.
    pub error_code: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetFetchResponsePartitions {
    fn default() -> OffsetFetchResponsePartitions {
        OffsetFetchResponsePartitions {
            partition_index: 0,
            committed_offset: 0,
            committed_leader_epoch: -1,
            metadata: Some(Str::default()),
            error_code: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for OffsetFetchResponsePartitions {
    const MIN_LEN: usize = 20;

    fn read(reader: &mut Reader, _version: i16) -> Result<OffsetFetchResponsePartitions, DecodeError> {
        Ok(OffsetFetchResponsePartitions {
            partition_index: reader.i32()?,
            committed_offset: reader.i64()?,
            committed_leader_epoch: reader.i32()?,
            metadata: reader.nullable_string(Form::Flexible)?,
            error_code: reader.i16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i64(self.committed_offset);
        writer.i32(self.committed_leader_epoch);
        writer.nullable_string(Form::Flexible, self.metadata.as_ref())?;
        writer.i16(self.error_code);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetFetchResponsePartitions {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("committedOffset", &self.committed_offset, version);
        object.field("committedLeaderEpoch", &self.committed_leader_epoch, version);
        object.field("metadata", &self.metadata, version);
        object.field("errorCode", &self.error_code, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetFetchResponsePartitions {
    fn random(random: &mut crate::testing::Source, _version: i16) -> OffsetFetchResponsePartitions {
        OffsetFetchResponsePartitions {
            partition_index: random.i32(),
            committed_offset: random.i64(),
            committed_leader_epoch: random.i32(),
            metadata: random.is_some().then(|| random.string()),
            error_code: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
