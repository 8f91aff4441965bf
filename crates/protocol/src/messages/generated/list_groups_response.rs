//! Generated from `schemas/ListGroupsResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ListGroupsResponse` (response, key 16): versions 0-5, flexible 3+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListGroupsResponse {
    /// Versions 1+; lost in others.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub groups: Vec<ListedGroup>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ListGroupsResponse {
    const NAME: &'static str = "ListGroupsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(3);
}

impl Element for ListGroupsResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<ListGroupsResponse, DecodeError> {
        let form = Form::of(version, 3);
        Ok(ListGroupsResponse {
            throttle_time_ms: if version >= 1 { reader.i32()? } else { 0 },
            error_code: reader.i16()?,
            groups: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        if version >= 1 {
            writer.i32(self.throttle_time_ms);
        }
        writer.i16(self.error_code);
        writer.array(form, &self.groups, version)?;
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ListGroupsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ListGroupsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 1 {
            object.field("throttleTimeMs", &self.throttle_time_ms, version);
        }
        object.field("errorCode", &self.error_code, version);
        object.field("groups", &self.groups, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ListGroupsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ListGroupsResponse {
        ListGroupsResponse {
            throttle_time_ms: if version >= 1 { random.i32() } else { 0 },
            error_code: random.i16(),
            groups: random.array(version),
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ListGroupsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListedGroup {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub protocol_type: Str,
    /// Versions 4+; lost in others.
    pub group_state: Str,
    /// Versions 5+; lost in others.
    pub group_type: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ListedGroup {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<ListedGroup, DecodeError> {
        let form = Form::of(version, 3);
        Ok(ListedGroup {
            group_id: reader.string(form)?,
            protocol_type: reader.string(form)?,
            group_state: if version >= 4 { reader.string(Form::Flexible)? } else { Str::default() },
            group_type: if version == 5 { reader.string(Form::Flexible)? } else { Str::default() },
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        writer.string(form, &self.group_id)?;
        writer.string(form, &self.protocol_type)?;
        if version >= 4 {
            writer.string(Form::Flexible, &self.group_state)?;
        }
        if version == 5 {
            writer.string(Form::Flexible, &self.group_type)?;
        }
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ListGroupsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ListedGroup {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("protocolType", &self.protocol_type, version);
        if version >= 4 {
            object.field("groupState", &self.group_state, version);
        }
        if version == 5 {
            object.field("groupType", &self.group_type, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ListedGroup {
    fn random(random: &mut crate::testing::Source, version: i16) -> ListedGroup {
        ListedGroup {
            group_id: random.string(),
            protocol_type: random.string(),
            group_state: if version >= 4 { random.string() } else { Str::default() },
            group_type: if version == 5 { random.string() } else { Str::default() },
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
