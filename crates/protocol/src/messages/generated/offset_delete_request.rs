//! Generated from `schemas/OffsetDeleteRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::{Message, Request};

/// `OffsetDeleteRequest` (request, key 47): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetDeleteRequest {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub topics: Vec<OffsetDeleteRequestTopic>,
}

impl Message for OffsetDeleteRequest {
    const NAME: &'static str = "OffsetDeleteRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Request for OffsetDeleteRequest {
    const KEY: ApiKey = ApiKey::OffsetDelete;
    type Response = super::offset_delete_response::OffsetDeleteResponse;
}

impl Element for OffsetDeleteRequest {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetDeleteRequest, DecodeError> {
        Ok(OffsetDeleteRequest {
            group_id: reader.string(Form::Legacy)?,
            topics: reader.array(Form::Legacy, version)?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Legacy, &self.group_id)?;
        writer.array(Form::Legacy, &self.topics, version)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetDeleteRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetDeleteRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetDeleteRequest {
        OffsetDeleteRequest { group_id: random.string(), topics: random.array(version) }
    }
}

/// Part of [`OffsetDeleteRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetDeleteRequestTopic {
    /// All versions; key of its array; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partitions: Vec<OffsetDeleteRequestPartition>,
}

impl Element for OffsetDeleteRequestTopic {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetDeleteRequestTopic, DecodeError> {
        Ok(OffsetDeleteRequestTopic {
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
impl crate::json::ToJson for OffsetDeleteRequestTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetDeleteRequestTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetDeleteRequestTopic {
        OffsetDeleteRequestTopic { name: random.string(), partitions: random.array(version) }
    }
}

/// Part of [`OffsetDeleteRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OffsetDeleteRequestPartition {
    /// All versions.
    pub partition_index: i32,
}

impl Element for OffsetDeleteRequestPartition {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, _version: i16) -> Result<OffsetDeleteRequestPartition, DecodeError> {
        Ok(OffsetDeleteRequestPartition { partition_index: reader.i32()? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetDeleteRequestPartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetDeleteRequestPartition {
    fn random(random: &mut crate::testing::Source, _version: i16) -> OffsetDeleteRequestPartition {
        OffsetDeleteRequestPartition { partition_index: random.i32() }
    }
}
