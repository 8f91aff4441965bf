//! Generated from `schemas/DeleteRecordsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `DeleteRecordsRequest` (request, key 21): versions 0-2, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteRecordsRequest {
    /// All versions.
    pub topics: Vec<DeleteRecordsTopic>,
    /// All versions.
    pub timeout_ms: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DeleteRecordsRequest {
    const NAME: &'static str = "DeleteRecordsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for DeleteRecordsRequest {
    const KEY: ApiKey = ApiKey::DeleteRecords;
    type Response = super::delete_records_response::DeleteRecordsResponse;
}

impl Element for DeleteRecordsRequest {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<DeleteRecordsRequest, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DeleteRecordsRequest {
            topics: reader.array(form, version)?,
            timeout_ms: reader.i32()?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.array(form, &self.topics, version)?;
        writer.i32(self.timeout_ms);
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DeleteRecordsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteRecordsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topics", &self.topics, version);
        object.field("timeoutMs", &self.timeout_ms, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteRecordsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> DeleteRecordsRequest {
        DeleteRecordsRequest {
            topics: random.array(version),
            timeout_ms: random.i32(),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DeleteRecordsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteRecordsTopic {
    /// All versions; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partitions: Vec<DeleteRecordsPartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DeleteRecordsTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<DeleteRecordsTopic, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DeleteRecordsTopic {
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
            return Err(EncodeError::TagsNotInVersion { message: "DeleteRecordsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteRecordsTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteRecordsTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> DeleteRecordsTopic {
        DeleteRecordsTopic {
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

/// Part of [`DeleteRecordsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteRecordsPartition {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub offset: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DeleteRecordsPartition {
    const MIN_LEN: usize = 12;

    fn read(reader: &mut Reader, version: i16) -> Result<DeleteRecordsPartition, DecodeError> {
        Ok(DeleteRecordsPartition {
            partition_index: reader.i32()?,
            offset: reader.i64()?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i64(self.offset);
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DeleteRecordsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteRecordsPartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("offset", &self.offset, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteRecordsPartition {
    fn random(random: &mut crate::testing::Source, version: i16) -> DeleteRecordsPartition {
        DeleteRecordsPartition {
            partition_index: random.i32(),
            offset: random.i64(),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
