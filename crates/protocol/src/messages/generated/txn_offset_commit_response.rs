//! Generated from `schemas/TxnOffsetCommitResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `TxnOffsetCommitResponse` (response, key 28): versions 0-6, flexible 3+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TxnOffsetCommitResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub topics: Vec<TxnOffsetCommitResponseTopic>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for TxnOffsetCommitResponse {
    const NAME: &'static str = "TxnOffsetCommitResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=6;
    const FLEXIBLE_FROM: Option<i16> = Some(3);
}

impl Element for TxnOffsetCommitResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<TxnOffsetCommitResponse, DecodeError> {
        let form = Form::of(version, 3);
        Ok(TxnOffsetCommitResponse {
            throttle_time_ms: reader.i32()?,
            topics: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        writer.i32(self.throttle_time_ms);
        writer.array(form, &self.topics, version)?;
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "TxnOffsetCommitResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TxnOffsetCommitResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TxnOffsetCommitResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> TxnOffsetCommitResponse {
        TxnOffsetCommitResponse {
            throttle_time_ms: random.i32(),
            topics: random.array(version),
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`TxnOffsetCommitResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TxnOffsetCommitResponseTopic {
    /// Versions 0-5; lost in others; a `topicName`.
    pub name: Str,
    /// Versions 6+; lost in others.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<TxnOffsetCommitResponsePartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TxnOffsetCommitResponseTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<TxnOffsetCommitResponseTopic, DecodeError> {
        let form = Form::of(version, 3);
        Ok(TxnOffsetCommitResponseTopic {
            name: if version <= 5 { reader.string(form)? } else { Str::default() },
            topic_id: if version == 6 { reader.uuid()? } else { Uuid::ZERO },
            partitions: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        if version <= 5 {
            writer.string(form, &self.name)?;
        }
        if version == 6 {
            writer.uuid(self.topic_id);
        }
        writer.array(form, &self.partitions, version)?;
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "TxnOffsetCommitResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TxnOffsetCommitResponseTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version <= 5 {
            object.field("name", &self.name, version);
        }
        if version == 6 {
            object.field("topicId", &self.topic_id, version);
        }
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TxnOffsetCommitResponseTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> TxnOffsetCommitResponseTopic {
        TxnOffsetCommitResponseTopic {
            name: if version <= 5 { random.string() } else { Str::default() },
            topic_id: if version == 6 { random.uuid() } else { Uuid::ZERO },
            partitions: random.array(version),
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`TxnOffsetCommitResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TxnOffsetCommitResponsePartition {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub error_code: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TxnOffsetCommitResponsePartition {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<TxnOffsetCommitResponsePartition, DecodeError> {
        Ok(TxnOffsetCommitResponsePartition {
            partition_index: reader.i32()?,
            error_code: reader.i16()?,
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i16(self.error_code);
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "TxnOffsetCommitResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TxnOffsetCommitResponsePartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("errorCode", &self.error_code, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TxnOffsetCommitResponsePartition {
    fn random(random: &mut crate::testing::Source, version: i16) -> TxnOffsetCommitResponsePartition {
        TxnOffsetCommitResponsePartition {
            partition_index: random.i32(),
            error_code: random.i16(),
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
