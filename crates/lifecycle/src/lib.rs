//! What a cluster needs next, as a pure function: `plan(spec, observed) -> Plan`.
//!
//! The Kubernetes operator and `klamm up` observe in their own ways and carry out the same actions.
//! A plan holds no memory: whatever crashed in between, the next pass observes and plans afresh.

mod action;
mod observed;
mod plan;
mod spec;
mod status;

pub use action::{Action, Disruption, Plan, Step};
pub use observed::{Directory, Observed, ObservedNode, ObservedTopic, Process, TopicsView};
pub use plan::plan;
pub use spec::{ClusterSpec, NodeRole, NodeSpec, SpecError, TopicSpec};
pub use status::{cluster_status, topic_status};
