//! Generated from `schemas/OffsetForLeaderEpochRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `OffsetForLeaderEpochRequest` (request, key 23): versions 2-4, flexible 4+.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetForLeaderEpochRequest {
    /// Versions 3+; default -2; lost in others; a `brokerId`.
    pub replica_id: i32,
    /// All versions.
    pub topics: Vec<OffsetForLeaderTopic>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetForLeaderEpochRequest {
    fn default() -> OffsetForLeaderEpochRequest {
        OffsetForLeaderEpochRequest {
            replica_id: -2,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for OffsetForLeaderEpochRequest {
    const NAME: &'static str = "OffsetForLeaderEpochRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 2..=4;
    const FLEXIBLE_FROM: Option<i16> = Some(4);
}

impl Request for OffsetForLeaderEpochRequest {
    const KEY: ApiKey = ApiKey::OffsetForLeaderEpoch;
    type Response = super::offset_for_leader_epoch_response::OffsetForLeaderEpochResponse;
}

impl Element for OffsetForLeaderEpochRequest {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetForLeaderEpochRequest, DecodeError> {
        let form = Form::of(version, 4);
        Ok(OffsetForLeaderEpochRequest {
            replica_id: if version >= 3 { reader.i32()? } else { -2 },
            topics: reader.array(form, version)?,
            unknown_tagged_fields: if version == 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        if version >= 3 {
            writer.i32(self.replica_id);
        }
        writer.array(form, &self.topics, version)?;
        if version == 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetForLeaderEpochRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetForLeaderEpochRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 3 {
            object.field("replicaId", &self.replica_id, version);
        }
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetForLeaderEpochRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetForLeaderEpochRequest {
        OffsetForLeaderEpochRequest {
            replica_id: if version >= 3 { random.i32() } else { -2 },
            topics: random.array(version),
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`OffsetForLeaderEpochRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetForLeaderTopic {
    /// All versions; key of its array; a `topicName`.
    pub topic: Str,
    /// All versions.
    pub partitions: Vec<OffsetForLeaderPartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for OffsetForLeaderTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetForLeaderTopic, DecodeError> {
        let form = Form::of(version, 4);
        Ok(OffsetForLeaderTopic {
            topic: reader.string(form)?,
            partitions: reader.array(form, version)?,
            unknown_tagged_fields: if version == 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.string(form, &self.topic)?;
        writer.array(form, &self.partitions, version)?;
        if version == 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetForLeaderEpochRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetForLeaderTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topic", &self.topic, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetForLeaderTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetForLeaderTopic {
        OffsetForLeaderTopic {
            topic: random.string(),
            partitions: random.array(version),
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`OffsetForLeaderEpochRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetForLeaderPartition {
    /// All versions.
    pub partition: i32,
    /// All versions; default -1.
    pub current_leader_epoch: i32,
    /// All versions.
    pub leader_epoch: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetForLeaderPartition {
    fn default() -> OffsetForLeaderPartition {
        OffsetForLeaderPartition {
            partition: 0,
            current_leader_epoch: -1,
            leader_epoch: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for OffsetForLeaderPartition {
    const MIN_LEN: usize = 12;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetForLeaderPartition, DecodeError> {
        Ok(OffsetForLeaderPartition {
            partition: reader.i32()?,
            current_leader_epoch: reader.i32()?,
            leader_epoch: reader.i32()?,
            unknown_tagged_fields: if version == 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition);
        writer.i32(self.current_leader_epoch);
        writer.i32(self.leader_epoch);
        if version == 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetForLeaderEpochRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetForLeaderPartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partition", &self.partition, version);
        object.field("currentLeaderEpoch", &self.current_leader_epoch, version);
        object.field("leaderEpoch", &self.leader_epoch, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetForLeaderPartition {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetForLeaderPartition {
        OffsetForLeaderPartition {
            partition: random.i32(),
            current_leader_epoch: random.i32(),
            leader_epoch: random.i32(),
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
