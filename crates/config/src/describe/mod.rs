//! What DescribeConfigs tells: each config with its value, where it comes from, and what else would
//! apply (Kafka's `ConfigHelper`).

mod broker;
mod group;
mod topic;

pub use broker::{describe_broker, describe_cluster_default};
pub use group::{describe_client_metrics, describe_group};
pub use topic::{
    EffectiveTopicConfig, TopicLayers, describe_topic, effective_topic_config, effective_topic_configs,
};

use crate::key::{ConfigKey, Kind, Synonym};
use crate::layers::{BrokerTarget, LayeredConfig};
use crate::table;

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigSource {
    /// Dynamic, of the topic.
    Topic,
    /// Dynamic, of this broker.
    DynamicBroker,
    /// Dynamic, a default for all brokers.
    DynamicDefaultBroker,
    /// The broker's file.
    StaticBroker,
    /// Nobody set it.
    Default,
    /// Dynamic, of the client-metrics subscription.
    ClientMetrics,
    /// Dynamic, of the group.
    Group,
}

impl ConfigSource {
    /// Its number in a DescribeConfigs response.
    pub const fn wire_id(self) -> i8 {
        match self {
            ConfigSource::Topic => 1,
            ConfigSource::DynamicBroker => 2,
            ConfigSource::DynamicDefaultBroker => 3,
            ConfigSource::StaticBroker => 4,
            ConfigSource::Default => 5,
            ConfigSource::ClientMetrics => 7,
            ConfigSource::Group => 8,
        }
    }
}

/// One place that could give a config its value; the first in a list does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SynonymEntry {
    /// Key under which the value is set.
    pub name: String,
    /// The value as written; `None` for a secret.
    pub value: Option<String>,
    /// Where it is set.
    pub source: ConfigSource,
}

/// One config of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigEntry {
    /// Name of the key.
    pub name: String,
    /// Effective value; `None` for null and for a secret.
    pub value: Option<String>,
    /// Where it comes from.
    pub source: ConfigSource,
    /// Whether the value is a secret.
    pub is_sensitive: bool,
    /// Whether it cannot change while the broker runs.
    pub is_read_only: bool,
    /// What could give the value, strongest first.
    pub synonyms: Vec<SynonymEntry>,
    /// Type; `None` for a key that Kafka does not know.
    pub kind: Option<Kind>,
    /// Meaning, where there is one.
    pub doc: Option<&'static str>,
}

impl ConfigEntry {
    /// An entry whose source is that of its strongest synonym.
    fn new(
        name: &str,
        key: Option<&'static ConfigKey>,
        value: Option<String>,
        synonyms: Vec<SynonymEntry>,
    ) -> Self {
        let is_sensitive = key.is_none_or(ConfigKey::is_sensitive);
        ConfigEntry {
            name: name.to_owned(),
            value: value.filter(|_| !is_sensitive),
            source: synonyms.first().map_or(ConfigSource::Default, |strongest| strongest.source),
            is_sensitive,
            is_read_only: false,
            synonyms,
            kind: key.map(|key| key.kind),
            doc: key.map(|key| key.doc),
        }
    }
}

/// The layers of `config` that set one of `names`, strongest first; the list begins where `name`
/// itself is set, since a synonym that is stronger than the key's own setting replaced it.
fn layered_synonyms(
    config: &LayeredConfig,
    name: &str,
    names: &[&str],
    is_sensitive: bool,
) -> Vec<SynonymEntry> {
    let dynamic = |target: BrokerTarget, name: &str| config.dynamic(target).get(name).cloned();
    let broker = |name: &str| dynamic(BrokerTarget::ThisBroker, name);
    let cluster = |name: &str| dynamic(BrokerTarget::ClusterDefault, name);
    let file = |name: &str| config.file().originals().get(name).map(str::to_owned);
    let default = |name: &str| table::BROKER.get(name).and_then(ConfigKey::default_text);
    type Layer<'l> = &'l dyn Fn(&str) -> Option<String>;
    let layers: [(ConfigSource, Layer<'_>); 4] = [
        (ConfigSource::DynamicBroker, &broker),
        (ConfigSource::DynamicDefaultBroker, &cluster),
        (ConfigSource::StaticBroker, &file),
        (ConfigSource::Default, &default),
    ];
    let mut entries = Vec::new();
    for (source, layer) in layers {
        for synonym in names {
            if let Some(value) = layer(synonym) {
                let value = Some(value).filter(|_| !is_sensitive);
                entries.push(SynonymEntry { name: (*synonym).to_owned(), value, source });
            }
        }
    }
    let weaker = entries.iter().position(|entry| entry.name == name).unwrap_or(entries.len());
    entries.split_off(weaker)
}

/// The names that may stand for the broker key `name`, strongest first.
fn broker_names(name: &str) -> Vec<&str> {
    match table::BROKER.get(name).map(|key| key.synonyms) {
        Some(synonyms) if !synonyms.is_empty() => synonyms.iter().map(|Synonym { name, .. }| *name).collect(),
        Some(_) => vec![name],
        None => listener_names(name),
    }
}

/// `listener.name.LISTENER.KEY` and `KEY`; of SASL settings of one mechanism the key without it.
fn listener_names(name: &str) -> Vec<&str> {
    const OF_MECHANISMS: [&str; 5] = [
        "sasl.jaas.config",
        "sasl.login.callback.handler.class",
        "sasl.login.class",
        "sasl.server.callback.handler.class",
        "connections.max.reauth.ms",
    ];
    match crate::layers::without_listener_prefix(name) {
        Some(base) => {
            let of_mechanism = OF_MECHANISMS.into_iter().find(|key| base.ends_with(key));
            vec![name, of_mechanism.unwrap_or(base)]
        }
        None => vec![name],
    }
}

#[cfg(test)]
mod tests;
