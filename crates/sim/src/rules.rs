//! What the controllers and brokers of the world know of configs: dynamic ones, then Kafka's defaults.

use std::sync::Arc;

use klamm_config::table;
use klamm_metadata::controller::{ConfigLayers, ConfigRules, ConfigSource, EffectiveConfig};
use klamm_metadata::image::{ConfigMap, ConfigResource, ConfigResourceType};
use klamm_metadata::{ApiError, MetadataImage};
use klamm_node::partition::PartitionSettings;
use klamm_protocol::ErrorCode;
use klamm_protocol::records::validate::{KeyRule, Origin, ProduceRules, TimestampRule};
use klamm_storage::LogConfig;

/// `min.insync.replicas` of all nodes.
const MIN_ISR: &str = "min.insync.replicas";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SimRules {
    /// `min.insync.replicas` in the file of every node.
    pub(crate) min_isr: u32,
}

impl ConfigRules for SimRules {
    fn validate(
        &self,
        resource: &ConfigResource,
        proposed: &ConfigMap,
        _existing: &ConfigMap,
    ) -> Result<(), ApiError> {
        if resource.kind != ConfigResourceType::Topic {
            return Ok(());
        }
        match proposed.keys().find(|key| table::TOPIC.get(key).is_none()) {
            Some(key) => {
                Err(ApiError::new(ErrorCode::InvalidConfig, format!("Unknown topic config name: {key}")))
            }
            None => Ok(()),
        }
    }

    fn topic_config(&self, key: &str, layers: ConfigLayers<'_>) -> Option<EffectiveConfig> {
        let known = table::TOPIC.get(key)?;
        let from = |map: Option<&ConfigMap>, source| Some((map?.get(key)?.to_string(), source));
        let set = from(layers.topic, ConfigSource::DynamicTopic)
            .or_else(|| from(layers.node, ConfigSource::DynamicBroker))
            .or_else(|| from(layers.cluster, ConfigSource::DynamicDefaultBroker));
        let (value, source) = match set {
            Some((value, source)) => (Some(value), source),
            None if key == MIN_ISR => (Some(self.min_isr.to_string()), ConfigSource::StaticBroker),
            None => (known.default_text(), ConfigSource::Default),
        };
        Some(EffectiveConfig { name: key.to_owned(), value, source, sensitive: false })
    }

    fn topic_configs(&self, layers: ConfigLayers<'_>) -> Vec<EffectiveConfig> {
        let keys = ["cleanup.policy", "flush.messages", MIN_ISR];
        keys.iter().filter_map(|key| self.topic_config(key, layers)).collect()
    }

    fn static_min_insync_replicas(&self) -> i32 {
        i32::try_from(self.min_isr).unwrap_or(i32::MAX)
    }
}

impl SimRules {
    /// Settings of a topic's partitions: small segments, so that logs roll in every history.
    pub(crate) fn of_topic(&self, image: &MetadataImage, topic: &str) -> Arc<PartitionSettings> {
        let layers = ConfigLayers {
            topic: image.configs().get(&ConfigResource::topic(topic)),
            node: None,
            cluster: image.configs().get(&ConfigResource::cluster()),
        };
        let number = |key: &str| {
            let config = self.topic_config(key, layers);
            config.and_then(|config| config.value).and_then(|value| value.parse::<u64>().ok())
        };
        let log = LogConfig {
            segment_bytes: 16 << 10,
            index_interval_bytes: 512,
            flush_messages: number("flush.messages")
                .filter(|most| *most < i64::MAX as u64)
                .unwrap_or(u64::MAX),
            retention_ms: None,
            ..LogConfig::default()
        };
        let produce = ProduceRules {
            origin: Origin::Client { produce_version: 12 },
            max_message_bytes: 1 << 20,
            compression: None,
            keys: KeyRule::Optional,
            timestamps: TimestampRule::CreateTime { before_max_ms: i64::MAX, after_max_ms: i64::MAX },
            max_record_bytes: i32::MAX,
        };
        let min_isr = number(MIN_ISR).and_then(|value| u32::try_from(value).ok()).unwrap_or(self.min_isr);
        Arc::new(PartitionSettings { log: Arc::new(log), produce, min_isr, ..PartitionSettings::default() })
    }
}
