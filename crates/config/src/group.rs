//! What one group goes by: its overrides over the broker's values, within the broker's bounds
//! (Kafka's `GroupConfig.evaluate`).

use std::time::Duration;

use crate::error::ConfigError;
use crate::java;
use crate::key::ConfigKey;
use crate::node::NodeConfig;
use crate::overrides::Overrides;
use crate::table;
use crate::value::Value;

/// Where a share group begins to read a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetReset {
    /// At its end.
    Latest,
    /// At its beginning.
    Earliest,
    /// At the first record that is at most so old.
    ByDuration(Duration),
}

/// Which records of transactions a share group gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareIsolation {
    /// All.
    ReadUncommitted,
    /// Those of committed transactions.
    ReadCommitted,
}

/// Settings of one group of any kind; only those of its kind matter.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupSettings {
    /// `consumer.session.timeout.ms`
    pub consumer_session_timeout: Duration,
    /// `consumer.heartbeat.interval.ms`
    pub consumer_heartbeat_interval: Duration,
    /// `consumer.assignment.interval.ms`
    pub consumer_assignment_interval: Duration,
    /// `consumer.assignor.offload.enable`
    pub consumer_assignor_offload: bool,
    /// `share.session.timeout.ms`
    pub share_session_timeout: Duration,
    /// `share.heartbeat.interval.ms`
    pub share_heartbeat_interval: Duration,
    /// `share.assignment.interval.ms`
    pub share_assignment_interval: Duration,
    /// `share.assignor.offload.enable`
    pub share_assignor_offload: bool,
    /// `share.record.lock.duration.ms`
    pub share_record_lock_duration: Duration,
    /// `share.delivery.count.limit`
    pub share_delivery_count_limit: u32,
    /// `share.partition.max.record.locks`
    pub share_partition_max_record_locks: u32,
    /// `share.auto.offset.reset`
    pub share_auto_offset_reset: OffsetReset,
    /// `share.isolation.level`
    pub share_isolation_level: ShareIsolation,
    /// `share.renew.acknowledge.enable`
    pub share_renew_acknowledge: bool,
    /// `errors.deadletterqueue.topic.name`; `None` for no topic
    pub dead_letter_topic: Option<String>,
    /// `errors.deadletterqueue.copy.record.enable`
    pub dead_letter_copies_record: bool,
    /// `streams.session.timeout.ms`
    pub streams_session_timeout: Duration,
    /// `streams.heartbeat.interval.ms`
    pub streams_heartbeat_interval: Duration,
    /// `streams.assignment.interval.ms`
    pub streams_assignment_interval: Duration,
    /// `streams.assignor.offload.enable`
    pub streams_assignor_offload: bool,
    /// `streams.initial.rebalance.delay.ms`
    pub streams_initial_rebalance_delay: Duration,
    /// `streams.num.standby.replicas`
    pub streams_num_standby_replicas: u32,
    /// `streams.num.warmup.replicas`
    pub streams_num_warmup_replicas: u32,
    /// `streams.task.offset.interval.ms`
    pub streams_task_offset_interval: Duration,
    /// `streams.acceptable.recovery.lag`
    pub streams_acceptable_recovery_lag: u64,
    /// `streams.rack.aware.assignment.tags`
    pub streams_rack_aware_tags: Vec<String>,
    /// `streams.assignor.name`
    pub streams_assignor: String,
}

