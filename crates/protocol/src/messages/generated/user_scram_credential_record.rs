//! Generated from `schemas/UserScramCredentialRecord.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `UserScramCredentialRecord` (metadata, key 11): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserScramCredentialRecord {
    /// All versions.
    pub name: Str,
    /// All versions.
    pub mechanism: i8,
    /// All versions.
    pub salt: Bytes,
    /// All versions.
    pub stored_key: Bytes,
    /// All versions.
    pub server_key: Bytes,
    /// All versions.
    pub iterations: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for UserScramCredentialRecord {
    const NAME: &'static str = "UserScramCredentialRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for UserScramCredentialRecord {
    const MIN_LEN: usize = 10;

    fn read(reader: &mut Reader, _version: i16) -> Result<UserScramCredentialRecord, DecodeError> {
        Ok(UserScramCredentialRecord {
            name: reader.string(Form::Flexible)?,
            mechanism: reader.i8()?,
            salt: reader.bytes(Form::Flexible)?,
            stored_key: reader.bytes(Form::Flexible)?,
            server_key: reader.bytes(Form::Flexible)?,
            iterations: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.i8(self.mechanism);
        writer.bytes(Form::Flexible, &self.salt)?;
        writer.bytes(Form::Flexible, &self.stored_key)?;
        writer.bytes(Form::Flexible, &self.server_key)?;
        writer.i32(self.iterations);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for UserScramCredentialRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("mechanism", &self.mechanism, version);
        object.field("salt", &self.salt, version);
        object.field("storedKey", &self.stored_key, version);
        object.field("serverKey", &self.server_key, version);
        object.field("iterations", &self.iterations, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for UserScramCredentialRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> UserScramCredentialRecord {
        UserScramCredentialRecord {
            name: random.string(),
            mechanism: random.i8(),
            salt: random.bytes(),
            stored_key: random.bytes(),
            server_key: random.bytes(),
            iterations: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
