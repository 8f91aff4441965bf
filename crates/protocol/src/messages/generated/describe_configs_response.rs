//! Generated from `schemas/DescribeConfigsResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DescribeConfigsResponse` (response, key 32): versions 1-4, flexible 4+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeConfigsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub results: Vec<DescribeConfigsResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DescribeConfigsResponse {
    const NAME: &'static str = "DescribeConfigsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=4;
    const FLEXIBLE_FROM: Option<i16> = Some(4);
}

impl Element for DescribeConfigsResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeConfigsResponse, DecodeError> {
        let form = Form::of(version, 4);
        Ok(DescribeConfigsResponse {
            throttle_time_ms: reader.i32()?,
            results: reader.array(form, version)?,
            unknown_tagged_fields: if version == 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.i32(self.throttle_time_ms);
        writer.array(form, &self.results, version)?;
        if version == 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeConfigsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeConfigsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("results", &self.results, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeConfigsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeConfigsResponse {
        DescribeConfigsResponse {
            throttle_time_ms: random.i32(),
            results: random.array(version),
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeConfigsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeConfigsResult {
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub error_message: Option<Str>,
    /// All versions.
    pub resource_type: i8,
    /// All versions.
    pub resource_name: Str,
    /// All versions.
    pub configs: Vec<DescribeConfigsResourceResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeConfigsResult {
    fn default() -> DescribeConfigsResult {
        DescribeConfigsResult {
            error_code: 0,
            error_message: Some(Str::default()),
            resource_type: 0,
            resource_name: Str::default(),
            configs: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for DescribeConfigsResult {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeConfigsResult, DecodeError> {
        let form = Form::of(version, 4);
        Ok(DescribeConfigsResult {
            error_code: reader.i16()?,
            error_message: reader.nullable_string(form)?,
            resource_type: reader.i8()?,
            resource_name: reader.string(form)?,
            configs: reader.array(form, version)?,
            unknown_tagged_fields: if version == 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.i16(self.error_code);
        writer.nullable_string(form, self.error_message.as_ref())?;
        writer.i8(self.resource_type);
        writer.string(form, &self.resource_name)?;
        writer.array(form, &self.configs, version)?;
        if version == 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeConfigsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeConfigsResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);
        object.field("resourceType", &self.resource_type, version);
        object.field("resourceName", &self.resource_name, version);
        object.field("configs", &self.configs, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeConfigsResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeConfigsResult {
        DescribeConfigsResult {
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            resource_type: random.i8(),
            resource_name: random.string(),
            configs: random.array(version),
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeConfigsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeConfigsResourceResult {
    /// All versions.
    pub name: Str,
    /// All versions.
    pub value: Option<Str>,
    /// All versions.
    pub read_only: bool,
    /// All versions; default -1.
    pub config_source: i8,
    /// All versions.
    pub is_sensitive: bool,
    /// All versions.
    pub synonyms: Vec<DescribeConfigsSynonym>,
    /// Versions 3+; lost in others.
    pub config_type: i8,
    /// Versions 3+; lost in others.
    pub documentation: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeConfigsResourceResult {
    fn default() -> DescribeConfigsResourceResult {
        DescribeConfigsResourceResult {
            name: Str::default(),
            value: Some(Str::default()),
            read_only: false,
            config_source: -1,
            is_sensitive: false,
            synonyms: Vec::new(),
            config_type: 0,
            documentation: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for DescribeConfigsResourceResult {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeConfigsResourceResult, DecodeError> {
        let form = Form::of(version, 4);
        Ok(DescribeConfigsResourceResult {
            name: reader.string(form)?,
            value: reader.nullable_string(form)?,
            read_only: reader.bool()?,
            config_source: reader.i8()?,
            is_sensitive: reader.bool()?,
            synonyms: reader.array(form, version)?,
            config_type: if version >= 3 { reader.i8()? } else { 0 },
            documentation: if version >= 3 { reader.nullable_string(form)? } else { Some(Str::default()) },
            unknown_tagged_fields: if version == 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.string(form, &self.name)?;
        writer.nullable_string(form, self.value.as_ref())?;
        writer.bool(self.read_only);
        writer.i8(self.config_source);
        writer.bool(self.is_sensitive);
        writer.array(form, &self.synonyms, version)?;
        if version >= 3 {
            writer.i8(self.config_type);
        }
        if version >= 3 {
            writer.nullable_string(form, self.documentation.as_ref())?;
        }
        if version == 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeConfigsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeConfigsResourceResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("value", &self.value, version);
        object.field("readOnly", &self.read_only, version);
        object.field("configSource", &self.config_source, version);
        object.field("isSensitive", &self.is_sensitive, version);
        object.field("synonyms", &self.synonyms, version);
        if version >= 3 {
            object.field("configType", &self.config_type, version);
        }
        if version >= 3 {
            object.field("documentation", &self.documentation, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeConfigsResourceResult {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeConfigsResourceResult {
        DescribeConfigsResourceResult {
            name: random.string(),
            value: random.is_some().then(|| random.string()),
            read_only: random.bool(),
            config_source: random.i8(),
            is_sensitive: random.bool(),
            synonyms: random.array(version),
            config_type: if version >= 3 { random.i8() } else { 0 },
            documentation: if version >= 3 {
                random.is_some().then(|| random.string())
            } else {
                Some(Str::default())
            },
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeConfigsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeConfigsSynonym {
    /// All versions.
    pub name: Str,
    /// All versions.
    pub value: Option<Str>,
    /// All versions.
    pub source: i8,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeConfigsSynonym {
    fn default() -> DescribeConfigsSynonym {
        DescribeConfigsSynonym {
            name: Str::default(),
            value: Some(Str::default()),
            source: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for DescribeConfigsSynonym {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeConfigsSynonym, DecodeError> {
        let form = Form::of(version, 4);
        Ok(DescribeConfigsSynonym {
            name: reader.string(form)?,
            value: reader.nullable_string(form)?,
            source: reader.i8()?,
            unknown_tagged_fields: if version == 4 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.string(form, &self.name)?;
        writer.nullable_string(form, self.value.as_ref())?;
        writer.i8(self.source);
        if version == 4 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeConfigsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeConfigsSynonym {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("value", &self.value, version);
        object.field("source", &self.source, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeConfigsSynonym {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeConfigsSynonym {
        DescribeConfigsSynonym {
            name: random.string(),
            value: random.is_some().then(|| random.string()),
            source: random.i8(),
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
