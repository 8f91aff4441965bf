//! Generated from `schemas/UnfenceBrokerRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `UnfenceBrokerRecord` (metadata, key 8): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnfenceBrokerRecord {
    /// All versions; a `brokerId`.
    pub id: i32,
    /// All versions.
    pub epoch: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for UnfenceBrokerRecord {
    const NAME: &'static str = "UnfenceBrokerRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for UnfenceBrokerRecord {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, _version: i16) -> Result<UnfenceBrokerRecord, DecodeError> {
        Ok(UnfenceBrokerRecord {
            id: reader.i32()?,
            epoch: reader.i64()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.id);
        writer.i64(self.epoch);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for UnfenceBrokerRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("id", &self.id, version);
        object.field("epoch", &self.epoch, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for UnfenceBrokerRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> UnfenceBrokerRecord {
        UnfenceBrokerRecord {
            id: random.i32(),
            epoch: random.i64(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
