//! Generated from `schemas/ShareUpdateValue.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, TaggedFields, TaggedWriter, Writer};
use crate::message::Message;

/// `ShareUpdateValue` (share-value, key 1): versions 0, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareUpdateValue {
    /// All versions.
    pub snapshot_epoch: i32,
    /// All versions.
    pub leader_epoch: i32,
    /// All versions.
    pub start_offset: i64,
    /// All versions; tag 0; default -1.
    pub delivery_complete_count: i32,
    /// All versions.
    pub state_batches: Vec<StateBatch>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ShareUpdateValue {
    fn default() -> ShareUpdateValue {
        ShareUpdateValue {
            snapshot_epoch: 0,
            leader_epoch: 0,
            start_offset: 0,
            delivery_complete_count: -1,
            state_batches: Vec::new(),
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for ShareUpdateValue {
    const NAME: &'static str = "ShareUpdateValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ShareUpdateValue {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, version: i16) -> Result<ShareUpdateValue, DecodeError> {
        let mut value = ShareUpdateValue {
            snapshot_epoch: reader.i32()?,
            leader_epoch: reader.i32()?,
            start_offset: reader.i64()?,
            delivery_complete_count: -1,
            state_batches: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.delivery_complete_count = reader.i32()?,
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.snapshot_epoch);
        writer.i32(self.leader_epoch);
        writer.i64(self.start_offset);
        writer.array(Form::Flexible, &self.state_batches, version)?;
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.delivery_complete_count != -1 {
            let mark = tagged.field(writer, 0)?;
            writer.i32(self.delivery_complete_count);
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ShareUpdateValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("snapshotEpoch", &self.snapshot_epoch, version);
        object.field("leaderEpoch", &self.leader_epoch, version);
        object.field("startOffset", &self.start_offset, version);
        if self.delivery_complete_count != -1 {
            object.field("deliveryCompleteCount", &self.delivery_complete_count, version);
        }
        object.field("stateBatches", &self.state_batches, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ShareUpdateValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> ShareUpdateValue {
        ShareUpdateValue {
            snapshot_epoch: random.i32(),
            leader_epoch: random.i32(),
            start_offset: random.i64(),
            delivery_complete_count: random.i32(),
            state_batches: random.array(version),
            unknown_tagged_fields: random.tagged_fields(1),
        }
    }
}

/// Part of [`ShareUpdateValue`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateBatch {
    /// All versions.
    pub first_offset: i64,
    /// All versions.
    pub last_offset: i64,
    /// All versions.
    pub delivery_state: i8,
    /// All versions.
    pub delivery_count: i16,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for StateBatch {
    const MIN_LEN: usize = 20;

    fn read(reader: &mut Reader, _version: i16) -> Result<StateBatch, DecodeError> {
        Ok(StateBatch {
            first_offset: reader.i64()?,
            last_offset: reader.i64()?,
            delivery_state: reader.i8()?,
            delivery_count: reader.i16()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i64(self.first_offset);
        writer.i64(self.last_offset);
        writer.i8(self.delivery_state);
        writer.i16(self.delivery_count);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for StateBatch {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("firstOffset", &self.first_offset, version);
        object.field("lastOffset", &self.last_offset, version);
        object.field("deliveryState", &self.delivery_state, version);
        object.field("deliveryCount", &self.delivery_count, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for StateBatch {
    fn random(random: &mut crate::testing::Source, _version: i16) -> StateBatch {
        StateBatch {
            first_offset: random.i64(),
            last_offset: random.i64(),
            delivery_state: random.i8(),
            delivery_count: random.i16(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
