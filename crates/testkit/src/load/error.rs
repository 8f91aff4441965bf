//! Why a load ended before its time.

use std::io;

use klamm_protocol::{DecodeError, EncodeError, ErrorCode};

/// A load does not go on after any of these: a figure of a run with failures would mean nothing.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A socket failed, or the broker closed it.
    #[error("connection to the broker: {0}")]
    Io(#[from] io::Error),
    /// An answer could not be read.
    #[error("answer to {api}: {error}")]
    Decode {
        /// Name of the API.
        api: &'static str,
        /// What is wrong with the bytes.
        error: DecodeError,
    },
    /// A request could not be written.
    #[error("request {api}: {error}")]
    Encode {
        /// Name of the API.
        api: &'static str,
        /// What is wrong with the fields.
        error: EncodeError,
    },
    /// The broker answered with an error.
    #[error("{api}: error {}: {detail}", name(*.code))]
    Refused {
        /// Name of the API.
        api: &'static str,
        /// As it came.
        code: i16,
        /// Which part of the request, or the broker's sentence.
        detail: String,
    },
    /// The broker answered what cannot be true.
    #[error("wrong answer: {0}")]
    Wrong(String),
    /// Nothing came for too long.
    #[error("{0} did not come in time")]
    TooLate(&'static str),
    /// The watched process is gone or unreadable.
    #[error("process {pid}: {error}")]
    Process {
        /// Its id.
        pid: u32,
        /// What the system said.
        error: io::Error,
    },
}

fn name(code: i16) -> String {
    ErrorCode::from_i16(code).map_or_else(|| code.to_string(), |known| known.name().to_owned())
}
