//! Cuts a byte stream into request frames: 4 bytes of big-endian size, then that many bytes.
//! Memory follows what has arrived, never what a size claims.

use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::budget::{Budget, Permit};
use super::buffers::{Buffers, WINDOW};

/// Bytes of the size prefix.
const PREFIX: usize = 4;
/// Most bytes asked for in one read between frames. Beyond [`WINDOW`] they are accounted in the budget;
/// frames that fit need no claim of their own.
const MAX_WINDOW: usize = 512 * 1024;
/// Step by which the buffer of a large frame grows.
const GROWTH: usize = 1024 * 1024;

/// A request as it came, without its size prefix.
#[derive(Debug)]
pub struct Frame {
    /// Header and body. Those of a large frame are accounted until their last slice is gone: a queued
    /// append and a member that waits for its group hold slices.
    pub bytes: Bytes,
}

/// The bytes of a large frame, with their part of the budget.
struct Accounted {
    bytes: Bytes,
    _permit: Permit,
}

impl AsRef<[u8]> for Accounted {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Why the stream cannot be cut further; the connection is closed.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// A size below zero.
    #[error("request size {0} is negative")]
    NegativeSize(i32),
    /// A size above `socket.request.max.bytes`.
    #[error("request size {size} is larger than socket.request.max.bytes ({max})")]
    TooLarge {
        /// What the peer announced.
        size: usize,
        /// The limit.
        max: usize,
    },
    /// The peer closed in the middle of a request.
    #[error("connection closed inside a request: {have} of {size} bytes had arrived")]
    Truncated {
        /// Bytes that had arrived.
        have: usize,
        /// Bytes announced.
        size: usize,
    },
    /// The socket failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What one read brought.
#[derive(Debug, PartialEq, Eq)]
pub enum Filled {
    /// More bytes are buffered.
    Some,
    /// The peer has closed between requests.
    End,
}

type Claim = Pin<Box<dyn Future<Output = Permit>>>;

/// Reads frames of one connection.
pub struct FrameReader {
    buffer: BytesMut,
    buffers: Buffers,
    budget: Budget,
    max_frame: usize,
    /// A claim that waits, and how many bytes of the frame may be held once it is granted.
    claim: Option<(usize, Claim)>,
    permit: Option<Permit>,
    /// Bytes of the present frame that `permit` is for.
    claimed: usize,
    /// Bytes to ask for: follows what the peer has in flight.
    window: usize,
    /// The bytes the present buffer was made for where these are more than [`WINDOW`], with their permit.
    wide: Option<(usize, Permit)>,
    /// The buffer before the present one, which frames in flight may still share: the next one, once they are gone.
    retired: Option<BytesMut>,
}

impl FrameReader {
    /// A reader that lends from `buffers` and accounts large frames in `budget`.
    pub fn new(buffers: Buffers, budget: Budget, max_frame: usize) -> FrameReader {
        FrameReader {
            buffer: BytesMut::new(),
            buffers,
            budget,
            max_frame,
            claim: None,
            permit: None,
            claimed: 0,
            window: WINDOW,
            wide: None,
            retired: None,
        }
    }

    /// The next whole frame, if it has arrived.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        let Some(size) = self.announced_size()? else { return Ok(None) };
        if self.buffer.len() < PREFIX + size {
            return Ok(None);
        }
        self.buffer.advance(PREFIX);
        let bytes = self.buffer.split_to(size).freeze();
        (self.claim, self.claimed) = (None, 0);
        let bytes = match self.permit.take() {
            Some(permit) => Bytes::from_owner(Accounted { bytes, _permit: permit }),
            None => bytes,
        };
        Ok(Some(Frame { bytes }))
    }

    /// The next whole frame as it lies in the buffer; what is wrong with it, [`Self::next_frame`] says.
    pub fn peek_frame(&self) -> Option<&[u8]> {
        let size = self.announced_size().ok().flatten()?;
        self.buffer.get(PREFIX..PREFIX + size)
    }

    /// Bytes that have arrived of a frame that has begun and is not whole.
    pub fn begun(&self) -> Option<usize> {
        if self.buffer.is_empty() { None } else { Some(self.buffer.len()) }
    }

    /// Whether the memory for frames is used up in the whole process.
    pub fn is_short_of_memory(&self) -> bool {
        self.budget.is_used_up()
    }

    /// Whether the frame waits for memory, and not for its peer.
    pub fn is_claiming(&self) -> bool {
        self.claim.is_some()
    }

