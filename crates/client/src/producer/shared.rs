//! What the producer's handles and its sender share.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use klamm_protocol::{ErrorCode, Str};
use parking_lot::Mutex;
use tokio::sync::{Notify, Semaphore, watch};
use tokio::time::Instant;

use super::accumulator::Accumulator;
use super::config::ProducerConfig;
use super::partitioner::Choice;

/// A topic that records were sent to.
#[derive(Debug)]
struct Used {
    last: Instant,
    error: Option<ErrorCode>,
}

/// What the sender has done since the start.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Records put into requests, those of repeated ones each time.
    pub(super) sent: AtomicU64,
    /// Records that are sent again.
    pub(super) retried: AtomicU64,
    /// Records given up.
    pub(super) failed: AtomicU64,
    /// Batches that were too large and became several.
    pub(super) split: AtomicU64,
}

impl Counts {
    pub(super) fn add(count: &AtomicU64, records: u32) {
        count.fetch_add(records.into(), Ordering::Relaxed);
    }
}

pub(super) struct Shared {
    pub(super) counts: Counts,
    pub(super) accumulator: Mutex<Accumulator>,
    /// One permit per byte of `buffer.memory`.
    pub(super) memory: Arc<Semaphore>,
    /// Tells the sender to look.
    pub(super) wake: Notify,
    pub(super) closing: AtomicBool,
    /// Counts metadata answers.
    pub(super) refreshed: watch::Sender<u64>,
    metadata_wanted: AtomicBool,
    starving: AtomicUsize,
    topics: Mutex<BTreeMap<Arc<str>, Used>>,
}

impl Shared {
    pub(super) fn new(config: &ProducerConfig, choice: Choice) -> Shared {
        Shared {
            counts: Counts::default(),
            accumulator: Mutex::new(Accumulator::new(config, choice)),
            memory: Arc::new(Semaphore::new(config.buffer_memory.min(Semaphore::MAX_PERMITS))),
            wake: Notify::new(),
            closing: AtomicBool::new(false),
            refreshed: watch::Sender::new(0),
            metadata_wanted: AtomicBool::new(false),
            starving: AtomicUsize::new(0),
            topics: Mutex::default(),
        }
    }

    /// Keeps the metadata of a topic fresh from now on.
    pub(super) fn use_topic(&self, name: &Arc<str>) {
        let mut topics = self.topics.lock();
        match topics.get_mut(name) {
            Some(used) => used.last = Instant::now(),
            None => {
                topics.insert(Arc::clone(name), Used { last: Instant::now(), error: None });
            }
        }
    }

    /// The error of the last answer about a topic.
    pub(super) fn topic_error(&self, name: &str) -> Option<ErrorCode> {
        self.topics.lock().get(name).and_then(|used| used.error)
    }

    /// The topics to ask for, without those that are unused.
    pub(super) fn topics(&self, max_idle: Duration) -> Vec<Str> {
        let mut topics = self.topics.lock();
        topics.retain(|_, used| used.last.elapsed() < max_idle);
        topics.keys().map(|name| Str::from(&**name)).collect()
    }

    /// Metadata came; `errors` says which topics have one.
    pub(super) fn on_refreshed(&self, errors: &BTreeMap<Str, ErrorCode>) {
        for (name, used) in self.topics.lock().iter_mut() {
            used.error = errors.get(&**name).copied();
        }
        self.refreshed.send_modify(|count| *count += 1);
    }

    /// Asks the sender, from outside of it, for new metadata.
    pub(super) fn ask_for_metadata(&self) {
        self.want_metadata();
        self.wake.notify_one();
    }

    /// As the sender itself wants it. It must not wake itself: it would look again at once, and again find what
    /// only an answer can change.
    pub(super) fn want_metadata(&self) {
        self.metadata_wanted.store(true, Ordering::Release);
    }

    pub(super) fn take_metadata_wanted(&self) -> bool {
        self.metadata_wanted.swap(false, Ordering::AcqRel)
    }

    pub(super) fn wants_metadata(&self) -> bool {
        self.metadata_wanted.load(Ordering::Acquire)
    }

    /// Counts a caller that waits for memory until the guard goes.
    pub(super) fn starve(&self) -> Starving<'_> {
        self.starving.fetch_add(1, Ordering::AcqRel);
        Starving(&self.starving)
    }

    pub(super) fn is_starving(&self) -> bool {
        self.starving.load(Ordering::Acquire) > 0
    }

    /// Counts a caller that flushes until the guard goes.
    pub(super) fn flush(&self) -> Flushing<'_> {
        self.accumulator.lock().flushing += 1;
        Flushing(self)
    }
}

pub(super) struct Starving<'a>(&'a AtomicUsize);

impl Drop for Starving<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

pub(super) struct Flushing<'a>(&'a Shared);

impl Drop for Flushing<'_> {
    fn drop(&mut self) {
        self.0.accumulator.lock().flushing -= 1;
    }
}
