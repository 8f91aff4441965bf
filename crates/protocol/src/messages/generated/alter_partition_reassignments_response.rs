//! Generated from `schemas/AlterPartitionReassignmentsResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `AlterPartitionReassignmentsResponse` (response, key 45): versions 0-1, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterPartitionReassignmentsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// Versions 1+; default true; lost in others.
    pub allow_replication_factor_change: bool,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub error_message: Option<Str>,
    /// All versions.
    pub responses: Vec<ReassignableTopicResponse>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AlterPartitionReassignmentsResponse {
    fn default() -> AlterPartitionReassignmentsResponse {
        AlterPartitionReassignmentsResponse {
            throttle_time_ms: 0,
            allow_replication_factor_change: true,
            error_code: 0,
            error_message: Some(Str::default()),
            responses: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for AlterPartitionReassignmentsResponse {
    const NAME: &'static str = "AlterPartitionReassignmentsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for AlterPartitionReassignmentsResponse {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterPartitionReassignmentsResponse, DecodeError> {
        Ok(AlterPartitionReassignmentsResponse {
            throttle_time_ms: reader.i32()?,
            allow_replication_factor_change: if version == 1 { reader.bool()? } else { true },
            error_code: reader.i16()?,
            error_message: reader.nullable_string(Form::Flexible)?,
            responses: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        if version == 1 {
            writer.bool(self.allow_replication_factor_change);
        }
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        writer.array(Form::Flexible, &self.responses, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterPartitionReassignmentsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        if version == 1 {
            object.field("allowReplicationFactorChange", &self.allow_replication_factor_change, version);
        }
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);
        object.field("responses", &self.responses, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterPartitionReassignmentsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterPartitionReassignmentsResponse {
        AlterPartitionReassignmentsResponse {
            throttle_time_ms: random.i32(),
            allow_replication_factor_change: if version == 1 { random.bool() } else { true },
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            responses: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`AlterPartitionReassignmentsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReassignableTopicResponse {
    /// All versions; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partitions: Vec<ReassignablePartitionResponse>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ReassignableTopicResponse {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<ReassignableTopicResponse, DecodeError> {
        Ok(ReassignableTopicResponse {
            name: reader.string(Form::Flexible)?,
            partitions: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.array(Form::Flexible, &self.partitions, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ReassignableTopicResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ReassignableTopicResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ReassignableTopicResponse {
        ReassignableTopicResponse {
            name: random.string(),
            partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`AlterPartitionReassignmentsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct ReassignablePartitionResponse {
    /// All versions.
    pub partition_index: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub error_message: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ReassignablePartitionResponse {
    fn default() -> ReassignablePartitionResponse {
        ReassignablePartitionResponse {
            partition_index: 0,
            error_code: 0,
            error_message: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for ReassignablePartitionResponse {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, _version: i16) -> Result<ReassignablePartitionResponse, DecodeError> {
        Ok(ReassignablePartitionResponse {
            partition_index: reader.i32()?,
            error_code: reader.i16()?,
            error_message: reader.nullable_string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ReassignablePartitionResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ReassignablePartitionResponse {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ReassignablePartitionResponse {
        ReassignablePartitionResponse {
            partition_index: random.i32(),
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
