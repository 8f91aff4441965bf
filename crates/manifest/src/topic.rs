//! What a KafkaTopic asks for, and what was observed of it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Condition;

/// A topic of a cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KafkaTopicSpec {
    /// The cluster it belongs to. Cannot change.
    pub cluster_ref: ClusterRef,
    /// Name in Kafka, where it is not a legal Kubernetes name; `metadata.name` if absent. Cannot change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic_name: Option<String>,
    /// Partitions; may only grow. The broker's `num.partitions` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub partitions: Option<i32>,
    /// Copies of each partition; changed by reassignment. The broker's `default.replication.factor`
    /// if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub replication_factor: Option<i16>,
    /// Topic configs by Kafka's names; a removed key goes back to the default.
    #[serde(default)]
    pub config: BTreeMap<String, String>,
    /// What happens to the topic when the resource is deleted.
    #[serde(default)]
    pub deletion_policy: DeletionPolicy,
    /// Pauses changes of this topic.
    #[serde(default)]
    pub suspend: bool,
}

/// Name of a KafkaCluster in the same namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClusterRef {
    /// `metadata.name` of the KafkaCluster.
    pub name: String,
}

/// The fate of the topic after its resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DeletionPolicy {
    /// Deleted with it.
    #[default]
    Delete,
    /// Stays.
    Retain,
}

/// What was last observed of a topic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct KafkaTopicStatus {
    /// Generation of the spec this belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// `Ready`, `Progressing`, `Conflict`.
    pub conditions: Vec<Condition>,
    /// Identity of the topic's incarnation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic_id: Option<String>,
    /// Partitions it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partitions: Option<i32>,
    /// Replicas of its first partition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replication_factor: Option<i16>,
    /// Partitions whose in-sync replicas are fewer than their replicas.
    pub under_replicated: i32,
}

impl KafkaTopicSpec {
    /// The name in Kafka, given the resource's own.
    pub fn kafka_name<'a>(&'a self, resource_name: &'a str) -> &'a str {
        self.topic_name.as_deref().unwrap_or(resource_name)
    }
}
