//! Appends that are in the log and not yet acknowledged: they wait for the high watermark
//! (acks=all) or for an fsync (`flush.messages=1`).

use std::collections::VecDeque;
use std::task::Waker;

use klamm_model::Offset;
use klamm_replication::Reached;
use klamm_storage::AppendInfo;

use super::types::{Append, AppendAnswer, AppendRefusal};
use crate::promise::Promise;

#[derive(Debug)]
struct Waiting {
    /// First offset after the append.
    end: Offset,
    info: AppendInfo,
    needs_commit: bool,
    needs_flush: bool,
    only_in_epoch: bool,
    promise: Promise<AppendAnswer>,
}

/// The waiting appends of one leadership, in the order of their offsets.
#[derive(Debug, Default)]
pub(super) struct Unacknowledged(VecDeque<Waiting>);

/// What one append waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Needs {
    pub(super) commit: bool,
    pub(super) flush: bool,
    /// Counts in the leader epoch it was written in only.
    pub(super) only_in_epoch: bool,
}

impl Needs {
    /// Those of `append`.
    pub(super) fn of(self, append: &Append) -> Needs {
        Needs { only_in_epoch: append.only_in_epoch.is_some(), ..self }
    }
}

impl Unacknowledged {
    pub(super) fn add(&mut self, needs: Needs, info: AppendInfo, promise: Promise<AppendAnswer>) {
        let end = info.last_offset.next();
        self.0.push_back(Waiting {
            end,
            info,
            needs_commit: needs.commit,
            needs_flush: needs.flush,
            only_in_epoch: needs.only_in_epoch,
            promise,
        });
    }

    /// The high watermark advanced; `reached` says what it means for the record before an offset.
    pub(super) fn on_committed(&mut self, reached: impl Fn(Offset) -> Reached, wake: &mut Vec<Waker>) {
        self.settle(wake, |waiting| {
            if !waiting.needs_commit {
                return None;
            }
            match reached(waiting.end) {
                Reached::NotYet => None,
                Reached::Enough => {
                    waiting.needs_commit = false;
                    None
                }
                Reached::TooFewReplicas => Some(Err(AppendRefusal::NotEnoughReplicasAfterAppend)),
            }
        });
    }

    /// Everything below `recovery_point` is durable.
    pub(super) fn on_flushed(&mut self, recovery_point: Offset, wake: &mut Vec<Waker>) {
        self.settle(wake, |waiting| {
            waiting.needs_flush &= waiting.end > recovery_point;
            None
        });
    }

    /// The leadership ended, or the disk failed: what was not acknowledged never will be.
    pub(super) fn refuse_all(&mut self, refusal: &AppendRefusal, wake: &mut Vec<Waker>) {
        self.settle(wake, |_| Some(Err(refusal.clone())));
    }

    /// A new epoch of the same leadership: those that count in the old one only never will be.
    pub(super) fn refuse_bound(&mut self, refusal: &AppendRefusal, wake: &mut Vec<Waker>) {
        self.settle(wake, |waiting| waiting.only_in_epoch.then(|| Err(refusal.clone())));
    }

    fn settle(&mut self, wake: &mut Vec<Waker>, mut look: impl FnMut(&mut Waiting) -> Option<AppendAnswer>) {
        let mut left = VecDeque::new();
        for mut waiting in self.0.drain(..) {
            let answer = look(&mut waiting);
            let done = !waiting.needs_commit && !waiting.needs_flush;
            match answer.or_else(|| done.then_some(Ok(waiting.info))) {
                Some(answer) => wake.extend(waiting.promise.give(answer)),
                None => left.push_back(waiting),
            }
        }
        self.0 = left;
    }
}
