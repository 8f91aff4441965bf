//! Generated from `schemas/EndTransactionRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `EndTransactionRecord` (metadata, key 24): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndTransactionRecord {
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for EndTransactionRecord {
    const NAME: &'static str = "EndTransactionRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for EndTransactionRecord {
    const MIN_LEN: usize = 1;

    fn read(reader: &mut Reader, _version: i16) -> Result<EndTransactionRecord, DecodeError> {
        Ok(EndTransactionRecord { unknown_tagged_fields: reader.tagged_fields()? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for EndTransactionRecord {
    fn write_json(&self, out: &mut String, _version: i16) {
        let object = crate::json::Object::begin(out);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for EndTransactionRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> EndTransactionRecord {
        EndTransactionRecord { unknown_tagged_fields: random.tagged_fields(0) }
    }
}
