//! What all messages have in common.

use std::fmt::Debug;
use std::ops::RangeInclusive;

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Reader, Writer};

/// A message of Kafka's schemas. `Default` gives the schema's defaults.
pub trait Message: Element + Default + Clone + Debug + PartialEq {
    /// The schema's name.
    const NAME: &'static str;
    /// The versions that exist.
    const VERSIONS: RangeInclusive<i16>;
    /// The first version with varint lengths and tagged fields; `None` where no version has them.
    const FLEXIBLE_FROM: Option<i16>;

    /// Reads the message at `version`. Bytes may follow it; [`Reader::expect_end`] refuses them.
    fn decode(reader: &mut Reader, version: i16) -> Result<Self, DecodeError> {
        if !Self::VERSIONS.contains(&version) {
            return Err(DecodeError::UnsupportedVersion { message: Self::NAME, version });
        }
        Self::read(reader, version)
    }

    /// Appends the message at `version`. An error leaves part of it in `writer`.
    ///
    /// A field that `version` lacks is left out if the schema calls it ignorable or if it is at its default,
    /// and is an error otherwise: the receiver would act on less than was meant.
    fn encode(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        if !Self::VERSIONS.contains(&version) {
            return Err(EncodeError::UnsupportedVersion { message: Self::NAME, version });
        }
        self.write(writer, version)
    }
}

/// A message that asks, with the type of its answer. Both are at the same version.
pub trait Request: Message {
    /// Its number.
    const KEY: ApiKey;
    /// The answer.
    type Response: Message;
}
