//! Generated from `schemas/DescribeTopicPartitionsResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DescribeTopicPartitionsResponse` (response, key 75): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeTopicPartitionsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub topics: Vec<DescribeTopicPartitionsResponseTopic>,
    /// All versions; default null.
    pub next_cursor: Option<Box<Cursor>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DescribeTopicPartitionsResponse {
    const NAME: &'static str = "DescribeTopicPartitionsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for DescribeTopicPartitionsResponse {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeTopicPartitionsResponse, DecodeError> {
        Ok(DescribeTopicPartitionsResponse {
            throttle_time_ms: reader.i32()?,
            topics: reader.array(Form::Flexible, version)?,
            next_cursor: reader.nullable_struct(version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.nullable_struct(self.next_cursor.as_deref(), version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeTopicPartitionsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("topics", &self.topics, version);
        object.field("nextCursor", &self.next_cursor, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeTopicPartitionsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeTopicPartitionsResponse {
        DescribeTopicPartitionsResponse {
            throttle_time_ms: random.i32(),
            topics: random.array(version),
            next_cursor: random.is_some().then(|| random.boxed(version)),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeTopicPartitionsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeTopicPartitionsResponseTopic {
    /// All versions.
    pub error_code: i16,
    /// All versions; key of its array; a `topicName`.
    pub name: Option<Str>,
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub is_internal: bool,
    /// All versions.
    pub partitions: Vec<DescribeTopicPartitionsResponsePartition>,
    /// All versions; default -2147483648.
    pub topic_authorized_operations: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeTopicPartitionsResponseTopic {
    fn default() -> DescribeTopicPartitionsResponseTopic {
        DescribeTopicPartitionsResponseTopic {
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

impl Element for DescribeTopicPartitionsResponseTopic {
    const MIN_LEN: usize = 26;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeTopicPartitionsResponseTopic, DecodeError> {
        Ok(DescribeTopicPartitionsResponseTopic {
            error_code: reader.i16()?,
            name: reader.nullable_string(Form::Flexible)?,
            topic_id: reader.uuid()?,
            is_internal: reader.bool()?,
            partitions: reader.array(Form::Flexible, version)?,
            topic_authorized_operations: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.name.as_ref())?;
        writer.uuid(self.topic_id);
        writer.bool(self.is_internal);
        writer.array(Form::Flexible, &self.partitions, version)?;
        writer.i32(self.topic_authorized_operations);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeTopicPartitionsResponseTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("name", &self.name, version);
        object.field("topicId", &self.topic_id, version);
        object.field("isInternal", &self.is_internal, version);
        object.field("partitions", &self.partitions, version);
        object.field("topicAuthorizedOperations", &self.topic_authorized_operations, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeTopicPartitionsResponseTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeTopicPartitionsResponseTopic {
        DescribeTopicPartitionsResponseTopic {
            error_code: random.i16(),
            name: random.is_some().then(|| random.string()),
            topic_id: random.uuid(),
            is_internal: random.bool(),
            partitions: random.array(version),
            topic_authorized_operations: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeTopicPartitionsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeTopicPartitionsResponsePartition {
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub partition_index: i32,
    /// All versions; a `brokerId`.
    pub leader_id: i32,
    /// All versions; default -1.
    pub leader_epoch: i32,
    /// All versions; a `brokerId`.
    pub replica_nodes: Vec<i32>,
    /// All versions; a `brokerId`.
    pub isr_nodes: Vec<i32>,
    /// All versions; default null; a `brokerId`.
    pub eligible_leader_replicas: Option<Vec<i32>>,
    /// All versions; default null; a `brokerId`.
    pub last_known_elr: Option<Vec<i32>>,
    /// All versions; a `brokerId`.
    pub offline_replicas: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeTopicPartitionsResponsePartition {
    fn default() -> DescribeTopicPartitionsResponsePartition {
        DescribeTopicPartitionsResponsePartition {
            error_code: 0,
            partition_index: 0,
            leader_id: 0,
            leader_epoch: -1,
            replica_nodes: Vec::new(),
            isr_nodes: Vec::new(),
            eligible_leader_replicas: None,
            last_known_elr: None,
            offline_replicas: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for DescribeTopicPartitionsResponsePartition {
    const MIN_LEN: usize = 20;

    fn read(
        reader: &mut Reader,
        _version: i16,
    ) -> Result<DescribeTopicPartitionsResponsePartition, DecodeError> {
        Ok(DescribeTopicPartitionsResponsePartition {
            error_code: reader.i16()?,
            partition_index: reader.i32()?,
            leader_id: reader.i32()?,
            leader_epoch: reader.i32()?,
            replica_nodes: reader.i32s(Form::Flexible)?,
            isr_nodes: reader.i32s(Form::Flexible)?,
            eligible_leader_replicas: reader.nullable_i32s(Form::Flexible)?,
            last_known_elr: reader.nullable_i32s(Form::Flexible)?,
            offline_replicas: reader.i32s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i16(self.error_code);
        writer.i32(self.partition_index);
        writer.i32(self.leader_id);
        writer.i32(self.leader_epoch);
        writer.i32s(Form::Flexible, &self.replica_nodes)?;
        writer.i32s(Form::Flexible, &self.isr_nodes)?;
        writer.nullable_i32s(Form::Flexible, self.eligible_leader_replicas.as_deref())?;
        writer.nullable_i32s(Form::Flexible, self.last_known_elr.as_deref())?;
        writer.i32s(Form::Flexible, &self.offline_replicas)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeTopicPartitionsResponsePartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("leaderId", &self.leader_id, version);
        object.field("leaderEpoch", &self.leader_epoch, version);
        object.field("replicaNodes", &self.replica_nodes, version);
        object.field("isrNodes", &self.isr_nodes, version);
        object.field("eligibleLeaderReplicas", &self.eligible_leader_replicas, version);
        object.field("lastKnownElr", &self.last_known_elr, version);
        object.field("offlineReplicas", &self.offline_replicas, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeTopicPartitionsResponsePartition {
    fn random(
        random: &mut crate::testing::Source,
        _version: i16,
    ) -> DescribeTopicPartitionsResponsePartition {
        DescribeTopicPartitionsResponsePartition {
            error_code: random.i16(),
            partition_index: random.i32(),
            leader_id: random.i32(),
            leader_epoch: random.i32(),
            replica_nodes: random.i32s(),
            isr_nodes: random.i32s(),
            eligible_leader_replicas: random.is_some().then(|| random.i32s()),
            last_known_elr: random.is_some().then(|| random.i32s()),
            offline_replicas: random.i32s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeTopicPartitionsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cursor {
    /// All versions; a `topicName`.
    pub topic_name: Str,
    /// All versions.
    pub partition_index: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Cursor {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<Cursor, DecodeError> {
        Ok(Cursor {
            topic_name: reader.string(Form::Flexible)?,
            partition_index: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.topic_name)?;
        writer.i32(self.partition_index);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Cursor {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicName", &self.topic_name, version);
        object.field("partitionIndex", &self.partition_index, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Cursor {
    fn random(random: &mut crate::testing::Source, _version: i16) -> Cursor {
        Cursor {
            topic_name: random.string(),
            partition_index: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
