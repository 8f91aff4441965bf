//! Generated from `schemas/StreamsGroupTopologyDescriptionUpdateRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `StreamsGroupTopologyDescriptionUpdateRequest` (request, key 93): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupTopologyDescriptionUpdateRequest {
    /// All versions; a `groupId`.
    pub group_id: Str,
    /// All versions.
    pub member_id: Str,
    /// All versions.
    pub topology_epoch: i32,
    /// All versions.
    pub topology_description: TopologyDescription,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for StreamsGroupTopologyDescriptionUpdateRequest {
    const NAME: &'static str = "StreamsGroupTopologyDescriptionUpdateRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for StreamsGroupTopologyDescriptionUpdateRequest {
    const KEY: ApiKey = ApiKey::StreamsGroupTopologyDescriptionUpdate;
    type Response = super::streams_group_topology_description_update_response::StreamsGroupTopologyDescriptionUpdateResponse;
}

impl Element for StreamsGroupTopologyDescriptionUpdateRequest {
    const MIN_LEN: usize = 10;

    fn read(
        reader: &mut Reader,
        version: i16,
    ) -> Result<StreamsGroupTopologyDescriptionUpdateRequest, DecodeError> {
        Ok(StreamsGroupTopologyDescriptionUpdateRequest {
            group_id: reader.string(Form::Flexible)?,
            member_id: reader.string(Form::Flexible)?,
            topology_epoch: reader.i32()?,
            topology_description: TopologyDescription::read(reader, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.group_id)?;
        writer.string(Form::Flexible, &self.member_id)?;
        writer.i32(self.topology_epoch);
        self.topology_description.write(writer, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for StreamsGroupTopologyDescriptionUpdateRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("memberId", &self.member_id, version);
        object.field("topologyEpoch", &self.topology_epoch, version);
        object.field("topologyDescription", &self.topology_description, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for StreamsGroupTopologyDescriptionUpdateRequest {
    fn random(
        random: &mut crate::testing::Source,
        version: i16,
    ) -> StreamsGroupTopologyDescriptionUpdateRequest {
        StreamsGroupTopologyDescriptionUpdateRequest {
            group_id: random.string(),
            member_id: random.string(),
            topology_epoch: random.i32(),
            topology_description: random.value::<TopologyDescription>(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupTopologyDescriptionUpdateRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescription {
    /// All versions.
    pub subtopologies: Vec<TopologyDescriptionSubtopology>,
    /// All versions.
    pub global_stores: Vec<TopologyDescriptionGlobalStore>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopologyDescription {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<TopologyDescription, DecodeError> {
        Ok(TopologyDescription {
            subtopologies: reader.array(Form::Flexible, version)?,
            global_stores: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.subtopologies, version)?;
        writer.array(Form::Flexible, &self.global_stores, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopologyDescription {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("subtopologies", &self.subtopologies, version);
        object.field("globalStores", &self.global_stores, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopologyDescription {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopologyDescription {
        TopologyDescription {
            subtopologies: random.array(version),
            global_stores: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupTopologyDescriptionUpdateRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescriptionSubtopology {
    /// All versions.
    pub subtopology_id: Str,
    /// All versions.
    pub nodes: Vec<TopologyDescriptionNode>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopologyDescriptionSubtopology {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<TopologyDescriptionSubtopology, DecodeError> {
        Ok(TopologyDescriptionSubtopology {
            subtopology_id: reader.string(Form::Flexible)?,
            nodes: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.subtopology_id)?;
        writer.array(Form::Flexible, &self.nodes, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopologyDescriptionSubtopology {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("subtopologyId", &self.subtopology_id, version);
        object.field("nodes", &self.nodes, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopologyDescriptionSubtopology {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopologyDescriptionSubtopology {
        TopologyDescriptionSubtopology {
            subtopology_id: random.string(),
            nodes: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupTopologyDescriptionUpdateRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescriptionNode {
    /// All versions.
    pub name: Str,
    /// All versions.
    pub node_type: i8,
    /// All versions; a `topicName`.
    pub source_topics: Vec<Str>,
    /// All versions; default null; a `topicName`.
    pub sink_topic: Option<Str>,
    /// All versions.
    pub stores: Vec<Str>,
    /// All versions.
    pub successors: Vec<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopologyDescriptionNode {
    const MIN_LEN: usize = 7;

    fn read(reader: &mut Reader, _version: i16) -> Result<TopologyDescriptionNode, DecodeError> {
        Ok(TopologyDescriptionNode {
            name: reader.string(Form::Flexible)?,
            node_type: reader.i8()?,
            source_topics: reader.strings(Form::Flexible)?,
            sink_topic: reader.nullable_string(Form::Flexible)?,
            stores: reader.strings(Form::Flexible)?,
            successors: reader.strings(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.i8(self.node_type);
        writer.strings(Form::Flexible, &self.source_topics)?;
        writer.nullable_string(Form::Flexible, self.sink_topic.as_ref())?;
        writer.strings(Form::Flexible, &self.stores)?;
        writer.strings(Form::Flexible, &self.successors)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopologyDescriptionNode {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("nodeType", &self.node_type, version);
        object.field("sourceTopics", &self.source_topics, version);
        object.field("sinkTopic", &self.sink_topic, version);
        object.field("stores", &self.stores, version);
        object.field("successors", &self.successors, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopologyDescriptionNode {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TopologyDescriptionNode {
        TopologyDescriptionNode {
            name: random.string(),
            node_type: random.i8(),
            source_topics: random.strings(),
            sink_topic: random.is_some().then(|| random.string()),
            stores: random.strings(),
            successors: random.strings(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`StreamsGroupTopologyDescriptionUpdateRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopologyDescriptionGlobalStore {
    /// All versions.
    pub source: TopologyDescriptionNode,
    /// All versions.
    pub processor: TopologyDescriptionNode,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TopologyDescriptionGlobalStore {
    const MIN_LEN: usize = 15;

    fn read(reader: &mut Reader, version: i16) -> Result<TopologyDescriptionGlobalStore, DecodeError> {
        Ok(TopologyDescriptionGlobalStore {
            source: TopologyDescriptionNode::read(reader, version)?,
            processor: TopologyDescriptionNode::read(reader, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        self.source.write(writer, version)?;
        self.processor.write(writer, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TopologyDescriptionGlobalStore {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("source", &self.source, version);
        object.field("processor", &self.processor, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TopologyDescriptionGlobalStore {
    fn random(random: &mut crate::testing::Source, version: i16) -> TopologyDescriptionGlobalStore {
        TopologyDescriptionGlobalStore {
            source: random.value::<TopologyDescriptionNode>(version),
            processor: random.value::<TopologyDescriptionNode>(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
