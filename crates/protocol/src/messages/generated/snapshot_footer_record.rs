//! Generated from `schemas/SnapshotFooterRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `SnapshotFooterRecord` (data): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SnapshotFooterRecord {
    /// All versions.
    pub version: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for SnapshotFooterRecord {
    const NAME: &'static str = "SnapshotFooterRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for SnapshotFooterRecord {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<SnapshotFooterRecord, DecodeError> {
        Ok(SnapshotFooterRecord { version: reader.i16()?, unknown_tagged_fields: reader.tagged_fields()? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i16(self.version);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for SnapshotFooterRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("version", &self.version, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for SnapshotFooterRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> SnapshotFooterRecord {
        SnapshotFooterRecord { version: random.i16(), unknown_tagged_fields: random.tagged_fields(0) }
    }
}
