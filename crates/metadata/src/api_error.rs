//! An error of one operation, as responses carry it.

use klamm_protocol::{ErrorCode, Str};

/// An error code with the text that goes beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// The code.
    pub code: ErrorCode,
    /// The text; `None` where Kafka sends null.
    pub message: Option<String>,
}

impl ApiError {
    /// `code` with a text of its own.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> ApiError {
        ApiError { code, message: Some(message.into()) }
    }

    /// `code` without a text.
    pub const fn bare(code: ErrorCode) -> ApiError {
        ApiError { code, message: None }
    }

    /// `code` with the text every such error has.
    pub fn plain(code: ErrorCode) -> ApiError {
        ApiError::new(code, code.message())
    }

    /// The text as a response field.
    pub fn text(&self) -> Option<Str> {
        self.message.as_deref().map(Str::from)
    }
}

/// The error code and text fields of an operation that failed with `error` or succeeded.
pub(crate) fn error_fields(error: Option<&ApiError>) -> (i16, Option<Str>) {
    match error {
        None => (ErrorCode::None.code(), None),
        Some(error) => (error.code.code(), error.text()),
    }
}
