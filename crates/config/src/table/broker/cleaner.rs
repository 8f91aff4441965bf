//! Broker keys of log compaction.

use crate::key::{ConfigKey, boolean, double, int, keys, long};

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "log.cleaner.backoff.ms": long(15_000).at_least(0).cluster_wide() =>
        "Pause in milliseconds of a compaction thread that found nothing to do.";
    "log.cleaner.dedupe.buffer.size": long(134_217_728).cluster_wide() =>
        "Bytes of memory for the maps of keys of all compaction threads together; more than 1 MiB per \
         thread.";
    "log.cleaner.delete.retention.ms": long(86_400_000).at_least(0).cluster_wide() =>
        "Milliseconds that a tombstone stays after compaction, so that readers that began before can still \
         see it.";
    "log.cleaner.enable": boolean(true) =>
        "Whether compaction runs; deprecated. When false, compacted topics, `__consumer_offsets` among them, \
         grow without bound.";
    "log.cleaner.io.buffer.load.factor": double(0.9).cluster_wide() =>
        "How full the map of keys may get, as a fraction. Higher compacts more in one pass with more \
         collisions.";
    "log.cleaner.io.buffer.size": int(524_288).at_least(0).cluster_wide() =>
        "Bytes of read and write buffers of all compaction threads together.";
    "log.cleaner.io.max.bytes.per.second": double(f64::MAX).cluster_wide() =>
        "Most bytes per second that compaction reads and writes in sum.";
    "log.cleaner.max.compaction.lag.ms": long(i64::MAX).at_least(1).cluster_wide() =>
        "Milliseconds after which a record is compacted even if the log is not dirty enough.";
    "log.cleaner.min.cleanable.ratio": double(0.5).between(0, 1).cluster_wide() =>
        "Share of a log, 0 to 1, that must be uncompacted before it is worth compacting.";
    "log.cleaner.min.compaction.lag.ms": long(0).at_least(0).cluster_wide() =>
        "Milliseconds that a record stays safe from compaction after it was written.";
    "log.cleaner.threads": int(1).at_least(0).cluster_wide() =>
        "Threads that compact logs.";
};
