//! How many connections came lately: Kafka's `Rate` over a `WindowedSum`, as `ConnectionQuotas` uses it. A rate is
//! judged over all samples but never over less than all but one of them, so a burst after quiet is let through.

use std::collections::VecDeque;
use std::time::Duration;

/// Over what a rate is measured (`quota.window.num`, `quota.window.size.seconds`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many samples are kept, the running one among them.
    pub samples: u32,
    /// Length of each.
    pub length: Duration,
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    begun: Duration,
    events: u32,
}

/// Events of the last samples. Times are distances from any fixed start.
#[derive(Clone, Debug)]
pub struct Rate {
    window: Window,
    samples: VecDeque<Sample>,
}

impl Rate {
    /// Without events.
    pub fn new(window: Window) -> Rate {
        let window =
            Window { samples: window.samples.max(1), length: window.length.max(Duration::from_secs(1)) };
        Rate { window, samples: VecDeque::new() }
    }

    /// Counts an event at `now`. How long its cause has to wait so that `per_second` is kept: at most one sample.
    pub fn record(&mut self, now: Duration, per_second: u32) -> Duration {
        let expired = self.window.length * self.window.samples;
        while self.samples.front().is_some_and(|sample| now.saturating_sub(sample.begun) >= expired) {
            self.samples.pop_front();
        }
        match self.samples.back_mut() {
            Some(sample) if now.saturating_sub(sample.begun) < self.window.length => sample.events += 1,
            Some(_) | None => self.samples.push_back(Sample { begun: now, events: 1 }),
        }
        let elapsed = self.elapsed(now).as_secs_f64();
        let events: u32 = self.samples.iter().map(|sample| sample.events).sum();
        let (observed, bound) = (f64::from(events) / elapsed, f64::from(per_second));
        if observed <= bound {
            return Duration::ZERO;
        }
        if per_second == 0 {
            return self.window.length;
        }
        Duration::from_secs_f64(((observed - bound) / bound * elapsed).min(self.window.length.as_secs_f64()))
    }

    /// The time the samples stand for.
    fn elapsed(&self, now: Duration) -> Duration {
        let oldest = self.samples.front().map_or(now, |sample| sample.begun);
        let elapsed = now.saturating_sub(oldest);
        let least = self.window.samples - 1;
        let full = u32::try_from(elapsed.as_millis() / self.window.length.as_millis()).unwrap_or(u32::MAX);
        (elapsed + self.window.length * least.saturating_sub(full)).max(Duration::from_millis(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window { samples: 11, length: Duration::from_secs(1) };

    fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_burst_of_ten_seconds_worth_is_let_through_and_what_follows_waits() {
        let mut rate = Rate::new(WINDOW);
        for _ in 0..50 {
            assert_eq!(rate.record(at(0), 5), Duration::ZERO);
        }
        // 51 events in 10 s are 5.1 per second: 0.1 / 5 of 10 s.
        assert_eq!(rate.record(at(0), 5).as_millis(), 200);
    }

    #[test]
    fn nobody_waits_longer_than_a_sample() {
        let mut rate = Rate::new(WINDOW);
        let waits = (0..1000).map(|_| rate.record(at(0), 5));
        assert_eq!(waits.last(), Some(Duration::from_secs(1)));
    }

    #[test]
    fn events_older_than_all_samples_are_forgotten() {
        let mut rate = Rate::new(WINDOW);
        let waits: Vec<Duration> = (0..1000).map(|_| rate.record(at(0), 5)).collect();
        assert!(waits[999] > Duration::ZERO);
        assert_eq!(rate.record(at(11_000), 5), Duration::ZERO);
    }
}
