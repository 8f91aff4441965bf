//! Generated from `schemas/StreamsGroupMemberMetadataValue.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `StreamsGroupMemberMetadataValue` (offsets-value, key 19): versions 0, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamsGroupMemberMetadataValue {
    /// All versions.
    pub instance_id: Option<Str>,
    /// All versions.
    pub rack_id: Option<Str>,
    /// All versions.
    pub client_id: Str,
    /// All versions.
    pub client_host: Str,
    /// All versions; default -1.
    pub rebalance_timeout_ms: i32,
    /// All versions.
    pub topology_epoch: i32,
    /// All versions.
    pub process_id: Str,
    /// All versions; default null.
    pub user_endpoint: Option<Box<Endpoint>>,
    /// All versions.
    pub client_tags: Vec<KeyValue>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for StreamsGroupMemberMetadataValue {
    fn default() -> StreamsGroupMemberMetadataValue {
        StreamsGroupMemberMetadataValue {
            instance_id: Some(Str::default()),
            rack_id: Some(Str::default()),
            client_id: Str::default(),
            client_host: Str::default(),
            rebalance_timeout_ms: -1,
            topology_epoch: 0,
            process_id: Str::default(),
            user_endpoint: None,
            client_tags: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for StreamsGroupMemberMetadataValue {
    const NAME: &'static str = "StreamsGroupMemberMetadataValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for StreamsGroupMemberMetadataValue {
    const MIN_LEN: usize = 16;

    fn read(reader: &mut Reader, version: i16) -> Result<StreamsGroupMemberMetadataValue, DecodeError> {
        Ok(StreamsGroupMemberMetadataValue {
            instance_id: reader.nullable_string(Form::Flexible)?,
            rack_id: reader.nullable_string(Form::Flexible)?,
            client_id: reader.string(Form::Flexible)?,
            client_host: reader.string(Form::Flexible)?,
            rebalance_timeout_ms: reader.i32()?,
            topology_epoch: reader.i32()?,
            process_id: reader.string(Form::Flexible)?,
            user_endpoint: reader.nullable_struct(version)?,
            client_tags: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.nullable_string(Form::Flexible, self.instance_id.as_ref())?;
        writer.nullable_string(Form::Flexible, self.rack_id.as_ref())?;
        writer.string(Form::Flexible, &self.client_id)?;
        writer.string(Form::Flexible, &self.client_host)?;
        writer.i32(self.rebalance_timeout_ms);
        writer.i32(self.topology_epoch);
        writer.string(Form::Flexible, &self.process_id)?;
        writer.nullable_struct(self.user_endpoint.as_deref(), version)?;
        writer.array(Form::Flexible, &self.client_tags, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for StreamsGroupMemberMetadataValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("instanceId", &self.instance_id, version);
        object.field("rackId", &self.rack_id, version);
        object.field("clientId", &self.client_id, version);
        object.field("clientHost", &self.client_host, version);
        object.field("rebalanceTimeoutMs", &self.rebalance_timeout_ms, version);
        object.field("topologyEpoch", &self.topology_epoch, version);
        object.field("processId", &self.process_id, version);
        object.field("userEndpoint", &self.user_endpoint, version);
        object.field("clientTags", &self.client_tags, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for StreamsGroupMemberMetadataValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> StreamsGroupMemberMetadataValue {
        StreamsGroupMemberMetadataValue {
            instance_id: random.is_some().then(|| random.string()),
            rack_id: random.is_some().then(|| random.string()),
            client_id: random.string(),
            client_host: random.string(),
            rebalance_timeout_ms: random.i32(),
            topology_epoch: random.i32(),
            process_id: random.string(),
            user_endpoint: random.is_some().then(|| random.boxed(version)),
            client_tags: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupMemberMetadataValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoint {
    /// All versions.
    pub host: Str,
    /// All versions.
    pub port: u16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Endpoint {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, _version: i16) -> Result<Endpoint, DecodeError> {
        Ok(Endpoint {
            host: reader.string(Form::Flexible)?,
            port: reader.u16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.host)?;
        writer.u16(self.port);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Endpoint {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("host", &self.host, version);
        object.field("port", &self.port, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Endpoint {
    fn random(random: &mut crate::testing::Source, _version: i16) -> Endpoint {
        Endpoint { host: random.string(), port: random.u16(), unknown_tagged_fields: random.tagged_fields(0) }
    }
}

/// Part of [`StreamsGroupMemberMetadataValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyValue {
    /// All versions.
    pub key: Str,
    /// All versions.
    pub value: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for KeyValue {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<KeyValue, DecodeError> {
        Ok(KeyValue {
            key: reader.string(Form::Flexible)?,
            value: reader.string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.key)?;
        writer.string(Form::Flexible, &self.value)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for KeyValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("key", &self.key, version);
        object.field("value", &self.value, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for KeyValue {
    fn random(random: &mut crate::testing::Source, _version: i16) -> KeyValue {
        KeyValue {
            key: random.string(),
            value: random.string(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
