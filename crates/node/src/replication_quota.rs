//! Throttles of replication (KIP-73; Kafka: ReplicationQuotaManager): bytes a second that a broker sends as leader, takes
//! as follower, or moves between its directories, for the replicas that topics name as throttled.
//!
//! What went over the rate is only counted: replicas that are in sync are never held up, but what they carry counts too,
//! so that the sum stays near the rate.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use klamm_model::Instant;
use parking_lot::Mutex;

/// No bound.
const UNLIMITED: u64 = u64::MAX;

/// Which partitions of a topic are throttled on this broker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ThrottledPartitions {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// These.
    These(BTreeSet<i32>),
}

impl ThrottledPartitions {
    /// Whether `partition` is.
    pub fn contains(&self, partition: i32) -> bool {
        match self {
            ThrottledPartitions::None => false,
            ThrottledPartitions::All => true,
            ThrottledPartitions::These(partitions) => partitions.contains(&partition),
        }
    }
}

/// The bytes of the last windows.
#[derive(Debug)]
struct Windows {
    /// Start and bytes of each, the newest last; at most `most`.
    kept: VecDeque<(Instant, u64)>,
    most: usize,
    length: Duration,
}

impl Windows {
    fn purge(&mut self, now: Instant) {
        let span = self.length.saturating_mul(u32::try_from(self.most).unwrap_or(u32::MAX));
        while self.kept.front().is_some_and(|(start, _)| now.since(*start) >= span) {
            self.kept.pop_front();
        }
    }

    fn record(&mut self, now: Instant, bytes: u64) {
        self.purge(now);
        match self.kept.back_mut() {
            Some((start, sum)) if now.since(*start) < self.length => *sum = sum.saturating_add(bytes),
            Some(_) | None => {
                if self.kept.len() == self.most {
                    self.kept.pop_front();
                }
                self.kept.push_back((now, bytes));
            }
        }
    }

    /// Bytes a second since the oldest window began, which counts as one whole window at least (Kafka: SimpleRate).
    fn rate(&mut self, now: Instant) -> f64 {
        self.purge(now);
        let Some((oldest, _)) = self.kept.front() else { return 0.0 };
        let elapsed = now.since(*oldest).max(self.length);
        let bytes: u64 = self.kept.iter().map(|(_, bytes)| *bytes).sum();
        bytes as f64 / elapsed.as_secs_f64()
    }
}

/// One throttle of this broker; shared by all who count.
#[derive(Debug)]
pub struct ReplicationQuota {
    bytes_per_second: AtomicU64,
    windows: Mutex<Windows>,
}

impl ReplicationQuota {
    /// Without a bound, over `samples` windows of `length` (`replication.quota.window.*`).
    pub fn new(samples: u32, length: Duration) -> ReplicationQuota {
        let most = usize::try_from(samples).unwrap_or(usize::MAX).max(1);
        let windows = Windows { kept: VecDeque::new(), most, length };
        ReplicationQuota { bytes_per_second: AtomicU64::new(UNLIMITED), windows: Mutex::new(windows) }
    }

    /// Another bound; `None` for none.
    pub fn set_bound(&self, bytes_per_second: Option<u64>) {
        self.bytes_per_second.store(bytes_per_second.unwrap_or(UNLIMITED), Ordering::Relaxed);
    }

    /// Counts what a throttled replica carried.
    pub fn record(&self, now: Instant, bytes: u64) {
        self.windows.lock().record(now, bytes);
    }

    /// Whether more was carried than the bound allows.
    pub fn is_exceeded(&self, now: Instant) -> bool {
        let bound = self.bytes_per_second.load(Ordering::Relaxed);
        bound != UNLIMITED && self.windows.lock().rate(now) > bound as f64
    }
}

#[cfg(all(test, not(feature = "shuttle")))]
mod tests {
    use super::*;

    fn at(millis: u64) -> Instant {
        Instant::from_millis(millis)
    }

    #[test]
    fn a_throttle_without_a_bound_is_never_exceeded() {
        let quota = ReplicationQuota::new(11, Duration::from_secs(1));
        quota.record(at(0), 1 << 40);
        assert!(!quota.is_exceeded(at(0)));
    }

    #[test]
    fn a_throttle_is_exceeded_until_time_has_made_up_for_what_was_carried() {
        let quota = ReplicationQuota::new(11, Duration::from_secs(1));
        quota.set_bound(Some(100));
        quota.record(at(10_000), 100);
        assert!(!quota.is_exceeded(at(10_000)), "a burst of one second's bytes");
        quota.record(at(10_000), 200);
        assert!(quota.is_exceeded(at(10_000)));
        assert!(quota.is_exceeded(at(12_900)));
        assert!(!quota.is_exceeded(at(13_000)));
        quota.record(at(13_000), 10);
        assert!(quota.is_exceeded(at(13_000)));
    }

    #[test]
    fn what_is_older_than_all_windows_counts_no_more() {
        let quota = ReplicationQuota::new(2, Duration::from_secs(1));
        quota.set_bound(Some(100));
        quota.record(at(0), 1_000_000);
        assert!(quota.is_exceeded(at(1_999)));
        assert!(!quota.is_exceeded(at(2_000)));
    }
}
