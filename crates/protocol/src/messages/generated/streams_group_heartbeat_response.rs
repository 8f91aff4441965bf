//! Generated from `schemas/StreamsGroupHeartbeatResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `StreamsGroupHeartbeatResponse` (response, key 88): versions 0-1, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamsGroupHeartbeatResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions; default null.
    pub error_message: Option<Str>,
    /// All versions.
    pub member_id: Str,
    /// All versions.
    pub member_epoch: i32,
    /// All versions.
    pub heartbeat_interval_ms: i32,
    /// Versions 0.
    pub acceptable_recovery_lag_legacy: i32,
    /// All versions.
    pub task_offset_interval_ms: i32,
    /// Versions 1+; default -1; lost in others.
    pub acceptable_recovery_lag: i64,
    /// All versions.
    pub status: Option<Vec<Status>>,
    /// All versions; default null.
    pub active_tasks: Option<Vec<TaskIds>>,
    /// All versions; default null.
    pub standby_tasks: Option<Vec<TaskIds>>,
    /// All versions; default null.
    pub warmup_tasks: Option<Vec<TaskIds>>,
    /// Versions 1+.
    pub topology_description_required: bool,
    /// All versions.
    pub endpoint_information_epoch: i32,
    /// All versions; default null.
    pub partitions_by_user_endpoint: Option<Vec<EndpointToPartitions>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for StreamsGroupHeartbeatResponse {
    fn default() -> StreamsGroupHeartbeatResponse {
        StreamsGroupHeartbeatResponse {
            throttle_time_ms: 0,
            error_code: 0,
            error_message: None,
            member_id: Str::default(),
            member_epoch: 0,
            heartbeat_interval_ms: 0,
            acceptable_recovery_lag_legacy: 0,
            task_offset_interval_ms: 0,
            acceptable_recovery_lag: -1,
            status: Some(Vec::new()),
            active_tasks: None,
            standby_tasks: None,
            warmup_tasks: None,
            topology_description_required: false,
            endpoint_information_epoch: 0,
            partitions_by_user_endpoint: None,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for StreamsGroupHeartbeatResponse {
    const NAME: &'static str = "StreamsGroupHeartbeatResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for StreamsGroupHeartbeatResponse {
    const MIN_LEN: usize = 34;

    fn read(reader: &mut Reader, version: i16) -> Result<StreamsGroupHeartbeatResponse, DecodeError> {
        Ok(StreamsGroupHeartbeatResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            error_message: reader.nullable_string(Form::Flexible)?,
            member_id: reader.string(Form::Flexible)?,
            member_epoch: reader.i32()?,
            heartbeat_interval_ms: reader.i32()?,
            acceptable_recovery_lag_legacy: if version == 0 { reader.i32()? } else { 0 },
            task_offset_interval_ms: reader.i32()?,
            acceptable_recovery_lag: if version == 1 { reader.i64()? } else { -1 },
            status: reader.nullable_array(Form::Flexible, version)?,
            active_tasks: reader.nullable_array(Form::Flexible, version)?,
            standby_tasks: reader.nullable_array(Form::Flexible, version)?,
            warmup_tasks: reader.nullable_array(Form::Flexible, version)?,
            topology_description_required: if version == 1 { reader.bool()? } else { false },
            endpoint_information_epoch: reader.i32()?,
            partitions_by_user_endpoint: reader.nullable_array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        writer.string(Form::Flexible, &self.member_id)?;
        writer.i32(self.member_epoch);
        writer.i32(self.heartbeat_interval_ms);
        if version == 0 {
            writer.i32(self.acceptable_recovery_lag_legacy);
        } else if self.acceptable_recovery_lag_legacy != 0 {
            return Err(EncodeError::NotInVersion {
                message: "StreamsGroupHeartbeatResponse",
                field: "AcceptableRecoveryLagLegacy",
                version,
            });
        }
        writer.i32(self.task_offset_interval_ms);
        if version == 1 {
            writer.i64(self.acceptable_recovery_lag);
        }
        writer.nullable_array(Form::Flexible, self.status.as_deref(), version)?;
        writer.nullable_array(Form::Flexible, self.active_tasks.as_deref(), version)?;
        writer.nullable_array(Form::Flexible, self.standby_tasks.as_deref(), version)?;
        writer.nullable_array(Form::Flexible, self.warmup_tasks.as_deref(), version)?;
        if version == 1 {
            writer.bool(self.topology_description_required);
        } else if self.topology_description_required {
            return Err(EncodeError::NotInVersion {
                message: "StreamsGroupHeartbeatResponse",
                field: "TopologyDescriptionRequired",
                version,
            });
        }
        writer.i32(self.endpoint_information_epoch);
        writer.nullable_array(Form::Flexible, self.partitions_by_user_endpoint.as_deref(), version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for StreamsGroupHeartbeatResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);
        object.field("memberId", &self.member_id, version);
        object.field("memberEpoch", &self.member_epoch, version);
        object.field("heartbeatIntervalMs", &self.heartbeat_interval_ms, version);
        if version == 0 {
            object.field("acceptableRecoveryLagLegacy", &self.acceptable_recovery_lag_legacy, version);
        }
        object.field("taskOffsetIntervalMs", &self.task_offset_interval_ms, version);
        if version == 1 {
            object.field("acceptableRecoveryLag", &self.acceptable_recovery_lag, version);
        }
        object.field("status", &self.status, version);
        object.field("activeTasks", &self.active_tasks, version);
        object.field("standbyTasks", &self.standby_tasks, version);
        object.field("warmupTasks", &self.warmup_tasks, version);
        if version == 1 {
            object.field("topologyDescriptionRequired", &self.topology_description_required, version);
        }
        object.field("endpointInformationEpoch", &self.endpoint_information_epoch, version);
        object.field("partitionsByUserEndpoint", &self.partitions_by_user_endpoint, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for StreamsGroupHeartbeatResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> StreamsGroupHeartbeatResponse {
        StreamsGroupHeartbeatResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            member_id: random.string(),
            member_epoch: random.i32(),
            heartbeat_interval_ms: random.i32(),
            acceptable_recovery_lag_legacy: if version == 0 { random.i32() } else { 0 },
            task_offset_interval_ms: random.i32(),
            acceptable_recovery_lag: if version == 1 { random.i64() } else { -1 },
            status: random.is_some().then(|| random.array(version)),
            active_tasks: random.is_some().then(|| random.array(version)),
            standby_tasks: random.is_some().then(|| random.array(version)),
            warmup_tasks: random.is_some().then(|| random.array(version)),
            topology_description_required: if version == 1 { random.bool() } else { false },
            endpoint_information_epoch: random.i32(),
            partitions_by_user_endpoint: random.is_some().then(|| random.array(version)),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupHeartbeatResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndpointToPartitions {
    /// All versions.
    pub user_endpoint: Endpoint,
    /// All versions.
    pub active_partitions: Vec<TopicPartition>,
    /// All versions.
    pub standby_partitions: Vec<TopicPartition>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for EndpointToPartitions {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, version: i16) -> Result<EndpointToPartitions, DecodeError> {
        Ok(EndpointToPartitions {
            user_endpoint: Endpoint::read(reader, version)?,
            active_partitions: reader.array(Form::Flexible, version)?,
            standby_partitions: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        self.user_endpoint.write(writer, version)?;
        writer.array(Form::Flexible, &self.active_partitions, version)?;
        writer.array(Form::Flexible, &self.standby_partitions, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for EndpointToPartitions {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("userEndpoint", &self.user_endpoint, version);
        object.field("activePartitions", &self.active_partitions, version);
        object.field("standbyPartitions", &self.standby_partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for EndpointToPartitions {
    fn random(random: &mut crate::testing::Source, version: i16) -> EndpointToPartitions {
        EndpointToPartitions {
            user_endpoint: random.value::<Endpoint>(version),
            active_partitions: random.array(version),
            standby_partitions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupHeartbeatResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// All versions.
    pub status_code: i8,
    /// All versions.
    pub status_detail: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Status {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<Status, DecodeError> {
        Ok(Status {
            status_code: reader.i8()?,
            status_detail: reader.string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i8(self.status_code);
        writer.string(Form::Flexible, &self.status_detail)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Status {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("statusCode", &self.status_code, version);
        object.field("statusDetail", &self.status_detail, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Status {
    fn random(random: &mut crate::testing::Source, _version: i16) -> Status {
        Status {
            status_code: random.i8(),
            status_detail: random.string(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupHeartbeatResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartition {
    /// All versions; a `topicName`.
    pub topic: Str,
    /// All versions.
    pub partitions: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicPartition {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicPartition, DecodeError> {
        Ok(TopicPartition {
            topic: reader.string(Form::Flexible)?,
            partitions: reader.i32s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.topic)?;
        writer.i32s(Form::Flexible, &self.partitions)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicPartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topic", &self.topic, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicPartition {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicPartition {
        TopicPartition {
            topic: random.string(),
            partitions: random.i32s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupHeartbeatResponse`].
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

/// Part of [`StreamsGroupHeartbeatResponse`].
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
