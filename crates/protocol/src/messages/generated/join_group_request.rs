//! Generated from `schemas/JoinGroupRequest.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `JoinGroupRequest` (request, key 11): versions 0-9, flexible 6+.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinGroupRequest {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub session_timeout_ms: i32,
    /// Versions 1+; default -1; lost in others.
    pub rebalance_timeout_ms: i32,
    /// All versions.
    pub member_id: Str,
    /// Versions 5+; default null.
    pub group_instance_id: Option<Str>,
    /// All versions.
    pub protocol_type: Str,
    /// All versions.
    pub protocols: Vec<JoinGroupRequestProtocol>,
    /// Versions 8+; default null; lost in others.
    pub reason: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for JoinGroupRequest {
    fn default() -> JoinGroupRequest {
        JoinGroupRequest {
            group_id: Str::default(),
            session_timeout_ms: 0,
            rebalance_timeout_ms: -1,
            member_id: Str::default(),
            group_instance_id: None,
            protocol_type: Str::default(),
            protocols: Vec::new(),
            reason: None,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for JoinGroupRequest {
    const NAME: &'static str = "JoinGroupRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=9;
    const FLEXIBLE_FROM: Option<i16> = Some(6);
}

impl Request for JoinGroupRequest {
    const KEY: ApiKey = ApiKey::JoinGroup;
    type Response = super::join_group_response::JoinGroupResponse;
}

impl Element for JoinGroupRequest {
    const MIN_LEN: usize = 14;

    fn read(reader: &mut Reader, version: i16) -> Result<JoinGroupRequest, DecodeError> {
        let form = Form::of(version, 6);
        Ok(JoinGroupRequest {
            group_id: reader.string(form)?,
            session_timeout_ms: reader.i32()?,
            rebalance_timeout_ms: if version >= 1 { reader.i32()? } else { -1 },
            member_id: reader.string(form)?,
            group_instance_id: if version >= 5 { reader.nullable_string(form)? } else { None },
            protocol_type: reader.string(form)?,
            protocols: reader.array(form, version)?,
            reason: if version >= 8 { reader.nullable_string(Form::Flexible)? } else { None },
            unknown_tagged_fields: if version >= 6 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 6);
        writer.string(form, &self.group_id)?;
        writer.i32(self.session_timeout_ms);
        if version >= 1 {
            writer.i32(self.rebalance_timeout_ms);
        }
        writer.string(form, &self.member_id)?;
        if version >= 5 {
            writer.nullable_string(form, self.group_instance_id.as_ref())?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "JoinGroupRequest",
                field: "GroupInstanceId",
                version,
            });
        }
        writer.string(form, &self.protocol_type)?;
        writer.array(form, &self.protocols, version)?;
        if version >= 8 {
            writer.nullable_string(Form::Flexible, self.reason.as_ref())?;
        }
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "JoinGroupRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for JoinGroupRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("sessionTimeoutMs", &self.session_timeout_ms, version);
        if version >= 1 {
            object.field("rebalanceTimeoutMs", &self.rebalance_timeout_ms, version);
        }
        object.field("memberId", &self.member_id, version);
        if version >= 5 {
            object.field("groupInstanceId", &self.group_instance_id, version);
        }
        object.field("protocolType", &self.protocol_type, version);
        object.field("protocols", &self.protocols, version);
        if version >= 8 {
            object.field("reason", &self.reason, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for JoinGroupRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> JoinGroupRequest {
        JoinGroupRequest {
            group_id: random.string(),
            session_timeout_ms: random.i32(),
            rebalance_timeout_ms: if version >= 1 { random.i32() } else { -1 },
            member_id: random.string(),
            group_instance_id: if version >= 5 { random.is_some().then(|| random.string()) } else { None },
            protocol_type: random.string(),
            protocols: random.array(version),
            reason: if version >= 8 { random.is_some().then(|| random.string()) } else { None },
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`JoinGroupRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JoinGroupRequestProtocol {
    /// All versions; key of its array.
    pub name: Str,
    /// All versions.
    pub metadata: Bytes,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for JoinGroupRequestProtocol {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<JoinGroupRequestProtocol, DecodeError> {
        let form = Form::of(version, 6);
        Ok(JoinGroupRequestProtocol {
            name: reader.string(form)?,
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
        writer.string(form, &self.name)?;
        writer.bytes(form, &self.metadata)?;
        if version >= 6 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "JoinGroupRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for JoinGroupRequestProtocol {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("metadata", &self.metadata, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for JoinGroupRequestProtocol {
    fn random(random: &mut crate::testing::Source, version: i16) -> JoinGroupRequestProtocol {
        JoinGroupRequestProtocol {
            name: random.string(),
            metadata: random.bytes(),
            unknown_tagged_fields: if version >= 6 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
