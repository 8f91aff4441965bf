//! Generated from `schemas/AlterPartitionReassignmentsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `AlterPartitionReassignmentsRequest` (request, key 45): versions 0-1, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterPartitionReassignmentsRequest {
    /// All versions; default 60000.
    pub timeout_ms: i32,
    /// Versions 1+; default true.
    pub allow_replication_factor_change: bool,
    /// All versions.
    pub topics: Vec<ReassignableTopic>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AlterPartitionReassignmentsRequest {
    fn default() -> AlterPartitionReassignmentsRequest {
        AlterPartitionReassignmentsRequest {
            timeout_ms: 60000,
            allow_replication_factor_change: true,
            topics: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for AlterPartitionReassignmentsRequest {
    const NAME: &'static str = "AlterPartitionReassignmentsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for AlterPartitionReassignmentsRequest {
    const KEY: ApiKey = ApiKey::AlterPartitionReassignments;
    type Response = super::alter_partition_reassignments_response::AlterPartitionReassignmentsResponse;
}

impl Element for AlterPartitionReassignmentsRequest {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterPartitionReassignmentsRequest, DecodeError> {
        Ok(AlterPartitionReassignmentsRequest {
            timeout_ms: reader.i32()?,
            allow_replication_factor_change: if version == 1 { reader.bool()? } else { true },
            topics: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.timeout_ms);
        if version == 1 {
            writer.bool(self.allow_replication_factor_change);
        } else if !self.allow_replication_factor_change {
            return Err(EncodeError::NotInVersion {
                message: "AlterPartitionReassignmentsRequest",
                field: "AllowReplicationFactorChange",
                version,
            });
        }
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterPartitionReassignmentsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("timeoutMs", &self.timeout_ms, version);
        if version == 1 {
            object.field("allowReplicationFactorChange", &self.allow_replication_factor_change, version);
        }
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterPartitionReassignmentsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterPartitionReassignmentsRequest {
        AlterPartitionReassignmentsRequest {
            timeout_ms: random.i32(),
            allow_replication_factor_change: if version == 1 { random.bool() } else { true },
            topics: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`AlterPartitionReassignmentsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReassignableTopic {
    /// All versions; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partitions: Vec<ReassignablePartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ReassignableTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<ReassignableTopic, DecodeError> {
        Ok(ReassignableTopic {
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
impl crate::json::ToJson for ReassignableTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ReassignableTopic {
    fn random(random: &mut crate::testing::Source, version: i16) -> ReassignableTopic {
        ReassignableTopic {
            name: random.string(),
            partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`AlterPartitionReassignmentsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReassignablePartition {
    /// All versions.
    pub partition_index: i32,
    /// All versions; default null; a `brokerId`.
    pub replicas: Option<Vec<i32>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ReassignablePartition {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<ReassignablePartition, DecodeError> {
        Ok(ReassignablePartition {
            partition_index: reader.i32()?,
            replicas: reader.nullable_i32s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition_index);
        writer.nullable_i32s(Form::Flexible, self.replicas.as_deref())?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ReassignablePartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partitionIndex", &self.partition_index, version);
        object.field("replicas", &self.replicas, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ReassignablePartition {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ReassignablePartition {
        ReassignablePartition {
            partition_index: random.i32(),
            replicas: random.is_some().then(|| random.i32s()),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
