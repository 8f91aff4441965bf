//! A value that one thread gives and another awaits, without a runtime: the answer of a queued
//! command, the end of a background job.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::sync::Mutex;

#[derive(Debug)]
enum State<T> {
    Empty(Option<Waker>),
    Given(T),
    /// The giver was dropped, or the value was taken.
    Gone,
}

/// The giving side. Dropping it without a value makes the awaiting side see [`Broken`].
#[derive(Debug)]
pub struct Promise<T>(Option<Arc<Mutex<State<T>>>>);

/// The awaiting side; a future, and pollable by hand in a simulation.
#[derive(Debug)]
pub struct Awaited<T>(Arc<Mutex<State<T>>>);

/// The giver went away without giving: its owner is stopping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operation was abandoned because its owner stopped")]
pub struct Broken;

/// A linked pair.
pub fn promise<T>() -> (Promise<T>, Awaited<T>) {
    let shared = Arc::new(Mutex::new(State::Empty(None)));
    (Promise(Some(shared.clone())), Awaited(shared))
}

impl<T> Promise<T> {
    /// Gives the value. The waker is returned, not called: call it once no lock is held.
    #[must_use = "the awaiting side sleeps until this waker is called"]
    pub fn give(mut self, value: T) -> Option<Waker> {
        let shared = self.0.take().expect("a promise is given once, by value");
        settle(&shared, State::Given(value))
    }

    /// Whether nobody awaits the value any more.
    pub fn is_abandoned(&self) -> bool {
        self.0.as_ref().is_none_or(|shared| Arc::strong_count(shared) == 1)
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        if let Some(shared) = self.0.take()
            && let Some(waker) = settle(&shared, State::Gone)
        {
            waker.wake();
        }
    }
}

fn settle<T>(shared: &Mutex<State<T>>, end: State<T>) -> Option<Waker> {
    match std::mem::replace(&mut *shared.lock(), end) {
        State::Empty(waker) => waker,
        State::Given(_) | State::Gone => None,
    }
}

impl<T> Awaited<T> {
    /// The value, if it has been given.
    pub fn try_take(&mut self) -> Option<Result<T, Broken>> {
        let mut state = self.0.lock();
        match &*state {
            State::Empty(_) => None,
            State::Given(_) | State::Gone => match std::mem::replace(&mut *state, State::Gone) {
                State::Given(value) => Some(Ok(value)),
                State::Empty(_) | State::Gone => Some(Err(Broken)),
            },
        }
    }
}

impl<T> Future for Awaited<T> {
    type Output = Result<T, Broken>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(end) = self.try_take() {
            return Poll::Ready(end);
        }
        let mut state = self.0.lock();
        if let State::Empty(waker) = &mut *state {
            match waker {
                Some(waker) => waker.clone_from(context.waker()),
                None => *waker = Some(context.waker().clone()),
            }
            return Poll::Pending;
        }
        drop(state);
        match self.try_take() {
            Some(end) => Poll::Ready(end),
            None => Poll::Pending,
        }
    }
}

#[cfg(all(test, not(feature = "shuttle")))]
mod tests {
    use super::*;

    #[test]
    fn a_given_value_is_taken_once() {
        let (promise, mut awaited) = promise();
        assert_eq!(awaited.try_take(), None);
        assert!(promise.give(7).is_none());
        assert_eq!(awaited.try_take(), Some(Ok(7)));
        assert_eq!(awaited.try_take(), Some(Err(Broken)));
    }

    #[test]
    fn a_promise_tells_that_nobody_awaits_it() {
        let (promise, awaited) = promise::<u8>();
        assert!(!promise.is_abandoned());
        drop(awaited);
        assert!(promise.is_abandoned());
    }

    #[test]
    fn a_dropped_promise_is_seen_as_broken() {
        let (promise, mut awaited) = promise::<u8>();
        drop(promise);
        assert_eq!(awaited.try_take(), Some(Err(Broken)));
    }
}
