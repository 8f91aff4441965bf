//! Bytes to values and back: the primitives that all messages are made of.
//!
//! Kafka has two forms of everything with a length. The *legacy* form counts with fixed 16 or 32 bits and
//! -1 for null; the *flexible* form counts with an unsigned varint of length + 1, 0 for null, and ends each
//! struct with its tagged fields. A message version has one [`Form`] throughout.

mod error;
mod reader;
mod str;
mod tagged;
mod varint;
mod writer;

#[cfg(test)]
mod tests;

pub use error::{DecodeError, EncodeError};
pub use reader::{Element, Reader};
pub use str::Str;
pub use tagged::{TaggedField, TaggedFields, TaggedWriter};
pub use varint::{decode_varint, decode_varlong, encode_varint, encode_varlong, varint_len, varlong_len};
pub use writer::{Encoded, LengthMark, Records, RegionId, Splice, Writer};

/// Longest string on the wire: even the flexible form, which could say more, is held to 16 bits.
pub const MAX_STRING_LEN: usize = i16::MAX as usize;
/// Most elements of one array that a 4.4 reader takes.
pub const MAX_ARRAY_LEN: usize = 1_000_000;
/// Most tagged fields of one struct that a 4.4 reader takes.
pub const MAX_TAGGED_FIELDS: usize = 10_000;

/// How lengths are written in one version of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Fixed-size counts, no tagged fields.
    Legacy,
    /// Varint counts, tagged fields at the end of each struct.
    Flexible,
}

impl Form {
    /// The form of `version` where `first_flexible` is the first flexible one.
    #[inline(always)]
    pub const fn of(version: i16, first_flexible: i16) -> Form {
        if version >= first_flexible { Form::Flexible } else { Form::Legacy }
    }
}
