//! Generated from `schemas/StreamsGroupTargetAssignmentMetadataValue.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, TaggedWriter, Writer};
use crate::message::Message;

/// `StreamsGroupTargetAssignmentMetadataValue` (offsets-value, key 20): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StreamsGroupTargetAssignmentMetadataValue {
    /// All versions.
    pub assignment_epoch: i32,
    /// All versions; tag 0.
    pub assignment_timestamp: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for StreamsGroupTargetAssignmentMetadataValue {
    const NAME: &'static str = "StreamsGroupTargetAssignmentMetadataValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for StreamsGroupTargetAssignmentMetadataValue {
    const MIN_LEN: usize = 5;

    fn read(
        reader: &mut Reader,
        _version: i16,
    ) -> Result<StreamsGroupTargetAssignmentMetadataValue, DecodeError> {
        let mut value = StreamsGroupTargetAssignmentMetadataValue {
            assignment_epoch: reader.i32()?,
            assignment_timestamp: 0,
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.assignment_timestamp = reader.i64()?,
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.assignment_epoch);
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.assignment_timestamp != 0 {
            let mark = tagged.field(writer, 0)?;
            writer.i64(self.assignment_timestamp);
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for StreamsGroupTargetAssignmentMetadataValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("assignmentEpoch", &self.assignment_epoch, version);
        if self.assignment_timestamp != 0 {
            object.field("assignmentTimestamp", &self.assignment_timestamp, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for StreamsGroupTargetAssignmentMetadataValue {
    fn random(
        random: &mut crate::testing::Source,
        _version: i16,
    ) -> StreamsGroupTargetAssignmentMetadataValue {
        StreamsGroupTargetAssignmentMetadataValue {
            assignment_epoch: random.i32(),
            assignment_timestamp: random.i64(),
            unknown_tagged_fields: random.tagged_fields(1),
        }
    }
}
