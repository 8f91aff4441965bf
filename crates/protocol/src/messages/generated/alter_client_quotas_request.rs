//! Generated from `schemas/AlterClientQuotasRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `AlterClientQuotasRequest` (request, key 49): versions 0-1, flexible 1+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterClientQuotasRequest {
    /// All versions.
    pub entries: Vec<EntryData>,
    /// All versions.
    pub validate_only: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for AlterClientQuotasRequest {
    const NAME: &'static str = "AlterClientQuotasRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(1);
}

impl Request for AlterClientQuotasRequest {
    const KEY: ApiKey = ApiKey::AlterClientQuotas;
    type Response = super::alter_client_quotas_response::AlterClientQuotasResponse;
}

impl Element for AlterClientQuotasRequest {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterClientQuotasRequest, DecodeError> {
        let form = Form::of(version, 1);
        Ok(AlterClientQuotasRequest {
            entries: reader.array(form, version)?,
            validate_only: reader.bool()?,
            unknown_tagged_fields: if version == 1 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 1);
        writer.array(form, &self.entries, version)?;
        writer.bool(self.validate_only);
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AlterClientQuotasRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterClientQuotasRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("entries", &self.entries, version);
        object.field("validateOnly", &self.validate_only, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterClientQuotasRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterClientQuotasRequest {
        AlterClientQuotasRequest {
            entries: random.array(version),
            validate_only: random.bool(),
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`AlterClientQuotasRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntryData {
    /// All versions.
    pub entity: Vec<EntityData>,
    /// All versions.
    pub ops: Vec<OpData>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for EntryData {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<EntryData, DecodeError> {
        let form = Form::of(version, 1);
        Ok(EntryData {
            entity: reader.array(form, version)?,
            ops: reader.array(form, version)?,
            unknown_tagged_fields: if version == 1 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 1);
        writer.array(form, &self.entity, version)?;
        writer.array(form, &self.ops, version)?;
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AlterClientQuotasRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for EntryData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("entity", &self.entity, version);
        object.field("ops", &self.ops, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for EntryData {
    fn random(random: &mut crate::testing::Source, version: i16) -> EntryData {
        EntryData {
            entity: random.array(version),
            ops: random.array(version),
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`AlterClientQuotasRequest`].
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

    fn read(reader: &mut Reader, version: i16) -> Result<EntityData, DecodeError> {
        let form = Form::of(version, 1);
        Ok(EntityData {
            entity_type: reader.string(form)?,
            entity_name: reader.nullable_string(form)?,
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
        writer.nullable_string(form, self.entity_name.as_ref())?;
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AlterClientQuotasRequest", version });
        }
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
    fn random(random: &mut crate::testing::Source, version: i16) -> EntityData {
        EntityData {
            entity_type: random.string(),
            entity_name: random.is_some().then(|| random.string()),
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`AlterClientQuotasRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpData {
    /// All versions.
    pub key: Str,
    /// All versions.
    pub value: f64,
    /// All versions.
    pub remove: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for OpData {
    const MIN_LEN: usize = 11;

    fn read(reader: &mut Reader, version: i16) -> Result<OpData, DecodeError> {
        let form = Form::of(version, 1);
        Ok(OpData {
            key: reader.string(form)?,
            value: reader.f64()?,
            remove: reader.bool()?,
            unknown_tagged_fields: if version == 1 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 1);
        writer.string(form, &self.key)?;
        writer.f64(self.value);
        writer.bool(self.remove);
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "AlterClientQuotasRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OpData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("key", &self.key, version);
        object.field("value", &self.value, version);
        object.field("remove", &self.remove, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OpData {
    fn random(random: &mut crate::testing::Source, version: i16) -> OpData {
        OpData {
            key: random.string(),
            value: random.f64(),
            remove: random.bool(),
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
