//! Why a frame cannot be read, or a value cannot be written at a version.

/// A frame that is not what it claims to be. `at` is the byte of the frame where reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The frame ends inside a value.
    #[error("frame ends at byte {at}: {wanted} bytes wanted, {left} left")]
    Truncated {
        /// Where the value starts.
        at: u32,
        /// Bytes the value needs.
        wanted: u32,
        /// Bytes there are.
        left: u32,
    },
    /// A varint with more bits than its type.
    #[error("varint at byte {at} does not fit its type")]
    VarintOverflow {
        /// Where the varint starts.
        at: u32,
    },
    /// Null where this version has no null.
    #[error("null at byte {at} for a field that cannot be null")]
    UnexpectedNull {
        /// Where the length stands.
        at: u32,
    },
    /// A length below -1 or above what the type allows. (Kafka takes any negative length for null.)
    #[error("length {length} at byte {at} is out of range")]
    InvalidLength {
        /// Just past the length.
        at: u32,
        /// What it says.
        length: i64,
    },
    /// An array with more elements than the remaining bytes can hold, or than any reader takes.
    #[error("array of {count} elements at byte {at}, but at most {possible} are possible")]
    TooManyElements {
        /// Just past the count.
        at: u32,
        /// What it says.
        count: u32,
        /// The bound.
        possible: u32,
    },
    /// More elements than the reader has room for ([`super::Reader::with_room`]).
    #[error("the arrays up to byte {at} take more memory than one request may")]
    NoRoom {
        /// Just past the count that is too much.
        at: u32,
    },
    /// A string that is not UTF-8. (Kafka would put U+FFFD for the bad bytes; we refuse, because a name
    /// that changes silently is a different name.)
    #[error("string at byte {at} is not UTF-8")]
    NotUtf8 {
        /// Where the text starts.
        at: u32,
    },
    /// A tagged field that this version does not have.
    #[error("tag {tag} at byte {at} does not exist in this version")]
    TagNotInVersion {
        /// Just past tag and size.
        at: u32,
        /// The tag.
        tag: u32,
    },
    /// A tagged field whose content is longer or shorter than its size says, or whose size is more than the
    /// frame has. (Kafka does not look at the sizes of the fields it knows.)
    #[error("size of tag {tag} does not match its content or the frame at byte {at}")]
    TaggedSizeMismatch {
        /// Where that was seen.
        at: u32,
        /// The tag.
        tag: u32,
    },
    /// Bytes after the end of a message.
    #[error("{left} bytes follow the message, which ends at byte {at}")]
    TrailingBytes {
        /// Where the message ends.
        at: u32,
        /// Bytes behind it.
        left: u32,
    },
    /// A version of a message that does not exist.
    #[error("{message} has no version {version}")]
    UnsupportedVersion {
        /// The schema's name.
        message: &'static str,
        /// The version asked for.
        version: i16,
    },
    /// A request or record type that does not exist.
    #[error("{family} has no type {key}")]
    UnknownType {
        /// The set of types: "request", "metadata record", ...
        family: &'static str,
        /// The number.
        key: i32,
    },
    /// A frame version of a metadata record other than 1.
    #[error("frame version {0} of a metadata record is unknown")]
    UnknownFrameVersion(u32),
}

/// A value that cannot be written at the version asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// A version of a message that does not exist.
    #[error("{message} has no version {version}")]
    UnsupportedVersion {
        /// The schema's name.
        message: &'static str,
        /// The version asked for.
        version: i16,
    },
    /// A field is set that this version lacks and a receiver must not miss.
    #[error("{message}.{field} is set, but version {version} does not have it")]
    NotInVersion {
        /// The struct's name.
        message: &'static str,
        /// The field's name in the schema.
        field: &'static str,
        /// The version asked for.
        version: i16,
    },
    /// Null where this version has no null.
    #[error("{message}.{field} is null, which version {version} cannot say")]
    NullNotAllowed {
        /// The struct's name.
        message: &'static str,
        /// The field's name in the schema.
        field: &'static str,
        /// The version asked for.
        version: i16,
    },
    /// A string longer than 32767 bytes, or bytes, an array or a frame longer than 2^31-1.
    #[error("{length} is too long for its field")]
    TooLong {
        /// Bytes or elements.
        length: usize,
    },
    /// Unknown tagged fields are set, but the version is not flexible.
    #[error("{message} has unknown tagged fields, but version {version} is not flexible")]
    TagsNotInVersion {
        /// The struct's name.
        message: &'static str,
        /// The version asked for.
        version: i16,
    },
    /// Unknown tagged fields that are not in ascending order, or that use the tag of a known field.
    #[error("unknown tag {tag} is out of order or belongs to a known field")]
    TagOutOfOrder {
        /// The tag.
        tag: u32,
    },
}

impl EncodeError {
    /// The value of a field that `version` needs.
    #[inline]
    pub fn required<T>(
        value: Option<T>,
        message: &'static str,
        field: &'static str,
        version: i16,
    ) -> Result<T, EncodeError> {
        value.ok_or(EncodeError::NullNotAllowed { message, field, version })
    }
}
