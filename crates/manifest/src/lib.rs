//! Spec and status types of KafkaCluster and KafkaTopic, read from YAML, and the rules a spec must
//! meet. `klamm up` reads them from a file; the operator wraps the same types as custom resources.

mod cluster;
mod cluster_status;
mod condition;
mod envelope;
mod pods;
mod quantity;
mod topic;
pub mod validate;
mod yaml;

pub use cluster::{
    Brokers, ControllerMode, Controllers, KafkaClusterSpec, Listener, ListenerType, OnScaleDown, Purpose,
    Rebalance, Rolling, ScaleDown, Storage, Suspend, Switch, Volume,
};
pub use cluster_status::{
    BrokerCounts, CertificatesStatus, KafkaClusterStatus, ListenerStatus, NodeStatus, OperationStatus,
    QuorumStatus, VoterStatus,
};
pub use condition::{Condition, ConditionStatus};
pub use envelope::{API_VERSION, Metadata, Resource};
pub use pods::{PodTemplate, RawObject, Resources};
pub use quantity::{ParseQuantityError, Quantity};
pub use topic::{ClusterRef, DeletionPolicy, KafkaTopicSpec, KafkaTopicStatus};
pub use yaml::{Manifest, ManifestError, read_manifest, read_status, write_document, write_status};
