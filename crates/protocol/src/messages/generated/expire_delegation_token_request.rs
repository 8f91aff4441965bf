//! Generated from `schemas/ExpireDelegationTokenRequest.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ExpireDelegationTokenRequest` (request, key 40): versions 1-2, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExpireDelegationTokenRequest {
    /// All versions.
    pub hmac: Bytes,
    /// All versions.
    pub expiry_time_period_ms: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ExpireDelegationTokenRequest {
    const NAME: &'static str = "ExpireDelegationTokenRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for ExpireDelegationTokenRequest {
    const KEY: ApiKey = ApiKey::ExpireDelegationToken;
    type Response = super::expire_delegation_token_response::ExpireDelegationTokenResponse;
}

impl Element for ExpireDelegationTokenRequest {
    const MIN_LEN: usize = 10;

    fn read(reader: &mut Reader, version: i16) -> Result<ExpireDelegationTokenRequest, DecodeError> {
        let form = Form::of(version, 2);
        Ok(ExpireDelegationTokenRequest {
            hmac: reader.bytes(form)?,
            expiry_time_period_ms: reader.i64()?,
            unknown_tagged_fields: if version == 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.bytes(form, &self.hmac)?;
        writer.i64(self.expiry_time_period_ms);
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ExpireDelegationTokenRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ExpireDelegationTokenRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("hmac", &self.hmac, version);
        object.field("expiryTimePeriodMs", &self.expiry_time_period_ms, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ExpireDelegationTokenRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> ExpireDelegationTokenRequest {
        ExpireDelegationTokenRequest {
            hmac: random.bytes(),
            expiry_time_period_ms: random.i64(),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
