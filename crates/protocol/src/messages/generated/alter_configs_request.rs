//! Generated from `schemas/AlterConfigsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `AlterConfigsRequest` (request, key 33): versions 0-2, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterConfigsRequest {
    /// All versions.
    pub resources: Vec<AlterConfigsResource>,
    /// All versions.
    pub validate_only: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for AlterConfigsRequest {
    const NAME: &'static str = "AlterConfigsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for AlterConfigsRequest {
    const KEY: ApiKey = ApiKey::AlterConfigs;
    type Response = super::alter_configs_response::AlterConfigsResponse;
}

impl Element for AlterConfigsRequest {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterConfigsRequest, DecodeError> {
        let form = Form::of(version, 2);
        Ok(AlterConfigsRequest {
            resources: reader.array(form, version)?,
            validate_only: reader.bool()?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.array(form, &self.resources, version)?;
        writer.bool(self.validate_only);
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AlterConfigsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterConfigsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("resources", &self.resources, version);
        object.field("validateOnly", &self.validate_only, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterConfigsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterConfigsRequest {
        AlterConfigsRequest {
            resources: random.array(version),
            validate_only: random.bool(),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`AlterConfigsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterConfigsResource {
    /// All versions; key of its array.
    pub resource_type: i8,
    /// All versions; key of its array.
    pub resource_name: Str,
    /// All versions.
    pub configs: Vec<AlterableConfig>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for AlterConfigsResource {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterConfigsResource, DecodeError> {
        let form = Form::of(version, 2);
        Ok(AlterConfigsResource {
            resource_type: reader.i8()?,
            resource_name: reader.string(form)?,
            configs: reader.array(form, version)?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.i8(self.resource_type);
        writer.string(form, &self.resource_name)?;
        writer.array(form, &self.configs, version)?;
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AlterConfigsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterConfigsResource {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("resourceType", &self.resource_type, version);
        object.field("resourceName", &self.resource_name, version);
        object.field("configs", &self.configs, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterConfigsResource {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterConfigsResource {
        AlterConfigsResource {
            resource_type: random.i8(),
            resource_name: random.string(),
            configs: random.array(version),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`AlterConfigsRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct AlterableConfig {
    /// All versions; key of its array.
    pub name: Str,
    /// All versions.
    pub value: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AlterableConfig {
    fn default() -> AlterableConfig {
        AlterableConfig {
            name: Str::default(),
            value: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for AlterableConfig {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterableConfig, DecodeError> {
        let form = Form::of(version, 2);
        Ok(AlterableConfig {
            name: reader.string(form)?,
            value: reader.nullable_string(form)?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.string(form, &self.name)?;
        writer.nullable_string(form, self.value.as_ref())?;
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AlterConfigsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterableConfig {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("value", &self.value, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterableConfig {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterableConfig {
        AlterableConfig {
            name: random.string(),
            value: random.is_some().then(|| random.string()),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
