//! Generated from `schemas/ShareGroupStatePartitionMetadataKey.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::Message;

/// `ShareGroupStatePartitionMetadataKey` (offsets-key, key 15): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupStatePartitionMetadataKey {
    /// All versions.
    pub group_id: Str,
}

impl Message for ShareGroupStatePartitionMetadataKey {
    const NAME: &'static str = "ShareGroupStatePartitionMetadataKey";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for ShareGroupStatePartitionMetadataKey {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, _version: i16) -> Result<ShareGroupStatePartitionMetadataKey, DecodeError> {
        Ok(ShareGroupStatePartitionMetadataKey { group_id: reader.string(Form::Legacy)? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Legacy, &self.group_id)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareGroupStatePartitionMetadataKey {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ShareGroupStatePartitionMetadataKey {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ShareGroupStatePartitionMetadataKey {
        ShareGroupStatePartitionMetadataKey { group_id: random.string() }
    }
}
