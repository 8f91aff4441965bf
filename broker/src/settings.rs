//! The node's configuration as it takes effect now, and what follows from it for topics.

use std::sync::Arc;

use arc_swap::ArcSwap;
use klamm_config::alter::{self, AlterError};
use klamm_config::describe::{
    EffectiveTopicConfig, TopicLayers, effective_topic_config, effective_topic_configs,
};
use klamm_config::{
    BrokerTarget, LayeredConfig, NodeConfig, StaticConfig, ThrottledReplicas, TimestampType,
    TopicCompression, TopicSettings,
};
use klamm_metadata::controller::{ConfigLayers, ConfigRules, ConfigSource, EffectiveConfig};
use klamm_metadata::image::{ConfigMap, ConfigResource, ConfigResourceType};
use klamm_metadata::{ApiError, MetadataImage};
use klamm_node::partition::PartitionSettings;
use klamm_node::replication_quota::ThrottledPartitions;
use klamm_protocol::ErrorCode;
use klamm_protocol::records::compression::{Codec, Compression};
use klamm_protocol::records::validate::{KeyRule, Origin, ProduceRules, TimestampRule};
use klamm_storage::{CleanupPolicy, LogConfig};

/// The layers of the configuration, replaced as a whole when dynamic configs change.
#[derive(Clone, Debug)]
pub struct SettingsSource {
    layers: Arc<ArcSwap<LayeredConfig>>,
}

impl SettingsSource {
    /// Begins with the file alone.
    pub fn new(config: NodeConfig) -> SettingsSource {
        SettingsSource { layers: Arc::new(ArcSwap::from_pointee(LayeredConfig::of_file(config))) }
    }

    /// The layers now.
    pub fn layers(&self) -> Arc<LayeredConfig> {
        self.layers.load_full()
    }

    /// Takes the dynamic configs of brokers from an image.
    pub fn apply(&self, image: &MetadataImage) {
        let mut layers = (*self.layers()).clone();
        let node = layers.effective().node_id.get();
        let targets = [
            (BrokerTarget::ClusterDefault, ConfigResource::cluster()),
            (BrokerTarget::ThisBroker, ConfigResource::broker(node)),
        ];
        for (target, resource) in targets {
            let empty = ConfigMap::new();
            let applied = layers.apply(target, image.configs().get(&resource).unwrap_or(&empty));
            for complaint in applied.complaints {
                tracing::warn!(%complaint, "dynamic config not applied");
            }
            layers = applied.config;
        }
        self.layers.store(Arc::new(layers));
    }

    /// Settings of a topic's partitions.
    pub fn of_topic(&self, image: &MetadataImage, topic: &str) -> Arc<PartitionSettings> {
        let layers = self.layers();
        let empty = ConfigMap::new();
        let overrides = image.configs().get(&ConfigResource::topic(topic)).unwrap_or(&empty);
        let settings = TopicSettings::resolve(layers.effective(), overrides).or_else(|error| {
            tracing::error!(%topic, %error, "topic configs cannot be used; the defaults hold");
            TopicSettings::resolve(layers.effective(), &())
        });
        let settings = settings.expect("the node's own settings were checked at the start");
        Arc::new(partition_settings(&settings, layers.effective().node_id.get()))
    }
}

fn partition_settings(settings: &TopicSettings, broker: i32) -> PartitionSettings {
    let millis = |duration: std::time::Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    let produce = ProduceRules {
        origin: Origin::Client { produce_version: 0 },
        max_message_bytes: i32::try_from(settings.max_message_bytes).unwrap_or(i32::MAX),
        compression: compression(settings.compression),
        keys: if settings.cleanup.compacts() { KeyRule::Required } else { KeyRule::Optional },
        timestamps: match settings.timestamp_type {
            TimestampType::LogAppendTime => TimestampRule::LogAppendTime,
            TimestampType::CreateTime => TimestampRule::CreateTime {
                before_max_ms: millis(settings.timestamp_before_max),
                after_max_ms: millis(settings.timestamp_after_max),
            },
        },
        max_record_bytes: i32::try_from(settings.max_decompressed_message_bytes).unwrap_or(i32::MAX),
    };
    PartitionSettings {
        log: Arc::new(log_config(settings)),
        produce,
        min_isr: settings.min_insync_replicas,
        leader_throttled: throttled(&settings.leader_throttled, broker),
        follower_throttled: throttled(&settings.follower_throttled, broker),
    }
}

/// Those of the replicas that are on this broker.
fn throttled(replicas: &ThrottledReplicas, broker: i32) -> ThrottledPartitions {
    match replicas {
        ThrottledReplicas::All => ThrottledPartitions::All,
        ThrottledReplicas::These(replicas) if replicas.is_empty() => ThrottledPartitions::None,
        ThrottledReplicas::These(replicas) => {
            let here = replicas.iter().filter(|(_, on)| *on == broker);
            ThrottledPartitions::These(here.map(|(partition, _)| *partition).collect())
        }
    }
}

