//! Turns an observation into the status that people read; nothing is planned from it.

use klamm_manifest::{
    BrokerCounts, Condition, ConditionStatus, KafkaClusterStatus, KafkaTopicStatus, ListenerStatus,
    NodeStatus,
};

use crate::{ClusterSpec, Observed, ObservedTopic, Plan, Process};

/// Status of the cluster after a pass at `now` (RFC 3339).
pub fn cluster_status(
    spec: &ClusterSpec,
    observed: &Observed,
    plan: &Plan,
    listeners: Vec<ListenerStatus>,
    now: &str,
) -> KafkaClusterStatus {
    let is_ready = |id| observed.nodes.get(id).is_some_and(|node| node.process == Process::Ready);
    let ready = spec.brokers().filter(|node| is_ready(&node.id)).count();
    let nodes = spec
        .nodes
        .iter()
        .map(|node| NodeStatus {
            id: node.id.get(),
            role: node.role.process_roles().to_owned(),
            state: state_word(observed.nodes.get(&node.id).map(|seen| &seen.process)).to_owned(),
            ..NodeStatus::default()
        })
        .collect();
    KafkaClusterStatus {
        conditions: vec![ready_condition(plan, now)],
        brokers: BrokerCounts {
            replicas: u32::try_from(spec.brokers().count()).unwrap_or(u32::MAX),
            ready: u32::try_from(ready).unwrap_or(u32::MAX),
            updated: u32::try_from(ready).unwrap_or(u32::MAX),
        },
        selector: format!("klamm.dev/cluster={}", spec.name),
        cluster_id: observed.cluster_id.map(|id| id.to_string()),
        nodes,
        listeners,
        ..KafkaClusterStatus::default()
    }
}

/// Status of one topic.
pub fn topic_status(observed: &ObservedTopic, plan: &Plan, now: &str) -> KafkaTopicStatus {
    KafkaTopicStatus {
        conditions: vec![ready_condition(plan, now)],
        topic_id: Some(observed.topic_id.to_string()),
        partitions: Some(observed.partitions),
        replication_factor: Some(observed.replication_factor),
        under_replicated: observed.under_replicated,
        ..KafkaTopicStatus::default()
    }
}

fn state_word(process: Option<&Process>) -> &'static str {
    match process {
        Some(Process::Ready) => "Running",
        Some(Process::Starting) => "Starting",
        Some(Process::Failed(_)) => "Failed",
        Some(Process::Absent) | None => "Stopped",
    }
}

fn ready_condition(plan: &Plan, now: &str) -> Condition {
    let (status, reason, message) = if let Some(first) = plan.blocked.first() {
        (ConditionStatus::False, "Blocked", first.clone())
    } else if let Some(step) = plan.steps.first() {
        (ConditionStatus::False, "Progressing", step.reason.clone())
    } else if let Some(first) = plan.waits.first() {
        (ConditionStatus::False, "Waiting", first.clone())
    } else {
        (ConditionStatus::True, "AsSpecified", "the cluster is as its spec wants it".to_owned())
    };
    Condition {
        kind: "Ready".to_owned(),
        status,
        reason: reason.to_owned(),
        message,
        last_transition_time: now.to_owned(),
        observed_generation: None,
    }
}
