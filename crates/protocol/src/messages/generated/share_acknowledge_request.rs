//! Generated from `schemas/ShareAcknowledgeRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ShareAcknowledgeRequest` (request, key 79): versions 1-2, flexible 1+.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareAcknowledgeRequest {
    /// All versions; default null; a `groupId`.
    pub group_id: Option<Str>,
    /// All versions.
    pub member_id: Option<Str>,
    /// All versions.
    pub share_session_epoch: i32,
    /// Versions 2+.
    pub is_renew_ack: bool,
    /// All versions.
    pub topics: Vec<AcknowledgeTopic>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ShareAcknowledgeRequest {
    fn default() -> ShareAcknowledgeRequest {
        ShareAcknowledgeRequest {
            group_id: None,
            member_id: Some(Str::default()),
            share_session_epoch: 0,
            is_renew_ack: false,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for ShareAcknowledgeRequest {
    const NAME: &'static str = "ShareAcknowledgeRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(1);
}

impl Request for ShareAcknowledgeRequest {
    const KEY: ApiKey = ApiKey::ShareAcknowledge;
    type Response = super::share_acknowledge_response::ShareAcknowledgeResponse;
}

impl Element for ShareAcknowledgeRequest {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<ShareAcknowledgeRequest, DecodeError> {
        Ok(ShareAcknowledgeRequest {
            group_id: reader.nullable_string(Form::Flexible)?,
            member_id: reader.nullable_string(Form::Flexible)?,
            share_session_epoch: reader.i32()?,
            is_renew_ack: if version == 2 { reader.bool()? } else { false },
            topics: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.nullable_string(Form::Flexible, self.group_id.as_ref())?;
        writer.nullable_string(Form::Flexible, self.member_id.as_ref())?;
        writer.i32(self.share_session_epoch);
        if version == 2 {
            writer.bool(self.is_renew_ack);
        } else if self.is_renew_ack {
            return Err(EncodeError::NotInVersion {
                message: "ShareAcknowledgeRequest",
                field: "IsRenewAck",
                version,
            });
        }
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareAcknowledgeRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("memberId", &self.member_id, version);
        object.field("shareSessionEpoch", &self.share_session_epoch, version);
        if version == 2 {
            object.field("isRenewAck", &self.is_renew_ack, version);
        }
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ShareAcknowledgeRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> ShareAcknowledgeRequest {
        ShareAcknowledgeRequest {
            group_id: random.is_some().then(|| random.string()),
            member_id: random.is_some().then(|| random.string()),
            share_session_epoch: random.i32(),
            is_renew_ack: if version == 2 { random.bool() } else { false },
            topics: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareAcknowledgeRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcknowledgeTopic {
    /// All versions; key of its array.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<AcknowledgePartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for AcknowledgeTopic {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, version: i16) -> Result<AcknowledgeTopic, DecodeError> {
        Ok(AcknowledgeTopic {
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
impl crate::json::ToJson for AcknowledgeTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AcknowledgeTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> AcknowledgeTopic {
        AcknowledgeTopic {
            topic_id: random.uuid(),
            partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareAcknowledgeRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcknowledgePartition {
    /// All versions; key of its array.
    pub partition_index: i32,
    /// All versions.
    pub acknowledgement_batches: Vec<AcknowledgementBatch>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for AcknowledgePartition {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<AcknowledgePartition, DecodeError> {
        Ok(AcknowledgePartition {
            partition_index: reader.i32()?,
            acknowledgement_batches: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.array(Form::Flexible, &self.acknowledgement_batches, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AcknowledgePartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("acknowledgementBatches", &self.acknowledgement_batches, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AcknowledgePartition {
    fn random(random: &mut crate::testing::Source, version: i16) -> AcknowledgePartition {
        AcknowledgePartition {
            partition_index: random.i32(),
            acknowledgement_batches: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareAcknowledgeRequest`].
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
