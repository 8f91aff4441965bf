//! Generated from `schemas/DescribeLogDirsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `DescribeLogDirsRequest` (request, key 35): versions 1-5, flexible 2+.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeLogDirsRequest {
    /// All versions.
    pub topics: Option<Vec<DescribableLogDirTopic>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeLogDirsRequest {
    fn default() -> DescribeLogDirsRequest {
        DescribeLogDirsRequest { topics: Some(Vec::new()), unknown_tagged_fields: TaggedFields::default() }
    }
}

impl Message for DescribeLogDirsRequest {
    const NAME: &'static str = "DescribeLogDirsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for DescribeLogDirsRequest {
    const KEY: ApiKey = ApiKey::DescribeLogDirs;
    type Response = super::describe_log_dirs_response::DescribeLogDirsResponse;
}

impl Element for DescribeLogDirsRequest {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeLogDirsRequest, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DescribeLogDirsRequest {
            topics: reader.nullable_array(form, version)?,
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.nullable_array(form, self.topics.as_deref(), version)?;
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeLogDirsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeLogDirsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeLogDirsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeLogDirsRequest {
        DescribeLogDirsRequest {
            topics: random.is_some().then(|| random.array(version)),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeLogDirsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribableLogDirTopic {
    /// All versions; key of its array; a `topicName`.
    pub topic: Str,
    /// All versions.
    pub partitions: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DescribableLogDirTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribableLogDirTopic, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DescribableLogDirTopic {
            topic: reader.string(form)?,
            partitions: reader.i32s(form)?,
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.string(form, &self.topic)?;
        writer.i32s(form, &self.partitions)?;
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeLogDirsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribableLogDirTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topic", &self.topic, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribableLogDirTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribableLogDirTopic {
        DescribableLogDirTopic {
            topic: random.string(),
            partitions: random.i32s(),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
