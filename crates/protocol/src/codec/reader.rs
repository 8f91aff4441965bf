//! Reads values off one frame, front to back.

use bytes::Bytes;
use klamm_model::Uuid;

use super::varint::decode_unsigned;
use super::{
    DecodeError, EncodeError, Form, MAX_ARRAY_LEN, MAX_STRING_LEN, MAX_TAGGED_FIELDS, Records, Str,
    TaggedField, TaggedFields, Writer, decode_varint, decode_varlong,
};

/// A position in a frame. Every value read is checked against what is left; strings, bytes and records are
/// slices that share the frame.
#[derive(Clone, Debug)]
pub struct Reader {
    frame: Bytes,
    at: usize,
    /// Bytes that the elements of arrays may still take in memory.
    room: usize,
}

/// A struct that is an array element, a nested field, or a whole message.
pub trait Element: Sized {
    /// Fewest bytes one can take, over all versions: what an array's count is checked against.
    const MIN_LEN: usize;

    /// Reads one at `version`, which must be valid for the message around it.
    fn read(reader: &mut Reader, version: i16) -> Result<Self, DecodeError>;

    /// Writes it at `version`, which must be valid for the message around it.
    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError>;
}

macro_rules! fixed_size {
    ($($name:ident: $type:ty),*) => {$(
        #[doc = concat!("Reads a big-endian `", stringify!($type), "`.")]
        #[inline(always)]
        pub fn $name(&mut self) -> Result<$type, DecodeError> {
            self.take().map(<$type>::from_be_bytes)
        }
    )*};
}

macro_rules! fixed_size_array {
    ($($name:ident, $nullable:ident, $read:ident: $type:ty),*) => {$(
        #[doc = concat!("Reads an array of `", stringify!($type), "` that cannot be null.")]
        pub fn $name(&mut self, form: Form) -> Result<Vec<$type>, DecodeError> {
            self.$nullable(form)?.ok_or(self.unexpected_null())
        }

        #[doc = concat!("Reads an array of `", stringify!($type), "`, or null.")]
        pub fn $nullable(&mut self, form: Form) -> Result<Option<Vec<$type>>, DecodeError> {
            let Some(count) = self.array_count(form, size_of::<$type>())? else { return Ok(None) };
            self.take_room(count.saturating_mul(size_of::<$type>()))?;
            let mut values = Vec::with_capacity(count);
            for _ in 0..count {
                values.push(self.$read()?);
            }
            Ok(Some(values))
        }
    )*};
}

impl Reader {
    /// A reader at the start of `frame`.
    pub fn new(frame: Bytes) -> Reader {
        Reader { frame, at: 0, room: usize::MAX }
    }

    /// A reader that gives up where the elements of all arrays together would take more than `room` bytes of
    /// memory. The smallest elements are far larger in memory than on the wire, so a frame's size is no bound.
    pub fn with_room(frame: Bytes, room: usize) -> Reader {
        Reader { frame, at: 0, room }
    }

    /// Bytes not yet read.
    #[inline(always)]
    pub fn remaining(&self) -> usize {
        self.frame.len() - self.at
    }

    /// Bytes read so far.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The bytes not yet read, without reading them.
    pub fn rest(&self) -> &[u8] {
        &self.frame[self.at..]
    }

    /// Takes all bytes not yet read.
    pub fn take_rest(&mut self) -> Bytes {
        let rest = self.frame.slice(self.at..);
        self.at = self.frame.len();
        rest
    }

    /// Ends reading: an error if bytes are left.
    pub fn expect_end(&self) -> Result<(), DecodeError> {
        match self.remaining() {
            0 => Ok(()),
            left => Err(DecodeError::TrailingBytes { at: self.at as u32, left: left as u32 }),
        }
    }

