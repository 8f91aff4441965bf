//! Appends values to a buffer, and remembers where pieces from elsewhere belong.

use bytes::{BufMut, Bytes, BytesMut};
use klamm_model::Uuid;

use super::varint::encode_unsigned;
use super::{Element, EncodeError, Form, MAX_STRING_LEN, Str, TaggedFields, TaggedWriter};

/// Names a piece of data that lives outside the buffer (a range of a log file); whoever sends the frame
/// knows what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionId(pub u32);

/// The content of a records field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Records {
    /// Batches in memory; always this after decoding.
    Bytes(Bytes),
    /// Batches elsewhere, of this many bytes: the writer counts them but leaves them out, see [`Splice`].
    Region(RegionId, u32),
}

impl Records {
    /// Bytes the batches take on the wire.
    pub fn len(&self) -> usize {
        match self {
            Records::Bytes(bytes) => bytes.len(),
            Records::Region(_, len) => *len as usize,
        }
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes in memory; `None` for a region.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match self {
            Records::Bytes(bytes) => Some(bytes),
            Records::Region(..) => None,
        }
    }
}

impl From<Bytes> for Records {
    fn from(bytes: Bytes) -> Records {
        Records::Bytes(bytes)
    }
}

/// A piece to send in front of byte `at` of the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Splice {
    /// Position in [`Encoded::bytes`].
    pub at: usize,
    /// What to send there.
    pub region: RegionId,
    /// How many bytes it has; all lengths in the frame count them.
    pub len: u32,
}

/// A finished frame: the buffer, and the pieces that go between its bytes, ascending by position.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    /// Everything but the pieces.
    pub bytes: BytesMut,
    /// The pieces.
    pub splices: Vec<Splice>,
}

impl Encoded {
    /// Bytes on the wire, pieces included.
    pub fn total_len(&self) -> usize {
        self.bytes.len() + self.splices.iter().map(|splice| splice.len as usize).sum::<usize>()
    }
}

/// A place that holds a length to be known later.
#[derive(Clone, Copy, Debug)]
#[must_use = "a length that is begun must be ended"]
pub struct LengthMark {
    /// Just past the room left for the length.
    start: usize,
    spliced: usize,
}

/// An append-only buffer. All integers are big-endian.
#[derive(Debug, Default)]
pub struct Writer {
    buffer: BytesMut,
    splices: Vec<Splice>,
    spliced: usize,
}

macro_rules! fixed_size {
    ($($name:ident, $put:ident: $type:ty),*) => {$(
        #[doc = concat!("Appends a `", stringify!($type), "`.")]
        #[inline]
        pub fn $name(&mut self, value: $type) {
            self.buffer.$put(value);
        }
    )*};
}

macro_rules! fixed_size_array {
    ($($name:ident, $nullable:ident, $put:ident: $type:ty),*) => {$(
        #[doc = concat!("Appends an array of `", stringify!($type), "`.")]
        pub fn $name(&mut self, form: Form, values: &[$type]) -> Result<(), EncodeError> {
            self.array_count(form, values.len())?;
            self.buffer.reserve(size_of_val(values));
            for value in values {
                self.$put(*value);
            }
            Ok(())
        }

        #[doc = concat!("Appends an array of `", stringify!($type), "`, or null.")]
        pub fn $nullable(&mut self, form: Form, values: Option<&[$type]>) -> Result<(), EncodeError> {
            match values {
                Some(values) => self.$name(form, values),
                None => self.null(form),
            }
        }
    )*};
}

impl Writer {
    /// An empty buffer.
    pub fn new() -> Writer {
        Writer::default()
    }

