//! Generated from `schemas/NoOpRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `NoOpRecord` (metadata, key 20): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NoOpRecord {
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for NoOpRecord {
    const NAME: &'static str = "NoOpRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for NoOpRecord {
    const MIN_LEN: usize = 1;

    fn read(reader: &mut Reader, _version: i16) -> Result<NoOpRecord, DecodeError> {
        Ok(NoOpRecord { unknown_tagged_fields: reader.tagged_fields()? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for NoOpRecord {
    fn write_json(&self, out: &mut String, _version: i16) {
        let object = crate::json::Object::begin(out);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for NoOpRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> NoOpRecord {
        NoOpRecord { unknown_tagged_fields: random.tagged_fields(0) }
    }
}
