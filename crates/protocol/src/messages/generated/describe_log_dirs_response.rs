//! Generated from `schemas/DescribeLogDirsResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DescribeLogDirsResponse` (response, key 35): versions 1-5, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeLogDirsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// Versions 3+; lost in others.
    pub error_code: i16,
    /// All versions.
    pub results: Vec<DescribeLogDirsResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DescribeLogDirsResponse {
    const NAME: &'static str = "DescribeLogDirsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Element for DescribeLogDirsResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeLogDirsResponse, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DescribeLogDirsResponse {
            throttle_time_ms: reader.i32()?,
            error_code: if version >= 3 { reader.i16()? } else { 0 },
            results: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.i32(self.throttle_time_ms);
        if version >= 3 {
            writer.i16(self.error_code);
        }
        writer.array(form, &self.results, version)?;
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeLogDirsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeLogDirsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        if version >= 3 {
            object.field("errorCode", &self.error_code, version);
        }
        object.field("results", &self.results, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeLogDirsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeLogDirsResponse {
        DescribeLogDirsResponse {
            throttle_time_ms: random.i32(),
            error_code: if version >= 3 { random.i16() } else { 0 },
            results: random.array(version),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeLogDirsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeLogDirsResult {
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub log_dir: Str,
    /// All versions.
    pub topics: Vec<DescribeLogDirsTopic>,
    /// Versions 4+; default -1; lost in others.
    pub total_bytes: i64,
    /// Versions 4+; default -1; lost in others.
    pub usable_bytes: i64,
    /// Versions 5+; lost in others.
    pub is_cordoned: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeLogDirsResult {
    fn default() -> DescribeLogDirsResult {
        DescribeLogDirsResult {
            error_code: 0,
            log_dir: Str::default(),
            topics: Vec::new(),
            total_bytes: -1,
            usable_bytes: -1,
            is_cordoned: false,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for DescribeLogDirsResult {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeLogDirsResult, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DescribeLogDirsResult {
            error_code: reader.i16()?,
            log_dir: reader.string(form)?,
            topics: reader.array(form, version)?,
            total_bytes: if version >= 4 { reader.i64()? } else { -1 },
            usable_bytes: if version >= 4 { reader.i64()? } else { -1 },
            is_cordoned: if version == 5 { reader.bool()? } else { false },
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.i16(self.error_code);
        writer.string(form, &self.log_dir)?;
        writer.array(form, &self.topics, version)?;
        if version >= 4 {
            writer.i64(self.total_bytes);
        }
        if version >= 4 {
            writer.i64(self.usable_bytes);
        }
        if version == 5 {
            writer.bool(self.is_cordoned);
        }
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeLogDirsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeLogDirsResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("logDir", &self.log_dir, version);
        object.field("topics", &self.topics, version);
        if version >= 4 {
            object.field("totalBytes", &self.total_bytes, version);
        }
        if version >= 4 {
            object.field("usableBytes", &self.usable_bytes, version);
        }
        if version == 5 {
            object.field("isCordoned", &self.is_cordoned, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeLogDirsResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeLogDirsResult {
        DescribeLogDirsResult {
            error_code: random.i16(),
            log_dir: random.string(),
            topics: random.array(version),
            total_bytes: if version >= 4 { random.i64() } else { -1 },
            usable_bytes: if version >= 4 { random.i64() } else { -1 },
            is_cordoned: if version == 5 { random.bool() } else { false },
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeLogDirsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeLogDirsTopic {
    /// All versions; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partitions: Vec<DescribeLogDirsPartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DescribeLogDirsTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeLogDirsTopic, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DescribeLogDirsTopic {
            name: reader.string(form)?,
            partitions: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 2 {
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
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeLogDirsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeLogDirsTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeLogDirsTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeLogDirsTopic {
        DescribeLogDirsTopic {
            name: random.string(),
            partitions: random.array(version),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeLogDirsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeLogDirsPartition {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub partition_size: i64,
    /// All versions.
    pub offset_lag: i64,
    /// All versions.
    pub is_future_key: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DescribeLogDirsPartition {
    const MIN_LEN: usize = 21;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeLogDirsPartition, DecodeError> {
        Ok(DescribeLogDirsPartition {
            partition_index: reader.i32()?,
            partition_size: reader.i64()?,
            offset_lag: reader.i64()?,
            is_future_key: reader.bool()?,
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i64(self.partition_size);
        writer.i64(self.offset_lag);
        writer.bool(self.is_future_key);
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeLogDirsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeLogDirsPartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("partitionSize", &self.partition_size, version);
        object.field("offsetLag", &self.offset_lag, version);
        object.field("isFutureKey", &self.is_future_key, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeLogDirsPartition {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeLogDirsPartition {
        DescribeLogDirsPartition {
            partition_index: random.i32(),
            partition_size: random.i64(),
            offset_lag: random.i64(),
            is_future_key: random.bool(),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
