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
                let due = self.began + Duration::from_secs_f64(sent as f64 / rate);
                if due > Instant::now() + LEAST_WAIT {
                    sleep_until(due).await;
                }
            }
        }
    }
}
