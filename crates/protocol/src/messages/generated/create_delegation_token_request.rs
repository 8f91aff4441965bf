//! Generated from `schemas/CreateDelegationTokenRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `CreateDelegationTokenRequest` (request, key 38): versions 1-3, flexible 2+.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateDelegationTokenRequest {
    /// Versions 3+.
    pub owner_principal_type: Option<Str>,
    /// Versions 3+.
    pub owner_principal_name: Option<Str>,
    /// All versions.
    pub renewers: Vec<CreatableRenewers>,
    /// All versions.
    pub max_lifetime_ms: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for CreateDelegationTokenRequest {
    fn default() -> CreateDelegationTokenRequest {
        CreateDelegationTokenRequest {
            owner_principal_type: Some(Str::default()),
            owner_principal_name: Some(Str::default()),
            renewers: Vec::new(),
            max_lifetime_ms: 0,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for CreateDelegationTokenRequest {
    const NAME: &'static str = "CreateDelegationTokenRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=3;
    const FLEXIBLE_FROM: Option<i16> = Some(2);
}

impl Request for CreateDelegationTokenRequest {
    const KEY: ApiKey = ApiKey::CreateDelegationToken;
    type Response = super::create_delegation_token_response::CreateDelegationTokenResponse;
}

impl Element for CreateDelegationTokenRequest {
    const MIN_LEN: usize = 10;

    fn read(reader: &mut Reader, version: i16) -> Result<CreateDelegationTokenRequest, DecodeError> {
        let form = Form::of(version, 2);
        Ok(CreateDelegationTokenRequest {
            owner_principal_type: if version == 3 {
                reader.nullable_string(Form::Flexible)?
            } else {
                Some(Str::default())
            },
            owner_principal_name: if version == 3 {
                reader.nullable_string(Form::Flexible)?
            } else {
                Some(Str::default())
            },
            renewers: reader.array(form, version)?,
            max_lifetime_ms: reader.i64()?,
            unknown_tagged_fields: if version >= 2 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 2);
        if version == 3 {
            writer.nullable_string(Form::Flexible, self.owner_principal_type.as_ref())?;
        } else if self.owner_principal_type.as_deref() != Some("") {
            return Err(EncodeError::NotInVersion {
                message: "CreateDelegationTokenRequest",
                field: "OwnerPrincipalType",
                version,
            });
        }
        if version == 3 {
            writer.nullable_string(Form::Flexible, self.owner_principal_name.as_ref())?;
        } else if self.owner_principal_name.as_deref() != Some("") {
            return Err(EncodeError::NotInVersion {
                message: "CreateDelegationTokenRequest",
                field: "OwnerPrincipalName",
                version,
            });
        }
        writer.array(form, &self.renewers, version)?;
        writer.i64(self.max_lifetime_ms);
        if version >= 2 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "CreateDelegationTokenRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CreateDelegationTokenRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version == 3 {
            object.field("ownerPrincipalType", &self.owner_principal_type, version);
        }
        if version == 3 {
            object.field("ownerPrincipalName", &self.owner_principal_name, version);
        }
        object.field("renewers", &self.renewers, version);
        object.field("maxLifetimeMs", &self.max_lifetime_ms, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CreateDelegationTokenRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> CreateDelegationTokenRequest {
        CreateDelegationTokenRequest {
            owner_principal_type: if version == 3 {
                random.is_some().then(|| random.string())
            } else {
                Some(Str::default())
            },
            owner_principal_name: if version == 3 {
                random.is_some().then(|| random.string())
            } else {
                Some(Str::default())
            },
            renewers: random.array(version),
            max_lifetime_ms: random.i64(),
            unknown_tagged_fields: if version >= 2 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`CreateDelegationTokenRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreatableRenewers {
    /// All versions.
    pub principal_type: Str,
    /// All versions.
    pub principal_name: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for CreatableRenewers {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<CreatableRenewers, DecodeError> {
        let form = Form::of(version, 2);
        Ok(CreatableRenewers {
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
            return Err(EncodeError::TagsNotInVersion { message: "CreateDelegationTokenRequest", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CreatableRenewers {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("principalType", &self.principal_type, version);
        object.field("principalName", &self.principal_name, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CreatableRenewers {
    fn random(random: &mut crate::testing::Source, version: i16) -> CreatableRenewers {
        CreatableRenewers {
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
