//! The codecs of record batches: compressing a body, and decompressing it as a bounded stream.
//!
//! Framing is what Kafka's Java clients write and read: gzip members, snappy in xerial blocks (or
//! raw), lz4 frames of independent blocks, zstd frames. Contexts are kept per thread.

mod codec;
mod compress;
mod contexts;
mod decompress;
mod error;
mod gzip;
mod lz4;
mod snappy;
mod zstd;

#[cfg(test)]
mod tests;

pub use codec::{Codec, Compression, LevelError};
pub use compress::compress;
pub(crate) use compress::compress_for_magic;
pub use decompress::{Decompressor, Limits};
pub use error::CompressionError;
