//! The configs of groups and of client-metrics subscriptions.

use super::{ConfigEntry, ConfigSource, SynonymEntry, broker_names, layered_synonyms};
use crate::error::ConfigError;
use crate::key::ConfigKey;
use crate::layers::LayeredConfig;
use crate::overrides::Overrides;
use crate::table;
use crate::value::Value;

/// Every public config of a group with `overrides`, the internal ones that the group or the broker
/// sets, then what else is set.
pub fn describe_group(
    config: &LayeredConfig,
    overrides: &dyn Overrides,
) -> Result<Vec<ConfigEntry>, ConfigError> {
    let effective = config.effective().static_config();
    let is_set = |key: &ConfigKey| {
        let by_broker = key.synonyms.first().is_some_and(|broker| effective.is_set(broker.name));
        overrides.contains(key.name) || by_broker
    };
    let listed = table::GROUP.keys().iter().filter(|key| !key.is_internal() || is_set(key));
    let foreign =
        overrides.entries().filter(|(name, _)| table::GROUP.get(name).is_none()).map(|(name, _)| {
            let own = SynonymEntry { name: name.to_owned(), value: None, source: ConfigSource::Group };
            Ok(ConfigEntry::new(name, None, None, vec![own]))
        });
    listed.map(|key| group_entry(config, overrides, key)).chain(foreign).collect()
}

fn group_entry(
    config: &LayeredConfig,
    overrides: &dyn Overrides,
    key: &'static ConfigKey,
) -> Result<ConfigEntry, ConfigError> {
    let value = match overrides.get(key.name) {
        Some(text) => key.parse(text)?,
        None => broker_value(config, key),
    };
    let text = value.to_text();
    let mut synonyms = Vec::new();
    if overrides.contains(key.name) {
        let name = key.name.to_owned();
        synonyms.push(SynonymEntry { name, value: text.clone(), source: ConfigSource::Group });
    }
    match (key.synonyms.first(), key.default_text()) {
        (Some(broker), _) => {
            let names = broker_names(broker.name);
            synonyms.extend(layered_synonyms(config, broker.name, &names, key.is_sensitive()));
        }
        (None, Some(default)) => synonyms.push(SynonymEntry {
            name: key.name.to_owned(),
            value: Some(default),
            source: ConfigSource::Default,
        }),
        (None, None) => {}
    }
    Ok(ConfigEntry::new(key.name, Some(key), text, synonyms))
}

/// What the broker gives a group that does not set `key`.
fn broker_value(config: &LayeredConfig, key: &ConfigKey) -> Value {
    if key.name == "streams.assignor.name" {
        let first = config.effective().streams_groups.assignors.first();
        return first.map_or(Value::Null, |name| Value::Text(name.clone()));
    }
    match key.synonyms.first() {
        Some(broker) => config.effective().static_config().value(broker.name),
        None => key.default_value().unwrap_or(Value::Null),
    }
}

/// Every config of a client-metrics subscription with `overrides`.
pub fn describe_client_metrics(overrides: &dyn Overrides) -> Result<Vec<ConfigEntry>, ConfigError> {
    let entry = |key: &'static ConfigKey| {
        let value = key.parse_or_default(overrides.get(key.name))?.to_text();
        let own = SynonymEntry {
            name: key.name.to_owned(),
            value: value.clone(),
            source: ConfigSource::ClientMetrics,
        };
        let synonyms = if overrides.contains(key.name) { vec![own] } else { Vec::new() };
        Ok(ConfigEntry::new(key.name, Some(key), value, synonyms))
    };
    table::CLIENT_METRICS.keys().iter().map(entry).collect()
}
