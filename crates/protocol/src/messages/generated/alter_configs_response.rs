//! Generated from `schemas/AlterConfigsResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `AlterConfigsResponse` (response, key 33): versions 0-2, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterConfigsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub responses: Vec<AlterConfigsResourceResponse>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for AlterConfigsResponse {
    const NAME: &'static str = "AlterConfigsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Element for AlterConfigsResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterConfigsResponse, DecodeError> {
        let form = Form::of(version, 2);
        Ok(AlterConfigsResponse {
            throttle_time_ms: reader.i32()?,
            responses: reader.array(form, version)?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.i32(self.throttle_time_ms);
        writer.array(form, &self.responses, version)?;
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AlterConfigsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterConfigsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("responses", &self.responses, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterConfigsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterConfigsResponse {
        AlterConfigsResponse {
            throttle_time_ms: random.i32(),
            responses: random.array(version),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`AlterConfigsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct AlterConfigsResourceResponse {
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub error_message: Option<Str>,
    /// All versions.
    pub resource_type: i8,
    /// All versions.
    pub resource_name: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AlterConfigsResourceResponse {
    fn default() -> AlterConfigsResourceResponse {
        AlterConfigsResourceResponse {
            error_code: 0,
            error_message: Some(Str::default()),
            resource_type: 0,
            resource_name: Str::default(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for AlterConfigsResourceResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterConfigsResourceResponse, DecodeError> {
        let form = Form::of(version, 2);
        Ok(AlterConfigsResourceResponse {
            error_code: reader.i16()?,
            error_message: reader.nullable_string(form)?,
            resource_type: reader.i8()?,
            resource_name: reader.string(form)?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.i16(self.error_code);
        writer.nullable_string(form, self.error_message.as_ref())?;
        writer.i8(self.resource_type);
        writer.string(form, &self.resource_name)?;
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AlterConfigsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterConfigsResourceResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);
        object.field("resourceType", &self.resource_type, version);
        object.field("resourceName", &self.resource_name, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterConfigsResourceResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterConfigsResourceResponse {
        AlterConfigsResourceResponse {
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            resource_type: random.i8(),
            resource_name: random.string(),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
