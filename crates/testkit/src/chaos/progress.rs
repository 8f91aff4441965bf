//! How far the load has come: acknowledged writes of each partition, and the longest time without one.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Shared by the tasks of a workload; clones are the same one.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    stopping: Arc<AtomicBool>,
    partitions: Arc<Mutex<Vec<Tally>>>,
}

/// One partition.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    acknowledged: usize,
    /// When the last write was acknowledged.
    last: Option<Instant>,
    /// Since this was last asked for.
    longest_silence: Duration,
}

impl Progress {
    pub(super) fn new(partitions: usize) -> Progress {
        let partitions = Arc::new(Mutex::new(vec![Tally::default(); partitions]));
        Progress { stopping: Arc::default(), partitions }
    }

    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// A write to `partition` was acknowledged at `now`.
    pub(super) fn acknowledge(&self, partition: i32, now: Instant) {
        let mut partitions = self.partitions();
        let Some(tally) = usize::try_from(partition).ok().and_then(|at| partitions.get_mut(at)) else {
            return;
        };
        tally.acknowledged += 1;
        if let Some(last) = tally.last.replace(now) {
            tally.longest_silence = tally.longest_silence.max(now.saturating_duration_since(last));
        }
    }

    /// Acknowledged writes by partition.
    pub(super) fn acknowledged(&self) -> Vec<usize> {
        self.partitions().iter().map(|tally| tally.acknowledged).collect()
    }

    /// The longest time in which a partition had no write acknowledged, since this was last asked for. A silence that
    /// has not ended is not counted yet.
    pub(super) fn take_longest_silence(&self) -> Duration {
        let mut partitions = self.partitions();
        let silences = partitions.iter_mut().map(|tally| std::mem::take(&mut tally.longest_silence));
        silences.max().unwrap_or_default()
    }

    /// A task that panicked while it held the lock has left whole numbers.
    fn partitions(&self) -> MutexGuard<'_, Vec<Tally>> {
        self.partitions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_silence_is_that_of_one_partition_and_is_told_once() {
        let (progress, start) = (Progress::new(2), Instant::now());
        let at = |millis| start + Duration::from_millis(millis);
        for (partition, millis) in [(0, 0), (1, 10), (0, 20), (1, 50), (0, 55)] {
            progress.acknowledge(partition, at(millis));
        }
        assert_eq!(progress.acknowledged(), [3, 2]);
        assert_eq!(progress.take_longest_silence(), Duration::from_millis(40));
        assert_eq!(progress.take_longest_silence(), Duration::ZERO);
    }
}
