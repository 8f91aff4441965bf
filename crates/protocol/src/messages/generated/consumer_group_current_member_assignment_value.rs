//! Generated from `schemas/ConsumerGroupCurrentMemberAssignmentValue.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, TaggedWriter, Writer};
use crate::message::Message;

/// `ConsumerGroupCurrentMemberAssignmentValue` (offsets-value, key 8): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupCurrentMemberAssignmentValue {
    /// All versions.
    pub member_epoch: i32,
    /// All versions.
    pub previous_member_epoch: i32,
    /// All versions.
    pub state: i8,
    /// All versions.
    pub assigned_partitions: Vec<TopicPartitions>,
    /// All versions.
    pub partitions_pending_revocation: Vec<TopicPartitions>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ConsumerGroupCurrentMemberAssignmentValue {
    const NAME: &'static str = "ConsumerGroupCurrentMemberAssignmentValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ConsumerGroupCurrentMemberAssignmentValue {
    const MIN_LEN: usize = 12;

    fn read(
        reader: &mut Reader,
        version: i16,
    ) -> Result<ConsumerGroupCurrentMemberAssignmentValue, DecodeError> {
        Ok(ConsumerGroupCurrentMemberAssignmentValue {
            member_epoch: reader.i32()?,
            previous_member_epoch: reader.i32()?,
            state: reader.i8()?,
            assigned_partitions: reader.array(Form::Flexible, version)?,
            partitions_pending_revocation: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.member_epoch);
        writer.i32(self.previous_member_epoch);
        writer.i8(self.state);
        writer.array(Form::Flexible, &self.assigned_partitions, version)?;
        writer.array(Form::Flexible, &self.partitions_pending_revocation, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ConsumerGroupCurrentMemberAssignmentValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("memberEpoch", &self.member_epoch, version);
        object.field("previousMemberEpoch", &self.previous_member_epoch, version);
        object.field("state", &self.state, version);
        object.field("assignedPartitions", &self.assigned_partitions, version);
        object.field("partitionsPendingRevocation", &self.partitions_pending_revocation, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConsumerGroupCurrentMemberAssignmentValue {
    fn random(
        random: &mut crate::testing::Source,
        version: i16,
    ) -> ConsumerGroupCurrentMemberAssignmentValue {
        ConsumerGroupCurrentMemberAssignmentValue {
            member_epoch: random.i32(),
            previous_member_epoch: random.i32(),
            state: random.i8(),
            assigned_partitions: random.array(version),
            partitions_pending_revocation: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ConsumerGroupCurrentMemberAssignmentValue`].
#[derive(Clone, Debug, PartialEq)]
pub struct TopicPartitions {
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<i32>,
    /// All versions; tag 0.
    pub assignment_epochs: Option<Vec<i32>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for TopicPartitions {
    fn default() -> TopicPartitions {
        TopicPartitions {
            topic_id: Uuid::ZERO,
            partitions: Vec::new(),
            assignment_epochs: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for TopicPartitions {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicPartitions, DecodeError> {
        let mut value = TopicPartitions {
            topic_id: reader.uuid()?,
            partitions: reader.i32s(Form::Flexible)?,
            assignment_epochs: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.assignment_epochs = reader.nullable_i32s(Form::Flexible)?,
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.topic_id);
        writer.i32s(Form::Flexible, &self.partitions)?;
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.assignment_epochs.as_ref().is_none_or(|value| !value.is_empty()) {
            let mark = tagged.field(writer, 0)?;
            writer.nullable_i32s(Form::Flexible, self.assignment_epochs.as_deref())?;
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicPartitions {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);
        object.field("partitions", &self.partitions, version);
        if self.assignment_epochs.as_ref().is_none_or(|value| !value.is_empty()) {
            object.field("assignmentEpochs", &self.assignment_epochs, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicPartitions {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicPartitions {
        TopicPartitions {
            topic_id: random.uuid(),
            partitions: random.i32s(),
            assignment_epochs: random.is_some().then(|| random.i32s()),
            unknown_tagged_fields: random.tagged_fields(1),
        }
    }
}
