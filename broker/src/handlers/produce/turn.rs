//! Produce requests of several connections of a shard that arrive in one turn of its loop: appended together at the
//! turn's end, so that many producers of small batches cost one write and one look at the partition, not one each.
//!
//! 1. Requests of a connection are begun in their order, and so are their appends: what comes after a request that
//!    waits for the turn's end waits behind it.
//! 2. A connection that is alone does not wait: its requests run at once. Others are expected where one was just
//!    heard of.
//! 3. What waits belongs to the turn, not to its connection: a peer that hangs up takes no append with it.
//! 4. An answer that nobody wants (acks=0) ends the turn, since its failure closes the connection before the next.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use klamm_protocol::Reader;
use smallvec::SmallVec;
use tokio::sync::oneshot;

use super::writes::Writes;
use super::{Begun, begin, overlap, serve_together};
use crate::handlers::call::Call;
use crate::handlers::session::{Peer, close};
use crate::net::reply::{Outcome, Reply, Started};

/// How long after a produce request of another connection more are expected.
const RECENT: Duration = Duration::from_micros(200);
/// Bytes of requests that end a turn: what a core's cache still holds when they are written.
const MOST_BYTES: usize = 256 * 1024;
/// Requests that end a turn.
const MOST_REQUESTS: usize = 64;

/// The present turn of a shard.
#[derive(Clone, Default)]
pub struct Turn(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    begun: Vec<Begun>,
    /// One for each of `begun`.
    answers: Vec<oneshot::Sender<Reply>>,
    writes: Writes,
    bytes: usize,
    /// When a produce request came last, and whose it was.
    last: Option<(Instant, *const Peer)>,
}

impl Turn {
    /// Starts requests of one connection that arrived together. What comes after a request that closes the connection
    /// is not started and has no place in the result.
    pub fn serve(&self, requests: SmallVec<[(Call, Reader); 4]>) -> SmallVec<[Started; 4]> {
        let Some(peer) = requests.first().map(|(call, _)| Rc::as_ptr(&call.peer)) else {
            return SmallVec::new();
        };
        if !self.expects_others(peer) {
            return serve_together(requests);
        }
        let mut started = SmallVec::new();
        for (call, body) in requests {
            match self.join(call, body) {
                Ok((reply, Next::MayStart)) => started.push(reply),
                Ok((reply, Next::IsLeftOut)) => {
                    started.push(reply);
                    break;
                }
                Err(reason) => {
                    started.push(close(reason));
                    break;
                }
            }
        }
        started
    }

    /// Whether requests of other connections wait, or came just now.
    fn expects_others(&self, peer: *const Peer) -> bool {
        let mut state = self.0.borrow_mut();
        let now = Instant::now();
        let last = state.last.replace((now, peer));
        let is_near = last.is_some_and(|(then, whose)| whose != peer && now - then < RECENT);
        is_near || !state.begun.is_empty()
    }

    fn join(&self, call: Call, body: Reader) -> Result<(Started, Next), String> {
        let bytes = body.remaining();
        let mut state = self.0.borrow_mut();
        let state_now = &mut *state;
        let begun = begin(call, body, (state_now.begun.len(), &mut state_now.writes))?;
        let (overlap, wants_answer) = (overlap(&begun.waiting), begun.wants_answer);
        let (sender, answer) = oneshot::channel();
        let is_first = state.begun.is_empty();
        state.begun.push(begun);
        state.answers.push(sender);
        state.bytes += bytes;
        let is_full = state.bytes >= MOST_BYTES || state.begun.len() >= MOST_REQUESTS;
        drop(state);
        let next = if !wants_answer || is_full {
            match self.end() && !wants_answer {
                true => Next::IsLeftOut,
                false => Next::MayStart,
            }
        } else {
            if is_first {
                // Behind all connections that are ready now.
                let turn = self.clone();
                tokio::task::spawn_local(async move { turn.end() });
            }
            Next::MayStart
        };
        let reply = Reply::Later(Box::pin(async move {
            match answer.await {
                Ok(Reply::Now(outcome)) => outcome,
                Ok(Reply::Later(later)) => later.await,
                Err(_stopping) => Outcome::Close("the node stops".to_owned()),
            }
        }));
        Ok((Started { reply, overlap }, next))
    }

    /// Appends what waits and answers. Whether the newest request has failed.
    fn end(&self) -> bool {
        let (mut begun, answers, mut writes) = {
            let mut state = self.0.borrow_mut();
            state.bytes = 0;
            let State { begun, answers, writes, .. } = &mut *state;
            (std::mem::take(begun), std::mem::take(answers), std::mem::take(writes))
        };
        let has_failed = writes.carry_out(&mut begun);
        for (begun, answer) in begun.into_iter().zip(answers) {
            // A connection that has ended wants none.
            let _ = answer.send(begun.answer().reply);
        }
        has_failed
    }
}

/// Whether the connection's next request is started.
enum Next {
    MayStart,
    IsLeftOut,
}
