//! Generated from `schemas/DescribeClientQuotasResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DescribeClientQuotasResponse` (response, key 48): versions 0-1, flexible 1+.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeClientQuotasResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub error_message: Option<Str>,
    /// All versions.
    pub entries: Option<Vec<EntryData>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeClientQuotasResponse {
    fn default() -> DescribeClientQuotasResponse {
        DescribeClientQuotasResponse {
            throttle_time_ms: 0,
            error_code: 0,
            error_message: Some(Str::default()),
            entries: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for DescribeClientQuotasResponse {
    const NAME: &'static str = "DescribeClientQuotasResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(1);
}

impl Element for DescribeClientQuotasResponse {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeClientQuotasResponse, DecodeError> {
        let form = Form::of(version, 1);
        Ok(DescribeClientQuotasResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            error_message: reader.nullable_string(form)?,
            entries: reader.nullable_array(form, version)?,
            unknown_tagged_fields: if version == 1 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 1);
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        writer.nullable_string(form, self.error_message.as_ref())?;
        writer.nullable_array(form, self.entries.as_deref(), version)?;
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeClientQuotasResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeClientQuotasResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);
        object.field("entries", &self.entries, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeClientQuotasResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeClientQuotasResponse {
        DescribeClientQuotasResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            entries: random.is_some().then(|| random.array(version)),
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeClientQuotasResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntryData {
    /// All versions.
    pub entity: Vec<EntityData>,
    /// All versions.
    pub values: Vec<ValueData>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for EntryData {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<EntryData, DecodeError> {
        let form = Form::of(version, 1);
        Ok(EntryData {
            entity: reader.array(form, version)?,
            values: reader.array(form, version)?,
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
        writer.array(form, &self.values, version)?;
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeClientQuotasResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for EntryData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("entity", &self.entity, version);
        object.field("values", &self.values, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for EntryData {
    fn random(random: &mut crate::testing::Source, version: i16) -> EntryData {
        EntryData {
            entity: random.array(version),
            values: random.array(version),
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeClientQuotasResponse`].
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
            return Err(EncodeError::TagsNotInVersion { message: "DescribeClientQuotasResponse", version });
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

/// Part of [`DescribeClientQuotasResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueData {
    /// All versions.
    pub key: Str,
    /// All versions.
    pub value: f64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ValueData {
    const MIN_LEN: usize = 10;

    fn read(reader: &mut Reader, version: i16) -> Result<ValueData, DecodeError> {
        let form = Form::of(version, 1);
        Ok(ValueData {
            key: reader.string(form)?,
            value: reader.f64()?,
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
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "DescribeClientQuotasResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ValueData {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("key", &self.key, version);
        object.field("value", &self.value, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ValueData {
    fn random(random: &mut crate::testing::Source, version: i16) -> ValueData {
        ValueData {
            key: random.string(),
            value: random.f64(),
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
