//! Clients of the cluster. They know what they were promised, and tell the checkers what they see.

mod admin;
mod consumer;
mod leaders;
mod member;
mod producer;

use std::fmt::Debug;
use std::time::Duration;

use klamm_model::Instant;

use crate::checkers::Checkers;
use crate::random::Random;
use crate::rpc::{Answer, Call, CallId};

pub(crate) use admin::{Admin, CONFIG, NewTopic};
pub(crate) use consumer::Consumer;
pub(crate) use member::Member;
pub(crate) use producer::Producer;

/// What a client sees of the world while it acts.
pub(crate) struct Context<'a> {
    pub(crate) now: Instant,
    pub(crate) random: &'a mut Random,
    /// Brokers that exist, running or not.
    pub(crate) brokers: &'a [i32],
    /// Controllers, likewise.
    pub(crate) controllers: &'a [i32],
    pub(crate) checkers: &'a mut Checkers,
    pub(crate) next_id: &'a mut u64,
    pub(crate) calls: Vec<(i32, CallId, Call, Duration)>,
    pub(crate) timer: Option<Instant>,
}

impl Context<'_> {
    /// Sends a call to a node; its answer, or that it was lost, comes within `patience`.
    pub(crate) fn call(&mut self, to: i32, call: Call, patience: Duration) -> CallId {
        *self.next_id += 1;
        self.calls.push((to, *self.next_id, call, patience));
        *self.next_id
    }

    /// Sets the client's one timer.
    pub(crate) fn wake_in(&mut self, least_ms: u64, most_ms: u64) {
        let wait = self.random.between(least_ms, most_ms);
        self.timer = Some(self.now.after(Duration::from_millis(wait)));
    }

    pub(crate) fn any_broker(&mut self) -> i32 {
        self.random.pick(self.brokers).expect("a world with clients has brokers")
    }
}

/// A client.
pub(crate) trait Client: Debug {
    /// Its timer went off; it sets the next one.
    fn on_timer(&mut self, context: &mut Context<'_>);
    /// The answer to one of its calls, by a node or by nobody.
    fn on_answer(&mut self, id: CallId, answer: Answer, by: Option<i32>, context: &mut Context<'_>);
    /// The faults are over: no new work, and what was begun is brought to its end.
    fn finish(&mut self);
    /// Whether all it was to do is done.
    fn is_done(&self) -> bool;
}
