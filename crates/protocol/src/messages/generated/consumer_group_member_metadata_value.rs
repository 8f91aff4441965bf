//! Generated from `schemas/ConsumerGroupMemberMetadataValue.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `ConsumerGroupMemberMetadataValue` (offsets-value, key 5): versions 0, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerGroupMemberMetadataValue {
    /// All versions.
    pub instance_id: Option<Str>,
    /// All versions.
    pub rack_id: Option<Str>,
    /// All versions.
    pub client_id: Str,
    /// All versions.
    pub client_host: Str,
    /// All versions.
    pub subscribed_topic_names: Vec<Str>,
    /// All versions.
    pub subscribed_topic_regex: Option<Str>,
    /// All versions; default -1.
    pub rebalance_timeout_ms: i32,
    /// All versions.
    pub server_assignor: Option<Str>,
    /// All versions; tag 0.
    pub classic_member_metadata: Option<Box<ClassicMemberMetadata>>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ConsumerGroupMemberMetadataValue {
    fn default() -> ConsumerGroupMemberMetadataValue {
        ConsumerGroupMemberMetadataValue {
            instance_id: Some(Str::default()),
            rack_id: Some(Str::default()),
            client_id: Str::default(),
            client_host: Str::default(),
            subscribed_topic_names: Vec::new(),
            subscribed_topic_regex: Some(Str::default()),
            rebalance_timeout_ms: -1,
            server_assignor: Some(Str::default()),
            classic_member_metadata: Some(Box::default()),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for ConsumerGroupMemberMetadataValue {
    const NAME: &'static str = "ConsumerGroupMemberMetadataValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ConsumerGroupMemberMetadataValue {
    const MIN_LEN: usize = 12;

    fn read(reader: &mut Reader, version: i16) -> Result<ConsumerGroupMemberMetadataValue, DecodeError> {
        let mut value = ConsumerGroupMemberMetadataValue {
            instance_id: reader.nullable_string(Form::Flexible)?,
            rack_id: reader.nullable_string(Form::Flexible)?,
            client_id: reader.string(Form::Flexible)?,
            client_host: reader.string(Form::Flexible)?,
            subscribed_topic_names: reader.strings(Form::Flexible)?,
            subscribed_topic_regex: reader.nullable_string(Form::Flexible)?,
            rebalance_timeout_ms: reader.i32()?,
            server_assignor: reader.nullable_string(Form::Flexible)?,
            classic_member_metadata: Some(Box::default()),
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.classic_member_metadata = reader.nullable_tagged_struct(version)?,
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.nullable_string(Form::Flexible, self.instance_id.as_ref())?;
        writer.nullable_string(Form::Flexible, self.rack_id.as_ref())?;
        writer.string(Form::Flexible, &self.client_id)?;
        writer.string(Form::Flexible, &self.client_host)?;
        writer.strings(Form::Flexible, &self.subscribed_topic_names)?;
        writer.nullable_string(Form::Flexible, self.subscribed_topic_regex.as_ref())?;
        writer.i32(self.rebalance_timeout_ms);
        writer.nullable_string(Form::Flexible, self.server_assignor.as_ref())?;
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.classic_member_metadata.as_deref() != Some(&ClassicMemberMetadata::default()) {
            let mark = tagged.field(writer, 0)?;
            writer.nullable_tagged_struct(self.classic_member_metadata.as_deref(), version)?;
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ConsumerGroupMemberMetadataValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("instanceId", &self.instance_id, version);
        object.field("rackId", &self.rack_id, version);
        object.field("clientId", &self.client_id, version);
        object.field("clientHost", &self.client_host, version);
        object.field("subscribedTopicNames", &self.subscribed_topic_names, version);
        object.field("subscribedTopicRegex", &self.subscribed_topic_regex, version);
        object.field("rebalanceTimeoutMs", &self.rebalance_timeout_ms, version);
        object.field("serverAssignor", &self.server_assignor, version);
        if self.classic_member_metadata.as_deref() != Some(&ClassicMemberMetadata::default()) {
            object.field("classicMemberMetadata", &self.classic_member_metadata, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConsumerGroupMemberMetadataValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> ConsumerGroupMemberMetadataValue {
        ConsumerGroupMemberMetadataValue {
            instance_id: random.is_some().then(|| random.string()),
            rack_id: random.is_some().then(|| random.string()),
            client_id: random.string(),
            client_host: random.string(),
            subscribed_topic_names: random.strings(),
            subscribed_topic_regex: random.is_some().then(|| random.string()),
            rebalance_timeout_ms: random.i32(),
            server_assignor: random.is_some().then(|| random.string()),
            classic_member_metadata: random.is_some().then(|| random.boxed(version)),
            unknown_tagged_fields: random.tagged_fields(1),
        }
    }
}

/// Part of [`ConsumerGroupMemberMetadataValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClassicMemberMetadata {
    /// All versions.
    pub session_timeout_ms: i32,
    /// All versions.
    pub supported_protocols: Vec<ClassicProtocol>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ClassicMemberMetadata {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<ClassicMemberMetadata, DecodeError> {
        Ok(ClassicMemberMetadata {
            session_timeout_ms: reader.i32()?,
            supported_protocols: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.session_timeout_ms);
        writer.array(Form::Flexible, &self.supported_protocols, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ClassicMemberMetadata {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("sessionTimeoutMs", &self.session_timeout_ms, version);
        object.field("supportedProtocols", &self.supported_protocols, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ClassicMemberMetadata {
    fn random(random: &mut crate::testing::Source, version: i16) -> ClassicMemberMetadata {
        ClassicMemberMetadata {
            session_timeout_ms: random.i32(),
            supported_protocols: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ConsumerGroupMemberMetadataValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClassicProtocol {
    /// All versions.
    pub name: Str,
    /// All versions.
    pub metadata: Bytes,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for ClassicProtocol {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<ClassicProtocol, DecodeError> {
        Ok(ClassicProtocol {
            name: reader.string(Form::Flexible)?,
            metadata: reader.bytes(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.bytes(Form::Flexible, &self.metadata)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ClassicProtocol {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("metadata", &self.metadata, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ClassicProtocol {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ClassicProtocol {
        ClassicProtocol {
            name: random.string(),
            metadata: random.bytes(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
