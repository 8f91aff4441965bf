//! Generated from `schemas/EndQuorumEpochRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `EndQuorumEpochRequest` (request, key 54): versions 0-1, flexible 1+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndQuorumEpochRequest {
    /// All versions; default null.
    pub cluster_id: Option<Str>,
    /// All versions.
    pub topics: Vec<TopicData>,
    /// Versions 1+; lost in others.
    pub leader_endpoints: Vec<LeaderEndpoint>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for EndQuorumEpochRequest {
    const NAME: &'static str = "EndQuorumEpochRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(1);
}

impl Request for EndQuorumEpochRequest {
    const KEY: ApiKey = ApiKey::EndQuorumEpoch;
    type Response = super::end_quorum_epoch_response::EndQuorumEpochResponse;
}

impl Element for EndQuorumEpochRequest {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<EndQuorumEpochRequest, DecodeError> {
        let form = Form::of(version, 1);
        Ok(EndQuorumEpochRequest {
            cluster_id: reader.nullable_string(form)?,
            topics: reader.array(form, version)?,
            leader_endpoints: if version == 1 { reader.array(Form::Flexible, version)? } else { Vec::new() },
            unknown_tagged_fields: if version == 1 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 1);
        writer.nullable_string(form, self.cluster_id.as_ref())?;
        writer.array(form, &self.topics, version)?;
        if version == 1 {
            writer.array(Form::Flexible, &self.leader_endpoints, version)?;
        }
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "EndQuorumEpochRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for EndQuorumEpochRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("clusterId", &self.cluster_id, version);
        object.field("topics", &self.topics, version);
        if version == 1 {
            object.field("leaderEndpoints", &self.leader_endpoints, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for EndQuorumEpochRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> EndQuorumEpochRequest {
        EndQuorumEpochRequest {
            cluster_id: random.is_some().then(|| random.string()),
            topics: random.array(version),
            leader_endpoints: if version == 1 { random.array(version) } else { Vec::new() },
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`EndQuorumEpochRequest`].
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
        let form = Form::of(version, 1);
        Ok(TopicData {
            topic_name: reader.string(form)?,
            partitions: reader.array(form, version)?,
            unknown_tagged_fields: if version == 1 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 1);
        writer.string(form, &self.topic_name)?;
        writer.array(form, &self.partitions, version)?;
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "EndQuorumEpochRequest", version });
        }
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
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`EndQuorumEpochRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionData {
    /// All versions.
    pub partition_index: i32,
    /// All versions; a `brokerId`.
    pub leader_id: i32,
    /// All versions.
    pub leader_epoch: i32,
    /// Versions 0; lost in others.
    pub preferred_successors: Vec<i32>,
    /// Versions 1+; lost in others.
    pub preferred_candidates: Vec<ReplicaInfo>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for PartitionData {
    const MIN_LEN: usize = 14;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionData, DecodeError> {
        Ok(PartitionData {
            partition_index: reader.i32()?,
            leader_id: reader.i32()?,
            leader_epoch: reader.i32()?,
            preferred_successors: if version == 0 { reader.i32s(Form::Legacy)? } else { Vec::new() },
            preferred_candidates: if version == 1 {
                reader.array(Form::Flexible, version)?
            } else {
                Vec::new()
            },
            unknown_tagged_fields: if version == 1 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i32(self.leader_id);
        writer.i32(self.leader_epoch);
        if version == 0 {
            writer.i32s(Form::Legacy, &self.preferred_successors)?;
        }
        if version == 1 {
            writer.array(Form::Flexible, &self.preferred_candidates, version)?;
        }
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "EndQuorumEpochRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("leaderId", &self.leader_id, version);
        object.field("leaderEpoch", &self.leader_epoch, version);
        if version == 0 {
            object.field("preferredSuccessors", &self.preferred_successors, version);
        }
        if version == 1 {
            object.field("preferredCandidates", &self.preferred_candidates, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionData {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionData {
        PartitionData {
            partition_index: random.i32(),
            leader_id: random.i32(),
            leader_epoch: random.i32(),
            preferred_successors: if version == 0 { random.i32s() } else { Vec::new() },
            preferred_candidates: if version == 1 { random.array(version) } else { Vec::new() },
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`EndQuorumEpochRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplicaInfo {
    /// All versions; a `brokerId`.
    pub candidate_id: i32,
    /// All versions.
    pub candidate_directory_id: Uuid,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ReplicaInfo {
    const MIN_LEN: usize = 21;

    fn read(reader: &mut Reader, _version: i16) -> Result<ReplicaInfo, DecodeError> {
        Ok(ReplicaInfo {
            candidate_id: reader.i32()?,
            candidate_directory_id: reader.uuid()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.candidate_id);
        writer.uuid(self.candidate_directory_id);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ReplicaInfo {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("candidateId", &self.candidate_id, version);
        object.field("candidateDirectoryId", &self.candidate_directory_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ReplicaInfo {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ReplicaInfo {
        ReplicaInfo {
            candidate_id: random.i32(),
            candidate_directory_id: random.uuid(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`EndQuorumEpochRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaderEndpoint {
    /// All versions; key of its array.
    pub name: Str,
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: u16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for LeaderEndpoint {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<LeaderEndpoint, DecodeError> {
        Ok(LeaderEndpoint {
            name: reader.string(Form::Flexible)?,
            host: reader.string(Form::Flexible)?,
            port: reader.u16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.string(Form::Flexible, &self.host)?;
        writer.u16(self.port);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for LeaderEndpoint {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("host", &self.host, version);
        object.field("port", &self.port, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for LeaderEndpoint {
    fn random(random: &mut crate::testing::Source, _version: i16) -> LeaderEndpoint {
        LeaderEndpoint {
            name: random.string(),
            host: random.string(),
            port: random.u16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
