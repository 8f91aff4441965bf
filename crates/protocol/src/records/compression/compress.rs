//! Compressing a whole body.

use super::{Codec, Compression, gzip, lz4, snappy, zstd};

/// Appends `body` compressed to `out`, in the framing that Kafka's clients read.
pub fn compress(compression: Compression, body: &[u8], out: &mut Vec<u8>) {
    compress_for_magic(compression, body, 2, out);
}

/// Like [`compress`] for a body of any format: lz4 frames of magic 0 have a wrong header checksum,
/// which its readers expect or ignore.
pub(crate) fn compress_for_magic(compression: Compression, body: &[u8], magic: i8, out: &mut Vec<u8>) {
    match compression.codec() {
        Codec::None => out.extend_from_slice(body),
        Codec::Gzip => gzip::compress(compression.level(), body, out),
        Codec::Snappy => snappy::compress(body, out),
        Codec::Lz4 if magic == 0 => lz4::compress(body, lz4::HeaderChecksum::Broken, out),
        Codec::Lz4 => lz4::compress(body, lz4::HeaderChecksum::Correct, out),
        Codec::Zstd => zstd::compress(compression.level(), body, out),
    }
}
