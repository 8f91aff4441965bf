//! Generated from `schemas/CreatePartitionsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `CreatePartitionsRequest` (request, key 37): versions 0-3, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreatePartitionsRequest {
    /// All versions.
    pub topics: Vec<CreatePartitionsTopic>,
    /// All versions.
    pub timeout_ms: i32,
    /// All versions.
    pub validate_only: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for CreatePartitionsRequest {
    const NAME: &'static str = "CreatePartitionsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=3;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for CreatePartitionsRequest {
    const KEY: ApiKey = ApiKey::CreatePartitions;
    type Response = super::create_partitions_response::CreatePartitionsResponse;
}

impl Element for CreatePartitionsRequest {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, version: i16) -> Result<CreatePartitionsRequest, DecodeError> {
        let form = Form::of(version, 2);
        Ok(CreatePartitionsRequest {
            topics: reader.array(form, version)?,
            timeout_ms: reader.i32()?,
            validate_only: reader.bool()?,
            unknown_tagged_fields: if version >= 2 {
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
        writer.bool(self.validate_only);
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "CreatePartitionsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CreatePartitionsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topics", &self.topics, version);
        object.field("timeoutMs", &self.timeout_ms, version);
        object.field("validateOnly", &self.validate_only, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CreatePartitionsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> CreatePartitionsRequest {
        CreatePartitionsRequest {
            topics: random.array(version),
            timeout_ms: random.i32(),
            validate_only: random.bool(),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`CreatePartitionsRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct CreatePartitionsTopic {
    /// All versions; key of its array; a `topicName`.
    pub name: Str,
    /// All versions.
    pub count: i32,
    /// All versions.
    pub assignments: Option<Vec<CreatePartitionsAssignment>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for CreatePartitionsTopic {
    fn default() -> CreatePartitionsTopic {
        CreatePartitionsTopic {
            name: Str::default(),
            count: 0,
            assignments: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for CreatePartitionsTopic {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, version: i16) -> Result<CreatePartitionsTopic, DecodeError> {
        let form = Form::of(version, 2);
        Ok(CreatePartitionsTopic {
            name: reader.string(form)?,
            count: reader.i32()?,
            assignments: reader.nullable_array(form, version)?,
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
        writer.i32(self.count);
        writer.nullable_array(form, self.assignments.as_deref(), version)?;
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "CreatePartitionsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CreatePartitionsTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("count", &self.count, version);
        object.field("assignments", &self.assignments, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CreatePartitionsTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> CreatePartitionsTopic {
        CreatePartitionsTopic {
            name: random.string(),
            count: random.i32(),
            assignments: random.is_some().then(|| random.array(version)),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`CreatePartitionsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreatePartitionsAssignment {
    /// All versions; a `brokerId`.
    pub broker_ids: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for CreatePartitionsAssignment {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<CreatePartitionsAssignment, DecodeError> {
        let form = Form::of(version, 2);
        Ok(CreatePartitionsAssignment {
            broker_ids: reader.i32s(form)?,
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.i32s(form, &self.broker_ids)?;
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "CreatePartitionsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CreatePartitionsAssignment {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("brokerIds", &self.broker_ids, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CreatePartitionsAssignment {
    fn random(random: &mut crate::testing::Source, version: i16) -> CreatePartitionsAssignment {
        CreatePartitionsAssignment {
            broker_ids: random.i32s(),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
