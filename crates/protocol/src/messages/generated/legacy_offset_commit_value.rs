//! Generated from `schemas/LegacyOffsetCommitValue.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::Message;

/// `LegacyOffsetCommitValue` (offsets-value, key 0): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LegacyOffsetCommitValue {
    /// All versions.
    pub offset: i64,
    /// All versions.
    pub metadata: Str,
    /// All versions.
    pub commit_timestamp: i64,
}

impl Message for LegacyOffsetCommitValue {
    const NAME: &'static str = "LegacyOffsetCommitValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for LegacyOffsetCommitValue {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, _version: i16) -> Result<LegacyOffsetCommitValue, DecodeError> {
        Ok(LegacyOffsetCommitValue {
            offset: reader.i64()?,
            metadata: reader.string(Form::Legacy)?,
            commit_timestamp: reader.i64()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i64(self.offset);
        writer.string(Form::Legacy, &self.metadata)?;
        writer.i64(self.commit_timestamp);
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for LegacyOffsetCommitValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("offset", &self.offset, version);
        object.field("metadata", &self.metadata, version);
        object.field("commitTimestamp", &self.commit_timestamp, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for LegacyOffsetCommitValue {
    fn random(random: &mut crate::testing::Source, _version: i16) -> LegacyOffsetCommitValue {
        LegacyOffsetCommitValue {
            offset: random.i64(),
            metadata: random.string(),
            commit_timestamp: random.i64(),
        }
    }
}
