//! Generated from `schemas/BeginTransactionRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{
    DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, TaggedWriter, Writer,
};
use crate::message::Message;

/// `BeginTransactionRecord` (metadata, key 23): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BeginTransactionRecord {
    /// All versions; tag 0; default null.
    pub name: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for BeginTransactionRecord {
    const NAME: &'static str = "BeginTransactionRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for BeginTransactionRecord {
    const MIN_LEN: usize = 1;

    fn read(reader: &mut Reader, _version: i16) -> Result<BeginTransactionRecord, DecodeError> {
        let mut value = BeginTransactionRecord { name: None, unknown_tagged_fields: TaggedFields::default() };
        for _ in 0..reader.tagged_count()? {
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {
                0 => value.name = reader.nullable_string(Form::Flexible)?,
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }
            reader.end_tagged(tag, start, size)?;
        }
        Ok(value)
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
        if self.name.is_some() {
            let mark = tagged.field(writer, 0)?;
            writer.nullable_string(Form::Flexible, self.name.as_ref())?;
            writer.end_tagged(mark)?;
        }
        tagged.finish(writer)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for BeginTransactionRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        if self.name.is_some() {
            object.field("name", &self.name, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for BeginTransactionRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> BeginTransactionRecord {
        BeginTransactionRecord {
            name: random.is_some().then(|| random.string()),
            unknown_tagged_fields: random.tagged_fields(1),
        }
    }
}
