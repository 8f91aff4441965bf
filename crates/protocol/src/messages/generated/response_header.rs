//! Generated from `schemas/ResponseHeader.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Reader, TaggedFields, Writer};
use crate::message::Message;

/// `ResponseHeader` (header): versions 0-1, flexible 1+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResponseHeader {
    /// All versions.
    pub correlation_id: i32,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ResponseHeader {
    const NAME: &'static str = "ResponseHeader";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=1;
    const FLEXIBLE_FROM: Option<i16> = Some(1);
}

impl Element for ResponseHeader {
    const MIN_LEN: usize = 4;

    fn read(reader: &mut Reader, version: i16) -> Result<ResponseHeader, DecodeError> {
        Ok(ResponseHeader {
            correlation_id: reader.i32()?,
            unknown_tagged_fields: if version == 1 {
                reader.tagged_fields()?
            } else {
                TaggedFields::default()
            },
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.correlation_id);
        if version == 1 {
            writer.tagged_fields(&self.unknown_tagged_fields)?;
        } else if !self.unknown_tagged_fields.is_empty() {
            return Err(EncodeError::TagsNotInVersion { message: "ResponseHeader", version });
        }
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ResponseHeader {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("correlationId", &self.correlation_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ResponseHeader {
    fn random(random: &mut crate::testing::Source, version: i16) -> ResponseHeader {
        ResponseHeader {
            correlation_id: random.i32(),
            unknown_tagged_fields: if version == 1 {
                random.tagged_fields(0)
            } else {
                TaggedFields::default()
            },
        }
    }
}
