//! Broker keys of share groups and their coordinator.

use crate::key::{ConfigKey, boolean, int, keys, list, short, string};
use crate::rule::Empty;

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "errors.deadletterqueue.auto.create.topics.enable": boolean(false).cluster_wide() =>
        "Whether the dead-letter topic of a share group is created when it is first needed.";
    "errors.deadletterqueue.topic.name.prefix": string("dlq.").cluster_wide() =>
        "Text with which the names of dead-letter topics must begin; empty allows any name.";
    "group.share.assignment.interval.ms": int(1000).at_least(0).cluster_wide() =>
        "Milliseconds that a share group waits between two new assignments; 0 computes one at each change. \
         Groups may override it.";
    "group.share.assignor.offload.enable": boolean(true).cluster_wide().internal() =>
        "Whether assignments of share groups are computed on background threads. Groups may override it.";
    "group.share.assignors": list("simple").items(&[], Empty::Refused) =>
        "Assignor of share groups: `simple` or a Java class; one entry.";
    "group.share.delivery.count.limit": int(5).between(2, 10) =>
        "Times a record is offered before it counts as undeliverable, 2 to 10. Groups may override it.";
    "group.share.dlq.manager.class.name": string("org.apache.kafka.server.share.dlq.DefaultShareGroupDLQManager")
        .internal() =>
        "Java class that writes undeliverable records of share groups to their dead-letter topic. For \
         tests.";
    "group.share.heartbeat.interval.ms": int(5000).at_least(1) =>
        "Pause in milliseconds between heartbeats that members of share groups are told to keep. Groups \
         may override it.";
    "group.share.initialize.retry.interval.ms": int(30_000).at_least(1).low().internal() =>
        "Pause in milliseconds before a failed set-up of a share group's state is tried again.";
    "group.share.max.assignment.interval.ms": int(15_000).at_least(0) =>
        "Upper bound in milliseconds for assignment intervals of share groups.";
    "group.share.max.delivery.count.limit": int(10).between(5, 25) =>
        "Upper bound for delivery limits of share groups, 5 to 25.";
    "group.share.max.heartbeat.interval.ms": int(15_000).at_least(1) =>
        "Upper bound in milliseconds for heartbeat intervals of share groups.";
    "group.share.max.partition.max.record.locks": int(4000).between(2000, 10_000) =>
        "Upper bound for the record lock limits of share groups, 2000 to 10000.";
    "group.share.max.record.lock.duration.ms": int(60_000).between(30_000, 3_600_000) =>
        "Upper bound in milliseconds for record locks of share groups, 30 seconds to 1 hour.";
    "group.share.max.session.timeout.ms": int(60_000).at_least(1) =>
        "Upper bound in milliseconds for session time-outs of share groups.";
    "group.share.max.share.sessions": int(2000).at_least(1) =>
        "Most share sessions that a broker remembers.";
    "group.share.max.size": int(200).between(1, 1000) =>
        "Most members of a share group, 1 to 1000.";
    "group.share.min.assignment.interval.ms": int(0).at_least(0) =>
        "Lower bound in milliseconds for assignment intervals of share groups.";
    "group.share.min.delivery.count.limit": int(2).between(2, 5) =>
        "Lower bound for delivery limits of share groups, 2 to 5.";
    "group.share.min.heartbeat.interval.ms": int(5000).at_least(1) =>
        "Lower bound in milliseconds for heartbeat intervals of share groups.";
    "group.share.min.partition.max.record.locks": int(100).between(100, 2000) =>
        "Lower bound for the record lock limits of share groups, 100 to 2000.";
    "group.share.min.record.lock.duration.ms": int(15_000).between(1000, 30_000) =>
        "Lower bound in milliseconds for record locks of share groups, 1 to 30 seconds.";
    "group.share.min.session.timeout.ms": int(45_000).at_least(1) =>
        "Lower bound in milliseconds for session time-outs of share groups.";
    "group.share.partition.max.record.locks": int(2000).between(100, 10_000) =>
        "Records of one partition that may be reserved at a time, 100 to 10000. Groups may override it.";
    "group.share.persister.class.name": string("org.apache.kafka.server.share.persister.DefaultStatePersister")
        .internal() =>
        "Java class that keeps the delivery state of share groups. For tests.";
    "group.share.record.lock.duration.ms": int(30_000).between(1000, 3_600_000) =>
        "Milliseconds that a record stays reserved for the consumer it was given to, 1 second to 1 hour. \
         Groups may override it.";
    "group.share.session.timeout.ms": int(45_000).at_least(1) =>
        "Milliseconds without a heartbeat after which a member of a share group is removed. Groups may \
         override it.";
    "share.coordinator.append.linger.ms": int(-1).at_least(-1) =>
        "Milliseconds that the share coordinator may gather records before it writes them; 0 writes at \
         once, -1 adapts to the load.";
    "share.coordinator.cached.buffer.max.bytes": int(1_048_588).at_least(524_288).cluster_wide() =>
        "Largest write buffer in bytes that the share coordinator keeps for reuse; at least 512 KiB.";
    "share.coordinator.cold.partition.snapshot.interval.ms": int(300_000).at_least(1).low().internal() =>
        "Pause in milliseconds between two forced snapshots of share partitions that no longer change, so \
         that the log can be trimmed.";
    "share.coordinator.load.buffer.size": int(5_242_880).at_least(1).high() =>
        "Bytes that are read at a time when a coordinator loads `__share_group_state`; one batch is always \
         read whole.";
    "share.coordinator.snapshot.update.records.per.snapshot": int(500).between(0, 500) =>
        "Update records of a share partition between two snapshots of its state, 0 to 500.";
    "share.coordinator.state.topic.compression.codec": int(0).high() =>
        "Codec of batches in `__share_group_state`: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.";
    "share.coordinator.state.topic.min.isr": short(2).at_least(1).high() =>
        "In-sync replicas that a write to `__share_group_state` needs.";
    "share.coordinator.state.topic.num.partitions": int(50).at_least(1).high() =>
        "Partitions of `__share_group_state`. Must not change once the topic exists.";
    "share.coordinator.state.topic.prune.interval.ms": int(300_000).at_least(1).low().internal() =>
        "Pause in milliseconds between two deletions of records of `__share_group_state` that snapshots \
         made superfluous.";
    "share.coordinator.state.topic.replication.factor": short(3).at_least(1).high() =>
        "Replicas of `__share_group_state`. The topic is not created while fewer brokers are alive.";
    "share.coordinator.state.topic.segment.bytes": int(104_857_600).at_least(1).high() =>
        "Segment size in bytes of `__share_group_state`; small segments load faster.";
    "share.coordinator.threads": int(1).at_least(1) =>
        "Threads that run the share coordinator.";
    "share.coordinator.write.timeout.ms": int(5000).at_least(1).high() =>
        "Milliseconds that a write of share state may wait for the replicas.";
};
