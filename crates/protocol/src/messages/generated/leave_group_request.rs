//! Generated from `schemas/LeaveGroupRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `LeaveGroupRequest` (request, key 13): versions 0-5, flexible 4+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaveGroupRequest {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// Versions 0-2.
    pub member_id: Str,
    /// Versions 3+.
    pub members: Vec<MemberIdentity>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for LeaveGroupRequest {
    const NAME: &'static str = "LeaveGroupRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(4);
}

impl Request for LeaveGroupRequest {
    const KEY: ApiKey = ApiKey::LeaveGroup;
    type Response = super::leave_group_response::LeaveGroupResponse;
}

impl Element for LeaveGroupRequest {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<LeaveGroupRequest, DecodeError> {
        let form = Form::of(version, 4);
        Ok(LeaveGroupRequest {
            group_id: reader.string(form)?,
            member_id: if version <= 2 { reader.string(Form::Legacy)? } else { Str::default() },
            members: if version >= 3 { reader.array(form, version)? } else { Vec::new() },
            unknown_tagged_fields: if version >= 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.string(form, &self.group_id)?;
        if version <= 2 {
            writer.string(Form::Legacy, &self.member_id)?;
        } else if !self.member_id.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "LeaveGroupRequest",
                field: "MemberId",
                version,
            });
        }
        if version >= 3 {
            writer.array(form, &self.members, version)?;
        } else if !self.members.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "LeaveGroupRequest",
                field: "Members",
                version,
            });
        }
        if version >= 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "LeaveGroupRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for LeaveGroupRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        if version <= 2 {
            object.field("memberId", &self.member_id, version);
        }
        if version >= 3 {
            object.field("members", &self.members, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for LeaveGroupRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> LeaveGroupRequest {
        LeaveGroupRequest {
            group_id: random.string(),
            member_id: if version <= 2 { random.string() } else { Str::default() },
            members: if version >= 3 { random.array(version) } else { Vec::new() },
            unknown_tagged_fields: if version >= 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`LeaveGroupRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemberIdentity {
    /// All versions.
    pub member_id: Str,
    /// All versions; default null.
    pub group_instance_id: Option<Str>,
    /// Versions 5+; default null; lost in others.
    pub reason: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for MemberIdentity {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<MemberIdentity, DecodeError> {
        let form = Form::of(version, 4);
        Ok(MemberIdentity {
            member_id: reader.string(form)?,
            group_instance_id: reader.nullable_string(form)?,
            reason: if version == 5 { reader.nullable_string(Form::Flexible)? } else { None },
            unknown_tagged_fields: if version >= 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.string(form, &self.member_id)?;
        writer.nullable_string(form, self.group_instance_id.as_ref())?;
        if version == 5 {
            writer.nullable_string(Form::Flexible, self.reason.as_ref())?;
        }
        if version >= 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "LeaveGroupRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for MemberIdentity {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("memberId", &self.member_id, version);
        object.field("groupInstanceId", &self.group_instance_id, version);
        if version == 5 {
            object.field("reason", &self.reason, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for MemberIdentity {
    fn random(random: &mut crate::testing::Source, version: i16) -> MemberIdentity {
        MemberIdentity {
            member_id: random.string(),
            group_instance_id: random.is_some().then(|| random.string()),
            reason: if version == 5 { random.is_some().then(|| random.string()) } else { None },
            unknown_tagged_fields: if version >= 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
