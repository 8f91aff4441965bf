//! Changes of a topic's configs (Kafka's `LogConfig.validate`).

use super::AlterError;
use super::local_retention::{Unit, check_copy_lag, check_local};
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
    let [told_whole, told_local, told_lag] = ["retention", "local.retention", "remote.copy.lag"]
        .map(|begin| move |unit: Unit| format!("{begin}.{}", unit.name()));
    for unit in [Unit::Bytes, Unit::Millis] {
        let (whole, local) = (told_whole(unit), told_local(unit));
        check_local(unit, (&whole, values.long(&whole)), (&local, values.long(&local)))?;
    }
    for unit in [Unit::Bytes, Unit::Millis] {
        let (local, lag) = (told_local(unit), told_lag(unit));
        let whole = values.long(&told_whole(unit));
        check_copy_lag(whole, (&local, values.long(&local)), (&lag, values.long(&lag)))?;
    }
    check_read_only(values)
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
