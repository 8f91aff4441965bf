//! Generated from `schemas/ConsumerProtocolAssignment.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::Message;

/// `ConsumerProtocolAssignment` (data): versions 0-3, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerProtocolAssignment {
    /// All versions.
    pub assigned_partitions: Vec<TopicPartition>,
    /// All versions; default null.
    pub user_data: Option<Bytes>,
}

impl Message for ConsumerProtocolAssignment {
    const NAME: &'static str = "ConsumerProtocolAssignment";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=3;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for ConsumerProtocolAssignment {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<ConsumerProtocolAssignment, DecodeError> {
        Ok(ConsumerProtocolAssignment {
            assigned_partitions: reader.array(Form::Legacy, version)?,
            user_data: reader.nullable_bytes(Form::Legacy)?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Legacy, &self.assigned_partitions, version)?;
        writer.nullable_bytes(Form::Legacy, self.user_data.as_ref())?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ConsumerProtocolAssignment {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("assignedPartitions", &self.assigned_partitions, version);
        object.field("userData", &self.user_data, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConsumerProtocolAssignment {
    fn random(random: &mut crate::testing::Source, version: i16) -> ConsumerProtocolAssignment {
        ConsumerProtocolAssignment {
            assigned_partitions: random.array(version),
            user_data: random.is_some().then(|| random.bytes()),
        }
    }
}

/// Part of [`ConsumerProtocolAssignment`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartition {
    /// All versions; key of its array; a `topicName`.
    pub topic: Str,
    /// All versions.
    pub partitions: Vec<i32>,
}

impl Element for TopicPartition {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicPartition, DecodeError> {
        Ok(TopicPartition { topic: reader.string(Form::Legacy)?, partitions: reader.i32s(Form::Legacy)? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Legacy, &self.topic)?;
        writer.i32s(Form::Legacy, &self.partitions)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicPartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topic", &self.topic, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicPartition {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicPartition {
        TopicPartition { topic: random.string(), partitions: random.i32s() }
    }
}
