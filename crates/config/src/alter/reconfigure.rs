//! What the running parts of a broker can take: thread counts, listeners, limits, retention
//! (Kafka's `DynamicThreadPool`, `DynamicLogConfig`, `DynamicListenerConfig` and their like).

use std::collections::{BTreeMap, BTreeSet};

use super::local_retention::{Unit, check_copy_lag, check_local};
use crate::error::ConfigError;
use crate::java;
use crate::layers::{needs_listener_prefix, without_listener_prefix};
use crate::node::{Listener, NodeConfig};
use crate::static_config::StaticConfig;
use crate::table;
use crate::topic::values::broker_value;

/// Thread counts that may at most double or halve at a time.
const THREADS: [&str; 8] = [
    "num.io.threads",
    "num.replica.fetchers",
    "num.recovery.threads.per.data.dir",
    "background.threads",
    "remote.log.reader.threads",
    "remote.log.manager.copier.thread.pool.size",
    "remote.log.manager.expiration.thread.pool.size",
    "remote.log.manager.follower.thread.pool.size",
];

/// Whether the running node can go from `old` to `new`, given the names of the `changed` settings.
pub(super) fn check(
    old: &NodeConfig,
    new: &NodeConfig,
    changed: &BTreeSet<String>,
) -> Result<(), ConfigError> {
    let (old_config, new_config) = (old.static_config(), new.static_config());
    for listener in &old.listeners.all {
        check_listener_limits(old, new, &listener.name)?;
    }
    for key in THREADS {
        check_threads(key, old_config.long(key), new_config.long(key))?;
    }
    if changed.iter().any(|key| is_log_default(key)) {
        check_log(new)?;
    }
    if changed.contains("listeners") || changed.contains("listener.security.protocol.map") {
        check_listeners(old, new)?;
    }
    check_cleaner(i64::from(old.cleaner.threads), i64::from(new.cleaner.threads))
}

fn check_threads(key: &str, old: i64, new: i64) -> Result<(), ConfigError> {
    let refused = |rule: String| {
        Err(ConfigError::rule(format!(
            "Dynamic thread count update validation failed for {key}={new}, {rule}"
        )))
    };
    if new == old {
        return Ok(());
    }
    if new <= 0 {
        return refused("value should be at least 1".to_owned());
    }
    if new < old / 2 {
        return refused(format!("value should be at least half the current value {old}"));
    }
    if new > old * 2 {
        return refused(format!("value should not be greater than double the current value {old}"));
    }
    Ok(())
}

/// Threads and connections of one listener.
fn check_listener_limits(old: &NodeConfig, new: &NodeConfig, listener: &str) -> Result<(), ConfigError> {
    const THREADS: &str = "num.network.threads";
    let of = |node: &NodeConfig, key: &str| {
        let value = node.static_config().listener_value(listener, key)?;
        Ok::<i64, ConfigError>(value.as_long().expect("limits are numbers"))
    };
    for key in ["max.connections", "max.connection.creation.rate"] {
        let limit = of(new, key)?;
        if limit != of(old, key)? && limit <= 0 {
            return Err(ConfigError::rule(format!("Invalid {key} {limit}")));
        }
    }
    check_threads(THREADS, of(old, THREADS)?, of(new, THREADS)?)
}

fn check_cleaner(old: i64, new: i64) -> Result<(), ConfigError> {
    if new < old / 2 {
        return Err(ConfigError::rule(format!(
            "Log cleaner threads cannot be reduced to less than half the current value {old}"
        )));
    }
    if new > old * 2 {
        return Err(ConfigError::rule(format!(
            "Log cleaner threads cannot be increased to more than double the current value {old}"
        )));
    }
    Ok(())
}

/// Whether `key` is the broker's first synonym of a topic config, or the cordoned directories.
fn is_log_default(key: &str) -> bool {
    let is_first = |synonyms: &[crate::key::Synonym]| synonyms.first().is_some_and(|first| first.name == key);
    key == "cordoned.log.dirs" || table::TOPIC.keys().iter().any(|topic| is_first(topic.synonyms))
}

