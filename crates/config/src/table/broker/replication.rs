//! Broker keys of followers, leaders and purgatories.

use crate::key::{ConfigKey, Kind, boolean, int, keys, long, unset};

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "auto.leader.rebalance.enable": boolean(true).high() =>
        "Whether the controller gives leadership back to preferred replicas by itself.";
    "delete.records.purgatory.purge.interval.requests": int(1) =>
        "Finished waiting DeleteRecords requests that may pile up before they are swept out.";
    "fetch.purgatory.purge.interval.requests": int(1000) =>
        "Finished waiting fetches that may pile up before they are swept out.";
    "follower.fetch.last.tiered.offset.enable": boolean(false).cluster_wide() =>
        "Whether a new replica of a tiered topic starts behind the tiered data instead of at the first \
         local offset of the leader.";
    "leader.imbalance.check.interval.seconds": long(300).at_least(1).high() =>
        "Pause in seconds between two checks for partitions that their preferred replica does not lead.";
    "num.replica.alter.log.dirs.threads": unset(Kind::Int).high() =>
        "Threads that move replicas between directories. Unset means one per directory.";
    "num.replica.fetchers": int(1).at_least(1).high().cluster_wide() =>
        "Connections with which a follower fetches from each leader broker; more copy faster and cost more \
         memory and CPU.";
    "producer.purgatory.purge.interval.requests": int(1000) =>
        "Finished waiting produce requests that may pile up before they are swept out.";
    "replica.fetch.backoff.ms": int(1000).at_least(0) =>
        "Milliseconds that a follower pauses a partition after an error.";
    "replica.fetch.max.bytes": int(1_048_576).at_least(0) =>
        "Bytes per partition that a follower asks for; one batch is always sent whole.";
    "replica.fetch.min.bytes": int(1).high() =>
        "Bytes that a leader gathers for a follower before it answers, unless the wait ends first.";
    "replica.fetch.response.max.bytes": int(10_485_760).at_least(0) =>
        "Bytes in all that a follower asks for in one request; one batch is always sent whole.";
    "replica.fetch.wait.max.ms": int(500).high() =>
        "Milliseconds that a follower lets the leader wait for new records. Keep it below \
         `replica.lag.time.max.ms`.";
    "replica.high.watermark.checkpoint.interval.ms": long(5000).high() =>
        "Pause in milliseconds between two writes of the high watermarks to disk.";
    "replica.lag.time.max.ms": long(30_000).high() =>
        "Milliseconds for which a follower may fail to reach the leader's end before it leaves the in-sync \
         replicas.";
    "replica.selector.class": unset(Kind::String) =>
        "Java class that chooses the replica a consumer reads from. Unset means the leader; Kafka's \
         RackAwareReplicaSelector means the same rack.";
    "replica.socket.receive.buffer.bytes": int(65_536).high() =>
        "Size in bytes of the kernel's receive buffer of a follower's connection; -1 leaves it to the \
         system.";
    "replica.socket.timeout.ms": int(30_000).high() =>
        "Milliseconds that a request of a follower may take; at least `replica.fetch.wait.max.ms`.";
    "share.fetch.purgatory.purge.interval.requests": int(1000) =>
        "Finished waiting fetches of share groups that may pile up before they are swept out.";
    "unclean.leader.election.enable": boolean(false).high().cluster_wide() =>
        "Whether a replica that is not in sync may lead when no other lives, at the price of lost records. \
         Topics may override it.";
    "unclean.leader.election.interval.ms": long(300_000).at_least(1).internal() =>
        "Pause in milliseconds between two searches for leaderless partitions that may be led by a replica \
         out of sync.";
};
