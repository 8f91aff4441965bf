//! Generated from `schemas/ShareGroupMetadataValue.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `ShareGroupMetadataValue` (offsets-value, key 11): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupMetadataValue {
    /// All versions.
    pub epoch: i32,
    /// All versions.
    pub metadata_hash: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ShareGroupMetadataValue {
    const NAME: &'static str = "ShareGroupMetadataValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ShareGroupMetadataValue {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, _version: i16) -> Result<ShareGroupMetadataValue, DecodeError> {
        Ok(ShareGroupMetadataValue {
            epoch: reader.i32()?,
            metadata_hash: reader.i64()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.epoch);
        writer.i64(self.metadata_hash);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareGroupMetadataValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("epoch", &self.epoch, version);
        object.field("metadataHash", &self.metadata_hash, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ShareGroupMetadataValue {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ShareGroupMetadataValue {
        ShareGroupMetadataValue {
            epoch: random.i32(),
            metadata_hash: random.i64(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
