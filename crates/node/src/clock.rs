//! The two clocks as drivers see them, replaced whole in simulation.

use klamm_model::{Instant, Timestamp};

/// Time. Reading it has no effect.
pub trait Clock: Send + Sync + std::fmt::Debug + 'static {
    /// Monotonic time.
    fn instant(&self) -> Instant;
    /// Wall-clock time.
    fn wall(&self) -> Timestamp;
}

/// The machine's clocks.
#[derive(Debug)]
pub struct SystemClock {
    start: std::time::Instant,
}

impl SystemClock {
    /// Monotonic time counts from now.
    pub fn start() -> SystemClock {
        SystemClock { start: std::time::Instant::now() }
    }
}

impl Clock for SystemClock {
    fn instant(&self) -> Instant {
        let elapsed = self.start.elapsed().as_nanos();
        Instant::from_nanos(u64::try_from(elapsed).unwrap_or(u64::MAX))
    }

    fn wall(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let millis = since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
        Timestamp::from_millis(millis)
    }
}
