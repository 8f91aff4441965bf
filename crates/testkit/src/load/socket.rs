//! A non-blocking connection that carries whole frames.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use super::LoadError;

const CONNECT: Duration = Duration::from_secs(30);
/// Bytes asked for in one read.
const WINDOW: usize = 256 * 1024;
/// A produce answer is far smaller.
const MAX_ANSWER: usize = 16 << 20;
/// Bytes that wait for the socket, beyond which a caller adds none: what it has to send stays with the caller, however
/// far the broker falls behind.
const MAX_WAITING: usize = 1 << 20;

/// Frames out, frames in.
#[derive(Debug)]
pub(super) struct Socket {
    stream: TcpStream,
    out: Vec<u8>,
    sent: usize,
    input: Vec<u8>,
    filled: usize,
}

impl Socket {
    pub(super) fn connect(broker: SocketAddr) -> Result<Socket, LoadError> {
        let stream = TcpStream::connect_timeout(&broker, CONNECT)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Socket { stream, out: Vec::new(), sent: 0, input: vec![0; WINDOW], filled: 0 })
    }

    /// Where frames are appended.
    pub(super) fn output(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    pub(super) fn has_output(&self) -> bool {
        self.sent < self.out.len()
    }

    /// Whether another frame is welcome.
    pub(super) fn takes_more(&self) -> bool {
        self.out.len() - self.sent < MAX_WAITING
    }

    /// Writes what the socket takes now.
    pub(super) fn write(&mut self) -> Result<(), LoadError> {
        while self.has_output() {
            match self.stream.write(&self.out[self.sent..]) {
                Ok(count) => self.sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.forget_sent();
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.out.clear();
        self.sent = 0;
        Ok(())
    }

    /// Keeps the output as short as what waits, about: a socket that is never wholly drained would else gather all that
    /// it ever sent. Moves a byte once at most, since as many went before it.
    fn forget_sent(&mut self) {
        if self.sent > self.out.len() / 2 {
            self.out.drain(..self.sent);
            self.sent = 0;
        }
    }

    /// Reads once what has come, and gives each whole frame without its size to `take`.
    pub(super) fn read(
        &mut self,
        mut take: impl FnMut(&[u8]) -> Result<(), LoadError>,
    ) -> Result<(), LoadError> {
        match self.stream.read(&mut self.input[self.filled..]) {
            Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            Ok(count) => self.filled += count,
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
        let mut taken = 0;
        loop {
            let rest = &self.input[taken..self.filled];
            let Some(size) = rest.first_chunk() else { break };
            let size = usize::try_from(i32::from_be_bytes(*size)).ok().filter(|size| *size <= MAX_ANSWER);
            let size = size.ok_or_else(|| LoadError::Wrong("the size of an answer is absurd".into()))?;
            let Some(frame) = rest.get(4..4 + size) else {
                if 4 + size > self.input.len() {
                    self.input.resize(4 + size, 0);
                }
                break;
            };
            take(frame)?;
            taken += 4 + size;
        }
        self.input.copy_within(taken..self.filled, 0);
        self.filled -= taken;
        Ok(())
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}
