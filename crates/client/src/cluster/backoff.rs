//! How long to wait before the next try: doubling, capped, and scattered so that clients do not march in
//! step.

use std::time::Duration;

use rand::RngExt as _;
use tokio::time::{Instant, sleep};

use crate::config::ClientConfig;
use crate::error::ClientError;

/// Each wait is up to this much longer or shorter.
const JITTER: f64 = 0.2;

/// Waits that double from `first` to `most`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    pub(crate) first: Duration,
    pub(crate) most: Duration,
}

impl Backoff {
    pub(crate) fn of_retries(config: &ClientConfig) -> Backoff {
        Backoff {
            first: Duration::from_millis(config.retry_backoff_ms),
            most: Duration::from_millis(config.retry_backoff_max_ms),
        }
    }

    /// The wait after `failures` failures in a row; none after none.
    pub(crate) fn after(&self, failures: u32) -> Duration {
        let Some(doublings) = failures.checked_sub(1) else { return Duration::ZERO };
        let most = self.most.max(self.first);
        let wait = self.first.saturating_mul(1 << doublings.min(20)).min(most);
        wait.mul_f64(rand::rng().random_range(1.0 - JITTER..1.0 + JITTER))
    }
}

/// The tries of one call.
#[derive(Debug)]
pub struct Retries {
    backoff: Backoff,
    deadline: Instant,
    failures: u32,
}

impl Retries {
    pub(crate) fn new(config: &ClientConfig, deadline: Instant) -> Retries {
        Retries { backoff: Backoff::of_retries(config), deadline, failures: 0 }
    }

    /// When the call must end.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Waits before the next try. Gives `error` back where it will not pass by itself, or where no time is
    /// left for another try.
    pub async fn after(&mut self, error: ClientError) -> Result<(), ClientError> {
        self.failures += 1;
        let wait = self.backoff.after(self.failures);
        if !error.is_retriable() || Instant::now() + wait >= self.deadline {
            return Err(error);
        }
        tracing::debug!(%error, failures = self.failures, "trying again");
        sleep(wait).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_within_the_jitter() {
        let backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(1) };
        assert_eq!(backoff.after(0), Duration::ZERO);
        for (failures, expected) in [(1, 100.0), (2, 200.0), (4, 800.0), (5, 1000.0), (60, 1000.0)] {
            let wait = backoff.after(failures).as_secs_f64() * 1000.0;
            assert!((wait / expected - 1.0).abs() <= JITTER + 1e-6, "{failures}: {wait}");
        }
    }
}
