//! Generated from `schemas/TxnOffsetCommitRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `TxnOffsetCommitRequest` (request, key 28): versions 0-6, flexible 3+.
#[derive(Clone, Debug, PartialEq)]
pub struct TxnOffsetCommitRequest {
    /// All versions; a `transactionalId`.
    pub transactional_id: Str,
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions; a `producerId`.
    pub producer_id: i64,
    /// All versions.
    pub producer_epoch: i16,
    /// Versions 3+; default -1.
    pub generation_id_or_member_epoch: i32,
    /// Versions 3+.
    pub member_id: Str,
    /// Versions 3+; default null.
    pub group_instance_id: Option<Str>,
    /// All versions.
    pub topics: Vec<TxnOffsetCommitRequestTopic>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for TxnOffsetCommitRequest {
    fn default() -> TxnOffsetCommitRequest {
        TxnOffsetCommitRequest {
            transactional_id: Str::default(),
            group_id: Str::default(),
            producer_id: 0,
            producer_epoch: 0,
            generation_id_or_member_epoch: -1,
            member_id: Str::default(),
            group_instance_id: None,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for TxnOffsetCommitRequest {
    const NAME: &'static str = "TxnOffsetCommitRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=6;
    const FLEXIBLE_FROM: Option<i16> = Some(3);
}

impl Request for TxnOffsetCommitRequest {
    const KEY: ApiKey = ApiKey::TxnOffsetCommit;
    type Response = super::txn_offset_commit_response::TxnOffsetCommitResponse;
}

impl Element for TxnOffsetCommitRequest {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, version: i16) -> Result<TxnOffsetCommitRequest, DecodeError> {
        let form = Form::of(version, 3);
        Ok(TxnOffsetCommitRequest {
            transactional_id: reader.string(form)?,
            group_id: reader.string(form)?,
            producer_id: reader.i64()?,
            producer_epoch: reader.i16()?,
            generation_id_or_member_epoch: if version >= 3 { reader.i32()? } else { -1 },
            member_id: if version >= 3 { reader.string(Form::Flexible)? } else { Str::default() },
            group_instance_id: if version >= 3 { reader.nullable_string(Form::Flexible)? } else { None },
            topics: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        writer.string(form, &self.transactional_id)?;
        writer.string(form, &self.group_id)?;
        writer.i64(self.producer_id);
        writer.i16(self.producer_epoch);
        if version >= 3 {
            writer.i32(self.generation_id_or_member_epoch);
        } else if self.generation_id_or_member_epoch != -1 {
            return Err(EncodeError::NotInVersion {
                message: "TxnOffsetCommitRequest",
                field: "GenerationIdOrMemberEpoch",
                version,
            });
        }
        if version >= 3 {
            writer.string(Form::Flexible, &self.member_id)?;
        } else if !self.member_id.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "TxnOffsetCommitRequest",
                field: "MemberId",
                version,
            });
        }
        if version >= 3 {
            writer.nullable_string(Form::Flexible, self.group_instance_id.as_ref())?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "TxnOffsetCommitRequest",
                field: "GroupInstanceId",
                version,
            });
        }
        writer.array(form, &self.topics, version)?;
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "TxnOffsetCommitRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TxnOffsetCommitRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("transactionalId", &self.transactional_id, version);
        object.field("groupId", &self.group_id, version);
        object.field("producerId", &self.producer_id, version);
        object.field("producerEpoch", &self.producer_epoch, version);
        if version >= 3 {
            object.field("generationIdOrMemberEpoch", &self.generation_id_or_member_epoch, version);
        }
        if version >= 3 {
            object.field("memberId", &self.member_id, version);
        }
        if version >= 3 {
            object.field("groupInstanceId", &self.group_instance_id, version);
        }
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TxnOffsetCommitRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> TxnOffsetCommitRequest {
        TxnOffsetCommitRequest {
            transactional_id: random.string(),
            group_id: random.string(),
            producer_id: random.i64(),
            producer_epoch: random.i16(),
            generation_id_or_member_epoch: if version >= 3 { random.i32() } else { -1 },
            member_id: if version >= 3 { random.string() } else { Str::default() },
            group_instance_id: if version >= 3 { random.is_some().then(|| random.string()) } else { None },
            topics: random.array(version),
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`TxnOffsetCommitRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TxnOffsetCommitRequestTopic {
    /// Versions 0-5; lost in others; a `topicName`.
    pub name: Str,
    /// Versions 6+; lost in others.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<TxnOffsetCommitRequestPartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TxnOffsetCommitRequestTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<TxnOffsetCommitRequestTopic, DecodeError> {
        let form = Form::of(version, 3);
        Ok(TxnOffsetCommitRequestTopic {
            name: if version <= 5 { reader.string(form)? } else { Str::default() },
            topic_id: if version == 6 { reader.uuid()? } else { Uuid::ZERO },
            partitions: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        if version <= 5 {
            writer.string(form, &self.name)?;
        }
        if version == 6 {
            writer.uuid(self.topic_id);
        }
        writer.array(form, &self.partitions, version)?;
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "TxnOffsetCommitRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TxnOffsetCommitRequestTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version <= 5 {
            object.field("name", &self.name, version);
        }
        if version == 6 {
            object.field("topicId", &self.topic_id, version);
        }
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TxnOffsetCommitRequestTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> TxnOffsetCommitRequestTopic {
        TxnOffsetCommitRequestTopic {
            name: if version <= 5 { random.string() } else { Str::default() },
            topic_id: if version == 6 { random.uuid() } else { Uuid::ZERO },
            partitions: random.array(version),
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`TxnOffsetCommitRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct TxnOffsetCommitRequestPartition {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub committed_offset: i64,
    /// Versions 2+; default -1; lost in others.
    pub committed_leader_epoch: i32,
    /// All versions.
    pub committed_metadata: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for TxnOffsetCommitRequestPartition {
    fn default() -> TxnOffsetCommitRequestPartition {
        TxnOffsetCommitRequestPartition {
            partition_index: 0,
            committed_offset: 0,
            committed_leader_epoch: -1,
            committed_metadata: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for TxnOffsetCommitRequestPartition {
    const MIN_LEN: usize = 14;

    fn read(reader: &mut Reader, version: i16) -> Result<TxnOffsetCommitRequestPartition, DecodeError> {
        let form = Form::of(version, 3);
        Ok(TxnOffsetCommitRequestPartition {
            partition_index: reader.i32()?,
            committed_offset: reader.i64()?,
            committed_leader_epoch: if version >= 2 { reader.i32()? } else { -1 },
            committed_metadata: reader.nullable_string(form)?,
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        writer.i32(self.partition_index);
        writer.i64(self.committed_offset);
        if version >= 2 {
            writer.i32(self.committed_leader_epoch);
        }
        writer.nullable_string(form, self.committed_metadata.as_ref())?;
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "TxnOffsetCommitRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TxnOffsetCommitRequestPartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("committedOffset", &self.committed_offset, version);
        if version >= 2 {
            object.field("committedLeaderEpoch", &self.committed_leader_epoch, version);
        }
        object.field("committedMetadata", &self.committed_metadata, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TxnOffsetCommitRequestPartition {
    fn random(random: &mut crate::testing::Source, version: i16) -> TxnOffsetCommitRequestPartition {
        TxnOffsetCommitRequestPartition {
            partition_index: random.i32(),
            committed_offset: random.i64(),
            committed_leader_epoch: if version >= 2 { random.i32() } else { -1 },
            committed_metadata: random.is_some().then(|| random.string()),
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