impl GroupSettings {
    /// The settings of a group with `overrides` on a broker with `node`'s values. Overrides beyond
    /// the broker's bounds, which may have been set before them, count as the bound.
    pub fn resolve(node: &NodeConfig, overrides: &dyn Overrides) -> Result<GroupSettings, ConfigError> {
        let values = Values { node, overrides };
        Ok(GroupSettings {
            consumer_session_timeout: values.millis("consumer.session.timeout.ms")?,
            consumer_heartbeat_interval: values.millis("consumer.heartbeat.interval.ms")?,
            consumer_assignment_interval: values.millis("consumer.assignment.interval.ms")?,
            consumer_assignor_offload: values.bool("consumer.assignor.offload.enable")?,
            share_session_timeout: values.millis("share.session.timeout.ms")?,
            share_heartbeat_interval: values.millis("share.heartbeat.interval.ms")?,
            share_assignment_interval: values.millis("share.assignment.interval.ms")?,
            share_assignor_offload: values.bool("share.assignor.offload.enable")?,
            share_record_lock_duration: values.millis("share.record.lock.duration.ms")?,
            share_delivery_count_limit: values.count("share.delivery.count.limit")?,
            share_partition_max_record_locks: values.count("share.partition.max.record.locks")?,
            share_auto_offset_reset: offset_reset(&values.text("share.auto.offset.reset")?),
            share_isolation_level: match values.text("share.isolation.level")?.as_str() {
                "read_committed" => ShareIsolation::ReadCommitted,
                _ => ShareIsolation::ReadUncommitted,
            },
            share_renew_acknowledge: values.bool("share.renew.acknowledge.enable")?,
            dead_letter_topic: Some(values.text("errors.deadletterqueue.topic.name")?)
                .filter(|topic| !topic.is_empty()),
            dead_letter_copies_record: values.bool("errors.deadletterqueue.copy.record.enable")?,
            streams_session_timeout: values.millis("streams.session.timeout.ms")?,
            streams_heartbeat_interval: values.millis("streams.heartbeat.interval.ms")?,
            streams_assignment_interval: values.millis("streams.assignment.interval.ms")?,
            streams_assignor_offload: values.bool("streams.assignor.offload.enable")?,
            streams_initial_rebalance_delay: values.millis("streams.initial.rebalance.delay.ms")?,
            streams_num_standby_replicas: values.count("streams.num.standby.replicas")?,
            streams_num_warmup_replicas: values.count("streams.num.warmup.replicas")?,
            streams_task_offset_interval: values.millis("streams.task.offset.interval.ms")?,
            streams_acceptable_recovery_lag: values.long("streams.acceptable.recovery.lag")?.unsigned_abs(),
            streams_rack_aware_tags: match values.get("streams.rack.aware.assignment.tags")? {
                Value::List(tags) => tags,
                _ => Vec::new(),
            },
            streams_assignor: values.text("streams.assignor.name")?,
        })
    }
}

fn offset_reset(text: &str) -> OffsetReset {
    let duration = text.strip_prefix("by_duration:").and_then(java::parse_duration);
    match (text, duration.and_then(|nanos| u64::try_from(nanos / 1_000_000).ok())) {
        (_, Some(millis)) => OffsetReset::ByDuration(Duration::from_millis(millis)),
        ("earliest", None) => OffsetReset::Earliest,
        (_, None) => OffsetReset::Latest,
    }
}

struct Values<'v> {
    node: &'v NodeConfig,
    overrides: &'v dyn Overrides,
}

impl Values<'_> {
    fn get(&self, key: &str) -> Result<Value, ConfigError> {
        let key = table::GROUP.known(key);
        match self.overrides.get(key.name) {
            Some(text) => key.parse(text).map(|value| self.within_bounds(key, value)),
            None => Ok(self.of_broker(key)),
        }
    }

    fn of_broker(&self, key: &ConfigKey) -> Value {
        if key.name == "streams.assignor.name" {
            return Value::Text(self.node.streams_groups.assignors[0].clone());
        }
        match key.synonyms.first() {
            Some(broker) => self.node.static_config().value(broker.name),
            None => key.default_value().unwrap_or(Value::Null),
        }
    }

    /// Bounds are the broker keys `group.KIND.min.NAME` and `group.KIND.max.NAME`, as far as they exist.
    fn within_bounds(&self, key: &ConfigKey, value: Value) -> Value {
        let (kind, name) = key.name.split_once('.').expect("group keys begin with their kind");
        let name =
            if name == "num.standby.replicas" || name == "num.warmup.replicas" { &name[4..] } else { name };
        let bound = |which: &str| {
            let key = table::BROKER.get(&format!("group.{kind}.{which}.{name}"))?;
            self.node.static_config().optional_long(key.name)
        };
        let Value::Int(count) = value else { return value };
        let mut count = i64::from(count);
        if let Some(max) = bound("max") {
            count = count.min(max);
        }
        if let Some(min) = bound("min") {
            count = count.max(min);
        }
        Value::Int(i32::try_from(count).unwrap_or(i32::MAX))
    }

    fn long(&self, key: &str) -> Result<i64, ConfigError> {
        self.get(key).map(|value| value.as_long().expect("the key is a number"))
    }

    fn millis(&self, key: &str) -> Result<Duration, ConfigError> {
        self.long(key).map(|millis| Duration::from_millis(millis.unsigned_abs()))
    }

    fn count(&self, key: &str) -> Result<u32, ConfigError> {
        self.long(key).map(|count| u32::try_from(count).unwrap_or(u32::MAX))
    }

    fn bool(&self, key: &str) -> Result<bool, ConfigError> {
        self.get(key).map(|value| value.as_bool().expect("the key is a boolean"))
    }

    fn text(&self, key: &str) -> Result<String, ConfigError> {
        self.get(key).map(|value| value.to_text().unwrap_or_default())
    }
}
