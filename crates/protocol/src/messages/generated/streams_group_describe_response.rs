//! Generated from `schemas/StreamsGroupDescribeResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `StreamsGroupDescribeResponse` (response, key 89): versions 0-1, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupDescribeResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub groups: Vec<DescribedGroup>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for StreamsGroupDescribeResponse {
    const NAME: &'static str = "StreamsGroupDescribeResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for StreamsGroupDescribeResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<StreamsGroupDescribeResponse, DecodeError> {
        Ok(StreamsGroupDescribeResponse {
            throttle_time_ms: reader.i32()?,
            groups: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.array(Form::Flexible, &self.groups, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for StreamsGroupDescribeResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("groups", &self.groups, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for StreamsGroupDescribeResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> StreamsGroupDescribeResponse {
        StreamsGroupDescribeResponse {
            throttle_time_ms: random.i32(),
            groups: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupDescribeResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct DescribedGroup {
    /// All versions.
    pub error_code: i16,
    /// All versions; default null.
    pub error_message: Option<Str>,
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub group_state: Str,
    /// All versions.
    pub group_epoch: i32,
    /// All versions.
    pub assignment_epoch: i32,
    /// All versions; default null.
    pub topology: Option<Box<Topology>>,
    /// All versions.
    pub members: Vec<Member>,
    /// All versions; default -2147483648.
    pub authorized_operations: i32,
    /// Versions 1+; default null.
    pub topology_description: Option<Box<TopologyDescription>>,
    /// Versions 1+.
    pub topology_description_status: i8,
    /// Versions 1+; default null; lost in others.
    pub assignor_name: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribedGroup {
    fn default() -> DescribedGroup {
        DescribedGroup {
            error_code: 0,
            error_message: None,
            group_id: Str::default(),
            group_state: Str::default(),
            group_epoch: 0,
            assignment_epoch: 0,
            topology: None,
            members: Vec::new(),
            authorized_operations: i32::MIN,
            topology_description: None,
            topology_description_status: 0,
            assignor_name: None,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for DescribedGroup {
    const MIN_LEN: usize = 20;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribedGroup, DecodeError> {
        Ok(DescribedGroup {
            error_code: reader.i16()?,
            error_message: reader.nullable_string(Form::Flexible)?,
            group_id: reader.string(Form::Flexible)?,
            group_state: reader.string(Form::Flexible)?,
            group_epoch: reader.i32()?,
            assignment_epoch: reader.i32()?,
            topology: reader.nullable_struct(version)?,
            members: reader.array(Form::Flexible, version)?,
            authorized_operations: reader.i32()?,
            topology_description: if version == 1 { reader.nullable_struct(version)? } else { None },
            topology_description_status: if version == 1 { reader.i8()? } else { 0 },
            assignor_name: if version == 1 { reader.nullable_string(Form::Flexible)? } else { None },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        writer.string(Form::Flexible, &self.group_id)?;
        writer.string(Form::Flexible, &self.group_state)?;
        writer.i32(self.group_epoch);
        writer.i32(self.assignment_epoch);
        writer.nullable_struct(self.topology.as_deref(), version)?;
        writer.array(Form::Flexible, &self.members, version)?;
        writer.i32(self.authorized_operations);
        if version == 1 {
            writer.nullable_struct(self.topology_description.as_deref(), version)?;
        } else if self.topology_description.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "DescribedGroup",
                field: "TopologyDescription",
                version,
            });
        }
        if version == 1 {
            writer.i8(self.topology_description_status);
        } else if self.topology_description_status != 0 {
            return Err(EncodeError::NotInVersion {
                message: "DescribedGroup",
                field: "TopologyDescriptionStatus",
                version,
            });
        }
        if version == 1 {
            writer.nullable_string(Form::Flexible, self.assignor_name.as_ref())?;
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribedGroup {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);
        object.field("groupId", &self.group_id, version);
        object.field("groupState", &self.group_state, version);
        object.field("groupEpoch", &self.group_epoch, version);
        object.field("assignmentEpoch", &self.assignment_epoch, version);
        object.field("topology", &self.topology, version);
        object.field("members", &self.members, version);
        object.field("authorizedOperations", &self.authorized_operations, version);
        if version == 1 {
            object.field("topologyDescription", &self.topology_description, version);
        }
        if version == 1 {
            object.field("topologyDescriptionStatus", &self.topology_description_status, version);
        }
        if version == 1 {
            object.field("assignorName", &self.assignor_name, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribedGroup {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribedGroup {
        DescribedGroup {
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            group_id: random.string(),
            group_state: random.string(),
            group_epoch: random.i32(),
            assignment_epoch: random.i32(),
            topology: random.is_some().then(|| random.boxed(version)),
            members: random.array(version),
            authorized_operations: random.i32(),
            topology_description: if version == 1 {
                random.is_some().then(|| random.boxed(version))
            } else {
                None
            },
            topology_description_status: if version == 1 { random.i8() } else { 0 },
            assignor_name: if version == 1 { random.is_some().then(|| random.string()) } else { None },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupDescribeResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topology {
    /// All versions.
    pub epoch: i32,
    /// All versions; default null.
    pub subtopologies: Option<Vec<Subtopology>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Topology {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<Topology, DecodeError> {
        Ok(Topology {
            epoch: reader.i32()?,
            subtopologies: reader.nullable_array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.epoch);
        writer.nullable_array(Form::Flexible, self.subtopologies.as_deref(), version)?;
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
            subtopologies: random.is_some().then(|| random.array(version)),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupDescribeResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subtopology {
    /// All versions.
    pub subtopology_id: Str,
    /// All versions; a `topicName`.
    pub source_topics: Vec<Str>,
    /// All versions; a `topicName`.
    pub repartition_sink_topics: Vec<Str>,
    /// All versions.
    pub state_changelog_topics: Vec<TopicInfo>,
    /// All versions.
    pub repartition_source_topics: Vec<TopicInfo>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Subtopology {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<Subtopology, DecodeError> {
        Ok(Subtopology {
            subtopology_id: reader.string(Form::Flexible)?,
            source_topics: reader.strings(Form::Flexible)?,
            repartition_sink_topics: reader.strings(Form::Flexible)?,
            state_changelog_topics: reader.array(Form::Flexible, version)?,
            repartition_source_topics: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.subtopology_id)?;
        writer.strings(Form::Flexible, &self.source_topics)?;
        writer.strings(Form::Flexible, &self.repartition_sink_topics)?;
        writer.array(Form::Flexible, &self.state_changelog_topics, version)?;
        writer.array(Form::Flexible, &self.repartition_source_topics, version)?;
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
        object.field("repartitionSinkTopics", &self.repartition_sink_topics, version);
        object.field("stateChangelogTopics", &self.state_changelog_topics, version);
        object.field("repartitionSourceTopics", &self.repartition_source_topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Subtopology {
    fn random(random: &mut crate::testing::Source, version: i16) -> Subtopology {
        Subtopology {
            subtopology_id: random.string(),
            source_topics: random.strings(),
            repartition_sink_topics: random.strings(),
            state_changelog_topics: random.array(version),
            repartition_source_topics: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupDescribeResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Member {
    /// All versions.
    pub member_id: Str,
    /// All versions.
    pub member_epoch: i32,
    /// All versions; default null.
    pub instance_id: Option<Str>,
    /// All versions; default null.
    pub rack_id: Option<Str>,
    /// All versions.
    pub client_id: Str,
    /// All versions.
    pub client_host: Str,
    /// All versions.
    pub topology_epoch: i32,
    /// All versions.
    pub process_id: Str,
    /// All versions; default null.
    pub user_endpoint: Option<Box<Endpoint>>,
    /// All versions.
    pub client_tags: Vec<KeyValue>,
    /// All versions.
    pub task_offsets: Vec<TaskOffset>,
    /// All versions.
    pub task_end_offsets: Vec<TaskOffset>,
    /// All versions.
    pub assignment: Assignment,
    /// All versions.
    pub target_assignment: Assignment,
    /// All versions.
    pub is_classic: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Member {
    const MIN_LEN: usize = 28;

    fn read(reader: &mut Reader, version: i16) -> Result<Member, DecodeError> {
        Ok(Member {
            member_id: reader.string(Form::Flexible)?,
            member_epoch: reader.i32()?,
            instance_id: reader.nullable_string(Form::Flexible)?,
            rack_id: reader.nullable_string(Form::Flexible)?,
            client_id: reader.string(Form::Flexible)?,
            client_host: reader.string(Form::Flexible)?,
            topology_epoch: reader.i32()?,
            process_id: reader.string(Form::Flexible)?,
            user_endpoint: reader.nullable_struct(version)?,
            client_tags: reader.array(Form::Flexible, version)?,
            task_offsets: reader.array(Form::Flexible, version)?,
            task_end_offsets: reader.array(Form::Flexible, version)?,
            assignment: Assignment::read(reader, version)?,
            target_assignment: Assignment::read(reader, version)?,
            is_classic: reader.bool()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.member_id)?;
        writer.i32(self.member_epoch);
        writer.nullable_string(Form::Flexible, self.instance_id.as_ref())?;
        writer.nullable_string(Form::Flexible, self.rack_id.as_ref())?;
        writer.string(Form::Flexible, &self.client_id)?;
        writer.string(Form::Flexible, &self.client_host)?;
        writer.i32(self.topology_epoch);
        writer.string(Form::Flexible, &self.process_id)?;
        writer.nullable_struct(self.user_endpoint.as_deref(), version)?;
        writer.array(Form::Flexible, &self.client_tags, version)?;
        writer.array(Form::Flexible, &self.task_offsets, version)?;
        writer.array(Form::Flexible, &self.task_end_offsets, version)?;
        self.assignment.write(writer, version)?;
        self.target_assignment.write(writer, version)?;
        writer.bool(self.is_classic);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Member {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("memberId", &self.member_id, version);
        object.field("memberEpoch", &self.member_epoch, version);
        object.field("instanceId", &self.instance_id, version);
        object.field("rackId", &self.rack_id, version);
        object.field("clientId", &self.client_id, version);
        object.field("clientHost", &self.client_host, version);
        object.field("topologyEpoch", &self.topology_epoch, version);
        object.field("processId", &self.process_id, version);
        object.field("userEndpoint", &self.user_endpoint, version);
        object.field("clientTags", &self.client_tags, version);
        object.field("taskOffsets", &self.task_offsets, version);
        object.field("taskEndOffsets", &self.task_end_offsets, version);
        object.field("assignment", &self.assignment, version);
        object.field("targetAssignment", &self.target_assignment, version);
        object.field("isClassic", &self.is_classic, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Member {
    fn random(random: &mut crate::testing::Source, version: i16) -> Member {
        Member {
            member_id: random.string(),
            member_epoch: random.i32(),
            instance_id: random.is_some().then(|| random.string()),
            rack_id: random.is_some().then(|| random.string()),
            client_id: random.string(),
            client_host: random.string(),
            topology_epoch: random.i32(),
            process_id: random.string(),
            user_endpoint: random.is_some().then(|| random.boxed(version)),
            client_tags: random.array(version),
            task_offsets: random.array(version),
            task_end_offsets: random.array(version),
            assignment: random.value::<Assignment>(version),
            target_assignment: random.value::<Assignment>(version),
            is_classic: random.bool(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupDescribeResponse`].
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

/// Part of [`StreamsGroupDescribeResponse`].
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

/// Part of [`StreamsGroupDescribeResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assignment {
    /// All versions.
    pub active_tasks: Vec<TaskIds>,
    /// All versions.
    pub standby_tasks: Vec<TaskIds>,
    /// All versions.
    pub warmup_tasks: Vec<TaskIds>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Assignment {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<Assignment, DecodeError> {
        Ok(Assignment {
            active_tasks: reader.array(Form::Flexible, version)?,
            standby_tasks: reader.array(Form::Flexible, version)?,
            warmup_tasks: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.active_tasks, version)?;
        writer.array(Form::Flexible, &self.standby_tasks, version)?;
        writer.array(Form::Flexible, &self.warmup_tasks, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Assignment {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("activeTasks", &self.active_tasks, version);
        object.field("standbyTasks", &self.standby_tasks, version);
        object.field("warmupTasks", &self.warmup_tasks, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Assignment {
    fn random(random: &mut crate::testing::Source, version: i16) -> Assignment {
        Assignment {
            active_tasks: random.array(version),
            standby_tasks: random.array(version),
            warmup_tasks: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupDescribeResponse`].
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

/// Part of [`StreamsGroupDescribeResponse`].
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

/// Part of [`StreamsGroupDescribeResponse`].
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

/// Part of [`StreamsGroupDescribeResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescription {
    /// All versions.
    pub subtopologies: Vec<TopologyDescriptionSubtopology>,
    /// All versions.
    pub global_stores: Vec<TopologyDescriptionGlobalStore>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopologyDescription {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<TopologyDescription, DecodeError> {
        Ok(TopologyDescription {
            subtopologies: reader.array(Form::Flexible, version)?,
            global_stores: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.subtopologies, version)?;
        writer.array(Form::Flexible, &self.global_stores, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopologyDescription {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("subtopologies", &self.subtopologies, version);
        object.field("globalStores", &self.global_stores, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopologyDescription {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopologyDescription {
        TopologyDescription {
            subtopologies: random.array(version),
            global_stores: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupDescribeResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescriptionSubtopology {
    /// All versions.
    pub subtopology_id: Str,
    /// All versions.
    pub nodes: Vec<TopologyDescriptionNode>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopologyDescriptionSubtopology {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<TopologyDescriptionSubtopology, DecodeError> {
        Ok(TopologyDescriptionSubtopology {
            subtopology_id: reader.string(Form::Flexible)?,
            nodes: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.subtopology_id)?;
        writer.array(Form::Flexible, &self.nodes, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopologyDescriptionSubtopology {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("subtopologyId", &self.subtopology_id, version);
        object.field("nodes", &self.nodes, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopologyDescriptionSubtopology {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopologyDescriptionSubtopology {
        TopologyDescriptionSubtopology {
            subtopology_id: random.string(),
            nodes: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupDescribeResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescriptionNode {
    /// All versions.
    pub name: Str,
    /// All versions.
    pub node_type: i8,
    /// All versions; a `topicName`.
    pub source_topics: Vec<Str>,
    /// All versions; default null; a `topicName`.
    pub sink_topic: Option<Str>,
    /// All versions.
    pub stores: Vec<Str>,
    /// All versions.
    pub successors: Vec<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopologyDescriptionNode {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopologyDescriptionNode, DecodeError> {
        Ok(TopologyDescriptionNode {
            name: reader.string(Form::Flexible)?,
            node_type: reader.i8()?,
            source_topics: reader.strings(Form::Flexible)?,
            sink_topic: reader.nullable_string(Form::Flexible)?,
            stores: reader.strings(Form::Flexible)?,
            successors: reader.strings(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.i8(self.node_type);
        writer.strings(Form::Flexible, &self.source_topics)?;
        writer.nullable_string(Form::Flexible, self.sink_topic.as_ref())?;
        writer.strings(Form::Flexible, &self.stores)?;
        writer.strings(Form::Flexible, &self.successors)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopologyDescriptionNode {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("nodeType", &self.node_type, version);
        object.field("sourceTopics", &self.source_topics, version);
        object.field("sinkTopic", &self.sink_topic, version);
        object.field("stores", &self.stores, version);
        object.field("successors", &self.successors, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopologyDescriptionNode {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopologyDescriptionNode {
        TopologyDescriptionNode {
            name: random.string(),
            node_type: random.i8(),
            source_topics: random.strings(),
            sink_topic: random.is_some().then(|| random.string()),
            stores: random.strings(),
            successors: random.strings(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupDescribeResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescriptionGlobalStore {
    /// All versions.
    pub source: TopologyDescriptionNode,
    /// All versions.
    pub processor: TopologyDescriptionNode,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopologyDescriptionGlobalStore {
    const MIN_LEN: usize = 15;

    fn read(reader: &mut Reader, version: i16) -> Result<TopologyDescriptionGlobalStore, DecodeError> {
        Ok(TopologyDescriptionGlobalStore {
            source: TopologyDescriptionNode::read(reader, version)?,
            processor: TopologyDescriptionNode::read(reader, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        self.source.write(writer, version)?;
        self.processor.write(writer, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopologyDescriptionGlobalStore {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("source", &self.source, version);
        object.field("processor", &self.processor, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopologyDescriptionGlobalStore {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopologyDescriptionGlobalStore {
        TopologyDescriptionGlobalStore {
            source: random.value::<TopologyDescriptionNode>(version),
            processor: random.value::<TopologyDescriptionNode>(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
