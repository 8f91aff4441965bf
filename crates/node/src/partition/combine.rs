//! One writer at a time by combining: whoever finds the state free runs its command at once, and
//! on the way out the commands others queued meanwhile. Nobody waits for a lock; a thread hop
//! costs two wake-ups, this costs one uncontended lock.
//!
//! 1. A command runs at once only if none is queued before it.
//! 2. A command that finds the state held is queued; after queueing, the submitter tries the lock
//!    again, and a holder looks at the queue again after letting go: one of the two sees it.
//! 3. A holder carries out at most [`ROUNDS`] times the queue before it lets go for good and says
//!    so ([`Left::More`]); its caller then schedules [`Combining::drain`] once more, so that no
//!    thread is held by the load of others.

use std::collections::VecDeque;

use crate::sync::{Mutex, MutexGuard};

/// How often a holder empties the queue before it lets others take over.
const ROUNDS: usize = 4;

/// State changed by commands, one at a time.
pub trait Combine {
    /// A change.
    type Command;
    /// What is left to do outside the critical section: wake-ups, background jobs.
    type Effects: Default;

    /// Carries out queued commands in order.
    fn run_queued(&mut self, commands: VecDeque<Self::Command>, effects: &mut Self::Effects);
}

/// Whether commands are left in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "with More, drain has to be called again soon"]
pub enum Left {
    /// Nothing to do.
    Nothing,
    /// Call [`Combining::drain`] again, after others had their turn.
    More,
}

/// The queue is at its bound; the command comes back.
#[derive(Debug)]
pub struct Full<C>(pub C);

/// A state with its queue of commands.
#[derive(Debug)]
pub struct Combining<S: Combine> {
    state: Mutex<S>,
    queue: Mutex<VecDeque<S::Command>>,
    bound: usize,
}

impl<S: Combine> Combining<S> {
    /// At most `bound` commands wait.
    pub fn new(state: S, bound: usize) -> Combining<S> {
        Combining { state: Mutex::new(state), queue: Mutex::new(VecDeque::new()), bound }
    }

    /// Runs `now` on the state if it is free and nothing is queued before.
    pub fn try_now<R>(&self, now: impl FnOnce(&mut S) -> R) -> Option<R> {
        let mut state = self.state.try_lock()?;
        if !self.queue.lock().is_empty() {
            return None;
        }
        Some(now(&mut state))
    }

    /// Waits for the state: for rare changes that must not be refused (leadership, stop).
    pub fn wait_for<R>(&self, change: impl FnOnce(&mut S, &mut S::Effects) -> R) -> (R, S::Effects) {
        let mut effects = S::Effects::default();
        let mut state = self.state.lock();
        self.run_queue(&mut state, &mut effects);
        let result = change(&mut state, &mut effects);
        (result, effects)
    }

    /// Queues `command`.
    pub fn queue(&self, command: S::Command) -> Result<(), Full<S::Command>> {
        let mut queue = self.queue.lock();
        if queue.len() >= self.bound {
            return Err(Full(command));
        }
        queue.push_back(command);
        Ok(())
    }

    /// Carries out what is queued, unless someone else is at it. Call it after [`Self::queue`] and
    /// after every use of the state.
    pub fn drain(&self, effects: &mut S::Effects) -> Left {
        for _ in 0..ROUNDS {
            let Some(mut state) = self.state.try_lock() else { return Left::Nothing };
            self.run_queue(&mut state, effects);
            drop(state);
            if self.queue.lock().is_empty() {
                return Left::Nothing;
            }
        }
        Left::More
    }

    fn run_queue(&self, state: &mut MutexGuard<'_, S>, effects: &mut S::Effects) {
        let commands = std::mem::take(&mut *self.queue.lock());
        if !commands.is_empty() {
            state.run_queued(commands, effects);
        }
    }
}

#[cfg(test)]
#[path = "combine_tests.rs"]
mod tests;
