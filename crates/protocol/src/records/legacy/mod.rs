//! Message formats 0 and 1 (Kafka before 0.11), as 4.4 still finds them in old segments: read,
//! checked, and written by compaction. Produce refuses them and nothing converts them.
//!
//! ```text
//! entry:   offset i64 | length i32 | message
//! message: crc u32 (CRC-32 of what follows) | magic i8 | attributes i8 (bits 0-2 codec, 3 log
//!          append time) | timestamp i64 (magic 1 only) | key: i32 length + bytes | value: the same
//! ```
//! A compressed message wraps a message set in its value. Its own offset is that of its last
//! inner message; inner offsets are absolute at magic 0 and count from 0 at magic 1.

mod batch;
mod builder;
mod message;
mod reader;

#[cfg(test)]
mod tests;

pub use batch::LegacyBatch;
pub use builder::LegacyBuilder;
pub use message::LegacyMessage;
pub use reader::{LegacyError, LegacyReader};
