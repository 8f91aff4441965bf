//! Generated from `schemas/FetchSnapshotRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::{Message, Request};

/// `FetchSnapshotRequest` (request, key 59): versions 0-1, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchSnapshotRequest {
    /// All versions; tag 0; default null.
    pub cluster_id: Option<Str>,
    /// All versions; default -1; a `brokerId`.
    pub replica_id: i32,
    /// All versions; default 2147483647.
    pub max_bytes: i32,
    /// All versions.
    pub topics: Vec<TopicSnapshot>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for FetchSnapshotRequest {
    fn default() -> FetchSnapshotRequest {
        FetchSnapshotRequest {
            cluster_id: None,
            replica_id: -1,
            max_bytes: i32::MAX,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for FetchSnapshotRequest {
    const NAME: &'static str = "FetchSnapshotRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for FetchSnapshotRequest {
    const KEY: ApiKey = ApiKey::FetchSnapshot;
    type Response = super::fetch_snapshot_response::FetchSnapshotResponse;
}

impl Element for FetchSnapshotRequest {
    const MIN_LEN: usize = 10;

    fn read(reader: &mut Reader, version: i16) -> Result<FetchSnapshotRequest, DecodeError> {
        let mut value = FetchSnapshotRequest {
            cluster_id: None,
            replica_id: reader.i32()?,
            max_bytes: reader.i32()?,
            topics: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.cluster_id = reader.nullable_string(Form::Flexible)?,
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.replica_id);
        writer.i32(self.max_bytes);
        writer.array(Form::Flexible, &self.topics, version)?;
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.cluster_id.is_some() {
            let mark = tagged.field(writer, 0)?;
            writer.nullable_string(Form::Flexible, self.cluster_id.as_ref())?;
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FetchSnapshotRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if self.cluster_id.is_some() {
            object.field("clusterId", &self.cluster_id, version);
        }
        object.field("replicaId", &self.replica_id, version);
        object.field("maxBytes", &self.max_bytes, version);
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for FetchSnapshotRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> FetchSnapshotRequest {
        FetchSnapshotRequest {
            cluster_id: random.is_some().then(|| random.string()),
            replica_id: random.i32(),
            max_bytes: random.i32(),
            topics: random.array(version),
            unknown_tagged_fields: random.tagged_fields(1),
        }
    }
}

/// Part of [`FetchSnapshotRequest`].
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

/// Part of [`FetchSnapshotRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionSnapshot {
    /// All versions.
    pub partition: i32,
    /// All versions.
    pub current_leader_epoch: i32,
    /// All versions.
    pub snapshot_id: SnapshotId,
    /// All versions.
    pub position: i64,
    /// Versions 1+; tag 0; lost in others.
    pub replica_directory_id: Uuid,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for PartitionSnapshot {
    const MIN_LEN: usize = 30;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionSnapshot, DecodeError> {
        let mut value = PartitionSnapshot {
            partition: reader.i32()?,
            current_leader_epoch: reader.i32()?,
            snapshot_id: SnapshotId::read(reader, version)?,
            position: reader.i64()?,
            replica_directory_id: Uuid::ZERO,
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 if version == 1 => value.replica_directory_id = reader.uuid()?,
                0 => return Err(reader.tag_not_in_version(tag)),
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition);
        writer.i32(self.current_leader_epoch);
        self.snapshot_id.write(writer, version)?;
        writer.i64(self.position);
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if version == 1 && !self.replica_directory_id.is_zero() {
            let mark = tagged.field(writer, 0)?;
            writer.uuid(self.replica_directory_id);
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
        object.field("partition", &self.partition, version);
        object.field("currentLeaderEpoch", &self.current_leader_epoch, version);
        object.field("snapshotId", &self.snapshot_id, version);
        object.field("position", &self.position, version);
        if version == 1 && !self.replica_directory_id.is_zero() {
            object.field("replicaDirectoryId", &self.replica_directory_id, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionSnapshot {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionSnapshot {
        PartitionSnapshot {
            partition: random.i32(),
            current_leader_epoch: random.i32(),
            snapshot_id: random.value::<SnapshotId>(version),
            position: random.i64(),
            replica_directory_id: if version == 1 { random.uuid() } else { Uuid::ZERO },
            unknown_tagged_fields: random.tagged_fields(1),
        }
    }
}

/// Part of [`FetchSnapshotRequest`].
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
