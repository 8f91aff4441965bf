//! Generated from `schemas/ElectLeadersResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ElectLeadersResponse` (response, key 43): versions 0-2, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ElectLeadersResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// Versions 1+.
    pub error_code: i16,
    /// All versions.
    pub replica_election_results: Vec<ReplicaElectionResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ElectLeadersResponse {
    const NAME: &'static str = "ElectLeadersResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Element for ElectLeadersResponse {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<ElectLeadersResponse, DecodeError> {
        let form = Form::of(version, 2);
        Ok(ElectLeadersResponse {
            throttle_time_ms: reader.i32()?,
            error_code: if version >= 1 { reader.i16()? } else { 0 },
            replica_election_results: reader.array(form, version)?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.i32(self.throttle_time_ms);
        if version >= 1 {
            writer.i16(self.error_code);
        } else if self.error_code != 0 {
            return Err(EncodeError::NotInVersion {
                message: "ElectLeadersResponse",
                field: "ErrorCode",
                version,
            });
        }
        writer.array(form, &self.replica_election_results, version)?;
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ElectLeadersResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ElectLeadersResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        if version >= 1 {
            object.field("errorCode", &self.error_code, version);
        }
        object.field("replicaElectionResults", &self.replica_election_results, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ElectLeadersResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ElectLeadersResponse {
        ElectLeadersResponse {
            throttle_time_ms: random.i32(),
            error_code: if version >= 1 { random.i16() } else { 0 },
            replica_election_results: random.array(version),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ElectLeadersResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplicaElectionResult {
    /// All versions; a `topicName`.
    pub topic: Str,
    /// All versions.
    pub partition_result: Vec<PartitionResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ReplicaElectionResult {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<ReplicaElectionResult, DecodeError> {
        let form = Form::of(version, 2);
        Ok(ReplicaElectionResult {
            topic: reader.string(form)?,
            partition_result: reader.array(form, version)?,
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
        writer.array(form, &self.partition_result, version)?;
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ElectLeadersResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ReplicaElectionResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topic", &self.topic, version);
        object.field("partitionResult", &self.partition_result, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ReplicaElectionResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> ReplicaElectionResult {
        ReplicaElectionResult {
            topic: random.string(),
            partition_result: random.array(version),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ElectLeadersResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionResult {
    /// All versions.
    pub partition_id: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub error_message: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionResult {
    fn default() -> PartitionResult {
        PartitionResult {
            partition_id: 0,
            error_code: 0,
            error_message: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for PartitionResult {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionResult, DecodeError> {
        let form = Form::of(version, 2);
        Ok(PartitionResult {
            partition_id: reader.i32()?,
            error_code: reader.i16()?,
            error_message: reader.nullable_string(form)?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.i32(self.partition_id);
        writer.i16(self.error_code);
        writer.nullable_string(form, self.error_message.as_ref())?;
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ElectLeadersResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionId", &self.partition_id, version);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionResult {
        PartitionResult {
            partition_id: random.i32(),
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
