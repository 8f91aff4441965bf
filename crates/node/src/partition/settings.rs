//! What a partition goes by: its topic's settings, resolved once per change.

use std::sync::Arc;

use klamm_protocol::records::validate::ProduceRules;
use klamm_storage::LogConfig;

use crate::replication_quota::ThrottledPartitions;

/// Settings of one topic's partitions on this node.
#[derive(Clone, Debug, Default)]
pub struct PartitionSettings {
    /// Of the log.
    pub log: Arc<LogConfig>,
    /// Of produced batches; the origin is the request's.
    pub produce: ProduceRules,
    /// `min.insync.replicas`.
    pub min_isr: u32,
    /// Of those led here, to which sending is throttled (`leader.replication.throttled.replicas`).
    pub leader_throttled: ThrottledPartitions,
    /// Of those followed here, whose fetching is throttled (`follower.replication.throttled.replicas`).
    pub follower_throttled: ThrottledPartitions,
}
