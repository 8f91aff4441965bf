//! Generated from `schemas/RemoteLogSegmentMetadataRecord.ksc` by `cargo xtask codegen`.

use bytes::Bytes;
use klamm_model::Uuid;

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `RemoteLogSegmentMetadataRecord` (remote-log, key 0): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteLogSegmentMetadataRecord {
    /// All versions.
    pub remote_log_segment_id: RemoteLogSegmentIdEntry,
    /// All versions.
    pub start_offset: i64,
    /// All versions.
    pub end_offset: i64,
    /// All versions.
    pub broker_id: i32,
    /// All versions.
    pub max_timestamp_ms: i64,
    /// All versions.
    pub event_timestamp_ms: i64,
    /// All versions.
    pub segment_leader_epochs: Vec<SegmentLeaderEpochEntry>,
    /// All versions.
    pub segment_size_in_bytes: i32,
    /// All versions; default null.
    pub custom_metadata: Option<Bytes>,
    /// All versions.
    pub remote_log_segment_state: i8,
    /// All versions; tag 0.
    pub txn_index_empty: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for RemoteLogSegmentMetadataRecord {
    const NAME: &'static str = "RemoteLogSegmentMetadataRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for RemoteLogSegmentMetadataRecord {
    const MIN_LEN: usize = 83;

    fn read(reader: &mut Reader, version: i16) -> Result<RemoteLogSegmentMetadataRecord, DecodeError> {
        let mut value = RemoteLogSegmentMetadataRecord {
            remote_log_segment_id: RemoteLogSegmentIdEntry::read(reader, version)?,
            start_offset: reader.i64()?,
            end_offset: reader.i64()?,
            broker_id: reader.i32()?,
            max_timestamp_ms: reader.i64()?,
            event_timestamp_ms: reader.i64()?,
            segment_leader_epochs: reader.array(Form::Flexible, version)?,
            segment_size_in_bytes: reader.i32()?,
            custom_metadata: reader.nullable_bytes(Form::Flexible)?,
            remote_log_segment_state: reader.i8()?,
            txn_index_empty: false,
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.txn_index_empty = reader.bool()?,
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        self.remote_log_segment_id.write(writer, version)?;
        writer.i64(self.start_offset);
        writer.i64(self.end_offset);
        writer.i32(self.broker_id);
        writer.i64(self.max_timestamp_ms);
        writer.i64(self.event_timestamp_ms);
        writer.array(Form::Flexible, &self.segment_leader_epochs, version)?;
        writer.i32(self.segment_size_in_bytes);
        writer.nullable_bytes(Form::Flexible, self.custom_metadata.as_ref())?;
        writer.i8(self.remote_log_segment_state);
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.txn_index_empty {
            let mark = tagged.field(writer, 0)?;
            writer.bool(self.txn_index_empty);
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RemoteLogSegmentMetadataRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("remoteLogSegmentId", &self.remote_log_segment_id, version);
        object.field("startOffset", &self.start_offset, version);
        object.field("endOffset", &self.end_offset, version);
        object.field("brokerId", &self.broker_id, version);
        object.field("maxTimestampMs", &self.max_timestamp_ms, version);
        object.field("eventTimestampMs", &self.event_timestamp_ms, version);
        object.field("segmentLeaderEpochs", &self.segment_leader_epochs, version);
        object.field("segmentSizeInBytes", &self.segment_size_in_bytes, version);
        object.field("customMetadata", &self.custom_metadata, version);
        object.field("remoteLogSegmentState", &self.remote_log_segment_state, version);
        if self.txn_index_empty {
            object.field("txnIndexEmpty", &self.txn_index_empty, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for RemoteLogSegmentMetadataRecord {
    fn random(random: &mut crate::testing::Source, version: i16) -> RemoteLogSegmentMetadataRecord {
        RemoteLogSegmentMetadataRecord {
            remote_log_segment_id: random.value::<RemoteLogSegmentIdEntry>(version),
            start_offset: random.i64(),
            end_offset: random.i64(),
            broker_id: random.i32(),
            max_timestamp_ms: random.i64(),
            event_timestamp_ms: random.i64(),
            segment_leader_epochs: random.array(version),
            segment_size_in_bytes: random.i32(),
            custom_metadata: random.is_some().then(|| random.bytes()),
            remote_log_segment_state: random.i8(),
            txn_index_empty: random.bool(),
            unknown_tagged_fields: random.tagged_fields(1),
        }
    }
}

/// Part of [`RemoteLogSegmentMetadataRecord`].
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

/// Part of [`RemoteLogSegmentMetadataRecord`].
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

/// Part of [`RemoteLogSegmentMetadataRecord`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SegmentLeaderEpochEntry {
    /// All versions.
    pub leader_epoch: i32,
    /// All versions.
    pub offset: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for SegmentLeaderEpochEntry {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, _version: i16) -> Result<SegmentLeaderEpochEntry, DecodeError> {
        Ok(SegmentLeaderEpochEntry {
            leader_epoch: reader.i32()?,
            offset: reader.i64()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.leader_epoch);
        writer.i64(self.offset);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for SegmentLeaderEpochEntry {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("leaderEpoch", &self.leader_epoch, version);
        object.field("offset", &self.offset, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for SegmentLeaderEpochEntry {
    fn random(random: &mut crate::testing::Source, _version: i16) -> SegmentLeaderEpochEntry {
        SegmentLeaderEpochEntry {
            leader_epoch: random.i32(),
            offset: random.i64(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