fn compression(compression: TopicCompression) -> Option<Compression> {
    let levelled = |codec, level| Compression::with_level(codec, level).unwrap_or(Compression::new(codec));
    match compression {
        TopicCompression::Producer => None,
        TopicCompression::Uncompressed => Some(Compression::new(Codec::None)),
        TopicCompression::Gzip(level) => Some(levelled(Codec::Gzip, level)),
        TopicCompression::Snappy => Some(Compression::new(Codec::Snappy)),
        TopicCompression::Lz4(level) => Some(levelled(Codec::Lz4, level)),
        TopicCompression::Zstd(level) => Some(levelled(Codec::Zstd, level)),
    }
}

fn log_config(settings: &TopicSettings) -> LogConfig {
    let never = |duration: std::time::Duration| duration.as_millis() >= i64::MAX as u128;
    LogConfig {
        segment_bytes: settings.segment_bytes,
        segment_ms: settings.segment_age,
        segment_jitter_ms: settings.segment_jitter,
        segment_index_bytes: settings.index_max_bytes,
        index_interval_bytes: settings.index_interval_bytes,
        flush_messages: if settings.flush_messages >= i64::MAX as u64 {
            u64::MAX
        } else {
            settings.flush_messages
        },
        flush_ms: (!never(settings.flush_age)).then_some(settings.flush_age),
        retention_bytes: settings.retention_bytes,
        retention_ms: settings.retention,
        cleanup: CleanupPolicy { delete: settings.cleanup.deletes(), compact: settings.cleanup.compacts() },
        file_delete_delay: settings.file_delete_delay,
        delete_retention: settings.delete_retention,
        min_compaction_lag: settings.min_compaction_lag,
        max_compaction_lag: (!never(settings.max_compaction_lag)).then_some(settings.max_compaction_lag),
        min_cleanable_dirty_ratio: settings.min_cleanable_dirty_ratio,
        max_message_bytes: settings.max_message_bytes,
        max_decompressed_message_bytes: settings.max_decompressed_message_bytes,
        preallocate: settings.preallocate,
    }
}

/// The controller's questions about configs, answered by the table and this node's file.
#[derive(Clone, Debug)]
pub struct TableRules {
    /// Where the node's own values come from.
    pub source: SettingsSource,
}

impl ConfigRules for TableRules {
    fn validate(
        &self,
        resource: &ConfigResource,
        proposed: &ConfigMap,
        existing: &ConfigMap,
    ) -> Result<(), ApiError> {
        let layers = self.source.layers();
        let node = layers.effective();
        let checked = match resource.kind {
            ConfigResourceType::Topic => alter::check_topic(node, &resource.name, existing, proposed),
            // The broker itself checks what concerns it before it passes the request on.
            ConfigResourceType::Broker => Ok(()),
            ConfigResourceType::Group => alter::check_group(node, &resource.name, proposed),
            ConfigResourceType::ClientMetrics => alter::check_client_metrics(&resource.name, proposed),
            ConfigResourceType::BrokerLogger | ConfigResourceType::Unknown(_) => {
                Err(AlterError::Request(format!("Unexpected resource type {:?}", resource.kind)))
            }
        };
        checked.map_err(|error| {
            let code = match &error {
                AlterError::Config(_) => ErrorCode::InvalidConfig,
                AlterError::Request(_) => ErrorCode::InvalidRequest,
                AlterError::TopicName(_) => ErrorCode::InvalidTopicException,
            };
            ApiError::new(code, error.to_string())
        })
    }

    fn topic_config(&self, key: &str, layers: ConfigLayers<'_>) -> Option<EffectiveConfig> {
        let node = self.source.layers();
        with_layers(layers, node.file(), |layers| effective_topic_config(layers, key)).map(effective)
    }

    fn topic_configs(&self, layers: ConfigLayers<'_>) -> Vec<EffectiveConfig> {
        let node = self.source.layers();
        let configs = with_layers(layers, node.file(), effective_topic_configs);
        configs.into_iter().map(effective).collect()
    }

    fn static_min_insync_replicas(&self) -> i32 {
        let layers = self.source.layers();
        layers
            .file()
            .originals()
            .get("min.insync.replicas")
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(1)
    }
}

fn with_layers<R>(
    layers: ConfigLayers<'_>,
    file: &StaticConfig,
    look: impl FnOnce(TopicLayers<'_>) -> R,
) -> R {
    let empty = ConfigMap::new();
    look(TopicLayers {
        topic: layers.topic.unwrap_or(&empty),
        broker: layers.node.unwrap_or(&empty),
        cluster: layers.cluster.unwrap_or(&empty),
        file,
    })
}

fn effective(config: EffectiveTopicConfig) -> EffectiveConfig {
    EffectiveConfig {
        name: config.name.to_owned(),
        value: config.value,
        source: source(config.source),
        sensitive: config.is_sensitive,
    }
}

fn source(source: klamm_config::describe::ConfigSource) -> ConfigSource {
    use klamm_config::describe::ConfigSource as Described;
    match source {
        Described::Topic => ConfigSource::DynamicTopic,
        Described::DynamicBroker => ConfigSource::DynamicBroker,
        Described::DynamicDefaultBroker => ConfigSource::DynamicDefaultBroker,
        Described::StaticBroker => ConfigSource::StaticBroker,
        _ => ConfigSource::Default,
    }
}
