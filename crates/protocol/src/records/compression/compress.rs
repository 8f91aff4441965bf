//! Compressing a whole body.

use super::{Codec, Compression, gzip, lz4, snappy, zstd};

/// Appends `body` compressed to `out`, in the framing that Kafka's clients read.
pub fn compress(compression: Compression, body: &[u8], out: &mut Vec<u8>) {
    match compression.codec() {
        Codec::None => out.extend_from_slice(body),
        Codec::Gzip => gzip::compress(compression.level(), body, out),
        Codec::Snappy => snappy::compress(body, out),
        Codec::Lz4 => lz4::compress(body, out),
        Codec::Zstd => zstd::compress(compression.level(), body, out),
    }
}
