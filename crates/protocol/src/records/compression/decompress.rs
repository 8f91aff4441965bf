//! Decompression as a stream of chunks.

use std::io;

use super::contexts::{keep_chunk, take_chunk};
use super::{Codec, CompressionError, gzip, lz4, snappy, zstd};

/// What a reader of untrusted batches accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes that one batch may expand to. Passing it is [`CompressionError::TooLarge`].
    pub max_output: u64,
    /// Most bytes of one record of a compressed batch, without its size field: the topic's
    /// `max.decompressed.message.bytes`.
    pub max_record_size: i32,
}

impl Limits {
    /// For batches that this node or its peers validated before. (A record of a Java client has
    /// at most `i32::MAX - 8` bytes: the largest array of the JVM.)
    pub const NONE: Limits = Limits { max_output: u64::MAX, max_record_size: i32::MAX - 8 };
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::NONE
    }
}

/// Decompresses a body chunk by chunk, in the way of [`io::BufRead`]: [`fill`](Self::fill) gives
/// what is there, [`consume`](Self::consume) moves on. Holds one chunk at a time (64 KiB; an lz4
/// or snappy block if that is larger), whatever the whole expands to.
pub struct Decompressor<'a> {
    codec: Codec,
    source: Source<'a>,
    chunk: Vec<u8>,
    /// The part of `chunk` that holds bytes not yet consumed.
    position: usize,
    filled: usize,
    output: u64,
    max_output: u64,
}

enum Source<'a> {
    Stored(&'a [u8]),
    Gzip(gzip::Reader<'a>),
    Snappy(snappy::Reader<'a>),
    Lz4(lz4::Reader<'a>),
    Zstd(zstd::Reader<'a>),
}

impl<'a> Decompressor<'a> {
    /// Over the whole `body` of a batch v2.
    pub fn new(codec: Codec, body: &'a [u8], limits: Limits) -> Result<Decompressor<'a>, CompressionError> {
        Decompressor::with_lz4_header(codec, body, limits, lz4::HeaderChecksum::Correct)
    }

    /// For message format 0, whose writers computed the checksum of the lz4 header wrongly.
    pub(crate) fn for_magic_0(
        codec: Codec,
        body: &'a [u8],
        limits: Limits,
    ) -> Result<Decompressor<'a>, CompressionError> {
        Decompressor::with_lz4_header(codec, body, limits, lz4::HeaderChecksum::Broken)
    }

    fn with_lz4_header(
        codec: Codec,
        body: &'a [u8],
        limits: Limits,
        lz4_header: lz4::HeaderChecksum,
    ) -> Result<Decompressor<'a>, CompressionError> {
        let source = match codec {
            Codec::None => Source::Stored(body),
            Codec::Gzip => Source::Gzip(gzip::Reader::new(body)?),
            Codec::Snappy => Source::Snappy(snappy::Reader::new(body)?),
            Codec::Lz4 => Source::Lz4(lz4::Reader::new(body, lz4_header)?),
            Codec::Zstd => Source::Zstd(zstd::Reader::new(body)?),
        };
        let max_output = limits.max_output;
        Ok(Decompressor { codec, source, chunk: take_chunk(), position: 0, filled: 0, output: 0, max_output })
    }

    /// The bytes that are decompressed and not consumed; decompresses the next chunk if there are
    /// none. Empty only at the end of the stream.
    #[inline]
    pub fn fill(&mut self) -> Result<&[u8], CompressionError> {
        if self.position == self.filled {
            self.refill()?;
        }
        Ok(&self.chunk[self.position..self.filled])
    }

    /// What [`fill`](Self::fill) gave, without asking for more.
    #[inline]
    pub fn buffered(&self) -> &[u8] {
        &self.chunk[self.position..self.filled]
    }

    /// Moves past `count` of the bytes that [`fill`](Self::fill) gave.
    ///
    /// # Panics
    /// If that is more than it gave.
    #[inline]
    pub fn consume(&mut self, count: usize) {
        assert!(count <= self.filled - self.position, "only what was filled can be consumed");
        self.position += count;
    }

    /// Bytes decompressed so far.
    pub fn output(&self) -> u64 {
        self.output
    }

    #[cold]
    fn refill(&mut self) -> Result<(), CompressionError> {
        self.position = 0;
        self.filled = 0;
        let room = self.max_output - self.output;
        let filled = match &mut self.source {
            Source::Stored(rest) => {
                self.chunk.clear();
                self.chunk.extend_from_slice(std::mem::take(rest));
                self.chunk.len()
            }
            Source::Gzip(reader) => reader.read_chunk(&mut self.chunk)?,
            Source::Snappy(reader) => reader.read_chunk(&mut self.chunk, room)?,
            Source::Lz4(reader) => reader.read_chunk(&mut self.chunk)?,
            Source::Zstd(reader) => reader.read_chunk(&mut self.chunk)?,
        };
        if filled as u64 > room {
            return Err(CompressionError::TooLarge { codec: self.codec, limit: self.max_output });
        }
        self.output += filled as u64;
        self.filled = filled;
        Ok(())
    }
}

impl Drop for Decompressor<'_> {
    fn drop(&mut self) {
        keep_chunk(std::mem::take(&mut self.chunk));
    }
}

impl io::Read for Decompressor<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let chunk = self.fill()?;
        let count = chunk.len().min(out.len());
        out[..count].copy_from_slice(&chunk[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl io::BufRead for Decompressor<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.fill()?)
    }

    fn consume(&mut self, count: usize) {
        Decompressor::consume(self, count);
    }
}

/// Bytes of output asked for at a time from codecs without blocks of their own.
pub(super) const CHUNK: usize = 64 * 1024;

/// Makes `chunk` at least `length` bytes long without clearing what is there.
pub(super) fn reserve(chunk: &mut Vec<u8>, length: usize) {
    if chunk.len() < length {
        chunk.resize(length, 0);
    }
}
