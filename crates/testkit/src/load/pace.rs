//! When requests are due: at once after an answer, or by the clock whatever the broker does.

use std::time::{Duration, Instant};

/// The pace of a load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// A new request for each answer: the throughput is the broker's.
    Closed,
    /// This many requests a second, evenly. Latency counts from when a request was due, so that a
    /// stall is seen by all requests it delays (no coordinated omission).
    Open(f64),
}

/// The due times of an open loop.
#[derive(Debug)]
pub(super) struct Schedule {
    begin: Instant,
    interval: Duration,
    taken: u32,
}

impl Schedule {
    pub(super) fn new(begin: Instant, per_second: f64) -> Schedule {
        Schedule { begin, interval: Duration::from_secs_f64(1.0 / per_second.max(0.001)), taken: 0 }
    }

    /// When the next request is due.
    pub(super) fn next_due(&self) -> Instant {
        self.begin + self.interval * self.taken
    }

    /// The due time of the next request, if it has come.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<Instant> {
        let due = self.next_due();
        (due <= now).then(|| {
            self.taken += 1;
            due
        })
    }
}

/// How a load is measured and when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Time at the start that is not measured.
    pub warm_up: Duration,
    /// Measured time.
    pub measured: Duration,
    /// Batch bytes after which measuring ends before its time; the disk is not filled.
    pub most_bytes: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missed_due_times_are_all_taken_later() {
        let begin = Instant::now();
        let mut schedule = Schedule::new(begin, 1000.0);
        let late = begin + Duration::from_millis(3);
        let due: Vec<_> = std::iter::from_fn(|| schedule.take_due(late)).collect();
        let expected: Vec<_> = (0..=3).map(|n| begin + Duration::from_millis(n)).collect();
        assert_eq!(due, expected);
    }
}
