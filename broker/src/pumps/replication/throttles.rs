//! The throttles of replication of this broker, and their rates as the dynamic configs of brokers say (KIP-73; Kafka:
//! BrokerConfigHandler). The windows they are measured over are read at the start.

use std::sync::Arc;

use klamm_config::NodeConfig;
use klamm_config::node::QuotaWindow;
use klamm_metadata::MetadataImage;
use klamm_metadata::image::ConfigResource;
use klamm_model::BrokerId;
use klamm_node::replication_quota::ReplicationQuota;

/// Clones share what they count.
#[derive(Clone, Debug)]
pub struct Throttles {
    /// Of what is sent to followers.
    pub leader: Arc<ReplicationQuota>,
    /// Of what is fetched from leaders.
    pub follower: Arc<ReplicationQuota>,
    /// Of moves between directories.
    pub directories: Arc<ReplicationQuota>,
}

impl Throttles {
    /// Without bounds.
    pub fn new(config: &NodeConfig) -> Throttles {
        let quota = |window: QuotaWindow| Arc::new(ReplicationQuota::new(window.samples, window.length));
        let window = config.quota_windows.replication;
        let directories = quota(config.quota_windows.alter_log_dirs);
        Throttles { leader: quota(window), follower: quota(window), directories }
    }

    /// Takes the rates of `broker`, or those of the cluster.
    pub fn apply(&self, image: &MetadataImage, broker: BrokerId) {
        let rate = |key: &str| {
            let resources = [ConfigResource::broker(broker.get()), ConfigResource::cluster()];
            let configs = resources.iter().filter_map(|resource| image.configs().get(resource));
            let text = { configs }.find_map(|configs| configs.get(key))?;
            let rate = text.trim().parse().ok();
            if rate.is_none() {
                tracing::warn!(key, value = %text, "not a rate: nothing is throttled by it");
            }
            rate.filter(|rate| *rate != i64::MAX as u64)
        };
        self.leader.set_bound(rate("leader.replication.throttled.rate"));
        self.follower.set_bound(rate("follower.replication.throttled.rate"));
        self.directories.set_bound(rate("replica.alter.log.dirs.io.max.bytes.per.second"));
    }
}
