//! Topics follow their resources: created, grown, configured. Nothing here deletes data.

use std::collections::BTreeMap;

use crate::{Action, ClusterSpec, Observed, ObservedTopic, Plan, TopicSpec, TopicsView};

pub(super) fn plan_topics(spec: &ClusterSpec, observed: &Observed, plan: &mut Plan) {
    let known = match &observed.topics {
        TopicsView::Known(known) => known,
        TopicsView::Unknown => return plan.wait("the cluster has not told its topics"),
    };
    for topic in spec.topics.iter().filter(|topic| !topic.suspended) {
        match known.get(&topic.name) {
            Some(seen) => plan_existing(topic, seen, plan),
            None => plan_missing(spec, topic, plan),
        }
    }
}

fn plan_missing(spec: &ClusterSpec, topic: &TopicSpec, plan: &mut Plan) {
    let brokers = spec.brokers().count();
    let factor = topic.replication_factor.unwrap_or(1);
    if usize::try_from(factor).is_ok_and(|factor| factor > brokers) {
        plan.block(format!(
            "KafkaTopic/{}: spec.replicationFactor: {factor} is more than the {brokers} brokers",
            topic.resource
        ));
        return;
    }
    let action = Action::CreateTopic {
        name: topic.name.clone(),
        partitions: topic.partitions,
        replication_factor: topic.replication_factor,
        config: topic.config.clone(),
    };
    plan.step(action, format!("topic {} does not exist", topic.name));
}

fn plan_existing(topic: &TopicSpec, seen: &ObservedTopic, plan: &mut Plan) {
    let (name, resource) = (&topic.name, &topic.resource);
    match topic.partitions {
        Some(wanted) if wanted > seen.partitions => {
            let reason = format!("topic {name} has {} of {wanted} partitions", seen.partitions);
            plan.step(Action::GrowTopic { name: name.clone(), partitions: wanted }, reason);
        }
        Some(wanted) if wanted < seen.partitions => plan.block(format!(
            "KafkaTopic/{resource}: spec.partitions: {wanted} is less than the {} it has; partitions only grow",
            seen.partitions
        )),
        Some(_) | None => {}
    }
    if let Some(wanted) = topic.replication_factor.filter(|wanted| *wanted != seen.replication_factor) {
        plan.block(format!(
            "KafkaTopic/{resource}: spec.replicationFactor: {wanted} differs from the {} it has; a cluster of one node cannot reassign",
            seen.replication_factor
        ));
    }
    plan_config(topic, seen, plan);
}

fn plan_config(topic: &TopicSpec, seen: &ObservedTopic, plan: &mut Plan) {
    let set: BTreeMap<_, _> = topic
        .config
        .iter()
        .filter(|(key, value)| seen.config.get(*key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let remove: Vec<_> = seen.config.keys().filter(|key| !topic.config.contains_key(*key)).cloned().collect();
    if set.is_empty() && remove.is_empty() {
        return;
    }
    let reason =
        format!("configs of topic {} differ: {} to set, {} to remove", topic.name, set.len(), remove.len());
    plan.step(Action::ConfigureTopic { name: topic.name.clone(), set, remove }, reason);
}
