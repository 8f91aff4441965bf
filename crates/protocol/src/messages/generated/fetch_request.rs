//! Generated from `schemas/FetchRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::{Message, Request};

/// `FetchRequest` (request, key 1): versions 4-18, flexible 12+.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchRequest {
    /// Versions 12+; tag 0; default null; lost in others.
    pub cluster_id: Option<Str>,
    /// Versions 0-14; default -1; a `brokerId`.
    pub replica_id: i32,
    /// Versions 15+; tag 1.
    pub replica_state: ReplicaState,
    /// All versions.
    pub max_wait_ms: i32,
    /// All versions.
    pub min_bytes: i32,
    /// All versions; default 2147483647.
    pub max_bytes: i32,
    /// All versions.
    pub isolation_level: i8,
    /// Versions 7+; lost in others.
    pub session_id: i32,
    /// Versions 7+; default -1; lost in others.
    pub session_epoch: i32,
    /// All versions.
    pub topics: Vec<FetchTopic>,
    /// Versions 7+.
    pub forgotten_topics_data: Vec<ForgottenTopic>,
    /// Versions 11+; lost in others.
    pub rack_id: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for FetchRequest {
    fn default() -> FetchRequest {
        FetchRequest {
            cluster_id: None,
            replica_id: -1,
            replica_state: ReplicaState::default(),
            max_wait_ms: 0,
            min_bytes: 0,
            max_bytes: i32::MAX,
            isolation_level: 0,
            session_id: 0,
            session_epoch: -1,
            topics: Vec::new(),
            forgotten_topics_data: Vec::new(),
            rack_id: Str::default(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for FetchRequest {
    const NAME: &'static str = "FetchRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 4..=18;
    const FLEXIBLE_FROM: Option<i16> = Some(12);
}

impl Request for FetchRequest {
    const KEY: ApiKey = ApiKey::Fetch;
    type Response = super::fetch_response::FetchResponse;
}

impl Element for FetchRequest {
    const MIN_LEN: usize = 21;

    fn read(reader: &mut Reader, version: i16) -> Result<FetchRequest, DecodeError> {
        let form = Form::of(version, 12);
        let mut value = FetchRequest {
            cluster_id: None,
            replica_id: if version <= 14 { reader.i32()? } else { -1 },
            replica_state: ReplicaState::default(),
            max_wait_ms: reader.i32()?,
            min_bytes: reader.i32()?,
            max_bytes: reader.i32()?,
            isolation_level: reader.i8()?,
            session_id: if version >= 7 { reader.i32()? } else { 0 },
            session_epoch: if version >= 7 { reader.i32()? } else { -1 },
            topics: reader.array(form, version)?,
            forgotten_topics_data: if version >= 7 { reader.array(form, version)? } else { Vec::new() },
            rack_id: if version >= 11 { reader.string(form)? } else { Str::default() },
            unknown_tagged_fields: TaggedFields::default(),
        };
        if version >= 12 {
            for _ in 0..reader.tagged_count()? {
                let (tag, size) = reader.tag_and_size()?;
                let start = reader.position();
                match tag {
                    0 => value.cluster_id = reader.nullable_string(Form::Flexible)?,
                    1 if version >= 15 => value.replica_state = ReplicaState::read(reader, version)?,
                    1 => return Err(reader.tag_not_in_version(tag)),
                    _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
                }
                reader.end_tagged(tag, start, size)?;
            }
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 12);
        if version <= 14 {
            writer.i32(self.replica_id);
        } else if self.replica_id != -1 {
            return Err(EncodeError::NotInVersion { message: "FetchRequest", field: "ReplicaId", version });
        }
        if version < 15 && self.replica_state != ReplicaState::default() {
            return Err(EncodeError::NotInVersion {
                message: "FetchRequest",
                field: "ReplicaState",
                version,
            });
        }
        writer.i32(self.max_wait_ms);
        writer.i32(self.min_bytes);
        writer.i32(self.max_bytes);
        writer.i8(self.isolation_level);
        if version >= 7 {
            writer.i32(self.session_id);
        }
        if version >= 7 {
            writer.i32(self.session_epoch);
        }
        writer.array(form, &self.topics, version)?;
        if version >= 7 {
            writer.array(form, &self.forgotten_topics_data, version)?;
        } else if !self.forgotten_topics_data.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "FetchRequest",
                field: "ForgottenTopicsData",
                version,
            });
        }
        if version >= 11 {
            writer.string(form, &self.rack_id)?;
        }
        if version >= 12 {
            let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
            if self.cluster_id.is_some() {
                let mark = tagged.field(writer, 0)?;
                writer.nullable_string(Form::Flexible, self.cluster_id.as_ref())?;
                writer.end_tagged(mark)?;
            }
            if version >= 15 && self.replica_state != ReplicaState::default() {
                let mark = tagged.field(writer, 1)?;
                self.replica_state.write(writer, version)?;
                writer.end_tagged(mark)?;
            }
            tagged.finish(writer)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "FetchRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FetchRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 12 && self.cluster_id.is_some() {
            object.field("clusterId", &self.cluster_id, version);
        }
        if version <= 14 {
            object.field("replicaId", &self.replica_id, version);
        }
        if version >= 15 && self.replica_state != ReplicaState::default() {
            object.field("replicaState", &self.replica_state, version);
        }
        object.field("maxWaitMs", &self.max_wait_ms, version);
        object.field("minBytes", &self.min_bytes, version);
        object.field("maxBytes", &self.max_bytes, version);
        object.field("isolationLevel", &self.isolation_level, version);
        if version >= 7 {
            object.field("sessionId", &self.session_id, version);
        }
        if version >= 7 {
            object.field("sessionEpoch", &self.session_epoch, version);
        }
        object.field("topics", &self.topics, version);
        if version >= 7 {
            object.field("forgottenTopicsData", &self.forgotten_topics_data, version);
        }
        if version >= 11 {
            object.field("rackId", &self.rack_id, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for FetchRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> FetchRequest {
        FetchRequest {
            cluster_id: if version >= 12 { random.is_some().then(|| random.string()) } else { None },
            replica_id: if version <= 14 { random.i32() } else { -1 },
            replica_state: if version >= 15 {
                random.value::<ReplicaState>(version)
            } else {
                ReplicaState::default()
            },
            max_wait_ms: random.i32(),
            min_bytes: random.i32(),
            max_bytes: random.i32(),
            isolation_level: random.i8(),
            session_id: if version >= 7 { random.i32() } else { 0 },
            session_epoch: if version >= 7 { random.i32() } else { -1 },
            topics: random.array(version),
            forgotten_topics_data: if version >= 7 { random.array(version) } else { Vec::new() },
            rack_id: if version >= 11 { random.string() } else { Str::default() },
            unknown_tagged_fields: if version >= 12 {
                random.tagged_fields(2)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`FetchRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicaState {
    /// All versions; default -1; a `brokerId`.
    pub replica_id: i32,
    /// All versions; default -1.
    pub replica_epoch: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ReplicaState {
    fn default() -> ReplicaState {
        ReplicaState { replica_id: -1, replica_epoch: -1, unknown_tagged_fields: TaggedFields::default() }
    }
}

impl Element for ReplicaState {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, _version: i16) -> Result<ReplicaState, DecodeError> {
        Ok(ReplicaState {
            replica_id: reader.i32()?,
            replica_epoch: reader.i64()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.replica_id);
        writer.i64(self.replica_epoch);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ReplicaState {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("replicaId", &self.replica_id, version);
        object.field("replicaEpoch", &self.replica_epoch, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ReplicaState {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ReplicaState {
        ReplicaState {
            replica_id: random.i32(),
            replica_epoch: random.i64(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`FetchRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchTopic {
    /// Versions 0-12; lost in others; a `topicName`.
    pub topic: Str,
    /// Versions 13+; lost in others.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<FetchPartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for FetchTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<FetchTopic, DecodeError> {
        let form = Form::of(version, 12);
        Ok(FetchTopic {
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
            return Err(EncodeError::TagsNotInVersion { message: "FetchRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FetchTopic {
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
impl crate::testing::Random for FetchTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> FetchTopic {
        FetchTopic {
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

/// Part of [`FetchRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct FetchPartition {
    /// All versions.
    pub partition: i32,
    /// Versions 9+; default -1; lost in others.
    pub current_leader_epoch: i32,
    /// All versions.
    pub fetch_offset: i64,
    /// Versions 12+; default -1.
    pub last_fetched_epoch: i32,
    /// Versions 5+; default -1; lost in others.
    pub log_start_offset: i64,
    /// All versions.
    pub partition_max_bytes: i32,
    /// Versions 17+; tag 0; lost in others.
    pub replica_directory_id: Uuid,
    /// Versions 18+; tag 1; default 9223372036854775807; lost in others.
    pub high_watermark: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for FetchPartition {
    fn default() -> FetchPartition {
        FetchPartition {
            partition: 0,
            current_leader_epoch: -1,
            fetch_offset: 0,
            last_fetched_epoch: -1,
            log_start_offset: -1,
            partition_max_bytes: 0,
            replica_directory_id: Uuid::ZERO,
            high_watermark: i64::MAX,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for FetchPartition {
    const MIN_LEN: usize = 16;

    fn read(reader: &mut Reader, version: i16) -> Result<FetchPartition, DecodeError> {
        let mut value = FetchPartition {
            partition: reader.i32()?,
            current_leader_epoch: if version >= 9 { reader.i32()? } else { -1 },
            fetch_offset: reader.i64()?,
            last_fetched_epoch: if version >= 12 { reader.i32()? } else { -1 },
            log_start_offset: if version >= 5 { reader.i64()? } else { -1 },
            partition_max_bytes: reader.i32()?,
            replica_directory_id: Uuid::ZERO,
            high_watermark: i64::MAX,
            unknown_tagged_fields: TaggedFields::default(),
        };
        if version >= 12 {
            for _ in 0..reader.tagged_count()? {
                let (tag, size) = reader.tag_and_size()?;
                let start = reader.position();
                match tag {
                    0 if version >= 17 => value.replica_directory_id = reader.uuid()?,
                    0 => return Err(reader.tag_not_in_version(tag)),
                    1 if version == 18 => value.high_watermark = reader.i64()?,
                    1 => return Err(reader.tag_not_in_version(tag)),
                    _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
                }
                reader.end_tagged(tag, start, size)?;
            }
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition);
        if version >= 9 {
            writer.i32(self.current_leader_epoch);
        }
        writer.i64(self.fetch_offset);
        if version >= 12 {
            writer.i32(self.last_fetched_epoch);
        } else if self.last_fetched_epoch != -1 {
            return Err(EncodeError::NotInVersion {
                message: "FetchPartition",
                field: "LastFetchedEpoch",
                version,
            });
        }
        if version >= 5 {
            writer.i64(self.log_start_offset);
        }
        writer.i32(self.partition_max_bytes);
        if version >= 12 {
            let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
            if version >= 17 && !self.replica_directory_id.is_zero() {
                let mark = tagged.field(writer, 0)?;
                writer.uuid(self.replica_directory_id);
                writer.end_tagged(mark)?;
            }
            if version == 18 && self.high_watermark != i64::MAX {
                let mark = tagged.field(writer, 1)?;
                writer.i64(self.high_watermark);
                writer.end_tagged(mark)?;
            }
            tagged.finish(writer)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "FetchRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FetchPartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partition", &self.partition, version);
        if version >= 9 {
            object.field("currentLeaderEpoch", &self.current_leader_epoch, version);
        }
        object.field("fetchOffset", &self.fetch_offset, version);
        if version >= 12 {
            object.field("lastFetchedEpoch", &self.last_fetched_epoch, version);
        }
        if version >= 5 {
            object.field("logStartOffset", &self.log_start_offset, version);
        }
        object.field("partitionMaxBytes", &self.partition_max_bytes, version);
        if version >= 17 && !self.replica_directory_id.is_zero() {
            object.field("replicaDirectoryId", &self.replica_directory_id, version);
        }
        if version == 18 && self.high_watermark != i64::MAX {
            object.field("highWatermark", &self.high_watermark, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for FetchPartition {
    fn random(random: &mut crate::testing::Source, version: i16) -> FetchPartition {
        FetchPartition {
            partition: random.i32(),
            current_leader_epoch: if version >= 9 { random.i32() } else { -1 },
            fetch_offset: random.i64(),
            last_fetched_epoch: if version >= 12 { random.i32() } else { -1 },
            log_start_offset: if version >= 5 { random.i64() } else { -1 },
            partition_max_bytes: random.i32(),
            replica_directory_id: if version >= 17 { random.uuid() } else { Uuid::ZERO },
            high_watermark: if version == 18 { random.i64() } else { i64::MAX },
            unknown_tagged_fields: if version >= 12 {
                random.tagged_fields(2)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`FetchRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForgottenTopic {
    /// Versions 7-12; lost in others; a `topicName`.
    pub topic: Str,
    /// Versions 13+; lost in others.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ForgottenTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<ForgottenTopic, DecodeError> {
        let form = Form::of(version, 12);
        Ok(ForgottenTopic {
            topic: if version <= 12 { reader.string(form)? } else { Str::default() },
            topic_id: if version >= 13 { reader.uuid()? } else { Uuid::ZERO },
            partitions: reader.i32s(form)?,
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
        writer.i32s(form, &self.partitions)?;
        if version >= 12 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "FetchRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ForgottenTopic {
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
impl crate::testing::Random for ForgottenTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> ForgottenTopic {
        ForgottenTopic {
            topic: if version <= 12 { random.string() } else { Str::default() },
            topic_id: if version >= 13 { random.uuid() } else { Uuid::ZERO },
            partitions: random.i32s(),
            unknown_tagged_fields: if version >= 12 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
