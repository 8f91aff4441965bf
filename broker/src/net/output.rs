//! Sends replies in order: bytes gathered into few writes, large file regions by `sendfile`.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use tokio::io::{AsyncWrite as _, Interest};
use tokio::net::TcpStream;

use super::backlog::Backlog;
use super::region::FileRegion;
use super::reply::Response;

/// Bytes of one `sendfile` call: a reply of many MiB does not hold the shard.
const SLICE: usize = 256 * 1024;
/// Pieces of one gathered write.
const GATHER: usize = 32;

enum Piece {
    Bytes(Bytes),
    File(FileRegion),
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Piece::Bytes(bytes) => bytes.len(),
            Piece::File(region) => region.len(),
        }
    }
}

/// The bytes of a connection that wait for its socket.
pub struct Output {
    pieces: VecDeque<Piece>,
    queued: usize,
    /// Of `queued`, what is in memory; counted in `backlog`, too.
    held: usize,
    backlog: Backlog,
}

impl Drop for Output {
    fn drop(&mut self) {
        self.backlog.remove(self.held);
    }
}

impl Output {
    /// Nothing yet.
    pub fn new(backlog: Backlog) -> Output {
        Output { pieces: VecDeque::new(), queued: 0, held: 0, backlog }
    }

    /// Bytes not yet taken by the socket.
    pub fn queued(&self) -> usize {
        self.queued
    }

    /// Appends a reply.
    pub fn push(&mut self, response: Response) {
        let Response { mut bytes, regions } = response;
        let mut taken = 0;
        for splice in regions {
            let head = bytes.split_to(splice.position - taken);
            taken = splice.position;
            self.push_piece(Piece::Bytes(head));
            self.push_piece(Piece::File(splice.region));
        }
        self.push_piece(Piece::Bytes(bytes));
    }

    fn push_piece(&mut self, piece: Piece) {
        if piece.len() > 0 {
            self.queued += piece.len();
            if let Piece::Bytes(bytes) = &piece {
                self.held += bytes.len();
                self.backlog.add(bytes.len());
            }
            self.pieces.push_back(piece);
        }
    }

    /// Writes until all is sent or the socket is full. `Ready(Ok(n))`: `n` bytes went out and
    /// nothing is left; `Pending` may also have made progress, seen by [`Output::queued`].
    pub fn poll_flush(&mut self, stream: &mut TcpStream, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(front) = self.pieces.front_mut() {
            let sent = match front {
                Piece::Bytes(_) => ready!(self.poll_gathered(stream, context))?,
                Piece::File(region) => ready!(poll_sendfile(region, stream, context))?,
            };
            self.consume(sent);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_gathered(
        &mut self,
        stream: &mut TcpStream,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let mut slices = [IoSlice::new(&[]); GATHER];
        let mut count = 0;
        for piece in self.pieces.iter().take(GATHER) {
            let Piece::Bytes(bytes) = piece else { break };
            slices[count] = IoSlice::new(bytes);
            count += 1;
        }
        match &slices[..count] {
            // The kernel has a shorter way for one.
            [one] => Pin::new(stream).poll_write(context, one),
            many => Pin::new(stream).poll_write_vectored(context, many),
        }
    }

    fn consume(&mut self, mut sent: usize) {
        self.queued -= sent;
        while sent > 0 {
            let front = self.pieces.front_mut().expect("sent bytes belong to queued pieces");
            let len = front.len();
            if let Piece::Bytes(_) = front {
                self.held -= len.min(sent);
                self.backlog.remove(len.min(sent));
            }
            if sent >= len {
                self.pieces.pop_front();
                sent -= len;
                continue;
            }
            match front {
                Piece::Bytes(bytes) => bytes.advance(sent),
                Piece::File(region) => region.advance(sent),
            }
            sent = 0;
        }
        while self.pieces.front().is_some_and(|piece| piece.len() == 0) {
            self.pieces.pop_front();
        }
    }
}

fn poll_sendfile(
    region: &FileRegion,
    stream: &TcpStream,
    context: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    loop {
        ready!(stream.poll_write_ready(context))?;
        let sent = stream.try_io(Interest::WRITABLE, || region.send_to(stream, SLICE));
        match sent {
            // The file is shorter than promised: what was announced cannot be sent any more.
            Ok(0) => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
            Ok(sent) => return Poll::Ready(Ok(sent)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Poll::Ready(Err(error)),
        }
    }
}
