//! Generated from `schemas/AlterUserScramCredentialsRequest.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `AlterUserScramCredentialsRequest` (request, key 51): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterUserScramCredentialsRequest {
    /// All versions.
    pub deletions: Vec<ScramCredentialDeletion>,
    /// All versions.
    pub upsertions: Vec<ScramCredentialUpsertion>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for AlterUserScramCredentialsRequest {
    const NAME: &'static str = "AlterUserScramCredentialsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for AlterUserScramCredentialsRequest {
    const KEY: ApiKey = ApiKey::AlterUserScramCredentials;
    type Response = super::alter_user_scram_credentials_response::AlterUserScramCredentialsResponse;
}

impl Element for AlterUserScramCredentialsRequest {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterUserScramCredentialsRequest, DecodeError> {
        Ok(AlterUserScramCredentialsRequest {
            deletions: reader.array(Form::Flexible, version)?,
            upsertions: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.deletions, version)?;
        writer.array(Form::Flexible, &self.upsertions, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterUserScramCredentialsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("deletions", &self.deletions, version);
        object.field("upsertions", &self.upsertions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterUserScramCredentialsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterUserScramCredentialsRequest {
        AlterUserScramCredentialsRequest {
            deletions: random.array(version),
            upsertions: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`AlterUserScramCredentialsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScramCredentialDeletion {
    /// All versions.
    pub name: Str,
    /// All versions.
    pub mechanism: i8,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ScramCredentialDeletion {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<ScramCredentialDeletion, DecodeError> {
        Ok(ScramCredentialDeletion {
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
impl crate::json::ToJson for ScramCredentialDeletion {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("mechanism", &self.mechanism, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ScramCredentialDeletion {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ScramCredentialDeletion {
        ScramCredentialDeletion {
            name: random.string(),
            mechanism: random.i8(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`AlterUserScramCredentialsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScramCredentialUpsertion {
    /// All versions.
    pub name: Str,
    /// All versions.
    pub mechanism: i8,
    /// All versions.
    pub iterations: i32,
    /// All versions.
    pub salt: Bytes,
    /// All versions.
    pub salted_password: Bytes,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ScramCredentialUpsertion {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, _version: i16) -> Result<ScramCredentialUpsertion, DecodeError> {
        Ok(ScramCredentialUpsertion {
            name: reader.string(Form::Flexible)?,
            mechanism: reader.i8()?,
            iterations: reader.i32()?,
            salt: reader.bytes(Form::Flexible)?,
            salted_password: reader.bytes(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.i8(self.mechanism);
        writer.i32(self.iterations);
        writer.bytes(Form::Flexible, &self.salt)?;
        writer.bytes(Form::Flexible, &self.salted_password)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ScramCredentialUpsertion {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("mechanism", &self.mechanism, version);
        object.field("iterations", &self.iterations, version);
        object.field("salt", &self.salt, version);
        object.field("saltedPassword", &self.salted_password, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ScramCredentialUpsertion {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ScramCredentialUpsertion {
        ScramCredentialUpsertion {
            name: random.string(),
            mechanism: random.i8(),
            iterations: random.i32(),
            salt: random.bytes(),
            salted_password: random.bytes(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
