//! Generated from `schemas/FindCoordinatorResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `FindCoordinatorResponse` (response, key 10): versions 0-6, flexible 3+.
#[derive(Clone, Debug, PartialEq)]
pub struct FindCoordinatorResponse {
    /// Versions 1+; lost in others.
    pub throttle_time_ms: i32,
    /// Versions 0-3.
    pub error_code: i16,
    /// Versions 1-3; lost in others.
    pub error_message: Option<Str>,
    /// Versions 0-3; a `brokerId`.
    pub node_id: i32,
    /// Versions 0-3.
    pub host: Str,
    /// Versions 0-3.
    pub port: i32,
    /// Versions 4+.
    pub coordinators: Vec<Coordinator>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for FindCoordinatorResponse {
    fn default() -> FindCoordinatorResponse {
        FindCoordinatorResponse {
            throttle_time_ms: 0,
            error_code: 0,
            error_message: Some(Str::default()),
            node_id: 0,
            host: Str::default(),
            port: 0,
            coordinators: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for FindCoordinatorResponse {
    const NAME: &'static str = "FindCoordinatorResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=6;
    const FLEXIBLE_FROM: Option<i16> = Some(3);
}

impl Element for FindCoordinatorResponse {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<FindCoordinatorResponse, DecodeError> {
        let form = Form::of(version, 3);
        Ok(FindCoordinatorResponse {
            throttle_time_ms: if version >= 1 { reader.i32()? } else { 0 },
            error_code: if version <= 3 { reader.i16()? } else { 0 },
            error_message: if (1..=3).contains(&version) {
                reader.nullable_string(form)?
            } else {
                Some(Str::default())
            },
            node_id: if version <= 3 { reader.i32()? } else { 0 },
            host: if version <= 3 { reader.string(form)? } else { Str::default() },
            port: if version <= 3 { reader.i32()? } else { 0 },
            coordinators: if version >= 4 { reader.array(Form::Flexible, version)? } else { Vec::new() },
            unknown_tagged_fields: if version >= 3 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 3);
        if version >= 1 {
            writer.i32(self.throttle_time_ms);
        }
        if version <= 3 {
            writer.i16(self.error_code);
        } else if self.error_code != 0 {
            return Err(EncodeError::NotInVersion {
                message: "FindCoordinatorResponse",
                field: "ErrorCode",
                version,
            });
        }
        if (1..=3).contains(&version) {
            writer.nullable_string(form, self.error_message.as_ref())?;
        }
        if version <= 3 {
            writer.i32(self.node_id);
        } else if self.node_id != 0 {
            return Err(EncodeError::NotInVersion {
                message: "FindCoordinatorResponse",
                field: "NodeId",
                version,
            });
        }
        if version <= 3 {
            writer.string(form, &self.host)?;
        } else if !self.host.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "FindCoordinatorResponse",
                field: "Host",
                version,
            });
        }
        if version <= 3 {
            writer.i32(self.port);
        } else if self.port != 0 {
            return Err(EncodeError::NotInVersion {
                message: "FindCoordinatorResponse",
                field: "Port",
                version,
            });
        }
        if version >= 4 {
            writer.array(Form::Flexible, &self.coordinators, version)?;
        } else if !self.coordinators.is_empty() {
            return Err(EncodeError::NotInVersion {
                message: "FindCoordinatorResponse",
                field: "Coordinators",
                version,
            });
        }
        if version >= 3 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "FindCoordinatorResponse", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for FindCoordinatorResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if version >= 1 {
            object.field("throttleTimeMs", &self.throttle_time_ms, version);
        }
        if version <= 3 {
            object.field("errorCode", &self.error_code, version);
        }
        if (1..=3).contains(&version) {
            object.field("errorMessage", &self.error_message, version);
        }
        if version <= 3 {
            object.field("nodeId", &self.node_id, version);
        }
        if version <= 3 {
            object.field("host", &self.host, version);
        }
        if version <= 3 {
            object.field("port", &self.port, version);
        }
        if version >= 4 {
            object.field("coordinators", &self.coordinators, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for FindCoordinatorResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> FindCoordinatorResponse {
        FindCoordinatorResponse {
            throttle_time_ms: if version >= 1 { random.i32() } else { 0 },
            error_code: if version <= 3 { random.i16() } else { 0 },
            error_message: if (1..=3).contains(&version) {
                random.is_some().then(|| random.string())
            } else {
                Some(Str::default())
            },
            node_id: if version <= 3 { random.i32() } else { 0 },
            host: if version <= 3 { random.string() } else { Str::default() },
            port: if version <= 3 { random.i32() } else { 0 },
            coordinators: if version >= 4 { random.array(version) } else { Vec::new() },
            unknown_tagged_fields: if version >= 3 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}

/// Part of [`FindCoordinatorResponse`].
#[derive(Clone, Debug, PartialEq)]
pub struct Coordinator {
    /// All versions.
    pub key: Str,
    /// All versions; a `brokerId`.
    pub node_id: i32,
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub error_message: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for Coordinator {
    fn default() -> Coordinator {
        Coordinator {
            key: Str::default(),
            node_id: 0,
            host: Str::default(),
            port: 0,
            error_code: 0,
            error_message: Some(Str::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Element for Coordinator {
    const MIN_LEN: usize = 14;

    fn read(reader: &mut Reader, _version: i16) -> Result<Coordinator, DecodeError> {
        Ok(Coordinator {
            key: reader.string(Form::Flexible)?,
            node_id: reader.i32()?,
            host: reader.string(Form::Flexible)?,
            port: reader.i32()?,
            error_code: reader.i16()?,
            error_message: reader.nullable_string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.key)?;
        writer.i32(self.node_id);
        writer.string(Form::Flexible, &self.host)?;
        writer.i32(self.port);
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Coordinator {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("key", &self.key, version);
        object.field("nodeId", &self.node_id, version);
        object.field("host", &self.host, version);
        object.field("port", &self.port, version);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Coordinator {
    fn random(random: &mut crate::testing::Source, _version: i16) -> Coordinator {
        Coordinator {
            key: random.string(),
            node_id: random.i32(),
            host: random.string(),
            port: random.i32(),
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
