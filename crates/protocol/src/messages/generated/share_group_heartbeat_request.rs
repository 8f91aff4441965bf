//! Generated from `schemas/ShareGroupHeartbeatRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ShareGroupHeartbeatRequest` (request, key 76): versions 1, flexible 1+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupHeartbeatRequest {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub member_id: Str,
    /// All versions.
    pub member_epoch: i32,
    /// All versions; default null.
    pub rack_id: Option<Str>,
    /// All versions; default null; a `topicName`.
    pub subscribed_topic_names: Option<Vec<Str>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ShareGroupHeartbeatRequest {
    const NAME: &'static str = "ShareGroupHeartbeatRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(1);
}

impl Request for ShareGroupHeartbeatRequest {
    const KEY: ApiKey = ApiKey::ShareGroupHeartbeat;
    type Response = super::share_group_heartbeat_response::ShareGroupHeartbeatResponse;
}

impl Element for ShareGroupHeartbeatRequest {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, _version: i16) -> Result<ShareGroupHeartbeatRequest, DecodeError> {
        Ok(ShareGroupHeartbeatRequest {
            group_id: reader.string(Form::Flexible)?,
            member_id: reader.string(Form::Flexible)?,
            member_epoch: reader.i32()?,
            rack_id: reader.nullable_string(Form::Flexible)?,
            subscribed_topic_names: reader.nullable_strings(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.group_id)?;
        writer.string(Form::Flexible, &self.member_id)?;
        writer.i32(self.member_epoch);
        writer.nullable_string(Form::Flexible, self.rack_id.as_ref())?;
        writer.nullable_strings(Form::Flexible, self.subscribed_topic_names.as_deref())?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareGroupHeartbeatRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("memberId", &self.member_id, version);
        object.field("memberEpoch", &self.member_epoch, version);
        object.field("rackId", &self.rack_id, version);
        object.field("subscribedTopicNames", &self.subscribed_topic_names, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ShareGroupHeartbeatRequest {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ShareGroupHeartbeatRequest {
        ShareGroupHeartbeatRequest {
            group_id: random.string(),
            member_id: random.string(),
            member_epoch: random.i32(),
            rack_id: random.is_some().then(|| random.string()),
            subscribed_topic_names: random.is_some().then(|| random.strings()),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
