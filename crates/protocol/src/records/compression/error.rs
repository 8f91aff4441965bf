//! What can be wrong with compressed bytes.

use super::Codec;

/// A body that cannot be decompressed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompressionError {
    /// The compressed bytes end too early.
    #[error("the {codec} stream ends inside its {part}")]
    Truncated {
        /// The codec.
        codec: Codec,
        /// Which part of its framing.
        part: &'static str,
    },
    /// The bytes break the codec's format.
    #[error("the {codec} stream is corrupt: {reason}")]
    Corrupt {
        /// The codec.
        codec: Codec,
        /// What is wrong.
        reason: &'static str,
    },
    /// The stream gives more than the caller accepts.
    #[error("the {codec} stream expands to more than {limit} bytes")]
    TooLarge {
        /// The codec.
        codec: Codec,
        /// The caller's limit.
        limit: u64,
    },
}

impl From<CompressionError> for std::io::Error {
    fn from(error: CompressionError) -> std::io::Error {
        let kind = match error {
            CompressionError::Truncated { .. } => std::io::ErrorKind::UnexpectedEof,
            CompressionError::Corrupt { .. } | CompressionError::TooLarge { .. } => {
                std::io::ErrorKind::InvalidData
            }
        };
        std::io::Error::new(kind, error)
    }
}
