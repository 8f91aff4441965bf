//! Generated from `schemas/MetadataResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `MetadataResponse` (response, key 3): versions 0-13, flexible 9+.
#[derive(Clone, Debug, PartialEq)]
pub struct MetadataResponse {
    /// Versions 3+; lost in others.
    pub throttle_time_ms: i32,
    /// All versions.
    pub brokers: Vec<MetadataResponseBroker>,
    /// Versions 2+; default null; lost in others.
    pub cluster_id: Option<Str>,
    /// Versions 1+; default -1; lost in others; a `brokerId`.
    pub controller_id: i32,
    /// All versions.
    pub topics: Vec<MetadataResponseTopic>,
    /// Versions 8-10; default -2147483648.
    pub cluster_authorized_operations: i32,
    /// Versions 13+; lost in others.
    pub error_code: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MetadataResponse {
    fn default() -> MetadataResponse {
        MetadataResponse {
            throttle_time_ms: 0,
            brokers: Vec::new(),
            cluster_id: None,
            controller_id: -1,
            topics: Vec::new(),
            cluster_authorized_operations: i32::MIN,
            error_code: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for MetadataResponse {
    const NAME: &'static str = "MetadataResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=13;
    const FLEXIBLE_FROM: Option<i16> = Some(9);
}

impl Element for MetadataResponse {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<MetadataResponse, DecodeError> {
        let form = Form::of(version, 9);
        Ok(MetadataResponse {
            throttle_time_ms: if version >= 3 { reader.i32()? } else { 0 },
            brokers: reader.array(form, version)?,
            cluster_id: if version >= 2 { reader.nullable_string(form)? } else { None },
            controller_id: if version >= 1 { reader.i32()? } else { -1 },
            topics: reader.array(form, version)?,
            cluster_authorized_operations: if (8..=10).contains(&version) { reader.i32()? } else { i32::MIN },
            error_code: if version == 13 { reader.i16()? } else { 0 },
            unknown_tagged_fields: if version >= 9 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 9);
        if version >= 3 {
            writer.i32(self.throttle_time_ms);
        }
        writer.array(form, &self.brokers, version)?;
        if version >= 2 {
            writer.nullable_string(form, self.cluster_id.as_ref())?;
        }
        if version >= 1 {
            writer.i32(self.controller_id);
        }
        writer.array(form, &self.topics, version)?;
        if (8..=10).contains(&version) {
            writer.i32(self.cluster_authorized_operations);
        } else if self.cluster_authorized_operations != i32::MIN {
            return Err(EncodeError::NotInVersion {
                message: "MetadataResponse",
                field: "ClusterAuthorizedOperations",
                version,
            });
        }
        if version == 13 {
            writer.i16(self.error_code);
        }
        if version >= 9 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "MetadataResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for MetadataResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 3 {
            object.field("throttleTimeMs", &self.throttle_time_ms, version);
        }
        object.field("brokers", &self.brokers, version);
        if version >= 2 {
            object.field("clusterId", &self.cluster_id, version);
        }
        if version >= 1 {
            object.field("controllerId", &self.controller_id, version);
        }
        object.field("topics", &self.topics, version);
        if (8..=10).contains(&version) {
            object.field("clusterAuthorizedOperations", &self.cluster_authorized_operations, version);
        }
        if version == 13 {
            object.field("errorCode", &self.error_code, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for MetadataResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> MetadataResponse {
        MetadataResponse {
            throttle_time_ms: if version >= 3 { random.i32() } else { 0 },
            brokers: random.array(version),
            cluster_id: if version >= 2 { random.is_some().then(|| random.string()) } else { None },
            controller_id: if version >= 1 { random.i32() } else { -1 },
            topics: random.array(version),
            cluster_authorized_operations: if (8..=10).contains(&version) { random.i32() } else { i32::MIN },
            error_code: if version == 13 { random.i16() } else { 0 },
            unknown_tagged_fields: if version >= 9 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`MetadataResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetadataResponseBroker {
    /// All versions; key of its array; a `brokerId`.
    pub node_id: i32,
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: i32,
    /// Versions 1+; default null; lost in others.
    pub rack: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for MetadataResponseBroker {
    const MIN_LEN: usize = 10;

    fn read(reader: &mut Reader, version: i16) -> Result<MetadataResponseBroker, DecodeError> {
        let form = Form::of(version, 9);
        Ok(MetadataResponseBroker {
            node_id: reader.i32()?,
            host: reader.string(form)?,
            port: reader.i32()?,
            rack: if version >= 1 { reader.nullable_string(form)? } else { None },
            unknown_tagged_fields: if version >= 9 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 9);
        writer.i32(self.node_id);
        writer.string(form, &self.host)?;
        writer.i32(self.port);
        if version >= 1 {
            writer.nullable_string(form, self.rack.as_ref())?;
        }
        if version >= 9 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "MetadataResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for MetadataResponseBroker {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("nodeId", &self.node_id, version);
        object.field("host", &self.host, version);
        object.field("port", &self.port, version);
        if version >= 1 {
            object.field("rack", &self.rack, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for MetadataResponseBroker {
    fn random(random: &mut crate::testing::Source, version: i16) -> MetadataResponseBroker {
        MetadataResponseBroker {
            node_id: random.i32(),
            host: random.string(),
            port: random.i32(),
            rack: if version >= 1 { random.is_some().then(|| random.string()) } else { None },
            unknown_tagged_fields: if version >= 9 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`MetadataResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct MetadataResponseTopic {
    /// All versions.
    pub error_code: i16,
    /// All versions; null in 12+; key of its array; a `topicName`.
    pub name: Option<Str>,
    /// Versions 10+; lost in others.
    pub topic_id: Uuid,
    /// Versions 1+; lost in others.
    pub is_internal: bool,
    /// All versions.
    pub partitions: Vec<MetadataResponsePartition>,
    /// Versions 8+; default -2147483648.
    pub topic_authorized_operations: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MetadataResponseTopic {
    fn default() -> MetadataResponseTopic {
        MetadataResponseTopic {
            error_code: 0,
            name: Some(Str::default()),
            topic_id: Uuid::ZERO,
            is_internal: false,
            partitions: Vec::new(),
            topic_authorized_operations: i32::MIN,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for MetadataResponseTopic {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<MetadataResponseTopic, DecodeError> {
        let form = Form::of(version, 9);
        Ok(MetadataResponseTopic {
            error_code: reader.i16()?,
            name: if version >= 12 { reader.nullable_string(form)? } else { Some(reader.string(form)?) },
            topic_id: if version >= 10 { reader.uuid()? } else { Uuid::ZERO },
            is_internal: if version >= 1 { reader.bool()? } else { false },
            partitions: reader.array(form, version)?,
            topic_authorized_operations: if version >= 8 { reader.i32()? } else { i32::MIN },
            unknown_tagged_fields: if version >= 9 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 9);
        writer.i16(self.error_code);
        if version >= 12 {
            writer.nullable_string(form, self.name.as_ref())?;
        } else {
            let value = EncodeError::required(self.name.as_ref(), "MetadataResponseTopic", "Name", version)?;
            writer.string(form, value)?;
        }
        if version >= 10 {
            writer.uuid(self.topic_id);
        }
        if version >= 1 {
            writer.bool(self.is_internal);
        }
        writer.array(form, &self.partitions, version)?;
        if version >= 8 {
            writer.i32(self.topic_authorized_operations);
        } else if self.topic_authorized_operations != i32::MIN {
            return Err(EncodeError::NotInVersion {
                message: "MetadataResponseTopic",
                field: "TopicAuthorizedOperations",
                version,
            });
        }
        if version >= 9 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "MetadataResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for MetadataResponseTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("name", &self.name, version);
        if version >= 10 {
            object.field("topicId", &self.topic_id, version);
        }
        if version >= 1 {
            object.field("isInternal", &self.is_internal, version);
        }
        object.field("partitions", &self.partitions, version);
        if version >= 8 {
            object.field("topicAuthorizedOperations", &self.topic_authorized_operations, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for MetadataResponseTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> MetadataResponseTopic {
        MetadataResponseTopic {
            error_code: random.i16(),
            name: if version >= 12 {
                random.is_some().then(|| random.string())
            } else {
                Some(random.string())
            },
            topic_id: if version >= 10 { random.uuid() } else { Uuid::ZERO },
            is_internal: if version >= 1 { random.bool() } else { false },
            partitions: random.array(version),
            topic_authorized_operations: if version >= 8 { random.i32() } else { i32::MIN },
            unknown_tagged_fields: if version >= 9 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`MetadataResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct MetadataResponsePartition {
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub partition_index: i32,
    /// All versions; a `brokerId`.
    pub leader_id: i32,
    /// Versions 7+; default -1; lost in others.
    pub leader_epoch: i32,
    /// All versions; a `brokerId`.
    pub replica_nodes: Vec<i32>,
    /// All versions; a `brokerId`.
    pub isr_nodes: Vec<i32>,
    /// Versions 5+; lost in others; a `brokerId`.
    pub offline_replicas: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MetadataResponsePartition {
    fn default() -> MetadataResponsePartition {
        MetadataResponsePartition {
            error_code: 0,
            partition_index: 0,
            leader_id: 0,
            leader_epoch: -1,
            replica_nodes: Vec::new(),
            isr_nodes: Vec::new(),
            offline_replicas: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for MetadataResponsePartition {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, version: i16) -> Result<MetadataResponsePartition, DecodeError> {
        let form = Form::of(version, 9);
        Ok(MetadataResponsePartition {
            error_code: reader.i16()?,
            partition_index: reader.i32()?,
            leader_id: reader.i32()?,
            leader_epoch: if version >= 7 { reader.i32()? } else { -1 },
            replica_nodes: reader.i32s(form)?,
            isr_nodes: reader.i32s(form)?,
            offline_replicas: if version >= 5 { reader.i32s(form)? } else { Vec::new() },
            unknown_tagged_fields: if version >= 9 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 9);
        writer.i16(self.error_code);
        writer.i32(self.partition_index);
        writer.i32(self.leader_id);
        if version >= 7 {
            writer.i32(self.leader_epoch);
        }
        writer.i32s(form, &self.replica_nodes)?;
        writer.i32s(form, &self.isr_nodes)?;
        if version >= 5 {
            writer.i32s(form, &self.offline_replicas)?;
        }
        if version >= 9 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "MetadataResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for MetadataResponsePartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("leaderId", &self.leader_id, version);
        if version >= 7 {
            object.field("leaderEpoch", &self.leader_epoch, version);
        }
        object.field("replicaNodes", &self.replica_nodes, version);
        object.field("isrNodes", &self.isr_nodes, version);
        if version >= 5 {
            object.field("offlineReplicas", &self.offline_replicas, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for MetadataResponsePartition {
    fn random(random: &mut crate::testing::Source, version: i16) -> MetadataResponsePartition {
        MetadataResponsePartition {
            error_code: random.i16(),
            partition_index: random.i32(),
            leader_id: random.i32(),
            leader_epoch: if version >= 7 { random.i32() } else { -1 },
            replica_nodes: random.i32s(),
            isr_nodes: random.i32s(),
            offline_replicas: if version >= 5 { random.i32s() } else { Vec::new() },
            unknown_tagged_fields: if version >= 9 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
