//! gzip (RFC 1952): members one after the other, each a header, a deflate stream and a trailer.
//!
//! As `java.util.zip.GZIPInputStream` reads it: further members are read, anything else after a
//! member ends the stream silently.

use flate2::{Compress, Crc, Decompress, FlushCompress, FlushDecompress, Status};

use super::contexts::{keep_deflate, keep_inflate, take_deflate, take_inflate};
use super::decompress::{CHUNK, reserve};
use super::{Codec, CompressionError};
use crate::records::crc::crc32;

const MAGIC: [u8; 2] = [0x1f, 0x8b];
const DEFLATE: u8 = 8;
const HEADER_CRC: u8 = 0x02;
const EXTRA: u8 = 0x04;
const NAME: u8 = 0x08;
const COMMENT: u8 = 0x10;
const TRAILER: usize = 8;
/// Java looks for another member only if more bytes than this follow.
const IGNORED_TAIL: usize = 18;

pub(super) struct Reader<'a> {
    input: &'a [u8],
    inflate: Option<Decompress>,
    crc: Crc,
    member_size: u32,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Inflating,
    /// The deflate stream has ended; its last bytes were given.
    TrailerDue,
    Ended,
}

impl<'a> Reader<'a> {
    pub(super) fn new(body: &'a [u8]) -> Result<Reader<'a>, CompressionError> {
        let input = skip_header(body)?;
        Ok(Reader {
            input,
            inflate: Some(take_inflate()),
            crc: Crc::new(),
            member_size: 0,
            state: State::Inflating,
        })
    }

    pub(super) fn read_chunk(&mut self, chunk: &mut Vec<u8>) -> Result<usize, CompressionError> {
        reserve(chunk, CHUNK);
        loop {
            match self.state {
                State::Inflating => {}
                State::TrailerDue => {
                    self.finish_member()?;
                    continue;
                }
                State::Ended => return Ok(0),
            }
            let inflate = self.inflate.as_mut().expect("held until the reader is dropped");
            let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
            let status = inflate
                .decompress(self.input, &mut chunk[..CHUNK], FlushDecompress::None)
                .map_err(|_| corrupt("not a deflate stream"))?;
            let consumed = (inflate.total_in() - before_in) as usize;
            let filled = (inflate.total_out() - before_out) as usize;
            self.input = &self.input[consumed..];
            self.crc.update(&chunk[..filled]);
            self.member_size = self.member_size.wrapping_add(filled as u32);
            match status {
                Status::StreamEnd => self.state = State::TrailerDue,
                Status::Ok | Status::BufError if consumed == 0 && filled == 0 => {
                    return Err(truncated("deflate stream"));
                }
                Status::Ok | Status::BufError => {}
            }
            if filled > 0 {
                return Ok(filled);
            }
        }
    }

    fn finish_member(&mut self) -> Result<(), CompressionError> {
        let Some((trailer, rest)) = self.input.split_first_chunk::<TRAILER>() else {
            return Err(truncated("trailer"));
        };
        let expected = (self.crc.sum().to_le_bytes(), self.member_size.to_le_bytes());
        if trailer[..4] != expected.0 || trailer[4..] != expected.1 {
            return Err(corrupt("the trailer does not match the bytes"));
        }
        match skip_header(rest) {
            Ok(input) if rest.len() > IGNORED_TAIL => {
                self.input = input;
                self.crc = Crc::new();
                self.member_size = 0;
                self.state = State::Inflating;
                self.inflate.as_mut().expect("held until the reader is dropped").reset(false);
            }
            Ok(_) | Err(_) => self.state = State::Ended,
        }
        Ok(())
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(inflate) = self.inflate.take() {
            keep_inflate(inflate);
        }
    }
}

/// Returns what follows the header at the front of `bytes`.
fn skip_header(bytes: &[u8]) -> Result<&[u8], CompressionError> {
    let Some((fixed, mut rest)) = bytes.split_first_chunk::<10>() else { return Err(truncated("header")) };
    if fixed[..2] != MAGIC {
        return Err(corrupt("no gzip header"));
    }
    if fixed[2] != DEFLATE {
        return Err(corrupt("not deflate"));
    }
    let flags = fixed[3];
    if flags & EXTRA != 0 {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(truncated("header"))?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..).ok_or(truncated("header"))?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = rest.iter().position(|&byte| byte == 0).ok_or(truncated("header"))?;
            rest = &rest[end + 1..];
        }
    }
    if flags & HEADER_CRC != 0 {
        let covered = &bytes[..bytes.len() - rest.len()];
        let (stored, after) = rest.split_first_chunk::<2>().ok_or(truncated("header"))?;
        // The low half of the CRC-32.
        if u16::from_le_bytes(*stored) != crc32(covered) as u16 {
            return Err(corrupt("the header's checksum is wrong"));
        }
        rest = after;
    }
    Ok(rest)
}

/// Appends `body` as one member.
pub(super) fn compress(level: i32, body: &[u8], out: &mut Vec<u8>) {
    // No time, no name, unknown system: the same bytes for the same records.
    out.extend_from_slice(&[MAGIC[0], MAGIC[1], DEFLATE, 0, 0, 0, 0, 0, 0, 0xff]);
    let mut deflate = take_deflate(level);
    deflate_all(&mut deflate, body, out);
    keep_deflate(level, deflate);
    out.extend_from_slice(&crc32(body).to_le_bytes());
    // The size modulo 2^32.
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
}

fn deflate_all(deflate: &mut Compress, body: &[u8], out: &mut Vec<u8>) {
    loop {
        out.reserve(CHUNK / 4);
        let consumed = deflate.total_in() as usize;
        let status = deflate
            .compress_vec(&body[consumed..], out, FlushCompress::Finish)
            .expect("deflating from memory cannot fail");
        match status {
            Status::StreamEnd => return,
            Status::Ok | Status::BufError => {}
        }
    }
}

fn corrupt(reason: &'static str) -> CompressionError {
    CompressionError::Corrupt { codec: Codec::Gzip, reason }
}

fn truncated(part: &'static str) -> CompressionError {
    CompressionError::Truncated { codec: Codec::Gzip, part }
}
