//! Generated from `schemas/StreamsGroupMetadataValue.ksc` by `cargo xtask codegen`.

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `StreamsGroupMetadataValue` (offsets-value, key 17): versions 0, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamsGroupMetadataValue {
    /// All versions.
    pub epoch: i32,
    /// All versions.
    pub metadata_hash: i64,
    /// All versions; tag 0; default -1.
    pub validated_topology_epoch: i32,
    /// All versions; tag 1.
    pub last_assignment_configs: Option<Vec<LastAssignmentConfig>>,
    /// All versions; tag 2; default -1.
    pub stored_description_topology_epoch: i32,
    /// All versions; tag 3; default -1.
    pub failed_description_topology_epoch: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for StreamsGroupMetadataValue {
    fn default() -> StreamsGroupMetadataValue {
        StreamsGroupMetadataValue {
            epoch: 0,
            metadata_hash: 0,
            validated_topology_epoch: -1,
            last_assignment_configs: Some(Vec::new()),
            stored_description_topology_epoch: -1,
            failed_description_topology_epoch: -1,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for StreamsGroupMetadataValue {
    const NAME: &'static str = "StreamsGroupMetadataValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for StreamsGroupMetadataValue {
    const MIN_LEN: usize = 13;

    fn read(reader: &mut Reader, version: i16) -> Result<StreamsGroupMetadataValue, DecodeError> {
        let mut value = StreamsGroupMetadataValue {
            epoch: reader.i32()?,
            metadata_hash: reader.i64()?,
            validated_topology_epoch: -1,
            last_assignment_configs: Some(Vec::new()),
            stored_description_topology_epoch: -1,
            failed_description_topology_epoch: -1,
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.validated_topology_epoch = reader.i32()?,
                1 => value.last_assignment_configs = reader.nullable_array(Form::Flexible, version)?,
                2 => value.stored_description_topology_epoch = reader.i32()?,
                3 => value.failed_description_topology_epoch = reader.i32()?,
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.epoch);
        writer.i64(self.metadata_hash);
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.validated_topology_epoch != -1 {
            let mark = tagged.field(writer, 0)?;
            writer.i32(self.validated_topology_epoch);
            writer.end_tagged(mark)?;
        }
        if self.last_assignment_configs.as_ref().is_none_or(|value| !value.is_empty()) {
            let mark = tagged.field(writer, 1)?;
            writer.nullable_array(Form::Flexible, self.last_assignment_configs.as_deref(), version)?;
            writer.end_tagged(mark)?;
        }
        if self.stored_description_topology_epoch != -1 {
            let mark = tagged.field(writer, 2)?;
            writer.i32(self.stored_description_topology_epoch);
            writer.end_tagged(mark)?;
        }
        if self.failed_description_topology_epoch != -1 {
            let mark = tagged.field(writer, 3)?;
            writer.i32(self.failed_description_topology_epoch);
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for StreamsGroupMetadataValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("epoch", &self.epoch, version);
        object.field("metadataHash", &self.metadata_hash, version);
        if self.validated_topology_epoch != -1 {
            object.field("validatedTopologyEpoch", &self.validated_topology_epoch, version);
        }
        if self.last_assignment_configs.as_ref().is_none_or(|value| !value.is_empty()) {
            object.field("lastAssignmentConfigs", &self.last_assignment_configs, version);
        }
        if self.stored_description_topology_epoch != -1 {
            object.field("storedDescriptionTopologyEpoch", &self.stored_description_topology_epoch, version);
        }
        if self.failed_description_topology_epoch != -1 {
            object.field("failedDescriptionTopologyEpoch", &self.failed_description_topology_epoch, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for StreamsGroupMetadataValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> StreamsGroupMetadataValue {
        StreamsGroupMetadataValue {
            epoch: random.i32(),
            metadata_hash: random.i64(),
            validated_topology_epoch: random.i32(),
            last_assignment_configs: random.is_some().then(|| random.array(version)),
            stored_description_topology_epoch: random.i32(),
            failed_description_topology_epoch: random.i32(),
            unknown_tagged_fields: random.tagged_fields(4),
        }
    }
}

/// Part of [`StreamsGroupMetadataValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LastAssignmentConfig {
    /// All versions.
    pub key: Str,
    /// All versions.
    pub value: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for LastAssignmentConfig {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<LastAssignmentConfig, DecodeError> {
        Ok(LastAssignmentConfig {
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
impl crate::json::ToJson for LastAssignmentConfig {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("key", &self.key, version);
        object.field("value", &self.value, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for LastAssignmentConfig {
    fn random(random: &mut crate::testing::Source, _version: i16) -> LastAssignmentConfig {
        LastAssignmentConfig {
            key: random.string(),
            value: random.string(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
