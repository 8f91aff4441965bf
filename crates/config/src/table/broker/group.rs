//! Broker keys of classic and consumer groups, and offsets.

use crate::key::{ConfigKey, boolean, int, keys, list, long, short, string};
use crate::rule::Empty;

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "group.consumer.assignment.interval.ms": int(1000).at_least(0).cluster_wide() =>
        "Milliseconds that a consumer group waits between two new assignments; 0 computes one at each \
         change. Groups may override it.";
    "group.consumer.assignor.offload.enable": boolean(true).cluster_wide().internal() =>
        "Whether assignments of consumer groups are computed on background threads. Groups may override \
         it.";
    "group.consumer.assignors": list("uniform,range").items(&[], Empty::Refused) =>
        "Assignors the coordinator offers to consumer groups, the default one first: `uniform`, `range`, \
         or a Java class.";
    "group.consumer.heartbeat.interval.ms": int(5000).at_least(1) =>
        "Pause in milliseconds between heartbeats that members of consumer groups are told to keep. Groups \
         may override it.";
    "group.consumer.max.assignment.interval.ms": int(15_000).at_least(0) =>
        "Upper bound in milliseconds for assignment intervals of consumer groups.";
    "group.consumer.max.heartbeat.interval.ms": int(15_000).at_least(1) =>
        "Upper bound in milliseconds for heartbeat intervals of consumer groups.";
    "group.consumer.max.session.timeout.ms": int(60_000).at_least(1) =>
        "Upper bound in milliseconds for session time-outs of consumer groups.";
    "group.consumer.max.size": int(i32::MAX).at_least(1) =>
        "Most members of a consumer group.";
    "group.consumer.migration.policy": string("bidirectional")
        .one_of_any_case(&["DISABLED", "DOWNGRADE", "UPGRADE", "BIDIRECTIONAL"]) =>
        "Which live changes between classic and consumer protocol are allowed: `bidirectional`, `upgrade`, \
         `downgrade` or `disabled`.";
    "group.consumer.min.assignment.interval.ms": int(0).at_least(0) =>
        "Lower bound in milliseconds for assignment intervals of consumer groups.";
    "group.consumer.min.heartbeat.interval.ms": int(5000).at_least(1) =>
        "Lower bound in milliseconds for heartbeat intervals of consumer groups.";
    "group.consumer.min.session.timeout.ms": int(45_000).at_least(1) =>
        "Lower bound in milliseconds for session time-outs of consumer groups.";
    "group.consumer.regex.refresh.interval.ms": int(600_000).at_least(10_000).internal() =>
        "Pause in milliseconds between two checks which topics match the patterns of a consumer group; at \
         least 10 seconds.";
    "group.consumer.session.timeout.ms": int(45_000).at_least(1) =>
        "Milliseconds without a heartbeat after which a member of a consumer group is removed. Groups may \
         override it.";
    "group.coordinator.append.linger.ms": int(-1).at_least(-1) =>
        "Milliseconds that the group coordinator may gather records before it writes them; 0 writes at \
         once, -1 adapts to the load.";
    "group.coordinator.background.threads": int(2).at_least(1).high() =>
        "Threads on which the group coordinator computes costly assignments.";
    "group.coordinator.cached.buffer.max.bytes": int(1_048_588).at_least(524_288).cluster_wide() =>
        "Largest write buffer in bytes that the group coordinator keeps for reuse; at least 512 KiB.";
    "group.coordinator.rebalance.protocols": list("classic,consumer,streams")
        .items(&["consumer", "classic", "share", "streams"], Empty::Refused) =>
        "Kinds of groups the coordinator serves. `classic` must be among them; deprecated, since feature \
         levels decide.";
    "group.coordinator.threads": int(4).at_least(1).high() =>
        "Threads that run the group coordinator.";
    "group.initial.rebalance.delay.ms": int(3000) =>
        "Milliseconds that an empty classic group waits for more members before its first assignment.";
    "group.max.session.timeout.ms": int(1_800_000) =>
        "Longest session time-out in milliseconds that a member of a classic group may ask for. Long ones \
         notice a dead member late.";
    "group.max.size": int(i32::MAX).at_least(1) =>
        "Most members of a classic group; further ones are refused.";
    "group.min.session.timeout.ms": int(6000) =>
        "Shortest session time-out in milliseconds that a member of a classic group may ask for.";
    "offset.metadata.max.bytes": int(4096).high() =>
        "Most bytes of free text that may come with a committed offset.";
    "offsets.commit.timeout.ms": int(5000).at_least(1).high() =>
        "Milliseconds that a commit of offsets may wait for the replicas.";
    "offsets.load.buffer.size": int(5_242_880).at_least(1).high() =>
        "Bytes that are read at a time when a coordinator loads `__consumer_offsets`; one batch is always \
         read whole.";
    "offsets.retention.check.interval.ms": long(600_000).at_least(1).high() =>
        "Pause in milliseconds between two searches for offsets to forget.";
    "offsets.retention.minutes": int(10_080).at_least(1).high() =>
        "Minutes that the offsets of a group without members are kept, or of a topic that an assigning \
         consumer no longer commits.";
    "offsets.topic.compression.codec": int(0).high() =>
        "Codec of batches in `__consumer_offsets`: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.";
    "offsets.topic.num.partitions": int(50).at_least(1).high() =>
        "Partitions of `__consumer_offsets`. Must not change once the topic exists.";
    "offsets.topic.replication.factor": short(3).at_least(1).high() =>
        "Replicas of `__consumer_offsets`. The topic is not created while fewer brokers are alive.";
    "offsets.topic.segment.bytes": int(104_857_600).at_least(1).high() =>
        "Segment size in bytes of `__consumer_offsets`; small segments load and compact faster.";
};
