//! Generated from `schemas/DescribeUserScramCredentialsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `DescribeUserScramCredentialsRequest` (request, key 50): versions 0, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeUserScramCredentialsRequest {
    /// All versions.
    pub users: Option<Vec<UserName>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeUserScramCredentialsRequest {
    fn default() -> DescribeUserScramCredentialsRequest {
        DescribeUserScramCredentialsRequest {
            users: Some(Vec::new()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for DescribeUserScramCredentialsRequest {
    const NAME: &'static str = "DescribeUserScramCredentialsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for DescribeUserScramCredentialsRequest {
    const KEY: ApiKey = ApiKey::DescribeUserScramCredentials;
    type Response = super::describe_user_scram_credentials_response::DescribeUserScramCredentialsResponse;
}

impl Element for DescribeUserScramCredentialsRequest {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeUserScramCredentialsRequest, DecodeError> {
        Ok(DescribeUserScramCredentialsRequest {
            users: reader.nullable_array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.nullable_array(Form::Flexible, self.users.as_deref(), version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeUserScramCredentialsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("users", &self.users, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeUserScramCredentialsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeUserScramCredentialsRequest {
        DescribeUserScramCredentialsRequest {
            users: random.is_some().then(|| random.array(version)),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeUserScramCredentialsRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserName {
    /// All versions.
    pub name: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for UserName {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, _version: i16) -> Result<UserName, DecodeError> {
        Ok(UserName { name: reader.string(Form::Flexible)?, unknown_tagged_fields: reader.tagged_fields()? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for UserName {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for UserName {
    fn random(random: &mut crate::testing::Source, _version: i16) -> UserName {
        UserName { name: random.string(), unknown_tagged_fields: random.tagged_fields(0) }
    }
}
