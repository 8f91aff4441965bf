//! Generated from `schemas/SyncGroupRequest.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `SyncGroupRequest` (request, key 14): versions 0-5, flexible 4+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncGroupRequest {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub generation_id: i32,
    /// All versions.
    pub member_id: Str,
    /// Versions 3+; default null.
    pub group_instance_id: Option<Str>,
    /// Versions 5+; default null; lost in others.
    pub protocol_type: Option<Str>,
    /// Versions 5+; default null; lost in others.
    pub protocol_name: Option<Str>,
    /// All versions.
    pub assignments: Vec<SyncGroupRequestAssignment>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for SyncGroupRequest {
    const NAME: &'static str = "SyncGroupRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(4);
}

impl Request for SyncGroupRequest {
    const KEY: ApiKey = ApiKey::SyncGroup;
    type Response = super::sync_group_response::SyncGroupResponse;
}

impl Element for SyncGroupRequest {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, version: i16) -> Result<SyncGroupRequest, DecodeError> {
        let form = Form::of(version, 4);
        Ok(SyncGroupRequest {
            group_id: reader.string(form)?,
            generation_id: reader.i32()?,
            member_id: reader.string(form)?,
            group_instance_id: if version >= 3 { reader.nullable_string(form)? } else { None },
            protocol_type: if version == 5 { reader.nullable_string(Form::Flexible)? } else { None },
            protocol_name: if version == 5 { reader.nullable_string(Form::Flexible)? } else { None },
            assignments: reader.array(form, version)?,
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
        writer.i32(self.generation_id);
        writer.string(form, &self.member_id)?;
        if version >= 3 {
            writer.nullable_string(form, self.group_instance_id.as_ref())?;
        } else if self.group_instance_id.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "SyncGroupRequest",
                field: "GroupInstanceId",
                version,
            });
        }
        if version == 5 {
            writer.nullable_string(Form::Flexible, self.protocol_type.as_ref())?;
        }
        if version == 5 {
            writer.nullable_string(Form::Flexible, self.protocol_name.as_ref())?;
        }
        writer.array(form, &self.assignments, version)?;
        if version >= 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "SyncGroupRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for SyncGroupRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("generationId", &self.generation_id, version);
        object.field("memberId", &self.member_id, version);
        if version >= 3 {
            object.field("groupInstanceId", &self.group_instance_id, version);
        }
        if version == 5 {
            object.field("protocolType", &self.protocol_type, version);
        }
        if version == 5 {
            object.field("protocolName", &self.protocol_name, version);
        }
        object.field("assignments", &self.assignments, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for SyncGroupRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> SyncGroupRequest {
        SyncGroupRequest {
            group_id: random.string(),
            generation_id: random.i32(),
            member_id: random.string(),
            group_instance_id: if version >= 3 { random.is_some().then(|| random.string()) } else { None },
            protocol_type: if version == 5 { random.is_some().then(|| random.string()) } else { None },
            protocol_name: if version == 5 { random.is_some().then(|| random.string()) } else { None },
            assignments: random.array(version),
            unknown_tagged_fields: if version >= 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`SyncGroupRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncGroupRequestAssignment {
    /// All versions.
    pub member_id: Str,
    /// All versions.
    pub assignment: Bytes,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for SyncGroupRequestAssignment {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<SyncGroupRequestAssignment, DecodeError> {
        let form = Form::of(version, 4);
        Ok(SyncGroupRequestAssignment {
            member_id: reader.string(form)?,
            assignment: reader.bytes(form)?,
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
        writer.bytes(form, &self.assignment)?;
        if version >= 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "SyncGroupRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for SyncGroupRequestAssignment {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("memberId", &self.member_id, version);
        object.field("assignment", &self.assignment, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for SyncGroupRequestAssignment {
    fn random(random: &mut crate::testing::Source, version: i16) -> SyncGroupRequestAssignment {
        SyncGroupRequestAssignment {
            member_id: random.string(),
            assignment: random.bytes(),
            unknown_tagged_fields: if version >= 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
