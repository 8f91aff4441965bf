//! Broker keys of partitions' files: directories, rolling, retention, flushing.

use crate::key::{ConfigKey, Kind, boolean, int, keys, list, long, same, string, unset};
use crate::rule::Empty;

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "cordoned.log.dirs": list("").items_or_null(Empty::Allowed).per_broker() =>
        "Directories of `log.dirs` that get no new partitions; `*` means all of them and must stand alone.";
    "log.cleanup.policy": list("delete").items(&["compact", "delete"], Empty::Allowed).cluster_wide() =>
        "What happens to old segments: `delete` drops them by age and size, `compact` keeps the last value \
         of each key, both may be given. An empty list keeps everything.";
    "log.dir": list("/tmp/kafka-logs").items(&[], Empty::Refused).high() =>
        "Directory of the partitions' files, used when `log.dirs` is not set.";
    "log.dir.failure.timeout.ms": long(30_000).at_least(1).low() =>
        "Milliseconds after which a broker that could not tell the controller of a failed directory stops \
         itself.";
    "log.dirs": unset(Kind::List).items_or_null(Empty::Refused).high() =>
        "Directories of the partitions' files, separated by commas, best one per disk. A new partition \
         goes to the directory with the fewest partitions.";
    "log.flush.interval.messages": long(i64::MAX).at_least(1).high().cluster_wide() =>
        "Records that may gather in a partition before they are forced to the disk. The default leaves \
         flushing to the system and durability to replication.";
    "log.flush.interval.ms": unset(Kind::Long).high().cluster_wide()
        .synonyms(&[same("log.flush.interval.ms"), same("log.flush.scheduler.interval.ms")]) =>
        "Milliseconds that a record may wait before it is forced to the disk. Unset means \
         `log.flush.scheduler.interval.ms`.";
    "log.flush.offset.checkpoint.interval.ms": int(60_000).at_least(0).high() =>
        "Pause in milliseconds between two writes of the recovery points, from which logs are checked \
         after an unclean stop.";
    "log.flush.scheduler.interval.ms": long(i64::MAX).high() =>
        "Pause in milliseconds between two checks for logs that are due to be forced to the disk.";
    "log.flush.start.offset.checkpoint.interval.ms": int(60_000).at_least(0).high() =>
        "Pause in milliseconds between two writes of the first offsets, so that deleted records do not \
         come back after an unclean stop.";
    "log.index.interval.bytes": int(4096).at_least(0).cluster_wide() =>
        "Bytes of records between two entries of the offset index. Smaller finds offsets faster and makes \
         the index larger.";
    "log.index.size.max.bytes": int(10_485_760).at_least(4).cluster_wide() =>
        "Largest size in bytes of an index file; a full index makes the segment roll.";
    "log.initial.task.delay.ms": long(30_000).at_least(0).low().internal() =>
        "Milliseconds after the start before the log's periodic tasks run for the first time. For tests.";
    "log.message.timestamp.after.max.ms": long(3_600_000).at_least(0).cluster_wide() =>
        "How far in milliseconds a record's time may lie ahead of the broker's clock before it is refused. \
         Only with CreateTime.";
    "log.message.timestamp.before.max.ms": long(i64::MAX).at_least(0).cluster_wide() =>
        "How far in milliseconds a record's time may lie behind the broker's clock before it is refused. \
         Only with CreateTime.";
    "log.message.timestamp.type": string("CreateTime").one_of(&["CreateTime", "LogAppendTime"])
        .cluster_wide() =>
        "Which time records carry: `CreateTime` as the producer set it, or `LogAppendTime` of the broker's \
         clock.";
    "log.preallocate": boolean(false).cluster_wide() =>
        "Whether a new segment file gets its full size at once.";
    "log.retention.bytes": long(-1).high().cluster_wide() =>
        "Bytes that each partition may grow to before its oldest segments are deleted; -1 sets no limit.";
    "log.retention.check.interval.ms": long(300_000).at_least(1) =>
        "Pause in milliseconds between two searches for segments to delete; at least 1.";
    "log.retention.hours": int(168).high()
        .synonyms(&[same("log.retention.ms"), same("log.retention.minutes"), same("log.retention.hours")]) =>
        "Hours that records are kept; used when neither milliseconds nor minutes are set.";
    "log.retention.minutes": unset(Kind::Int).high()
        .synonyms(&[same("log.retention.ms"), same("log.retention.minutes"), same("log.retention.hours")]) =>
        "Minutes that records are kept; used when `log.retention.ms` is not set. Unset means \
         `log.retention.hours`.";
    "log.retention.ms": unset(Kind::Long).high().cluster_wide()
        .synonyms(&[same("log.retention.ms"), same("log.retention.minutes"), same("log.retention.hours")]) =>
        "Milliseconds that records are kept, judged by the newest timestamp of a segment; -1 keeps them \
         for ever. Unset means `log.retention.minutes`.";
    "log.roll.hours": int(168).at_least(1).high().synonyms(&[same("log.roll.ms"), same("log.roll.hours")]) =>
        "Age in hours at which a partition starts a new segment file; used when `log.roll.ms` is not set.";
    "log.roll.jitter.hours": int(0).at_least(0).high()
        .synonyms(&[same("log.roll.jitter.ms"), same("log.roll.jitter.hours")]) =>
        "Random hours, up to this, taken off the rolling age; used when `log.roll.jitter.ms` is not set.";
    "log.roll.jitter.ms": unset(Kind::Long).high().cluster_wide()
        .synonyms(&[same("log.roll.jitter.ms"), same("log.roll.jitter.hours")]) =>
        "Random milliseconds, up to this, taken off the rolling age so that partitions do not all roll at \
         once. Unset means `log.roll.jitter.hours`.";
    "log.roll.ms": unset(Kind::Long).high().cluster_wide()
        .synonyms(&[same("log.roll.ms"), same("log.roll.hours")]) =>
        "Age in milliseconds at which a partition starts a new segment file even if it is not full. Unset \
         means `log.roll.hours`.";
    "log.segment.bytes": int(1_073_741_824).at_least(1_048_576).high().cluster_wide() =>
        "Size in bytes at which a partition starts a new segment file; at least 1 MiB.";
    "log.segment.delete.delay.ms": long(60_000).at_least(0).high().cluster_wide() =>
        "Milliseconds between renaming a file as deleted and removing it, so that readers can finish.";
    "min.insync.replicas": int(1).at_least(1).high().cluster_wide() =>
        "In-sync replicas, the leader included, that a write with acks=all needs; with fewer the write is \
         refused. Topics may override it.";
    "num.recovery.threads.per.data.dir": int(2).at_least(1).high().cluster_wide() =>
        "Threads per directory that check logs after an unclean stop and flush them at a clean one; at \
         least 1.";
};
