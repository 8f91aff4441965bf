//! Generated from `schemas/RemoteLogSegmentMetadataUpdateRecord.ksc` by `cargo xtask codegen`.

use bytes::Bytes;
use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `RemoteLogSegmentMetadataUpdateRecord` (remote-log, key 1): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteLogSegmentMetadataUpdateRecord {
    /// All versions.
    pub remote_log_segment_id: RemoteLogSegmentIdEntry,
    /// All versions.
    pub broker_id: i32,
    /// All versions.
    pub event_timestamp_ms: i64,
    /// All versions; default null.
    pub custom_metadata: Option<Bytes>,
    /// All versions.
    pub remote_log_segment_state: i8,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for RemoteLogSegmentMetadataUpdateRecord {
    const NAME: &'static str = "RemoteLogSegmentMetadataUpdateRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for RemoteLogSegmentMetadataUpdateRecord {
    const MIN_LEN: usize = 54;

    fn read(reader: &mut Reader, version: i16) -> Result<RemoteLogSegmentMetadataUpdateRecord, DecodeError> {
        Ok(RemoteLogSegmentMetadataUpdateRecord {
            remote_log_segment_id: RemoteLogSegmentIdEntry::read(reader, version)?,
            broker_id: reader.i32()?,
            event_timestamp_ms: reader.i64()?,
            custom_metadata: reader.nullable_bytes(Form::Flexible)?,
            remote_log_segment_state: reader.i8()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        self.remote_log_segment_id.write(writer, version)?;
        writer.i32(self.broker_id);
        writer.i64(self.event_timestamp_ms);
        writer.nullable_bytes(Form::Flexible, self.custom_metadata.as_ref())?;
        writer.i8(self.remote_log_segment_state);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RemoteLogSegmentMetadataUpdateRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("remoteLogSegmentId", &self.remote_log_segment_id, version);
        object.field("brokerId", &self.broker_id, version);
        object.field("eventTimestampMs", &self.event_timestamp_ms, version);
        object.field("customMetadata", &self.custom_metadata, version);
        object.field("remoteLogSegmentState", &self.remote_log_segment_state, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for RemoteLogSegmentMetadataUpdateRecord {
    fn random(random: &mut crate::testing::Source, version: i16) -> RemoteLogSegmentMetadataUpdateRecord {
        RemoteLogSegmentMetadataUpdateRecord {
            remote_log_segment_id: random.value::<RemoteLogSegmentIdEntry>(version),
            broker_id: random.i32(),
            event_timestamp_ms: random.i64(),
            custom_metadata: random.is_some().then(|| random.bytes()),
            remote_log_segment_state: random.i8(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`RemoteLogSegmentMetadataUpdateRecord`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteLogSegmentIdEntry {
    /// All versions.
    pub topic_id_partition: TopicIdPartitionEntry,
    /// All versions.
    pub id: Uuid,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for RemoteLogSegmentIdEntry {
    const MIN_LEN: usize = 39;

    fn read(reader: &mut Reader, version: i16) -> Result<RemoteLogSegmentIdEntry, DecodeError> {
        Ok(RemoteLogSegmentIdEntry {
            topic_id_partition: TopicIdPartitionEntry::read(reader, version)?,
            id: reader.uuid()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        self.topic_id_partition.write(writer, version)?;
        writer.uuid(self.id);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RemoteLogSegmentIdEntry {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicIdPartition", &self.topic_id_partition, version);
        object.field("id", &self.id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for RemoteLogSegmentIdEntry {
    fn random(random: &mut crate::testing::Source, version: i16) -> RemoteLogSegmentIdEntry {
        RemoteLogSegmentIdEntry {
            topic_id_partition: random.value::<TopicIdPartitionEntry>(version),
            id: random.uuid(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`RemoteLogSegmentMetadataUpdateRecord`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicIdPartitionEntry {
    /// All versions.
    pub name: Str,
    /// All versions.
    pub id: Uuid,
    /// All versions.
    pub partition: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicIdPartitionEntry {
    const MIN_LEN: usize = 22;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicIdPartitionEntry, DecodeError> {
        Ok(TopicIdPartitionEntry {
            name: reader.string(Form::Flexible)?,
            id: reader.uuid()?,
            partition: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.uuid(self.id);
        writer.i32(self.partition);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicIdPartitionEntry {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("id", &self.id, version);
        object.field("partition", &self.partition, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicIdPartitionEntry {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicIdPartitionEntry {
        TopicIdPartitionEntry {
            name: random.string(),
            id: random.uuid(),
            partition: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
