//! Generated from `schemas/BeginQuorumEpochRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `BeginQuorumEpochRequest` (request, key 53): versions 0-1, flexible 1+.
#[derive(Clone, Debug, PartialEq)]
pub struct BeginQuorumEpochRequest {
    /// All versions; default null.
    pub cluster_id: Option<Str>,
    /// Versions 1+; default -1; lost in others; a `brokerId`.
    pub voter_id: i32,
    /// All versions.
    pub topics: Vec<TopicData>,
    /// Versions 1+; lost in others.
    pub leader_endpoints: Vec<LeaderEndpoint>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for BeginQuorumEpochRequest {
    fn default() -> BeginQuorumEpochRequest {
        BeginQuorumEpochRequest {
            cluster_id: None,
            voter_id: -1,
            topics: Vec::new(),
            leader_endpoints: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for BeginQuorumEpochRequest {
    const NAME: &'static str = "BeginQuorumEpochRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(1);
}

impl Request for BeginQuorumEpochRequest {
    const KEY: ApiKey = ApiKey::BeginQuorumEpoch;
    type Response = super::begin_quorum_epoch_response::BeginQuorumEpochResponse;
}

impl Element for BeginQuorumEpochRequest {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<BeginQuorumEpochRequest, DecodeError> {
        let form = Form::of(version, 1);
        Ok(BeginQuorumEpochRequest {
            cluster_id: reader.nullable_string(form)?,
            voter_id: if version == 1 { reader.i32()? } else { -1 },
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
        if version == 1 {
            writer.i32(self.voter_id);
        }
        writer.array(form, &self.topics, version)?;
        if version == 1 {
            writer.array(Form::Flexible, &self.leader_endpoints, version)?;
        }
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "BeginQuorumEpochRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for BeginQuorumEpochRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("clusterId", &self.cluster_id, version);
        if version == 1 {
            object.field("voterId", &self.voter_id, version);
        }
        object.field("topics", &self.topics, version);
        if version == 1 {
            object.field("leaderEndpoints", &self.leader_endpoints, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for BeginQuorumEpochRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> BeginQuorumEpochRequest {
        BeginQuorumEpochRequest {
            cluster_id: random.is_some().then(|| random.string()),
            voter_id: if version == 1 { random.i32() } else { -1 },
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

/// Part of [`BeginQuorumEpochRequest`].
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
            return Err(EncodeError::TagsNotInVersion { message: "BeginQuorumEpochRequest", version });
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

/// Part of [`BeginQuorumEpochRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionData {
    /// All versions.
    pub partition_index: i32,
    /// Versions 1+; lost in others.
    pub voter_directory_id: Uuid,
    /// All versions; a `brokerId`.
    pub leader_id: i32,
    /// All versions.
    pub leader_epoch: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for PartitionData {
    const MIN_LEN: usize = 12;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionData, DecodeError> {
        Ok(PartitionData {
            partition_index: reader.i32()?,
            voter_directory_id: if version == 1 { reader.uuid()? } else { Uuid::ZERO },
            leader_id: reader.i32()?,
            leader_epoch: reader.i32()?,
            unknown_tagged_fields: if version == 1 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        if version == 1 {
            writer.uuid(self.voter_directory_id);
        }
        writer.i32(self.leader_id);
        writer.i32(self.leader_epoch);
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "BeginQuorumEpochRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        if version == 1 {
            object.field("voterDirectoryId", &self.voter_directory_id, version);
        }
        object.field("leaderId", &self.leader_id, version);
        object.field("leaderEpoch", &self.leader_epoch, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionData {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionData {
        PartitionData {
            partition_index: random.i32(),
            voter_directory_id: if version == 1 { random.uuid() } else { Uuid::ZERO },
            leader_id: random.i32(),
            leader_epoch: random.i32(),
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`BeginQuorumEpochRequest`].
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
