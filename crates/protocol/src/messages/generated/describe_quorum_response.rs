//! Generated from `schemas/DescribeQuorumResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DescribeQuorumResponse` (response, key 55): versions 0-2, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeQuorumResponse {
    /// All versions.
    pub error_code: i16,
    /// Versions 2+; lost in others.
    pub error_message: Option<Str>,
    /// All versions.
    pub topics: Vec<TopicData>,
    /// Versions 2+.
    pub nodes: Vec<Node>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeQuorumResponse {
    fn default() -> DescribeQuorumResponse {
        DescribeQuorumResponse {
            error_code: 0,
            error_message: Some(Str::default()),
            topics: Vec::new(),
            nodes: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for DescribeQuorumResponse {
    const NAME: &'static str = "DescribeQuorumResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for DescribeQuorumResponse {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeQuorumResponse, DecodeError> {
        Ok(DescribeQuorumResponse {
            error_code: reader.i16()?,
            error_message: if version == 2 {
                reader.nullable_string(Form::Flexible)?
            } else {
                Some(Str::default())
            },
            topics: reader.array(Form::Flexible, version)?,
            nodes: if version == 2 { reader.array(Form::Flexible, version)? } else { Vec::new() },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i16(self.error_code);
        if version == 2 {
            writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        }
        writer.array(Form::Flexible, &self.topics, version)?;
        if version == 2 {
            writer.array(Form::Flexible, &self.nodes, version)?;
        } else if !self.nodes.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "DescribeQuorumResponse",
                field: "Nodes",
                version,
            });
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeQuorumResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        if version == 2 {
            object.field("errorMessage", &self.error_message, version);
        }
        object.field("topics", &self.topics, version);
        if version == 2 {
            object.field("nodes", &self.nodes, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeQuorumResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeQuorumResponse {
        DescribeQuorumResponse {
            error_code: random.i16(),
            error_message: if version == 2 {
                random.is_some().then(|| random.string())
            } else {
                Some(Str::default())
            },
            topics: random.array(version),
            nodes: if version == 2 { random.array(version) } else { Vec::new() },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeQuorumResponse`].
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

/// Part of [`DescribeQuorumResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionData {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub error_code: i16,
    /// Versions 2+; lost in others.
    pub error_message: Option<Str>,
    /// All versions; a `brokerId`.
    pub leader_id: i32,
    /// All versions.
    pub leader_epoch: i32,
    /// All versions.
    pub high_watermark: i64,
    /// All versions.
    pub current_voters: Vec<ReplicaState>,
    /// All versions.
    pub observers: Vec<ReplicaState>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionData {
    fn default() -> PartitionData {
        PartitionData {
            partition_index: 0,
            error_code: 0,
            error_message: Some(Str::default()),
            leader_id: 0,
            leader_epoch: 0,
            high_watermark: 0,
            current_voters: Vec::new(),
            observers: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for PartitionData {
    const MIN_LEN: usize = 25;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionData, DecodeError> {
        Ok(PartitionData {
            partition_index: reader.i32()?,
            error_code: reader.i16()?,
            error_message: if version == 2 {
                reader.nullable_string(Form::Flexible)?
            } else {
                Some(Str::default())
            },
            leader_id: reader.i32()?,
            leader_epoch: reader.i32()?,
            high_watermark: reader.i64()?,
            current_voters: reader.array(Form::Flexible, version)?,
            observers: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i16(self.error_code);
        if version == 2 {
            writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        }
        writer.i32(self.leader_id);
        writer.i32(self.leader_epoch);
        writer.i64(self.high_watermark);
        writer.array(Form::Flexible, &self.current_voters, version)?;
        writer.array(Form::Flexible, &self.observers, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("errorCode", &self.error_code, version);
        if version == 2 {
            object.field("errorMessage", &self.error_message, version);
        }
        object.field("leaderId", &self.leader_id, version);
        object.field("leaderEpoch", &self.leader_epoch, version);
        object.field("highWatermark", &self.high_watermark, version);
        object.field("currentVoters", &self.current_voters, version);
        object.field("observers", &self.observers, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionData {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionData {
        PartitionData {
            partition_index: random.i32(),
            error_code: random.i16(),
            error_message: if version == 2 {
                random.is_some().then(|| random.string())
            } else {
                Some(Str::default())
            },
            leader_id: random.i32(),
            leader_epoch: random.i32(),
            high_watermark: random.i64(),
            current_voters: random.array(version),
            observers: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeQuorumResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// All versions; key of its array; a `brokerId`.
    pub node_id: i32,
    /// All versions.
    pub listeners: Vec<Listener>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Node {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<Node, DecodeError> {
        Ok(Node {
            node_id: reader.i32()?,
            listeners: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.node_id);
        writer.array(Form::Flexible, &self.listeners, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Node {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("nodeId", &self.node_id, version);
        object.field("listeners", &self.listeners, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Node {
    fn random(random: &mut crate::testing::Source, version: i16) -> Node {
        Node {
            node_id: random.i32(),
            listeners: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeQuorumResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listener {
    /// All versions; key of its array.
    pub name: Str,
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: u16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Listener {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<Listener, DecodeError> {
        Ok(Listener {
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
impl crate::json::ToJson for Listener {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("host", &self.host, version);
        object.field("port", &self.port, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Listener {
    fn random(random: &mut crate::testing::Source, _version: i16) -> Listener {
        Listener {
            name: random.string(),
            host: random.string(),
            port: random.u16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeQuorumResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicaState {
    /// All versions; a `brokerId`.
    pub replica_id: i32,
    /// Versions 2+.
    pub replica_directory_id: Uuid,
    /// All versions.
    pub log_end_offset: i64,
    /// Versions 1+; default -1; lost in others.
    pub last_fetch_timestamp: i64,
    /// Versions 1+; default -1; lost in others.
    pub last_caught_up_timestamp: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ReplicaState {
    fn default() -> ReplicaState {
        ReplicaState {
            replica_id: 0,
            replica_directory_id: Uuid::ZERO,
            log_end_offset: 0,
            last_fetch_timestamp: -1,
            last_caught_up_timestamp: -1,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for ReplicaState {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, version: i16) -> Result<ReplicaState, DecodeError> {
        Ok(ReplicaState {
            replica_id: reader.i32()?,
            replica_directory_id: if version == 2 { reader.uuid()? } else { Uuid::ZERO },
            log_end_offset: reader.i64()?,
            last_fetch_timestamp: if version >= 1 { reader.i64()? } else { -1 },
            last_caught_up_timestamp: if version >= 1 { reader.i64()? } else { -1 },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.replica_id);
        if version == 2 {
            writer.uuid(self.replica_directory_id);
        } else if !self.replica_directory_id.is_zero() {
            return Err(EncodeError::NotInVersion {
                message: "ReplicaState",
                field: "ReplicaDirectoryId",
                version,
            });
        }
        writer.i64(self.log_end_offset);
        if version >= 1 {
            writer.i64(self.last_fetch_timestamp);
        }
        if version >= 1 {
            writer.i64(self.last_caught_up_timestamp);
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ReplicaState {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("replicaId", &self.replica_id, version);
        if version == 2 {
            object.field("replicaDirectoryId", &self.replica_directory_id, version);
        }
        object.field("logEndOffset", &self.log_end_offset, version);
        if version >= 1 {
            object.field("lastFetchTimestamp", &self.last_fetch_timestamp, version);
        }
        if version >= 1 {
            object.field("lastCaughtUpTimestamp", &self.last_caught_up_timestamp, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ReplicaState {
    fn random(random: &mut crate::testing::Source, version: i16) -> ReplicaState {
        ReplicaState {
            replica_id: random.i32(),
            replica_directory_id: if version == 2 { random.uuid() } else { Uuid::ZERO },
            log_end_offset: random.i64(),
            last_fetch_timestamp: if version >= 1 { random.i64() } else { -1 },
            last_caught_up_timestamp: if version >= 1 { random.i64() } else { -1 },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
