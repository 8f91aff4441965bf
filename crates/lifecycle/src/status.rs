//! Turns an observation into the status that people read. Of it, only `operation` and whether there
//! ever was a quorum steer later plans.

use klamm_manifest::{
    BrokerCounts, Condition, ConditionStatus, KafkaClusterStatus, KafkaTopicStatus, ListenerStatus,
    NodeStatus, OperationStatus, QuorumStatus, VoterStatus,
};
use klamm_model::NodeId;

use crate::rules::Rules;
use crate::scene::Scene;
use crate::{ClusterSpec, ClusterView, Observed, ObservedTopic, Operation, Plan, Process};

/// Status of the cluster after a pass at `now` (RFC 3339), to be written before the plan's steps are
/// carried out. `before` is what was written last.
pub fn cluster_status(
    (spec, before): (&ClusterSpec, &KafkaClusterStatus),
    observed: &Observed,
    plan: &Plan,
    listeners: Vec<ListenerStatus>,
    now: &str,
) -> KafkaClusterStatus {
    let scene = Scene::new(spec, observed, Rules::default());
    let ready: Vec<NodeId> = spec.brokers().map(|node| node.id).filter(|id| scene.serves(*id)).collect();
    let updated =
        ready.iter().filter(|id| scene.node(**id).is_some_and(|seen| seen.outdated.is_none())).count();
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    KafkaClusterStatus {
        conditions: conditions(&scene, plan, &before.conditions, now),
        brokers: BrokerCounts {
            replicas: count(spec.brokers().filter(|node| observed.nodes.contains_key(&node.id)).count()),
            ready: count(ready.len()),
            updated: count(updated),
        },
        selector: format!("klamm.dev/cluster={}", spec.name),
        cluster_id: observed.cluster_id.map(|id| id.to_string()),
        metadata_version: metadata_version(observed).or_else(|| before.metadata_version.clone()),
        quorum: quorum(&scene).or_else(|| before.quorum.clone()),
        nodes: nodes(&scene),
        listeners,
        operation: operation(plan, before, now),
        ..KafkaClusterStatus::default()
    }
}

/// Status of one topic.
pub fn topic_status(observed: &ObservedTopic, plan: &Plan, now: &str) -> KafkaTopicStatus {
    let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    KafkaTopicStatus {
        conditions: vec![ready_condition(plan, now)],
        topic_id: Some(observed.topic_id.to_string()),
        partitions: Some(count(observed.partitions.len())),
        replication_factor: Some(i16::try_from(observed.replication_factor()).unwrap_or(i16::MAX)),
        under_replicated: count(observed.under_replicated()),
        ..KafkaTopicStatus::default()
    }
}

fn metadata_version(observed: &Observed) -> Option<String> {
    match &observed.cluster {
        ClusterView::Known(cluster) => cluster.metadata_version.map(|level| level.to_string()),
        ClusterView::Unknown => None,
    }
}

fn quorum(scene: &Scene<'_>) -> Option<QuorumStatus> {
    let quorum = scene.quorum()?;
    let voters = quorum.voters.iter().map(|voter| VoterStatus {
        id: voter.id.get(),
        directory_id: voter.directory_id.map(|id| id.to_string()).unwrap_or_default(),
        lag: i64::try_from(voter.lag).unwrap_or(i64::MAX),
    });
    Some(QuorumStatus { leader_id: Some(quorum.leader.get()), epoch: quorum.epoch, voters: voters.collect() })
}

fn nodes(scene: &Scene<'_>) -> Vec<NodeStatus> {
    let wanted = scene.spec.nodes.iter().map(|node| node.id);
    let leaving = scene.unwanted().filter(|(_, node)| node.process.lives()).map(|(id, _)| id);
    let mut ids: Vec<NodeId> = wanted.chain(leaving).collect();
    ids.sort_unstable();
    let status = |id: NodeId| NodeStatus {
        id: id.get(),
        role: scene.role(id).map(|role| role.process_roles().to_owned()).unwrap_or_default(),
        state: state_word(scene, id).to_owned(),
        ..NodeStatus::default()
    };
    ids.into_iter().map(status).collect()
}

fn state_word(scene: &Scene<'_>, id: NodeId) -> &'static str {
    match scene.node(id).map(|node| &node.process) {
        Some(Process::Running { .. }) if scene.serves(id) => "Running",
        Some(Process::Running { answers: true, .. }) => "Fenced",
        Some(Process::Running { answers: false, .. }) => "Starting",
        Some(Process::Stopping) => "Stopping",
        Some(Process::Failed { .. }) => "Failed",
        Some(Process::Absent) | None => "Stopped",
    }
}

fn operation(plan: &Plan, before: &KafkaClusterStatus, now: &str) -> Option<OperationStatus> {
    let operation = plan.operation.or(plan.spread_due.then_some(Operation::ScaleUp))?;
    let kind = operation.name();
    let same = before.operation.as_ref().filter(|known| known.kind == kind);
    let step = plan.steps.first().map(|step| step.action.to_string());
    let message = plan.steps.first().map(|step| step.reason.clone());
    Some(OperationStatus {
        id: same.map_or_else(|| format!("{kind}-{now}"), |known| known.id.clone()),
        kind: kind.to_owned(),
        step: step.or_else(|| same.map(|known| known.step.clone())).unwrap_or_default(),
        started_at: same.map_or_else(|| now.to_owned(), |known| known.started_at.clone()),
        message: message.or_else(|| plan.waits.first().cloned()).unwrap_or_default(),
        spread_due: plan.spread_due,
    })
}

fn conditions(scene: &Scene<'_>, plan: &Plan, before: &[Condition], now: &str) -> Vec<Condition> {
    let healthy = scene.quorum().is_some();
    let quorum = Condition {
        kind: "QuorumHealthy".to_owned(),
        status: match (healthy, scene.cluster()) {
            (true, _) => ConditionStatus::True,
            (false, Some(_)) => ConditionStatus::False,
            (false, None) => ConditionStatus::Unknown,
        },
        reason: if healthy { "Leads" } else { "NoLeader" }.to_owned(),
        message: scene.quorum().map_or_else(
            || "no active controller was seen".to_owned(),
            |quorum| format!("node {} is the active controller", quorum.leader),
        ),
        last_transition_time: now.to_owned(),
        observed_generation: None,
    };
    let mut conditions = vec![ready_condition(plan, now), quorum];
    for condition in &mut conditions {
        let same = before.iter().find(|old| old.kind == condition.kind && old.status == condition.status);
        if let Some(same) = same {
            condition.last_transition_time.clone_from(&same.last_transition_time);
        }
    }
    conditions
}

fn ready_condition(plan: &Plan, now: &str) -> Condition {
    let (status, reason, message) = if let Some(first) = plan.blocked.first() {
        (ConditionStatus::False, "Blocked", first.clone())
    } else if let Some(step) = plan.steps.first() {
        (ConditionStatus::False, "Progressing", step.to_string())
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
