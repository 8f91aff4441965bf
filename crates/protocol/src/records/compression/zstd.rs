//! Zstandard frames, one after the other.
//!
//! The window is bounded by 2^27 bytes: what zstd's highest level uses and what Kafka's library
//! accepts. The memory is touched only as far as the frame's content reaches.

use zstd::zstd_safe::{CParameter, DCtx, DParameter, InBuffer, OutBuffer, ResetDirective, compress_bound};

use super::contexts::{keep_zstd_in, keep_zstd_out, take_zstd_in, take_zstd_out};
use super::decompress::{CHUNK, reserve};
use super::{Codec, CompressionError};

const MAX_WINDOW_LOG: u32 = 27;

pub(super) struct Reader<'a> {
    input: &'a [u8],
    context: Option<DCtx<'static>>,
    frame_finished: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(body: &'a [u8]) -> Result<Reader<'a>, CompressionError> {
        let mut context = take_zstd_in();
        context
            .reset(ResetDirective::SessionOnly)
            .and_then(|_| context.set_parameter(DParameter::WindowLogMax(MAX_WINDOW_LOG)))
            .map_err(|_| corrupt("no context"))?;
        Ok(Reader { input: body, context: Some(context), frame_finished: true })
    }

    pub(super) fn read_chunk(&mut self, chunk: &mut Vec<u8>) -> Result<usize, CompressionError> {
        reserve(chunk, CHUNK);
        let context = self.context.as_mut().expect("held until the reader is dropped");
        loop {
            if self.input.is_empty() && self.frame_finished {
                return Ok(0);
            }
            let mut input = InBuffer::around(self.input);
            let mut output = OutBuffer::around(&mut chunk[..CHUNK]);
            let hint =
                context.decompress_stream(&mut output, &mut input).map_err(|_| corrupt("a broken frame"))?;
            let (consumed, filled) = (input.pos(), output.pos());
            self.input = &self.input[consumed..];
            self.frame_finished = hint == 0;
            if filled > 0 {
                return Ok(filled);
            }
            if consumed == 0 && !self.frame_finished {
                return Err(CompressionError::Truncated { codec: Codec::Zstd, part: "frame" });
            }
        }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(context) = self.context.take() {
            keep_zstd_in(context);
        }
    }
}

/// Appends `body` as one frame.
pub(super) fn compress(level: i32, body: &[u8], out: &mut Vec<u8>) {
    let mut context = take_zstd_out();
    context
        .reset(ResetDirective::SessionAndParameters)
        .and_then(|_| context.set_parameter(CParameter::CompressionLevel(level)))
        .expect("the level is in range");
    let start = out.len();
    out.resize(start + compress_bound(body.len()), 0);
    let size = context.compress2(&mut out[start..], body).expect("the output holds the largest frame");
    out.truncate(start + size);
    keep_zstd_out(context);
}

fn corrupt(reason: &'static str) -> CompressionError {
    CompressionError::Corrupt { codec: Codec::Zstd, reason }
}
