//! Generated from `schemas/RemoteLogSegmentMetadataSnapshotRecord.ksc` by `cargo xtask codegen`.

use bytes::Bytes;
use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, TaggedWriter, Writer};
use crate::message::Message;

/// `RemoteLogSegmentMetadataSnapshotRecord` (remote-log, key 3): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoteLogSegmentMetadataSnapshotRecord {
    /// All versions.
    pub segment_id: Uuid,
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

impl Message for RemoteLogSegmentMetadataSnapshotRecord {
    const NAME: &'static str = "RemoteLogSegmentMetadataSnapshotRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for RemoteLogSegmentMetadataSnapshotRecord {
    const MIN_LEN: usize = 60;

    fn read(
        reader: &mut Reader,
        version: i16,
    ) -> Result<RemoteLogSegmentMetadataSnapshotRecord, DecodeError> {
        let mut value = RemoteLogSegmentMetadataSnapshotRecord {
            segment_id: reader.uuid()?,
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
        writer.uuid(self.segment_id);
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
impl crate::json::ToJson for RemoteLogSegmentMetadataSnapshotRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("segmentId", &self.segment_id, version);
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
impl crate::testing::Random for RemoteLogSegmentMetadataSnapshotRecord {
    fn random(random: &mut crate::testing::Source, version: i16) -> RemoteLogSegmentMetadataSnapshotRecord {
        RemoteLogSegmentMetadataSnapshotRecord {
            segment_id: random.uuid(),
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

/// Part of [`RemoteLogSegmentMetadataSnapshotRecord`].
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
