//! Generated from `schemas/OffsetCommitResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `OffsetCommitResponse` (response, key 8): versions 2-10, flexible 8+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetCommitResponse {
    /// Versions 3+; lost in others.
    pub throttle_time_ms: i32,
    /// All versions.
    pub topics: Vec<OffsetCommitResponseTopic>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for OffsetCommitResponse {
    const NAME: &'static str = "OffsetCommitResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 2..=10;
    const FLEXIBLE_FROM: Option<i16> = Some(8);
}

impl Element for OffsetCommitResponse {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetCommitResponse, DecodeError> {
        let form = Form::of(version, 8);
        Ok(OffsetCommitResponse {
            throttle_time_ms: if version >= 3 { reader.i32()? } else { 0 },
            topics: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 8 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 8);
        if version >= 3 {
            writer.i32(self.throttle_time_ms);
        }
        writer.array(form, &self.topics, version)?;
        if version >= 8 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetCommitResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetCommitResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 3 {
            object.field("throttleTimeMs", &self.throttle_time_ms, version);
        }
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetCommitResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetCommitResponse {
        OffsetCommitResponse {
            throttle_time_ms: if version >= 3 { random.i32() } else { 0 },
            topics: random.array(version),
            unknown_tagged_fields: if version >= 8 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`OffsetCommitResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetCommitResponseTopic {
    /// Versions 0-9; lost in others; a `topicName`.
    pub name: Str,
    /// Versions 10+; lost in others.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<OffsetCommitResponsePartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for OffsetCommitResponseTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetCommitResponseTopic, DecodeError> {
        let form = Form::of(version, 8);
        Ok(OffsetCommitResponseTopic {
            name: if version <= 9 { reader.string(form)? } else { Str::default() },
            topic_id: if version == 10 { reader.uuid()? } else { Uuid::ZERO },
            partitions: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 8 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 8);
        if version <= 9 {
            writer.string(form, &self.name)?;
        }
        if version == 10 {
            writer.uuid(self.topic_id);
        }
        writer.array(form, &self.partitions, version)?;
        if version >= 8 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetCommitResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetCommitResponseTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version <= 9 {
            object.field("name", &self.name, version);
        }
        if version == 10 {
            object.field("topicId", &self.topic_id, version);
        }
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetCommitResponseTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetCommitResponseTopic {
        OffsetCommitResponseTopic {
            name: if version <= 9 { random.string() } else { Str::default() },
            topic_id: if version == 10 { random.uuid() } else { Uuid::ZERO },
            partitions: random.array(version),
            unknown_tagged_fields: if version >= 8 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`OffsetCommitResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetCommitResponsePartition {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub error_code: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for OffsetCommitResponsePartition {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetCommitResponsePartition, DecodeError> {
        Ok(OffsetCommitResponsePartition {
            partition_index: reader.i32()?,
            error_code: reader.i16()?,
            unknown_tagged_fields: if version >= 8 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i16(self.error_code);
        if version >= 8 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetCommitResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetCommitResponsePartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("errorCode", &self.error_code, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetCommitResponsePartition {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetCommitResponsePartition {
        OffsetCommitResponsePartition {
            partition_index: random.i32(),
            error_code: random.i16(),
            unknown_tagged_fields: if version >= 8 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
