//! Generated from `schemas/PartitionRecord.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, TaggedWriter, Writer};
use crate::message::Message;

/// `PartitionRecord` (metadata, key 3): versions 0-2, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionRecord {
    /// All versions; default -1.
    pub partition_id: i32,
    /// All versions.
    pub topic_id: Uuid,
    /// All versions; a `brokerId`.
    pub replicas: Vec<i32>,
    /// All versions.
    pub isr: Vec<i32>,
    /// All versions; a `brokerId`.
    pub removing_replicas: Vec<i32>,
    /// All versions; a `brokerId`.
    pub adding_replicas: Vec<i32>,
    /// All versions; default -1; a `brokerId`.
    pub leader: i32,
    /// All versions; tag 0.
    pub leader_recovery_state: i8,
    /// All versions; default -1.
    pub leader_epoch: i32,
    /// All versions; default -1.
    pub partition_epoch: i32,
    /// Versions 1+.
    pub directories: Vec<Uuid>,
    /// Versions 2+; tag 1; default null; a `brokerId`.
    pub eligible_leader_replicas: Option<Vec<i32>>,
    /// Versions 2+; tag 2; default null; a `brokerId`.
    pub last_known_elr: Option<Vec<i32>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionRecord {
    fn default() -> PartitionRecord {
        PartitionRecord {
            partition_id: -1,
            topic_id: Uuid::ZERO,
            replicas: Vec::new(),
            isr: Vec::new(),
            removing_replicas: Vec::new(),
            adding_replicas: Vec::new(),
            leader: -1,
            leader_recovery_state: 0,
            leader_epoch: -1,
            partition_epoch: -1,
            directories: Vec::new(),
            eligible_leader_replicas: None,
            last_known_elr: None,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for PartitionRecord {
    const NAME: &'static str = "PartitionRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for PartitionRecord {
    const MIN_LEN: usize = 37;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionRecord, DecodeError> {
        let mut value = PartitionRecord {
            partition_id: reader.i32()?,
            topic_id: reader.uuid()?,
            replicas: reader.i32s(Form::Flexible)?,
            isr: reader.i32s(Form::Flexible)?,
            removing_replicas: reader.i32s(Form::Flexible)?,
            adding_replicas: reader.i32s(Form::Flexible)?,
            leader: reader.i32()?,
            leader_recovery_state: 0,
            leader_epoch: reader.i32()?,
            partition_epoch: reader.i32()?,
            directories: if version >= 1 { reader.uuids(Form::Flexible)? } else { Vec::new() },
            eligible_leader_replicas: None,
            last_known_elr: None,
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.leader_recovery_state = reader.i8()?,
                1 if version == 2 => value.eligible_leader_replicas = reader.nullable_i32s(Form::Flexible)?,
                1 => return Err(reader.tag_not_in_version(tag)),
                2 if version == 2 => value.last_known_elr = reader.nullable_i32s(Form::Flexible)?,
                2 => return Err(reader.tag_not_in_version(tag)),
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_id);
        writer.uuid(self.topic_id);
        writer.i32s(Form::Flexible, &self.replicas)?;
        writer.i32s(Form::Flexible, &self.isr)?;
        writer.i32s(Form::Flexible, &self.removing_replicas)?;
        writer.i32s(Form::Flexible, &self.adding_replicas)?;
        writer.i32(self.leader);
        writer.i32(self.leader_epoch);
        writer.i32(self.partition_epoch);
        if version >= 1 {
            writer.uuids(Form::Flexible, &self.directories)?;
        } else if !self.directories.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "PartitionRecord",
                field: "Directories",
                version,
            });
        }
        if version != 2 && self.eligible_leader_replicas.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "PartitionRecord",
                field: "EligibleLeaderReplicas",
                version,
            });
        }
        if version != 2 && self.last_known_elr.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "PartitionRecord",
                field: "LastKnownElr",
                version,
            });
        }
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.leader_recovery_state != 0 {
            let mark = tagged.field(writer, 0)?;
            writer.i8(self.leader_recovery_state);
            writer.end_tagged(mark)?;
        }
        if version == 2 && self.eligible_leader_replicas.is_some() {
            let mark = tagged.field(writer, 1)?;
            writer.nullable_i32s(Form::Flexible, self.eligible_leader_replicas.as_deref())?;
            writer.end_tagged(mark)?;
        }
        if version == 2 && self.last_known_elr.is_some() {
            let mark = tagged.field(writer, 2)?;
            writer.nullable_i32s(Form::Flexible, self.last_known_elr.as_deref())?;
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionId", &self.partition_id, version);
        object.field("topicId", &self.topic_id, version);
        object.field("replicas", &self.replicas, version);
        object.field("isr", &self.isr, version);
        object.field("removingReplicas", &self.removing_replicas, version);
        object.field("addingReplicas", &self.adding_replicas, version);
        object.field("leader", &self.leader, version);
        if self.leader_recovery_state != 0 {
            object.field("leaderRecoveryState", &self.leader_recovery_state, version);
        }
        object.field("leaderEpoch", &self.leader_epoch, version);
        object.field("partitionEpoch", &self.partition_epoch, version);
        if version >= 1 {
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
impl crate::testing::Random for PartitionRecord {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionRecord {
        PartitionRecord {
            partition_id: random.i32(),
            topic_id: random.uuid(),
            replicas: random.i32s(),
            isr: random.i32s(),
            removing_replicas: random.i32s(),
            adding_replicas: random.i32s(),
            leader: random.i32(),
            leader_recovery_state: random.i8(),
            leader_epoch: random.i32(),
            partition_epoch: random.i32(),
            directories: if version >= 1 { random.uuids() } else { Vec::new() },
            eligible_leader_replicas: if version == 2 {
                random.is_some().then(|| random.i32s())
            } else {
                None
            },
            last_known_elr: if version == 2 { random.is_some().then(|| random.i32s()) } else { None },
            unknown_tagged_fields: random.tagged_fields(3),
        }
    }
}
