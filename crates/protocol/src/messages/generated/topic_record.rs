//! Generated from `schemas/TopicRecord.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `TopicRecord` (metadata, key 2): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicRecord {
    /// All versions; a `topicName`.
    pub name: Str,
    /// All versions.
    pub topic_id: Uuid,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for TopicRecord {
    const NAME: &'static str = "TopicRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for TopicRecord {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicRecord, DecodeError> {
        Ok(TopicRecord {
            name: reader.string(Form::Flexible)?,
            topic_id: reader.uuid()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.uuid(self.topic_id);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("topicId", &self.topic_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicRecord {
        TopicRecord {
            name: random.string(),
            topic_id: random.uuid(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
