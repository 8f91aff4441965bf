//! Frames: a request as bytes, and the answers cut out of a stream.

use std::io;

use bytes::{Bytes, BytesMut};
use klamm_protocol::{EncodeError, Reader, Request, Str, Writer, header};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::error::ClientError;

/// Bytes of the length in front of a frame.
const LENGTH: usize = 4;
/// Room made at once while a frame comes in: memory follows what arrived, not what was announced.
const READ_STEP: usize = 256 * 1024;
/// Room for the answers to small requests.
const READ_START: usize = 16 * 1024;
/// Longest answer that is taken. A fetch is bounded by its own sizes, but the first batch is never cut.
pub(super) const MAX_FRAME: usize = i32::MAX as usize;

/// Writes a request with its length and header.
pub(super) fn encode<R: Request>(
    request: &R,
    version: i16,
    correlation_id: i32,
    client_id: Option<Str>,
) -> Result<Bytes, ClientError> {
    let written = write(request, version, correlation_id, client_id);
    written.map_err(|cause| ClientError::Encode { api: R::KEY, cause })
}

fn write<R: Request>(
    request: &R,
    version: i16,
    correlation_id: i32,
    client_id: Option<Str>,
) -> Result<Bytes, EncodeError> {
    let mut writer = Writer::with_capacity(256);
    writer.i32(0);
    header::write_request::<R>(&mut writer, version, correlation_id, client_id)?;
    request.encode(&mut writer, version)?;
    let mut bytes = writer.finish().bytes;
    let length = bytes.len() - LENGTH;
    let size = i32::try_from(length).map_err(|_| EncodeError::TooLong { length })?;
    bytes[..LENGTH].copy_from_slice(&size.to_be_bytes());
    Ok(bytes.freeze())
}

/// Reads the answer to `R` at `version`, header included.
pub(super) fn decode<R: Request>(frame: Bytes, version: i16) -> Result<R::Response, ClientError> {
    use klamm_protocol::Message as _;
    let mut reader = Reader::new(frame);
    let read = header::read_response(&mut reader, R::KEY, version)
        .and_then(|_| R::Response::decode(&mut reader, version));
    read.map_err(|cause| ClientError::Decode { api: R::KEY, cause })
}

/// The correlation id at the front of an answer.
pub(super) fn correlation_id(frame: &Bytes) -> Option<i32> {
    frame.first_chunk::<4>().map(|id| i32::from_be_bytes(*id))
}

/// Cuts a stream into frames.
pub(super) struct FrameReader<R> {
    stream: R,
    buffer: BytesMut,
}

impl<R: AsyncRead + Unpin> FrameReader<R> {
    pub(super) fn new(stream: R) -> FrameReader<R> {
        FrameReader { stream, buffer: BytesMut::with_capacity(READ_START) }
    }

    /// The next frame without its length. An end of the stream is an error.
    pub(super) async fn next(&mut self) -> io::Result<Bytes> {
        self.fill(LENGTH).await?;
        let announced = i32::from_be_bytes([self.buffer[0], self.buffer[1], self.buffer[2], self.buffer[3]]);
        let size = usize::try_from(announced).ok().filter(|size| (4..=MAX_FRAME - LENGTH).contains(size));
        let Some(size) = size else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("an answer of {announced} bytes was announced"),
            ));
        };
        self.fill(LENGTH + size).await?;
        let frame = self.buffer.split_to(LENGTH + size).freeze();
        Ok(frame.slice(LENGTH..))
    }

    /// Reads until the buffer has `want` bytes. Dropping it loses nothing.
    async fn fill(&mut self, want: usize) -> io::Result<()> {
        while self.buffer.len() < want {
            let missing = want - self.buffer.len();
            self.buffer.reserve(missing.clamp(READ_START, READ_STEP));
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the broker closed it"));
            }
        }
        Ok(())
    }
}
