//! Generated from `schemas/DescribeGroupsResponse.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DescribeGroupsResponse` (response, key 15): versions 0-6, flexible 5+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeGroupsResponse {
    /// Versions 1+; lost in others.
    pub throttle_time_ms: i32,
    /// All versions.
    pub groups: Vec<DescribedGroup>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DescribeGroupsResponse {
    const NAME: &'static str = "DescribeGroupsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=6;
    const FLEXIBLE_FROM: Option<i16> = Some(5);
}

impl Element for DescribeGroupsResponse {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeGroupsResponse, DecodeError> {
        let form = Form::of(version, 5);
        Ok(DescribeGroupsResponse {
            throttle_time_ms: if version >= 1 { reader.i32()? } else { 0 },
            groups: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 5 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 5);
        if version >= 1 {
            writer.i32(self.throttle_time_ms);
        }
        writer.array(form, &self.groups, version)?;
        if version >= 5 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeGroupsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeGroupsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 1 {
            object.field("throttleTimeMs", &self.throttle_time_ms, version);
        }
        object.field("groups", &self.groups, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeGroupsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeGroupsResponse {
        DescribeGroupsResponse {
            throttle_time_ms: if version >= 1 { random.i32() } else { 0 },
            groups: random.array(version),
            unknown_tagged_fields: if version >= 5 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeGroupsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct DescribedGroup {
    /// All versions.
    pub error_code: i16,
    /// Versions 6+; default null.
    pub error_message: Option<Str>,
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub group_state: Str,
    /// All versions.
    pub protocol_type: Str,
    /// All versions.
    pub protocol_data: Str,
    /// All versions.
    pub members: Vec<DescribedGroupMember>,
    /// Versions 3+; default -2147483648.
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
            protocol_type: Str::default(),
            protocol_data: Str::default(),
            members: Vec::new(),
            authorized_operations: i32::MIN,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for DescribedGroup {
    const MIN_LEN: usize = 12;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribedGroup, DecodeError> {
        let form = Form::of(version, 5);
        Ok(DescribedGroup {
            error_code: reader.i16()?,
            error_message: if version == 6 { reader.nullable_string(Form::Flexible)? } else { None },
            group_id: reader.string(form)?,
            group_state: reader.string(form)?,
            protocol_type: reader.string(form)?,
            protocol_data: reader.string(form)?,
            members: reader.array(form, version)?,
            authorized_operations: if version >= 3 { reader.i32()? } else { i32::MIN },
            unknown_tagged_fields: if version >= 5 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 5);
        writer.i16(self.error_code);
        if version == 6 {
            writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        } else if self.error_message.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "DescribedGroup",
                field: "ErrorMessage",
                version,
            });
        }
        writer.string(form, &self.group_id)?;
        writer.string(form, &self.group_state)?;
        writer.string(form, &self.protocol_type)?;
        writer.string(form, &self.protocol_data)?;
        writer.array(form, &self.members, version)?;
        if version >= 3 {
            writer.i32(self.authorized_operations);
        } else if self.authorized_operations != i32::MIN {
            return Err(EncodeError::NotInVersion {
                message: "DescribedGroup",
                field: "AuthorizedOperations",
                version,
            });
        }
        if version >= 5 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeGroupsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribedGroup {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        if version == 6 {
            object.field("errorMessage", &self.error_message, version);
        }
        object.field("groupId", &self.group_id, version);
        object.field("groupState", &self.group_state, version);
        object.field("protocolType", &self.protocol_type, version);
        object.field("protocolData", &self.protocol_data, version);
        object.field("members", &self.members, version);
        if version >= 3 {
            object.field("authorizedOperations", &self.authorized_operations, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribedGroup {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribedGroup {
        DescribedGroup {
            error_code: random.i16(),
            error_message: if version == 6 { random.is_some().then(|| random.string()) } else { None },
            group_id: random.string(),
            group_state: random.string(),
            protocol_type: random.string(),
            protocol_data: random.string(),
            members: random.array(version),
            authorized_operations: if version >= 3 { random.i32() } else { i32::MIN },
            unknown_tagged_fields: if version >= 5 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeGroupsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribedGroupMember {
    /// All versions.
    pub member_id: Str,
    /// Versions 4+; default null; lost in others.
    pub group_instance_id: Option<Str>,
    /// All versions.
    pub client_id: Str,
    /// All versions.
    pub client_host: Str,
    /// All versions.
    pub member_metadata: Bytes,
    /// All versions.
    pub member_assignment: Bytes,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DescribedGroupMember {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribedGroupMember, DecodeError> {
        let form = Form::of(version, 5);
        Ok(DescribedGroupMember {
            member_id: reader.string(form)?,
            group_instance_id: if version >= 4 { reader.nullable_string(form)? } else { None },
            client_id: reader.string(form)?,
            client_host: reader.string(form)?,
            member_metadata: reader.bytes(form)?,
            member_assignment: reader.bytes(form)?,
            unknown_tagged_fields: if version >= 5 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 5);
        writer.string(form, &self.member_id)?;
        if version >= 4 {
            writer.nullable_string(form, self.group_instance_id.as_ref())?;
        }
        writer.string(form, &self.client_id)?;
        writer.string(form, &self.client_host)?;
        writer.bytes(form, &self.member_metadata)?;
        writer.bytes(form, &self.member_assignment)?;
        if version >= 5 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeGroupsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribedGroupMember {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("memberId", &self.member_id, version);
        if version >= 4 {
            object.field("groupInstanceId", &self.group_instance_id, version);
        }
        object.field("clientId", &self.client_id, version);
        object.field("clientHost", &self.client_host, version);
        object.field("memberMetadata", &self.member_metadata, version);
        object.field("memberAssignment", &self.member_assignment, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribedGroupMember {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribedGroupMember {
        DescribedGroupMember {
            member_id: random.string(),
            group_instance_id: if version >= 4 { random.is_some().then(|| random.string()) } else { None },
            client_id: random.string(),
            client_host: random.string(),
            member_metadata: random.bytes(),
            member_assignment: random.bytes(),
            unknown_tagged_fields: if version >= 5 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
