//! Generated from `schemas/CreateAclsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `CreateAclsRequest` (request, key 30): versions 1-3, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreateAclsRequest {
    /// All versions.
    pub creations: Vec<AclCreation>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for CreateAclsRequest {
    const NAME: &'static str = "CreateAclsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=3;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for CreateAclsRequest {
    const KEY: ApiKey = ApiKey::CreateAcls;
    type Response = super::create_acls_response::CreateAclsResponse;
}

impl Element for CreateAclsRequest {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<CreateAclsRequest, DecodeError> {
        let form = Form::of(version, 2);
        Ok(CreateAclsRequest {
            creations: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.array(form, &self.creations, version)?;
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "CreateAclsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CreateAclsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("creations", &self.creations, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CreateAclsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> CreateAclsRequest {
        CreateAclsRequest {
            creations: random.array(version),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`CreateAclsRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct AclCreation {
    /// All versions.
    pub resource_type: i8,
    /// All versions.
    pub resource_name: Str,
    /// All versions; default 3.
    pub resource_pattern_type: i8,
    /// All versions.
    pub principal: Str,
    /// All versions.
    pub host: Str,
    /// All versions.
    pub operation: i8,
    /// All versions.
    pub permission_type: i8,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AclCreation {
    fn default() -> AclCreation {
        AclCreation {
            resource_type: 0,
            resource_name: Str::default(),
            resource_pattern_type: 3,
            principal: Str::default(),
            host: Str::default(),
            operation: 0,
            permission_type: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for AclCreation {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<AclCreation, DecodeError> {
        let form = Form::of(version, 2);
        Ok(AclCreation {
            resource_type: reader.i8()?,
            resource_name: reader.string(form)?,
            resource_pattern_type: reader.i8()?,
            principal: reader.string(form)?,
            host: reader.string(form)?,
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
        writer.i8(self.resource_type);
        writer.string(form, &self.resource_name)?;
        writer.i8(self.resource_pattern_type);
        writer.string(form, &self.principal)?;
        writer.string(form, &self.host)?;
        writer.i8(self.operation);
        writer.i8(self.permission_type);
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "CreateAclsRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AclCreation {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("resourceType", &self.resource_type, version);
        object.field("resourceName", &self.resource_name, version);
        object.field("resourcePatternType", &self.resource_pattern_type, version);
        object.field("principal", &self.principal, version);
        object.field("host", &self.host, version);
        object.field("operation", &self.operation, version);
        object.field("permissionType", &self.permission_type, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AclCreation {
    fn random(random: &mut crate::testing::Source, version: i16) -> AclCreation {
        AclCreation {
            resource_type: random.i8(),
            resource_name: random.string(),
            resource_pattern_type: random.i8(),
            principal: random.string(),
            host: random.string(),
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
