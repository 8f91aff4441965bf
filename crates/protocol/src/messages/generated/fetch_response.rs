//! Generated from `schemas/FetchResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Records, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `FetchResponse` (response, key 1): versions 4-18, flexible 12+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// Versions 7+; lost in others.
    pub error_code: i16,
    /// Versions 7+.
    pub session_id: i32,
    /// All versions.
    pub responses: Vec<FetchableTopicResponse>,
    /// Versions 16+; tag 0.
    pub node_endpoints: Vec<NodeEndpoint>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for FetchResponse {
    const NAME: &'static str = "FetchResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 4..=18;
    const FLEXIBLE_FROM: Option<i16> = Some(12);
}

impl Element for FetchResponse {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<FetchResponse, DecodeError> {
        let form = Form::of(version, 12);
        let mut value = FetchResponse {
            throttle_time_ms: reader.i32()?,
            error_code: if version >= 7 { reader.i16()? } else { 0 },
            session_id: if version >= 7 { reader.i32()? } else { 0 },
            responses: reader.array(form, version)?,
            node_endpoints: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        };
        if version >= 12 {
            for _ in 0..reader.tagged_count()? {
                let (tag, size) = reader.tag_and_size()?;
                let start = reader.position();
                match tag {
                    0 if version >= 16 => value.node_endpoints = reader.array(Form::Flexible, version)?,
                    0 => return Err(reader.tag_not_in_version(tag)),
                    _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
                }
                reader.end_tagged(tag, start, size)?;
            }
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 12);
        writer.i32(self.throttle_time_ms);
        if version >= 7 {
            writer.i16(self.error_code);
        }
        if version >= 7 {
            writer.i32(self.session_id);
        } else if self.session_id != 0 {
            return Err(EncodeError::NotInVersion { message: "FetchResponse", field: "SessionId", version });
        }
        writer.array(form, &self.responses, version)?;
        if version < 16 && !self.node_endpoints.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "FetchResponse",
                field: "NodeEndpoints",
                version,
            });
        }
        if version >= 12 {
            let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
            if version >= 16 && !self.node_endpoints.is_empty() {
                let mark = tagged.field(writer, 0)?;
                writer.array(Form::Flexible, &self.node_endpoints, version)?;
                writer.end_tagged(mark)?;
            }
            tagged.finish(writer)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "FetchResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FetchResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        if version >= 7 {
            object.field("errorCode", &self.error_code, version);
        }
        if version >= 7 {
            object.field("sessionId", &self.session_id, version);
        }
        object.field("responses", &self.responses, version);
        if version >= 16 && !self.node_endpoints.is_empty() {
            object.field("nodeEndpoints", &self.node_endpoints, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for FetchResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> FetchResponse {
        FetchResponse {
            throttle_time_ms: random.i32(),
            error_code: if version >= 7 { random.i16() } else { 0 },
            session_id: if version >= 7 { random.i32() } else { 0 },
            responses: random.array(version),
            node_endpoints: if version >= 16 { random.array(version) } else { Vec::new() },
            unknown_tagged_fields: if version >= 12 {
                random.tagged_fields(1)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`FetchResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchableTopicResponse {
    /// Versions 0-12; lost in others; a `topicName`.
    pub topic: Str,
    /// Versions 13+; lost in others.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<PartitionData>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for FetchableTopicResponse {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<FetchableTopicResponse, DecodeError> {
        let form = Form::of(version, 12);
        Ok(FetchableTopicResponse {
            topic: if version <= 12 { reader.string(form)? } else { Str::default() },
            topic_id: if version >= 13 { reader.uuid()? } else { Uuid::ZERO },
            partitions: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 12 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 12);
        if version <= 12 {
            writer.string(form, &self.topic)?;
        }
        if version >= 13 {
            writer.uuid(self.topic_id);
        }
        writer.array(form, &self.partitions, version)?;
        if version >= 12 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "FetchResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FetchableTopicResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version <= 12 {
            object.field("topic", &self.topic, version);
        }
        if version >= 13 {
            object.field("topicId", &self.topic_id, version);
        }
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for FetchableTopicResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> FetchableTopicResponse {
        FetchableTopicResponse {
            topic: if version <= 12 { random.string() } else { Str::default() },
            topic_id: if version >= 13 { random.uuid() } else { Uuid::ZERO },
            partitions: random.array(version),
            unknown_tagged_fields: if version >= 12 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`FetchResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionData {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub high_watermark: i64,
    /// All versions; default -1.
    pub last_stable_offset: i64,
    /// Versions 5+; default -1; lost in others.
    pub log_start_offset: i64,
    /// Versions 12+; tag 0.
    pub diverging_epoch: EpochEndOffset,
    /// Versions 12+; tag 1.
    pub current_leader: LeaderIdAndEpoch,
    /// Versions 12+; tag 2.
    pub snapshot_id: SnapshotId,
    /// All versions.
    pub aborted_transactions: Option<Vec<AbortedTransaction>>,
    /// Versions 11+; default -1; a `brokerId`.
    pub preferred_read_replica: i32,
    /// All versions.
    pub records: Option<Records>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionData {
    fn default() -> PartitionData {
        PartitionData {
            partition_index: 0,
            error_code: 0,
            high_watermark: 0,
            last_stable_offset: -1,
            log_start_offset: -1,
            diverging_epoch: EpochEndOffset::default(),
            current_leader: LeaderIdAndEpoch::default(),
            snapshot_id: SnapshotId::default(),
            aborted_transactions: Some(Vec::new()),
            preferred_read_replica: -1,
            records: None,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for PartitionData {
    const MIN_LEN: usize = 30;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionData, DecodeError> {
        let form = Form::of(version, 12);
        let mut value = PartitionData {
            partition_index: reader.i32()?,
            error_code: reader.i16()?,
            high_watermark: reader.i64()?,
            last_stable_offset: reader.i64()?,
            log_start_offset: if version >= 5 { reader.i64()? } else { -1 },
            diverging_epoch: EpochEndOffset::default(),
            current_leader: LeaderIdAndEpoch::default(),
            snapshot_id: SnapshotId::default(),
            aborted_transactions: reader.nullable_array(form, version)?,
            preferred_read_replica: if version >= 11 { reader.i32()? } else { -1 },
            records: reader.nullable_records(form)?,
            unknown_tagged_fields: TaggedFields::default(),
        };
        if version >= 12 {
            for _ in 0..reader.tagged_count()? {
                let (tag, size) = reader.tag_and_size()?;
                let start = reader.position();
                match tag {
                    0 => value.diverging_epoch = EpochEndOffset::read(reader, version)?,
                    1 => value.current_leader = LeaderIdAndEpoch::read(reader, version)?,
                    2 => value.snapshot_id = SnapshotId::read(reader, version)?,
                    _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
                }
                reader.end_tagged(tag, start, size)?;
            }
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 12);
        writer.i32(self.partition_index);
        writer.i16(self.error_code);
        writer.i64(self.high_watermark);
        writer.i64(self.last_stable_offset);
        if version >= 5 {
            writer.i64(self.log_start_offset);
        }
        if version < 12 && self.diverging_epoch != EpochEndOffset::default() {
            return Err(EncodeError::NotInVersion {
                message: "PartitionData",
                field: "DivergingEpoch",
                version,
            });
        }
        if version < 12 && self.current_leader != LeaderIdAndEpoch::default() {
            return Err(EncodeError::NotInVersion {
                message: "PartitionData",
                field: "CurrentLeader",
                version,
            });
        }
        if version < 12 && self.snapshot_id != SnapshotId::default() {
            return Err(EncodeError::NotInVersion { message: "PartitionData", field: "SnapshotId", version });
        }
        writer.nullable_array(form, self.aborted_transactions.as_deref(), version)?;
        if version >= 11 {
            writer.i32(self.preferred_read_replica);
        } else if self.preferred_read_replica != -1 {
            return Err(EncodeError::NotInVersion {
                message: "PartitionData",
                field: "PreferredReadReplica",
                version,
            });
        }
        writer.nullable_records(form, self.records.as_ref())?;
        if version >= 12 {
            let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
            if self.diverging_epoch != EpochEndOffset::default() {
                let mark = tagged.field(writer, 0)?;
                self.diverging_epoch.write(writer, version)?;
                writer.end_tagged(mark)?;
            }
            if self.current_leader != LeaderIdAndEpoch::default() {
                let mark = tagged.field(writer, 1)?;
                self.current_leader.write(writer, version)?;
                writer.end_tagged(mark)?;
            }
            if self.snapshot_id != SnapshotId::default() {
                let mark = tagged.field(writer, 2)?;
                self.snapshot_id.write(writer, version)?;
                writer.end_tagged(mark)?;
            }
            tagged.finish(writer)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "FetchResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("errorCode", &self.error_code, version);
        object.field("highWatermark", &self.high_watermark, version);
        object.field("lastStableOffset", &self.last_stable_offset, version);
        if version >= 5 {
            object.field("logStartOffset", &self.log_start_offset, version);
        }
        if version >= 12 && self.diverging_epoch != EpochEndOffset::default() {
            object.field("divergingEpoch", &self.diverging_epoch, version);
        }
        if version >= 12 && self.current_leader != LeaderIdAndEpoch::default() {
            object.field("currentLeader", &self.current_leader, version);
        }
        if version >= 12 && self.snapshot_id != SnapshotId::default() {
            object.field("snapshotId", &self.snapshot_id, version);
        }
        object.field("abortedTransactions", &self.aborted_transactions, version);
        if version >= 11 {
            object.field("preferredReadReplica", &self.preferred_read_replica, version);
        }
        object.records("records", &self.records);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionData {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionData {
        PartitionData {
            partition_index: random.i32(),
            error_code: random.i16(),
            high_watermark: random.i64(),
            last_stable_offset: random.i64(),
            log_start_offset: if version >= 5 { random.i64() } else { -1 },
            diverging_epoch: if version >= 12 {
                random.value::<EpochEndOffset>(version)
            } else {
                EpochEndOffset::default()
            },
            current_leader: if version >= 12 {
                random.value::<LeaderIdAndEpoch>(version)
            } else {
                LeaderIdAndEpoch::default()
            },
            snapshot_id: if version >= 12 {
                random.value::<SnapshotId>(version)
            } else {
                SnapshotId::default()
            },
            aborted_transactions: random.is_some().then(|| random.array(version)),
            preferred_read_replica: if version >= 11 { random.i32() } else { -1 },
            records: random.is_some().then(|| random.records()),
            unknown_tagged_fields: if version >= 12 {
                random.tagged_fields(3)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`FetchResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct EpochEndOffset {
    /// All versions; default -1.
    pub epoch: i32,
    /// All versions; default -1.
    pub end_offset: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for EpochEndOffset {
    fn default() -> EpochEndOffset {
        EpochEndOffset { epoch: -1, end_offset: -1, unknown_tagged_fields: TaggedFields::default() }
    }
}

impl Element for EpochEndOffset {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, _version: i16) -> Result<EpochEndOffset, DecodeError> {
        Ok(EpochEndOffset {
            epoch: reader.i32()?,
            end_offset: reader.i64()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.epoch);
        writer.i64(self.end_offset);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for EpochEndOffset {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("epoch", &self.epoch, version);
        object.field("endOffset", &self.end_offset, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for EpochEndOffset {
    fn random(random: &mut crate::testing::Source, _version: i16) -> EpochEndOffset {
        EpochEndOffset {
            epoch: random.i32(),
            end_offset: random.i64(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`FetchResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct LeaderIdAndEpoch {
    /// All versions; default -1; a `brokerId`.
    pub leader_id: i32,
    /// All versions; default -1.
    pub leader_epoch: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for LeaderIdAndEpoch {
    fn default() -> LeaderIdAndEpoch {
        LeaderIdAndEpoch { leader_id: -1, leader_epoch: -1, unknown_tagged_fields: TaggedFields::default() }
    }
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

/// Part of [`FetchResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct SnapshotId {
    /// All versions; default -1.
    pub end_offset: i64,
    /// All versions; default -1.
    pub epoch: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for SnapshotId {
    fn default() -> SnapshotId {
        SnapshotId { end_offset: -1, epoch: -1, unknown_tagged_fields: TaggedFields::default() }
    }
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

/// Part of [`FetchResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AbortedTransaction {
    /// All versions; a `producerId`.
    pub producer_id: i64,
    /// All versions.
    pub first_offset: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for AbortedTransaction {
    const MIN_LEN: usize = 16;

    fn read(reader: &mut Reader, version: i16) -> Result<AbortedTransaction, DecodeError> {
        Ok(AbortedTransaction {
            producer_id: reader.i64()?,
            first_offset: reader.i64()?,
            unknown_tagged_fields: if version >= 12 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i64(self.producer_id);
        writer.i64(self.first_offset);
        if version >= 12 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "FetchResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AbortedTransaction {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("producerId", &self.producer_id, version);
        object.field("firstOffset", &self.first_offset, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AbortedTransaction {
    fn random(random: &mut crate::testing::Source, version: i16) -> AbortedTransaction {
        AbortedTransaction {
            producer_id: random.i64(),
            first_offset: random.i64(),
            unknown_tagged_fields: if version >= 12 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`FetchResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeEndpoint {
    /// All versions; key of its array; a `brokerId`.
    pub node_id: i32,
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: i32,
    /// All versions; default null.
    pub rack: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for NodeEndpoint {
    const MIN_LEN: usize = 11;

    fn read(reader: &mut Reader, _version: i16) -> Result<NodeEndpoint, DecodeError> {
        Ok(NodeEndpoint {
            node_id: reader.i32()?,
            host: reader.string(Form::Flexible)?,
            port: reader.i32()?,
            rack: reader.nullable_string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.node_id);
        writer.string(Form::Flexible, &self.host)?;
        writer.i32(self.port);
        writer.nullable_string(Form::Flexible, self.rack.as_ref())?;
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
        object.field("rack", &self.rack, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for NodeEndpoint {
    fn random(random: &mut crate::testing::Source, _version: i16) -> NodeEndpoint {
        NodeEndpoint {
            node_id: random.i32(),
            host: random.string(),
            port: random.i32(),
            rack: random.is_some().then(|| random.string()),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
