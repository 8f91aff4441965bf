//! Fetches that wait for data: one waiter for all partitions of a request, woken when enough bytes
//! became visible in any of them, or when a partition changed in a way the fetch must report.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::task::{Poll, Waker};

use crate::sync::Mutex;

/// One waiting fetch.
///
/// Lost wake-ups: register with every partition first, then look at the data once more, then poll.
#[derive(Debug)]
pub struct FetchWaiter {
    /// Bytes still missing; at or below zero the fetch is due.
    missing: AtomicI64,
    due: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl FetchWaiter {
    /// Waits for `missing` more bytes.
    pub fn new(missing: i64) -> Arc<FetchWaiter> {
        Arc::new(FetchWaiter {
            missing: AtomicI64::new(missing),
            due: AtomicBool::new(false),
            waker: Mutex::new(None),
        })
    }

    /// Whether the fetch should read again.
    pub fn is_due(&self) -> bool {
        self.due.load(Ordering::Acquire)
    }

    /// Ready once due.
    pub fn poll_due(&self, context: &mut std::task::Context<'_>) -> Poll<()> {
        if self.is_due() {
            return Poll::Ready(());
        }
        *self.waker.lock() = Some(context.waker().clone());
        if self.is_due() { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Marks the fetch as no longer interested: its registrations are dropped at the next event.
    pub fn end(&self) {
        self.due.store(true, Ordering::Release);
        self.waker.lock().take();
    }

    fn became_visible(&self, bytes: i64) -> bool {
        let before = self.missing.fetch_sub(bytes, Ordering::AcqRel);
        before <= bytes
    }

    fn make_due(&self) -> Option<Waker> {
        if self.due.swap(true, Ordering::AcqRel) {
            return None;
        }
        self.waker.lock().take()
    }
}

/// The fetches waiting on one partition.
#[derive(Debug, Default)]
pub struct Waiters {
    /// Mirrors `!list.is_empty()`, so that an append without waiters takes no lock.
    any: AtomicBool,
    list: Mutex<Vec<Arc<FetchWaiter>>>,
}

impl Waiters {
    /// Adds a waiter; ended ones are dropped on the way, so the list stays within the number of
    /// fetches in progress.
    pub fn register(&self, waiter: &Arc<FetchWaiter>) {
        let mut list = self.list.lock();
        list.retain(|known| !known.is_due());
        list.push(waiter.clone());
        self.any.store(true, Ordering::SeqCst);
    }

    /// `bytes` more can be read: collects the wakers of fetches that are now due.
    pub fn became_visible(&self, bytes: u64, wake: &mut Vec<Waker>) {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.sweep(wake, |waiter| waiter.became_visible(bytes));
    }

    /// The partition changed (leader, deletion, offline): every waiting fetch must look again.
    pub fn changed(&self, wake: &mut Vec<Waker>) {
        self.sweep(wake, |_| true);
    }

    fn sweep(&self, wake: &mut Vec<Waker>, is_due: impl Fn(&FetchWaiter) -> bool) {
        if !self.any.load(Ordering::SeqCst) {
            return;
        }
        let mut list = self.list.lock();
        list.retain(|waiter| {
            if waiter.is_due() {
                return false;
            }
            if !is_due(waiter) {
                return true;
            }
            wake.extend(waiter.make_due());
            false
        });
        self.any.store(!list.is_empty(), Ordering::SeqCst);
    }
}

#[cfg(all(test, not(feature = "shuttle")))]
mod tests {
    use super::*;

    #[test]
    fn a_fetch_is_due_once_its_bytes_are_visible_over_all_partitions() {
        let (first, second) = (Waiters::default(), Waiters::default());
        let fetch = FetchWaiter::new(100);
        first.register(&fetch);
        second.register(&fetch);
        first.became_visible(60, &mut Vec::new());
        assert!(!fetch.is_due());
        second.became_visible(40, &mut Vec::new());
        assert!(fetch.is_due());
    }

    #[test]
    fn a_changed_partition_makes_every_fetch_look_again() {
        let waiters = Waiters::default();
        let fetch = FetchWaiter::new(i64::MAX);
        waiters.register(&fetch);
        waiters.changed(&mut Vec::new());
        assert!(fetch.is_due());
    }

    #[test]
    fn ended_fetches_leave_the_list() {
        let waiters = Waiters::default();
        let ended = FetchWaiter::new(1);
        waiters.register(&ended);
        ended.end();
        waiters.register(&FetchWaiter::new(1));
        assert_eq!(waiters.list.lock().len(), 1);
    }
}
