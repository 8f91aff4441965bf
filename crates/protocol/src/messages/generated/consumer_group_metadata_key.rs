//! Generated from `schemas/ConsumerGroupMetadataKey.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::Message;

/// `ConsumerGroupMetadataKey` (offsets-key, key 3): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupMetadataKey {
    /// All versions.
    pub group_id: Str,
}

impl Message for ConsumerGroupMetadataKey {
    const NAME: &'static str = "ConsumerGroupMetadataKey";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for ConsumerGroupMetadataKey {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, _version: i16) -> Result<ConsumerGroupMetadataKey, DecodeError> {
        Ok(ConsumerGroupMetadataKey { group_id: reader.string(Form::Legacy)? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Legacy, &self.group_id)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ConsumerGroupMetadataKey {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConsumerGroupMetadataKey {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ConsumerGroupMetadataKey {
        ConsumerGroupMetadataKey { group_id: random.string() }
    }
}
