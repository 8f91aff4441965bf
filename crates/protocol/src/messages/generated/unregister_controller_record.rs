//! Generated from `schemas/UnregisterControllerRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `UnregisterControllerRecord` (metadata, key 29): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnregisterControllerRecord {
    /// All versions.
    pub controller_id: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for UnregisterControllerRecord {
    const NAME: &'static str = "UnregisterControllerRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for UnregisterControllerRecord {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<UnregisterControllerRecord, DecodeError> {
        Ok(UnregisterControllerRecord {
            controller_id: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.controller_id);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for UnregisterControllerRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("controllerId", &self.controller_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for UnregisterControllerRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> UnregisterControllerRecord {
        UnregisterControllerRecord {
            controller_id: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
