//! Generated from `schemas/SnapshotHeaderRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `SnapshotHeaderRecord` (data): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SnapshotHeaderRecord {
    /// All versions.
    pub version: i16,
    /// All versions.
    pub last_contained_log_timestamp: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for SnapshotHeaderRecord {
    const NAME: &'static str = "SnapshotHeaderRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for SnapshotHeaderRecord {
    const MIN_LEN: usize = 11;

    fn read(reader: &mut Reader, _version: i16) -> Result<SnapshotHeaderRecord, DecodeError> {
        Ok(SnapshotHeaderRecord {
            version: reader.i16()?,
            last_contained_log_timestamp: reader.i64()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i16(self.version);
        writer.i64(self.last_contained_log_timestamp);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for SnapshotHeaderRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("version", &self.version, version);
        object.field("lastContainedLogTimestamp", &self.last_contained_log_timestamp, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for SnapshotHeaderRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> SnapshotHeaderRecord {
        SnapshotHeaderRecord {
            version: random.i16(),
            last_contained_log_timestamp: random.i64(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
