//! Generated from `schemas/FetchSnapshotResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Records, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `FetchSnapshotResponse` (response, key 59): versions 0-1, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchSnapshotResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub topics: Vec<TopicSnapshot>,
    /// Versions 1+; tag 0.
    pub node_endpoints: Vec<NodeEndpoint>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for FetchSnapshotResponse {
    const NAME: &'static str = "FetchSnapshotResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for FetchSnapshotResponse {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<FetchSnapshotResponse, DecodeError> {
        let mut value = FetchSnapshotResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            topics: reader.array(Form::Flexible, version)?,
            node_endpoints: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 if version == 1 => value.node_endpoints = reader.array(Form::Flexible, version)?,
                0 => return Err(reader.tag_not_in_version(tag)),
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        writer.array(Form::Flexible, &self.topics, version)?;
        if version != 1 && !self.node_endpoints.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "FetchSnapshotResponse",
                field: "NodeEndpoints",
                version,
            });
        }
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if version == 1 && !self.node_endpoints.is_empty() {
            let mark = tagged.field(writer, 0)?;
            writer.array(Form::Flexible, &self.node_endpoints, version)?;
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FetchSnapshotResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        object.field("topics", &self.topics, version);
        if version == 1 && !self.node_endpoints.is_empty() {
            object.field("nodeEndpoints", &self.node_endpoints, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for FetchSnapshotResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> FetchSnapshotResponse {
        FetchSnapshotResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            topics: random.array(version),
            node_endpoints: if version == 1 { random.array(version) } else { Vec::new() },
            unknown_tagged_fields: random.tagged_fields(1),
        }
    }
}

/// Part of [`FetchSnapshotResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicSnapshot {
    /// All versions; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partitions: Vec<PartitionSnapshot>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicSnapshot {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<TopicSnapshot, DecodeError> {
        Ok(TopicSnapshot {
            name: reader.string(Form::Flexible)?,
            partitions: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.array(Form::Flexible, &self.partitions, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicSnapshot {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicSnapshot {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopicSnapshot {
        TopicSnapshot {
            name: random.string(),
            partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`FetchSnapshotResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionSnapshot {
    /// All versions.
    pub index: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub snapshot_id: SnapshotId,
    /// All versions; tag 0.
    pub current_leader: LeaderIdAndEpoch,
    /// All versions.
    pub size: i64,
    /// All versions.
    pub position: i64,
    /// All versions.
    pub unaligned_records: Option<Records>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for PartitionSnapshot {
    const MIN_LEN: usize = 37;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionSnapshot, DecodeError> {
        let mut value = PartitionSnapshot {
            index: reader.i32()?,
            error_code: reader.i16()?,
            snapshot_id: SnapshotId::read(reader, version)?,
            current_leader: LeaderIdAndEpoch::default(),
            size: reader.i64()?,
            position: reader.i64()?,
            unaligned_records: Some(reader.records(Form::Flexible)?),
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.current_leader = LeaderIdAndEpoch::read(reader, version)?,
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.index);
        writer.i16(self.error_code);
        self.snapshot_id.write(writer, version)?;
        writer.i64(self.size);
        writer.i64(self.position);
        let value = EncodeError::required(
            self.unaligned_records.as_ref(),
            "PartitionSnapshot",
            "UnalignedRecords",
            version,
        )?;
        writer.records(Form::Flexible, value)?;
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.current_leader != LeaderIdAndEpoch::default() {
            let mark = tagged.field(writer, 0)?;
            self.current_leader.write(writer, version)?;
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionSnapshot {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("index", &self.index, version);
        object.field("errorCode", &self.error_code, version);
        object.field("snapshotId", &self.snapshot_id, version);
        if self.current_leader != LeaderIdAndEpoch::default() {
            object.field("currentLeader", &self.current_leader, version);
        }
        object.field("size", &self.size, version);
        object.field("position", &self.position, version);
        object.records("unalignedRecords", &self.unaligned_records);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionSnapshot {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionSnapshot {
        PartitionSnapshot {
            index: random.i32(),
            error_code: random.i16(),
            snapshot_id: random.value::<SnapshotId>(version),
            current_leader: random.value::<LeaderIdAndEpoch>(version),
            size: random.i64(),
            position: random.i64(),
            unaligned_records: Some(random.records()),
            unknown_tagged_fields: random.tagged_fields(1),
        }
    }
}

/// Part of [`FetchSnapshotResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SnapshotId {
    /// All versions.
    pub end_offset: i64,
    /// All versions.
    pub epoch: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for SnapshotId {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, _version: i16) -> Result<SnapshotId, DecodeError> {
        Ok(SnapshotId {
            end_offset: reader.i64()?,
            epoch: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i64(self.end_offset);
        writer.i32(self.epoch);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for SnapshotId {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("endOffset", &self.end_offset, version);
        object.field("epoch", &self.epoch, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for SnapshotId {
    fn random(random: &mut crate::testing::Source, _version: i16) -> SnapshotId {
        SnapshotId {
            end_offset: random.i64(),
            epoch: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`FetchSnapshotResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaderIdAndEpoch {
    /// All versions; a `brokerId`.
    pub leader_id: i32,
    /// All versions.
    pub leader_epoch: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for LeaderIdAndEpoch {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, _version: i16) -> Result<LeaderIdAndEpoch, DecodeError> {
        Ok(LeaderIdAndEpoch {
            leader_id: reader.i32()?,
            leader_epoch: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.leader_id);
        writer.i32(self.leader_epoch);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for LeaderIdAndEpoch {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("leaderId", &self.leader_id, version);
        object.field("leaderEpoch", &self.leader_epoch, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for LeaderIdAndEpoch {
    fn random(random: &mut crate::testing::Source, _version: i16) -> LeaderIdAndEpoch {
        LeaderIdAndEpoch {
            leader_id: random.i32(),
            leader_epoch: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`FetchSnapshotResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeEndpoint {
    /// All versions; key of its array; a `brokerId`.
    pub node_id: i32,
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: u16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for NodeEndpoint {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, _version: i16) -> Result<NodeEndpoint, DecodeError> {
        Ok(NodeEndpoint {
            node_id: reader.i32()?,
            host: reader.string(Form::Flexible)?,
            port: reader.u16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.node_id);
        writer.string(Form::Flexible, &self.host)?;
        writer.u16(self.port);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for NodeEndpoint {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("nodeId", &self.node_id, version);
        object.field("host", &self.host, version);
        object.field("port", &self.port, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for NodeEndpoint {
    fn random(random: &mut crate::testing::Source, _version: i16) -> NodeEndpoint {
        NodeEndpoint {
            node_id: random.i32(),
            host: random.string(),
            port: random.u16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
