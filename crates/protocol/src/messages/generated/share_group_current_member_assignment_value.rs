//! Generated from `schemas/ShareGroupCurrentMemberAssignmentValue.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `ShareGroupCurrentMemberAssignmentValue` (offsets-value, key 14): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupCurrentMemberAssignmentValue {
    /// All versions.
    pub member_epoch: i32,
    /// All versions.
    pub previous_member_epoch: i32,
    /// All versions.
    pub state: i8,
    /// All versions.
    pub assigned_partitions: Vec<TopicPartitions>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ShareGroupCurrentMemberAssignmentValue {
    const NAME: &'static str = "ShareGroupCurrentMemberAssignmentValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ShareGroupCurrentMemberAssignmentValue {
    const MIN_LEN: usize = 11;

    fn read(
        reader: &mut Reader,
        version: i16,
    ) -> Result<ShareGroupCurrentMemberAssignmentValue, DecodeError> {
        Ok(ShareGroupCurrentMemberAssignmentValue {
            member_epoch: reader.i32()?,
            previous_member_epoch: reader.i32()?,
            state: reader.i8()?,
            assigned_partitions: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.member_epoch);
        writer.i32(self.previous_member_epoch);
        writer.i8(self.state);
        writer.array(Form::Flexible, &self.assigned_partitions, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareGroupCurrentMemberAssignmentValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("memberEpoch", &self.member_epoch, version);
        object.field("previousMemberEpoch", &self.previous_member_epoch, version);
        object.field("state", &self.state, version);
        object.field("assignedPartitions", &self.assigned_partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ShareGroupCurrentMemberAssignmentValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> ShareGroupCurrentMemberAssignmentValue {
        ShareGroupCurrentMemberAssignmentValue {
            member_epoch: random.i32(),
            previous_member_epoch: random.i32(),
            state: random.i8(),
            assigned_partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareGroupCurrentMemberAssignmentValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartitions {
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicPartitions {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicPartitions, DecodeError> {
        Ok(TopicPartitions {
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
impl crate::json::ToJson for TopicPartitions {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicPartitions {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicPartitions {
        TopicPartitions {
            topic_id: random.uuid(),
            partitions: random.i32s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
