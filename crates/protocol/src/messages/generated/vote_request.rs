//! Generated from `schemas/VoteRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `VoteRequest` (request, key 52): versions 0-2, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct VoteRequest {
    /// All versions; default null.
    pub cluster_id: Option<Str>,
    /// Versions 1+; default -1; lost in others; a `brokerId`.
    pub voter_id: i32,
    /// All versions.
    pub topics: Vec<TopicData>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for VoteRequest {
    fn default() -> VoteRequest {
        VoteRequest {
            cluster_id: None,
            voter_id: -1,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for VoteRequest {
    const NAME: &'static str = "VoteRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for VoteRequest {
    const KEY: ApiKey = ApiKey::Vote;
    type Response = super::vote_response::VoteResponse;
}

impl Element for VoteRequest {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<VoteRequest, DecodeError> {
        Ok(VoteRequest {
            cluster_id: reader.nullable_string(Form::Flexible)?,
            voter_id: if version >= 1 { reader.i32()? } else { -1 },
            topics: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.nullable_string(Form::Flexible, self.cluster_id.as_ref())?;
        if version >= 1 {
            writer.i32(self.voter_id);
        }
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for VoteRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("clusterId", &self.cluster_id, version);
        if version >= 1 {
            object.field("voterId", &self.voter_id, version);
        }
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for VoteRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> VoteRequest {
        VoteRequest {
            cluster_id: random.is_some().then(|| random.string()),
            voter_id: if version >= 1 { random.i32() } else { -1 },
            topics: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`VoteRequest`].
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

/// Part of [`VoteRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionData {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub replica_epoch: i32,
    /// All versions; a `brokerId`.
    pub replica_id: i32,
    /// Versions 1+; lost in others.
    pub replica_directory_id: Uuid,
    /// Versions 1+; lost in others.
    pub voter_directory_id: Uuid,
    /// All versions.
    pub last_offset_epoch: i32,
    /// All versions.
    pub last_offset: i64,
    /// Versions 2+.
    pub pre_vote: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for PartitionData {
    const MIN_LEN: usize = 25;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionData, DecodeError> {
        Ok(PartitionData {
            partition_index: reader.i32()?,
            replica_epoch: reader.i32()?,
            replica_id: reader.i32()?,
            replica_directory_id: if version >= 1 { reader.uuid()? } else { Uuid::ZERO },
            voter_directory_id: if version >= 1 { reader.uuid()? } else { Uuid::ZERO },
            last_offset_epoch: reader.i32()?,
            last_offset: reader.i64()?,
            pre_vote: if version == 2 { reader.bool()? } else { false },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i32(self.replica_epoch);
        writer.i32(self.replica_id);
        if version >= 1 {
            writer.uuid(self.replica_directory_id);
        }
        if version >= 1 {
            writer.uuid(self.voter_directory_id);
        }
        writer.i32(self.last_offset_epoch);
        writer.i64(self.last_offset);
        if version == 2 {
            writer.bool(self.pre_vote);
        } else if self.pre_vote {
            return Err(EncodeError::NotInVersion { message: "PartitionData", field: "PreVote", version });
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("replicaEpoch", &self.replica_epoch, version);
        object.field("replicaId", &self.replica_id, version);
        if version >= 1 {
            object.field("replicaDirectoryId", &self.replica_directory_id, version);
        }
        if version >= 1 {
            object.field("voterDirectoryId", &self.voter_directory_id, version);
        }
        object.field("lastOffsetEpoch", &self.last_offset_epoch, version);
        object.field("lastOffset", &self.last_offset, version);
        if version == 2 {
            object.field("preVote", &self.pre_vote, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionData {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionData {
        PartitionData {
            partition_index: random.i32(),
            replica_epoch: random.i32(),
            replica_id: random.i32(),
            replica_directory_id: if version >= 1 { random.uuid() } else { Uuid::ZERO },
            voter_directory_id: if version >= 1 { random.uuid() } else { Uuid::ZERO },
            last_offset_epoch: random.i32(),
            last_offset: random.i64(),
            pre_vote: if version == 2 { random.bool() } else { false },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
