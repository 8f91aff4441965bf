//! Generated from `schemas/ConsumerGroupPartitionMetadataValue.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ConsumerGroupPartitionMetadataValue` (offsets-value, key 4): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupPartitionMetadataValue {
    /// All versions.
    pub topics: Vec<TopicMetadata>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ConsumerGroupPartitionMetadataValue {
    const NAME: &'static str = "ConsumerGroupPartitionMetadataValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ConsumerGroupPartitionMetadataValue {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<ConsumerGroupPartitionMetadataValue, DecodeError> {
        Ok(ConsumerGroupPartitionMetadataValue {
            topics: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ConsumerGroupPartitionMetadataValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topics", &self.topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConsumerGroupPartitionMetadataValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> ConsumerGroupPartitionMetadataValue {
        ConsumerGroupPartitionMetadataValue {
            topics: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ConsumerGroupPartitionMetadataValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicMetadata {
    /// All versions.
    pub topic_id: Uuid,
    /// All versions.
    pub topic_name: Str,
    /// All versions.
    pub num_partitions: i32,
    /// All versions.
    pub partition_metadata: Vec<PartitionMetadata>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicMetadata {
    const MIN_LEN: usize = 23;

    fn read(reader: &mut Reader, version: i16) -> Result<TopicMetadata, DecodeError> {
        Ok(TopicMetadata {
            topic_id: reader.uuid()?,
            topic_name: reader.string(Form::Flexible)?,
            num_partitions: reader.i32()?,
            partition_metadata: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.uuid(self.topic_id);
        writer.string(Form::Flexible, &self.topic_name)?;
        writer.i32(self.num_partitions);
        writer.array(Form::Flexible, &self.partition_metadata, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicMetadata {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topicId", &self.topic_id, version);
        object.field("topicName", &self.topic_name, version);
        object.field("numPartitions", &self.num_partitions, version);
        object.field("partitionMetadata", &self.partition_metadata, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicMetadata {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopicMetadata {
        TopicMetadata {
            topic_id: random.uuid(),
            topic_name: random.string(),
            num_partitions: random.i32(),
            partition_metadata: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ConsumerGroupPartitionMetadataValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionMetadata {
    /// All versions.
    pub partition: i32,
    /// All versions.
    pub racks: Vec<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for PartitionMetadata {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, _version: i16) -> Result<PartitionMetadata, DecodeError> {
        Ok(PartitionMetadata {
            partition: reader.i32()?,
            racks: reader.strings(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.partition);
        writer.strings(Form::Flexible, &self.racks)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for PartitionMetadata {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("partition", &self.partition, version);
        object.field("racks", &self.racks, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for PartitionMetadata {
    fn random(random: &mut crate::testing::Source, _version: i16) -> PartitionMetadata {
        PartitionMetadata {
            partition: random.i32(),
            racks: random.strings(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
