//! What was last observed of a KafkaCluster.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Condition;

/// Status of a cluster. Every field is an observation; nothing here steers the cluster but
/// `operation`, which says what was begun before a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct KafkaClusterStatus {
    /// Generation of the spec this belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// `Ready`, `Progressing`, `Degraded`, ...
    pub conditions: Vec<Condition>,
    /// Counts of brokers.
    pub brokers: BrokerCounts,
    /// Label selector of the broker pods, for the scale subresource; never absent.
    pub selector: String,
    /// Identity of the cluster, in the directories of all nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_id: Option<String>,
    /// Version all nodes run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Finalized `metadata.version`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata_version: Option<String>,
    /// The metadata quorum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quorum: Option<QuorumStatus>,
    /// Each node.
    pub nodes: Vec<NodeStatus>,
    /// Where clients connect.
    pub listeners: Vec<ListenerStatus>,
    /// The certificates of the admin service under Kubernetes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificates: Option<CertificatesStatus>,
    /// What is under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<OperationStatus>,
}

/// Counts of brokers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct BrokerCounts {
    /// That exist.
    pub replicas: u32,
    /// That serve clients.
    pub ready: u32,
    /// That run the present spec.
    pub updated: u32,
}

/// The metadata quorum.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct QuorumStatus {
    /// Node id of the active controller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leader_id: Option<i32>,
    /// Its epoch.
    pub epoch: i32,
    /// The voters.
    pub voters: Vec<VoterStatus>,
}

/// One voter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct VoterStatus {
    /// Node id.
    pub id: i32,
    /// Directory id of its metadata log.
    pub directory_id: String,
    /// Records it is behind the leader.
    pub lag: i64,
}

/// One node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeStatus {
    /// Node id.
    pub id: i32,
    /// `broker`, `controller` or `broker,controller`.
    pub role: String,
    /// `Starting`, `Recovering`, `Fenced`, `Running`, `Stopping`, `Stopped`.
    pub state: String,
    /// Version that it runs, as it tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Why it is not ready, as it tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Name of its pod under Kubernetes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod: Option<String>,
    /// Process id under `klamm up`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// Ids of its log directories.
    pub directory_ids: Vec<String>,
}

/// The certificates of the admin service. Times are RFC 3339.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct CertificatesStatus {
    /// Of a change of the authority: `Steady`, `Overlap`, `Reissue`.
    pub phase: String,
    /// Until when the nodes' certificate is valid.
    pub nodes_until: String,
    /// Until when their authority is.
    pub authority_until: String,
}

/// One listener as clients see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ListenerStatus {
    /// Name in the spec.
    pub name: String,
    /// `host:port,...` for `bootstrap.servers`.
    pub bootstrap: String,
}

/// An operation that takes several steps; written before its first act.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct OperationStatus {
    /// Unique id.
    pub id: String,
    /// `Bootstrap`, `ScaleUp`, `ScaleDown`, `Roll`, ...
    pub kind: String,
    /// The step it was at when this was written.
    pub step: String,
    /// RFC 3339 time it began.
    pub started_at: String,
    /// A sentence for people.
    pub message: String,
    /// Whether replicas are still to be spread over new brokers.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub spread_due: bool,
}
