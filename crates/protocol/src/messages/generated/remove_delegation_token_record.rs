//! Generated from `schemas/RemoveDelegationTokenRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `RemoveDelegationTokenRecord` (metadata, key 26): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoveDelegationTokenRecord {
    /// All versions.
    pub token_id: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for RemoveDelegationTokenRecord {
    const NAME: &'static str = "RemoveDelegationTokenRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for RemoveDelegationTokenRecord {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, _version: i16) -> Result<RemoveDelegationTokenRecord, DecodeError> {
        Ok(RemoveDelegationTokenRecord {
            token_id: reader.string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.token_id)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RemoveDelegationTokenRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("tokenId", &self.token_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for RemoveDelegationTokenRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> RemoveDelegationTokenRecord {
        RemoveDelegationTokenRecord {
            token_id: random.string(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
