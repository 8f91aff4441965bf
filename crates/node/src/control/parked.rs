//! Answers of the active controller that wait until what they saw and wrote is committed.

use std::collections::VecDeque;
use std::task::Waker;

use klamm_metadata::ApiError;
use klamm_metadata::controller::Reply;
use klamm_model::Offset;
use klamm_protocol::ErrorCode;

use crate::promise::Promise;

/// What a command is answered with.
pub type ControlAnswer = Result<Reply, ApiError>;

#[derive(Debug)]
struct Parked {
    /// Everything below must be committed.
    until: Offset,
    answer: ControlAnswer,
    promise: Promise<ControlAnswer>,
}

/// In the order of their offsets.
#[derive(Debug, Default)]
pub(super) struct ParkedAnswers(VecDeque<Parked>);

impl ParkedAnswers {
    pub(super) fn park(&mut self, until: Offset, answer: ControlAnswer, promise: Promise<ControlAnswer>) {
        self.0.push_back(Parked { until, answer, promise });
    }

    /// Everything below `committed` is committed.
    pub(super) fn release(&mut self, committed: Offset, wake: &mut Vec<Waker>) {
        while let Some(parked) = self.0.pop_front_if(|parked| parked.until <= committed) {
            wake.extend(parked.promise.give(parked.answer));
        }
    }

    /// The leadership ended: nobody knows whether these will be committed.
    pub(super) fn refuse_all(&mut self, wake: &mut Vec<Waker>) {
        for parked in self.0.drain(..) {
            wake.extend(parked.promise.give(Err(ApiError::plain(ErrorCode::NotController))));
        }
    }
}
