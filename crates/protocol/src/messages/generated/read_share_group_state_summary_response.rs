//! Generated from `schemas/ReadShareGroupStateSummaryResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ReadShareGroupStateSummaryResponse` (response, key 87): versions 0-1, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadShareGroupStateSummaryResponse {
    /// All versions.
    pub results: Vec<ReadStateSummaryResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ReadShareGroupStateSummaryResponse {
    const NAME: &'static str = "ReadShareGroupStateSummaryResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ReadShareGroupStateSummaryResponse {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<ReadShareGroupStateSummaryResponse, DecodeError> {
        Ok(ReadShareGroupStateSummaryResponse {
            results: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.results, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ReadShareGroupStateSummaryResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("results", &self.results, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ReadShareGroupStateSummaryResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ReadShareGroupStateSummaryResponse {
        ReadShareGroupStateSummaryResponse {
            results: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ReadShareGroupStateSummaryResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadStateSummaryResult {
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<PartitionResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ReadStateSummaryResult {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, version: i16) -> Result<ReadStateSummaryResult, DecodeError> {
        Ok(ReadStateSummaryResult {
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
impl crate::json::ToJson for ReadStateSummaryResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ReadStateSummaryResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> ReadStateSummaryResult {
        ReadStateSummaryResult {
            topic_id: random.uuid(),
            partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ReadShareGroupStateSummaryResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionResult {
    /// All versions.
    pub partition: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions; default null.
    pub error_message: Option<Str>,
    /// All versions.
    pub state_epoch: i32,
    /// All versions.
    pub leader_epoch: i32,
    /// All versions.
    pub start_offset: i64,
    /// Versions 1+; default -1; lost in others.
    pub delivery_complete_count: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionResult {
    fn default() -> PartitionResult {
        PartitionResult {
            partition: 0,
            error_code: 0,
            error_message: None,
            state_epoch: 0,
            leader_epoch: 0,
            start_offset: 0,
            delivery_complete_count: -1,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for PartitionResult {
    const MIN_LEN: usize = 24;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionResult, DecodeError> {
        Ok(PartitionResult {
            partition: reader.i32()?,
            error_code: reader.i16()?,
            error_message: reader.nullable_string(Form::Flexible)?,
            state_epoch: reader.i32()?,
            leader_epoch: reader.i32()?,
            start_offset: reader.i64()?,
            delivery_complete_count: if version == 1 { reader.i32()? } else { -1 },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition);
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        writer.i32(self.state_epoch);
        writer.i32(self.leader_epoch);
        writer.i64(self.start_offset);
        if version == 1 {
            writer.i32(self.delivery_complete_count);
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partition", &self.partition, version);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);
        object.field("stateEpoch", &self.state_epoch, version);
        object.field("leaderEpoch", &self.leader_epoch, version);
        object.field("startOffset", &self.start_offset, version);
        if version == 1 {
            object.field("deliveryCompleteCount", &self.delivery_complete_count, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionResult {
        PartitionResult {
            partition: random.i32(),
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            state_epoch: random.i32(),
            leader_epoch: random.i32(),
            start_offset: random.i64(),
            delivery_complete_count: if version == 1 { random.i32() } else { -1 },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
