//! Rules over several keys of the group coordinators (Kafka's `GroupCoordinatorConfig`, `ShareGroupConfig`).

use crate::error::ConfigError;
use crate::java;
use crate::static_config::StaticConfig;

/// How the values of two keys must relate.
#[derive(Clone, Copy)]
enum Relation {
    AtLeast,
    AtMost,
    Below,
}

use Relation::{AtLeast, AtMost, Below};

fn relate(config: &StaticConfig, left: &str, relation: Relation, right: &str) -> Result<(), ConfigError> {
    let (left_value, right_value) = (config.long(left), config.long(right));
    let (holds, words) = match relation {
        AtLeast => (left_value >= right_value, "greater than or equal to"),
        AtMost => (left_value <= right_value, "less than or equal to"),
        Below => (left_value < right_value, "less than"),
    };
    if holds { Ok(()) } else { Err(ConfigError::rule(format!("{left} must be {words} {right}"))) }
}

/// `min <= value <= max` of the keys that end in `name`, for one kind of group.
fn bounded(config: &StaticConfig, kind: &str, name: &str) -> Result<(), ConfigError> {
    let [value, min, max] = ["", "min.", "max."].map(|bound| format!("group.{kind}.{bound}{name}"));
    relate(config, &max, AtLeast, &min)?;
    relate(config, &value, AtLeast, &min)?;
    relate(config, &value, AtMost, &max)
}

pub(super) fn check(config: &StaticConfig) -> Result<(), ConfigError> {
    for key in ["offsets.topic.compression.codec", "share.coordinator.state.topic.compression.codec"] {
        let codec = config.long(key);
        if !(0..=4).contains(&codec) {
            return Err(ConfigError::rule(format!("Unknown compression type id: {codec}")));
        }
    }
    for kind in ["consumer", "share", "streams"] {
        bounded(config, kind, "heartbeat.interval.ms")?;
        bounded(config, kind, "session.timeout.ms")?;
        let [heartbeat, session] =
            ["heartbeat.interval", "session.timeout"].map(|name| format!("group.{kind}.{name}.ms"));
        relate(config, &heartbeat, Below, &session)?;
        bounded(config, kind, "assignment.interval.ms")?;
    }
    check_streams(config)?;
    check_share(config)
}

fn check_streams(config: &StaticConfig) -> Result<(), ConfigError> {
    const TAGS: &str = "group.streams.rack.aware.assignment.tags";
    relate(config, "group.streams.num.standby.replicas", AtMost, "group.streams.max.standby.replicas")?;
    relate(
        config,
        "group.streams.task.offset.interval.ms",
        AtLeast,
        "group.streams.min.task.offset.interval.ms",
    )?;
    relate(config, "group.streams.num.warmup.replicas", AtMost, "group.streams.max.warmup.replicas")?;
    if has_duplicate_tags(config.originals().get(TAGS).unwrap_or_default()) {
        return Err(ConfigError::rule(format!("{TAGS} must not contain duplicate tag keys.")));
    }
    Ok(())
}

/// Whether a list of tags, as it was written, names one twice. The parsed list no longer does.
pub(crate) fn has_duplicate_tags(text: &str) -> bool {
    let tags = match java::trim(text) {
        "" => Vec::new(),
        text => java::split_commas(text),
    };
    tags.iter().enumerate().any(|(at, tag)| tags[..at].contains(tag))
}

fn check_share(config: &StaticConfig) -> Result<(), ConfigError> {
    let key = |name: &str| format!("group.share.{name}");
    for name in ["delivery.count.limit", "partition.max.record.locks"] {
        relate(config, &key(&format!("max.{name}")), AtLeast, &key(name))?;
        relate(config, &key(name), AtLeast, &key(&format!("min.{name}")))?;
    }
    let lock = "record.lock.duration.ms";
    relate(config, &key(lock), AtLeast, &key(&format!("min.{lock}")))?;
    relate(config, &key(&format!("max.{lock}")), AtLeast, &key(lock))?;
    relate(config, "group.share.max.share.sessions", AtLeast, "group.share.max.size")
}
