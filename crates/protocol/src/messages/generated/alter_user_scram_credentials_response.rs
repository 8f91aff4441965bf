//! Generated from `schemas/AlterUserScramCredentialsResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `AlterUserScramCredentialsResponse` (response, key 51): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlterUserScramCredentialsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub results: Vec<AlterUserScramCredentialsResult>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for AlterUserScramCredentialsResponse {
    const NAME: &'static str = "AlterUserScramCredentialsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for AlterUserScramCredentialsResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<AlterUserScramCredentialsResponse, DecodeError> {
        Ok(AlterUserScramCredentialsResponse {
            throttle_time_ms: reader.i32()?,
            results: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.array(Form::Flexible, &self.results, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterUserScramCredentialsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("results", &self.results, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterUserScramCredentialsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> AlterUserScramCredentialsResponse {
        AlterUserScramCredentialsResponse {
            throttle_time_ms: random.i32(),
            results: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`AlterUserScramCredentialsResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct AlterUserScramCredentialsResult {
    /// All versions.
    pub user: Str,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub error_message: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for AlterUserScramCredentialsResult {
    fn default() -> AlterUserScramCredentialsResult {
        AlterUserScramCredentialsResult {
            user: Str::default(),
            error_code: 0,
            error_message: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for AlterUserScramCredentialsResult {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<AlterUserScramCredentialsResult, DecodeError> {
        Ok(AlterUserScramCredentialsResult {
            user: reader.string(Form::Flexible)?,
            error_code: reader.i16()?,
            error_message: reader.nullable_string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.user)?;
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for AlterUserScramCredentialsResult {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("user", &self.user, version);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for AlterUserScramCredentialsResult {
    fn random(random: &mut crate::testing::Source, _version: i16) -> AlterUserScramCredentialsResult {
        AlterUserScramCredentialsResult {
            user: random.string(),
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
