//! Generated from `schemas/EndTxnMarker.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, Writer};
use crate::message::Message;

/// `EndTxnMarker` (data): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndTxnMarker {
    /// All versions.
    pub coordinator_epoch: i32,
}

impl Message for EndTxnMarker {
    const NAME: &'static str = "EndTxnMarker";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for EndTxnMarker {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, _version: i16) -> Result<EndTxnMarker, DecodeError> {
        Ok(EndTxnMarker { coordinator_epoch: reader.i32()? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.coordinator_epoch);
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for EndTxnMarker {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("coordinatorEpoch", &self.coordinator_epoch, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for EndTxnMarker {
    fn random(random: &mut crate::testing::Source, _version: i16) -> EndTxnMarker {
        EndTxnMarker { coordinator_epoch: random.i32() }
    }
}
