//! Changes of a topic's configs (Kafka's `LogConfig.validate`).

use super::AlterError;
use crate::error::ConfigError;
use crate::node::NodeConfig;
use crate::overrides::Overrides;
use crate::table;
use crate::topic::values::TopicValues;

/// Longest name of a topic in characters.
const MAX_NAME_LENGTH: usize = 249;

/// Whether a topic may have the name `name`.
pub fn check_topic_name(name: &str) -> Result<(), AlterError> {
    let reason = match name {
        "" => "the empty string is not allowed".to_owned(),
        "." => "'.' is not allowed".to_owned(),
        ".." => "'..' is not allowed".to_owned(),
        _ if name.encode_utf16().count() > MAX_NAME_LENGTH => {
            format!("the length of '{name}' is longer than the max allowed length {MAX_NAME_LENGTH}")
        }
        _ if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) => {
            format!(
                "'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
            )
        }
        _ => return Ok(()),
    };
    Err(AlterError::TopicName(format!("Topic name is invalid: {reason}")))
}

/// Whether the topic `name`, whose configs were `old`, may have the configs `new` (all of them, not
/// only the changed ones) on this node.
pub fn check_topic(
    node: &NodeConfig,
    name: &str,
    old: &dyn Overrides,
    new: &dyn Overrides,
) -> Result<(), AlterError> {
    if name.is_empty() {
        return Err(AlterError::Request("Default topic resources are not allowed.".to_owned()));
    }
    check_topic_name(name)?;
    if let Some((unknown, _)) = new.entries().find(|(key, _)| table::TOPIC.get(key).is_none()) {
        return Err(AlterError::config(format!("Unknown topic config name: {unknown}")));
    }
    let values = TopicValues::of_node(node, new)?;
    let (min_lag, max_lag) = (values.long("min.compaction.lag.ms"), values.long("max.compaction.lag.ms"));
    if min_lag > max_lag {
        return Err(AlterError::config(format!(
            "conflict topic config setting min.compaction.lag.ms ({min_lag}) > max.compaction.lag.ms ({max_lag})"
        )));
    }
    if values.bool("remote.storage.enable") {
        return check_remote(node, &values);
    }
    let was_enabled =
        old.get("remote.storage.enable").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if was_enabled && !values.bool("remote.log.delete.on.disable") {
        return Err(AlterError::config(
            "It is invalid to disable remote storage without deleting remote data. If you want to keep the remote \
             data and turn to read only, please set `remote.storage.enable=true,remote.log.copy.disable=true`. If \
             you want to disable remote storage and delete all remote data, please set \
             `remote.storage.enable=false,remote.log.delete.on.disable=true`.",
        ));
    }
    Ok(())
}

/// Rules of a tiered topic.
fn check_remote(node: &NodeConfig, values: &TopicValues) -> Result<(), AlterError> {
    if !node.remote_log.enabled {
        return Err(AlterError::config(
            "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log \
             storage.",
        ));
    }
    let only_deletes = match values.list("cleanup.policy") {
        [] => true,
        [policy] => policy == "delete",
        _ => false,
    };
    if !only_deletes {
        return Err(AlterError::config(
            "Remote log storage only supports topics with cleanup.policy=delete or cleanup.policy being an empty \
             list.",
        ));
    }
    for unit in ["bytes", "ms"] {
        check_local_retention(values, unit)?;
    }
    for unit in ["bytes", "ms"] {
        check_copy_lag(values, unit)?;
    }
    check_read_only(values)
}

/// Local retention is at most the whole retention.
fn check_local_retention(values: &TopicValues, unit: &str) -> Result<(), ConfigError> {
    let (whole_key, local_key) = (format!("retention.{unit}"), format!("local.retention.{unit}"));
    let (whole, local) = (values.long(&whole_key), values.long(&local_key));
    // Kafka's two rules differ for a retention below -1, which only bytes can have.
    let is_limited = if unit == "ms" { whole != -1 } else { whole > -1 };
    if !is_limited || local == -2 {
        return Ok(());
    }
    if local == -1 {
        let rule = format!("Value must not be -1 as {whole_key} value is set as {whole}.");
        return Err(ConfigError::invalid(&local_key, local, rule));
    }
    if local > whole {
        let rule = format!("Value must not be more than {whole_key} property value: {whole}");
        return Err(ConfigError::invalid(&local_key, local, rule));
    }
    Ok(())
}

/// A segment is copied before it is deleted locally.
fn check_copy_lag(values: &TopicValues, unit: &str) -> Result<(), ConfigError> {
    let (local_key, lag_key) = (format!("local.retention.{unit}"), format!("remote.copy.lag.{unit}"));
    let local = match values.long(&local_key) {
        -2 => values.long(&format!("retention.{unit}")),
        local => local,
    };
    let lag = values.long(&lag_key);
    if lag > 0 && local >= 0 && lag > local {
        let rule = format!("Value must not exceed {local_key} (effective value: {local})");
        return Err(ConfigError::invalid(&lag_key, lag, rule));
    }
    Ok(())
}

/// A topic that no longer copies keeps locally what it keeps at all.
fn check_read_only(values: &TopicValues) -> Result<(), AlterError> {
    if !values.bool("remote.log.copy.disable") {
        return Ok(());
    }
    for unit in ["bytes", "ms"] {
        let local = values.long(&format!("local.retention.{unit}"));
        if local != -2 && local != values.long(&format!("retention.{unit}")) {
            return Err(AlterError::config(format!(
                "When `remote.log.copy.disable` is set to true, the `local.retention.{unit}` and \
                 `retention.{unit}` must be set to the identical value because there will be no more logs copied \
                 to the remote storage."
            )));
        }
    }
    Ok(())
}
