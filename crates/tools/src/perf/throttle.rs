//! Holds a loop to a rate (Kafka: `ThroughputThrottler`).

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Waits are saved up until they are worth a timer.
const LEAST_WAIT: Duration = Duration::from_millis(2);

/// A rate in records per second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Throttle {
    rate: Option<f64>,
    began: Instant,
}

impl Throttle {
    /// From now on at most `rate` per second; a negative rate is none at all. With 0 nothing is sent.
    pub(crate) fn new(rate: f64) -> Throttle {
        Throttle { rate: (rate >= 0.0).then_some(rate), began: Instant::now() }
    }

    /// Waits until `sent` records are due.
    pub(crate) async fn wait(&self, sent: u64) {
        match self.rate {
            None => {}
            Some(0.0) => std::future::pending().await,
            Some(rate) => {
                match due(self.began, sent, rate) {
                    Some(due) if due > Instant::now() + LEAST_WAIT => sleep_until(due).await,
                    Some(_) => {}
                    // Later than any clock tells.
                    None => std::future::pending().await,
                }
            }
        }
    }
}

/// When `sent` records are due at `rate` per second; `None` where no clock reaches that far.
fn due(began: Instant, sent: u64, rate: f64) -> Option<Instant> {
    let after = Duration::try_from_secs_f64(sent as f64 / rate).ok()?;
    began.checked_add(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_too_small_for_any_clock_is_never_due() {
        let began = Instant::now();
        assert_eq!(due(began, 1, 1e-300), None);
        assert_eq!(due(began, u64::MAX, f64::MIN_POSITIVE), None);
        assert_eq!(due(began, 10, 5.0), Some(began + Duration::from_secs(2)));
    }

    #[tokio::test(start_paused = true)]
    async fn records_are_let_through_at_the_rate() {
        let throttle = Throttle::new(10.0);
        let began = Instant::now();
        for sent in 1..=20 {
            throttle.wait(sent).await;
        }
        assert!(began.elapsed() >= Duration::from_secs(2), "{:?}", began.elapsed());
        let endless = tokio::time::timeout(Duration::from_secs(3_600), Throttle::new(1e-300).wait(1)).await;
        assert!(endless.is_err());
    }
}
