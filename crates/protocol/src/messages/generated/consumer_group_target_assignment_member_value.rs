//! Generated from `schemas/ConsumerGroupTargetAssignmentMemberValue.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `ConsumerGroupTargetAssignmentMemberValue` (offsets-value, key 7): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupTargetAssignmentMemberValue {
    /// All versions.
    pub topic_partitions: Vec<TopicPartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ConsumerGroupTargetAssignmentMemberValue {
    const NAME: &'static str = "ConsumerGroupTargetAssignmentMemberValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ConsumerGroupTargetAssignmentMemberValue {
    const MIN_LEN: usize = 2;

    fn read(
        reader: &mut Reader,
        version: i16,
    ) -> Result<ConsumerGroupTargetAssignmentMemberValue, DecodeError> {
        Ok(ConsumerGroupTargetAssignmentMemberValue {
            topic_partitions: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.topic_partitions, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ConsumerGroupTargetAssignmentMemberValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicPartitions", &self.topic_partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConsumerGroupTargetAssignmentMemberValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> ConsumerGroupTargetAssignmentMemberValue {
        ConsumerGroupTargetAssignmentMemberValue {
            topic_partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ConsumerGroupTargetAssignmentMemberValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartition {
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicPartition {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicPartition, DecodeError> {
        Ok(TopicPartition {
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
impl crate::json::ToJson for TopicPartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicPartition {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicPartition {
        TopicPartition {
            topic_id: random.uuid(),
            partitions: random.i32s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
