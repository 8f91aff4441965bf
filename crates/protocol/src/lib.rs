//! Kafka's wire format and record batches: schemas, generated messages, headers, error codes, record codec.
//!
//! - [`messages`]: one struct per message of Apache Kafka 4.4, generated from `schemas/*.ksc` by
//!   `cargo xtask codegen`. Every one is a [`Message`]: `decode` and `encode` at a version.
//! - [`codec`]: the [`Reader`] of a frame and the [`Writer`] of one, and nothing above bytes.
//! - [`api_key`], [`header`], [`error_code`]: which requests exist, what precedes a body, what an answer says.
//! - [`records`]: record batches, the format of the log.
//!
//! Three rules hold for all decoding. A frame comes from a stranger: no count is believed before it fits
//! into the bytes that are left, and no input panics. Strings, bytes and records are slices of the frame
//! and keep it alive. Sentinels stay as Kafka has them (`-1` for "none"); callers turn them into `Option`.

pub mod api_key;
pub mod codec;
pub mod error_code;
pub mod header;
#[cfg(feature = "json")]
pub mod json;
mod message;
pub mod messages;
pub mod records;
#[cfg(feature = "testing")]
pub mod testing;

pub use api_key::ApiKey;
pub use codec::{DecodeError, EncodeError, Reader, Records, RegionId, Str, TaggedFields, Writer};
pub use error_code::ErrorCode;
pub use message::{Message, Request};
