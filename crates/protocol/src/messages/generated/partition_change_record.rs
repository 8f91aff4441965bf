//! Generated from `schemas/PartitionChangeRecord.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, TaggedWriter, Writer};
use crate::message::Message;

/// `PartitionChangeRecord` (metadata, key 5): versions 0-2, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionChangeRecord {
    /// All versions; default -1.
    pub partition_id: i32,
    /// All versions.
    pub topic_id: Uuid,
    /// All versions; tag 0; default null; a `brokerId`.
    pub isr: Option<Vec<i32>>,
    /// All versions; tag 1; default -2; a `brokerId`.
    pub leader: i32,
    /// All versions; tag 2; default null; a `brokerId`.
    pub replicas: Option<Vec<i32>>,
    /// All versions; tag 3; default null; a `brokerId`.
    pub removing_replicas: Option<Vec<i32>>,
    /// All versions; tag 4; default null; a `brokerId`.
    pub adding_replicas: Option<Vec<i32>>,
    /// All versions; tag 5; default -1.
    pub leader_recovery_state: i8,
    /// Versions 1+; tag 8; default null.
    pub directories: Option<Vec<Uuid>>,
    /// Versions 2+; tag 6; default null; a `brokerId`.
    pub eligible_leader_replicas: Option<Vec<i32>>,
    /// Versions 2+; tag 7; default null; a `brokerId`.
    pub last_known_elr: Option<Vec<i32>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionChangeRecord {
    fn default() -> PartitionChangeRecord {
        PartitionChangeRecord {
            partition_id: -1,
            topic_id: Uuid::ZERO,
            isr: None,
            leader: -2,
            replicas: None,
            removing_replicas: None,
            adding_replicas: None,
            leader_recovery_state: -1,
            directories: None,
            eligible_leader_replicas: None,
            last_known_elr: None,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for PartitionChangeRecord {
    const NAME: &'static str = "PartitionChangeRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for PartitionChangeRecord {
    const MIN_LEN: usize = 21;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionChangeRecord, DecodeError> {
        let mut value = PartitionChangeRecord {
            partition_id: reader.i32()?,
            topic_id: reader.uuid()?,
            isr: None,
            leader: -2,
            replicas: None,
            removing_replicas: None,
            adding_replicas: None,
            leader_recovery_state: -1,
            directories: None,
            eligible_leader_replicas: None,
            last_known_elr: None,
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.isr = reader.nullable_i32s(Form::Flexible)?,
                1 => value.leader = reader.i32()?,
                2 => value.replicas = reader.nullable_i32s(Form::Flexible)?,
                3 => value.removing_replicas = reader.nullable_i32s(Form::Flexible)?,
                4 => value.adding_replicas = reader.nullable_i32s(Form::Flexible)?,
                5 => value.leader_recovery_state = reader.i8()?,
                6 if version == 2 => value.eligible_leader_replicas = reader.nullable_i32s(Form::Flexible)?,
                6 => return Err(reader.tag_not_in_version(tag)),
                7 if version == 2 => value.last_known_elr = reader.nullable_i32s(Form::Flexible)?,
                7 => return Err(reader.tag_not_in_version(tag)),
                8 if version >= 1 => value.directories = reader.nullable_uuids(Form::Flexible)?,
                8 => return Err(reader.tag_not_in_version(tag)),
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_id);
        writer.uuid(self.topic_id);
        if version < 1 && self.directories.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "PartitionChangeRecord",
                field: "Directories",
                version,
            });
        }
        if version != 2 && self.eligible_leader_replicas.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "PartitionChangeRecord",
                field: "EligibleLeaderReplicas",
                version,
            });
        }
        if version != 2 && self.last_known_elr.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "PartitionChangeRecord",
                field: "LastKnownElr",
                version,
            });
        }
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.isr.is_some() {
            let mark = tagged.field(writer, 0)?;
            writer.nullable_i32s(Form::Flexible, self.isr.as_deref())?;
            writer.end_tagged(mark)?;
        }
        if self.leader != -2 {
            let mark = tagged.field(writer, 1)?;
            writer.i32(self.leader);
            writer.end_tagged(mark)?;
        }
        if self.replicas.is_some() {
            let mark = tagged.field(writer, 2)?;
            writer.nullable_i32s(Form::Flexible, self.replicas.as_deref())?;
            writer.end_tagged(mark)?;
        }
        if self.removing_replicas.is_some() {
            let mark = tagged.field(writer, 3)?;
            writer.nullable_i32s(Form::Flexible, self.removing_replicas.as_deref())?;
            writer.end_tagged(mark)?;
        }
        if self.adding_replicas.is_some() {
            let mark = tagged.field(writer, 4)?;
            writer.nullable_i32s(Form::Flexible, self.adding_replicas.as_deref())?;
            writer.end_tagged(mark)?;
        }
        if self.leader_recovery_state != -1 {
            let mark = tagged.field(writer, 5)?;
            writer.i8(self.leader_recovery_state);
            writer.end_tagged(mark)?;
        }
        if version == 2 && self.eligible_leader_replicas.is_some() {
            let mark = tagged.field(writer, 6)?;
            writer.nullable_i32s(Form::Flexible, self.eligible_leader_replicas.as_deref())?;
            writer.end_tagged(mark)?;
        }
        if version == 2 && self.last_known_elr.is_some() {
            let mark = tagged.field(writer, 7)?;
            writer.nullable_i32s(Form::Flexible, self.last_known_elr.as_deref())?;
            writer.end_tagged(mark)?;
        }
        if version >= 1 && self.directories.is_some() {
            let mark = tagged.field(writer, 8)?;
            writer.nullable_uuids(Form::Flexible, self.directories.as_deref())?;
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionChangeRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionId", &self.partition_id, version);
        object.field("topicId", &self.topic_id, version);
        if self.isr.is_some() {
            object.field("isr", &self.isr, version);
        }
        if self.leader != -2 {
            object.field("leader", &self.leader, version);
        }
        if self.replicas.is_some() {
            object.field("replicas", &self.replicas, version);
        }
        if self.removing_replicas.is_some() {
            object.field("removingReplicas", &self.removing_replicas, version);
        }
        if self.adding_replicas.is_some() {
            object.field("addingReplicas", &self.adding_replicas, version);
        }
        if self.leader_recovery_state != -1 {
            object.field("leaderRecoveryState", &self.leader_recovery_state, version);
        }
        if version >= 1 && self.directories.is_some() {
            object.field("directories", &self.directories, version);
        }
        if version == 2 && self.eligible_leader_replicas.is_some() {
            object.field("eligibleLeaderReplicas", &self.eligible_leader_replicas, version);
        }
        if version == 2 && self.last_known_elr.is_some() {
            object.field("lastKnownElr", &self.last_known_elr, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionChangeRecord {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionChangeRecord {
        PartitionChangeRecord {
            partition_id: random.i32(),
            topic_id: random.uuid(),
            isr: random.is_some().then(|| random.i32s()),
            leader: random.i32(),
            replicas: random.is_some().then(|| random.i32s()),
            removing_replicas: random.is_some().then(|| random.i32s()),
            adding_replicas: random.is_some().then(|| random.i32s()),
            leader_recovery_state: random.i8(),
            directories: if version >= 1 { random.is_some().then(|| random.uuids()) } else { None },
            eligible_leader_replicas: if version == 2 {
                random.is_some().then(|| random.i32s())
            } else {
                None
            },
            last_known_elr: if version == 2 { random.is_some().then(|| random.i32s()) } else { None },
            unknown_tagged_fields: random.tagged_fields(9),
        }
    }
}
