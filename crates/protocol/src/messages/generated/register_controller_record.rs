//! Generated from `schemas/RegisterControllerRecord.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `RegisterControllerRecord` (metadata, key 27): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegisterControllerRecord {
    /// All versions.
    pub controller_id: i32,
    /// All versions.
    pub incarnation_id: Uuid,
    /// All versions.
    pub zk_migration_ready: bool,
    /// All versions.
    pub end_points: Vec<ControllerEndpoint>,
    /// All versions.
    pub features: Vec<ControllerFeature>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for RegisterControllerRecord {
    const NAME: &'static str = "RegisterControllerRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for RegisterControllerRecord {
    const MIN_LEN: usize = 24;

    fn read(reader: &mut Reader, version: i16) -> Result<RegisterControllerRecord, DecodeError> {
        Ok(RegisterControllerRecord {
            controller_id: reader.i32()?,
            incarnation_id: reader.uuid()?,
            zk_migration_ready: reader.bool()?,
            end_points: reader.array(Form::Flexible, version)?,
            features: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.controller_id);
        writer.uuid(self.incarnation_id);
        writer.bool(self.zk_migration_ready);
        writer.array(Form::Flexible, &self.end_points, version)?;
        writer.array(Form::Flexible, &self.features, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RegisterControllerRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("controllerId", &self.controller_id, version);
        object.field("incarnationId", &self.incarnation_id, version);
        object.field("zkMigrationReady", &self.zk_migration_ready, version);
        object.field("endPoints", &self.end_points, version);
        object.field("features", &self.features, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for RegisterControllerRecord {
    fn random(random: &mut crate::testing::Source, version: i16) -> RegisterControllerRecord {
        RegisterControllerRecord {
            controller_id: random.i32(),
            incarnation_id: random.uuid(),
            zk_migration_ready: random.bool(),
            end_points: random.array(version),
            features: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`RegisterControllerRecord`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ControllerEndpoint {
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

impl Element for ControllerEndpoint {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, _version: i16) -> Result<ControllerEndpoint, DecodeError> {
        Ok(ControllerEndpoint {
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
impl crate::json::ToJson for ControllerEndpoint {
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
impl crate::testing::Random for ControllerEndpoint {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ControllerEndpoint {
        ControllerEndpoint {
            name: random.string(),
            host: random.string(),
            port: random.u16(),
            security_protocol: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`RegisterControllerRecord`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ControllerFeature {
    /// All versions; key of its array.
    pub name: Str,
    /// All versions.
    pub min_supported_version: i16,
    /// All versions.
    pub max_supported_version: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ControllerFeature {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<ControllerFeature, DecodeError> {
        Ok(ControllerFeature {
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
impl crate::json::ToJson for ControllerFeature {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("minSupportedVersion", &self.min_supported_version, version);
        object.field("maxSupportedVersion", &self.max_supported_version, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ControllerFeature {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ControllerFeature {
        ControllerFeature {
            name: random.string(),
            min_supported_version: random.i16(),
            max_supported_version: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
