//! Generated from `schemas/AlterReplicaLogDirsResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `AlterReplicaLogDirsResponse` (response, key 34): versions 1-2, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterReplicaLogDirsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub results: Vec<AlterReplicaLogDirTopicResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for AlterReplicaLogDirsResponse {
    const NAME: &'static str = "AlterReplicaLogDirsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Element for AlterReplicaLogDirsResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterReplicaLogDirsResponse, DecodeError> {
        let form = Form::of(version, 2);
        Ok(AlterReplicaLogDirsResponse {
            throttle_time_ms: reader.i32()?,
            results: reader.array(form, version)?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.i32(self.throttle_time_ms);
        writer.array(form, &self.results, version)?;
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AlterReplicaLogDirsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterReplicaLogDirsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("results", &self.results, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterReplicaLogDirsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterReplicaLogDirsResponse {
        AlterReplicaLogDirsResponse {
            throttle_time_ms: random.i32(),
            results: random.array(version),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`AlterReplicaLogDirsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterReplicaLogDirTopicResult {
    /// All versions; a `topicName`.
    pub topic_name: Str,
    /// All versions.
    pub partitions: Vec<AlterReplicaLogDirPartitionResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for AlterReplicaLogDirTopicResult {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterReplicaLogDirTopicResult, DecodeError> {
        let form = Form::of(version, 2);
        Ok(AlterReplicaLogDirTopicResult {
            topic_name: reader.string(form)?,
            partitions: reader.array(form, version)?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.string(form, &self.topic_name)?;
        writer.array(form, &self.partitions, version)?;
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AlterReplicaLogDirsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterReplicaLogDirTopicResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicName", &self.topic_name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterReplicaLogDirTopicResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterReplicaLogDirTopicResult {
        AlterReplicaLogDirTopicResult {
            topic_name: random.string(),
            partitions: random.array(version),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`AlterReplicaLogDirsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterReplicaLogDirPartitionResult {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub error_code: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for AlterReplicaLogDirPartitionResult {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterReplicaLogDirPartitionResult, DecodeError> {
        Ok(AlterReplicaLogDirPartitionResult {
            partition_index: reader.i32()?,
            error_code: reader.i16()?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i16(self.error_code);
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AlterReplicaLogDirsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterReplicaLogDirPartitionResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("errorCode", &self.error_code, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterReplicaLogDirPartitionResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterReplicaLogDirPartitionResult {
        AlterReplicaLogDirPartitionResult {
            partition_index: random.i32(),
            error_code: random.i16(),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
