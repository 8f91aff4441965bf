//! Generated from `schemas/DeleteAclsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `DeleteAclsRequest` (request, key 31): versions 1-3, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeleteAclsRequest {
    /// All versions.
    pub filters: Vec<DeleteAclsFilter>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DeleteAclsRequest {
    const NAME: &'static str = "DeleteAclsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=3;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for DeleteAclsRequest {
    const KEY: ApiKey = ApiKey::DeleteAcls;
    type Response = super::delete_acls_response::DeleteAclsResponse;
}

impl Element for DeleteAclsRequest {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<DeleteAclsRequest, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DeleteAclsRequest {
            filters: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.array(form, &self.filters, version)?;
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DeleteAclsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteAclsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("filters", &self.filters, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteAclsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> DeleteAclsRequest {
        DeleteAclsRequest {
            filters: random.array(version),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DeleteAclsRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct DeleteAclsFilter {
    /// All versions.
    pub resource_type_filter: i8,
    /// All versions.
    pub resource_name_filter: Option<Str>,
    /// All versions; default 3.
    pub pattern_type_filter: i8,
    /// All versions.
    pub principal_filter: Option<Str>,
    /// All versions.
    pub host_filter: Option<Str>,
    /// All versions.
    pub operation: i8,
    /// All versions.
    pub permission_type: i8,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DeleteAclsFilter {
    fn default() -> DeleteAclsFilter {
        DeleteAclsFilter {
            resource_type_filter: 0,
            resource_name_filter: Some(Str::default()),
            pattern_type_filter: 3,
            principal_filter: Some(Str::default()),
            host_filter: Some(Str::default()),
            operation: 0,
            permission_type: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for DeleteAclsFilter {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<DeleteAclsFilter, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DeleteAclsFilter {
            resource_type_filter: reader.i8()?,
            resource_name_filter: reader.nullable_string(form)?,
            pattern_type_filter: reader.i8()?,
            principal_filter: reader.nullable_string(form)?,
            host_filter: reader.nullable_string(form)?,
            operation: reader.i8()?,
            permission_type: reader.i8()?,
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.i8(self.resource_type_filter);
        writer.nullable_string(form, self.resource_name_filter.as_ref())?;
        writer.i8(self.pattern_type_filter);
        writer.nullable_string(form, self.principal_filter.as_ref())?;
        writer.nullable_string(form, self.host_filter.as_ref())?;
        writer.i8(self.operation);
        writer.i8(self.permission_type);
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DeleteAclsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DeleteAclsFilter {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("resourceTypeFilter", &self.resource_type_filter, version);
        object.field("resourceNameFilter", &self.resource_name_filter, version);
        object.field("patternTypeFilter", &self.pattern_type_filter, version);
        object.field("principalFilter", &self.principal_filter, version);
        object.field("hostFilter", &self.host_filter, version);
        object.field("operation", &self.operation, version);
        object.field("permissionType", &self.permission_type, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DeleteAclsFilter {
    fn random(random: &mut crate::testing::Source, version: i16) -> DeleteAclsFilter {
        DeleteAclsFilter {
            resource_type_filter: random.i8(),
            resource_name_filter: random.is_some().then(|| random.string()),
            pattern_type_filter: random.i8(),
            principal_filter: random.is_some().then(|| random.string()),
            host_filter: random.is_some().then(|| random.string()),
            operation: random.i8(),
            permission_type: random.i8(),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
