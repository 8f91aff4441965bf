//! Generated from `schemas/BrokerRegistrationRequest.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `BrokerRegistrationRequest` (request, key 62): versions 0-4, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerRegistrationRequest {
    /// All versions; a `brokerId`.
    pub broker_id: i32,
    /// All versions.
    pub cluster_id: Str,
    /// All versions.
    pub incarnation_id: Uuid,
    /// All versions.
    pub listeners: Vec<Listener>,
    /// All versions.
    pub features: Vec<Feature>,
    /// All versions.
    pub rack: Option<Str>,
    /// Versions 1+.
    pub is_migrating_zk_broker: bool,
    /// Versions 2+; lost in others.
    pub log_dirs: Vec<Uuid>,
    /// Versions 3+; default -1; lost in others.
    pub previous_broker_epoch: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for BrokerRegistrationRequest {
    fn default() -> BrokerRegistrationRequest {
        BrokerRegistrationRequest {
            broker_id: 0,
            cluster_id: Str::default(),
            incarnation_id: Uuid::ZERO,
            listeners: Vec::new(),
            features: Vec::new(),
            rack: Some(Str::default()),
            is_migrating_zk_broker: false,
            log_dirs: Vec::new(),
            previous_broker_epoch: -1,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for BrokerRegistrationRequest {
    const NAME: &'static str = "BrokerRegistrationRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=4;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for BrokerRegistrationRequest {
    const KEY: ApiKey = ApiKey::BrokerRegistration;
    type Response = super::broker_registration_response::BrokerRegistrationResponse;
}

impl Element for BrokerRegistrationRequest {
    const MIN_LEN: usize = 25;

    fn read(reader: &mut Reader, version: i16) -> Result<BrokerRegistrationRequest, DecodeError> {
        Ok(BrokerRegistrationRequest {
            broker_id: reader.i32()?,
            cluster_id: reader.string(Form::Flexible)?,
            incarnation_id: reader.uuid()?,
            listeners: reader.array(Form::Flexible, version)?,
            features: reader.array(Form::Flexible, version)?,
            rack: reader.nullable_string(Form::Flexible)?,
            is_migrating_zk_broker: if version >= 1 { reader.bool()? } else { false },
            log_dirs: if version >= 2 { reader.uuids(Form::Flexible)? } else { Vec::new() },
            previous_broker_epoch: if version >= 3 { reader.i64()? } else { -1 },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.broker_id);
        writer.string(Form::Flexible, &self.cluster_id)?;
        writer.uuid(self.incarnation_id);
        writer.array(Form::Flexible, &self.listeners, version)?;
        writer.array(Form::Flexible, &self.features, version)?;
        writer.nullable_string(Form::Flexible, self.rack.as_ref())?;
        if version >= 1 {
            writer.bool(self.is_migrating_zk_broker);
        } else if self.is_migrating_zk_broker {
            return Err(EncodeError::NotInVersion {
                message: "BrokerRegistrationRequest",
                field: "IsMigratingZkBroker",
                version,
            });
        }
        if version >= 2 {
            writer.uuids(Form::Flexible, &self.log_dirs)?;
        }
        if version >= 3 {
            writer.i64(self.previous_broker_epoch);
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for BrokerRegistrationRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("brokerId", &self.broker_id, version);
        object.field("clusterId", &self.cluster_id, version);
        object.field("incarnationId", &self.incarnation_id, version);
        object.field("listeners", &self.listeners, version);
        object.field("features", &self.features, version);
        object.field("rack", &self.rack, version);
        if version >= 1 {
            object.field("isMigratingZkBroker", &self.is_migrating_zk_broker, version);
        }
        if version >= 2 {
            object.field("logDirs", &self.log_dirs, version);
        }
        if version >= 3 {
            object.field("previousBrokerEpoch", &self.previous_broker_epoch, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for BrokerRegistrationRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> BrokerRegistrationRequest {
        BrokerRegistrationRequest {
            broker_id: random.i32(),
            cluster_id: random.string(),
            incarnation_id: random.uuid(),
            listeners: random.array(version),
            features: random.array(version),
            rack: random.is_some().then(|| random.string()),
            is_migrating_zk_broker: if version >= 1 { random.bool() } else { false },
            log_dirs: if version >= 2 { random.uuids() } else { Vec::new() },
            previous_broker_epoch: if version >= 3 { random.i64() } else { -1 },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`BrokerRegistrationRequest`].
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

/// Part of [`BrokerRegistrationRequest`].
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
