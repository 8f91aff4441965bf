//! Generated from `schemas/ControllerRegistrationRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ControllerRegistrationRequest` (request, key 70): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ControllerRegistrationRequest {
    /// All versions.
    pub controller_id: i32,
    /// All versions.
    pub incarnation_id: Uuid,
    /// All versions.
    pub zk_migration_ready: bool,
    /// All versions.
    pub listeners: Vec<Listener>,
    /// All versions.
    pub features: Vec<Feature>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ControllerRegistrationRequest {
    const NAME: &'static str = "ControllerRegistrationRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for ControllerRegistrationRequest {
    const KEY: ApiKey = ApiKey::ControllerRegistration;
    type Response = super::controller_registration_response::ControllerRegistrationResponse;
}

impl Element for ControllerRegistrationRequest {
    const MIN_LEN: usize = 24;

    fn read(reader: &mut Reader, version: i16) -> Result<ControllerRegistrationRequest, DecodeError> {
        Ok(ControllerRegistrationRequest {
            controller_id: reader.i32()?,
            incarnation_id: reader.uuid()?,
            zk_migration_ready: reader.bool()?,
            listeners: reader.array(Form::Flexible, version)?,
            features: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.controller_id);
        writer.uuid(self.incarnation_id);
        writer.bool(self.zk_migration_ready);
        writer.array(Form::Flexible, &self.listeners, version)?;
        writer.array(Form::Flexible, &self.features, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ControllerRegistrationRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("controllerId", &self.controller_id, version);
        object.field("incarnationId", &self.incarnation_id, version);
        object.field("zkMigrationReady", &self.zk_migration_ready, version);
        object.field("listeners", &self.listeners, version);
        object.field("features", &self.features, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ControllerRegistrationRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> ControllerRegistrationRequest {
        ControllerRegistrationRequest {
            controller_id: random.i32(),
            incarnation_id: random.uuid(),
            zk_migration_ready: random.bool(),
            listeners: random.array(version),
            features: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ControllerRegistrationRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listener {
    /// All versions; key of its array.
    pub name: Str,
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: u16,
    /// All versions.
    pub security_protocol: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Listener {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, _version: i16) -> Result<Listener, DecodeError> {
        Ok(Listener {
            name: reader.string(Form::Flexible)?,
            host: reader.string(Form::Flexible)?,
            port: reader.u16()?,
            security_protocol: reader.i16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.string(Form::Flexible, &self.host)?;
        writer.u16(self.port);
        writer.i16(self.security_protocol);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Listener {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("host", &self.host, version);
        object.field("port", &self.port, version);
        object.field("securityProtocol", &self.security_protocol, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Listener {
    fn random(random: &mut crate::testing::Source, _version: i16) -> Listener {
        Listener {
            name: random.string(),
            host: random.string(),
            port: random.u16(),
            security_protocol: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ControllerRegistrationRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feature {
    /// All versions; key of its array.
    pub name: Str,
    /// All versions.
    pub min_supported_version: i16,
    /// All versions.
    pub max_supported_version: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Feature {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<Feature, DecodeError> {
        Ok(Feature {
            name: reader.string(Form::Flexible)?,
            min_supported_version: reader.i16()?,
            max_supported_version: reader.i16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.i16(self.min_supported_version);
        writer.i16(self.max_supported_version);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Feature {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("minSupportedVersion", &self.min_supported_version, version);
        object.field("maxSupportedVersion", &self.max_supported_version, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Feature {
    fn random(random: &mut crate::testing::Source, _version: i16) -> Feature {
        Feature {
            name: random.string(),
            min_supported_version: random.i16(),
            max_supported_version: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
