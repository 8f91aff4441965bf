//! Generated from `schemas/ApiVersionsResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `ApiVersionsResponse` (response, key 18): versions 0-5, flexible 3+.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiVersionsResponse {
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub api_keys: Vec<ApiVersion>,
    /// Versions 1+; lost in others.
    pub throttle_time_ms: i32,
    /// Versions 3+; tag 0; lost in others.
    pub supported_features: Vec<SupportedFeatureKey>,
    /// Versions 3+; tag 1; default -1; lost in others.
    pub finalized_features_epoch: i64,
    /// Versions 3+; tag 2; lost in others.
    pub finalized_features: Vec<FinalizedFeatureKey>,
    /// Versions 3+; tag 3; lost in others.
    pub zk_migration_ready: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ApiVersionsResponse {
    fn default() -> ApiVersionsResponse {
        ApiVersionsResponse {
            error_code: 0,
            api_keys: Vec::new(),
            throttle_time_ms: 0,
            supported_features: Vec::new(),
            finalized_features_epoch: -1,
            finalized_features: Vec::new(),
            zk_migration_ready: false,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for ApiVersionsResponse {
    const NAME: &'static str = "ApiVersionsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=5;
    const FLEXIBLE_FROM: Option<i16> = Some(3);
}

impl Element for ApiVersionsResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<ApiVersionsResponse, DecodeError> {
        let form = Form::of(version, 3);
        let mut value = ApiVersionsResponse {
            error_code: reader.i16()?,
            api_keys: reader.array(form, version)?,
            throttle_time_ms: if version >= 1 { reader.i32()? } else { 0 },
            supported_features: Vec::new(),
            finalized_features_epoch: -1,
            finalized_features: Vec::new(),
            zk_migration_ready: false,
            unknown_tagged_fields: TaggedFields::default(),
        };
        if version >= 3 {
            for _ in 0..reader.tagged_count()? {
                let (tag, size) = reader.tag_and_size()?;
                let start = reader.position();
                match tag {
                    0 => value.supported_features = reader.array(Form::Flexible, version)?,
                    1 => value.finalized_features_epoch = reader.i64()?,
                    2 => value.finalized_features = reader.array(Form::Flexible, version)?,
                    3 => value.zk_migration_ready = reader.bool()?,
                    _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
                }
                reader.end_tagged(tag, start, size)?;
            }
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        writer.i16(self.error_code);
        writer.array(form, &self.api_keys, version)?;
        if version >= 1 {
            writer.i32(self.throttle_time_ms);
        }
        if version >= 3 {
            let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
            if !self.supported_features.is_empty() {
                let mark = tagged.field(writer, 0)?;
                writer.array(Form::Flexible, &self.supported_features, version)?;
                writer.end_tagged(mark)?;
            }
            if self.finalized_features_epoch != -1 {
                let mark = tagged.field(writer, 1)?;
                writer.i64(self.finalized_features_epoch);
                writer.end_tagged(mark)?;
            }
            if !self.finalized_features.is_empty() {
                let mark = tagged.field(writer, 2)?;
                writer.array(Form::Flexible, &self.finalized_features, version)?;
                writer.end_tagged(mark)?;
            }
            if self.zk_migration_ready {
                let mark = tagged.field(writer, 3)?;
                writer.bool(self.zk_migration_ready);
                writer.end_tagged(mark)?;
            }
            tagged.finish(writer)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ApiVersionsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ApiVersionsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("apiKeys", &self.api_keys, version);
        if version >= 1 {
            object.field("throttleTimeMs", &self.throttle_time_ms, version);
        }
        if version >= 3 && !self.supported_features.is_empty() {
            object.field("supportedFeatures", &self.supported_features, version);
        }
        if version >= 3 && self.finalized_features_epoch != -1 {
            object.field("finalizedFeaturesEpoch", &self.finalized_features_epoch, version);
        }
        if version >= 3 && !self.finalized_features.is_empty() {
            object.field("finalizedFeatures", &self.finalized_features, version);
        }
        if version >= 3 && self.zk_migration_ready {
            object.field("zkMigrationReady", &self.zk_migration_ready, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ApiVersionsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ApiVersionsResponse {
        ApiVersionsResponse {
            error_code: random.i16(),
            api_keys: random.array(version),
            throttle_time_ms: if version >= 1 { random.i32() } else { 0 },
            supported_features: if version >= 3 { random.array(version) } else { Vec::new() },
            finalized_features_epoch: if version >= 3 { random.i64() } else { -1 },
            finalized_features: if version >= 3 { random.array(version) } else { Vec::new() },
            zk_migration_ready: if version >= 3 { random.bool() } else { false },
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(4)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ApiVersionsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ApiVersion {
    /// All versions; key of its array.
    pub api_key: i16,
    /// All versions.
    pub min_version: i16,
    /// All versions.
    pub max_version: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ApiVersion {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<ApiVersion, DecodeError> {
        Ok(ApiVersion {
            api_key: reader.i16()?,
            min_version: reader.i16()?,
            max_version: reader.i16()?,
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i16(self.api_key);
        writer.i16(self.min_version);
        writer.i16(self.max_version);
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ApiVersionsResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ApiVersion {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("apiKey", &self.api_key, version);
        object.field("minVersion", &self.min_version, version);
        object.field("maxVersion", &self.max_version, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ApiVersion {
    fn random(random: &mut crate::testing::Source, version: i16) -> ApiVersion {
        ApiVersion {
            api_key: random.i16(),
            min_version: random.i16(),
            max_version: random.i16(),
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`ApiVersionsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SupportedFeatureKey {
    /// All versions; key of its array.
    pub name: Str,
    /// All versions.
    pub min_version: i16,
    /// All versions.
    pub max_version: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for SupportedFeatureKey {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<SupportedFeatureKey, DecodeError> {
        Ok(SupportedFeatureKey {
            name: reader.string(Form::Flexible)?,
            min_version: reader.i16()?,
            max_version: reader.i16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.i16(self.min_version);
        writer.i16(self.max_version);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for SupportedFeatureKey {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("minVersion", &self.min_version, version);
        object.field("maxVersion", &self.max_version, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for SupportedFeatureKey {
    fn random(random: &mut crate::testing::Source, _version: i16) -> SupportedFeatureKey {
        SupportedFeatureKey {
            name: random.string(),
            min_version: random.i16(),
            max_version: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ApiVersionsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FinalizedFeatureKey {
    /// All versions; key of its array.
    pub name: Str,
    /// All versions.
    pub max_version_level: i16,
    /// All versions.
    pub min_version_level: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for FinalizedFeatureKey {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<FinalizedFeatureKey, DecodeError> {
        Ok(FinalizedFeatureKey {
            name: reader.string(Form::Flexible)?,
            max_version_level: reader.i16()?,
            min_version_level: reader.i16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.i16(self.max_version_level);
        writer.i16(self.min_version_level);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FinalizedFeatureKey {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("maxVersionLevel", &self.max_version_level, version);
        object.field("minVersionLevel", &self.min_version_level, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for FinalizedFeatureKey {
    fn random(random: &mut crate::testing::Source, _version: i16) -> FinalizedFeatureKey {
        FinalizedFeatureKey {
            name: random.string(),
            max_version_level: random.i16(),
            min_version_level: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
