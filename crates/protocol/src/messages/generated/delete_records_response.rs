//! Generated from `schemas/DeleteRecordsResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DeleteRecordsResponse` (response, key 21): versions 0-2, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteRecordsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub topics: Vec<DeleteRecordsTopicResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DeleteRecordsResponse {
    const NAME: &'static str = "DeleteRecordsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Element for DeleteRecordsResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<DeleteRecordsResponse, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DeleteRecordsResponse {
            throttle_time_ms: reader.i32()?,
            topics: reader.array(form, version)?,
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
        writer.array(form, &self.topics, version)?;
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DeleteRecordsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteRecordsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteRecordsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> DeleteRecordsResponse {
        DeleteRecordsResponse {
            throttle_time_ms: random.i32(),
            topics: random.array(version),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DeleteRecordsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteRecordsTopicResult {
    /// All versions; key of its array; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partitions: Vec<DeleteRecordsPartitionResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DeleteRecordsTopicResult {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<DeleteRecordsTopicResult, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DeleteRecordsTopicResult {
            name: reader.string(form)?,
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
        writer.string(form, &self.name)?;
        writer.array(form, &self.partitions, version)?;
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DeleteRecordsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteRecordsTopicResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteRecordsTopicResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> DeleteRecordsTopicResult {
        DeleteRecordsTopicResult {
            name: random.string(),
            partitions: random.array(version),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DeleteRecordsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteRecordsPartitionResult {
    /// All versions; key of its array.
    pub partition_index: i32,
    /// All versions.
    pub low_watermark: i64,
    /// All versions.
    pub error_code: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DeleteRecordsPartitionResult {
    const MIN_LEN: usize = 14;

    fn read(reader: &mut Reader, version: i16) -> Result<DeleteRecordsPartitionResult, DecodeError> {
        Ok(DeleteRecordsPartitionResult {
            partition_index: reader.i32()?,
            low_watermark: reader.i64()?,
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
        writer.i64(self.low_watermark);
        writer.i16(self.error_code);
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DeleteRecordsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteRecordsPartitionResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("lowWatermark", &self.low_watermark, version);
        object.field("errorCode", &self.error_code, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteRecordsPartitionResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> DeleteRecordsPartitionResult {
        DeleteRecordsPartitionResult {
            partition_index: random.i32(),
            low_watermark: random.i64(),
            error_code: random.i16(),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
