//! Generated from `schemas/ConsumerGroupRegularExpressionValue.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ConsumerGroupRegularExpressionValue` (offsets-value, key 16): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupRegularExpressionValue {
    /// All versions.
    pub topics: Vec<Str>,
    /// All versions.
    pub version: i64,
    /// All versions.
    pub timestamp: i64,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ConsumerGroupRegularExpressionValue {
    const NAME: &'static str = "ConsumerGroupRegularExpressionValue";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ConsumerGroupRegularExpressionValue {
    const MIN_LEN: usize = 18;

    fn read(reader: &mut Reader, _version: i16) -> Result<ConsumerGroupRegularExpressionValue, DecodeError> {
        Ok(ConsumerGroupRegularExpressionValue {
            topics: reader.strings(Form::Flexible)?,
            version: reader.i64()?,
            timestamp: reader.i64()?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.strings(Form::Flexible, &self.topics)?;
        writer.i64(self.version);
        writer.i64(self.timestamp);
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ConsumerGroupRegularExpressionValue {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("topics", &self.topics, version);
        object.field("version", &self.version, version);
        object.field("timestamp", &self.timestamp, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConsumerGroupRegularExpressionValue {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ConsumerGroupRegularExpressionValue {
        ConsumerGroupRegularExpressionValue {
            topics: random.strings(),
            version: random.i64(),
            timestamp: random.i64(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
