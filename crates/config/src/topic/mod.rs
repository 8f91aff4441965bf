//! What one topic's log goes by: its overrides over the broker's values (Kafka's `LogConfig`).

mod cleanup;
mod compression;
mod throttle;
pub(crate) mod values;

use std::time::Duration;

pub use cleanup::CleanupPolicy;
pub use compression::{TimestampType, TopicCompression};
pub use throttle::ThrottledReplicas;

use crate::error::ConfigError;
use crate::node::NodeConfig;
use crate::overrides::Overrides;
use values::TopicValues;

/// Settings of one topic. "None" of a limit means no limit.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicSettings {
    /// `segment.bytes`, or `internal.segment.bytes` where a test sets it.
    pub segment_bytes: u32,
    /// `segment.ms`
    pub segment_age: Duration,
    /// `segment.jitter.ms`: random up to this, and at most the segment's age, is taken off its age.
    pub segment_jitter: Duration,
    /// `segment.index.bytes`
    pub index_max_bytes: u32,
    /// `index.interval.bytes`
    pub index_interval_bytes: u32,
    /// `preallocate`
    pub preallocate: bool,
    /// `flush.messages`
    pub flush_messages: u64,
    /// `flush.ms`
    pub flush_age: Duration,
    /// `file.delete.delay.ms`
    pub file_delete_delay: Duration,
    /// `cleanup.policy`
    pub cleanup: CleanupPolicy,
    /// `retention.ms`
    pub retention: Option<Duration>,
    /// `retention.bytes`
    pub retention_bytes: Option<u64>,
    /// `delete.retention.ms`
    pub delete_retention: Duration,
    /// `min.compaction.lag.ms`
    pub min_compaction_lag: Duration,
    /// `max.compaction.lag.ms`
    pub max_compaction_lag: Duration,
    /// `min.cleanable.dirty.ratio`
    pub min_cleanable_dirty_ratio: f64,
    /// `max.message.bytes`
    pub max_message_bytes: u32,
    /// `max.decompressed.message.bytes`
    pub max_decompressed_message_bytes: u32,
    /// `compression.type` with its level
    pub compression: TopicCompression,
    /// `message.timestamp.type`
    pub timestamp_type: TimestampType,
    /// `message.timestamp.before.max.ms`
    pub timestamp_before_max: Duration,
    /// `message.timestamp.after.max.ms`
    pub timestamp_after_max: Duration,
    /// `min.insync.replicas`
    pub min_insync_replicas: u32,
    /// `unclean.leader.election.enable`
    pub unclean_leader_election: bool,
    /// `leader.replication.throttled.replicas`
    pub leader_throttled: ThrottledReplicas,
    /// `follower.replication.throttled.replicas`
    pub follower_throttled: ThrottledReplicas,
    /// `errors.deadletterqueue.group.enable`
    pub dead_letter_queue: bool,
    /// Tiered storage.
    pub remote: RemoteSettings,
}

/// Tiered storage of one topic.
#[derive(Clone, Debug, PartialEq)]
pub struct RemoteSettings {
    /// `remote.storage.enable`
    pub enabled: bool,
    /// `remote.log.copy.disable`
    pub copy_disabled: bool,
    /// `remote.log.delete.on.disable`
    pub delete_on_disable: bool,
    /// `local.retention.ms`, -2 resolved
    pub local_retention: Option<Duration>,
    /// `local.retention.bytes`, -2 resolved
    pub local_retention_bytes: Option<u64>,
    /// `remote.copy.lag.ms`, -1 resolved to the local retention
    pub copy_lag: Option<Duration>,
    /// `remote.copy.lag.bytes`, -1 resolved to the local retention
    pub copy_lag_bytes: Option<u64>,
}

impl TopicSettings {
    /// The settings of a topic with `overrides` on a broker with `node`'s values. Unknown overrides
    /// are ignored: a newer controller may have written them.
    pub fn resolve(node: &NodeConfig, overrides: &dyn Overrides) -> Result<TopicSettings, ConfigError> {
        let values = TopicValues::of_node(node, overrides)?;
        let bytes = |key| u32::try_from(values.long(key).max(0)).unwrap_or(u32::MAX);
        let internal = values.optional_long("internal.segment.bytes");
        Ok(TopicSettings {
            segment_bytes: internal
                .map_or_else(|| bytes("segment.bytes"), |internal| u32::try_from(internal).unwrap_or(0)),
            segment_age: values.millis("segment.ms"),
            segment_jitter: values.millis("segment.jitter.ms"),
            index_max_bytes: bytes("segment.index.bytes"),
            index_interval_bytes: bytes("index.interval.bytes"),
            preallocate: values.bool("preallocate"),
            flush_messages: values.long("flush.messages").unsigned_abs(),
            flush_age: values.millis("flush.ms"),
            file_delete_delay: values.millis("file.delete.delay.ms"),
            cleanup: CleanupPolicy::of(values.list("cleanup.policy")),
            retention: values.optional_millis("retention.ms"),
            retention_bytes: u64::try_from(values.long("retention.bytes")).ok(),
            delete_retention: values.millis("delete.retention.ms"),
            min_compaction_lag: values.millis("min.compaction.lag.ms"),
            max_compaction_lag: values.millis("max.compaction.lag.ms"),
            min_cleanable_dirty_ratio: values.double("min.cleanable.dirty.ratio"),
            max_message_bytes: bytes("max.message.bytes"),
            max_decompressed_message_bytes: bytes("max.decompressed.message.bytes"),
            compression: TopicCompression::of(&values),
            timestamp_type: TimestampType::of(values.text("message.timestamp.type")),
            timestamp_before_max: values.millis("message.timestamp.before.max.ms"),
            timestamp_after_max: values.millis("message.timestamp.after.max.ms"),
            min_insync_replicas: bytes("min.insync.replicas"),
            unclean_leader_election: values.bool("unclean.leader.election.enable"),
            leader_throttled: ThrottledReplicas::of(values.list("leader.replication.throttled.replicas")),
            follower_throttled: ThrottledReplicas::of(values.list("follower.replication.throttled.replicas")),
            dead_letter_queue: values.bool("errors.deadletterqueue.group.enable"),
            remote: RemoteSettings::of(&values),
        })
    }

    /// Age at which a segment rolls: a compacted topic rolls early enough for its largest lag.
    pub fn max_segment_age(&self) -> Duration {
        let lag = self.max_compaction_lag;
        if self.cleanup.compacts() && !lag.is_zero() { lag.min(self.segment_age) } else { self.segment_age }
    }
}

impl RemoteSettings {
    fn of(values: &TopicValues) -> RemoteSettings {
        let or = |key: &str, unset: i64, other: i64| match values.long(key) {
            value if value == unset => other,
            value => value,
        };
        let local_ms = or("local.retention.ms", -2, values.long("retention.ms"));
        let local_bytes = or("local.retention.bytes", -2, values.long("retention.bytes"));
        let limit = |value: i64| u64::try_from(value).ok();
        RemoteSettings {
            enabled: values.bool("remote.storage.enable"),
            copy_disabled: values.bool("remote.log.copy.disable"),
            delete_on_disable: values.bool("remote.log.delete.on.disable"),
            local_retention: limit(local_ms).map(Duration::from_millis),
            local_retention_bytes: limit(local_bytes),
            copy_lag: limit(or("remote.copy.lag.ms", -1, local_ms)).map(Duration::from_millis),
            copy_lag_bytes: limit(or("remote.copy.lag.bytes", -1, local_bytes)),
        }
    }
}

#[cfg(test)]
mod tests;
