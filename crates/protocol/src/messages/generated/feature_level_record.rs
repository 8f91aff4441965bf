//! Generated from `schemas/FeatureLevelRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `FeatureLevelRecord` (metadata, key 12): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeatureLevelRecord {
    /// All versions.
    pub name: Str,
    /// All versions.
    pub feature_level: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for FeatureLevelRecord {
    const NAME: &'static str = "FeatureLevelRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for FeatureLevelRecord {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, _version: i16) -> Result<FeatureLevelRecord, DecodeError> {
        Ok(FeatureLevelRecord {
            name: reader.string(Form::Flexible)?,
            feature_level: reader.i16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.i16(self.feature_level);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FeatureLevelRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("featureLevel", &self.feature_level, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for FeatureLevelRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> FeatureLevelRecord {
        FeatureLevelRecord {
            name: random.string(),
            feature_level: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
