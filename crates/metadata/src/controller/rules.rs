//! What the controller asks about configs: the table of keys lives elsewhere, and so do the node's
//! own static configs.

use klamm_config::{ConfigKey, table};

use crate::ApiError;
use crate::image::{ConfigMap, ConfigResource, ConfigResourceType, ConfigsImage};

/// Where an effective config value comes from, as DescribeConfigs numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigSource {
    /// Set on the topic.
    DynamicTopic,
    /// Set dynamically on the node.
    DynamicBroker,
    /// Set dynamically for all nodes.
    DynamicDefaultBroker,
    /// Set in the node's file.
    StaticBroker,
    /// Set nowhere.
    Default,
}

impl ConfigSource {
    /// The number in responses.
    pub const fn code(self) -> i8 {
        match self {
            ConfigSource::DynamicTopic => 1,
            ConfigSource::DynamicBroker => 2,
            ConfigSource::DynamicDefaultBroker => 3,
            ConfigSource::StaticBroker => 4,
            ConfigSource::Default => 5,
        }
    }
}

/// A topic's config as it takes effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveConfig {
    /// The topic config's name.
    pub name: String,
    /// Its value; `None` for null.
    pub value: Option<String>,
    /// Where the value comes from.
    pub source: ConfigSource,
    /// Whether the value must not be shown.
    pub sensitive: bool,
}

/// The dynamic configs that bear on a topic, strongest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConfigLayers<'a> {
    /// Of the topic.
    pub topic: Option<&'a ConfigMap>,
    /// Of the node that decides.
    pub node: Option<&'a ConfigMap>,
    /// Of all nodes.
    pub cluster: Option<&'a ConfigMap>,
}

/// What the controller needs to know of configs beyond the table of keys.
pub trait ConfigRules {
    /// Checks the configs a resource would have, `existing` being those it has. The resource's
    /// name is checked too.
    fn validate(
        &self,
        resource: &ConfigResource,
        proposed: &ConfigMap,
        existing: &ConfigMap,
    ) -> Result<(), ApiError>;

    /// One topic config as it takes effect under `layers` and this node's static configs.
    fn topic_config(&self, key: &str, layers: ConfigLayers<'_>) -> Option<EffectiveConfig>;

    /// All topic configs as they take effect, sorted by name.
    fn topic_configs(&self, layers: ConfigLayers<'_>) -> Vec<EffectiveConfig>;

    /// `min.insync.replicas` of this node's file, or its default.
    fn static_min_insync_replicas(&self) -> i32;
}

/// The key of a resource's config; `None` for one that is not in Kafka's table of that kind.
pub(crate) fn config_key(kind: ConfigResourceType, name: &str) -> Option<&'static ConfigKey> {
    match kind {
        ConfigResourceType::Topic => table::TOPIC.get(name),
        ConfigResourceType::Broker => table::BROKER.get(name),
        ConfigResourceType::ClientMetrics => table::CLIENT_METRICS.get(name),
        ConfigResourceType::Group => table::GROUP.get(name),
        ConfigResourceType::BrokerLogger | ConfigResourceType::Unknown(_) => None,
    }
}

/// Whether a config record takes effect. Records of keys that Kafka dropped since are skipped;
/// brokers may have any key, for their plugins.
pub(crate) fn is_supported(kind: ConfigResourceType, name: &str) -> bool {
    kind == ConfigResourceType::Broker || config_key(kind, name).is_some()
}

/// The layers for a topic, as seen by the node `node_id`.
pub(crate) fn layers<'a>(configs: &'a ConfigsImage, node_id: i32, topic: &str) -> ConfigLayers<'a> {
    ConfigLayers {
        topic: configs.get(&ConfigResource::topic(topic)),
        node: configs.get(&ConfigResource::broker(node_id)),
        cluster: configs.get(&ConfigResource::cluster()),
    }
}
