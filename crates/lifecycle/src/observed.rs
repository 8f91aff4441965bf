//! What was seen of a cluster in one pass. Unknown is never taken for healthy.

use std::collections::BTreeMap;

use klamm_model::{NodeId, Uuid};

/// One pass of observation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Identity found in the nodes' directories or recorded in the status.
    pub cluster_id: Option<Uuid>,
    /// Every node that exists in any way, wanted or not.
    pub nodes: BTreeMap<NodeId, ObservedNode>,
    /// The topics, as far as the cluster answered.
    pub topics: TopicsView,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedNode {
    /// Its log directories.
    pub directory: Directory,
    /// Its process or pod.
    pub process: Process,
}

/// State of a node's log directories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Directory {
    /// Not formatted.
    Empty,
    /// Formatted for this node.
    Formatted {
        /// Whose cluster.
        cluster_id: Uuid,
    },
    /// Not usable for this node; the sentence says why.
    Foreign(String),
}

/// State of a node's process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Process {
    /// Does not run.
    Absent,
    /// Runs, and does not serve yet.
    Starting,
    /// Serves: a broker is unfenced, a controller knows the leader.
    Ready,
    /// Ended by itself; the sentence says how.
    Failed(String),
}

/// The topics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TopicsView {
    /// The cluster did not answer.
    #[default]
    Unknown,
    /// All topics by name.
    Known(BTreeMap<String, ObservedTopic>),
}

/// One topic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObservedTopic {
    /// Identity of this incarnation.
    pub topic_id: Uuid,
    /// How many partitions.
    pub partitions: i32,
    /// Replicas of partition 0.
    pub replication_factor: i16,
    /// Configs set on the topic itself.
    pub config: BTreeMap<String, String>,
    /// Partitions whose ISR is smaller than their replicas.
    pub under_replicated: i32,
}
