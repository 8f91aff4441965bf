//! Generated from `schemas/ClientQuotaRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ClientQuotaRecord` (metadata, key 14): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClientQuotaRecord {
    /// All versions.
    pub entity: Vec<EntityData>,
    /// All versions.
    pub key: Str,
    /// All versions.
    pub value: f64,
    /// All versions.
    pub remove: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ClientQuotaRecord {
    const NAME: &'static str = "ClientQuotaRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ClientQuotaRecord {
    const MIN_LEN: usize = 12;

    fn read(reader: &mut Reader, version: i16) -> Result<ClientQuotaRecord, DecodeError> {
        Ok(ClientQuotaRecord {
            entity: reader.array(Form::Flexible, version)?,
            key: reader.string(Form::Flexible)?,
            value: reader.f64()?,
            remove: reader.bool()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.entity, version)?;
        writer.string(Form::Flexible, &self.key)?;
        writer.f64(self.value);
        writer.bool(self.remove);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ClientQuotaRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("entity", &self.entity, version);
        object.field("key", &self.key, version);
        object.field("value", &self.value, version);
        object.field("remove", &self.remove, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ClientQuotaRecord {
    fn random(random: &mut crate::testing::Source, version: i16) -> ClientQuotaRecord {
        ClientQuotaRecord {
            entity: random.array(version),
            key: random.string(),
            value: random.f64(),
            remove: random.bool(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ClientQuotaRecord`].
#[derive(Clone, Debug, PartialEq)]
pub struct EntityData {
    /// All versions.
    pub entity_type: Str,
    /// All versions.
    pub entity_name: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for EntityData {
    fn default() -> EntityData {
        EntityData {
            entity_type: Str::default(),
            entity_name: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for EntityData {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<EntityData, DecodeError> {
        Ok(EntityData {
            entity_type: reader.string(Form::Flexible)?,
            entity_name: reader.nullable_string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.entity_type)?;
        writer.nullable_string(Form::Flexible, self.entity_name.as_ref())?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for EntityData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("entityType", &self.entity_type, version);
        object.field("entityName", &self.entity_name, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for EntityData {
    fn random(random: &mut crate::testing::Source, _version: i16) -> EntityData {
        EntityData {
            entity_type: random.string(),
            entity_name: random.is_some().then(|| random.string()),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
