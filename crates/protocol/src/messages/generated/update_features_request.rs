//! Generated from `schemas/UpdateFeaturesRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `UpdateFeaturesRequest` (request, key 57): versions 0-2, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateFeaturesRequest {
    /// All versions; default 60000.
    pub timeout_ms: i32,
    /// All versions.
    pub feature_updates: Vec<FeatureUpdateKey>,
    /// Versions 1+.
    pub validate_only: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for UpdateFeaturesRequest {
    fn default() -> UpdateFeaturesRequest {
        UpdateFeaturesRequest {
            timeout_ms: 60000,
            feature_updates: Vec::new(),
            validate_only: false,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for UpdateFeaturesRequest {
    const NAME: &'static str = "UpdateFeaturesRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for UpdateFeaturesRequest {
    const KEY: ApiKey = ApiKey::UpdateFeatures;
    type Response = super::update_features_response::UpdateFeaturesResponse;
}

impl Element for UpdateFeaturesRequest {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<UpdateFeaturesRequest, DecodeError> {
        Ok(UpdateFeaturesRequest {
            timeout_ms: reader.i32()?,
            feature_updates: reader.array(Form::Flexible, version)?,
            validate_only: if version >= 1 { reader.bool()? } else { false },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.timeout_ms);
        writer.array(Form::Flexible, &self.feature_updates, version)?;
        if version >= 1 {
            writer.bool(self.validate_only);
        } else if self.validate_only {
            return Err(EncodeError::NotInVersion {
                message: "UpdateFeaturesRequest",
                field: "ValidateOnly",
                version,
            });
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for UpdateFeaturesRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("timeoutMs", &self.timeout_ms, version);
        object.field("featureUpdates", &self.feature_updates, version);
        if version >= 1 {
            object.field("validateOnly", &self.validate_only, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for UpdateFeaturesRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> UpdateFeaturesRequest {
        UpdateFeaturesRequest {
            timeout_ms: random.i32(),
            feature_updates: random.array(version),
            validate_only: if version >= 1 { random.bool() } else { false },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`UpdateFeaturesRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureUpdateKey {
    /// All versions; key of its array.
    pub feature: Str,
    /// All versions.
    pub max_version_level: i16,
    /// Versions 0.
    pub allow_downgrade: bool,
    /// Versions 1+; default 1.
    pub upgrade_type: i8,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for FeatureUpdateKey {
    fn default() -> FeatureUpdateKey {
        FeatureUpdateKey {
            feature: Str::default(),
            max_version_level: 0,
            allow_downgrade: false,
            upgrade_type: 1,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for FeatureUpdateKey {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, version: i16) -> Result<FeatureUpdateKey, DecodeError> {
        Ok(FeatureUpdateKey {
            feature: reader.string(Form::Flexible)?,
            max_version_level: reader.i16()?,
            allow_downgrade: if version == 0 { reader.bool()? } else { false },
            upgrade_type: if version >= 1 { reader.i8()? } else { 1 },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.feature)?;
        writer.i16(self.max_version_level);
        if version == 0 {
            writer.bool(self.allow_downgrade);
        } else if self.allow_downgrade {
            return Err(EncodeError::NotInVersion {
                message: "FeatureUpdateKey",
                field: "AllowDowngrade",
                version,
            });
        }
        if version >= 1 {
            writer.i8(self.upgrade_type);
        } else if self.upgrade_type != 1 {
            return Err(EncodeError::NotInVersion {
                message: "FeatureUpdateKey",
                field: "UpgradeType",
                version,
            });
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FeatureUpdateKey {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("feature", &self.feature, version);
        object.field("maxVersionLevel", &self.max_version_level, version);
        if version == 0 {
            object.field("allowDowngrade", &self.allow_downgrade, version);
        }
        if version >= 1 {
            object.field("upgradeType", &self.upgrade_type, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for FeatureUpdateKey {
    fn random(random: &mut crate::testing::Source, version: i16) -> FeatureUpdateKey {
        FeatureUpdateKey {
            feature: random.string(),
            max_version_level: random.i16(),
            allow_downgrade: if version == 0 { random.bool() } else { false },
            upgrade_type: if version >= 1 { random.i8() } else { 1 },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
