//! Generated from `schemas/DescribeAclsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `DescribeAclsRequest` (request, key 29): versions 1-3, flexible 2+.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeAclsRequest {
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

impl Default for DescribeAclsRequest {
    fn default() -> DescribeAclsRequest {
        DescribeAclsRequest {
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

impl Message for DescribeAclsRequest {
    const NAME: &'static str = "DescribeAclsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=3;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for DescribeAclsRequest {
    const KEY: ApiKey = ApiKey::DescribeAcls;
    type Response = super::describe_acls_response::DescribeAclsResponse;
}

impl Element for DescribeAclsRequest {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeAclsRequest, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DescribeAclsRequest {
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
            return Err(EncodeError::TagsNotInVersion { message: "DescribeAclsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeAclsRequest {
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
impl crate::testing::Random for DescribeAclsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeAclsRequest {
        DescribeAclsRequest {
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
