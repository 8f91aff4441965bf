//! How long something that failed rests: at first shortly, since most failures are races with news of a new leader that
//! is on its way, then twice as long each time, up to `replica.fetch.backoff.ms`.

use std::time::Duration;

/// The first rest.
const FIRST: Duration = Duration::from_millis(10);

/// Failures in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Failures(u32);

impl Failures {
    /// Counts one more; how long to rest after it.
    pub(super) fn next_rest(&mut self, most: Duration) -> Duration {
        let rest = FIRST.saturating_mul(1 << self.0.min(16));
        self.0 = self.0.saturating_add(1);
        rest.min(most)
    }

    /// Whether it is the first of a row: worth telling.
    pub(super) fn is_first(self) -> bool {
        self.0 <= 1
    }

    /// It went well.
    pub(super) fn end(&mut self) {
        self.0 = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_double_up_to_the_bound_and_begin_anew_after_a_success() {
        let (mut failures, most) = (Failures::default(), Duration::from_millis(50));
        let rests: Vec<_> = (0..5).map(|_| failures.next_rest(most).as_millis()).collect();
        assert_eq!(rests, [10, 20, 40, 50, 50]);
        failures.end();
        assert_eq!(failures.next_rest(most), FIRST);
    }
}
