//! Topic configs, with the broker keys that stand for them (Kafka's `LogConfig`, `ServerTopicConfigSynonyms`).

use crate::key::{
    ConfigKey, Kind, boolean, double, hours, int, keys, list, long, minutes, same, string, unset,
};
use crate::rule::{Empty, Rule};
use crate::table::COMPRESSION_TYPES;

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "cleanup.policy": list("delete").items(&["compact", "delete"], Empty::Allowed)
        .synonyms(&[same("log.cleanup.policy")]) =>
        "What happens to old segments: `delete` drops them by age and size, `compact` keeps the last value \
         of each key, both may be given. An empty list keeps everything.";
    "compression.gzip.level": int(-1).rule(Rule::GzipLevel).synonyms(&[same("compression.gzip.level")]) =>
        "Level for gzip when the broker itself compresses: 1 (fast) to 9 (small), or -1 for the library's \
         own choice.";
    "compression.lz4.level": int(9).between(1, 17).synonyms(&[same("compression.lz4.level")]) =>
        "Level for lz4 when the broker itself compresses, 1 (fast) to 17 (small).";
    "compression.type": string("producer").one_of(COMPRESSION_TYPES).synonyms(&[same("compression.type")]) =>
        "Codec in which the topic is stored: `producer` keeps what was sent, `uncompressed` stores \
         plainly, any other name recompresses.";
    "compression.zstd.level": int(3).between(-131_072, 22).synonyms(&[same("compression.zstd.level")]) =>
        "Level for zstd when the broker itself compresses, -131072 (fast) to 22 (small).";
    "delete.retention.ms": long(86_400_000).at_least(0)
        .synonyms(&[same("log.cleaner.delete.retention.ms")]) =>
        "Milliseconds that a tombstone of a compacted topic stays, so that readers that began before can \
         still see it.";
    "errors.deadletterqueue.group.enable": boolean(false) =>
        "Whether share groups may write their undeliverable records to this topic.";
    "file.delete.delay.ms": long(60_000).at_least(0).synonyms(&[same("log.segment.delete.delay.ms")]) =>
        "Milliseconds between renaming a file as deleted and removing it, so that readers can finish.";
    "flush.messages": long(i64::MAX).at_least(1).synonyms(&[same("log.flush.interval.messages")]) =>
        "Records that may gather before they are forced to the disk; 1 forces each write. The default \
         leaves it to the system and to replication.";
    "flush.ms": long(i64::MAX).at_least(0)
        .synonyms(&[same("log.flush.interval.ms"), same("log.flush.scheduler.interval.ms")]) =>
        "Milliseconds that a record may wait before it is forced to the disk. The default leaves it to the \
         system and to replication.";
    "follower.replication.throttled.replicas": list("").rule(Rule::ThrottledReplicas) =>
        "Replicas, as `partition:broker`, whose fetching as follower is throttled; `*` means all of the \
         topic.";
    "index.interval.bytes": int(4096).at_least(0).synonyms(&[same("log.index.interval.bytes")]) =>
        "Bytes of records between two entries of the offset index.";
    "internal.segment.bytes": unset(Kind::Int).internal() =>
        "Segment size without the lower bound. For tests.";
    "leader.replication.throttled.replicas": list("").rule(Rule::ThrottledReplicas) =>
        "Replicas, as `partition:broker`, to which the leader's sending is throttled; `*` means all of the \
         topic.";
    "local.retention.bytes": long(-2).at_least(-2).synonyms(&[same("log.local.retention.bytes")]) =>
        "Bytes of a partition that stay on local disk when the topic is tiered; -2 means \
         `retention.bytes`, -1 no limit.";
    "local.retention.ms": long(-2).at_least(-2).synonyms(&[same("log.local.retention.ms")]) =>
        "Milliseconds that segments stay on local disk when the topic is tiered; -2 means `retention.ms`, \
         -1 for ever.";
    "max.compaction.lag.ms": long(i64::MAX).at_least(1)
        .synonyms(&[same("log.cleaner.max.compaction.lag.ms")]) =>
        "Milliseconds after which a record is compacted even if the log is not dirty enough; not below \
         `min.compaction.lag.ms`.";
    "max.decompressed.message.bytes": int(2_147_483_639).between(1, 2_147_483_639)
        .synonyms(&[same("max.decompressed.message.bytes")]) =>
        "Largest size in bytes that the records of one compressed batch may unfold to when the broker has \
         to read them.";
    "max.message.bytes": int(1_048_588).at_least(0).synonyms(&[same("message.max.bytes")]) =>
        "Largest record batch in bytes that the topic accepts, measured as it is sent, so after \
         compression.";
    "message.timestamp.after.max.ms": long(3_600_000).at_least(0)
        .synonyms(&[same("log.message.timestamp.after.max.ms")]) =>
        "How far in milliseconds a record's time may lie ahead of the broker's clock before it is refused. \
         Only with CreateTime.";
    "message.timestamp.before.max.ms": long(i64::MAX).at_least(0)
        .synonyms(&[same("log.message.timestamp.before.max.ms")]) =>
        "How far in milliseconds a record's time may lie behind the broker's clock before it is refused. \
         Only with CreateTime.";
    "message.timestamp.type": string("CreateTime").one_of(&["CreateTime", "LogAppendTime"])
        .synonyms(&[same("log.message.timestamp.type")]) =>
        "Which time records carry: `CreateTime` as the producer set it, or `LogAppendTime` of the broker's \
         clock.";
    "min.cleanable.dirty.ratio": double(0.5).between(0, 1)
        .synonyms(&[same("log.cleaner.min.cleanable.ratio")]) =>
        "Share of the log, 0 to 1, that must be uncompacted before it is worth compacting.";
    "min.compaction.lag.ms": long(0).at_least(0).synonyms(&[same("log.cleaner.min.compaction.lag.ms")]) =>
        "Milliseconds that a record stays safe from compaction after it was written.";
    "min.insync.replicas": int(1).at_least(1).synonyms(&[same("min.insync.replicas")]) =>
        "In-sync replicas, the leader included, that a write with acks=all needs; with fewer the write is \
         refused.";
    "preallocate": boolean(false).synonyms(&[same("log.preallocate")]) =>
        "Whether a new segment file gets its full size at once.";
    "remote.copy.lag.bytes": long(-1).at_least(-1).synonyms(&[same("log.remote.copy.lag.bytes")]) =>
        "Bytes of newer records at which a closed segment is copied to the tiered store; 0 at once, -1 \
         when local retention is reached.";
    "remote.copy.lag.ms": long(0).at_least(-1).synonyms(&[same("log.remote.copy.lag.ms")]) =>
        "Age in milliseconds at which a closed segment is copied to the tiered store; 0 at once, -1 when \
         local retention is reached.";
    "remote.log.copy.disable": boolean(false) =>
        "Whether copying to the tiered store stops while what is there stays readable. Local retention \
         must then equal retention.";
    "remote.log.delete.on.disable": boolean(false) =>
        "Whether turning tiered storage off deletes what is in the tiered store.";
    "remote.storage.enable": boolean(false) =>
        "Whether closed segments are copied to the tiered store. Needs the cleanup policy `delete` and \
         tiered storage on the brokers.";
    "retention.bytes": long(-1).synonyms(&[same("log.retention.bytes")]) =>
        "Bytes that each partition may grow to before its oldest segments are deleted; -1 sets no limit.";
    "retention.ms": long(604_800_000).at_least(-1)
        .synonyms(&[same("log.retention.ms"), minutes("log.retention.minutes"), hours("log.retention.hours")]) =>
        "Milliseconds that records are kept, judged by the newest timestamp of a segment; -1 keeps them \
         for ever.";
    "segment.bytes": int(1_073_741_824).at_least(1_048_576).synonyms(&[same("log.segment.bytes")]) =>
        "Size in bytes at which a partition starts a new segment file; at least 1 MiB.";
    "segment.index.bytes": int(10_485_760).at_least(4).synonyms(&[same("log.index.size.max.bytes")]) =>
        "Largest size in bytes of an index file; a full index makes the segment roll.";
    "segment.jitter.ms": long(0).at_least(0)
        .synonyms(&[same("log.roll.jitter.ms"), hours("log.roll.jitter.hours")]) =>
        "Random milliseconds, up to this, taken off `segment.ms` so that partitions do not all roll at \
         once.";
    "segment.ms": long(604_800_000).at_least(1).synonyms(&[same("log.roll.ms"), hours("log.roll.hours")]) =>
        "Age in milliseconds at which a partition starts a new segment file even if it is not full.";
    "unclean.leader.election.enable": boolean(false).synonyms(&[same("unclean.leader.election.enable")]) =>
        "Whether a replica that is not in sync may lead when no other lives, at the price of lost records.";
};
