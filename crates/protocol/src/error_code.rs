//! What responses say went wrong: code, name, Kafka's default text, and what a client does about it.

use std::fmt;

pub use crate::messages::generated::error_code::ErrorCode;

/// What a client may do after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// Nothing: the same request fails again.
    Never,
    /// Ask again.
    Retriable,
    /// Refresh the metadata, then ask again.
    StaleMetadata,
}

/// A row of the generated table.
#[derive(Debug)]
pub(crate) struct ErrorFacts {
    pub(crate) code: ErrorCode,
    pub(crate) name: &'static str,
    pub(crate) exception: &'static str,
    pub(crate) message: &'static str,
    pub(crate) retry: Retry,
}

impl ErrorCode {
    /// The code on the wire.
    pub const fn code(self) -> i16 {
        self as i16
    }

    /// Kafka's name, such as `NOT_LEADER_OR_FOLLOWER`.
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// The text that goes into a response's message field where the handler has nothing better to say.
    pub const fn message(self) -> &'static str {
        self.facts().message
    }

    /// The name of the exception that Java clients throw for it; tools print it. `-` for no error.
    pub const fn exception(self) -> &'static str {
        self.facts().exception
    }

    /// Whether there is no error.
    pub const fn is_none(self) -> bool {
        matches!(self, ErrorCode::None)
    }

    /// Whether the same request may succeed later.
    pub const fn is_retriable(self) -> bool {
        !matches!(self.facts().retry, Retry::Never)
    }

    /// Whether the client's picture of the cluster is out of date: refresh it before asking again.
    pub const fn is_stale_metadata(self) -> bool {
        matches!(self.facts().retry, Retry::StaleMetadata)
    }

    /// All errors, ascending by code.
    pub fn all() -> impl Iterator<Item = ErrorCode> {
        crate::messages::generated::error_code::FACTS.iter().map(|facts| facts.code)
    }
}

impl From<ErrorCode> for i16 {
    fn from(error: ErrorCode) -> i16 {
        error.code()
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_from_minus_one_to_136_has_its_row() {
        let codes: Vec<_> = ErrorCode::all().map(ErrorCode::code).collect();
        assert_eq!(codes, (-1..=136).collect::<Vec<_>>());
        for error in ErrorCode::all() {
            assert_eq!((error.facts().code, ErrorCode::from_i16(error.code())), (error, Some(error)));
        }
        assert_eq!(ErrorCode::from_i16(137), None);
    }

    #[test]
    fn stale_metadata_is_retriable_and_fencing_is_not() {
        assert!(ErrorCode::NotLeaderOrFollower.is_retriable());
        assert!(ErrorCode::NotLeaderOrFollower.is_stale_metadata());
        assert!(!ErrorCode::CoordinatorLoadInProgress.is_stale_metadata());
        assert!(!ErrorCode::InvalidProducerEpoch.is_retriable());
        assert_eq!(ErrorCode::default(), ErrorCode::None);
    }
}
