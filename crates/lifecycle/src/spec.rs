//! The validated wish: parsed once from a manifest into types that cannot be wrong.

use std::collections::BTreeMap;

use klamm_config::{UpdateMode, table};
use klamm_manifest::{ControllerMode, KafkaClusterSpec, KafkaTopicSpec, Manifest, Suspend, validate};
use klamm_model::{NodeId, TopicId};

use crate::releases::level_of_release;

/// What a node does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeRole {
    /// Holds partitions.
    Broker,
    /// Votes in the metadata quorum.
    Controller,
    /// Both.
    Combined,
}

impl NodeRole {
    /// Whether it holds partitions.
    pub fn is_broker(self) -> bool {
        matches!(self, NodeRole::Broker | NodeRole::Combined)
    }

    /// Whether it votes.
    pub fn is_controller(self) -> bool {
        matches!(self, NodeRole::Controller | NodeRole::Combined)
    }

    /// `process.roles`.
    pub fn process_roles(self) -> &'static str {
        match self {
            NodeRole::Broker => "broker",
            NodeRole::Controller => "controller",
            NodeRole::Combined => "broker,controller",
        }
    }
}

/// One wanted node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeSpec {
    /// Its id.
    pub id: NodeId,
    /// Its role.
    pub role: NodeRole,
}

/// One wanted topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicSpec {
    /// Name of the resource.
    pub resource: String,
    /// Name in Kafka.
    pub name: String,
    /// Partitions, if the resource says so.
    pub partitions: Option<i32>,
    /// Replicas, if the resource says so.
    pub replication_factor: Option<i16>,
    /// Its configs; others are at their defaults.
    pub config: BTreeMap<String, String>,
    /// Whether changes are paused.
    pub suspended: bool,
}

/// One topic that is to go, because the resource that owned it was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicRemoval {
    /// Name of the resource.
    pub resource: String,
    /// Name in Kafka.
    pub name: String,
    /// The incarnation that the resource owned; no other is touched.
    pub topic_id: TopicId,
}

/// One wanted cluster with its topics.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterSpec {
    /// Name of the resource.
    pub name: String,
    /// Nodes by ascending id.
    pub nodes: Vec<NodeSpec>,
    /// Topics by name.
    pub topics: Vec<TopicSpec>,
    /// Topics that are to go. Empty as parsed from a manifest: only a host that saw a resource being
    /// deleted knows of them.
    pub removals: Vec<TopicRemoval>,
    /// Broker configs that change while brokers run; they are set as the default of all brokers.
    pub dynamic_config: BTreeMap<String, String>,
    /// Broker configs that take effect at a node's next start; they stand in its file.
    pub static_config: BTreeMap<String, String>,
    /// Level of `metadata.version` to finalize; `None`: the newest that all nodes support.
    pub metadata_version: Option<i16>,
    /// What is paused.
    pub suspend: Suspend,
    /// The resource's spec, for building configs of nodes.
    pub resource: KafkaClusterSpec,
}

/// Why a manifest cannot be planned for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// Broken rules, each a sentence.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Violations(Vec<validate::Violation>),
    /// A release that no level of `metadata.version` belongs to.
    #[error(
        "KafkaCluster/{cluster}: spec.metadataVersion: \"{release}\" is no release from 3.3 to 4.4 and no level \
         from 7 to 33"
    )]
    UnknownRelease {
        /// The cluster.
        cluster: String,
        /// What the manifest says.
        release: String,
    },
    /// No such cluster.
    #[error("the manifest has {found} KafkaClusters; one is needed here")]
    ClusterCount {
        /// How many there are.
        found: usize,
    },
}

impl ClusterSpec {
    /// The one cluster of a manifest and its topics.
    pub fn of_manifest(manifest: &Manifest) -> Result<ClusterSpec, SpecError> {
        let violations = validate::violations(manifest);
        if !violations.is_empty() {
            return Err(SpecError::Violations(violations));
        }
        let [cluster] = manifest.clusters.as_slice() else {
            return Err(SpecError::ClusterCount { found: manifest.clusters.len() });
        };
        let metadata_version = match &cluster.spec.metadata_version {
            Some(release) => Some(level_of_release(release).ok_or_else(|| SpecError::UnknownRelease {
                cluster: cluster.metadata.name.clone(),
                release: release.clone(),
            })?),
            None => None,
        };
        let mut topics: Vec<_> =
            manifest.topics.iter().map(|topic| topic_spec(&topic.metadata.name, &topic.spec)).collect();
        topics.sort_by(|a, b| a.name.cmp(&b.name));
        let config = cluster.spec.config.clone();
        let (dynamic_config, static_config) = config.into_iter().partition(|(key, _)| is_dynamic(key));
        Ok(ClusterSpec {
            name: cluster.metadata.name.clone(),
            nodes: nodes(&cluster.spec),
            topics,
            removals: Vec::new(),
            dynamic_config,
            static_config,
            metadata_version,
            suspend: cluster.spec.suspend,
            resource: cluster.spec.clone(),
        })
    }

    /// Nodes that vote, by ascending id.
    pub fn controllers(&self) -> impl Iterator<Item = &NodeSpec> {
        self.nodes.iter().filter(|node| node.role.is_controller())
    }

    /// The wanted node `id`.
    pub fn node(&self, id: NodeId) -> Option<&NodeSpec> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// Whether node `id` is to hold partitions.
    pub fn wants_broker(&self, id: NodeId) -> bool {
        self.node(id).is_some_and(|node| node.role.is_broker())
    }

    /// Whether node `id` is to vote.
    pub fn wants_controller(&self, id: NodeId) -> bool {
        self.node(id).is_some_and(|node| node.role.is_controller())
    }

    /// Nodes that hold partitions, by ascending id.
    pub fn brokers(&self) -> impl Iterator<Item = &NodeSpec> {
        self.nodes.iter().filter(|node| node.role.is_broker())
    }
}

/// Whether a broker config can be set as the default of all running brokers. Thread counts could, but
/// only in steps of at most a factor of two: they are left to restarts.
pub fn is_dynamic(key: &str) -> bool {
    let counts_threads = key.contains("thread") || key == "num.replica.fetchers";
    !counts_threads && table::dynamic_broker_key(key).is_some_and(|key| key.update == UpdateMode::ClusterWide)
}

fn topic_spec(resource: &str, spec: &KafkaTopicSpec) -> TopicSpec {
    TopicSpec {
        resource: resource.to_owned(),
        name: spec.kafka_name(resource).to_owned(),
        partitions: spec.partitions,
        replication_factor: spec.replication_factor,
        config: spec.config.clone(),
        suspended: spec.suspend,
    }
}

fn nodes(spec: &KafkaClusterSpec) -> Vec<NodeSpec> {
    let id = |value: u32| NodeId::at(i32::try_from(value).expect("counts of a validated spec are small"));
    let voters = spec.controllers.replicas;
    let combined = spec.controllers.mode == ControllerMode::Combined;
    let mut nodes: Vec<_> = (0..spec.brokers.replicas)
        .map(|index| {
            let role = if combined && index < voters { NodeRole::Combined } else { NodeRole::Broker };
            NodeSpec { id: id(index), role }
        })
        .collect();
    if !combined {
        let first = spec.controllers.id_start;
        nodes.extend(
            (first..first + voters).map(|value| NodeSpec { id: id(value), role: NodeRole::Controller }),
        );
    }
    nodes
}
