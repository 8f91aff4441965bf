//! Generated from `schemas/LeaveGroupResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `LeaveGroupResponse` (response, key 13): versions 0-5, flexible 4+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeaveGroupResponse {
    /// Versions 1+; lost in others.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// Versions 3+.
    pub members: Vec<MemberResponse>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for LeaveGroupResponse {
    const NAME: &'static str = "LeaveGroupResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(4);
}

impl Element for LeaveGroupResponse {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<LeaveGroupResponse, DecodeError> {
        let form = Form::of(version, 4);
        Ok(LeaveGroupResponse {
            throttle_time_ms: if version >= 1 { reader.i32()? } else { 0 },
            error_code: reader.i16()?,
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
        if version >= 1 {
            writer.i32(self.throttle_time_ms);
        }
        writer.i16(self.error_code);
        if version >= 3 {
            writer.array(form, &self.members, version)?;
        } else if !self.members.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "LeaveGroupResponse",
                field: "Members",
                version,
            });
        }
        if version >= 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "LeaveGroupResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for LeaveGroupResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 1 {
            object.field("throttleTimeMs", &self.throttle_time_ms, version);
        }
        object.field("errorCode", &self.error_code, version);
        if version >= 3 {
            object.field("members", &self.members, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for LeaveGroupResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> LeaveGroupResponse {
        LeaveGroupResponse {
            throttle_time_ms: if version >= 1 { random.i32() } else { 0 },
            error_code: random.i16(),
            members: if version >= 3 { random.array(version) } else { Vec::new() },
            unknown_tagged_fields: if version >= 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`LeaveGroupResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct MemberResponse {
    /// All versions.
    pub member_id: Str,
    /// All versions.
    pub group_instance_id: Option<Str>,
    /// All versions.
    pub error_code: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MemberResponse {
    fn default() -> MemberResponse {
        MemberResponse {
            member_id: Str::default(),
            group_instance_id: Some(Str::default()),
            error_code: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for MemberResponse {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, version: i16) -> Result<MemberResponse, DecodeError> {
        let form = Form::of(version, 4);
        Ok(MemberResponse {
            member_id: reader.string(form)?,
            group_instance_id: reader.nullable_string(form)?,
            error_code: reader.i16()?,
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
        writer.i16(self.error_code);
        if version >= 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "LeaveGroupResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for MemberResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("memberId", &self.member_id, version);
        object.field("groupInstanceId", &self.group_instance_id, version);
        object.field("errorCode", &self.error_code, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for MemberResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> MemberResponse {
        MemberResponse {
            member_id: random.string(),
            group_instance_id: random.is_some().then(|| random.string()),
            error_code: random.i16(),
            unknown_tagged_fields: if version >= 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