    #[inline(always)]
    fn take<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        match self.frame[self.at..].first_chunk::<N>() {
            Some(chunk) => {
                self.at += N;
                Ok(*chunk)
            }
            None => Err(self.truncated(N)),
        }
    }

    #[cold]
    fn truncated(&self, wanted: usize) -> DecodeError {
        let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
        DecodeError::Truncated { at: self.at as u32, wanted, left: self.remaining() as u32 }
    }

    fixed_size!(i8: i8, i16: i16, u16: u16, i32: i32, u32: u32, i64: i64, f64: f64);
    fixed_size_array!(
        i8s, nullable_i8s, i8: i8, i16s, nullable_i16s, i16: i16, i32s, nullable_i32s, i32: i32,
        i64s, nullable_i64s, i64: i64, uuids, nullable_uuids, uuid: Uuid
    );

    /// Reads a byte as a truth: anything but zero is true.
    #[inline(always)]
    pub fn bool(&mut self) -> Result<bool, DecodeError> {
        self.take::<1>().map(|[byte]| byte != 0)
    }

    /// Reads a uuid.
    #[inline(always)]
    pub fn uuid(&mut self) -> Result<Uuid, DecodeError> {
        self.take().map(Uuid::from_bytes)
    }

    /// Reads an unsigned varint of 32 bits.
    #[inline]
    pub fn unsigned_varint(&mut self) -> Result<u32, DecodeError> {
        match decode_unsigned(&self.frame[self.at..]) {
            Some((value, taken)) if taken > 0 => {
                self.at += taken;
                Ok(value)
            }
            Some(_) => Err(DecodeError::VarintOverflow { at: self.at as u32 }),
            None => Err(self.truncated(self.remaining() + 1)),
        }
    }

    /// Reads a zigzag varint of 32 bits.
    pub fn varint(&mut self) -> Result<i32, DecodeError> {
        let read = decode_varint(self.rest());
        self.signed_varint(read, 5)
    }

    /// Reads a zigzag varint of 64 bits.
    pub fn varlong(&mut self) -> Result<i64, DecodeError> {
        let read = decode_varlong(self.rest());
        self.signed_varint(read, 10)
    }

    fn signed_varint<T>(&mut self, read: Option<(T, usize)>, longest: usize) -> Result<T, DecodeError> {
        match read {
            Some((value, taken)) => {
                self.at += taken;
                Ok(value)
            }
            None if self.remaining() >= longest => Err(DecodeError::VarintOverflow { at: self.at as u32 }),
            None => Err(self.truncated(self.remaining() + 1)),
        }
    }

    /// Reads the length of bytes, records or an array: `None` for null.
    #[inline]
    fn length(&mut self, form: Form) -> Result<Option<usize>, DecodeError> {
        let length = match form {
            Form::Flexible => self.flexible_length()?,
            Form::Legacy => i64::from(self.i32()?),
        };
        self.check_length(length, i64::from(i32::MAX - 1))
    }

    /// Kafka takes lengths for signed numbers, so the upper half of the varints is negative.
    #[inline]
    fn flexible_length(&mut self) -> Result<i64, DecodeError> {
        self.unsigned_varint().map(|length| i64::from((length as i32).wrapping_sub(1)))
    }

    #[inline]
    fn check_length(&self, length: i64, longest: i64) -> Result<Option<usize>, DecodeError> {
        match length {
            -1 => Ok(None),
            length if (0..=longest).contains(&length) => Ok(Some(length as usize)),
            length => Err(DecodeError::InvalidLength { at: self.at as u32, length }),
        }
    }

    #[inline]
    fn slice(&mut self, length: usize) -> Result<Bytes, DecodeError> {
        if length > self.remaining() {
            return Err(self.truncated(length));
        }
        let slice = self.frame.slice(self.at..self.at + length);
        self.at += length;
        Ok(slice)
    }

    /// Reads a string, or null.
    #[inline]
    pub fn nullable_string(&mut self, form: Form) -> Result<Option<Str>, DecodeError> {
        let length = match form {
            Form::Flexible => self.flexible_length()?,
            Form::Legacy => i64::from(self.i16()?),
        };
        let Some(length) = self.check_length(length, MAX_STRING_LEN as i64)? else { return Ok(None) };
        let at = self.at as u32;
        let bytes = self.slice(length)?;
        Str::from_utf8(bytes).map(Some).ok_or(DecodeError::NotUtf8 { at })
    }

    /// Reads a string that cannot be null.
    #[inline]
    pub fn string(&mut self, form: Form) -> Result<Str, DecodeError> {
        self.nullable_string(form)?.ok_or(self.unexpected_null())
    }

    /// Reads bytes, or null.
    #[inline]
    pub fn nullable_bytes(&mut self, form: Form) -> Result<Option<Bytes>, DecodeError> {
        match self.length(form)? {
            Some(length) => self.slice(length).map(Some),
            None => Ok(None),
        }
    }

    /// Reads bytes that cannot be null.
    #[inline]
    pub fn bytes(&mut self, form: Form) -> Result<Bytes, DecodeError> {
        self.nullable_bytes(form)?.ok_or(self.unexpected_null())
    }

    /// Reads record batches that cannot be null.
    #[inline]
    pub fn records(&mut self, form: Form) -> Result<Records, DecodeError> {
        self.bytes(form).map(Records::Bytes)
    }

    /// Reads record batches, or null.
    #[inline]
    pub fn nullable_records(&mut self, form: Form) -> Result<Option<Records>, DecodeError> {
        Ok(self.nullable_bytes(form)?.map(Records::Bytes))
    }

    /// The error of a null where there must be a value; for the fields that read a nullable form first.
    pub fn unexpected_null(&self) -> DecodeError {
        DecodeError::UnexpectedNull { at: self.at as u32 }
    }

    /// Reads an array's count and checks it against the remaining bytes: `None` for null. What it returns
    /// may be allocated.
    fn array_count(&mut self, form: Form, min_len: usize) -> Result<Option<usize>, DecodeError> {
        let Some(count) = self.length(form)? else { return Ok(None) };
        let possible = (self.remaining() / min_len.max(1)).min(MAX_ARRAY_LEN);
        if count > possible {
            let (count, possible) = (count as u32, possible as u32);
            return Err(DecodeError::TooManyElements { at: self.at as u32, count, possible });
        }
        Ok(Some(count))
    }

    fn take_room(&mut self, needed: usize) -> Result<(), DecodeError> {
        match self.room.checked_sub(needed) {
            Some(left) => {
                self.room = left;
                Ok(())
            }
            None => Err(DecodeError::NoRoom { at: self.at as u32 }),
        }
    }

    /// Reads an array of structs that cannot be null.
    pub fn array<T: Element>(&mut self, form: Form, version: i16) -> Result<Vec<T>, DecodeError> {
        self.nullable_array(form, version)?.ok_or(self.unexpected_null())
    }

    /// Reads an array of structs, or null.
    pub fn nullable_array<T: Element>(
        &mut self,
        form: Form,
        version: i16,
    ) -> Result<Option<Vec<T>>, DecodeError> {
        let Some(count) = self.array_count(form, T::MIN_LEN)? else { return Ok(None) };
        self.take_room(count.saturating_mul(size_of::<T>()))?;
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            values.push(T::read(self, version)?);
        }
        Ok(Some(values))
    }

    /// Reads an array of strings, neither of which can be null.
    pub fn strings(&mut self, form: Form) -> Result<Vec<Str>, DecodeError> {
        self.nullable_strings(form)?.ok_or(self.unexpected_null())
    }

    /// Reads an array of strings that cannot be null, or null.
    pub fn nullable_strings(&mut self, form: Form) -> Result<Option<Vec<Str>>, DecodeError> {
        let min_len = match form {
            Form::Flexible => 1,
            Form::Legacy => 2,
        };
        let Some(count) = self.array_count(form, min_len)? else { return Ok(None) };
        self.take_room(count.saturating_mul(size_of::<Str>()))?;
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            values.push(self.string(form)?);
        }
        Ok(Some(values))
    }

    /// Reads a struct behind its presence byte: negative is null.
    pub fn nullable_struct<T: Element>(&mut self, version: i16) -> Result<Option<Box<T>>, DecodeError> {
        if self.i8()? < 0 { Ok(None) } else { T::read(self, version).map(|value| Some(Box::new(value))) }
    }

    /// Reads a tagged struct behind its presence varint: zero is null, and so is, as in Kafka, what would be
    /// negative as a signed number.
    pub fn nullable_tagged_struct<T: Element>(
        &mut self,
        version: i16,
    ) -> Result<Option<Box<T>>, DecodeError> {
        if self.unsigned_varint()? as i32 <= 0 {
            Ok(None)
        } else {
            T::read(self, version).map(|value| Some(Box::new(value)))
        }
    }

    /// Reads how many tagged fields follow.
    #[inline]
    pub fn tagged_count(&mut self) -> Result<u32, DecodeError> {
        let count = self.unsigned_varint()?;
        let possible = (self.remaining() / 2).min(MAX_TAGGED_FIELDS) as u32;
        if count > possible {
            return Err(DecodeError::TooManyElements { at: self.at as u32, count, possible });
        }
        Ok(count)
    }

    /// Reads a tagged field's tag and size. The size is within the remaining bytes.
    pub fn tag_and_size(&mut self) -> Result<(u32, usize), DecodeError> {
        let tag = self.unsigned_varint()?;
        let size = self.unsigned_varint()? as usize;
        if size > self.remaining() {
            return Err(DecodeError::TaggedSizeMismatch { at: self.at as u32, tag });
        }
        Ok((tag, size))
    }

    /// Checks that a tagged field which started at `start` took `size` bytes.
    #[inline]
    pub fn end_tagged(&self, tag: u32, start: usize, size: usize) -> Result<(), DecodeError> {
        if self.at - start == size {
            Ok(())
        } else {
            Err(DecodeError::TaggedSizeMismatch { at: self.at as u32, tag })
        }
    }

    /// The error of a known tag that the version at hand does not have.
    pub fn tag_not_in_version(&self, tag: u32) -> DecodeError {
        DecodeError::TagNotInVersion { at: self.at as u32, tag }
    }

    /// Keeps a tagged field that is not known.
    pub fn unknown_tagged_field(
        &mut self,
        fields: &mut TaggedFields,
        tag: u32,
        size: usize,
    ) -> Result<(), DecodeError> {
        self.take_room(size_of::<TaggedField>())?;
        let value = self.slice(size)?;
        fields.push(TaggedField { tag, value });
        Ok(())
    }

    /// Reads the tagged fields of a struct that knows none.
    #[inline]
    pub fn tagged_fields(&mut self) -> Result<TaggedFields, DecodeError> {
        let mut fields = TaggedFields::default();
        for _ in 0..self.tagged_count()? {
            let (tag, size) = self.tag_and_size()?;
            self.unknown_tagged_field(&mut fields, tag, size)?;
        }
        Ok(fields)
    }
}
