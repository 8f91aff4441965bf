//! Generated from `schemas/ConsumerGroupRegularExpressionKey.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::Message;

/// `ConsumerGroupRegularExpressionKey` (offsets-key, key 16): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConsumerGroupRegularExpressionKey {
    /// All versions.
    pub group_id: Str,
    /// All versions.
    pub regular_expression: Str,
}

impl Message for ConsumerGroupRegularExpressionKey {
    const NAME: &'static str = "ConsumerGroupRegularExpressionKey";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for ConsumerGroupRegularExpressionKey {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, _version: i16) -> Result<ConsumerGroupRegularExpressionKey, DecodeError> {
        Ok(ConsumerGroupRegularExpressionKey {
            group_id: reader.string(Form::Legacy)?,
            regular_expression: reader.string(Form::Legacy)?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Legacy, &self.group_id)?;
        writer.string(Form::Legacy, &self.regular_expression)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ConsumerGroupRegularExpressionKey {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("groupId", &self.group_id, version);
        object.field("regularExpression", &self.regular_expression, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ConsumerGroupRegularExpressionKey {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ConsumerGroupRegularExpressionKey {
        ConsumerGroupRegularExpressionKey { group_id: random.string(), regular_expression: random.string() }
    }
}
