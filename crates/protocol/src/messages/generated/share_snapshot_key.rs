//! Generated from `schemas/ShareSnapshotKey.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::Message;

/// `ShareSnapshotKey` (share-key, key 0): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareSnapshotKey {
    /// All versions.
    pub group_id: Str,
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub partition: i32,
}

impl Message for ShareSnapshotKey {
    const NAME: &'static str = "ShareSnapshotKey";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for ShareSnapshotKey {
    const MIN_LEN: usize = 22;

    fn read(reader: &mut Reader, _version: i16) -> Result<ShareSnapshotKey, DecodeError> {
        Ok(ShareSnapshotKey {
            group_id: reader.string(Form::Legacy)?,
            topic_id: reader.uuid()?,
            partition: reader.i32()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Legacy, &self.group_id)?;
        writer.uuid(self.topic_id);
        writer.i32(self.partition);
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareSnapshotKey {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("topicId", &self.topic_id, version);
        object.field("partition", &self.partition, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ShareSnapshotKey {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ShareSnapshotKey {
        ShareSnapshotKey { group_id: random.string(), topic_id: random.uuid(), partition: random.i32() }
    }
}
