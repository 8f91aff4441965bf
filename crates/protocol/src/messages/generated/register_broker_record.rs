//! Generated from `schemas/RegisterBrokerRecord.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `RegisterBrokerRecord` (metadata, key 0): versions 0-4, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterBrokerRecord {
    /// All versions; a `brokerId`.
    pub broker_id: i32,
    /// Versions 2+.
    pub is_migrating_zk_broker: bool,
    /// All versions.
    pub incarnation_id: Uuid,
    /// All versions.
    pub broker_epoch: i64,
    /// All versions.
    pub end_points: Vec<BrokerEndpoint>,
    /// All versions.
    pub features: Vec<BrokerFeature>,
    /// All versions.
    pub rack: Option<Str>,
    /// All versions; default true.
    pub fenced: bool,
    /// Versions 1+.
    pub in_controlled_shutdown: bool,
    /// Versions 3+; tag 0.
    pub log_dirs: Vec<Uuid>,
    /// Versions 4+; tag 1; default null.
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for RegisterBrokerRecord {
    fn default() -> RegisterBrokerRecord {
        RegisterBrokerRecord {
            broker_id: 0,
            is_migrating_zk_broker: false,
            incarnation_id: Uuid::ZERO,
            broker_epoch: 0,
            end_points: Vec::new(),
            features: Vec::new(),
            rack: Some(Str::default()),
            fenced: true,
            in_controlled_shutdown: false,
            log_dirs: Vec::new(),
            cordoned_log_dirs: None,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for RegisterBrokerRecord {
    const NAME: &'static str = "RegisterBrokerRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=4;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for RegisterBrokerRecord {
    const MIN_LEN: usize = 33;

    fn read(reader: &mut Reader, version: i16) -> Result<RegisterBrokerRecord, DecodeError> {
        let mut value = RegisterBrokerRecord {
            broker_id: reader.i32()?,
            is_migrating_zk_broker: if version >= 2 { reader.bool()? } else { false },
            incarnation_id: reader.uuid()?,
            broker_epoch: reader.i64()?,
            end_points: reader.array(Form::Flexible, version)?,
            features: reader.array(Form::Flexible, version)?,
            rack: reader.nullable_string(Form::Flexible)?,
            fenced: reader.bool()?,
            in_controlled_shutdown: if version >= 1 { reader.bool()? } else { false },
            log_dirs: Vec::new(),
            cordoned_log_dirs: None,
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 if version >= 3 => value.log_dirs = reader.uuids(Form::Flexible)?,
                0 => return Err(reader.tag_not_in_version(tag)),
                1 if version == 4 => value.cordoned_log_dirs = reader.nullable_uuids(Form::Flexible)?,
                1 => return Err(reader.tag_not_in_version(tag)),
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.broker_id);
        if version >= 2 {
            writer.bool(self.is_migrating_zk_broker);
        } else if self.is_migrating_zk_broker {
            return Err(EncodeError::NotInVersion {
                message: "RegisterBrokerRecord",
                field: "IsMigratingZkBroker",
                version,
            });
        }
        writer.uuid(self.incarnation_id);
        writer.i64(self.broker_epoch);
        writer.array(Form::Flexible, &self.end_points, version)?;
        writer.array(Form::Flexible, &self.features, version)?;
        writer.nullable_string(Form::Flexible, self.rack.as_ref())?;
        writer.bool(self.fenced);
        if version >= 1 {
            writer.bool(self.in_controlled_shutdown);
        } else if self.in_controlled_shutdown {
            return Err(EncodeError::NotInVersion {
                message: "RegisterBrokerRecord",
                field: "InControlledShutdown",
                version,
            });
        }
        if version < 3 && !self.log_dirs.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "RegisterBrokerRecord",
                field: "LogDirs",
                version,
            });
        }
        if version != 4 && self.cordoned_log_dirs.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "RegisterBrokerRecord",
                field: "CordonedLogDirs",
                version,
            });
        }
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if version >= 3 && !self.log_dirs.is_empty() {
            let mark = tagged.field(writer, 0)?;
            writer.uuids(Form::Flexible, &self.log_dirs)?;
            writer.end_tagged(mark)?;
        }
        if version == 4 && self.cordoned_log_dirs.is_some() {
            let mark = tagged.field(writer, 1)?;
            writer.nullable_uuids(Form::Flexible, self.cordoned_log_dirs.as_deref())?;
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for RegisterBrokerRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("brokerId", &self.broker_id, version);
        if version >= 2 {
            object.field("isMigratingZkBroker", &self.is_migrating_zk_broker, version);
        }
        object.field("incarnationId", &self.incarnation_id, version);
        object.field("brokerEpoch", &self.broker_epoch, version);
        object.field("endPoints", &self.end_points, version);
        object.field("features", &self.features, version);
        object.field("rack", &self.rack, version);
        object.field("fenced", &self.fenced, version);
        if version >= 1 {
            object.field("inControlledShutdown", &self.in_controlled_shutdown, version);
        }
        if version >= 3 && !self.log_dirs.is_empty() {
            object.field("logDirs", &self.log_dirs, version);
        }
        if version == 4 && self.cordoned_log_dirs.is_some() {
            object.field("cordonedLogDirs", &self.cordoned_log_dirs, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for RegisterBrokerRecord {
    fn random(random: &mut crate::testing::Source, version: i16) -> RegisterBrokerRecord {
        RegisterBrokerRecord {
            broker_id: random.i32(),
            is_migrating_zk_broker: if version >= 2 { random.bool() } else { false },
            incarnation_id: random.uuid(),
            broker_epoch: random.i64(),
            end_points: random.array(version),
            features: random.array(version),
            rack: random.is_some().then(|| random.string()),
            fenced: random.bool(),
            in_controlled_shutdown: if version >= 1 { random.bool() } else { false },
            log_dirs: if version >= 3 { random.uuids() } else { Vec::new() },
            cordoned_log_dirs: if version == 4 { random.is_some().then(|| random.uuids()) } else { None },
            unknown_tagged_fields: random.tagged_fields(2),
        }
    }
}

/// Part of [`RegisterBrokerRecord`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrokerEndpoint {
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

impl Element for BrokerEndpoint {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, _version: i16) -> Result<BrokerEndpoint, DecodeError> {
        Ok(BrokerEndpoint {
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
impl crate::json::ToJson for BrokerEndpoint {
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
impl crate::testing::Random for BrokerEndpoint {
    fn random(random: &mut crate::testing::Source, _version: i16) -> BrokerEndpoint {
        BrokerEndpoint {
            name: random.string(),
            host: random.string(),
            port: random.u16(),
            security_protocol: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`RegisterBrokerRecord`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrokerFeature {
    /// All versions; key of its array.
    pub name: Str,
    /// All versions.
    pub min_supported_version: i16,
    /// All versions.
    pub max_supported_version: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for BrokerFeature {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<BrokerFeature, DecodeError> {
        Ok(BrokerFeature {
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
impl crate::json::ToJson for BrokerFeature {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("minSupportedVersion", &self.min_supported_version, version);
        object.field("maxSupportedVersion", &self.max_supported_version, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for BrokerFeature {
    fn random(random: &mut crate::testing::Source, _version: i16) -> BrokerFeature {
        BrokerFeature {
            name: random.string(),
            min_supported_version: random.i16(),
            max_supported_version: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
