//! Generated from `schemas/DescribeClusterResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DescribeClusterResponse` (response, key 60): versions 0-2, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct DescribeClusterResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions; default null.
    pub error_message: Option<Str>,
    /// Versions 1+; default 1.
    pub endpoint_type: i8,
    /// All versions.
    pub cluster_id: Str,
    /// All versions; default -1; a `brokerId`.
    pub controller_id: i32,
    /// All versions.
    pub brokers: Vec<DescribeClusterBroker>,
    /// All versions; default -2147483648.
    pub cluster_authorized_operations: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for DescribeClusterResponse {
    fn default() -> DescribeClusterResponse {
        DescribeClusterResponse {
            throttle_time_ms: 0,
            error_code: 0,
            error_message: None,
            endpoint_type: 1,
            cluster_id: Str::default(),
            controller_id: -1,
            brokers: Vec::new(),
            cluster_authorized_operations: i32::MIN,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for DescribeClusterResponse {
    const NAME: &'static str = "DescribeClusterResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for DescribeClusterResponse {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeClusterResponse, DecodeError> {
        Ok(DescribeClusterResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            error_message: reader.nullable_string(Form::Flexible)?,
            endpoint_type: if version >= 1 { reader.i8()? } else { 1 },
            cluster_id: reader.string(Form::Flexible)?,
            controller_id: reader.i32()?,
            brokers: reader.array(Form::Flexible, version)?,
            cluster_authorized_operations: reader.i32()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        writer.nullable_string(Form::Flexible, self.error_message.as_ref())?;
        if version >= 1 {
            writer.i8(self.endpoint_type);
        } else if self.endpoint_type != 1 {
            return Err(EncodeError::NotInVersion {
                message: "DescribeClusterResponse",
                field: "EndpointType",
                version,
            });
        }
        writer.string(Form::Flexible, &self.cluster_id)?;
        writer.i32(self.controller_id);
        writer.array(Form::Flexible, &self.brokers, version)?;
        writer.i32(self.cluster_authorized_operations);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeClusterResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        object.field("errorMessage", &self.error_message, version);
        if version >= 1 {
            object.field("endpointType", &self.endpoint_type, version);
        }
        object.field("clusterId", &self.cluster_id, version);
        object.field("controllerId", &self.controller_id, version);
        object.field("brokers", &self.brokers, version);
        object.field("clusterAuthorizedOperations", &self.cluster_authorized_operations, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeClusterResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeClusterResponse {
        DescribeClusterResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            error_message: random.is_some().then(|| random.string()),
            endpoint_type: if version >= 1 { random.i8() } else { 1 },
            cluster_id: random.string(),
            controller_id: random.i32(),
            brokers: random.array(version),
            cluster_authorized_operations: random.i32(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`DescribeClusterResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribeClusterBroker {
    /// All versions; key of its array; a `brokerId`.
    pub broker_id: i32,
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: i32,
    /// All versions; default null.
    pub rack: Option<Str>,
    /// Versions 2+.
    pub is_fenced: bool,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for DescribeClusterBroker {
    const MIN_LEN: usize = 11;

    fn read(reader: &mut Reader, version: i16) -> Result<DescribeClusterBroker, DecodeError> {
        Ok(DescribeClusterBroker {
            broker_id: reader.i32()?,
            host: reader.string(Form::Flexible)?,
            port: reader.i32()?,
            rack: reader.nullable_string(Form::Flexible)?,
            is_fenced: if version == 2 { reader.bool()? } else { false },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.broker_id);
        writer.string(Form::Flexible, &self.host)?;
        writer.i32(self.port);
        writer.nullable_string(Form::Flexible, self.rack.as_ref())?;
        if version == 2 {
            writer.bool(self.is_fenced);
        } else if self.is_fenced {
            return Err(EncodeError::NotInVersion {
                message: "DescribeClusterBroker",
                field: "IsFenced",
                version,
            });
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DescribeClusterBroker {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("brokerId", &self.broker_id, version);
        object.field("host", &self.host, version);
        object.field("port", &self.port, version);
        object.field("rack", &self.rack, version);
        if version == 2 {
            object.field("isFenced", &self.is_fenced, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DescribeClusterBroker {
    fn random(random: &mut crate::testing::Source, version: i16) -> DescribeClusterBroker {
        DescribeClusterBroker {
            broker_id: random.i32(),
            host: random.string(),
            port: random.i32(),
            rack: random.is_some().then(|| random.string()),
            is_fenced: if version == 2 { random.bool() } else { false },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
