//! Generated from `schemas/ReadShareGroupStateResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ReadShareGroupStateResponse` (response, key 84): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadShareGroupStateResponse {
    /// All versions.
    pub results: Vec<ReadStateResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ReadShareGroupStateResponse {
    const NAME: &'static str = "ReadShareGroupStateResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ReadShareGroupStateResponse {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<ReadShareGroupStateResponse, DecodeError> {
        Ok(ReadShareGroupStateResponse {
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
impl crate::json::ToJson for ReadShareGroupStateResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("results", &self.results, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ReadShareGroupStateResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ReadShareGroupStateResponse {
        ReadShareGroupStateResponse {
            results: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ReadShareGroupStateResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadStateResult {
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<PartitionResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ReadStateResult {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, version: i16) -> Result<ReadStateResult, DecodeError> {
        Ok(ReadStateResult {
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
impl crate::json::ToJson for ReadStateResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ReadStateResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> ReadStateResult {
        ReadStateResult {
            topic_id: random.uuid(),
            partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ReadShareGroupStateResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
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
    pub start_offset: i64,
    /// All versions.
    pub state_batches: Vec<StateBatch>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for PartitionResult {
    const MIN_LEN: usize = 21;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionResult, DecodeError> {
        Ok(PartitionResult {
            partition: reader.i32()?,
            error_code: reader.i16()?,
            error_message: reader.nullable_string(Form::Flexible)?,
            state_epoch: reader.i32()?,
            start_offset: reader.i64()?,
            state_batches: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition);
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        writer.i32(self.state_epoch);
        writer.i64(self.start_offset);
        writer.array(Form::Flexible, &self.state_batches, version)?;
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
        object.field("startOffset", &self.start_offset, version);
        object.field("stateBatches", &self.state_batches, version);

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
            start_offset: random.i64(),
            state_batches: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ReadShareGroupStateResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateBatch {
    /// All versions.
    pub first_offset: i64,
    /// All versions.
    pub last_offset: i64,
    /// All versions.
    pub delivery_state: i8,
    /// All versions.
    pub delivery_count: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for StateBatch {
    const MIN_LEN: usize = 20;

    fn read(reader: &mut Reader, _version: i16) -> Result<StateBatch, DecodeError> {
        Ok(StateBatch {
            first_offset: reader.i64()?,
            last_offset: reader.i64()?,
            delivery_state: reader.i8()?,
            delivery_count: reader.i16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i64(self.first_offset);
        writer.i64(self.last_offset);
        writer.i8(self.delivery_state);
        writer.i16(self.delivery_count);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for StateBatch {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("firstOffset", &self.first_offset, version);
        object.field("lastOffset", &self.last_offset, version);
        object.field("deliveryState", &self.delivery_state, version);
        object.field("deliveryCount", &self.delivery_count, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for StateBatch {
    fn random(random: &mut crate::testing::Source, _version: i16) -> StateBatch {
        StateBatch {
            first_offset: random.i64(),
            last_offset: random.i64(),
            delivery_state: random.i8(),
            delivery_count: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
