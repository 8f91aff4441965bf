//! Generated from `schemas/LegacyOffsetCommitKey.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::Message;

/// `LegacyOffsetCommitKey` (offsets-key, key 0): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LegacyOffsetCommitKey {
    /// All versions.
    pub group: Str,
    /// All versions.
    pub topic: Str,
    /// All versions.
    pub partition: i32,
}

impl Message for LegacyOffsetCommitKey {
    const NAME: &'static str = "LegacyOffsetCommitKey";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for LegacyOffsetCommitKey {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, _version: i16) -> Result<LegacyOffsetCommitKey, DecodeError> {
        Ok(LegacyOffsetCommitKey {
            group: reader.string(Form::Legacy)?,
            topic: reader.string(Form::Legacy)?,
            partition: reader.i32()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Legacy, &self.group)?;
        writer.string(Form::Legacy, &self.topic)?;
        writer.i32(self.partition);
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for LegacyOffsetCommitKey {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("group", &self.group, version);
        object.field("topic", &self.topic, version);
        object.field("partition", &self.partition, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for LegacyOffsetCommitKey {
    fn random(random: &mut crate::testing::Source, _version: i16) -> LegacyOffsetCommitKey {
        LegacyOffsetCommitKey { group: random.string(), topic: random.string(), partition: random.i32() }
    }
}
