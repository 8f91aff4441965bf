//! Generated from `schemas/ListConfigResourcesResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ListConfigResourcesResponse` (response, key 74): versions 0-1, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListConfigResourcesResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub config_resources: Vec<ConfigResource>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ListConfigResourcesResponse {
    const NAME: &'static str = "ListConfigResourcesResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ListConfigResourcesResponse {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<ListConfigResourcesResponse, DecodeError> {
        Ok(ListConfigResourcesResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            config_resources: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        writer.array(Form::Flexible, &self.config_resources, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ListConfigResourcesResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        object.field("configResources", &self.config_resources, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ListConfigResourcesResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ListConfigResourcesResponse {
        ListConfigResourcesResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            config_resources: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ListConfigResourcesResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct ConfigResource {
    /// All versions.
    pub resource_name: Str,
    /// Versions 1+; default 16; lost in others.
    pub resource_type: i8,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ConfigResource {
    fn default() -> ConfigResource {
        ConfigResource {
            resource_name: Str::default(),
            resource_type: 16,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for ConfigResource {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<ConfigResource, DecodeError> {
        Ok(ConfigResource {
            resource_name: reader.string(Form::Flexible)?,
            resource_type: if version == 1 { reader.i8()? } else { 16 },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.resource_name)?;
        if version == 1 {
            writer.i8(self.resource_type);
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ConfigResource {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("resourceName", &self.resource_name, version);
        if version == 1 {
            object.field("resourceType", &self.resource_type, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConfigResource {
    fn random(random: &mut crate::testing::Source, version: i16) -> ConfigResource {
        ConfigResource {
            resource_name: random.string(),
            resource_type: if version == 1 { random.i8() } else { 16 },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
