//! Group configs, with the broker keys that stand for them (Kafka's `GroupConfig`).

use crate::key::{ConfigKey, Kind, boolean, int, keys, list, long, same, string, unset};
use crate::rule::{Empty, Rule};

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "consumer.assignment.interval.ms": int(1000).at_least(0)
        .synonyms(&[same("group.consumer.assignment.interval.ms")]) =>
        "Milliseconds that this consumer group waits between two new assignments; 0 computes one at each \
         change.";
    "consumer.assignor.offload.enable": boolean(true).internal()
        .synonyms(&[same("group.consumer.assignor.offload.enable")]) =>
        "Whether assignments of this consumer group are computed on background threads.";
    "consumer.heartbeat.interval.ms": int(5000).at_least(1)
        .synonyms(&[same("group.consumer.heartbeat.interval.ms")]) =>
        "Pause in milliseconds between heartbeats that members of this consumer group are told to keep.";
    "consumer.session.timeout.ms": int(45_000).at_least(1)
        .synonyms(&[same("group.consumer.session.timeout.ms")]) =>
        "Milliseconds without a heartbeat after which a member of this consumer group is removed.";
    "errors.deadletterqueue.copy.record.enable": boolean(false) =>
        "Whether the dead-letter topic gets the whole undeliverable record or only headers that tell of \
         it.";
    "errors.deadletterqueue.topic.name": string("") =>
        "Topic that gets the undeliverable records of this share group; empty means none. The name must \
         not begin with two underscores.";
    "share.assignment.interval.ms": int(1000).at_least(0)
        .synonyms(&[same("group.share.assignment.interval.ms")]) =>
        "Milliseconds that this share group waits between two new assignments; 0 computes one at each \
         change.";
    "share.assignor.offload.enable": boolean(true).internal()
        .synonyms(&[same("group.share.assignor.offload.enable")]) =>
        "Whether assignments of this share group are computed on background threads.";
    "share.auto.offset.reset": string("latest").rule(Rule::OffsetReset) =>
        "Where this share group starts to read a partition: `latest`, `earliest`, or `by_duration:` with \
         an ISO 8601 duration back from now.";
    "share.delivery.count.limit": int(5).at_least(2).synonyms(&[same("group.share.delivery.count.limit")]) =>
        "Times a record is offered to this share group before it counts as undeliverable.";
    "share.heartbeat.interval.ms": int(5000).at_least(1)
        .synonyms(&[same("group.share.heartbeat.interval.ms")]) =>
        "Pause in milliseconds between heartbeats that members of this share group are told to keep.";
    "share.isolation.level": string("read_uncommitted").one_of(&["read_committed", "read_uncommitted"]) =>
        "Whether this share group gets records of open and aborted transactions (`read_uncommitted`) or \
         not (`read_committed`).";
    "share.partition.max.record.locks": int(2000).at_least(100)
        .synonyms(&[same("group.share.partition.max.record.locks")]) =>
        "Records of one partition that this share group may have reserved at a time.";
    "share.record.lock.duration.ms": int(30_000).at_least(1000)
        .synonyms(&[same("group.share.record.lock.duration.ms")]) =>
        "Milliseconds that a record stays reserved for the consumer it was given to.";
    "share.renew.acknowledge.enable": boolean(true) =>
        "Whether consumers of this share group may renew the reservation of a record.";
    "share.session.timeout.ms": int(45_000).at_least(1).synonyms(&[same("group.share.session.timeout.ms")]) =>
        "Milliseconds without a heartbeat after which a member of this share group is removed.";
    "streams.acceptable.recovery.lag": long(10_000).at_least(0).internal()
        .synonyms(&[same("group.streams.acceptable.recovery.lag")]) =>
        "Offsets that a client may lack of a task's state and still get the task at once.";
    "streams.assignment.interval.ms": int(1000).at_least(0)
        .synonyms(&[same("group.streams.assignment.interval.ms")]) =>
        "Milliseconds that this streams group waits between two new assignments; 0 computes one at each \
         change.";
    "streams.assignor.name": unset(Kind::String).synonyms(&[same("group.streams.assignors")]) =>
        "Task assignor of this streams group, by its short name; unset means the first of \
         `group.streams.assignors`.";
    "streams.assignor.offload.enable": boolean(true).internal()
        .synonyms(&[same("group.streams.assignor.offload.enable")]) =>
        "Whether assignments of this streams group are computed on background threads.";
    "streams.heartbeat.interval.ms": int(5000).at_least(1)
        .synonyms(&[same("group.streams.heartbeat.interval.ms")]) =>
        "Pause in milliseconds between heartbeats that members of this streams group are told to keep.";
    "streams.initial.rebalance.delay.ms": int(3000).at_least(0)
        .synonyms(&[same("group.streams.initial.rebalance.delay.ms")]) =>
        "Milliseconds that this streams group, when new, waits for more members before its first \
         assignment.";
    "streams.num.standby.replicas": int(0).at_least(0)
        .synonyms(&[same("group.streams.num.standby.replicas")]) =>
        "Standby copies of each stateful task of this streams group.";
    "streams.num.warmup.replicas": int(2).at_least(0).internal()
        .synonyms(&[same("group.streams.num.warmup.replicas")]) =>
        "Tasks of this streams group that may warm up at a time on clients that will take them over.";
    "streams.rack.aware.assignment.tags": list("").items(&[], Empty::Allowed).low()
        .synonyms(&[same("group.streams.rack.aware.assignment.tags")]) =>
        "Client tags, such as zone, over whose values standby copies of a task are spread.";
    "streams.session.timeout.ms": int(45_000).at_least(1)
        .synonyms(&[same("group.streams.session.timeout.ms")]) =>
        "Milliseconds without a heartbeat after which a member of this streams group is removed.";
    "streams.task.offset.interval.ms": int(60_000).at_least(1).internal()
        .synonyms(&[same("group.streams.task.offset.interval.ms")]) =>
        "Pause in milliseconds between two reports of how far a client has restored its warm-up tasks.";
};
