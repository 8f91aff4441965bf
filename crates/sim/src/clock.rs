//! The world's time, and each node's view of it: the monotonic clock is the world's, the wall clock
//! is wrong by a skew that may jump.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use klamm_model::{Instant, Timestamp};
use klamm_node::clock::Clock;

/// Wall-clock milliseconds at the world's beginning.
const BEGINNING: i64 = 1_750_000_000_000;

/// Time of the world; only the world moves it.
#[derive(Clone, Debug)]
pub(crate) struct WorldClock(Arc<AtomicU64>);

impl WorldClock {
    pub(crate) fn new(start: Instant) -> WorldClock {
        WorldClock(Arc::new(AtomicU64::new(start.as_nanos())))
    }

    pub(crate) fn set(&self, now: Instant) {
        self.0.store(now.as_nanos(), Ordering::Relaxed);
    }

    pub(crate) fn of_node(&self) -> Arc<NodeClock> {
        Arc::new(NodeClock { world: self.0.clone(), skew_ms: AtomicI64::new(0) })
    }
}

/// The clocks of one node.
#[derive(Debug)]
pub(crate) struct NodeClock {
    world: Arc<AtomicU64>,
    skew_ms: AtomicI64,
}

impl NodeClock {
    /// Lets the wall clock jump.
    pub(crate) fn skew(&self, millis: i64) {
        self.skew_ms.store(millis, Ordering::Relaxed);
    }
}

impl Clock for NodeClock {
    fn instant(&self) -> Instant {
        Instant::from_nanos(self.world.load(Ordering::Relaxed))
    }

    fn wall(&self) -> Timestamp {
        let elapsed = i64::try_from(self.instant().as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(BEGINNING + elapsed + self.skew_ms.load(Ordering::Relaxed))
    }
}
