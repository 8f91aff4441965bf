//! Generated from `schemas/GroupMetadataKey.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::Message;

/// `GroupMetadataKey` (offsets-key, key 2): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupMetadataKey {
    /// All versions.
    pub group: Str,
}

impl Message for GroupMetadataKey {
    const NAME: &'static str = "GroupMetadataKey";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for GroupMetadataKey {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, _version: i16) -> Result<GroupMetadataKey, DecodeError> {
        Ok(GroupMetadataKey { group: reader.string(Form::Legacy)? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Legacy, &self.group)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for GroupMetadataKey {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("group", &self.group, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for GroupMetadataKey {
    fn random(random: &mut crate::testing::Source, _version: i16) -> GroupMetadataKey {
        GroupMetadataKey { group: random.string() }
    }
}
