//! Generated from `schemas/ShareGroupStatePartitionMetadataValue.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ShareGroupStatePartitionMetadataValue` (offsets-value, key 15): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareGroupStatePartitionMetadataValue {
    /// All versions.
    pub initializing_topics: Vec<TopicPartitionsInfo>,
    /// All versions.
    pub initialized_topics: Vec<TopicPartitionsInfo>,
    /// All versions.
    pub deleting_topics: Vec<TopicInfo>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ShareGroupStatePartitionMetadataValue {
    const NAME: &'static str = "ShareGroupStatePartitionMetadataValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ShareGroupStatePartitionMetadataValue {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<ShareGroupStatePartitionMetadataValue, DecodeError> {
        Ok(ShareGroupStatePartitionMetadataValue {
            initializing_topics: reader.array(Form::Flexible, version)?,
            initialized_topics: reader.array(Form::Flexible, version)?,
            deleting_topics: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.initializing_topics, version)?;
        writer.array(Form::Flexible, &self.initialized_topics, version)?;
        writer.array(Form::Flexible, &self.deleting_topics, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareGroupStatePartitionMetadataValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("initializingTopics", &self.initializing_topics, version);
        object.field("initializedTopics", &self.initialized_topics, version);
        object.field("deletingTopics", &self.deleting_topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ShareGroupStatePartitionMetadataValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> ShareGroupStatePartitionMetadataValue {
        ShareGroupStatePartitionMetadataValue {
            initializing_topics: random.array(version),
            initialized_topics: random.array(version),
            deleting_topics: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareGroupStatePartitionMetadataValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicPartitionsInfo {
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub topic_name: Str,
    /// All versions.
    pub partitions: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicPartitionsInfo {
    const MIN_LEN: usize = 19;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicPartitionsInfo, DecodeError> {
        Ok(TopicPartitionsInfo {
            topic_id: reader.uuid()?,
            topic_name: reader.string(Form::Flexible)?,
            partitions: reader.i32s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.topic_id);
        writer.string(Form::Flexible, &self.topic_name)?;
        writer.i32s(Form::Flexible, &self.partitions)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicPartitionsInfo {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);
        object.field("topicName", &self.topic_name, version);
        object.field("partitions", &self.partitions, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicPartitionsInfo {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicPartitionsInfo {
        TopicPartitionsInfo {
            topic_id: random.uuid(),
            topic_name: random.string(),
            partitions: random.i32s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ShareGroupStatePartitionMetadataValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicInfo {
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub topic_name: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicInfo {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicInfo, DecodeError> {
        Ok(TopicInfo {
            topic_id: reader.uuid()?,
            topic_name: reader.string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.topic_id);
        writer.string(Form::Flexible, &self.topic_name)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicInfo {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);
        object.field("topicName", &self.topic_name, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicInfo {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicInfo {
        TopicInfo {
            topic_id: random.uuid(),
            topic_name: random.string(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
