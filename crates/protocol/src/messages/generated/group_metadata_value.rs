//! Generated from `schemas/GroupMetadataValue.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `GroupMetadataValue` (offsets-value, key 2): versions 0-4, flexible 4+.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupMetadataValue {
    /// All versions.
    pub protocol_type: Str,
    /// All versions.
    pub generation: i32,
    /// All versions.
    pub protocol: Option<Str>,
    /// All versions.
    pub leader: Option<Str>,
    /// Versions 2+; default -1; lost in others.
    pub current_state_timestamp: i64,
    /// All versions.
    pub members: Vec<MemberMetadata>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for GroupMetadataValue {
    fn default() -> GroupMetadataValue {
        GroupMetadataValue {
            protocol_type: Str::default(),
            generation: 0,
            protocol: Some(Str::default()),
            leader: Some(Str::default()),
            current_state_timestamp: -1,
            members: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for GroupMetadataValue {
    const NAME: &'static str = "GroupMetadataValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=4;
    const FLEXIBLE_FROM: Option<i16> = Some(4);
}

impl Element for GroupMetadataValue {
    const MIN_LEN: usize = 14;

    fn read(reader: &mut Reader, version: i16) -> Result<GroupMetadataValue, DecodeError> {
        let form = Form::of(version, 4);
        Ok(GroupMetadataValue {
            protocol_type: reader.string(form)?,
            generation: reader.i32()?,
            protocol: reader.nullable_string(form)?,
            leader: reader.nullable_string(form)?,
            current_state_timestamp: if version >= 2 { reader.i64()? } else { -1 },
            members: reader.array(form, version)?,
            unknown_tagged_fields: if version == 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.string(form, &self.protocol_type)?;
        writer.i32(self.generation);
        writer.nullable_string(form, self.protocol.as_ref())?;
        writer.nullable_string(form, self.leader.as_ref())?;
        if version >= 2 {
            writer.i64(self.current_state_timestamp);
        }
        writer.array(form, &self.members, version)?;
        if version == 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "GroupMetadataValue", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for GroupMetadataValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("protocolType", &self.protocol_type, version);
        object.field("generation", &self.generation, version);
        object.field("protocol", &self.protocol, version);
        object.field("leader", &self.leader, version);
        if version >= 2 {
            object.field("currentStateTimestamp", &self.current_state_timestamp, version);
        }
        object.field("members", &self.members, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for GroupMetadataValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> GroupMetadataValue {
        GroupMetadataValue {
            protocol_type: random.string(),
            generation: random.i32(),
            protocol: random.is_some().then(|| random.string()),
            leader: random.is_some().then(|| random.string()),
            current_state_timestamp: if version >= 2 { random.i64() } else { -1 },
            members: random.array(version),
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`GroupMetadataValue`].
#[derive(Clone, Debug, PartialEq)]
pub struct MemberMetadata {
    /// All versions.
    pub member_id: Str,
    /// Versions 3+; default null; lost in others.
    pub group_instance_id: Option<Str>,
    /// All versions.
    pub client_id: Str,
    /// All versions.
    pub client_host: Str,
    /// Versions 1+; default -1; lost in others.
    pub rebalance_timeout: i32,
    /// All versions.
    pub session_timeout: i32,
    /// All versions.
    pub subscription: Bytes,
    /// All versions.
    pub assignment: Bytes,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for MemberMetadata {
    fn default() -> MemberMetadata {
        MemberMetadata {
            member_id: Str::default(),
            group_instance_id: None,
            client_id: Str::default(),
            client_host: Str::default(),
            rebalance_timeout: -1,
            session_timeout: 0,
            subscription: Bytes::new(),
            assignment: Bytes::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for MemberMetadata {
    const MIN_LEN: usize = 15;

    fn read(reader: &mut Reader, version: i16) -> Result<MemberMetadata, DecodeError> {
        let form = Form::of(version, 4);
        Ok(MemberMetadata {
            member_id: reader.string(form)?,
            group_instance_id: if version >= 3 { reader.nullable_string(form)? } else { None },
            client_id: reader.string(form)?,
            client_host: reader.string(form)?,
            rebalance_timeout: if version >= 1 { reader.i32()? } else { -1 },
            session_timeout: reader.i32()?,
            subscription: reader.bytes(form)?,
            assignment: reader.bytes(form)?,
            unknown_tagged_fields: if version == 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.string(form, &self.member_id)?;
        if version >= 3 {
            writer.nullable_string(form, self.group_instance_id.as_ref())?;
        }
        writer.string(form, &self.client_id)?;
        writer.string(form, &self.client_host)?;
        if version >= 1 {
            writer.i32(self.rebalance_timeout);
        }
        writer.i32(self.session_timeout);
        writer.bytes(form, &self.subscription)?;
        writer.bytes(form, &self.assignment)?;
        if version == 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "GroupMetadataValue", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for MemberMetadata {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("memberId", &self.member_id, version);
        if version >= 3 {
            object.field("groupInstanceId", &self.group_instance_id, version);
        }
        object.field("clientId", &self.client_id, version);
        object.field("clientHost", &self.client_host, version);
        if version >= 1 {
            object.field("rebalanceTimeout", &self.rebalance_timeout, version);
        }
        object.field("sessionTimeout", &self.session_timeout, version);
        object.field("subscription", &self.subscription, version);
        object.field("assignment", &self.assignment, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for MemberMetadata {
    fn random(random: &mut crate::testing::Source, version: i16) -> MemberMetadata {
        MemberMetadata {
            member_id: random.string(),
            group_instance_id: if version >= 3 { random.is_some().then(|| random.string()) } else { None },
            client_id: random.string(),
            client_host: random.string(),
            rebalance_timeout: if version >= 1 { random.i32() } else { -1 },
            session_timeout: random.i32(),
            subscription: random.bytes(),
            assignment: random.bytes(),
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
