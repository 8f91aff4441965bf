//! Generated from `schemas/ConsumerProtocolSubscription.ksc` by `cargo xtask codegen`.

use bytes::Bytes;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::Message;

/// `ConsumerProtocolSubscription` (data): versions 0-3, flexible none.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerProtocolSubscription {
    /// All versions.
    pub topics: Vec<Str>,
    /// All versions; default null.
    pub user_data: Option<Bytes>,
    /// Versions 1+; lost in others.
    pub owned_partitions: Vec<TopicPartition>,
    /// Versions 2+; default -1; lost in others.
    pub generation_id: i32,
    /// Versions 3+; default null; lost in others.
    pub rack_id: Option<Str>,
}

impl Default for ConsumerProtocolSubscription {
    fn default() -> ConsumerProtocolSubscription {
        ConsumerProtocolSubscription {
            topics: Vec::new(),
            user_data: None,
            owned_partitions: Vec::new(),
            generation_id: -1,
            rack_id: None,
        }
    }
}

impl Message for ConsumerProtocolSubscription {
    const NAME: &'static str = "ConsumerProtocolSubscription";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=3;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for ConsumerProtocolSubscription {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<ConsumerProtocolSubscription, DecodeError> {
        Ok(ConsumerProtocolSubscription {
            topics: reader.strings(Form::Legacy)?,
            user_data: reader.nullable_bytes(Form::Legacy)?,
            owned_partitions: if version >= 1 { reader.array(Form::Legacy, version)? } else { Vec::new() },
            generation_id: if version >= 2 { reader.i32()? } else { -1 },
            rack_id: if version == 3 { reader.nullable_string(Form::Legacy)? } else { None },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.strings(Form::Legacy, &self.topics)?;
        writer.nullable_bytes(Form::Legacy, self.user_data.as_ref())?;
        if version >= 1 {
            writer.array(Form::Legacy, &self.owned_partitions, version)?;
        }
        if version >= 2 {
            writer.i32(self.generation_id);
        }
        if version == 3 {
            writer.nullable_string(Form::Legacy, self.rack_id.as_ref())?;
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ConsumerProtocolSubscription {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topics", &self.topics, version);
        object.field("userData", &self.user_data, version);
        if version >= 1 {
            object.field("ownedPartitions", &self.owned_partitions, version);
        }
        if version >= 2 {
            object.field("generationId", &self.generation_id, version);
        }
        if version == 3 {
            object.field("rackId", &self.rack_id, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConsumerProtocolSubscription {
    fn random(random: &mut crate::testing::Source, version: i16) -> ConsumerProtocolSubscription {
        ConsumerProtocolSubscription {
            topics: random.strings(),
            user_data: random.is_some().then(|| random.bytes()),
            owned_partitions: if version >= 1 { random.array(version) } else { Vec::new() },
            generation_id: if version >= 2 { random.i32() } else { -1 },
            rack_id: if version == 3 { random.is_some().then(|| random.string()) } else { None },
        }
    }
}

/// Part of [`ConsumerProtocolSubscription`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartition {
    /// All versions; key of its array; a `topicName`.
    pub topic: Str,
    /// All versions.
    pub partitions: Vec<i32>,
}

impl Element for TopicPartition {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicPartition, DecodeError> {
        Ok(TopicPartition { topic: reader.string(Form::Legacy)?, partitions: reader.i32s(Form::Legacy)? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Legacy, &self.topic)?;
        writer.i32s(Form::Legacy, &self.partitions)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicPartition {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topic", &self.topic, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicPartition {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicPartition {
        TopicPartition { topic: random.string(), partitions: random.i32s() }
    }
}
