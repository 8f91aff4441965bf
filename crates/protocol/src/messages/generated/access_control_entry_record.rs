//! Generated from `schemas/AccessControlEntryRecord.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `AccessControlEntryRecord` (metadata, key 18): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccessControlEntryRecord {
    /// All versions.
    pub id: Uuid,
    /// All versions.
    pub resource_type: i8,
    /// All versions.
    pub resource_name: Str,
    /// All versions.
    pub pattern_type: i8,
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

impl Message for AccessControlEntryRecord {
    const NAME: &'static str = "AccessControlEntryRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for AccessControlEntryRecord {
    const MIN_LEN: usize = 24;

    fn read(reader: &mut Reader, _version: i16) -> Result<AccessControlEntryRecord, DecodeError> {
        Ok(AccessControlEntryRecord {
            id: reader.uuid()?,
            resource_type: reader.i8()?,
            resource_name: reader.string(Form::Flexible)?,
            pattern_type: reader.i8()?,
            principal: reader.string(Form::Flexible)?,
            host: reader.string(Form::Flexible)?,
            operation: reader.i8()?,
            permission_type: reader.i8()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.id);
        writer.i8(self.resource_type);
        writer.string(Form::Flexible, &self.resource_name)?;
        writer.i8(self.pattern_type);
        writer.string(Form::Flexible, &self.principal)?;
        writer.string(Form::Flexible, &self.host)?;
        writer.i8(self.operation);
        writer.i8(self.permission_type);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AccessControlEntryRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("id", &self.id, version);
        object.field("resourceType", &self.resource_type, version);
        object.field("resourceName", &self.resource_name, version);
        object.field("patternType", &self.pattern_type, version);
        object.field("principal", &self.principal, version);
        object.field("host", &self.host, version);
        object.field("operation", &self.operation, version);
        object.field("permissionType", &self.permission_type, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AccessControlEntryRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> AccessControlEntryRecord {
        AccessControlEntryRecord {
            id: random.uuid(),
            resource_type: random.i8(),
            resource_name: random.string(),
            pattern_type: random.i8(),
            principal: random.string(),
            host: random.string(),
            operation: random.i8(),
            permission_type: random.i8(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
