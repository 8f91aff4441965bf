//! The configs of a topic.

use super::{ConfigEntry, ConfigSource, SynonymEntry, broker_names, layered_synonyms};
use crate::error::ConfigError;
use crate::key::{ConfigKey, Unit};
use crate::layers::LayeredConfig;
use crate::overrides::Overrides;
use crate::static_config::StaticConfig;
use crate::table;
use crate::topic::values::TopicValues;

/// Every public config of a topic with `overrides`, then the others that are set. An override that
/// no longer parses is the error.
pub fn describe_topic(
    config: &LayeredConfig,
    overrides: &dyn Overrides,
) -> Result<Vec<ConfigEntry>, ConfigError> {
    let values = TopicValues::of_node(config.effective(), overrides)?;
    let is_listed = |key: &&ConfigKey| !key.is_internal() || overrides.contains(key.name);
    let known = table::TOPIC.keys().iter().filter(is_listed).map(|key| {
        // An internal key is listed as it was written.
        let value = match overrides.get(key.name) {
            Some(text) if key.is_internal() => Some(text.to_owned()),
            Some(_) | None => values.get(key.name).to_text(),
        };
        topic_entry(config, overrides, key, value)
    });
    let foreign =
        overrides.entries().filter(|(name, _)| table::TOPIC.get(name).is_none()).map(|(name, _)| {
            let synonym = SynonymEntry { name: name.to_owned(), value: None, source: ConfigSource::Topic };
            ConfigEntry::new(name, None, None, vec![synonym])
        });
    Ok(known.chain(foreign).collect())
}

fn topic_entry(
    config: &LayeredConfig,
    overrides: &dyn Overrides,
    key: &'static ConfigKey,
    value: Option<String>,
) -> ConfigEntry {
    let mut synonyms = Vec::new();
    if overrides.contains(key.name) {
        let name = key.name.to_owned();
        synonyms.push(SynonymEntry { name, value: value.clone(), source: ConfigSource::Topic });
    }
    if let Some(broker) = key.synonyms.first() {
        synonyms.extend(layered_synonyms(
            config,
            broker.name,
            &broker_names(broker.name),
            key.is_sensitive(),
        ));
    }
    ConfigEntry::new(key.name, Some(key), value, synonyms)
}

/// A config of a new topic as CreateTopics tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveTopicConfig {
    /// Name of the key.
    pub name: &'static str,
    /// Value; `None` for null.
    pub value: Option<String>,
    /// Where it comes from.
    pub source: ConfigSource,
    /// Whether the value is a secret.
    pub is_sensitive: bool,
}

/// The texts that bear on a topic, strongest first. The controller takes them as they are recorded.
#[derive(Clone, Copy)]
pub struct TopicLayers<'l> {
    /// Of the topic.
    pub topic: &'l dyn Overrides,
    /// Dynamic ones of the node that decides.
    pub broker: &'l dyn Overrides,
    /// Dynamic defaults of all brokers.
    pub cluster: &'l dyn Overrides,
    /// The file of the node that decides.
    pub file: &'l StaticConfig,
}

/// Every config of a topic as the controller computes it, from texts and without parsing them
/// (Kafka's `KafkaConfigSchema`); internal keys only where the topic sets them.
pub fn effective_topic_configs(layers: TopicLayers<'_>) -> Vec<EffectiveTopicConfig> {
    let is_listed = |key: &&ConfigKey| !key.is_internal() || layers.topic.contains(key.name);
    table::TOPIC.keys().iter().filter(is_listed).map(|key| effective(layers, key)).collect()
}

/// One config of a topic as the controller computes it; `None` for a key that there is not.
pub fn effective_topic_config(layers: TopicLayers<'_>, key: &str) -> Option<EffectiveTopicConfig> {
    table::TOPIC.get(key).map(|key| effective(layers, key))
}

fn effective(layers: TopicLayers<'_>, key: &ConfigKey) -> EffectiveTopicConfig {
    let (value, source) = effective_value(layers, key);
    EffectiveTopicConfig { name: key.name, value, source, is_sensitive: key.is_sensitive() }
}

fn effective_value(layers: TopicLayers<'_>, key: &ConfigKey) -> (Option<String>, ConfigSource) {
    if let Some(text) = layers.topic.get(key.name) {
        return (Some(text.to_owned()), ConfigSource::Topic);
    }
    let of_brokers: [(&dyn Overrides, ConfigSource); 3] = [
        (layers.broker, ConfigSource::DynamicBroker),
        (layers.cluster, ConfigSource::DynamicDefaultBroker),
        (layers.file.originals(), ConfigSource::StaticBroker),
    ];
    for (layer, source) in of_brokers {
        for synonym in key.synonyms {
            if let Some(text) = layer.get(synonym.name) {
                return (Some(converted(text, synonym.unit)), source);
            }
        }
    }
    (key.default_text(), ConfigSource::Default)
}

/// A count of hours or minutes in milliseconds; what is no number counts as 0, as in Kafka.
fn converted(text: &str, unit: Unit) -> String {
    match unit {
        Unit::Same => text.to_owned(),
        Unit::Hours | Unit::Minutes => {
            let count: i32 = crate::java::trim(text).parse().unwrap_or(0);
            (i64::from(count) * unit.millis()).to_string()
        }
    }
}
