//! Generated from `schemas/RemotePartitionDeleteMetadataRecord.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `RemotePartitionDeleteMetadataRecord` (remote-log, key 2): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemotePartitionDeleteMetadataRecord {
    /// All versions.
    pub topic_id_partition: TopicIdPartitionEntry,
    /// All versions.
    pub broker_id: i32,
    /// All versions.
    pub event_timestamp_ms: i64,
    /// All versions.
    pub remote_partition_delete_state: i8,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for RemotePartitionDeleteMetadataRecord {
    const NAME: &'static str = "RemotePartitionDeleteMetadataRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for RemotePartitionDeleteMetadataRecord {
    const MIN_LEN: usize = 36;

    fn read(reader: &mut Reader, version: i16) -> Result<RemotePartitionDeleteMetadataRecord, DecodeError> {
        Ok(RemotePartitionDeleteMetadataRecord {
            topic_id_partition: TopicIdPartitionEntry::read(reader, version)?,
            broker_id: reader.i32()?,
            event_timestamp_ms: reader.i64()?,
            remote_partition_delete_state: reader.i8()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        self.topic_id_partition.write(writer, version)?;
        writer.i32(self.broker_id);
        writer.i64(self.event_timestamp_ms);
        writer.i8(self.remote_partition_delete_state);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RemotePartitionDeleteMetadataRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicIdPartition", &self.topic_id_partition, version);
        object.field("brokerId", &self.broker_id, version);
        object.field("eventTimestampMs", &self.event_timestamp_ms, version);
        object.field("remotePartitionDeleteState", &self.remote_partition_delete_state, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for RemotePartitionDeleteMetadataRecord {
    fn random(random: &mut crate::testing::Source, version: i16) -> RemotePartitionDeleteMetadataRecord {
        RemotePartitionDeleteMetadataRecord {
            topic_id_partition: random.value::<TopicIdPartitionEntry>(version),
            broker_id: random.i32(),
            event_timestamp_ms: random.i64(),
            remote_partition_delete_state: random.i8(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`RemotePartitionDeleteMetadataRecord`].
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
