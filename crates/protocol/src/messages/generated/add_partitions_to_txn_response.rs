//! Generated from `schemas/AddPartitionsToTxnResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `AddPartitionsToTxnResponse` (response, key 24): versions 0-5, flexible 3+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// Versions 4+; lost in others.
    pub error_code: i16,
    /// Versions 4+.
    pub results_by_transaction: Vec<AddPartitionsToTxnResult>,
    /// Versions 0-3.
    pub results_by_topic_v3_and_below: Vec<AddPartitionsToTxnTopicResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for AddPartitionsToTxnResponse {
    const NAME: &'static str = "AddPartitionsToTxnResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(3);
}

impl Element for AddPartitionsToTxnResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<AddPartitionsToTxnResponse, DecodeError> {
        let form = Form::of(version, 3);
        Ok(AddPartitionsToTxnResponse {
            throttle_time_ms: reader.i32()?,
            error_code: if version >= 4 { reader.i16()? } else { 0 },
            results_by_transaction: if version >= 4 {
                reader.array(Form::Flexible, version)?
            } else {
                Vec::new()
            },
            results_by_topic_v3_and_below: if version <= 3 {
                reader.array(form, version)?
            } else {
                Vec::new()
            },
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        writer.i32(self.throttle_time_ms);
        if version >= 4 {
            writer.i16(self.error_code);
        }
        if version >= 4 {
            writer.array(Form::Flexible, &self.results_by_transaction, version)?;
        } else if !self.results_by_transaction.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "AddPartitionsToTxnResponse",
                field: "ResultsByTransaction",
                version,
            });
        }
        if version <= 3 {
            writer.array(form, &self.results_by_topic_v3_and_below, version)?;
        } else if !self.results_by_topic_v3_and_below.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "AddPartitionsToTxnResponse",
                field: "ResultsByTopicV3AndBelow",
                version,
            });
        }
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AddPartitionsToTxnResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AddPartitionsToTxnResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        if version >= 4 {
            object.field("errorCode", &self.error_code, version);
        }
        if version >= 4 {
            object.field("resultsByTransaction", &self.results_by_transaction, version);
        }
        if version <= 3 {
            object.field("resultsByTopicV3AndBelow", &self.results_by_topic_v3_and_below, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AddPartitionsToTxnResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> AddPartitionsToTxnResponse {
        AddPartitionsToTxnResponse {
            throttle_time_ms: random.i32(),
            error_code: if version >= 4 { random.i16() } else { 0 },
            results_by_transaction: if version >= 4 { random.array(version) } else { Vec::new() },
            results_by_topic_v3_and_below: if version <= 3 { random.array(version) } else { Vec::new() },
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`AddPartitionsToTxnResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnResult {
    /// All versions; key of its array; a `transactionalId`.
    pub transactional_id: Str,
    /// All versions.
    pub topic_results: Vec<AddPartitionsToTxnTopicResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for AddPartitionsToTxnResult {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<AddPartitionsToTxnResult, DecodeError> {
        Ok(AddPartitionsToTxnResult {
            transactional_id: reader.string(Form::Flexible)?,
            topic_results: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.transactional_id)?;
        writer.array(Form::Flexible, &self.topic_results, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AddPartitionsToTxnResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("transactionalId", &self.transactional_id, version);
        object.field("topicResults", &self.topic_results, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AddPartitionsToTxnResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> AddPartitionsToTxnResult {
        AddPartitionsToTxnResult {
            transactional_id: random.string(),
            topic_results: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`AddPartitionsToTxnResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnTopicResult {
    /// All versions; key of its array; a `topicName`.
    pub name: Str,
    /// All versions.
    pub results_by_partition: Vec<AddPartitionsToTxnPartitionResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for AddPartitionsToTxnTopicResult {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<AddPartitionsToTxnTopicResult, DecodeError> {
        let form = Form::of(version, 3);
        Ok(AddPartitionsToTxnTopicResult {
            name: reader.string(form)?,
            results_by_partition: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        writer.string(form, &self.name)?;
        writer.array(form, &self.results_by_partition, version)?;
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AddPartitionsToTxnResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AddPartitionsToTxnTopicResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("resultsByPartition", &self.results_by_partition, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AddPartitionsToTxnTopicResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> AddPartitionsToTxnTopicResult {
        AddPartitionsToTxnTopicResult {
            name: random.string(),
            results_by_partition: random.array(version),
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`AddPartitionsToTxnResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddPartitionsToTxnPartitionResult {
    /// All versions; key of its array.
    pub partition_index: i32,
    /// All versions.
    pub partition_error_code: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for AddPartitionsToTxnPartitionResult {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<AddPartitionsToTxnPartitionResult, DecodeError> {
        Ok(AddPartitionsToTxnPartitionResult {
            partition_index: reader.i32()?,
            partition_error_code: reader.i16()?,
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.i16(self.partition_error_code);
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AddPartitionsToTxnResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AddPartitionsToTxnPartitionResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("partitionErrorCode", &self.partition_error_code, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AddPartitionsToTxnPartitionResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> AddPartitionsToTxnPartitionResult {
        AddPartitionsToTxnPartitionResult {
            partition_index: random.i32(),
            partition_error_code: random.i16(),
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
