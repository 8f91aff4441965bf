//! Snappy as snappy-java (xerial) frames it: a header of 16 bytes, then blocks of a big-endian
//! length and a raw snappy block. A stream without that header is one raw block.

use super::contexts::{keep_snappy, take_snappy};
use super::decompress::reserve;
use super::{Codec, CompressionError};

const MAGIC: [u8; 8] = [0x82, b'S', b'N', b'A', b'P', b'P', b'Y', 0];
/// Magic, version and least compatible version, both 1.
const HEADER: usize = 16;
/// Uncompressed bytes per block, as Kafka's clients write.
const BLOCK: usize = 32 * 1024;
/// A raw block expands at most so many times: a copy of 64 bytes takes 3.
const MAX_RATIO: u64 = 22;

pub(super) struct Reader<'a> {
    input: &'a [u8],
    form: Form,
}

#[derive(PartialEq)]
enum Form {
    Blocks,
    Raw,
    Ended,
}

impl<'a> Reader<'a> {
    pub(super) fn new(body: &'a [u8]) -> Result<Reader<'a>, CompressionError> {
        if body.is_empty() {
            return Err(truncated("header"));
        }
        if body.len() < HEADER || !body.starts_with(&MAGIC) {
            return Ok(Reader { input: body, form: Form::Raw });
        }
        // The versions of a first header are not looked at.
        Ok(Reader { input: &body[HEADER..], form: Form::Blocks })
    }

    pub(super) fn read_chunk(&mut self, chunk: &mut Vec<u8>, room: u64) -> Result<usize, CompressionError> {
        loop {
            let block = match self.form {
                Form::Ended => return Ok(0),
                Form::Raw => {
                    self.form = Form::Ended;
                    self.input
                }
                Form::Blocks => match self.next_block()? {
                    Some(block) => block,
                    None => {
                        self.form = Form::Ended;
                        return Ok(0);
                    }
                },
            };
            let filled = decompress_block(block, chunk, room)?;
            if filled > 0 {
                return Ok(filled);
            }
        }
    }

    fn next_block(&mut self) -> Result<Option<&'a [u8]>, CompressionError> {
        loop {
            // A rest too short for a length ends the stream.
            let Some((length, rest)) = self.input.split_first_chunk::<4>() else { return Ok(None) };
            if length[..] == MAGIC[..4] {
                // Another stream, appended.
                match self.input.split_first_chunk::<HEADER>() {
                    Some((header, rest)) if header.starts_with(&MAGIC) => {
                        if i32::from_be_bytes([header[8], header[9], header[10], header[11]]) < 1 {
                            return Err(corrupt("a version that does not exist"));
                        }
                        self.input = rest;
                        continue;
                    }
                    Some(_) => return Ok(None),
                    None => return Err(truncated("header")),
                }
            }
            let length = i32::from_be_bytes(*length);
            let length = usize::try_from(length).map_err(|_| corrupt("a negative block length"))?;
            let Some((block, rest)) = rest.split_at_checked(length) else { return Err(truncated("block")) };
            self.input = rest;
            return Ok(Some(block));
        }
    }
}

fn decompress_block(block: &[u8], chunk: &mut Vec<u8>, room: u64) -> Result<usize, CompressionError> {
    let size = snap::raw::decompress_len(block).map_err(|_| corrupt("no block length"))?;
    if block.is_empty() || size as u64 > block.len() as u64 * MAX_RATIO {
        return Err(corrupt("a block length that its bytes cannot give"));
    }
    if size as u64 > room {
        return Err(CompressionError::TooLarge { codec: Codec::Snappy, limit: room });
    }
    reserve(chunk, size);
    snap::raw::Decoder::new().decompress(block, &mut chunk[..size]).map_err(|_| corrupt("a broken block"))
}

/// Appends `body` in blocks of 32 KiB.
pub(super) fn compress(body: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&1i32.to_be_bytes());
    out.extend_from_slice(&1i32.to_be_bytes());
    let mut encoder = take_snappy();
    for block in body.chunks(BLOCK) {
        let start = out.len();
        out.resize(start + 4 + snap::raw::max_compress_len(block.len()), 0);
        let size =
            encoder.compress(block, &mut out[start + 4..]).expect("the output holds the largest block");
        out[start..start + 4].copy_from_slice(&(size as i32).to_be_bytes());
        out.truncate(start + 4 + size);
    }
    keep_snappy(encoder);
}

fn corrupt(reason: &'static str) -> CompressionError {
    CompressionError::Corrupt { codec: Codec::Snappy, reason }
}

fn truncated(part: &'static str) -> CompressionError {
    CompressionError::Truncated { codec: Codec::Snappy, part }
}
