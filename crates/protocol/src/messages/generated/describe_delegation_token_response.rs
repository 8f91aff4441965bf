//! Generated from `schemas/DescribeDelegationTokenResponse.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DescribeDelegationTokenResponse` (response, key 41): versions 1-3, flexible 2+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeDelegationTokenResponse {
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub tokens: Vec<DescribedDelegationToken>,
    /// All versions.
    pub throttle_time_ms: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DescribeDelegationTokenResponse {
    const NAME: &'static str = "DescribeDelegationTokenResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=3;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Element for DescribeDelegationTokenResponse {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeDelegationTokenResponse, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DescribeDelegationTokenResponse {
            error_code: reader.i16()?,
            tokens: reader.array(form, version)?,
            throttle_time_ms: reader.i32()?,
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.i16(self.error_code);
        writer.array(form, &self.tokens, version)?;
        writer.i32(self.throttle_time_ms);
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion {
                message: "DescribeDelegationTokenResponse",
                version,
            });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeDelegationTokenResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("errorCode", &self.error_code, version);
        object.field("tokens", &self.tokens, version);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeDelegationTokenResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeDelegationTokenResponse {
        DescribeDelegationTokenResponse {
            error_code: random.i16(),
            tokens: random.array(version),
            throttle_time_ms: random.i32(),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeDelegationTokenResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribedDelegationToken {
    /// All versions.
    pub principal_type: Str,
    /// All versions.
    pub principal_name: Str,
    /// Versions 3+.
    pub token_requester_principal_type: Str,
    /// Versions 3+.
    pub token_requester_principal_name: Str,
    /// All versions.
    pub issue_timestamp: i64,
    /// All versions.
    pub expiry_timestamp: i64,
    /// All versions.
    pub max_timestamp: i64,
    /// All versions.
    pub token_id: Str,
    /// All versions.
    pub hmac: Bytes,
    /// All versions.
    pub renewers: Vec<DescribedDelegationTokenRenewer>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DescribedDelegationToken {
    const MIN_LEN: usize = 30;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribedDelegationToken, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DescribedDelegationToken {
            principal_type: reader.string(form)?,
            principal_name: reader.string(form)?,
            token_requester_principal_type: if version == 3 {
                reader.string(Form::Flexible)?
            } else {
                Str::default()
            },
            token_requester_principal_name: if version == 3 {
                reader.string(Form::Flexible)?
            } else {
                Str::default()
            },
            issue_timestamp: reader.i64()?,
            expiry_timestamp: reader.i64()?,
            max_timestamp: reader.i64()?,
            token_id: reader.string(form)?,
            hmac: reader.bytes(form)?,
            renewers: reader.array(form, version)?,
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.string(form, &self.principal_type)?;
        writer.string(form, &self.principal_name)?;
        if version == 3 {
            writer.string(Form::Flexible, &self.token_requester_principal_type)?;
        } else if !self.token_requester_principal_type.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "DescribedDelegationToken",
                field: "TokenRequesterPrincipalType",
                version,
            });
        }
        if version == 3 {
            writer.string(Form::Flexible, &self.token_requester_principal_name)?;
        } else if !self.token_requester_principal_name.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "DescribedDelegationToken",
                field: "TokenRequesterPrincipalName",
                version,
            });
        }
        writer.i64(self.issue_timestamp);
        writer.i64(self.expiry_timestamp);
        writer.i64(self.max_timestamp);
        writer.string(form, &self.token_id)?;
        writer.bytes(form, &self.hmac)?;
        writer.array(form, &self.renewers, version)?;
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion {
                message: "DescribeDelegationTokenResponse",
                version,
            });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribedDelegationToken {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("principalType", &self.principal_type, version);
        object.field("principalName", &self.principal_name, version);
        if version == 3 {
            object.field("tokenRequesterPrincipalType", &self.token_requester_principal_type, version);
        }
        if version == 3 {
            object.field("tokenRequesterPrincipalName", &self.token_requester_principal_name, version);
        }
        object.field("issueTimestamp", &self.issue_timestamp, version);
        object.field("expiryTimestamp", &self.expiry_timestamp, version);
        object.field("maxTimestamp", &self.max_timestamp, version);
        object.field("tokenId", &self.token_id, version);
        object.field("hmac", &self.hmac, version);
        object.field("renewers", &self.renewers, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribedDelegationToken {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribedDelegationToken {
        DescribedDelegationToken {
            principal_type: random.string(),
            principal_name: random.string(),
            token_requester_principal_type: if version == 3 { random.string() } else { Str::default() },
            token_requester_principal_name: if version == 3 { random.string() } else { Str::default() },
            issue_timestamp: random.i64(),
            expiry_timestamp: random.i64(),
            max_timestamp: random.i64(),
            token_id: random.string(),
            hmac: random.bytes(),
            renewers: random.array(version),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`DescribeDelegationTokenResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribedDelegationTokenRenewer {
    /// All versions.
    pub principal_type: Str,
    /// All versions.
    pub principal_name: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DescribedDelegationTokenRenewer {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribedDelegationTokenRenewer, DecodeError> {
        let form = Form::of(version, 2);
        Ok(DescribedDelegationTokenRenewer {
            principal_type: reader.string(form)?,
            principal_name: reader.string(form)?,
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        writer.string(form, &self.principal_type)?;
        writer.string(form, &self.principal_name)?;
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion {
                message: "DescribeDelegationTokenResponse",
                version,
            });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribedDelegationTokenRenewer {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("principalType", &self.principal_type, version);
        object.field("principalName", &self.principal_name, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribedDelegationTokenRenewer {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribedDelegationTokenRenewer {
        DescribedDelegationTokenRenewer {
            principal_type: random.string(),
            principal_name: random.string(),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
