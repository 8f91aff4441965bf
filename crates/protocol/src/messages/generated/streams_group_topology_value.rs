//! Generated from `schemas/StreamsGroupTopologyValue.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `StreamsGroupTopologyValue` (offsets-value, key 23): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupTopologyValue {
    /// All versions.
    pub epoch: i32,
    /// All versions.
    pub subtopologies: Vec<Subtopology>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for StreamsGroupTopologyValue {
    const NAME: &'static str = "StreamsGroupTopologyValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for StreamsGroupTopologyValue {
    const MIN_LEN: usize = 6;

    fn read(reader: &mut Reader, version: i16) -> Result<StreamsGroupTopologyValue, DecodeError> {
        Ok(StreamsGroupTopologyValue {
            epoch: reader.i32()?,
            subtopologies: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.epoch);
        writer.array(Form::Flexible, &self.subtopologies, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for StreamsGroupTopologyValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("epoch", &self.epoch, version);
        object.field("subtopologies", &self.subtopologies, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for StreamsGroupTopologyValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> StreamsGroupTopologyValue {
        StreamsGroupTopologyValue {
            epoch: random.i32(),
            subtopologies: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupTopologyValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subtopology {
    /// All versions.
    pub subtopology_id: Str,
    /// All versions.
    pub source_topics: Vec<Str>,
    /// All versions.
    pub source_topic_regex: Vec<Str>,
    /// All versions.
    pub state_changelog_topics: Vec<TopicInfo>,
    /// All versions.
    pub repartition_sink_topics: Vec<Str>,
    /// All versions.
    pub repartition_source_topics: Vec<TopicInfo>,
    /// All versions.
    pub copartition_groups: Vec<CopartitionGroup>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for Subtopology {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<Subtopology, DecodeError> {
        Ok(Subtopology {
            subtopology_id: reader.string(Form::Flexible)?,
            source_topics: reader.strings(Form::Flexible)?,
            source_topic_regex: reader.strings(Form::Flexible)?,
            state_changelog_topics: reader.array(Form::Flexible, version)?,
            repartition_sink_topics: reader.strings(Form::Flexible)?,
            repartition_source_topics: reader.array(Form::Flexible, version)?,
            copartition_groups: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.subtopology_id)?;
        writer.strings(Form::Flexible, &self.source_topics)?;
        writer.strings(Form::Flexible, &self.source_topic_regex)?;
        writer.array(Form::Flexible, &self.state_changelog_topics, version)?;
        writer.strings(Form::Flexible, &self.repartition_sink_topics)?;
        writer.array(Form::Flexible, &self.repartition_source_topics, version)?;
        writer.array(Form::Flexible, &self.copartition_groups, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for Subtopology {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("subtopologyId", &self.subtopology_id, version);
        object.field("sourceTopics", &self.source_topics, version);
        object.field("sourceTopicRegex", &self.source_topic_regex, version);
        object.field("stateChangelogTopics", &self.state_changelog_topics, version);
        object.field("repartitionSinkTopics", &self.repartition_sink_topics, version);
        object.field("repartitionSourceTopics", &self.repartition_source_topics, version);
        object.field("copartitionGroups", &self.copartition_groups, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for Subtopology {
    fn random(random: &mut crate::testing::Source, version: i16) -> Subtopology {
        Subtopology {
            subtopology_id: random.string(),
            source_topics: random.strings(),
            source_topic_regex: random.strings(),
            state_changelog_topics: random.array(version),
            repartition_sink_topics: random.strings(),
            repartition_source_topics: random.array(version),
            copartition_groups: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupTopologyValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CopartitionGroup {
    /// All versions.
    pub source_topics: Vec<i16>,
    /// All versions.
    pub source_topic_regex: Vec<i16>,
    /// All versions.
    pub repartition_source_topics: Vec<i16>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for CopartitionGroup {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, _version: i16) -> Result<CopartitionGroup, DecodeError> {
        Ok(CopartitionGroup {
            source_topics: reader.i16s(Form::Flexible)?,
            source_topic_regex: reader.i16s(Form::Flexible)?,
            repartition_source_topics: reader.i16s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i16s(Form::Flexible, &self.source_topics)?;
        writer.i16s(Form::Flexible, &self.source_topic_regex)?;
        writer.i16s(Form::Flexible, &self.repartition_source_topics)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for CopartitionGroup {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("sourceTopics", &self.source_topics, version);
        object.field("sourceTopicRegex", &self.source_topic_regex, version);
        object.field("repartitionSourceTopics", &self.repartition_source_topics, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for CopartitionGroup {
    fn random(random: &mut crate::testing::Source, _version: i16) -> CopartitionGroup {
        CopartitionGroup {
            source_topics: random.i16s(),
            source_topic_regex: random.i16s(),
            repartition_source_topics: random.i16s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupTopologyValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicConfig {
    /// All versions.
    pub key: Str,
    /// All versions.
    pub value: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicConfig {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopicConfig, DecodeError> {
        Ok(TopicConfig {
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
impl crate::json::ToJson for TopicConfig {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("key", &self.key, version);
        object.field("value", &self.value, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicConfig {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopicConfig {
        TopicConfig {
            key: random.string(),
            value: random.string(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupTopologyValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicInfo {
    /// All versions.
    pub name: Str,
    /// All versions.
    pub partitions: i32,
    /// All versions.
    pub replication_factor: i16,
    /// All versions.
    pub topic_configs: Vec<TopicConfig>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopicInfo {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, version: i16) -> Result<TopicInfo, DecodeError> {
        Ok(TopicInfo {
            name: reader.string(Form::Flexible)?,
            partitions: reader.i32()?,
            replication_factor: reader.i16()?,
            topic_configs: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.i32(self.partitions);
        writer.i16(self.replication_factor);
        writer.array(Form::Flexible, &self.topic_configs, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopicInfo {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitions", &self.partitions, version);
        object.field("replicationFactor", &self.replication_factor, version);
        object.field("topicConfigs", &self.topic_configs, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopicInfo {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopicInfo {
        TopicInfo {
            name: random.string(),
            partitions: random.i32(),
            replication_factor: random.i16(),
            topic_configs: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
