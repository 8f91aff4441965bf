//! Generated from `schemas/RenewDelegationTokenRequest.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `RenewDelegationTokenRequest` (request, key 39): versions 1-2, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RenewDelegationTokenRequest {
    /// All versions.
    pub hmac: Bytes,
    /// All versions.
    pub renew_period_ms: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for RenewDelegationTokenRequest {
    const NAME: &'static str = "RenewDelegationTokenRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for RenewDelegationTokenRequest {
    const KEY: ApiKey = ApiKey::RenewDelegationToken;
    type Response = super::renew_delegation_token_response::RenewDelegationTokenResponse;
}

impl Element for RenewDelegationTokenRequest {
    const MIN_LEN: usize = 10;

    fn read(reader: &mut Reader, version: i16) -> Result<RenewDelegationTokenRequest, DecodeError> {
        let form = Form::of(version, 2);
        Ok(RenewDelegationTokenRequest {
            hmac: reader.bytes(form)?,
            renew_period_ms: reader.i64()?,
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
        writer.i64(self.renew_period_ms);
        if version == 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "RenewDelegationTokenRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RenewDelegationTokenRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("hmac", &self.hmac, version);
        object.field("renewPeriodMs", &self.renew_period_ms, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for RenewDelegationTokenRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> RenewDelegationTokenRequest {
        RenewDelegationTokenRequest {
            hmac: random.bytes(),
            renew_period_ms: random.i64(),
            unknown_tagged_fields: if version == 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
