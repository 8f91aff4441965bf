//! Generated from `schemas/StreamsGroupHeartbeatRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `StreamsGroupHeartbeatRequest` (request, key 88): versions 0-1, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamsGroupHeartbeatRequest {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub member_id: Str,
    /// All versions.
    pub member_epoch: i32,
    /// All versions.
    pub endpoint_information_epoch: i32,
    /// All versions; default null.
    pub instance_id: Option<Str>,
    /// All versions; default null.
    pub rack_id: Option<Str>,
    /// All versions; default -1.
    pub rebalance_timeout_ms: i32,
    /// All versions; default null.
    pub topology: Option<Box<Topology>>,
    /// All versions; default null.
    pub active_tasks: Option<Vec<TaskIds>>,
    /// All versions; default null.
    pub standby_tasks: Option<Vec<TaskIds>>,
    /// All versions; default null.
    pub warmup_tasks: Option<Vec<TaskIds>>,
    /// All versions; default null.
    pub process_id: Option<Str>,
    /// All versions; default null.
    pub user_endpoint: Option<Box<Endpoint>>,
    /// All versions; default null.
    pub client_tags: Option<Vec<KeyValue>>,
    /// All versions; default null.
    pub task_offsets: Option<Vec<TaskOffset>>,
    /// All versions; default null.
    pub task_end_offsets: Option<Vec<TaskOffset>>,
    /// All versions.
    pub shutdown_application: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for StreamsGroupHeartbeatRequest {
    fn default() -> StreamsGroupHeartbeatRequest {
        StreamsGroupHeartbeatRequest {
            group_id: Str::default(),
            member_id: Str::default(),
            member_epoch: 0,
            endpoint_information_epoch: 0,
            instance_id: None,
            rack_id: None,
            rebalance_timeout_ms: -1,
            topology: None,
            active_tasks: None,
            standby_tasks: None,
            warmup_tasks: None,
            process_id: None,
            user_endpoint: None,
            client_tags: None,
            task_offsets: None,
            task_end_offsets: None,
            shutdown_application: false,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for StreamsGroupHeartbeatRequest {
    const NAME: &'static str = "StreamsGroupHeartbeatRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for StreamsGroupHeartbeatRequest {
    const KEY: ApiKey = ApiKey::StreamsGroupHeartbeat;
    type Response = super::streams_group_heartbeat_response::StreamsGroupHeartbeatResponse;
}

impl Element for StreamsGroupHeartbeatRequest {
    const MIN_LEN: usize = 27;

    fn read(reader: &mut Reader, version: i16) -> Result<StreamsGroupHeartbeatRequest, DecodeError> {
        Ok(StreamsGroupHeartbeatRequest {
            group_id: reader.string(Form::Flexible)?,
            member_id: reader.string(Form::Flexible)?,
            member_epoch: reader.i32()?,
            endpoint_information_epoch: reader.i32()?,
            instance_id: reader.nullable_string(Form::Flexible)?,
            rack_id: reader.nullable_string(Form::Flexible)?,
            rebalance_timeout_ms: reader.i32()?,
            topology: reader.nullable_struct(version)?,
            active_tasks: reader.nullable_array(Form::Flexible, version)?,
            standby_tasks: reader.nullable_array(Form::Flexible, version)?,
            warmup_tasks: reader.nullable_array(Form::Flexible, version)?,
            process_id: reader.nullable_string(Form::Flexible)?,
            user_endpoint: reader.nullable_struct(version)?,
            client_tags: reader.nullable_array(Form::Flexible, version)?,
            task_offsets: reader.nullable_array(Form::Flexible, version)?,
            task_end_offsets: reader.nullable_array(Form::Flexible, version)?,
            shutdown_application: reader.bool()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.group_id)?;
        writer.string(Form::Flexible, &self.member_id)?;
        writer.i32(self.member_epoch);
        writer.i32(self.endpoint_information_epoch);
        writer.nullable_string(Form::Flexible, self.instance_id.as_ref())?;
        writer.nullable_string(Form::Flexible, self.rack_id.as_ref())?;
        writer.i32(self.rebalance_timeout_ms);
        writer.nullable_struct(self.topology.as_deref(), version)?;
        writer.nullable_array(Form::Flexible, self.active_tasks.as_deref(), version)?;
        writer.nullable_array(Form::Flexible, self.standby_tasks.as_deref(), version)?;
        writer.nullable_array(Form::Flexible, self.warmup_tasks.as_deref(), version)?;
        writer.nullable_string(Form::Flexible, self.process_id.as_ref())?;
        writer.nullable_struct(self.user_endpoint.as_deref(), version)?;
        writer.nullable_array(Form::Flexible, self.client_tags.as_deref(), version)?;
        writer.nullable_array(Form::Flexible, self.task_offsets.as_deref(), version)?;
        writer.nullable_array(Form::Flexible, self.task_end_offsets.as_deref(), version)?;
        writer.bool(self.shutdown_application);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for StreamsGroupHeartbeatRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("memberId", &self.member_id, version);
        object.field("memberEpoch", &self.member_epoch, version);
        object.field("endpointInformationEpoch", &self.endpoint_information_epoch, version);
        object.field("instanceId", &self.instance_id, version);
        object.field("rackId", &self.rack_id, version);
        object.field("rebalanceTimeoutMs", &self.rebalance_timeout_ms, version);
        object.field("topology", &self.topology, version);
        object.field("activeTasks", &self.active_tasks, version);
        object.field("standbyTasks", &self.standby_tasks, version);
        object.field("warmupTasks", &self.warmup_tasks, version);
        object.field("processId", &self.process_id, version);
        object.field("userEndpoint", &self.user_endpoint, version);
        object.field("clientTags", &self.client_tags, version);
        object.field("taskOffsets", &self.task_offsets, version);
        object.field("taskEndOffsets", &self.task_end_offsets, version);
        object.field("shutdownApplication", &self.shutdown_application, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for StreamsGroupHeartbeatRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> StreamsGroupHeartbeatRequest {
        StreamsGroupHeartbeatRequest {
            group_id: random.string(),
            member_id: random.string(),
            member_epoch: random.i32(),
            endpoint_information_epoch: random.i32(),
            instance_id: random.is_some().then(|| random.string()),
            rack_id: random.is_some().then(|| random.string()),
            rebalance_timeout_ms: random.i32(),
            topology: random.is_some().then(|| random.boxed(version)),
            active_tasks: random.is_some().then(|| random.array(version)),
            standby_tasks: random.is_some().then(|| random.array(version)),
            warmup_tasks: random.is_some().then(|| random.array(version)),
            process_id: random.is_some().then(|| random.string()),
            user_endpoint: random.is_some().then(|| random.boxed(version)),
            client_tags: random.is_some().then(|| random.array(version)),
            task_offsets: random.is_some().then(|| random.array(version)),
            task_end_offsets: random.is_some().then(|| random.array(version)),
            shutdown_application: random.bool(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topology {
    /// All versions.
    pub epoch: i32,
    /// All versions.
    pub subtopologies: Vec<Subtopology>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Topology {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<Topology, DecodeError> {
        Ok(Topology {
            epoch: reader.i32()?,
            subtopologies: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.epoch);
        writer.array(Form::Flexible, &self.subtopologies, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Topology {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("epoch", &self.epoch, version);
        object.field("subtopologies", &self.subtopologies, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Topology {
    fn random(random: &mut crate::testing::Source, version: i16) -> Topology {
        Topology {
            epoch: random.i32(),
            subtopologies: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subtopology {
    /// All versions.
    pub subtopology_id: Str,
    /// All versions; a `topicName`.
    pub source_topics: Vec<Str>,
    /// All versions.
    pub source_topic_regex: Vec<Str>,
    /// All versions.
    pub state_changelog_topics: Vec<TopicInfo>,
    /// All versions; a `topicName`.
    pub repartition_sink_topics: Vec<Str>,
    /// All versions.
    pub repartition_source_topics: Vec<TopicInfo>,
    /// All versions.
    pub copartition_groups: Vec<CopartitionGroup>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Subtopology {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<Subtopology, DecodeError> {
        Ok(Subtopology {
            subtopology_id: reader.string(Form::Flexible)?,
            source_topics: reader.strings(Form::Flexible)?,
            source_topic_regex: reader.strings(Form::Flexible)?,
            state_changelog_topics: reader.array(Form::Flexible, version)?,
            repartition_sink_topics: reader.strings(Form::Flexible)?,
            repartition_source_topics: reader.array(Form::Flexible, version)?,
            copartition_groups: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.subtopology_id)?;
        writer.strings(Form::Flexible, &self.source_topics)?;
        writer.strings(Form::Flexible, &self.source_topic_regex)?;
        writer.array(Form::Flexible, &self.state_changelog_topics, version)?;
        writer.strings(Form::Flexible, &self.repartition_sink_topics)?;
        writer.array(Form::Flexible, &self.repartition_source_topics, version)?;
        writer.array(Form::Flexible, &self.copartition_groups, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Subtopology {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("subtopologyId", &self.subtopology_id, version);
        object.field("sourceTopics", &self.source_topics, version);
        object.field("sourceTopicRegex", &self.source_topic_regex, version);
        object.field("stateChangelogTopics", &self.state_changelog_topics, version);
        object.field("repartitionSinkTopics", &self.repartition_sink_topics, version);
        object.field("repartitionSourceTopics", &self.repartition_source_topics, version);
        object.field("copartitionGroups", &self.copartition_groups, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Subtopology {
    fn random(random: &mut crate::testing::Source, version: i16) -> Subtopology {
        Subtopology {
            subtopology_id: random.string(),
            source_topics: random.strings(),
            source_topic_regex: random.strings(),
            state_changelog_topics: random.array(version),
            repartition_sink_topics: random.strings(),
            repartition_source_topics: random.array(version),
            copartition_groups: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CopartitionGroup {
    /// All versions.
    pub source_topics: Vec<i16>,
    /// All versions.
    pub source_topic_regex: Vec<i16>,
    /// All versions.
    pub repartition_source_topics: Vec<i16>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for CopartitionGroup {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, _version: i16) -> Result<CopartitionGroup, DecodeError> {
        Ok(CopartitionGroup {
            source_topics: reader.i16s(Form::Flexible)?,
            source_topic_regex: reader.i16s(Form::Flexible)?,
            repartition_source_topics: reader.i16s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i16s(Form::Flexible, &self.source_topics)?;
        writer.i16s(Form::Flexible, &self.source_topic_regex)?;
        writer.i16s(Form::Flexible, &self.repartition_source_topics)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CopartitionGroup {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("sourceTopics", &self.source_topics, version);
        object.field("sourceTopicRegex", &self.source_topic_regex, version);
        object.field("repartitionSourceTopics", &self.repartition_source_topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CopartitionGroup {
    fn random(random: &mut crate::testing::Source, _version: i16) -> CopartitionGroup {
        CopartitionGroup {
            source_topics: random.i16s(),
            source_topic_regex: random.i16s(),
            repartition_source_topics: random.i16s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyValue {
    /// All versions.
    pub key: Str,
    /// All versions.
    pub value: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for KeyValue {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<KeyValue, DecodeError> {
        Ok(KeyValue {
            key: reader.string(Form::Flexible)?,
            value: reader.string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.key)?;
        writer.string(Form::Flexible, &self.value)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for KeyValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("key", &self.key, version);
        object.field("value", &self.value, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for KeyValue {
    fn random(random: &mut crate::testing::Source, _version: i16) -> KeyValue {
        KeyValue {
            key: random.string(),
            value: random.string(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicInfo {
    /// All versions; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partitions: i32,
    /// All versions.
    pub replication_factor: i16,
    /// All versions.
    pub topic_configs: Vec<KeyValue>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicInfo {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, version: i16) -> Result<TopicInfo, DecodeError> {
        Ok(TopicInfo {
            name: reader.string(Form::Flexible)?,
            partitions: reader.i32()?,
            replication_factor: reader.i16()?,
            topic_configs: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.i32(self.partitions);
        writer.i16(self.replication_factor);
        writer.array(Form::Flexible, &self.topic_configs, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicInfo {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);
        object.field("replicationFactor", &self.replication_factor, version);
        object.field("topicConfigs", &self.topic_configs, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicInfo {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopicInfo {
        TopicInfo {
            name: random.string(),
            partitions: random.i32(),
            replication_factor: random.i16(),
            topic_configs: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoint {
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: u16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Endpoint {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, _version: i16) -> Result<Endpoint, DecodeError> {
        Ok(Endpoint {
            host: reader.string(Form::Flexible)?,
            port: reader.u16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.host)?;
        writer.u16(self.port);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Endpoint {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("host", &self.host, version);
        object.field("port", &self.port, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Endpoint {
    fn random(random: &mut crate::testing::Source, _version: i16) -> Endpoint {
        Endpoint { host: random.string(), port: random.u16(), unknown_tagged_fields: random.tagged_fields(0) }
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskOffset {
    /// All versions.
    pub subtopology_id: Str,
    /// All versions.
    pub partition: i32,
    /// All versions.
    pub offset: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TaskOffset {
    const MIN_LEN: usize = 14;

    fn read(reader: &mut Reader, _version: i16) -> Result<TaskOffset, DecodeError> {
        Ok(TaskOffset {
            subtopology_id: reader.string(Form::Flexible)?,
            partition: reader.i32()?,
            offset: reader.i64()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.subtopology_id)?;
        writer.i32(self.partition);
        writer.i64(self.offset);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TaskOffset {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("subtopologyId", &self.subtopology_id, version);
        object.field("partition", &self.partition, version);
        object.field("offset", &self.offset, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TaskOffset {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TaskOffset {
        TaskOffset {
            subtopology_id: random.string(),
            partition: random.i32(),
            offset: random.i64(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupHeartbeatRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskIds {
    /// All versions.
    pub subtopology_id: Str,
    /// All versions.
    pub partitions: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TaskIds {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<TaskIds, DecodeError> {
        Ok(TaskIds {
            subtopology_id: reader.string(Form::Flexible)?,
            partitions: reader.i32s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.subtopology_id)?;
        writer.i32s(Form::Flexible, &self.partitions)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TaskIds {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("subtopologyId", &self.subtopology_id, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TaskIds {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TaskIds {
        TaskIds {
            subtopology_id: random.string(),
            partitions: random.i32s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