    /// Reads once; only while no whole frame is buffered. Holds no buffer while there is nothing to hold.
    pub fn poll_fill<S: AsyncRead + Unpin>(
        &mut self,
        stream: &mut S,
        context: &mut Context<'_>,
    ) -> Poll<Result<Filled, FrameError>> {
        let wanted = match self.announced_size()? {
            Some(size) => {
                ready!(self.poll_claim(size, context));
                self.wanted(size)
            }
            None => self.granted(),
        };
        if self.buffer.capacity() == 0 {
            self.fit_window();
            self.buffer = self.buffers.take(self.granted());
        }
        self.make_room(wanted);
        let spare = self.buffer.capacity() - self.buffer.len();
        let read = self.poll_read(stream, context);
        if let Poll::Ready(Ok(count)) = read {
            self.adapt_window(count, spare);
        }
        match read {
            Poll::Ready(Ok(0)) if self.buffer.is_empty() => Poll::Ready(Ok(Filled::End)),
            Poll::Ready(Ok(0)) => {
                let have = self.buffer.len().saturating_sub(PREFIX);
                let size = self.announced_size()?.unwrap_or(PREFIX);
                Poll::Ready(Err(FrameError::Truncated { have, size }))
            }
            Poll::Ready(Ok(_)) => Poll::Ready(Ok(Filled::Some)),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error.into())),
            Poll::Pending => {
                self.release_spare();
                Poll::Pending
            }
        }
    }

    /// `Ok(None)` while the prefix itself has not arrived.
    fn announced_size(&self) -> Result<Option<usize>, FrameError> {
        let Some(prefix) = self.buffer.first_chunk::<PREFIX>() else { return Ok(None) };
        let announced = i32::from_be_bytes(*prefix);
        let size = usize::try_from(announced).map_err(|_| FrameError::NegativeSize(announced))?;
        if size > self.max_frame {
            return Err(FrameError::TooLarge { size, max: self.max_frame });
        }
        Ok(Some(size))
    }

    /// Claims what may arrive next: nothing for a size that is only announced, then twice what is here,
    /// so that who sends little holds little of the budget.
    fn poll_claim(&mut self, size: usize, context: &mut Context<'_>) -> Poll<()> {
        let arrived = self.buffer.len() - PREFIX;
        if arrived < self.allowed(size) {
            return Poll::Ready(());
        }
        // A claim of all there is must not wait for what this connection holds itself.
        self.wide = None;
        let upto = size.min(2 * arrived.max(WINDOW));
        let (budget, more) = (&self.budget, upto - self.claimed.min(upto));
        let (upto, claim) = self.claim.get_or_insert_with(|| (upto, Box::pin(budget.clone().acquire(more))));
        let granted = ready!(claim.as_mut().poll(context));
        self.claimed = *upto;
        self.claim = None;
        match &mut self.permit {
            Some(permit) => permit.join(granted),
            None => self.permit = Some(granted),
        }
        Poll::Ready(())
    }

    /// Bytes of a frame of `size` bytes that may be held without another claim.
    fn allowed(&self, size: usize) -> usize {
        match &self.permit {
            Some(permit) if permit.is_beyond() => size,
            Some(_) => self.claimed.max(self.granted()),
            None => self.granted(),
        }
    }

    /// Bytes to ask for of a frame of `size` bytes. Of one that fits the window also what follows it.
    fn wanted(&self, size: usize) -> usize {
        let least = if size <= self.granted() { self.granted() / 4 } else { 1 };
        let allowed = size.min(self.allowed(size));
        (PREFIX + allowed).saturating_sub(self.buffer.len()).clamp(least, GROWTH)
    }

    fn give_back(&mut self, buffer: BytesMut) {
        self.buffers.give_back(buffer, self.granted());
        self.wide = None;
    }

    /// Room for `wanted` bytes behind what is here. Where frames in flight share the buffer, the begun one moves to
    /// another as wide, so that the next reads bring as much as the last ones.
    fn make_room(&mut self, wanted: usize) {
        let here = self.buffer.len();
        if self.buffer.capacity() - here >= wanted || self.buffer.try_reclaim(wanted) {
            return;
        }
        if here + wanted <= self.window {
            self.fit_window();
        }
        let granted = self.granted();
        if here > 0 && here + wanted <= granted {
            let free =
                self.retired.take().and_then(|mut retired| retired.try_reclaim(granted).then_some(retired));
            let mut next = free.unwrap_or_else(|| self.buffers.take(granted));
            next.extend_from_slice(&self.buffer);
            let mut retired = std::mem::replace(&mut self.buffer, next);
            retired.clear();
            self.retired = Some(retired);
        }
        self.buffer.reserve(wanted);
    }

    /// What the buffer may hold without a claim.
    fn granted(&self) -> usize {
        self.wide.as_ref().map_or(WINDOW, |(bytes, _)| *bytes)
    }

    /// Asks for a permit where the window has become another; without one a buffer is as small as any.
    fn fit_window(&mut self) {
        if self.window != self.granted() {
            self.wide = None;
            if self.window > WINDOW {
                let permit = self.budget.try_acquire(self.window);
                self.wide = permit.map(|permit| (self.window, permit));
            }
        }
    }

    /// A read that filled the buffer could have brought more; one that brought little needs less. Holds
    /// from the next buffer on.
    fn adapt_window(&mut self, count: usize, spare: usize) {
        let window = if count == spare {
            self.window * 2
        } else if count < self.window / 16 {
            self.window / 2
        } else {
            self.window
        };
        self.window = window.clamp(WINDOW, MAX_WINDOW);
    }

    /// `read_buf` keeps nothing between polls, so polling a fresh one each time loses no byte.
    fn poll_read<S: AsyncRead + Unpin>(
        &mut self,
        stream: &mut S,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        pin!(stream.read_buf(&mut self.buffer)).poll(context)
    }

    /// Before waiting: an empty buffer goes back, a barely used one shrinks to what it holds.
    fn release_spare(&mut self) {
        if let Some(retired) = self.retired.take() {
            self.buffers.give_back(retired, self.granted());
        }
        if self.buffer.is_empty() {
            let buffer = std::mem::take(&mut self.buffer);
            self.give_back(buffer);
        } else if self.permit.is_none() && self.buffer.len() * 4 < self.buffer.capacity() {
            let small = BytesMut::from(&self.buffer[..]);
            let mut wide = std::mem::replace(&mut self.buffer, small);
            wide.clear();
            self.give_back(wide);
        }
    }
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
