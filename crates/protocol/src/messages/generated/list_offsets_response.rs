//! Generated from `schemas/ListOffsetsResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ListOffsetsResponse` (response, key 2): versions 1-11, flexible 6+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListOffsetsResponse {
    /// Versions 2+; lost in others.
    pub throttle_time_ms: i32,
    /// All versions.
    pub topics: Vec<ListOffsetsTopicResponse>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ListOffsetsResponse {
    const NAME: &'static str = "ListOffsetsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=11;
    const FLEXIBLE_FROM: Option<i16> = Some(6);
}

impl Element for ListOffsetsResponse {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<ListOffsetsResponse, DecodeError> {
        let form = Form::of(version, 6);
        Ok(ListOffsetsResponse {
            throttle_time_ms: if version >= 2 { reader.i32()? } else { 0 },
            topics: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 6 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 6);
        if version >= 2 {
            writer.i32(self.throttle_time_ms);
        }
        writer.array(form, &self.topics, version)?;
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ListOffsetsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ListOffsetsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 2 {
            object.field("throttleTimeMs", &self.throttle_time_ms, version);
        }
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ListOffsetsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ListOffsetsResponse {
        ListOffsetsResponse {
            throttle_time_ms: if version >= 2 { random.i32() } else { 0 },
            topics: random.array(version),
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ListOffsetsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListOffsetsTopicResponse {
    /// All versions; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partitions: Vec<ListOffsetsPartitionResponse>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ListOffsetsTopicResponse {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<ListOffsetsTopicResponse, DecodeError> {
        let form = Form::of(version, 6);
        Ok(ListOffsetsTopicResponse {
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
            return Err(EncodeError::TagsNotInVersion { message: "ListOffsetsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ListOffsetsTopicResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ListOffsetsTopicResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ListOffsetsTopicResponse {
        ListOffsetsTopicResponse {
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

/// Part of [`ListOffsetsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct ListOffsetsPartitionResponse {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions; default -1.
    pub timestamp: i64,
    /// All versions; default -1.
    pub offset: i64,
    /// Versions 4+; default -1.
    pub leader_epoch: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ListOffsetsPartitionResponse {
    fn default() -> ListOffsetsPartitionResponse {
        ListOffsetsPartitionResponse {
            partition_index: 0,
            error_code: 0,
            timestamp: -1,
            offset: -1,
            leader_epoch: -1,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for ListOffsetsPartitionResponse {
    const MIN_LEN: usize = 22;

    fn read(reader: &mut Reader, version: i16) -> Result<ListOffsetsPartitionResponse, DecodeError> {
        Ok(ListOffsetsPartitionResponse {
            partition_index: reader.i32()?,
            error_code: reader.i16()?,
            timestamp: reader.i64()?,
            offset: reader.i64()?,
            leader_epoch: if version >= 4 { reader.i32()? } else { -1 },
            unknown_tagged_fields: if version >= 6 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i16(self.error_code);
        writer.i64(self.timestamp);
        writer.i64(self.offset);
        if version >= 4 {
            writer.i32(self.leader_epoch);
        } else if self.leader_epoch != -1 {
            return Err(EncodeError::NotInVersion {
                message: "ListOffsetsPartitionResponse",
                field: "LeaderEpoch",
                version,
            });
        }
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ListOffsetsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ListOffsetsPartitionResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("errorCode", &self.error_code, version);
        object.field("timestamp", &self.timestamp, version);
        object.field("offset", &self.offset, version);
        if version >= 4 {
            object.field("leaderEpoch", &self.leader_epoch, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ListOffsetsPartitionResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ListOffsetsPartitionResponse {
        ListOffsetsPartitionResponse {
            partition_index: random.i32(),
            error_code: random.i16(),
            timestamp: random.i64(),
            offset: random.i64(),
            leader_epoch: if version >= 4 { random.i32() } else { -1 },
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
