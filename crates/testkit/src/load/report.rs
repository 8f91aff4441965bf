//! What a load found. Printed as JSON by the tool; `cargo xtask bench` computes medians and ratios.

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::process::BrokerUse;

/// Longest latency told apart, in microseconds.
const LONGEST_US: u64 = 600_000_000;

/// Microseconds with three digits.
pub(super) fn latency_histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, LONGEST_US, 3).expect("constant bounds within the type's limits")
}

/// The measured part of a load.
#[derive(Clone, Debug, Serialize)]
pub struct LoadReport {
    /// Answered requests.
    pub requests: u64,
    /// Records in them.
    pub records: u64,
    /// Bytes of their batches.
    pub bytes: u64,
    /// Measured time.
    pub seconds: f64,
    /// From when a request was due (open loop) or sent to its answer; produce only.
    pub latency: Option<Latency>,
    /// What the broker used meanwhile, if it was watched.
    pub broker: Option<BrokerUse>,
    /// Processor time of the load itself, in seconds, which on a small machine is the broker's loss; consume only.
    pub own_cpu_seconds: Option<f64>,
}

/// Latencies in microseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Latency {
    /// Median.
    pub p50: u64,
    /// 99 %.
    pub p99: u64,
    /// 99.9 %.
    pub p999: u64,
    /// The longest.
    pub max: u64,
}

impl From<&Histogram<u64>> for Latency {
    fn from(histogram: &Histogram<u64>) -> Latency {
        Latency {
            p50: histogram.value_at_quantile(0.5),
            p99: histogram.value_at_quantile(0.99),
            p999: histogram.value_at_quantile(0.999),
            max: histogram.max(),
        }
    }
}
