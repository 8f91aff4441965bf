//! Generated from `schemas/RemoveAccessControlEntryRecord.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `RemoveAccessControlEntryRecord` (metadata, key 19): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoveAccessControlEntryRecord {
    /// All versions.
    pub id: Uuid,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for RemoveAccessControlEntryRecord {
    const NAME: &'static str = "RemoveAccessControlEntryRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for RemoveAccessControlEntryRecord {
    const MIN_LEN: usize = 17;

    fn read(reader: &mut Reader, _version: i16) -> Result<RemoveAccessControlEntryRecord, DecodeError> {
        Ok(RemoveAccessControlEntryRecord {
            id: reader.uuid()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.id);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RemoveAccessControlEntryRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("id", &self.id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for RemoveAccessControlEntryRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> RemoveAccessControlEntryRecord {
        RemoveAccessControlEntryRecord { id: random.uuid(), unknown_tagged_fields: random.tagged_fields(0) }
    }
}
