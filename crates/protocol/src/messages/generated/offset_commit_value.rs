//! Generated from `schemas/OffsetCommitValue.ksc` by `cargo xtask codegen`.

use klamm_model::Uuid;

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `OffsetCommitValue` (offsets-value, key 1): versions 0-4, flexible 4+.
#[derive(Clone, Debug, PartialEq)]
pub struct OffsetCommitValue {
    /// All versions.
    pub offset: i64,
    /// Versions 3+; default -1; lost in others.
    pub leader_epoch: i32,
    /// All versions.
    pub metadata: Str,
    /// All versions.
    pub commit_timestamp: i64,
    /// Versions 1; default -1; lost in others.
    pub expire_timestamp: i64,
    /// Versions 4+; tag 0; lost in others.
    pub topic_id: Uuid,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for OffsetCommitValue {
    fn default() -> OffsetCommitValue {
        OffsetCommitValue {
            offset: 0,
            leader_epoch: -1,
            metadata: Str::default(),
            commit_timestamp: 0,
            expire_timestamp: -1,
            topic_id: Uuid::ZERO,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for OffsetCommitValue {
    const NAME: &'static str = "OffsetCommitValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=4;
    const FLEXIBLE_FROM: Option<i16> = Some(4);
}

impl Element for OffsetCommitValue {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, version: i16) -> Result<OffsetCommitValue, DecodeError> {
        let form = Form::of(version, 4);
        let mut value = OffsetCommitValue {
            offset: reader.i64()?,
            leader_epoch: if version >= 3 { reader.i32()? } else { -1 },
            metadata: reader.string(form)?,
            commit_timestamp: reader.i64()?,
            expire_timestamp: if version == 1 { reader.i64()? } else { -1 },
            topic_id: Uuid::ZERO,
            unknown_tagged_fields: TaggedFields::default(),
        };
        if version == 4 {
            for _ in 0..reader.tagged_count()? {
                let (tag, size) = reader.tag_and_size()?;
                let start = reader.position();
                match tag {
                    0 => value.topic_id = reader.uuid()?,
                    _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
                }
                reader.end_tagged(tag, start, size)?;
            }
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        let form = Form::of(version, 4);
        writer.i64(self.offset);
        if version >= 3 {
            writer.i32(self.leader_epoch);
        }
        writer.string(form, &self.metadata)?;
        writer.i64(self.commit_timestamp);
        if version == 1 {
            writer.i64(self.expire_timestamp);
        }
        if version == 4 {
            let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
            if !self.topic_id.is_zero() {
                let mark = tagged.field(writer, 0)?;
                writer.uuid(self.topic_id);
                writer.end_tagged(mark)?;
            }
            tagged.finish(writer)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "OffsetCommitValue", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for OffsetCommitValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("offset", &self.offset, version);
        if version >= 3 {
            object.field("leaderEpoch", &self.leader_epoch, version);
        }
        object.field("metadata", &self.metadata, version);
        object.field("commitTimestamp", &self.commit_timestamp, version);
        if version == 1 {
            object.field("expireTimestamp", &self.expire_timestamp, version);
        }
        if version == 4 && !self.topic_id.is_zero() {
            object.field("topicId", &self.topic_id, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for OffsetCommitValue {
    fn random(random: &mut crate::testing::Source, version: i16) -> OffsetCommitValue {
        OffsetCommitValue {
            offset: random.i64(),
            leader_epoch: if version >= 3 { random.i32() } else { -1 },
            metadata: random.string(),
            commit_timestamp: random.i64(),
            expire_timestamp: if version == 1 { random.i64() } else { -1 },
            topic_id: if version == 4 { random.uuid() } else { Uuid::ZERO },
            unknown_tagged_fields: if version == 4 {
                random.tagged_fields(1)
            } else {
                TaggedFields::default()
            },
        }
    }
}
