//! Generated from `schemas/ConsumerGroupHeartbeatRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ConsumerGroupHeartbeatRequest` (request, key 68): versions 0-1, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerGroupHeartbeatRequest {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub member_id: Str,
    /// All versions.
    pub member_epoch: i32,
    /// All versions; default null.
    pub instance_id: Option<Str>,
    /// All versions; default null.
    pub rack_id: Option<Str>,
    /// All versions; default -1.
    pub rebalance_timeout_ms: i32,
    /// All versions; default null; a `topicName`.
    pub subscribed_topic_names: Option<Vec<Str>>,
    /// Versions 1+; default null.
    pub subscribed_topic_regex: Option<Str>,
    /// All versions; default null.
    pub server_assignor: Option<Str>,
    /// All versions; default null.
    pub topic_partitions: Option<Vec<TopicPartitions>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ConsumerGroupHeartbeatRequest {
    fn default() -> ConsumerGroupHeartbeatRequest {
        ConsumerGroupHeartbeatRequest {
            group_id: Str::default(),
            member_id: Str::default(),
            member_epoch: 0,
            instance_id: None,
            rack_id: None,
            rebalance_timeout_ms: -1,
            subscribed_topic_names: None,
            subscribed_topic_regex: None,
            server_assignor: None,
            topic_partitions: None,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for ConsumerGroupHeartbeatRequest {
    const NAME: &'static str = "ConsumerGroupHeartbeatRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for ConsumerGroupHeartbeatRequest {
    const KEY: ApiKey = ApiKey::ConsumerGroupHeartbeat;
    type Response = super::consumer_group_heartbeat_response::ConsumerGroupHeartbeatResponse;
}

impl Element for ConsumerGroupHeartbeatRequest {
    const MIN_LEN: usize = 16;

    fn read(reader: &mut Reader, version: i16) -> Result<ConsumerGroupHeartbeatRequest, DecodeError> {
        Ok(ConsumerGroupHeartbeatRequest {
            group_id: reader.string(Form::Flexible)?,
            member_id: reader.string(Form::Flexible)?,
            member_epoch: reader.i32()?,
            instance_id: reader.nullable_string(Form::Flexible)?,
            rack_id: reader.nullable_string(Form::Flexible)?,
            rebalance_timeout_ms: reader.i32()?,
            subscribed_topic_names: reader.nullable_strings(Form::Flexible)?,
            subscribed_topic_regex: if version == 1 { reader.nullable_string(Form::Flexible)? } else { None },
            server_assignor: reader.nullable_string(Form::Flexible)?,
            topic_partitions: reader.nullable_array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.group_id)?;
        writer.string(Form::Flexible, &self.member_id)?;
        writer.i32(self.member_epoch);
        writer.nullable_string(Form::Flexible, self.instance_id.as_ref())?;
        writer.nullable_string(Form::Flexible, self.rack_id.as_ref())?;
        writer.i32(self.rebalance_timeout_ms);
        writer.nullable_strings(Form::Flexible, self.subscribed_topic_names.as_deref())?;
        if version == 1 {
            writer.nullable_string(Form::Flexible, self.subscribed_topic_regex.as_ref())?;
        } else if self.subscribed_topic_regex.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "ConsumerGroupHeartbeatRequest",
                field: "SubscribedTopicRegex",
                version,
            });
        }
        writer.nullable_string(Form::Flexible, self.server_assignor.as_ref())?;
        writer.nullable_array(Form::Flexible, self.topic_partitions.as_deref(), version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ConsumerGroupHeartbeatRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("memberId", &self.member_id, version);
        object.field("memberEpoch", &self.member_epoch, version);
        object.field("instanceId", &self.instance_id, version);
        object.field("rackId", &self.rack_id, version);
        object.field("rebalanceTimeoutMs", &self.rebalance_timeout_ms, version);
        object.field("subscribedTopicNames", &self.subscribed_topic_names, version);
        if version == 1 {
            object.field("subscribedTopicRegex", &self.subscribed_topic_regex, version);
        }
        object.field("serverAssignor", &self.server_assignor, version);
        object.field("topicPartitions", &self.topic_partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConsumerGroupHeartbeatRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> ConsumerGroupHeartbeatRequest {
        ConsumerGroupHeartbeatRequest {
            group_id: random.string(),
            member_id: random.string(),
            member_epoch: random.i32(),
            instance_id: random.is_some().then(|| random.string()),
            rack_id: random.is_some().then(|| random.string()),
            rebalance_timeout_ms: random.i32(),
            subscribed_topic_names: random.is_some().then(|| random.strings()),
            subscribed_topic_regex: if version == 1 {
                random.is_some().then(|| random.string())
            } else {
                None
            },
            server_assignor: random.is_some().then(|| random.string()),
            topic_partitions: random.is_some().then(|| random.array(version)),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ConsumerGroupHeartbeatRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartitions {
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub partitions: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicPartitions {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicPartitions, DecodeError> {
        Ok(TopicPartitions {
            topic_id: reader.uuid()?,
            partitions: reader.i32s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.topic_id);
        writer.i32s(Form::Flexible, &self.partitions)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicPartitions {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicPartitions {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicPartitions {
        TopicPartitions {
            topic_id: random.uuid(),
            partitions: random.i32s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
