//! Generated from `schemas/HeartbeatRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `HeartbeatRequest` (request, key 12): versions 0-4, flexible 4+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeartbeatRequest {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub generation_id: i32,
    /// All versions.
    pub member_id: Str,
    /// Versions 3+; default null.
    pub group_instance_id: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for HeartbeatRequest {
    const NAME: &'static str = "HeartbeatRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=4;
    const FLEXIBLE_FROM: Option<i16> = Some(4);
}

impl Request for HeartbeatRequest {
    const KEY: ApiKey = ApiKey::Heartbeat;
    type Response = super::heartbeat_response::HeartbeatResponse;
}

impl Element for HeartbeatRequest {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<HeartbeatRequest, DecodeError> {
        let form = Form::of(version, 4);
        Ok(HeartbeatRequest {
            group_id: reader.string(form)?,
            generation_id: reader.i32()?,
            member_id: reader.string(form)?,
            group_instance_id: if version >= 3 { reader.nullable_string(form)? } else { None },
            unknown_tagged_fields: if version == 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.string(form, &self.group_id)?;
        writer.i32(self.generation_id);
        writer.string(form, &self.member_id)?;
        if version >= 3 {
            writer.nullable_string(form, self.group_instance_id.as_ref())?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "HeartbeatRequest",
                field: "GroupInstanceId",
                version,
            });
        }
        if version == 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "HeartbeatRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for HeartbeatRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("generationId", &self.generation_id, version);
        object.field("memberId", &self.member_id, version);
        if version >= 3 {
            object.field("groupInstanceId", &self.group_instance_id, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for HeartbeatRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> HeartbeatRequest {
        HeartbeatRequest {
            group_id: random.string(),
            generation_id: random.i32(),
            member_id: random.string(),
            group_instance_id: if version >= 3 { random.is_some().then(|| random.string()) } else { None },
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
