//! Generated from `schemas/JoinGroupResponse.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `JoinGroupResponse` (response, key 11): versions 0-9, flexible 6+.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinGroupResponse {
    /// Versions 2+; lost in others.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions; default -1.
    pub generation_id: i32,
    /// Versions 7+; default null; lost in others.
    pub protocol_type: Option<Str>,
    /// All versions; null in 7+.
    pub protocol_name: Option<Str>,
    /// All versions.
    pub leader: Str,
    /// Versions 9+.
    pub skip_assignment: bool,
    /// All versions.
    pub member_id: Str,
    /// All versions.
    pub members: Vec<JoinGroupResponseMember>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for JoinGroupResponse {
    fn default() -> JoinGroupResponse {
        JoinGroupResponse {
            throttle_time_ms: 0,
            error_code: 0,
            generation_id: -1,
            protocol_type: None,
            protocol_name: Some(Str::default()),
            leader: Str::default(),
            skip_assignment: false,
            member_id: Str::default(),
            members: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for JoinGroupResponse {
    const NAME: &'static str = "JoinGroupResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=9;
    const FLEXIBLE_FROM: Option<i16> = Some(6);
}

impl Element for JoinGroupResponse {
    const MIN_LEN: usize = 15;

    fn read(reader: &mut Reader, version: i16) -> Result<JoinGroupResponse, DecodeError> {
        let form = Form::of(version, 6);
        Ok(JoinGroupResponse {
            throttle_time_ms: if version >= 2 { reader.i32()? } else { 0 },
            error_code: reader.i16()?,
            generation_id: reader.i32()?,
            protocol_type: if version >= 7 { reader.nullable_string(Form::Flexible)? } else { None },
            protocol_name: if version >= 7 {
                reader.nullable_string(form)?
            } else {
                Some(reader.string(form)?)
            },
            leader: reader.string(form)?,
            skip_assignment: if version == 9 { reader.bool()? } else { false },
            member_id: reader.string(form)?,
            members: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 6 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 6);
        if version >= 2 {
            writer.i32(self.throttle_time_ms);
        }
        writer.i16(self.error_code);
        writer.i32(self.generation_id);
        if version >= 7 {
            writer.nullable_string(Form::Flexible, self.protocol_type.as_ref())?;
        }
        if version >= 7 {
            writer.nullable_string(form, self.protocol_name.as_ref())?;
        } else {
            let value = EncodeError::required(
                self.protocol_name.as_ref(),
                "JoinGroupResponse",
                "ProtocolName",
                version,
            )?;
            writer.string(form, value)?;
        }
        writer.string(form, &self.leader)?;
        if version == 9 {
            writer.bool(self.skip_assignment);
        } else if self.skip_assignment {
            return Err(EncodeError::NotInVersion {
                message: "JoinGroupResponse",
                field: "SkipAssignment",
                version,
            });
        }
        writer.string(form, &self.member_id)?;
        writer.array(form, &self.members, version)?;
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "JoinGroupResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for JoinGroupResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 2 {
            object.field("throttleTimeMs", &self.throttle_time_ms, version);
        }
        object.field("errorCode", &self.error_code, version);
        object.field("generationId", &self.generation_id, version);
        if version >= 7 {
            object.field("protocolType", &self.protocol_type, version);
        }
        object.field("protocolName", &self.protocol_name, version);
        object.field("leader", &self.leader, version);
        if version == 9 {
            object.field("skipAssignment", &self.skip_assignment, version);
        }
        object.field("memberId", &self.member_id, version);
        object.field("members", &self.members, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for JoinGroupResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> JoinGroupResponse {
        JoinGroupResponse {
            throttle_time_ms: if version >= 2 { random.i32() } else { 0 },
            error_code: random.i16(),
            generation_id: random.i32(),
            protocol_type: if version >= 7 { random.is_some().then(|| random.string()) } else { None },
            protocol_name: if version >= 7 {
                random.is_some().then(|| random.string())
            } else {
                Some(random.string())
            },
            leader: random.string(),
            skip_assignment: if version == 9 { random.bool() } else { false },
            member_id: random.string(),
            members: random.array(version),
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`JoinGroupResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JoinGroupResponseMember {
    /// All versions.
    pub member_id: Str,
    /// Versions 5+; default null; lost in others.
    pub group_instance_id: Option<Str>,
    /// All versions.
    pub metadata: Bytes,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for JoinGroupResponseMember {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<JoinGroupResponseMember, DecodeError> {
        let form = Form::of(version, 6);
        Ok(JoinGroupResponseMember {
            member_id: reader.string(form)?,
            group_instance_id: if version >= 5 { reader.nullable_string(form)? } else { None },
            metadata: reader.bytes(form)?,
            unknown_tagged_fields: if version >= 6 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 6);
        writer.string(form, &self.member_id)?;
        if version >= 5 {
            writer.nullable_string(form, self.group_instance_id.as_ref())?;
        }
        writer.bytes(form, &self.metadata)?;
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "JoinGroupResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for JoinGroupResponseMember {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("memberId", &self.member_id, version);
        if version >= 5 {
            object.field("groupInstanceId", &self.group_instance_id, version);
        }
        object.field("metadata", &self.metadata, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for JoinGroupResponseMember {
    fn random(random: &mut crate::testing::Source, version: i16) -> JoinGroupResponseMember {
        JoinGroupResponseMember {
            member_id: random.string(),
            group_instance_id: if version >= 5 { random.is_some().then(|| random.string()) } else { None },
            metadata: random.bytes(),
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
