//! Generated from `schemas/RemoveUserScramCredentialRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `RemoveUserScramCredentialRecord` (metadata, key 22): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RemoveUserScramCredentialRecord {
    /// All versions.
    pub name: Str,
    /// All versions.
    pub mechanism: i8,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for RemoveUserScramCredentialRecord {
    const NAME: &'static str = "RemoveUserScramCredentialRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for RemoveUserScramCredentialRecord {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<RemoveUserScramCredentialRecord, DecodeError> {
        Ok(RemoveUserScramCredentialRecord {
            name: reader.string(Form::Flexible)?,
            mechanism: reader.i8()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.i8(self.mechanism);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RemoveUserScramCredentialRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("mechanism", &self.mechanism, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for RemoveUserScramCredentialRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> RemoveUserScramCredentialRecord {
        RemoveUserScramCredentialRecord {
            name: random.string(),
            mechanism: random.i8(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
