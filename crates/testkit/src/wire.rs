//! Frames as a stranger sends them: blocking, any bytes, nothing checked on the way out.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use bytes::Bytes;
use klamm_protocol::{Message as _, Reader, Request, Str, Writer, header};

/// Connecting and writing give up after this.
const PATIENCE: Duration = Duration::from_secs(90);
/// No answer of a test is larger.
const LARGEST_ANSWER: usize = 256 << 20;

/// What came back on a connection.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// A response, without its size.
    Frame(Vec<u8>),
    /// The other end closed or reset.
    Closed,
    /// Nothing within the time allowed.
    Silence,
}

/// A connection that sends whatever it is given.
#[derive(Debug)]
pub struct RawConnection {
    stream: TcpStream,
}

impl RawConnection {
    /// Connects.
    pub fn open(address: SocketAddr) -> io::Result<RawConnection> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(RawConnection { stream })
    }

    /// The socket.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// Sends a frame: its size, then `content`.
    pub fn send_frame(&mut self, content: &[u8]) -> io::Result<()> {
        self.send(&framed(content))
    }

    /// Waits for the next response, the end, or `patience` to run out.
    pub fn hear(&mut self, patience: Duration) -> Heard {
        let mut size = [0; 4];
        if let Err(end) = self.read(&mut size, patience) {
            return end;
        }
        let size = usize::try_from(i32::from_be_bytes(size)).unwrap_or(usize::MAX);
        if size > LARGEST_ANSWER {
            return Heard::Closed;
        }
        let mut content = vec![0; size];
        match self.read(&mut content, patience) {
            Ok(()) => Heard::Frame(content),
            Err(end) => end,
        }
    }

    fn read(&self, buffer: &mut [u8], patience: Duration) -> Result<(), Heard> {
        if self.stream.set_read_timeout(Some(patience)).is_err() {
            return Err(Heard::Closed);
        }
        (&self.stream).read_exact(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Heard::Silence,
            _ => Heard::Closed,
        })
    }

    /// Asks and reads the answer.
    pub fn ask<R: Request>(&mut self, request: &R, version: i16) -> Result<R::Response> {
        self.send_frame(&request_content(request, version, 1)?)?;
        match self.hear(PATIENCE) {
            Heard::Frame(content) => read_answer::<R>(content, version),
            Heard::Closed => bail!("{} version {version}: the connection was closed", R::NAME),
            Heard::Silence => bail!("{} version {version}: no answer within {PATIENCE:?}", R::NAME),
        }
    }
}

/// `content` behind its size.
pub fn framed(content: &[u8]) -> Vec<u8> {
    let size = i32::try_from(content.len()).unwrap_or(i32::MAX);
    [&size.to_be_bytes()[..], content].concat()
}

/// Header and body of a request.
pub fn request_content<R: Request>(request: &R, version: i16, correlation_id: i32) -> Result<Bytes> {
    let mut writer = Writer::new();
    header::write_request::<R>(&mut writer, version, correlation_id, Some(Str::from("klamm-testkit")))?;
    request.encode(&mut writer, version)?;
    Ok(writer.into_bytes())
}

/// Header and body of a response to an `R`.
pub fn read_answer<R: Request>(content: Vec<u8>, version: i16) -> Result<R::Response> {
    let mut reader = Reader::new(Bytes::from(content));
    header::read_response(&mut reader, R::KEY, version).context("header of the response")?;
    let response =
        R::Response::decode(&mut reader, version).with_context(|| format!("answer to {}", R::NAME))?;
    ensure!(reader.remaining() == 0, "bytes after the answer to {}", R::NAME);
    Ok(response)
}
