//! Generated from `schemas/SyncGroupResponse.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `SyncGroupResponse` (response, key 14): versions 0-5, flexible 4+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncGroupResponse {
    /// Versions 1+; lost in others.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// Versions 5+; default null; lost in others.
    pub protocol_type: Option<Str>,
    /// Versions 5+; default null; lost in others.
    pub protocol_name: Option<Str>,
    /// All versions.
    pub assignment: Bytes,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for SyncGroupResponse {
    const NAME: &'static str = "SyncGroupResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(4);
}

impl Element for SyncGroupResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<SyncGroupResponse, DecodeError> {
        let form = Form::of(version, 4);
        Ok(SyncGroupResponse {
            throttle_time_ms: if version >= 1 { reader.i32()? } else { 0 },
            error_code: reader.i16()?,
            protocol_type: if version == 5 { reader.nullable_string(Form::Flexible)? } else { None },
            protocol_name: if version == 5 { reader.nullable_string(Form::Flexible)? } else { None },
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
        if version >= 1 {
            writer.i32(self.throttle_time_ms);
        }
        writer.i16(self.error_code);
        if version == 5 {
            writer.nullable_string(Form::Flexible, self.protocol_type.as_ref())?;
        }
        if version == 5 {
            writer.nullable_string(Form::Flexible, self.protocol_name.as_ref())?;
        }
        writer.bytes(form, &self.assignment)?;
        if version >= 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "SyncGroupResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for SyncGroupResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 1 {
            object.field("throttleTimeMs", &self.throttle_time_ms, version);
        }
        object.field("errorCode", &self.error_code, version);
        if version == 5 {
            object.field("protocolType", &self.protocol_type, version);
        }
        if version == 5 {
            object.field("protocolName", &self.protocol_name, version);
        }
        object.field("assignment", &self.assignment, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for SyncGroupResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> SyncGroupResponse {
        SyncGroupResponse {
            throttle_time_ms: if version >= 1 { random.i32() } else { 0 },
            error_code: random.i16(),
            protocol_type: if version == 5 { random.is_some().then(|| random.string()) } else { None },
            protocol_name: if version == 5 { random.is_some().then(|| random.string()) } else { None },
            assignment: random.bytes(),
            unknown_tagged_fields: if version >= 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
