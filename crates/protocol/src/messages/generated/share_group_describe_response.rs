//! Generated from `schemas/ShareGroupDescribeResponse.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ShareGroupDescribeResponse` (response, key 77): versions 1, flexible 1+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupDescribeResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub groups: Vec<DescribedGroup>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ShareGroupDescribeResponse {
    const NAME: &'static str = "ShareGroupDescribeResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(1);
}

impl Element for ShareGroupDescribeResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<ShareGroupDescribeResponse, DecodeError> {
        Ok(ShareGroupDescribeResponse {
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
impl crate::json::ToJson for ShareGroupDescribeResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("groups", &self.groups, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ShareGroupDescribeResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ShareGroupDescribeResponse {
        ShareGroupDescribeResponse {
            throttle_time_ms: random.i32(),
            groups: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareGroupDescribeResponse`].
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
    /// All versions.
    pub assignor_name: Str,
    /// All versions.
    pub members: Vec<Member>,
    /// All versions; default -2147483648.
    pub authorized_operations: i32,
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
            assignor_name: Str::default(),
            members: Vec::new(),
            authorized_operations: i32::MIN,
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
            assignor_name: reader.string(Form::Flexible)?,
            members: reader.array(Form::Flexible, version)?,
            authorized_operations: reader.i32()?,
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
        writer.string(Form::Flexible, &self.assignor_name)?;
        writer.array(Form::Flexible, &self.members, version)?;
        writer.i32(self.authorized_operations);
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
        object.field("assignorName", &self.assignor_name, version);
        object.field("members", &self.members, version);
        object.field("authorizedOperations", &self.authorized_operations, version);

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
            assignor_name: random.string(),
            members: random.array(version),
            authorized_operations: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareGroupDescribeResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Member {
    /// All versions.
    pub member_id: Str,
    /// All versions; default null.
    pub rack_id: Option<Str>,
    /// All versions.
    pub member_epoch: i32,
    /// All versions.
    pub client_id: Str,
    /// All versions.
    pub client_host: Str,
    /// All versions; a `topicName`.
    pub subscribed_topic_names: Vec<Str>,
    /// All versions.
    pub assignment: Assignment,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Member {
    const MIN_LEN: usize = 12;

    fn read(reader: &mut Reader, version: i16) -> Result<Member, DecodeError> {
        Ok(Member {
            member_id: reader.string(Form::Flexible)?,
            rack_id: reader.nullable_string(Form::Flexible)?,
            member_epoch: reader.i32()?,
            client_id: reader.string(Form::Flexible)?,
            client_host: reader.string(Form::Flexible)?,
            subscribed_topic_names: reader.strings(Form::Flexible)?,
            assignment: Assignment::read(reader, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.member_id)?;
        writer.nullable_string(Form::Flexible, self.rack_id.as_ref())?;
        writer.i32(self.member_epoch);
        writer.string(Form::Flexible, &self.client_id)?;
        writer.string(Form::Flexible, &self.client_host)?;
        writer.strings(Form::Flexible, &self.subscribed_topic_names)?;
        self.assignment.write(writer, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Member {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("memberId", &self.member_id, version);
        object.field("rackId", &self.rack_id, version);
        object.field("memberEpoch", &self.member_epoch, version);
        object.field("clientId", &self.client_id, version);
        object.field("clientHost", &self.client_host, version);
        object.field("subscribedTopicNames", &self.subscribed_topic_names, version);
        object.field("assignment", &self.assignment, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Member {
    fn random(random: &mut crate::testing::Source, version: i16) -> Member {
        Member {
            member_id: random.string(),
            rack_id: random.is_some().then(|| random.string()),
            member_epoch: random.i32(),
            client_id: random.string(),
            client_host: random.string(),
            subscribed_topic_names: random.strings(),
            assignment: random.value::<Assignment>(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareGroupDescribeResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartitions {
    /// All versions.
    pub topic_id: Uuid,
    /// All versions; a `topicName`.
    pub topic_name: Str,
    /// All versions.
    pub partitions: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicPartitions {
    const MIN_LEN: usize = 19;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicPartitions, DecodeError> {
        Ok(TopicPartitions {
            topic_id: reader.uuid()?,
            topic_name: reader.string(Form::Flexible)?,
            partitions: reader.i32s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.topic_id);
        writer.string(Form::Flexible, &self.topic_name)?;
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
        object.field("topicName", &self.topic_name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicPartitions {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicPartitions {
        TopicPartitions {
            topic_id: random.uuid(),
            topic_name: random.string(),
            partitions: random.i32s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareGroupDescribeResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assignment {
    /// All versions.
    pub topic_partitions: Vec<TopicPartitions>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Assignment {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<Assignment, DecodeError> {
        Ok(Assignment {
            topic_partitions: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.topic_partitions, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Assignment {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicPartitions", &self.topic_partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Assignment {
    fn random(random: &mut crate::testing::Source, version: i16) -> Assignment {
        Assignment { topic_partitions: random.array(version), unknown_tagged_fields: random.tagged_fields(0) }
    }
}
