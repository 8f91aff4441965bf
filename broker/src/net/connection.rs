//! One connection: reads frames, starts requests, sends replies in the order of requests.
//!
//! Kafka answers a connection's requests one at a time; produce requests may overlap here, because
//! their appends happen in order within `start` and only the answers wait.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use smallvec::{SmallVec, smallvec};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::backlog::Backlog;
use super::frame::{Filled, Frame, FrameError, FrameReader};
use super::frame_clock::{FrameClock, Memory};
use super::limits::Limits;
use super::output::Output;
use super::reply::{Later, Outcome, Overlap, Reply, Started};

/// Rounds of reading and answering before other connections of the shard get their turn.
const ROUNDS: usize = 16;

/// Starts requests of one connection; what a connection knows of its peer lives in it.
pub trait Session {
    /// Starts the request in `frame`.
    fn start(&mut self, frame: Frame) -> Started;

    /// Whether requests like the one in `frame` gain from being started together.
    fn may_join(&self, frame: &[u8]) -> bool;

    /// Starts requests that came together, each of which [`Session::may_join`], in their order. After
    /// one that closes the connection the others are left out.
    fn start_together(&mut self, frames: SmallVec<[Frame; 4]>) -> SmallVec<[Started; 4]>;
}

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    /// The peer closed between requests.
    #[error("closed by the peer")]
    ByPeer,
    /// The bytes were not frames, or the socket failed.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A handler asked for it.
    #[error("{0}")]
    ByHandler(String),
    /// A deadline of [`Limits`] passed.
    #[error("{0}")]
    Deadline(&'static str),
}

enum Slot {
    Done(Outcome),
    Waiting(Later),
}

/// State of one connection.
pub struct Connection<S> {
    stream: TcpStream,
    reader: FrameReader,
    session: S,
    limits: Rc<Limits>,
    in_flight: VecDeque<Slot>,
    /// Whether the newest started request lets alike ones follow.
    overlap: Overlap,
    output: Output,
    backlog: Backlog,
    deadline: Pin<Box<Sleep>>,
    /// Last time a whole request arrived.
    last_request: Option<Instant>,
    accepted: Instant,
    frame: FrameClock,
    /// When the socket last took bytes of a waiting reply, with what was then queued.
    stalled: Option<(Instant, usize)>,
}

impl<S: Session> Connection<S> {
    /// A connection just accepted.
    pub fn new(
        stream: TcpStream,
        (reader, backlog): (FrameReader, Backlog),
        session: S,
        limits: Rc<Limits>,
    ) -> Connection<S> {
        let accepted = Instant::now();
        let deadline = Box::pin(tokio::time::sleep_until(accepted + limits.first_request));
        Connection {
            stream,
            reader,
            session,
            limits,
            in_flight: VecDeque::new(),
            overlap: Overlap::Alone,
            output: Output::new(backlog.clone()),
            backlog,
            deadline,
            last_request: None,
            accepted,
            frame: FrameClock::default(),
            stalled: None,
        }
    }

    /// Runs until the connection ends.
    pub async fn run(mut self) -> Closed {
        match poll_fn(|context| self.poll_rounds(context)).await {
            Ok(never) => match never {},
            Err(closed) => closed,
        }
    }

