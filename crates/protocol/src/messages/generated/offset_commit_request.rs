//! Generated from `schemas/OffsetCommitRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `OffsetCommitRequest` (request, key 8): versions 2-10, flexible 8+.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetCommitRequest {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions; default -1.
    pub generation_id_or_member_epoch: i32,
    /// All versions.
    pub member_id: Str,
    /// Versions 7+; default null.
    pub group_instance_id: Option<Str>,
    /// Versions 2-4; default -1; lost in others.
    pub retention_time_ms: i64,
    /// All versions.
    pub topics: Vec<OffsetCommitRequestTopic>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetCommitRequest {
    fn default() -> OffsetCommitRequest {
        OffsetCommitRequest {
            group_id: Str::default(),
            generation_id_or_member_epoch: -1,
            member_id: Str::default(),
            group_instance_id: None,
            retention_time_ms: -1,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for OffsetCommitRequest {
    const NAME: &'static str = "OffsetCommitRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 2..=10;
    const FLEXIBLE_FROM: Option<i16> = Some(8);
}

impl Request for OffsetCommitRequest {
    const KEY: ApiKey = ApiKey::OffsetCommit;
    type Response = super::offset_commit_response::OffsetCommitResponse;
}

impl Element for OffsetCommitRequest {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetCommitRequest, DecodeError> {
        let form = Form::of(version, 8);
        Ok(OffsetCommitRequest {
            group_id: reader.string(form)?,
            generation_id_or_member_epoch: reader.i32()?,
            member_id: reader.string(form)?,
            group_instance_id: if version >= 7 { reader.nullable_string(form)? } else { None },
            retention_time_ms: if version <= 4 { reader.i64()? } else { -1 },
            topics: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 8 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 8);
        writer.string(form, &self.group_id)?;
        writer.i32(self.generation_id_or_member_epoch);
        writer.string(form, &self.member_id)?;
        if version >= 7 {
            writer.nullable_string(form, self.group_instance_id.as_ref())?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "OffsetCommitRequest",
                field: "GroupInstanceId",
                version,
            });
        }
        if version <= 4 {
            writer.i64(self.retention_time_ms);
        }
        writer.array(form, &self.topics, version)?;
        if version >= 8 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetCommitRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetCommitRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("generationIdOrMemberEpoch", &self.generation_id_or_member_epoch, version);
        object.field("memberId", &self.member_id, version);
        if version >= 7 {
            object.field("groupInstanceId", &self.group_instance_id, version);
        }
        if version <= 4 {
            object.field("retentionTimeMs", &self.retention_time_ms, version);
        }
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetCommitRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetCommitRequest {
        OffsetCommitRequest {
            group_id: random.string(),
            generation_id_or_member_epoch: random.i32(),
            member_id: random.string(),
            group_instance_id: if version >= 7 { random.is_some().then(|| random.string()) } else { None },
            retention_time_ms: if version <= 4 { random.i64() } else { -1 },
            topics: random.array(version),
            unknown_tagged_fields: if version >= 8 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`OffsetCommitRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetCommitRequestTopic {
    /// Versions 0-9; lost in others; a `topicName`.
    pub name: Str,
    /// Versions 10+; lost in others.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<OffsetCommitRequestPartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for OffsetCommitRequestTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetCommitRequestTopic, DecodeError> {
        let form = Form::of(version, 8);
        Ok(OffsetCommitRequestTopic {
            name: if version <= 9 { reader.string(form)? } else { Str::default() },
            topic_id: if version == 10 { reader.uuid()? } else { Uuid::ZERO },
            partitions: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 8 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 8);
        if version <= 9 {
            writer.string(form, &self.name)?;
        }
        if version == 10 {
            writer.uuid(self.topic_id);
        }
        writer.array(form, &self.partitions, version)?;
        if version >= 8 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetCommitRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetCommitRequestTopic {
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
impl crate::testing::Random for OffsetCommitRequestTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetCommitRequestTopic {
        OffsetCommitRequestTopic {
            name: if version <= 9 { random.string() } else { Str::default() },
            topic_id: if version == 10 { random.uuid() } else { Uuid::ZERO },
            partitions: random.array(version),
            unknown_tagged_fields: if version >= 8 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`OffsetCommitRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetCommitRequestPartition {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub committed_offset: i64,
    /// Versions 6+; default -1; lost in others.
    pub committed_leader_epoch: i32,
    /// All versions.
    pub committed_metadata: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetCommitRequestPartition {
    fn default() -> OffsetCommitRequestPartition {
        OffsetCommitRequestPartition {
            partition_index: 0,
            committed_offset: 0,
            committed_leader_epoch: -1,
            committed_metadata: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for OffsetCommitRequestPartition {
    const MIN_LEN: usize = 14;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetCommitRequestPartition, DecodeError> {
        let form = Form::of(version, 8);
        Ok(OffsetCommitRequestPartition {
            partition_index: reader.i32()?,
            committed_offset: reader.i64()?,
            committed_leader_epoch: if version >= 6 { reader.i32()? } else { -1 },
            committed_metadata: reader.nullable_string(form)?,
            unknown_tagged_fields: if version >= 8 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 8);
        writer.i32(self.partition_index);
        writer.i64(self.committed_offset);
        if version >= 6 {
            writer.i32(self.committed_leader_epoch);
        }
        writer.nullable_string(form, self.committed_metadata.as_ref())?;
        if version >= 8 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetCommitRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetCommitRequestPartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("committedOffset", &self.committed_offset, version);
        if version >= 6 {
            object.field("committedLeaderEpoch", &self.committed_leader_epoch, version);
        }
        object.field("committedMetadata", &self.committed_metadata, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetCommitRequestPartition {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetCommitRequestPartition {
        OffsetCommitRequestPartition {
            partition_index: random.i32(),
            committed_offset: random.i64(),
            committed_leader_epoch: if version >= 6 { random.i32() } else { -1 },
            committed_metadata: random.is_some().then(|| random.string()),
            unknown_tagged_fields: if version >= 8 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
