//! Settings of a node that decisions depend on.

use std::collections::BTreeSet;
use std::time::Duration;

use klamm_config::Secret;
use klamm_model::NodeId;

use crate::image::SupportedFeatures;

/// Settings of this node that decisions depend on.
#[derive(Clone, Debug, PartialEq)]
pub struct ControllerSettings {
    /// This node.
    pub node_id: NodeId,
    /// The cluster.
    pub cluster_id: String,
    /// `num.partitions`.
    pub default_partitions: i32,
    /// `default.replication.factor`.
    pub default_replication_factor: i16,
    /// `delete.topic.enable`.
    pub delete_topics: DeleteTopicsAllowed,
    /// Nodes known to be controllers though they have not registered: those of
    /// `controller.quorum.voters`, and this one.
    pub quorum: BTreeSet<NodeId>,
    /// The levels of features that this node supports, `metadata.version` among them.
    pub features: SupportedFeatures,
    /// `broker.session.timeout.ms`.
    pub session_timeout: Duration,
    /// How delegation tokens are made.
    pub tokens: TokenSettings,
}

/// `delete.topic.enable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteTopicsAllowed {
    /// Topics may be deleted.
    Yes,
    /// Topics may not be deleted.
    No,
}

/// How delegation tokens are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSettings {
    /// `delegation.token.secret.key`; without it there are no tokens.
    pub secret: Option<Secret>,
    /// `delegation.token.max.lifetime.ms`.
    pub max_lifetime_ms: i64,
    /// `delegation.token.expiry.time.ms`.
    pub renew_lifetime_ms: i64,
}
