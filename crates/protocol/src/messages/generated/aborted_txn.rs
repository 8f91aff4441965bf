//! Generated from `schemas/AbortedTxn.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, Writer};
use crate::message::Message;

/// `AbortedTxn` (data): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AbortedTxn {
    /// All versions.
    pub producer_id: i64,
    /// All versions.
    pub first_offset: i64,
    /// All versions.
    pub last_offset: i64,
    /// All versions.
    pub last_stable_offset: i64,
}

impl Message for AbortedTxn {
    const NAME: &'static str = "AbortedTxn";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for AbortedTxn {
    const MIN_LEN: usize = 32;

    fn read(reader: &mut Reader, _version: i16) -> Result<AbortedTxn, DecodeError> {
        Ok(AbortedTxn {
            producer_id: reader.i64()?,
            first_offset: reader.i64()?,
            last_offset: reader.i64()?,
            last_stable_offset: reader.i64()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i64(self.producer_id);
        writer.i64(self.first_offset);
        writer.i64(self.last_offset);
        writer.i64(self.last_stable_offset);
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AbortedTxn {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("producerId", &self.producer_id, version);
        object.field("firstOffset", &self.first_offset, version);
        object.field("lastOffset", &self.last_offset, version);
        object.field("lastStableOffset", &self.last_stable_offset, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AbortedTxn {
    fn random(random: &mut crate::testing::Source, _version: i16) -> AbortedTxn {
        AbortedTxn {
            producer_id: random.i64(),
            first_offset: random.i64(),
            last_offset: random.i64(),
            last_stable_offset: random.i64(),
        }
    }
}
