//! Generated from `schemas/RemoveTopicRecord.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `RemoveTopicRecord` (metadata, key 9): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoveTopicRecord {
    /// All versions.
    pub topic_id: Uuid,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for RemoveTopicRecord {
    const NAME: &'static str = "RemoveTopicRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for RemoveTopicRecord {
    const MIN_LEN: usize = 17;

    fn read(reader: &mut Reader, _version: i16) -> Result<RemoveTopicRecord, DecodeError> {
        Ok(RemoveTopicRecord { topic_id: reader.uuid()?, unknown_tagged_fields: reader.tagged_fields()? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.topic_id);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RemoveTopicRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for RemoveTopicRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> RemoveTopicRecord {
        RemoveTopicRecord { topic_id: random.uuid(), unknown_tagged_fields: random.tagged_fields(0) }
    }
}
