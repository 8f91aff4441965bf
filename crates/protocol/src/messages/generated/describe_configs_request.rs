//! Generated from `schemas/DescribeConfigsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `DescribeConfigsRequest` (request, key 32): versions 1-4, flexible 4+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeConfigsRequest {
    /// All versions.
    pub resources: Vec<DescribeConfigsResource>,
    /// All versions.
    pub include_synonyms: bool,
    /// Versions 3+.
    pub include_documentation: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DescribeConfigsRequest {
    const NAME: &'static str = "DescribeConfigsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=4;
    const FLEXIBLE_FROM: Option<i16> = Some(4);
}

impl Request for DescribeConfigsRequest {
    const KEY: ApiKey = ApiKey::DescribeConfigs;
    type Response = super::describe_configs_response::DescribeConfigsResponse;
}

impl Element for DescribeConfigsRequest {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeConfigsRequest, DecodeError> {
        let form = Form::of(version, 4);
        Ok(DescribeConfigsRequest {
            resources: reader.array(form, version)?,
            include_synonyms: reader.bool()?,
            include_documentation: if version >= 3 { reader.bool()? } else { false },
            unknown_tagged_fields: if version == 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.array(form, &self.resources, version)?;
        writer.bool(self.include_synonyms);
        if version >= 3 {
            writer.bool(self.include_documentation);
        } else if self.include_documentation {
            return Err(EncodeError::NotInVersion {
                message: "DescribeConfigsRequest",
                field: "IncludeDocumentation",
                version,
            });
        }
        if version == 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeConfigsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeConfigsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("resources", &self.resources, version);
        object.field("includeSynonyms", &self.include_synonyms, version);
        if version >= 3 {
            object.field("includeDocumentation", &self.include_documentation, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeConfigsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeConfigsRequest {
        DescribeConfigsRequest {
            resources: random.array(version),
            include_synonyms: random.bool(),
            include_documentation: if version >= 3 { random.bool() } else { false },
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeConfigsRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeConfigsResource {
    /// All versions.
    pub resource_type: i8,
    /// All versions.
    pub resource_name: Str,
    /// All versions.
    pub configuration_keys: Option<Vec<Str>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeConfigsResource {
    fn default() -> DescribeConfigsResource {
        DescribeConfigsResource {
            resource_type: 0,
            resource_name: Str::default(),
            configuration_keys: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for DescribeConfigsResource {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeConfigsResource, DecodeError> {
        let form = Form::of(version, 4);
        Ok(DescribeConfigsResource {
            resource_type: reader.i8()?,
            resource_name: reader.string(form)?,
            configuration_keys: reader.nullable_strings(form)?,
            unknown_tagged_fields: if version == 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.i8(self.resource_type);
        writer.string(form, &self.resource_name)?;
        writer.nullable_strings(form, self.configuration_keys.as_deref())?;
        if version == 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeConfigsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeConfigsResource {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("resourceType", &self.resource_type, version);
        object.field("resourceName", &self.resource_name, version);
        object.field("configurationKeys", &self.configuration_keys, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeConfigsResource {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeConfigsResource {
        DescribeConfigsResource {
            resource_type: random.i8(),
            resource_name: random.string(),
            configuration_keys: random.is_some().then(|| random.strings()),
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