    /// An empty buffer with room for `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Writer {
        Writer::on(BytesMut::with_capacity(capacity))
    }

    /// Appends to `buffer`, so that a pool can lend one.
    pub fn on(buffer: BytesMut) -> Writer {
        Writer { buffer, splices: Vec::new(), spliced: 0 }
    }

    /// Bytes in the buffer; pieces from elsewhere do not count.
    pub fn len(&self) -> usize {
        self.buffer.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// The buffer so far.
    pub fn as_slice(&self) -> &[u8] {
        &self.buffer
    }

    /// Hands over the frame.
    pub fn finish(self) -> Encoded {
        Encoded { bytes: self.buffer, splices: self.splices }
    }

    /// Hands over a frame that has no pieces from elsewhere.
    ///
    /// # Panics
    /// If it has one: only responses that are sent by a connection may.
    pub fn into_bytes(self) -> Bytes {
        assert!(self.splices.is_empty(), "a message with regions was encoded as plain bytes");
        self.buffer.freeze()
    }

    fixed_size!(
        i8, put_i8: i8, i16, put_i16: i16, u16, put_u16: u16, i32, put_i32: i32, u32, put_u32: u32,
        i64, put_i64: i64, f64, put_f64: f64
    );
    fixed_size_array!(
        i8s, nullable_i8s, i8: i8, i16s, nullable_i16s, i16: i16, i32s, nullable_i32s, i32: i32,
        i64s, nullable_i64s, i64: i64, uuids, nullable_uuids, uuid: Uuid
    );

    /// Appends one byte, 1 or 0.
    #[inline]
    pub fn bool(&mut self, value: bool) {
        self.buffer.put_u8(u8::from(value));
    }

    /// Appends a uuid.
    #[inline]
    pub fn uuid(&mut self, value: Uuid) {
        self.buffer.put_slice(value.as_bytes());
    }

    /// Appends bytes as they are.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.buffer.put_slice(bytes);
    }

    /// Appends an unsigned varint.
    #[inline]
    pub fn unsigned_varint(&mut self, value: u32) {
        if value < 0x80 {
            self.buffer.put_u8(value as u8);
        } else {
            let mut out = [0; 5];
            let len = encode_unsigned(value, &mut out);
            self.buffer.put_slice(&out[..len]);
        }
    }

    /// Appends the length of bytes, records or an array.
    #[inline]
    fn length(&mut self, form: Form, length: usize) -> Result<(), EncodeError> {
        // The largest flexible length is one less than the legacy one: it is written plus one.
        if length >= i32::MAX as usize {
            return Err(EncodeError::TooLong { length });
        }
        match form {
            Form::Flexible => self.unsigned_varint(length as u32 + 1),
            Form::Legacy => self.i32(length as i32),
        }
        Ok(())
    }

    /// Appends the count of an array whose elements follow.
    #[inline]
    pub fn array_count(&mut self, form: Form, count: usize) -> Result<(), EncodeError> {
        self.length(form, count)
    }

    /// Appends a null array, null bytes or null records. Never fails; the result spares callers a statement.
    #[inline]
    pub fn null(&mut self, form: Form) -> Result<(), EncodeError> {
        match form {
            Form::Flexible => self.buffer.put_u8(0),
            Form::Legacy => self.i32(-1),
        }
        Ok(())
    }

    /// Appends a string.
    #[inline]
    pub fn string(&mut self, form: Form, value: &Str) -> Result<(), EncodeError> {
        let length = value.len();
        if length > MAX_STRING_LEN {
            return Err(EncodeError::TooLong { length });
        }
        match form {
            Form::Flexible => self.unsigned_varint(length as u32 + 1),
            Form::Legacy => self.i16(length as i16),
        }
        self.raw(value.as_bytes());
        Ok(())
    }

    /// Appends a string or null.
    #[inline]
    pub fn nullable_string(&mut self, form: Form, value: Option<&Str>) -> Result<(), EncodeError> {
        match value {
            Some(value) => self.string(form, value),
            None => {
                match form {
                    Form::Flexible => self.buffer.put_u8(0),
                    Form::Legacy => self.i16(-1),
                }
                Ok(())
            }
        }
    }

    /// Appends an array of strings.
    pub fn strings(&mut self, form: Form, values: &[Str]) -> Result<(), EncodeError> {
        self.array_count(form, values.len())?;
        values.iter().try_for_each(|value| self.string(form, value))
    }

    /// Appends an array of strings, or null.
    pub fn nullable_strings(&mut self, form: Form, values: Option<&[Str]>) -> Result<(), EncodeError> {
        match values {
            Some(values) => self.strings(form, values),
            None => self.null(form),
        }
    }

    /// Appends an array of structs.
    pub fn array<T: Element>(&mut self, form: Form, values: &[T], version: i16) -> Result<(), EncodeError> {
        self.array_count(form, values.len())?;
        values.iter().try_for_each(|value| value.write(self, version))
    }

    /// Appends an array of structs, or null.
    pub fn nullable_array<T: Element>(
        &mut self,
        form: Form,
        values: Option<&[T]>,
        version: i16,
    ) -> Result<(), EncodeError> {
        match values {
            Some(values) => self.array(form, values, version),
            None => self.null(form),
        }
    }

    /// Appends a struct behind its presence byte, or null.
    pub fn nullable_struct<T: Element>(
        &mut self,
        value: Option<&T>,
        version: i16,
    ) -> Result<(), EncodeError> {
        self.i8(if value.is_some() { 1 } else { -1 });
        value.map_or(Ok(()), |value| value.write(self, version))
    }

    /// Appends the content of a tagged struct that may be null.
    pub fn nullable_tagged_struct<T: Element>(
        &mut self,
        value: Option<&T>,
        version: i16,
    ) -> Result<(), EncodeError> {
        self.unsigned_varint(u32::from(value.is_some()));
        value.map_or(Ok(()), |value| value.write(self, version))
    }

    /// Appends bytes behind their length.
    #[inline]
    pub fn bytes(&mut self, form: Form, value: &[u8]) -> Result<(), EncodeError> {
        self.length(form, value.len())?;
        self.raw(value);
        Ok(())
    }

    /// Appends bytes, or null.
    #[inline]
    pub fn nullable_bytes(&mut self, form: Form, value: Option<&Bytes>) -> Result<(), EncodeError> {
        match value {
            Some(value) => self.bytes(form, value),
            None => self.null(form),
        }
    }

    /// Appends record batches, or null.
    #[inline]
    pub fn nullable_records(&mut self, form: Form, value: Option<&Records>) -> Result<(), EncodeError> {
        match value {
            Some(value) => self.records(form, value),
            None => self.null(form),
        }
    }

    /// Appends record batches: in-memory ones at once, a region as a splice.
    pub fn records(&mut self, form: Form, value: &Records) -> Result<(), EncodeError> {
        self.length(form, value.len())?;
        match value {
            Records::Bytes(bytes) => self.raw(bytes),
            Records::Region(region, len) => {
                self.splices.push(Splice { at: self.buffer.len(), region: *region, len: *len });
                self.spliced += *len as usize;
            }
        }
        Ok(())
    }

    /// Appends the tagged fields of a struct that knows none.
    #[inline]
    pub fn tagged_fields(&mut self, unknown: &TaggedFields) -> Result<(), EncodeError> {
        if unknown.is_empty() {
            self.buffer.put_u8(0);
            return Ok(());
        }
        TaggedWriter::begin(self, unknown).finish(self)
    }

    /// Leaves room for the 32-bit length of what follows, pieces from elsewhere included: a frame's prefix.
    pub fn begin_length(&mut self) -> LengthMark {
        self.i32(0);
        self.mark()
    }

    /// Fills in a length left open by [`Writer::begin_length`].
    pub fn end_length(&mut self, mark: LengthMark) -> Result<(), EncodeError> {
        let length = self.len_since(mark);
        let value = i32::try_from(length).map_err(|_| EncodeError::TooLong { length })?;
        self.buffer[mark.start - 4..mark.start].copy_from_slice(&value.to_be_bytes());
        Ok(())
    }

    /// Fills in the size of a tagged field.
    pub fn end_tagged(&mut self, mark: LengthMark) -> Result<(), EncodeError> {
        let length = self.len_since(mark);
        let size = u32::try_from(length).map_err(|_| EncodeError::TooLong { length })?;
        self.patch_varint(mark, size);
        Ok(())
    }

    /// Leaves one byte for a varint, which is nearly always enough.
    pub(super) fn begin_varint(&mut self) -> LengthMark {
        self.buffer.put_u8(0);
        self.mark()
    }

    /// Fills in a varint left open by [`Writer::begin_varint`], moving what follows if one byte is too few.
    pub(super) fn patch_varint(&mut self, mark: LengthMark, value: u32) {
        let mut out = [0; 5];
        let len = encode_unsigned(value, &mut out);
        if len > 1 {
            let end = self.buffer.len();
            self.buffer.put_bytes(0, len - 1);
            self.buffer.copy_within(mark.start..end, mark.start + len - 1);
            let moved = self.splices.iter_mut().rev().take_while(|splice| splice.at >= mark.start);
            moved.for_each(|splice| splice.at += len - 1);
        }
        self.buffer[mark.start - 1..mark.start - 1 + len].copy_from_slice(&out[..len]);
    }

    fn mark(&self) -> LengthMark {
        LengthMark { start: self.buffer.len(), spliced: self.spliced }
    }

    fn len_since(&self, mark: LengthMark) -> usize {
        self.buffer.len() - mark.start + (self.spliced - mark.spliced)
    }
}
