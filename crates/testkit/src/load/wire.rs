//! One question and its answer on a blocking socket: for topics, producer ids and other preparations.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use bytes::Bytes;
use klamm_protocol::{EncodeError, Message as _, Reader, Request, Str, Writer, header};

use super::LoadError;

/// Wait for one answer; a broker just started may still open its logs.
const PATIENCE: Duration = Duration::from_secs(120);
/// Largest answer to a preparation.
const MAX_ANSWER: usize = 64 << 20;

/// As the requests of a load name their sender.
pub const CLIENT_ID: Str = Str::from_static("klamm-testkit");

/// A connection that asks one thing at a time.
#[derive(Debug)]
pub struct Conversation {
    stream: TcpStream,
    next_correlation_id: i32,
}

impl Conversation {
    /// Connects.
    pub fn open(broker: SocketAddr) -> Result<Conversation, LoadError> {
        let stream = TcpStream::connect_timeout(&broker, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Conversation { stream, next_correlation_id: 0 })
    }

    /// Asks `request` at `version` and waits for the answer.
    pub fn ask<R: Request>(&mut self, version: i16, request: &R) -> Result<R::Response, LoadError> {
        let id = self.next_correlation_id;
        self.next_correlation_id += 1;
        self.stream.write_all(&encode(version, id, request)?)?;
        let mut size = [0; 4];
        self.stream.read_exact(&mut size)?;
        let size = usize::try_from(i32::from_be_bytes(size)).ok().filter(|size| *size <= MAX_ANSWER);
        let size = size.ok_or_else(|| LoadError::Wrong("the size of an answer is absurd".into()))?;
        let mut answer = vec![0; size];
        self.stream.read_exact(&mut answer)?;
        let (answered, response) = decode::<R>(version, answer.into())?;
        if answered != id {
            return Err(LoadError::Wrong(format!("answer {answered} came for request {id}")));
        }
        Ok(response)
    }
}

/// A whole frame, size included.
pub fn encode<R: Request>(version: i16, correlation_id: i32, request: &R) -> Result<Vec<u8>, LoadError> {
    write(version, correlation_id, request).map_err(|error| LoadError::Encode { api: R::KEY.name(), error })
}

fn write<R: Request>(version: i16, correlation_id: i32, request: &R) -> Result<Vec<u8>, EncodeError> {
    let mut writer = Writer::default();
    writer.i32(0);
    header::write_request::<R>(&mut writer, version, correlation_id, Some(CLIENT_ID))?;
    request.encode(&mut writer, version)?;
    let mut frame = Vec::from(writer.finish().bytes);
    let length = frame.len() - 4;
    let size = i32::try_from(length).map_err(|_| EncodeError::TooLong { length })?;
    frame[..4].copy_from_slice(&size.to_be_bytes());
    Ok(frame)
}

/// Correlation id and answer of a frame without its size.
pub fn decode<R: Request>(version: i16, frame: Bytes) -> Result<(i32, R::Response), LoadError> {
    let mut reader = Reader::new(frame);
    let read = header::read_response(&mut reader, R::KEY, version)
        .and_then(|id| Ok((id, R::Response::decode(&mut reader, version)?)));
    read.map_err(|error| LoadError::Decode { api: R::KEY.name(), error })
}

/// An error code of an answer as a result.
pub fn accepted(api: &'static str, code: i16, detail: impl FnOnce() -> String) -> Result<(), LoadError> {
    if code == 0 { Ok(()) } else { Err(LoadError::Refused { api, code, detail: detail() }) }
}
