//! Generated from `schemas/ShareFetchRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ShareFetchRequest` (request, key 78): versions 1-2, flexible 1+.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareFetchRequest {
    /// All versions; default null; a `groupId`.
    pub group_id: Option<Str>,
    /// All versions.
    pub member_id: Option<Str>,
    /// All versions.
    pub share_session_epoch: i32,
    /// All versions.
    pub max_wait_ms: i32,
    /// All versions.
    pub min_bytes: i32,
    /// All versions; default 2147483647.
    pub max_bytes: i32,
    /// All versions.
    pub max_records: i32,
    /// All versions.
    pub batch_size: i32,
    /// Versions 2+; lost in others.
    pub share_acquire_mode: i8,
    /// Versions 2+.
    pub is_renew_ack: bool,
    /// All versions.
    pub topics: Vec<FetchTopic>,
    /// All versions.
    pub forgotten_topics_data: Vec<ForgottenTopic>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ShareFetchRequest {
    fn default() -> ShareFetchRequest {
        ShareFetchRequest {
            group_id: None,
            member_id: Some(Str::default()),
            share_session_epoch: 0,
            max_wait_ms: 0,
            min_bytes: 0,
            max_bytes: i32::MAX,
            max_records: 0,
            batch_size: 0,
            share_acquire_mode: 0,
            is_renew_ack: false,
            topics: Vec::new(),
            forgotten_topics_data: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for ShareFetchRequest {
    const NAME: &'static str = "ShareFetchRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(1);
}

impl Request for ShareFetchRequest {
    const KEY: ApiKey = ApiKey::ShareFetch;
    type Response = super::share_fetch_response::ShareFetchResponse;
}

impl Element for ShareFetchRequest {
    const MIN_LEN: usize = 29;

    fn read(reader: &mut Reader, version: i16) -> Result<ShareFetchRequest, DecodeError> {
        Ok(ShareFetchRequest {
            group_id: reader.nullable_string(Form::Flexible)?,
            member_id: reader.nullable_string(Form::Flexible)?,
            share_session_epoch: reader.i32()?,
            max_wait_ms: reader.i32()?,
            min_bytes: reader.i32()?,
            max_bytes: reader.i32()?,
            max_records: reader.i32()?,
            batch_size: reader.i32()?,
            share_acquire_mode: if version == 2 { reader.i8()? } else { 0 },
            is_renew_ack: if version == 2 { reader.bool()? } else { false },
            topics: reader.array(Form::Flexible, version)?,
            forgotten_topics_data: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.nullable_string(Form::Flexible, self.group_id.as_ref())?;
        writer.nullable_string(Form::Flexible, self.member_id.as_ref())?;
        writer.i32(self.share_session_epoch);
        writer.i32(self.max_wait_ms);
        writer.i32(self.min_bytes);
        writer.i32(self.max_bytes);
        writer.i32(self.max_records);
        writer.i32(self.batch_size);
        if version == 2 {
            writer.i8(self.share_acquire_mode);
        }
        if version == 2 {
            writer.bool(self.is_renew_ack);
        } else if self.is_renew_ack {
            return Err(EncodeError::NotInVersion {
                message: "ShareFetchRequest",
                field: "IsRenewAck",
                version,
            });
        }
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.array(Form::Flexible, &self.forgotten_topics_data, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareFetchRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("memberId", &self.member_id, version);
        object.field("shareSessionEpoch", &self.share_session_epoch, version);
        object.field("maxWaitMs", &self.max_wait_ms, version);
        object.field("minBytes", &self.min_bytes, version);
        object.field("maxBytes", &self.max_bytes, version);
        object.field("maxRecords", &self.max_records, version);
        object.field("batchSize", &self.batch_size, version);
        if version == 2 {
            object.field("shareAcquireMode", &self.share_acquire_mode, version);
        }
        if version == 2 {
            object.field("isRenewAck", &self.is_renew_ack, version);
        }
        object.field("topics", &self.topics, version);
        object.field("forgottenTopicsData", &self.forgotten_topics_data, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ShareFetchRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> ShareFetchRequest {
        ShareFetchRequest {
            group_id: random.is_some().then(|| random.string()),
            member_id: random.is_some().then(|| random.string()),
            share_session_epoch: random.i32(),
            max_wait_ms: random.i32(),
            min_bytes: random.i32(),
            max_bytes: random.i32(),
            max_records: random.i32(),
            batch_size: random.i32(),
            share_acquire_mode: if version == 2 { random.i8() } else { 0 },
            is_renew_ack: if version == 2 { random.bool() } else { false },
            topics: random.array(version),
            forgotten_topics_data: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareFetchRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchTopic {
    /// All versions; key of its array.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<FetchPartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for FetchTopic {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, version: i16) -> Result<FetchTopic, DecodeError> {
        Ok(FetchTopic {
            topic_id: reader.uuid()?,
            partitions: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.topic_id);
        writer.array(Form::Flexible, &self.partitions, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FetchTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for FetchTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> FetchTopic {
        FetchTopic {
            topic_id: random.uuid(),
            partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareFetchRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchPartition {
    /// All versions; key of its array.
    pub partition_index: i32,
    /// No version.
    pub partition_max_bytes: i32,
    /// All versions.
    pub acknowledgement_batches: Vec<AcknowledgementBatch>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for FetchPartition {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<FetchPartition, DecodeError> {
        Ok(FetchPartition {
            partition_index: reader.i32()?,
            partition_max_bytes: 0,
            acknowledgement_batches: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        if self.partition_max_bytes != 0 {
            return Err(EncodeError::NotInVersion {
                message: "FetchPartition",
                field: "PartitionMaxBytes",
                version,
            });
        }
        writer.array(Form::Flexible, &self.acknowledgement_batches, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FetchPartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("acknowledgementBatches", &self.acknowledgement_batches, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for FetchPartition {
    fn random(random: &mut crate::testing::Source, version: i16) -> FetchPartition {
        FetchPartition {
            partition_index: random.i32(),
            partition_max_bytes: 0,
            acknowledgement_batches: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareFetchRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcknowledgementBatch {
    /// All versions.
    pub first_offset: i64,
    /// All versions.
    pub last_offset: i64,
    /// All versions.
    pub acknowledge_types: Vec<i8>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for AcknowledgementBatch {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, _version: i16) -> Result<AcknowledgementBatch, DecodeError> {
        Ok(AcknowledgementBatch {
            first_offset: reader.i64()?,
            last_offset: reader.i64()?,
            acknowledge_types: reader.i8s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i64(self.first_offset);
        writer.i64(self.last_offset);
        writer.i8s(Form::Flexible, &self.acknowledge_types)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AcknowledgementBatch {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("firstOffset", &self.first_offset, version);
        object.field("lastOffset", &self.last_offset, version);
        object.field("acknowledgeTypes", &self.acknowledge_types, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AcknowledgementBatch {
    fn random(random: &mut crate::testing::Source, _version: i16) -> AcknowledgementBatch {
        AcknowledgementBatch {
            first_offset: random.i64(),
            last_offset: random.i64(),
            acknowledge_types: random.i8s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareFetchRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForgottenTopic {
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ForgottenTopic {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, _version: i16) -> Result<ForgottenTopic, DecodeError> {
        Ok(ForgottenTopic {
            topic_id: reader.uuid()?,
            partitions: reader.i32s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.topic_id);
        writer.i32s(Form::Flexible, &self.partitions)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ForgottenTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ForgottenTopic {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ForgottenTopic {
        ForgottenTopic {
            topic_id: random.uuid(),
            partitions: random.i32s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
