//! LZ4 frames as Kafka's `Lz4BlockInputStream` reads them: independent blocks only, optional block
//! checksums verified, content size and content checksum skipped, everything after the end mark
//! ignored.
//!
//! ```text
//! magic u32le | flags u8 | block size u8 | [content size u64] | header checksum u8
//! per block: length u32le (top bit: stored) | bytes | [checksum u32le]      end mark: length 0
//! ```

use lz4_flex::block::{compress_into_with_table, decompress_into, get_maximum_output_size};
use twox_hash::XxHash32;

use super::contexts::{keep_lz4, take_lz4};
use super::decompress::reserve;
use super::{Codec, CompressionError};

const MAGIC: [u8; 4] = 0x184d_2204u32.to_le_bytes();
const VERSION: u8 = 0x40;
const VERSION_MASK: u8 = 0xc0;
const INDEPENDENT: u8 = 0x20;
const BLOCK_CHECKSUM: u8 = 0x10;
const CONTENT_SIZE: u8 = 0x08;
const CONTENT_CHECKSUM: u8 = 0x04;
const RESERVED: u8 = 0x03;
const STORED: u32 = 0x8000_0000;
/// Blocks of 64 KiB, as Kafka's clients write.
const BLOCK: usize = 64 * 1024;
const BLOCK_CODE: u8 = 4 << 4;
/// A block expands at most so many times: a match of 255 bytes takes one.
const MAX_RATIO: usize = 255;

/// The checksum of a frame's header. Message format 0 was written with a wrong one, which covers
/// the magic too; such frames are read without looking at it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HeaderChecksum {
    Correct,
    Broken,
}

pub(super) struct Reader<'a> {
    input: &'a [u8],
    flags: u8,
    max_block: usize,
    ended: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(body: &'a [u8], checksum: HeaderChecksum) -> Result<Reader<'a>, CompressionError> {
        let Some((fixed, rest)) = body.split_first_chunk::<6>() else { return Err(truncated("header")) };
        if fixed[..4] != MAGIC {
            return Err(corrupt("no lz4 frame"));
        }
        let (flags, block_size) = (fixed[4], fixed[5]);
        if flags & RESERVED != 0 || block_size & 0x8f != 0 {
            return Err(corrupt("reserved bits are set"));
        }
        if flags & VERSION_MASK != VERSION || flags & INDEPENDENT == 0 {
            return Err(corrupt("a version or dependent blocks that Kafka does not read"));
        }
        let code = block_size >> 4;
        if code < 4 {
            return Err(corrupt("a block size that does not exist"));
        }
        let rest = rest.get(if flags & CONTENT_SIZE != 0 { 8 } else { 0 }..).ok_or(truncated("header"))?;
        let Some((&stored, input)) = rest.split_first() else { return Err(truncated("header")) };
        let descriptor = &body[4..body.len() - rest.len()];
        if checksum == HeaderChecksum::Correct && stored != header_checksum(descriptor) {
            return Err(corrupt("the header's checksum is wrong"));
        }
        Ok(Reader { input, flags, max_block: 1 << (2 * code + 8), ended: false })
    }

    pub(super) fn read_chunk(&mut self, chunk: &mut Vec<u8>) -> Result<usize, CompressionError> {
        if self.ended {
            return Ok(0);
        }
        let field = self.take_u32("block length")?;
        let length = (field & !STORED) as usize;
        if length == 0 {
            self.ended = true;
            if self.flags & CONTENT_CHECKSUM != 0 {
                self.take_u32("content checksum")?;
            }
            return Ok(0);
        }
        if length > self.max_block {
            return Err(corrupt("a block is larger than the frame allows"));
        }
        let Some((block, rest)) = self.input.split_at_checked(length) else { return Err(truncated("block")) };
        self.input = rest;
        if self.flags & BLOCK_CHECKSUM != 0 && self.take_u32("block checksum")? != XxHash32::oneshot(0, block)
        {
            return Err(corrupt("a block's checksum is wrong"));
        }
        if field & STORED != 0 {
            reserve(chunk, length);
            chunk[..length].copy_from_slice(block);
            return Ok(length);
        }
        let most = self.max_block.min(length.saturating_mul(MAX_RATIO));
        reserve(chunk, most);
        match decompress_into(block, &mut chunk[..most]) {
            // An empty block would read as the end of the stream.
            Ok(0) => Err(corrupt("an empty block")),
            Ok(filled) => Ok(filled),
            Err(_) => Err(corrupt("a broken block")),
        }
    }

    fn take_u32(&mut self, part: &'static str) -> Result<u32, CompressionError> {
        let (field, rest) = self.input.split_first_chunk().ok_or(truncated(part))?;
        self.input = rest;
        Ok(u32::from_le_bytes(*field))
    }
}

/// The second byte of the hash of flags, block size and content size.
fn header_checksum(descriptor: &[u8]) -> u8 {
    (XxHash32::oneshot(0, descriptor) >> 8) as u8
}

/// Appends `body` as one frame.
pub(super) fn compress(body: &[u8], checksum: HeaderChecksum, out: &mut Vec<u8>) {
    let header = [MAGIC[0], MAGIC[1], MAGIC[2], MAGIC[3], VERSION | INDEPENDENT, BLOCK_CODE];
    out.extend_from_slice(&header);
    out.push(match checksum {
        HeaderChecksum::Correct => header_checksum(&header[4..]),
        HeaderChecksum::Broken => header_checksum(&header),
    });
    let mut table = take_lz4();
    for block in body.chunks(BLOCK) {
        let start = out.len();
        out.resize(start + 4 + get_maximum_output_size(block.len()), 0);
        let size = compress_into_with_table(block, &mut out[start + 4..], &mut table)
            .expect("the output holds the largest block");
        let (field, size) = if size < block.len() {
            (size as u32, size)
        } else {
            out[start + 4..start + 4 + block.len()].copy_from_slice(block);
            (block.len() as u32 | STORED, block.len())
        };
        out[start..start + 4].copy_from_slice(&field.to_le_bytes());
        out.truncate(start + 4 + size);
    }
    keep_lz4(table);
    out.extend_from_slice(&0u32.to_le_bytes());
}

fn corrupt(reason: &'static str) -> CompressionError {
    CompressionError::Corrupt { codec: Codec::Lz4, reason }
}

fn truncated(part: &'static str) -> CompressionError {
    CompressionError::Truncated { codec: Codec::Lz4, part }
}
