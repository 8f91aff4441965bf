//! What a cluster needs next, as a pure function: `plan(spec, observed) -> Plan`.
//!
//! The Kubernetes operator and `klamm up` observe in their own ways and carry out the same actions.
//! A plan holds no memory: whatever crashed in between, the next pass observes and plans afresh.

mod action;
mod observed;
mod plan;
mod releases;
mod rules;
mod scene;
mod sentence;
mod spec;
mod status;

pub use action::{Action, Disruption, Founding, Operation, PartitionMove, Plan, Step};
pub use observed::{
    ClusterView, Directory, Endpoint, Observed, ObservedBroker, ObservedCluster, ObservedDisks, ObservedNode,
    ObservedPartition, ObservedQuorum, ObservedReplica, ObservedTopic, Process,
};
pub use plan::plan;
pub use releases::level_of_release;
pub use spec::{ClusterSpec, NodeRole, NodeSpec, SpecError, TopicRemoval, TopicSpec, is_dynamic};
pub use status::{cluster_status, topic_status};
