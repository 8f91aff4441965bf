//! Generated from `schemas/ListOffsetsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ListOffsetsRequest` (request, key 2): versions 1-11, flexible 6+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListOffsetsRequest {
    /// All versions; a `brokerId`.
    pub replica_id: i32,
    /// Versions 2+.
    pub isolation_level: i8,
    /// All versions.
    pub topics: Vec<ListOffsetsTopic>,
    /// Versions 10+; lost in others.
    pub timeout_ms: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ListOffsetsRequest {
    const NAME: &'static str = "ListOffsetsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=11;
    const FLEXIBLE_FROM: Option<i16> = Some(6);
}

impl Request for ListOffsetsRequest {
    const KEY: ApiKey = ApiKey::ListOffsets;
    type Response = super::list_offsets_response::ListOffsetsResponse;
}

impl Element for ListOffsetsRequest {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, version: i16) -> Result<ListOffsetsRequest, DecodeError> {
        let form = Form::of(version, 6);
        Ok(ListOffsetsRequest {
            replica_id: reader.i32()?,
            isolation_level: if version >= 2 { reader.i8()? } else { 0 },
            topics: reader.array(form, version)?,
            timeout_ms: if version >= 10 { reader.i32()? } else { 0 },
            unknown_tagged_fields: if version >= 6 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 6);
        writer.i32(self.replica_id);
        if version >= 2 {
            writer.i8(self.isolation_level);
        } else if self.isolation_level != 0 {
            return Err(EncodeError::NotInVersion {
                message: "ListOffsetsRequest",
                field: "IsolationLevel",
                version,
            });
        }
        writer.array(form, &self.topics, version)?;
        if version >= 10 {
            writer.i32(self.timeout_ms);
        }
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ListOffsetsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ListOffsetsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("replicaId", &self.replica_id, version);
        if version >= 2 {
            object.field("isolationLevel", &self.isolation_level, version);
        }
        object.field("topics", &self.topics, version);
        if version >= 10 {
            object.field("timeoutMs", &self.timeout_ms, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ListOffsetsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> ListOffsetsRequest {
        ListOffsetsRequest {
            replica_id: random.i32(),
            isolation_level: if version >= 2 { random.i8() } else { 0 },
            topics: random.array(version),
            timeout_ms: if version >= 10 { random.i32() } else { 0 },
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ListOffsetsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListOffsetsTopic {
    /// All versions; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partitions: Vec<ListOffsetsPartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ListOffsetsTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<ListOffsetsTopic, DecodeError> {
        let form = Form::of(version, 6);
        Ok(ListOffsetsTopic {
            name: reader.string(form)?,
            partitions: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 6 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 6);
        writer.string(form, &self.name)?;
        writer.array(form, &self.partitions, version)?;
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ListOffsetsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ListOffsetsTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ListOffsetsTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> ListOffsetsTopic {
        ListOffsetsTopic {
            name: random.string(),
            partitions: random.array(version),
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ListOffsetsRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct ListOffsetsPartition {
    /// All versions.
    pub partition_index: i32,
    /// Versions 4+; default -1; lost in others.
    pub current_leader_epoch: i32,
    /// All versions.
    pub timestamp: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ListOffsetsPartition {
    fn default() -> ListOffsetsPartition {
        ListOffsetsPartition {
            partition_index: 0,
            current_leader_epoch: -1,
            timestamp: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for ListOffsetsPartition {
    const MIN_LEN: usize = 12;

    fn read(reader: &mut Reader, version: i16) -> Result<ListOffsetsPartition, DecodeError> {
        Ok(ListOffsetsPartition {
            partition_index: reader.i32()?,
            current_leader_epoch: if version >= 4 { reader.i32()? } else { -1 },
            timestamp: reader.i64()?,
            unknown_tagged_fields: if version >= 6 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        if version >= 4 {
            writer.i32(self.current_leader_epoch);
        }
        writer.i64(self.timestamp);
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ListOffsetsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ListOffsetsPartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        if version >= 4 {
            object.field("currentLeaderEpoch", &self.current_leader_epoch, version);
        }
        object.field("timestamp", &self.timestamp, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ListOffsetsPartition {
    fn random(random: &mut crate::testing::Source, version: i16) -> ListOffsetsPartition {
        ListOffsetsPartition {
            partition_index: random.i32(),
            current_leader_epoch: if version >= 4 { random.i32() } else { -1 },
            timestamp: random.i64(),
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
