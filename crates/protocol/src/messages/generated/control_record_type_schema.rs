//! Generated from `schemas/ControlRecordTypeSchema.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, Writer};
use crate::message::Message;

/// `ControlRecordTypeSchema` (data): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ControlRecordTypeSchema {
    /// All versions.
    pub r#type: i16,
}

impl Message for ControlRecordTypeSchema {
    const NAME: &'static str = "ControlRecordTypeSchema";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for ControlRecordTypeSchema {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, _version: i16) -> Result<ControlRecordTypeSchema, DecodeError> {
        Ok(ControlRecordTypeSchema { r#type: reader.i16()? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i16(self.r#type);
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ControlRecordTypeSchema {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("type", &self.r#type, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ControlRecordTypeSchema {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ControlRecordTypeSchema {
        ControlRecordTypeSchema { r#type: random.i16() }
    }
}