    fn poll_rounds(&mut self, context: &mut Context<'_>) -> Poll<Result<std::convert::Infallible, Closed>> {
        for _ in 0..ROUNDS {
            match self.poll_round(context) {
                Ok(Progress::Made) => {}
                Ok(Progress::None) => {
                    if let Err(closed) = self.watch_deadlines(context) {
                        return Poll::Ready(Err(closed));
                    }
                    return Poll::Pending;
                }
                Err(closed) => {
                    // Answers to earlier requests go out if the socket takes them now.
                    let _ = self.flush(context);
                    return Poll::Ready(Err(closed));
                }
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn poll_round(&mut self, context: &mut Context<'_>) -> Result<Progress, Closed> {
        self.start_requests()?;
        let mut progress = self.collect_replies(context)?;
        if self.output.queued() > 0 && self.flush(context)? {
            progress = Progress::Made;
        }
        // Replies that leave make room for requests that have arrived: those start before more is read.
        if progress == Progress::None && self.wants_input() {
            match self.reader.poll_fill(&mut self.stream, context) {
                Poll::Ready(Ok(Filled::Some)) => progress = Progress::Made,
                Poll::Ready(Ok(Filled::End)) => return Err(Closed::ByPeer),
                Poll::Ready(Err(error)) => return Err(error.into()),
                Poll::Pending => {}
            }
        }
        Ok(progress)
    }

    fn may_start(&self) -> bool {
        let room =
            self.in_flight.len() < self.limits.max_in_flight && self.output.queued() < self.limits.max_output;
        room && (self.in_flight.is_empty() || self.overlap == Overlap::WithAlike)
    }

    /// Input is read only when a request could start or a begun frame waits for its rest: a peer
    /// that does not read its replies is not read from.
    fn wants_input(&self) -> bool {
        self.may_start()
    }

    fn start_requests(&mut self) -> Result<(), Closed> {
        while self.may_start() {
            let Some(frame) = self.reader.next_frame()? else { break };
            self.last_request = Some(Instant::now());
            self.frame.reset();
            if !self.session.may_join(&frame.bytes) {
                let started = self.session.start(frame);
                self.overlap = started.overlap;
                self.take_started(started.reply)?;
                continue;
            }
            let together = self.take_joining(frame)?;
            let started = self.session.start_together(together);
            let alone = started.iter().any(|started| started.overlap == Overlap::Alone);
            self.overlap = if alone { Overlap::Alone } else { Overlap::WithAlike };
            for Started { reply, .. } in started {
                self.take_started(reply)?;
            }
        }
        Ok(())
    }

    /// `first` and the whole frames behind it that may join it.
    fn take_joining(&mut self, first: Frame) -> Result<SmallVec<[Frame; 4]>, Closed> {
        let mut together = smallvec![first];
        let room = self.limits.max_in_flight - self.in_flight.len();
        while together.len() < room
            && let Some(next) = self.reader.peek_frame()
            && self.session.may_join(next)
        {
            together.extend(self.reader.next_frame()?);
        }
        Ok(together)
    }

    fn take_started(&mut self, reply: Reply) -> Result<(), Closed> {
        self.in_flight.push_back(match reply {
            Reply::Now(outcome) => Slot::Done(outcome),
            Reply::Later(later) => Slot::Waiting(later),
        });
        self.settle_front()
    }

    /// Moves finished replies at the front to the output.
    fn settle_front(&mut self) -> Result<(), Closed> {
        while let Some(Slot::Done(_)) = self.in_flight.front() {
            let Some(Slot::Done(outcome)) = self.in_flight.pop_front() else { break };
            match outcome {
                Outcome::Respond(response) => self.output.push(response),
                Outcome::Silence => {}
                Outcome::Close(reason) => return Err(Closed::ByHandler(reason)),
            }
        }
        Ok(())
    }

    fn collect_replies(&mut self, context: &mut Context<'_>) -> Result<Progress, Closed> {
        let mut progress = Progress::None;
        while let Some(Slot::Waiting(later)) = self.in_flight.front_mut() {
            let Poll::Ready(outcome) = later.as_mut().poll(context) else { break };
            self.in_flight[0] = Slot::Done(outcome);
            self.settle_front()?;
            progress = Progress::Made;
        }
        Ok(progress)
    }

    /// Whether the socket took anything.
    fn flush(&mut self, context: &mut Context<'_>) -> Result<bool, Closed> {
        let before = self.output.queued();
        match self.output.poll_flush(&mut self.stream, context) {
            Poll::Ready(Ok(())) => self.stalled = None,
            Poll::Ready(Err(error)) => return Err(FrameError::Io(error).into()),
            Poll::Pending => {
                let queued = self.output.queued();
                if self.stalled.is_none_or(|(_, then)| queued < then) {
                    self.stalled = Some((Instant::now(), queued));
                }
            }
        }
        Ok(self.output.queued() < before)
    }

    /// Re-arms the one timer only when it fires or must fire earlier.
    fn watch_deadlines(&mut self, context: &mut Context<'_>) -> Result<(), Closed> {
        match self.reader.begun() {
            Some(arrived) if self.wants_input() => {
                let now = Instant::now();
                if self.reader.is_claiming() {
                    self.frame.waits_for_memory(now, arrived);
                } else {
                    self.frame.receives(now, arrived);
                }
                if let Some(due) = self.frame_due() {
                    self.arm_no_later_than(due);
                }
            }
            // While the connection itself does not read (a request runs), the peer is not slow.
            Some(_) | None => self.frame.reset(),
        }
        if let Some((since, _)) = self.stalled {
            self.arm_no_later_than(since + self.backlog.patience(self.limits.write_stall));
        }
        while self.deadline.as_mut().poll(context).is_ready() {
            let next = self.next_deadline(Instant::now())?;
            self.deadline.as_mut().reset(next);
        }
        Ok(())
    }

    fn frame_due(&self) -> Option<Instant> {
        let memory = if self.reader.is_short_of_memory() { Memory::UsedUp } else { Memory::Left };
        self.frame.due(&self.limits, memory)
    }

    fn arm_no_later_than(&mut self, when: Instant) {
        if when < self.deadline.deadline() {
            self.deadline.as_mut().reset(when);
        }
    }

    fn next_deadline(&self, now: Instant) -> Result<Instant, Closed> {
        let mut earliest = now + self.limits.frame_grace;
        if let Some((since, _)) = self.stalled {
            let due = since + self.backlog.patience(self.limits.write_stall);
            if due <= now {
                return Err(Closed::Deadline("the peer does not read its replies"));
            }
            earliest = earliest.min(due);
        }
        if self.frame.is_paused() {
            return Ok(earliest);
        }
        if let Some(due) = self.frame_due() {
            if due <= now {
                return Err(Closed::Deadline("the rest of a begun request did not arrive in time"));
            }
            return Ok(earliest.min(due));
        }
        if !self.in_flight.is_empty() || self.output.queued() > 0 {
            return Ok(earliest);
        }
        let (since, allowed, reason) = match self.last_request {
            Some(last) => (last, self.limits.max_idle, "idle for connections.max.idle.ms"),
            None => (self.accepted, self.limits.first_request, "no request after connecting"),
        };
        let due = since + allowed;
        if due <= now { Err(Closed::Deadline(reason)) } else { Ok(due) }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Made,
    None,
}

/// The other end of a connection, for logs and for handlers that report the client's host.
#[derive(Clone, Copy, Debug)]
pub struct Peers {
    /// The client's address.
    pub remote: SocketAddr,
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
