//! Changes of a group's configs (Kafka's `GroupConfig.validate`).

use super::AlterError;
use crate::java;
use crate::node::{NodeConfig, has_duplicate_tags};
use crate::overrides::Overrides;
use crate::table;
use crate::value::Value;

/// Whether the group `name` may have the configs `new` (all of them) on this node.
pub fn check_group(node: &NodeConfig, name: &str, new: &dyn Overrides) -> Result<(), AlterError> {
    const TAGS: &str = "streams.rack.aware.assignment.tags";
    if name.is_empty() {
        return Err(AlterError::Request("Default group resources are not allowed.".to_owned()));
    }
    if let Some((unknown, _)) = new.entries().find(|(key, _)| table::GROUP.get(key).is_none()) {
        return Err(AlterError::config(format!("Unknown group config name: {unknown}")));
    }
    if new.get(TAGS).is_some_and(has_duplicate_tags) {
        return Err(AlterError::config(format!("{TAGS} must not contain duplicate tag keys.")));
    }
    let changes = Changes::parse(new)?;
    changes.check_bounds(node)?;
    changes.check_assignor(node)?;
    changes.check_sessions(node)?;
    changes.check_dead_letters()
}

/// The configs that are set.
struct Changes(Vec<(&'static str, Value)>);

impl Changes {
    fn parse(new: &dyn Overrides) -> Result<Changes, AlterError> {
        let set = |(key, text): (&str, &str)| {
            let key = table::GROUP.get(key)?;
            Some(key.parse(text).map(|value| (key.name, value)))
        };
        Ok(Changes(new.entries().filter_map(set).collect::<Result<_, _>>()?))
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    fn long(&self, key: &str) -> Option<i64> {
        self.get(key).and_then(Value::as_long)
    }

    /// Values lie within the node's bounds `group.KIND.min.NAME` and `group.KIND.max.NAME`.
    fn check_bounds(&self, node: &NodeConfig) -> Result<(), AlterError> {
        for kind in ["consumer", "share", "streams"] {
            for name in ["heartbeat.interval.ms", "session.timeout.ms"] {
                self.check_range(node, kind, name)?;
            }
            if kind == "share" {
                for name in ["record.lock.duration.ms", "delivery.count.limit", "partition.max.record.locks"]
                {
                    self.check_range(node, kind, name)?;
                }
            }
            if kind == "streams" {
                self.check_max(node, "streams.num.standby.replicas", "group.streams.max.standby.replicas")?;
            }
            self.check_range(node, kind, "assignment.interval.ms")?;
        }
        const INTERVAL: &str = "streams.task.offset.interval.ms";
        let min = node.static_config().long("group.streams.min.task.offset.interval.ms");
        if self.long(INTERVAL).is_some_and(|value| value < min) {
            return Err(AlterError::config(format!("{INTERVAL} must be greater than or equal to {min}")));
        }
        self.check_max(node, "streams.num.warmup.replicas", "group.streams.max.warmup.replicas")
    }

    fn check_range(&self, node: &NodeConfig, kind: &str, name: &str) -> Result<(), AlterError> {
        let key = format!("{kind}.{name}");
        let bound = |bound: &str| node.static_config().long(&format!("group.{kind}.{bound}.{name}"));
        let Some(value) = self.long(&key) else { return Ok(()) };
        let (min, max) = (bound("min"), bound("max"));
        if value < min || value > max {
            return Err(AlterError::config(format!("{key} must be in the range {min} to {max} inclusive.")));
        }
        Ok(())
    }

    fn check_max(&self, node: &NodeConfig, key: &str, bound: &str) -> Result<(), AlterError> {
        let max = node.static_config().long(bound);
        if self.long(key).is_some_and(|value| value > max) {
            return Err(AlterError::config(format!("{key} must be less than or equal to {max}")));
        }
        Ok(())
    }

    fn check_assignor(&self, node: &NodeConfig) -> Result<(), AlterError> {
        const KEY: &str = "streams.assignor.name";
        let known = &node.streams_groups.assignors;
        match self.get(KEY).and_then(Value::as_text) {
            Some(name) if !known.iter().any(|known| known == name) => Err(AlterError::config(format!(
                "{KEY} '{name}' is not a registered task assignor. Registered assignors are: {}.",
                java::list_to_string(known)
            ))),
            Some(_) | None => Ok(()),
        }
    }

    /// A session outlasts a heartbeat.
    fn check_sessions(&self, node: &NodeConfig) -> Result<(), AlterError> {
        for kind in ["consumer", "share", "streams"] {
            let [session, heartbeat] =
                ["session.timeout.ms", "heartbeat.interval.ms"].map(|name| format!("{kind}.{name}"));
            if self.get(&session).is_none() && self.get(&heartbeat).is_none() {
                continue;
            }
            let effective = |key: &str| {
                self.long(key).unwrap_or_else(|| node.static_config().long(&format!("group.{key}")))
            };
            if effective(&session) <= effective(&heartbeat) {
                return Err(AlterError::config(format!("{session} must be greater than {heartbeat}")));
            }
        }
        Ok(())
    }

    fn check_dead_letters(&self) -> Result<(), AlterError> {
        const KEY: &str = "errors.deadletterqueue.topic.name";
        if self.get(KEY).and_then(Value::as_text).is_some_and(|topic| topic.starts_with("__")) {
            return Err(AlterError::config(format!("{KEY}: DLQ topic name must not start with '__'")));
        }
        Ok(())
    }
}
