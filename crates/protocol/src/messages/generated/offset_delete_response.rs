//! Generated from `schemas/OffsetDeleteResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::Message;

/// `OffsetDeleteResponse` (response, key 47): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetDeleteResponse {
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub topics: Vec<OffsetDeleteResponseTopic>,
}

impl Message for OffsetDeleteResponse {
    const NAME: &'static str = "OffsetDeleteResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for OffsetDeleteResponse {
    const MIN_LEN: usize = 10;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetDeleteResponse, DecodeError> {
        Ok(OffsetDeleteResponse {
            error_code: reader.i16()?,
            throttle_time_ms: reader.i32()?,
            topics: reader.array(Form::Legacy, version)?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i16(self.error_code);
        writer.i32(self.throttle_time_ms);
        writer.array(Form::Legacy, &self.topics, version)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetDeleteResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetDeleteResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetDeleteResponse {
        OffsetDeleteResponse {
            error_code: random.i16(),
            throttle_time_ms: random.i32(),
            topics: random.array(version),
        }
    }
}

/// Part of [`OffsetDeleteResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetDeleteResponseTopic {
    /// All versions; key of its array; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partitions: Vec<OffsetDeleteResponsePartition>,
}

impl Element for OffsetDeleteResponseTopic {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetDeleteResponseTopic, DecodeError> {
        Ok(OffsetDeleteResponseTopic {
            name: reader.string(Form::Legacy)?,
            partitions: reader.array(Form::Legacy, version)?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Legacy, &self.name)?;
        writer.array(Form::Legacy, &self.partitions, version)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetDeleteResponseTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetDeleteResponseTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetDeleteResponseTopic {
        OffsetDeleteResponseTopic { name: random.string(), partitions: random.array(version) }
    }
}

/// Part of [`OffsetDeleteResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetDeleteResponsePartition {
    /// All versions; key of its array.
    pub partition_index: i32,
    /// All versions.
    pub error_code: i16,
}

impl Element for OffsetDeleteResponsePartition {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<OffsetDeleteResponsePartition, DecodeError> {
        Ok(OffsetDeleteResponsePartition { partition_index: reader.i32()?, error_code: reader.i16()? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i16(self.error_code);
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetDeleteResponsePartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("errorCode", &self.error_code, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetDeleteResponsePartition {
    fn random(random: &mut crate::testing::Source, _version: i16) -> OffsetDeleteResponsePartition {
        OffsetDeleteResponsePartition { partition_index: random.i32(), error_code: random.i16() }
    }
}
