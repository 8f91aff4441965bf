//! Generated from `schemas/StreamsGroupCurrentMemberAssignmentValue.ksc` by `cargo xtask codegen`.

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `StreamsGroupCurrentMemberAssignmentValue` (offsets-value, key 22): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupCurrentMemberAssignmentValue {
    /// All versions.
    pub member_epoch: i32,
    /// All versions.
    pub previous_member_epoch: i32,
    /// All versions.
    pub state: i8,
    /// All versions.
    pub active_tasks: Vec<TaskIds>,
    /// All versions.
    pub standby_tasks: Vec<TaskIds>,
    /// All versions.
    pub warmup_tasks: Vec<TaskIds>,
    /// All versions.
    pub active_tasks_pending_revocation: Vec<TaskIds>,
    /// All versions.
    pub standby_tasks_pending_revocation: Vec<TaskIds>,
    /// All versions.
    pub warmup_tasks_pending_revocation: Vec<TaskIds>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for StreamsGroupCurrentMemberAssignmentValue {
    const NAME: &'static str = "StreamsGroupCurrentMemberAssignmentValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for StreamsGroupCurrentMemberAssignmentValue {
    const MIN_LEN: usize = 16;

    fn read(
        reader: &mut Reader,
        version: i16,
    ) -> Result<StreamsGroupCurrentMemberAssignmentValue, DecodeError> {
        Ok(StreamsGroupCurrentMemberAssignmentValue {
            member_epoch: reader.i32()?,
            previous_member_epoch: reader.i32()?,
            state: reader.i8()?,
            active_tasks: reader.array(Form::Flexible, version)?,
            standby_tasks: reader.array(Form::Flexible, version)?,
            warmup_tasks: reader.array(Form::Flexible, version)?,
            active_tasks_pending_revocation: reader.array(Form::Flexible, version)?,
            standby_tasks_pending_revocation: reader.array(Form::Flexible, version)?,
            warmup_tasks_pending_revocation: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.member_epoch);
        writer.i32(self.previous_member_epoch);
        writer.i8(self.state);
        writer.array(Form::Flexible, &self.active_tasks, version)?;
        writer.array(Form::Flexible, &self.standby_tasks, version)?;
        writer.array(Form::Flexible, &self.warmup_tasks, version)?;
        writer.array(Form::Flexible, &self.active_tasks_pending_revocation, version)?;
        writer.array(Form::Flexible, &self.standby_tasks_pending_revocation, version)?;
        writer.array(Form::Flexible, &self.warmup_tasks_pending_revocation, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for StreamsGroupCurrentMemberAssignmentValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("memberEpoch", &self.member_epoch, version);
        object.field("previousMemberEpoch", &self.previous_member_epoch, version);
        object.field("state", &self.state, version);
        object.field("activeTasks", &self.active_tasks, version);
        object.field("standbyTasks", &self.standby_tasks, version);
        object.field("warmupTasks", &self.warmup_tasks, version);
        object.field("activeTasksPendingRevocation", &self.active_tasks_pending_revocation, version);
        object.field("standbyTasksPendingRevocation", &self.standby_tasks_pending_revocation, version);
        object.field("warmupTasksPendingRevocation", &self.warmup_tasks_pending_revocation, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for StreamsGroupCurrentMemberAssignmentValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> StreamsGroupCurrentMemberAssignmentValue {
        StreamsGroupCurrentMemberAssignmentValue {
            member_epoch: random.i32(),
            previous_member_epoch: random.i32(),
            state: random.i8(),
            active_tasks: random.array(version),
            standby_tasks: random.array(version),
            warmup_tasks: random.array(version),
            active_tasks_pending_revocation: random.array(version),
            standby_tasks_pending_revocation: random.array(version),
            warmup_tasks_pending_revocation: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupCurrentMemberAssignmentValue`].
#[derive(Clone, Debug, PartialEq)]
pub struct TaskIds {
    /// All versions.
    pub subtopology_id: Str,
    /// All versions.
    pub partitions: Vec<i32>,
    /// All versions; tag 0.
    pub assignment_epochs: Option<Vec<i32>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for TaskIds {
    fn default() -> TaskIds {
        TaskIds {
            subtopology_id: Str::default(),
            partitions: Vec::new(),
            assignment_epochs: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for TaskIds {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<TaskIds, DecodeError> {
        let mut value = TaskIds {
            subtopology_id: reader.string(Form::Flexible)?,
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
        writer.string(Form::Flexible, &self.subtopology_id)?;
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
impl crate::json::ToJson for TaskIds {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("subtopologyId", &self.subtopology_id, version);
        object.field("partitions", &self.partitions, version);
        if self.assignment_epochs.as_ref().is_none_or(|value| !value.is_empty()) {
            object.field("assignmentEpochs", &self.assignment_epochs, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TaskIds {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TaskIds {
        TaskIds {
            subtopology_id: random.string(),
            partitions: random.i32s(),
            assignment_epochs: random.is_some().then(|| random.i32s()),
            unknown_tagged_fields: random.tagged_fields(1),
        }
    }
}
