//! Generated from `schemas/ElectLeadersRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ElectLeadersRequest` (request, key 43): versions 0-2, flexible 2+.
#[derive(Clone, Debug, PartialEq)]
pub struct ElectLeadersRequest {
    /// Versions 1+.
    pub election_type: i8,
    /// All versions.
    pub topic_partitions: Option<Vec<TopicPartitions>>,
    /// All versions; default 60000.
    pub timeout_ms: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ElectLeadersRequest {
    fn default() -> ElectLeadersRequest {
        ElectLeadersRequest {
            election_type: 0,
            topic_partitions: Some(Vec::new()),
            timeout_ms: 60000,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for ElectLeadersRequest {
    const NAME: &'static str = "ElectLeadersRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for ElectLeadersRequest {
    const KEY: ApiKey = ApiKey::ElectLeaders;
    type Response = super::elect_leaders_response::ElectLeadersResponse;
}

impl Element for ElectLeadersRequest {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, version: i16) -> Result<ElectLeadersRequest, DecodeError> {
        let form = Form::of(version, 2);
        Ok(ElectLeadersRequest {
            election_type: if version >= 1 { reader.i8()? } else { 0 },
            topic_partitions: reader.nullable_array(form, version)?,
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
        if version >= 1 {
            writer.i8(self.election_type);
        } else if self.election_type != 0 {
            return Err(EncodeError::NotInVersion {
                message: "ElectLeadersRequest",
                field: "ElectionType",
                version,
            });
        }
        writer.nullable_array(form, self.topic_partitions.as_deref(), version)?;
        writer.i32(self.timeout_ms);
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ElectLeadersRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ElectLeadersRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 1 {
            object.field("electionType", &self.election_type, version);
        }
        object.field("topicPartitions", &self.topic_partitions, version);
        object.field("timeoutMs", &self.timeout_ms, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ElectLeadersRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> ElectLeadersRequest {
        ElectLeadersRequest {
            election_type: if version >= 1 { random.i8() } else { 0 },
            topic_partitions: random.is_some().then(|| random.array(version)),
            timeout_ms: random.i32(),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ElectLeadersRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartitions {
    /// All versions; key of its array; a `topicName`.
    pub topic: Str,
    /// All versions.
    pub partitions: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicPartitions {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<TopicPartitions, DecodeError> {
        let form = Form::of(version, 2);
        Ok(TopicPartitions {
            topic: reader.string(form)?,
            partitions: reader.i32s(form)?,
            unknown_tagged_fields: if version == 2 {
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
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ElectLeadersRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicPartitions {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topic", &self.topic, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicPartitions {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopicPartitions {
        TopicPartitions {
            topic: random.string(),
            partitions: random.i32s(),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
