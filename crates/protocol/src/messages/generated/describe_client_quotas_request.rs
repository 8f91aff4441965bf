//! Generated from `schemas/DescribeClientQuotasRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `DescribeClientQuotasRequest` (request, key 48): versions 0-1, flexible 1+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeClientQuotasRequest {
    /// All versions.
    pub components: Vec<ComponentData>,
    /// All versions.
    pub strict: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DescribeClientQuotasRequest {
    const NAME: &'static str = "DescribeClientQuotasRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(1);
}

impl Request for DescribeClientQuotasRequest {
    const KEY: ApiKey = ApiKey::DescribeClientQuotas;
    type Response = super::describe_client_quotas_response::DescribeClientQuotasResponse;
}

impl Element for DescribeClientQuotasRequest {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeClientQuotasRequest, DecodeError> {
        let form = Form::of(version, 1);
        Ok(DescribeClientQuotasRequest {
            components: reader.array(form, version)?,
            strict: reader.bool()?,
            unknown_tagged_fields: if version == 1 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 1);
        writer.array(form, &self.components, version)?;
        writer.bool(self.strict);
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeClientQuotasRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeClientQuotasRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("components", &self.components, version);
        object.field("strict", &self.strict, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeClientQuotasRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeClientQuotasRequest {
        DescribeClientQuotasRequest {
            components: random.array(version),
            strict: random.bool(),
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeClientQuotasRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentData {
    /// All versions.
    pub entity_type: Str,
    /// All versions.
    pub match_type: i8,
    /// All versions.
    pub r#match: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ComponentData {
    fn default() -> ComponentData {
        ComponentData {
            entity_type: Str::default(),
            match_type: 0,
            r#match: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for ComponentData {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<ComponentData, DecodeError> {
        let form = Form::of(version, 1);
        Ok(ComponentData {
            entity_type: reader.string(form)?,
            match_type: reader.i8()?,
            r#match: reader.nullable_string(form)?,
            unknown_tagged_fields: if version == 1 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 1);
        writer.string(form, &self.entity_type)?;
        writer.i8(self.match_type);
        writer.nullable_string(form, self.r#match.as_ref())?;
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeClientQuotasRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ComponentData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("entityType", &self.entity_type, version);
        object.field("matchType", &self.match_type, version);
        object.field("match", &self.r#match, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ComponentData {
    fn random(random: &mut crate::testing::Source, version: i16) -> ComponentData {
        ComponentData {
            entity_type: random.string(),
            match_type: random.i8(),
            r#match: random.is_some().then(|| random.string()),
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
