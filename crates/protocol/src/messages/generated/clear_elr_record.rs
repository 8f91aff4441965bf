//! Generated from `schemas/ClearElrRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ClearElrRecord` (metadata, key 28): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClearElrRecord {
    /// All versions; a `topicName`.
    pub topic_name: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ClearElrRecord {
    const NAME: &'static str = "ClearElrRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ClearElrRecord {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, _version: i16) -> Result<ClearElrRecord, DecodeError> {
        Ok(ClearElrRecord {
            topic_name: reader.string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.topic_name)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ClearElrRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicName", &self.topic_name, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ClearElrRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ClearElrRecord {
        ClearElrRecord { topic_name: random.string(), unknown_tagged_fields: random.tagged_fields(0) }
    }
}
