//! Generated from `schemas/ConfigRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ConfigRecord` (metadata, key 4): versions 0, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfigRecord {
    /// All versions.
    pub resource_type: i8,
    /// All versions.
    pub resource_name: Str,
    /// All versions.
    pub name: Str,
    /// All versions.
    pub value: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ConfigRecord {
    fn default() -> ConfigRecord {
        ConfigRecord {
            resource_type: 0,
            resource_name: Str::default(),
            name: Str::default(),
            value: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for ConfigRecord {
    const NAME: &'static str = "ConfigRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ConfigRecord {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<ConfigRecord, DecodeError> {
        Ok(ConfigRecord {
            resource_type: reader.i8()?,
            resource_name: reader.string(Form::Flexible)?,
            name: reader.string(Form::Flexible)?,
            value: reader.nullable_string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i8(self.resource_type);
        writer.string(Form::Flexible, &self.resource_name)?;
        writer.string(Form::Flexible, &self.name)?;
        writer.nullable_string(Form::Flexible, self.value.as_ref())?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ConfigRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("resourceType", &self.resource_type, version);
        object.field("resourceName", &self.resource_name, version);
        object.field("name", &self.name, version);
        object.field("value", &self.value, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConfigRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ConfigRecord {
        ConfigRecord {
            resource_type: random.i8(),
            resource_name: random.string(),
            name: random.string(),
            value: random.is_some().then(|| random.string()),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
