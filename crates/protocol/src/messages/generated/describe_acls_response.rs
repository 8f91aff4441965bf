//! Generated from `schemas/DescribeAclsResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DescribeAclsResponse` (response, key 29): versions 1-3, flexible 2+.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeAclsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub error_message: Option<Str>,
    /// All versions.
    pub resources: Vec<DescribeAclsResource>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeAclsResponse {
    fn default() -> DescribeAclsResponse {
        DescribeAclsResponse {
            throttle_time_ms: 0,
            error_code: 0,
            error_message: Some(Str::default()),
            resources: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for DescribeAclsResponse {
    const NAME: &'static str = "DescribeAclsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=3;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Element for DescribeAclsResponse {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeAclsResponse, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DescribeAclsResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            error_message: reader.nullable_string(form)?,
            resources: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        writer.nullable_string(form, self.error_message.as_ref())?;
        writer.array(form, &self.resources, version)?;
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeAclsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeAclsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);
        object.field("resources", &self.resources, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeAclsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeAclsResponse {
        DescribeAclsResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            resources: random.array(version),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeAclsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeAclsResource {
    /// All versions.
    pub resource_type: i8,
    /// All versions.
    pub resource_name: Str,
    /// All versions; default 3.
    pub pattern_type: i8,
    /// All versions.
    pub acls: Vec<AclDescription>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeAclsResource {
    fn default() -> DescribeAclsResource {
        DescribeAclsResource {
            resource_type: 0,
            resource_name: Str::default(),
            pattern_type: 3,
            acls: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for DescribeAclsResource {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeAclsResource, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DescribeAclsResource {
            resource_type: reader.i8()?,
            resource_name: reader.string(form)?,
            pattern_type: reader.i8()?,
            acls: reader.array(form, version)?,
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
        writer.i8(self.pattern_type);
        writer.array(form, &self.acls, version)?;
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeAclsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeAclsResource {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("resourceType", &self.resource_type, version);
        object.field("resourceName", &self.resource_name, version);
        object.field("patternType", &self.pattern_type, version);
        object.field("acls", &self.acls, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeAclsResource {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeAclsResource {
        DescribeAclsResource {
            resource_type: random.i8(),
            resource_name: random.string(),
            pattern_type: random.i8(),
            acls: random.array(version),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeAclsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AclDescription {
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

impl Element for AclDescription {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, version: i16) -> Result<AclDescription, DecodeError> {
        let form = Form::of(version, 2);
        Ok(AclDescription {
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
        writer.string(form, &self.principal)?;
        writer.string(form, &self.host)?;
        writer.i8(self.operation);
        writer.i8(self.permission_type);
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeAclsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AclDescription {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("principal", &self.principal, version);
        object.field("host", &self.host, version);
        object.field("operation", &self.operation, version);
        object.field("permissionType", &self.permission_type, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AclDescription {
    fn random(random: &mut crate::testing::Source, version: i16) -> AclDescription {
        AclDescription {
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