fn check_log(new: &NodeConfig) -> Result<(), ConfigError> {
    let config = new.static_config();
    for unit in [Unit::Millis, Unit::Bytes] {
        let (whole, local) = (retention(config, unit), format!("log.local.retention.{}", unit.name()));
        let whole_key = format!("log.retention.{}", unit.name());
        check_local(unit, (&whole_key, whole), (&local, config.long(&local)))?;
    }
    for unit in [Unit::Millis, Unit::Bytes] {
        let (local, lag) =
            (format!("log.local.retention.{}", unit.name()), format!("log.remote.copy.lag.{}", unit.name()));
        let (of_local, of_lag) = ((&*local, config.long(&local)), (&*lag, config.long(&lag)));
        check_copy_lag(retention(config, unit), of_local, of_lag)?;
    }
    let cordoned = &new.cordoned_log_dirs;
    match cordoned.iter().find(|dir| !new.log_dirs.contains(dir)) {
        Some(dir) => Err(ConfigError::invalid(
            "cordoned.log.dirs",
            java::list_to_string(cordoned),
            format!(
                "Invalid entry in cordoned.log.dirs: {dir}. All cordoned log dirs must be entries of log.dirs or \
                 log.dir."
            ),
        )),
        None => Ok(()),
    }
}

/// The log's retention, also where another unit's key sets it.
fn retention(config: &StaticConfig, unit: Unit) -> i64 {
    let key = table::TOPIC.known(match unit {
        Unit::Millis => "retention.ms",
        Unit::Bytes => "retention.bytes",
    });
    broker_value(config, key).as_long().expect("retention is a number")
}

/// Names as Scala prints a set of Kafka's listener names.
fn name_set(listeners: &[Listener]) -> String {
    let names: Vec<String> =
        listeners.iter().map(|listener| format!("ListenerName({})", listener.name)).collect();
    format!("Set({})", names.join(", "))
}

fn check_listeners(old: &NodeConfig, new: &NodeConfig) -> Result<(), ConfigError> {
    let has = |listeners: &[Listener], name: &str| listeners.iter().any(|listener| listener.name == name);
    let (old_all, new_all) = (&old.listeners.all, &new.listeners.all);
    let told = &old.listeners.advertised_to_clients;
    if !told.iter().all(|listener| has(new_all, &listener.name)) {
        return Err(ConfigError::rule(format!(
            "Advertised listeners '{}' must be a subset of listeners '{}'",
            name_set(told),
            name_set(new_all)
        )));
    }
    for Listener { name, .. } in new_all.iter().filter(|listener| has(old_all, &listener.name)) {
        if fixed_settings(old, name) != fixed_settings(new, name) {
            return Err(ConfigError::rule(format!(
                "Configs cannot be updated dynamically for existing listener ListenerName({name}), restart broker \
                 or create a new listener for update"
            )));
        }
        if old.listeners.protocols.get(name) != new.listeners.protocols.get(name) {
            return Err(ConfigError::rule(format!(
                "Security protocol cannot be updated for existing listener ListenerName({name})"
            )));
        }
    }
    Ok(())
}

/// Settings of a listener that cannot change while it is open.
fn fixed_settings<'n>(node: &'n NodeConfig, listener: &str) -> BTreeMap<&'n str, &'n str> {
    const LIMITS: [&str; 3] = ["max.connections", "max.connection.creation.rate", "num.network.threads"];
    let prefix = format!("listener.name.{}.", listener.to_lowercase());
    let of_listener = node.static_config().originals().iter().filter(|(key, _)| key.starts_with(&prefix));
    of_listener
        .filter(|(key, _)| {
            without_listener_prefix(key)
                .is_some_and(|base| !LIMITS.contains(&base) && !needs_listener_prefix(base))
        })
        .collect()
}
