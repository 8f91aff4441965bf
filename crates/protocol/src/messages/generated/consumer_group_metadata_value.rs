//! Generated from `schemas/ConsumerGroupMetadataValue.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, TaggedWriter, Writer};
use crate::message::Message;

/// `ConsumerGroupMetadataValue` (offsets-value, key 3): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupMetadataValue {
    /// All versions.
    pub epoch: i32,
    /// All versions; tag 0.
    pub metadata_hash: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ConsumerGroupMetadataValue {
    const NAME: &'static str = "ConsumerGroupMetadataValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ConsumerGroupMetadataValue {
    const MIN_LEN: usize = 5;

    fn read(reader: &mut Reader, _version: i16) -> Result<ConsumerGroupMetadataValue, DecodeError> {
        let mut value = ConsumerGroupMetadataValue {
            epoch: reader.i32()?,
            metadata_hash: 0,
            unknown_tagged_fields: TaggedFields::default(),
        };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.metadata_hash = reader.i64()?,
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i32(self.epoch);
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.metadata_hash != 0 {
            let mark = tagged.field(writer, 0)?;
            writer.i64(self.metadata_hash);
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ConsumerGroupMetadataValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("epoch", &self.epoch, version);
        if self.metadata_hash != 0 {
            object.field("metadataHash", &self.metadata_hash, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConsumerGroupMetadataValue {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ConsumerGroupMetadataValue {
        ConsumerGroupMetadataValue {
            epoch: random.i32(),
            metadata_hash: random.i64(),
            unknown_tagged_fields: random.tagged_fields(1),
        }
    }
}
