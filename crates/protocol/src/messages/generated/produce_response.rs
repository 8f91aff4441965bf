//! Generated from `schemas/ProduceResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `ProduceResponse` (response, key 0): versions 3-13, flexible 9+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProduceResponse {
    /// All versions.
    pub responses: Vec<TopicProduceResponse>,
    /// All versions.
    pub throttle_time_ms: i32,
    /// Versions 10+; tag 0.
    pub node_endpoints: Vec<NodeEndpoint>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ProduceResponse {
    const NAME: &'static str = "ProduceResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 3..=13;
    const FLEXIBLE_FROM: Option<i16> = Some(9);
}

impl Element for ProduceResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<ProduceResponse, DecodeError> {
        let form = Form::of(version, 9);
        let mut value = ProduceResponse {
            responses: reader.array(form, version)?,
            throttle_time_ms: reader.i32()?,
            node_endpoints: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        };
        if version >= 9 {
            for _ in 0..reader.tagged_count()? {
                let (tag, size) = reader.tag_and_size()?;
                let start = reader.position();
                match tag {
                    0 if version >= 10 => value.node_endpoints = reader.array(Form::Flexible, version)?,
                    0 => return Err(reader.tag_not_in_version(tag)),
                    _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
                }
                reader.end_tagged(tag, start, size)?;
            }
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 9);
        writer.array(form, &self.responses, version)?;
        writer.i32(self.throttle_time_ms);
        if version < 10 && !self.node_endpoints.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "ProduceResponse",
                field: "NodeEndpoints",
                version,
            });
        }
        if version >= 9 {
            let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
            if version >= 10 && !self.node_endpoints.is_empty() {
                let mark = tagged.field(writer, 0)?;
                writer.array(Form::Flexible, &self.node_endpoints, version)?;
                writer.end_tagged(mark)?;
            }
            tagged.finish(writer)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ProduceResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ProduceResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("responses", &self.responses, version);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        if version >= 10 && !self.node_endpoints.is_empty() {
            object.field("nodeEndpoints", &self.node_endpoints, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ProduceResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ProduceResponse {
        ProduceResponse {
            responses: random.array(version),
            throttle_time_ms: random.i32(),
            node_endpoints: if version >= 10 { random.array(version) } else { Vec::new() },
            unknown_tagged_fields: if version >= 9 {
                random.tagged_fields(1)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ProduceResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicProduceResponse {
    /// Versions 0-12; lost in others; key of its array; a `topicName`.
    pub name: Str,
    /// Versions 13+; lost in others; key of its array.
    pub topic_id: Uuid,
    /// All versions.
    pub partition_responses: Vec<PartitionProduceResponse>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicProduceResponse {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<TopicProduceResponse, DecodeError> {
        let form = Form::of(version, 9);
        Ok(TopicProduceResponse {
            name: if version <= 12 { reader.string(form)? } else { Str::default() },
            topic_id: if version == 13 { reader.uuid()? } else { Uuid::ZERO },
            partition_responses: reader.array(form, version)?,
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
        writer.array(form, &self.partition_responses, version)?;
        if version >= 9 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ProduceResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicProduceResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version <= 12 {
            object.field("name", &self.name, version);
        }
        if version == 13 {
            object.field("topicId", &self.topic_id, version);
        }
        object.field("partitionResponses", &self.partition_responses, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicProduceResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopicProduceResponse {
        TopicProduceResponse {
            name: if version <= 12 { random.string() } else { Str::default() },
            topic_id: if version == 13 { random.uuid() } else { Uuid::ZERO },
            partition_responses: random.array(version),
            unknown_tagged_fields: if version >= 9 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ProduceResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionProduceResponse {
    /// All versions.
    pub index: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub base_offset: i64,
    /// All versions; default -1.
    pub log_append_time_ms: i64,
    /// Versions 5+; default -1; lost in others.
    pub log_start_offset: i64,
    /// Versions 8+; lost in others.
    pub record_errors: Vec<BatchIndexAndErrorMessage>,
    /// Versions 8+; default null; lost in others.
    pub error_message: Option<Str>,
    /// Versions 10+; tag 0.
    pub current_leader: LeaderIdAndEpoch,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for PartitionProduceResponse {
    fn default() -> PartitionProduceResponse {
        PartitionProduceResponse {
            index: 0,
            error_code: 0,
            base_offset: 0,
            log_append_time_ms: -1,
            log_start_offset: -1,
            record_errors: Vec::new(),
            error_message: None,
            current_leader: LeaderIdAndEpoch::default(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for PartitionProduceResponse {
    const MIN_LEN: usize = 22;

    fn read(reader: &mut Reader, version: i16) -> Result<PartitionProduceResponse, DecodeError> {
        let form = Form::of(version, 9);
        let mut value = PartitionProduceResponse {
            index: reader.i32()?,
            error_code: reader.i16()?,
            base_offset: reader.i64()?,
            log_append_time_ms: reader.i64()?,
            log_start_offset: if version >= 5 { reader.i64()? } else { -1 },
            record_errors: if version >= 8 { reader.array(form, version)? } else { Vec::new() },
            error_message: if version >= 8 { reader.nullable_string(form)? } else { None },
            current_leader: LeaderIdAndEpoch::default(),
            unknown_tagged_fields: TaggedFields::default(),
        };
        if version >= 9 {
            for _ in 0..reader.tagged_count()? {
                let (tag, size) = reader.tag_and_size()?;
                let start = reader.position();
                match tag {
                    0 if version >= 10 => value.current_leader = LeaderIdAndEpoch::read(reader, version)?,
                    0 => return Err(reader.tag_not_in_version(tag)),
                    _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
                }
                reader.end_tagged(tag, start, size)?;
            }
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 9);
        writer.i32(self.index);
        writer.i16(self.error_code);
        writer.i64(self.base_offset);
        writer.i64(self.log_append_time_ms);
        if version >= 5 {
            writer.i64(self.log_start_offset);
        }
        if version >= 8 {
            writer.array(form, &self.record_errors, version)?;
        }
        if version >= 8 {
            writer.nullable_string(form, self.error_message.as_ref())?;
        }
        if version < 10 && self.current_leader != LeaderIdAndEpoch::default() {
            return Err(EncodeError::NotInVersion {
                message: "PartitionProduceResponse",
                field: "CurrentLeader",
                version,
            });
        }
        if version >= 9 {
            let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
            if version >= 10 && self.current_leader != LeaderIdAndEpoch::default() {
                let mark = tagged.field(writer, 0)?;
                self.current_leader.write(writer, version)?;
                writer.end_tagged(mark)?;
            }
            tagged.finish(writer)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ProduceResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionProduceResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("index", &self.index, version);
        object.field("errorCode", &self.error_code, version);
        object.field("baseOffset", &self.base_offset, version);
        object.field("logAppendTimeMs", &self.log_append_time_ms, version);
        if version >= 5 {
            object.field("logStartOffset", &self.log_start_offset, version);
        }
        if version >= 8 {
            object.field("recordErrors", &self.record_errors, version);
        }
        if version >= 8 {
            object.field("errorMessage", &self.error_message, version);
        }
        if version >= 10 && self.current_leader != LeaderIdAndEpoch::default() {
            object.field("currentLeader", &self.current_leader, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionProduceResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> PartitionProduceResponse {
        PartitionProduceResponse {
            index: random.i32(),
            error_code: random.i16(),
            base_offset: random.i64(),
            log_append_time_ms: random.i64(),
            log_start_offset: if version >= 5 { random.i64() } else { -1 },
            record_errors: if version >= 8 { random.array(version) } else { Vec::new() },
            error_message: if version >= 8 { random.is_some().then(|| random.string()) } else { None },
            current_leader: if version >= 10 {
                random.value::<LeaderIdAndEpoch>(version)
            } else {
                LeaderIdAndEpoch::default()
            },
            unknown_tagged_fields: if version >= 9 {
                random.tagged_fields(1)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ProduceResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchIndexAndErrorMessage {
    /// All versions.
    pub batch_index: i32,
    /// All versions; default null.
    pub batch_index_error_message: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for BatchIndexAndErrorMessage {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<BatchIndexAndErrorMessage, DecodeError> {
        let form = Form::of(version, 9);
        Ok(BatchIndexAndErrorMessage {
            batch_index: reader.i32()?,
            batch_index_error_message: reader.nullable_string(form)?,
            unknown_tagged_fields: if version >= 9 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 9);
        writer.i32(self.batch_index);
        writer.nullable_string(form, self.batch_index_error_message.as_ref())?;
        if version >= 9 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ProduceResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for BatchIndexAndErrorMessage {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("batchIndex", &self.batch_index, version);
        object.field("batchIndexErrorMessage", &self.batch_index_error_message, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for BatchIndexAndErrorMessage {
    fn random(random: &mut crate::testing::Source, version: i16) -> BatchIndexAndErrorMessage {
        BatchIndexAndErrorMessage {
            batch_index: random.i32(),
            batch_index_error_message: random.is_some().then(|| random.string()),
            unknown_tagged_fields: if version >= 9 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ProduceResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct LeaderIdAndEpoch {
    /// All versions; default -1; a `brokerId`.
    pub leader_id: i32,
    /// All versions; default -1.
    pub leader_epoch: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for LeaderIdAndEpoch {
    fn default() -> LeaderIdAndEpoch {
        LeaderIdAndEpoch { leader_id: -1, leader_epoch: -1, unknown_tagged_fields: TaggedFields::default() }
    }
}

impl Element for LeaderIdAndEpoch {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, _version: i16) -> Result<LeaderIdAndEpoch, DecodeError> {
        Ok(LeaderIdAndEpoch {
            leader_id: reader.i32()?,
            leader_epoch: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.leader_id);
        writer.i32(self.leader_epoch);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for LeaderIdAndEpoch {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("leaderId", &self.leader_id, version);
        object.field("leaderEpoch", &self.leader_epoch, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for LeaderIdAndEpoch {
    fn random(random: &mut crate::testing::Source, _version: i16) -> LeaderIdAndEpoch {
        LeaderIdAndEpoch {
            leader_id: random.i32(),
            leader_epoch: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ProduceResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeEndpoint {
    /// All versions; key of its array; a `brokerId`.
    pub node_id: i32,
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: i32,
    /// All versions; default null.
    pub rack: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for NodeEndpoint {
    const MIN_LEN: usize = 11;

    fn read(reader: &mut Reader, _version: i16) -> Result<NodeEndpoint, DecodeError> {
        Ok(NodeEndpoint {
            node_id: reader.i32()?,
            host: reader.string(Form::Flexible)?,
            port: reader.i32()?,
            rack: reader.nullable_string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.node_id);
        writer.string(Form::Flexible, &self.host)?;
        writer.i32(self.port);
        writer.nullable_string(Form::Flexible, self.rack.as_ref())?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for NodeEndpoint {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("nodeId", &self.node_id, version);
        object.field("host", &self.host, version);
        object.field("port", &self.port, version);
        object.field("rack", &self.rack, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for NodeEndpoint {
    fn random(random: &mut crate::testing::Source, _version: i16) -> NodeEndpoint {
        NodeEndpoint {
            node_id: random.i32(),
            host: random.string(),
            port: random.i32(),
            rack: random.is_some().then(|| random.string()),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
