//! Topics follow their resources: created, grown, configured. A topic is deleted only in the
//! incarnation that a deleted resource owned, and only where no other resource wants it.

use std::collections::BTreeMap;

use crate::scene::Scene;
use crate::sentence::counted;
use crate::{Action, ObservedTopic, Plan, Process, TopicSpec};

/// Topic configs that others set for a while or for good: the controller, and tools that throttle.
const NOT_OURS: [&str; 3] = [
    "min.insync.replicas",
    "leader.replication.throttled.replicas",
    "follower.replication.throttled.replicas",
];

pub(super) fn plan_topics(scene: &Scene<'_>, plan: &mut Plan) {
    let Some(cluster) = scene.cluster() else { return };
    for removal in &scene.spec.removals {
        let wanted = scene.spec.topics.iter().any(|topic| topic.name == removal.name);
        let seen = cluster.topics.get(&removal.name);
        if !wanted && seen.is_some_and(|seen| seen.topic_id == removal.topic_id.get()) {
            let action = Action::DeleteTopic { name: removal.name.clone(), topic_id: removal.topic_id };
            plan.step(action, format!("KafkaTopic/{} was deleted", removal.resource));
        }
    }
    for topic in scene.spec.topics.iter().filter(|topic| !topic.suspended) {
        match cluster.topics.get(&topic.name) {
            Some(seen) => plan_existing(scene, topic, seen, plan),
            None => plan_missing(scene, topic, plan),
        }
    }
}

/// Replicas the topic is to have: its resource's, or the brokers' default.
fn wanted_factor(scene: &Scene<'_>, topic: &TopicSpec) -> usize {
    let default = scene.spec.static_config.get("default.replication.factor");
    let factor = topic.replication_factor.or_else(|| default?.parse().ok()).unwrap_or(1);
    usize::try_from(factor).unwrap_or(1)
}

/// Refuses a replication factor that no scale of the spec can have.
fn is_too_wide(scene: &Scene<'_>, topic: &TopicSpec, plan: &mut Plan) -> bool {
    let brokers = scene.spec.brokers().count();
    let factor = wanted_factor(scene, topic);
    let too_wide = factor > brokers;
    if too_wide {
        plan.block(format!(
            "KafkaTopic/{}: spec.replicationFactor: {factor} is more than the {} of the cluster",
            topic.resource,
            counted(brokers, "broker")
        ));
    }
    too_wide
}

fn plan_missing(scene: &Scene<'_>, topic: &TopicSpec, plan: &mut Plan) {
    if is_too_wide(scene, topic, plan) {
        return;
    }
    let factor = wanted_factor(scene, topic);
    let serving = scene.spec.brokers().filter(|node| scene.broker_serves(node.id)).count();
    if serving < factor || brokers_are_coming(scene) {
        return plan.wait(format!("topic {} is created once the brokers serve", topic.name));
    }
    let action = Action::CreateTopic {
        name: topic.name.clone(),
        partitions: topic.partitions,
        replication_factor: topic.replication_factor,
        config: topic.config.clone(),
    };
    plan.step(action, format!("topic {} does not exist", topic.name));
}

/// Whether a wanted broker is about to serve: a topic created now would leave it empty.
fn brokers_are_coming(scene: &Scene<'_>) -> bool {
    let coming = |process: &Process| match process {
        Process::Absent | Process::Stopping | Process::Running { .. } => true,
        Process::Failed { .. } => false,
    };
    scene
        .spec
        .brokers()
        .filter(|node| !scene.broker_serves(node.id) && !scene.is_overdue(node.id))
        .any(|node| scene.node(node.id).is_some_and(|seen| coming(&seen.process)))
}

fn plan_existing(scene: &Scene<'_>, topic: &TopicSpec, seen: &ObservedTopic, plan: &mut Plan) {
    let (name, resource) = (&topic.name, &topic.resource);
    is_too_wide(scene, topic, plan);
    let present = i32::try_from(seen.partitions.len()).unwrap_or(i32::MAX);
    match topic.partitions {
        Some(wanted) if wanted > present => {
            let reason = format!("topic {name} has {present} of {wanted} partitions");
            plan.step(Action::GrowTopic { name: name.clone(), partitions: wanted }, reason);
        }
        Some(wanted) if wanted < present => plan.block(format!(
            "KafkaTopic/{resource}: spec.partitions: {wanted} is less than the {present} it has; partitions only grow"
        )),
        Some(_) | None => {}
    }
    plan_config(topic, seen, plan);
    let moving = seen.partitions.iter().filter(|partition| partition.is_moving()).count();
    if let Some(wanted) = topic.replication_factor
        && moving > 0
        && seen
            .partitions
            .iter()
            .any(|partition| partition.replicas.len() != usize::try_from(wanted).unwrap_or(1))
    {
        plan.wait(format!("{} of topic {name} move", counted(moving, "partition")));
    }
}

fn plan_config(topic: &TopicSpec, seen: &ObservedTopic, plan: &mut Plan) {
    let set: BTreeMap<_, _> = topic
        .config
        .iter()
        .filter(|(key, value)| seen.config.get(*key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let ours = |key: &&String| !topic.config.contains_key(*key) && !NOT_OURS.contains(&key.as_str());
    let remove: Vec<_> = seen.config.keys().filter(ours).cloned().collect();
    if set.is_empty() && remove.is_empty() {
        return;
    }
    let reason =
        format!("configs of topic {} differ: {} to set, {} to remove", topic.name, set.len(), remove.len());
    plan.step(Action::ConfigureTopic { name: topic.name.clone(), set, remove }, reason);
}
