//! Generated from `schemas/ProduceRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Records, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ProduceRequest` (request, key 0): versions 3-13, flexible 9+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProduceRequest {
    /// All versions; default null; a `transactionalId`.
    pub transactional_id: Option<Str>,
    /// All versions.
    pub acks: i16,
    /// All versions.
    pub timeout_ms: i32,
    /// All versions.
    pub topic_data: Vec<TopicProduceData>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ProduceRequest {
    const NAME: &'static str = "ProduceRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 3..=13;
    const FLEXIBLE_FROM: Option<i16> = Some(9);
}

impl Request for ProduceRequest {
    const KEY: ApiKey = ApiKey::Produce;
    type Response = super::produce_response::ProduceResponse;
}

impl Element for ProduceRequest {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, version: i16) -> Result<ProduceRequest, DecodeError> {
        let form = Form::of(version, 9);
        Ok(ProduceRequest {
            transactional_id: reader.nullable_string(form)?,
            acks: reader.i16()?,
            timeout_ms: reader.i32()?,
            topic_data: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 9 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 9);
        writer.nullable_string(form, self.transactional_id.as_ref())?;
        writer.i16(self.acks);
        writer.i32(self.timeout_ms);
        writer.array(form, &self.topic_data, version)?;
        if version >= 9 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ProduceRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ProduceRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("transactionalId", &self.transactional_id, version);
        object.field("acks", &self.acks, version);
        object.field("timeoutMs", &self.timeout_ms, version);
        object.field("topicData", &self.topic_data, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ProduceRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> ProduceRequest {
        ProduceRequest {
            transactional_id: random.is_some().then(|| random.string()),
            acks: random.i16(),
            timeout_ms: random.i32(),
            topic_data: random.array(version),
            unknown_tagged_fields: if version >= 9 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ProduceRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicProduceData {
    /// Versions 0-12; lost in others; key of its array; a `topicName`.
    pub name: Str,
    /// Versions 13+; lost in others; key of its array.
    pub topic_id: Uuid,
    /// All versions.
    pub partition_data: Vec<PartitionProduceData>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicProduceData {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<TopicProduceData, DecodeError> {
        let form = Form::of(version, 9);
        Ok(TopicProduceData {
            name: if version <= 12 { reader.string(form)? } else { Str::default() },
            topic_id: if version == 13 { reader.uuid()? } else { Uuid::ZERO },
            partition_data: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 9 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 9);
        if version <= 12 {
            writer.string(form, &self.name)?;
        }
        if version == 13 {
            writer.uuid(self.topic_id);
        }
        writer.array(form, &self.partition_data, version)?;
        if version >= 9 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ProduceRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicProduceData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version <= 12 {
            object.field("name", &self.name, version);
        }
        if version == 13 {
            object.field("topicId", &self.topic_id, version);
        }
        object.field("partitionData", &self.partition_data, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicProduceData {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopicProduceData {
        TopicProduceData {
            name: if version <= 12 { random.string() } else { Str::default() },
            topic_id: if version == 13 { random.uuid() } else { Uuid::ZERO },
            partition_data: random.array(version),
            unknown_tagged_fields: if version >= 9 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ProduceRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionProduceData {
    /// All versions.
    pub index: i32,
    /// All versions.
    pub records: Option<Records>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for PartitionProduceData {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionProduceData, DecodeError> {
        let form = Form::of(version, 9);
        Ok(PartitionProduceData {
            index: reader.i32()?,
            records: reader.nullable_records(form)?,
            unknown_tagged_fields: if version >= 9 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 9);
        writer.i32(self.index);
        writer.nullable_records(form, self.records.as_ref())?;
        if version >= 9 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ProduceRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionProduceData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("index", &self.index, version);
        object.records("records", &self.records);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionProduceData {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionProduceData {
        PartitionProduceData {
            index: random.i32(),
            records: random.is_some().then(|| random.records()),
            unknown_tagged_fields: if version >= 9 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
