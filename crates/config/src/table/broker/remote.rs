//! Broker keys of tiered storage.

use crate::key::{ConfigKey, Kind, boolean, double, int, keys, long, string, unset};
use crate::rule::{Bound, Rule};

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "log.local.retention.bytes": long(-2).at_least(-2).cluster_wide() =>
        "Bytes of a tiered partition that stay on local disk; -2 means as much as the topic keeps, -1 no \
         limit.";
    "log.local.retention.ms": long(-2).at_least(-2).cluster_wide() =>
        "Milliseconds that segments of a tiered topic stay on local disk; -2 means as long as the topic \
         keeps them, -1 for ever.";
    "log.remote.copy.lag.bytes": long(-1).at_least(-1).cluster_wide() =>
        "Bytes of newer records at which a closed segment is copied to the tiered store; 0 at once, -1 \
         when local retention is reached.";
    "log.remote.copy.lag.ms": long(0).at_least(-1).cluster_wide() =>
        "Age in milliseconds at which a closed segment is copied to the tiered store; 0 at once, -1 when \
         local retention is reached.";
    "remote.fetch.max.wait.ms": int(500).at_least(1).cluster_wide() =>
        "Milliseconds that a fetch may wait for the tiered store.";
    "remote.list.offsets.request.timeout.ms": long(30_000).at_least(1).cluster_wide() =>
        "Milliseconds that a search for an offset may wait for the tiered store.";
    "remote.log.index.file.cache.total.size.bytes": long(1_073_741_824).at_least(1).low().cluster_wide() =>
        "Disk space in bytes for indexes of tiered segments that were read.";
    "remote.log.index.file.cache.ttl.ms": long(900_000).at_least(-1).low().internal() =>
        "Milliseconds without use after which a cached index of a tiered segment is dropped; -1 keeps it.";
    "remote.log.manager.copier.thread.pool.size": int(10).at_least(1).cluster_wide() =>
        "Threads that copy segments to the tiered store.";
    "remote.log.manager.copy.max.bytes.per.second": long(i64::MAX).at_least(1).cluster_wide() =>
        "Most bytes per second that are copied to the tiered store.";
    "remote.log.manager.copy.quota.window.num": int(11).at_least(1) =>
        "Samples that are kept to measure the copy rate.";
    "remote.log.manager.copy.quota.window.size.seconds": int(1).at_least(1) =>
        "Seconds that one sample of the copy rate spans.";
    "remote.log.manager.expiration.thread.pool.size": int(10).at_least(1).cluster_wide() =>
        "Threads that delete expired segments from the tiered store.";
    "remote.log.manager.fetch.max.bytes.per.second": long(i64::MAX).at_least(1).cluster_wide() =>
        "Most bytes per second that are read from the tiered store.";
    "remote.log.manager.fetch.quota.window.num": int(11).at_least(1) =>
        "Samples that are kept to measure the read rate.";
    "remote.log.manager.fetch.quota.window.size.seconds": int(1).at_least(1) =>
        "Seconds that one sample of the read rate spans.";
    "remote.log.manager.follower.thread.pool.size": int(2).at_least(1).cluster_wide() =>
        "Threads that follow the list of tiered segments for follower partitions.";
    "remote.log.manager.task.interval.ms": long(30_000).at_least(1).low() =>
        "Pause in milliseconds between two rounds of copying and expiring.";
    "remote.log.manager.task.retry.backoff.max.ms": long(30_000).at_least(1).low().internal() =>
        "Upper bound in milliseconds of the pause before a failed copy is tried again.";
    "remote.log.manager.task.retry.backoff.ms": long(500).at_least(1).low().internal() =>
        "First pause in milliseconds before a failed copy is tried again.";
    "remote.log.manager.task.retry.jitter": double(0.2)
        .rule(Rule::Between(Bound::Int(0), Bound::Double(0.5))).low().internal() =>
        "Random share, 0 to 0.5, by which the pause before a retry varies.";
    "remote.log.manager.thread.pool.size": int(2).at_least(1) =>
        "Threads for tiered storage tasks that have no pool of their own.";
    "remote.log.metadata.custom.metadata.max.bytes": int(128).at_least(0).low() =>
        "Most bytes of own data that a store may attach to a segment.";
    "remote.log.metadata.manager.class.name": string("org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager")
        .rule(Rule::NonEmpty) =>
        "Name of the component that keeps the list of tiered segments.";
    "remote.log.metadata.manager.class.path": unset(Kind::String) =>
        "Java class path of the component that keeps the list of tiered segments.";
    "remote.log.metadata.manager.impl.prefix": string("rlmm.config.").rule(Rule::NonEmpty) =>
        "Prefix of the keys that are handed to the component that keeps the list of tiered segments.";
    "remote.log.metadata.manager.listener.name": unset(Kind::String).rule(Rule::NonEmpty) =>
        "Listener over which the list of tiered segments is read and written.";
    "remote.log.reader.max.pending.tasks": int(100).at_least(1) =>
        "Reads of tiered segments that may wait for a thread; further ones are refused.";
    "remote.log.reader.threads": int(10).at_least(1).cluster_wide() =>
        "Threads that read tiered segments for consumers.";
    "remote.log.storage.manager.class.name": unset(Kind::String).rule(Rule::NonEmpty) =>
        "Name of the store that holds tiered segments.";
    "remote.log.storage.manager.class.path": unset(Kind::String) =>
        "Java class path of the store that holds tiered segments.";
    "remote.log.storage.manager.impl.prefix": string("rsm.config.").rule(Rule::NonEmpty) =>
        "Prefix of the keys that are handed to the store of tiered segments.";
    "remote.log.storage.system.enable": boolean(false) =>
        "Whether tiered storage runs on this node, so that topics may turn it on.";
};
