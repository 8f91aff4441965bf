//! Record batches: Kafka's message format v2, what 4.4 still reads of formats 0 and 1, their
//! codecs, the broker's validation and control records. Pure functions over byte slices; no I/O,
//! no clock, no allocation sized by an unchecked count.

pub mod any;
pub mod batch;
pub mod batches;
pub mod builder;
pub mod compression;
pub mod control;
pub mod crc;
pub mod errors;
pub mod legacy;
pub mod reader;
pub mod record;
pub mod skim;
pub mod validate;
pub mod varint;

#[cfg(test)]
mod tests;

pub use any::{AnyBatch, AnyBatches, LogRecord, LogRecords};
pub use batch::{Attributes, BatchHeader, TimestampType, set_log_append_time, stamp, verify_crc};
pub use batches::{Batch, Batches};
pub use builder::{BatchBuilder, BuildError};
pub use compression::{Codec, Compression, CompressionError, Decompressor, Limits};
pub use crc::{crc32, crc32c, crc32c_append};
pub use errors::{BatchError, RecordError};
pub use reader::{RecordReader, Records};
pub use record::{Header, Headers, Record};
pub use skim::RecordFacts;
pub use validate::{
    ProduceRejection, ProduceRules, RecordFault, RecordFaultKind, Validated, validate, validate_follower,
};
