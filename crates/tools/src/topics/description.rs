//! A topic as `--describe` shows it.

use std::io::{self, Write};

use klamm_protocol::messages::describe_configs_response::DescribeConfigsResult;
use klamm_protocol::messages::describe_topic_partitions_response::{
    DescribeTopicPartitionsResponsePartition, DescribeTopicPartitionsResponseTopic,
};
use klamm_protocol::messages::list_partition_reassignments_response::OngoingPartitionReassignment;
use serde_json::{Value, json};

use crate::java;

/// DescribeConfigs' number of a config that nobody set.
const DEFAULT_SOURCE: i8 = 5;

/// A topic, its configs and its moves.
pub(super) struct Description<'a> {
    pub(super) topic: &'a DescribeTopicPartitionsResponseTopic,
    pub(super) configs: Option<&'a DescribeConfigsResult>,
    pub(super) moves: Vec<&'a OngoingPartitionReassignment>,
}

impl Description<'_> {
    fn name(&self) -> &str {
        self.topic.name.as_deref().unwrap_or_default()
    }

    /// Configs that somebody set, with their values, in the order of Java's map of all.
    fn overrides(&self) -> Vec<(&str, &str)> {
        let all = self.configs.map(|result| result.configs.iter().collect()).unwrap_or_default();
        let ordered = java::hash_map_order(all, |config| &config.name);
        let set = ordered.into_iter().filter(|config| config.config_source != DEFAULT_SOURCE);
        set.map(|config| (config.name.as_str(), config.value.as_deref().unwrap_or("null"))).collect()
    }

    /// Whether the topic has a config of its own or of its broker.
    pub(super) fn has_overrides(&self) -> bool {
        !self.overrides().is_empty()
    }

    fn min_isr(&self) -> usize {
        let configs = self.configs.map(|result| result.configs.as_slice()).unwrap_or_default();
        let found = configs.iter().find(|config| config.name == "min.insync.replicas");
        found.and_then(|config| config.value.as_deref()?.parse().ok()).unwrap_or(1)
    }

    fn move_of(
        &self,
        partition: &DescribeTopicPartitionsResponsePartition,
    ) -> Option<&OngoingPartitionReassignment> {
        self.moves.iter().copied().find(|found| found.partition_index == partition.partition_index)
    }

    /// Replicas the partition has when its move is over.
    fn replication_factor(&self, partition: &DescribeTopicPartitionsResponsePartition) -> usize {
        match self.move_of(partition) {
            Some(found) if found.replicas.iter().any(|id| is_changing(found, *id)) => {
                found.replicas.len().saturating_sub(found.adding_replicas.len())
            }
            Some(_) | None => partition.replica_nodes.len(),
        }
    }

    /// Whether the partition belongs to the report `report`, with these brokers alive.
    pub(super) fn is_reported(
        &self,
        partition: &DescribeTopicPartitionsResponsePartition,
        report: &str,
        live: &[i32],
    ) -> bool {
        let has_leader = partition.leader_id >= 0;
        let in_sync = partition.isr_nodes.len();
        match report {
            "under-replicated-partitions" => self.replication_factor(partition) > in_sync,
            "unavailable-partitions" => !has_leader || !live.contains(&partition.leader_id),
            "under-min-isr-partitions" => !has_leader || in_sync < self.min_isr(),
            "at-min-isr-partitions" => in_sync == self.min_isr(),
            _ => false,
        }
    }

    /// The line about the topic.
    pub(super) fn print_head(&self, out: &mut dyn Write) -> io::Result<()> {
        let id = self.topic.topic_id;
        write!(out, "Topic: {}", self.name())?;
        if id != klamm_model::Uuid::ZERO {
            write!(out, "\tTopicId: {id}")?;
        }
        let factor = self.topic.partitions.first().map_or(0, |first| self.replication_factor(first));
        let configs: Vec<String> =
            self.overrides().iter().map(|(name, value)| format!("{name}={value}")).collect();
        writeln!(
            out,
            "\tPartitionCount: {}\tReplicationFactor: {factor}\tConfigs: {}",
            self.topic.partitions.len(),
            configs.join(",")
        )
    }

    /// The line about a partition.
    pub(super) fn print_partition(
        &self,
        partition: &DescribeTopicPartitionsResponsePartition,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let leader = match partition.leader_id {
            0.. => partition.leader_id.to_string(),
            _ => "none".to_owned(),
        };
        write!(
            out,
            "\tTopic: {}\tPartition: {}\tLeader: {leader}\tReplicas: {}\tIsr: {}",
            self.name(),
            partition.partition_index,
            ids(&partition.replica_nodes),
            ids(&partition.isr_nodes)
        )?;
        if let Some(found) = self.move_of(partition) {
            let (adding, removing) = (ids(&found.adding_replicas), ids(&found.removing_replicas));
            write!(out, "\tAdding Replicas: {adding}\tRemoving Replicas: {removing}")?;
        }
        let known = |list: &Option<Vec<i32>>| list.as_deref().map_or_else(|| "N/A".to_owned(), ids);
        let elr = known(&partition.eligible_leader_replicas);
        writeln!(out, "\tElr: {elr}\tLastKnownElr: {}", known(&partition.last_known_elr))
    }

    /// The topic with `partitions` of it.
    pub(super) fn to_json(&self, partitions: &[&DescribeTopicPartitionsResponsePartition]) -> Value {
        let partitions = partitions.iter().map(|partition| {
            json!({
                "partition": partition.partition_index,
                "leader": (partition.leader_id >= 0).then_some(partition.leader_id),
                "leader_epoch": partition.leader_epoch,
                "replicas": partition.replica_nodes,
                "isr": partition.isr_nodes,
                "elr": partition.eligible_leader_replicas,
                "last_known_elr": partition.last_known_elr,
                "offline": partition.offline_replicas,
            })
        });
        let configs: serde_json::Map<String, Value> =
            self.overrides().into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
        json!({
            "topic": self.name(),
            "topic_id": self.topic.topic_id.to_string(),
            "internal": self.topic.is_internal,
            "configs": configs,
            "partitions": partitions.collect::<Vec<_>>(),
        })
    }
}

fn is_changing(found: &OngoingPartitionReassignment, id: i32) -> bool {
    found.adding_replicas.contains(&id) || found.removing_replicas.contains(&id)
}

fn ids(ids: &[i32]) -> String {
    let ids: Vec<String> = ids.iter().map(i32::to_string).collect();
    ids.join(",")
}
