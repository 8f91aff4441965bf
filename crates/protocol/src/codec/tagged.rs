//! Tagged fields: what flexible structs end with, so that fields can be added without a new version.

use bytes::Bytes;

use super::{EncodeError, LengthMark, Writer};

/// A tagged field whose meaning this build does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaggedField {
    /// Its number in the struct.
    pub tag: u32,
    /// Its content as it was read.
    pub value: Bytes,
}

/// The unknown tagged fields of a struct, ascending by tag. They are kept when a message is read and written
/// again when it is encoded; nearly always there are none, which costs one pointer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaggedFields(#[allow(clippy::box_collection)] Option<Box<Vec<TaggedField>>>);

impl TaggedFields {
    /// Adds a field at the end.
    pub fn push(&mut self, field: TaggedField) {
        self.0.get_or_insert_default().push(field);
    }

    /// The fields in order.
    pub fn as_slice(&self) -> &[TaggedField] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    /// Whether there are none.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl FromIterator<TaggedField> for TaggedFields {
    fn from_iter<I: IntoIterator<Item = TaggedField>>(fields: I) -> TaggedFields {
        let fields: Vec<_> = fields.into_iter().collect();
        TaggedFields((!fields.is_empty()).then(|| Box::new(fields)))
    }
}

/// Writes the tagged fields at the end of a struct: known ones as the caller gives them, in ascending order,
/// the unknown ones between them where their tags belong.
#[derive(Debug)]
pub struct TaggedWriter<'a> {
    count: u32,
    count_mark: LengthMark,
    last_tag: Option<u32>,
    unknown: &'a [TaggedField],
}

impl<'a> TaggedWriter<'a> {
    /// Starts the section: leaves room for the count.
    pub fn begin(writer: &mut Writer, unknown: &'a TaggedFields) -> TaggedWriter<'a> {
        let count_mark = writer.begin_varint();
        TaggedWriter { count: 0, count_mark, last_tag: None, unknown: unknown.as_slice() }
    }

    /// Starts a known field: its content is written between this and [`Writer::end_tagged`].
    pub fn field(&mut self, writer: &mut Writer, tag: u32) -> Result<LengthMark, EncodeError> {
        self.unknown_below(writer, tag)?;
        self.tag(writer, tag)?;
        Ok(writer.begin_varint())
    }

    /// Writes the remaining unknown fields and the count.
    pub fn finish(mut self, writer: &mut Writer) -> Result<(), EncodeError> {
        self.unknown_below(writer, u32::MAX)?;
        writer.patch_varint(self.count_mark, self.count);
        Ok(())
    }

    fn unknown_below(&mut self, writer: &mut Writer, tag: u32) -> Result<(), EncodeError> {
        while let Some((field, rest)) = self.unknown.split_first().filter(|(field, _)| field.tag < tag) {
            self.unknown = rest;
            self.tag(writer, field.tag)?;
            writer.unsigned_varint(field.value.len() as u32);
            writer.raw(&field.value);
        }
        Ok(())
    }

    fn tag(&mut self, writer: &mut Writer, tag: u32) -> Result<(), EncodeError> {
        if self.last_tag.is_some_and(|last| last >= tag) {
            return Err(EncodeError::TagOutOfOrder { tag });
        }
        self.last_tag = Some(tag);
        self.count += 1;
        writer.unsigned_varint(tag);
        Ok(())
    }
}
