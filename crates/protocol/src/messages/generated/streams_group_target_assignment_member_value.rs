//! Generated from `schemas/StreamsGroupTargetAssignmentMemberValue.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `StreamsGroupTargetAssignmentMemberValue` (offsets-value, key 21): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupTargetAssignmentMemberValue {
    /// All versions.
    pub active_tasks: Vec<TaskIds>,
    /// All versions.
    pub standby_tasks: Vec<TaskIds>,
    /// All versions.
    pub warmup_tasks: Vec<TaskIds>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for StreamsGroupTargetAssignmentMemberValue {
    const NAME: &'static str = "StreamsGroupTargetAssignmentMemberValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for StreamsGroupTargetAssignmentMemberValue {
    const MIN_LEN: usize = 4;

    fn read(
        reader: &mut Reader,
        version: i16,
    ) -> Result<StreamsGroupTargetAssignmentMemberValue, DecodeError> {
        Ok(StreamsGroupTargetAssignmentMemberValue {
            active_tasks: reader.array(Form::Flexible, version)?,
            standby_tasks: reader.array(Form::Flexible, version)?,
            warmup_tasks: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.active_tasks, version)?;
        writer.array(Form::Flexible, &self.standby_tasks, version)?;
        writer.array(Form::Flexible, &self.warmup_tasks, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for StreamsGroupTargetAssignmentMemberValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("activeTasks", &self.active_tasks, version);
        object.field("standbyTasks", &self.standby_tasks, version);
        object.field("warmupTasks", &self.warmup_tasks, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for StreamsGroupTargetAssignmentMemberValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> StreamsGroupTargetAssignmentMemberValue {
        StreamsGroupTargetAssignmentMemberValue {
            active_tasks: random.array(version),
            standby_tasks: random.array(version),
            warmup_tasks: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupTargetAssignmentMemberValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskIds {
    /// All versions.
    pub subtopology_id: Str,
    /// All versions.
    pub partitions: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TaskIds {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<TaskIds, DecodeError> {
        Ok(TaskIds {
            subtopology_id: reader.string(Form::Flexible)?,
            partitions: reader.i32s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.subtopology_id)?;
        writer.i32s(Form::Flexible, &self.partitions)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TaskIds {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("subtopologyId", &self.subtopology_id, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TaskIds {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TaskIds {
        TaskIds {
            subtopology_id: random.string(),
            partitions: random.i32s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
