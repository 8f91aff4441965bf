//! What a pass does with the KafkaTopic resources themselves: finalizers and statuses.

use std::collections::BTreeMap;
use std::time::Duration;

use k8s_openapi::jiff::Timestamp;
use klamm_lifecycle::{ClusterView, Plan};
use klamm_manifest::{Condition, ConditionStatus, KafkaTopicSpec, KafkaTopicStatus};
use kube::Api;
use kube::api::{Patch, PatchParams};
use serde_json::json;

use super::pass::{Next, PassError};
use super::{Context, EventType, MANAGER, rfc3339};
use crate::objects::{Custom, GROUP, KafkaCluster, KafkaTopic, Kind, VERSION};
use crate::topics::{FINALIZER, Verdict, keep_times, status_of, wants_finalizer};

/// Pause before a topic that is being deleted is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Puts finalizers on before topics are made, and takes them off once topics are gone.
pub(super) async fn keep_topic_finalizers(
    context: &Context,
    (topics, verdicts): (&[KafkaTopic], &[Verdict]),
    view: &ClusterView,
) -> Result<(), PassError> {
    for (topic, verdict) in topics.iter().zip(verdicts) {
        set_finalizer(&context.client, topic, FINALIZER, wants_finalizer(topic, verdict, view)).await?;
    }
    Ok(())
}

/// Writes the statuses that say something new, with events where a resource's readiness turns.
pub(super) async fn tell_topics(
    context: &Context,
    (topics, verdicts): (&[KafkaTopic], &[Verdict]),
    (view, plan): (&ClusterView, &Plan),
    refused: &BTreeMap<String, String>,
) -> Result<(), PassError> {
    let now = rfc3339(Timestamp::now());
    for (topic, verdict) in topics.iter().zip(verdicts) {
        let answer = refused.get(topic.spec.kafka_name(topic.name())).map(String::as_str);
        let status = status_of((topic, verdict), (view, plan), answer, &now);
        tell_change(context, topic, &status).await;
        write_topic(context, topic, status).await?;
    }
    Ok(())
}

async fn tell_change(context: &Context, topic: &KafkaTopic, status: &KafkaTopicStatus) {
    let reason_of = |conditions: &[Condition]| {
        conditions
            .iter()
            .find(|condition| condition.kind == "Ready")
            .map(|condition| condition.reason.clone())
    };
    let before = topic.status.as_ref();
    let Some(ready) = status.conditions.iter().find(|condition| condition.kind == "Ready") else { return };
    let about = kube::Resource::object_ref(topic, &());
    let adopted = before.is_none_or(|before| before.topic_id.is_none()) && status.topic_id.is_some();
    if adopted {
        let note = format!(
            "topic {} is {}",
            topic.spec.kafka_name(topic.name()),
            status.topic_id.as_deref().unwrap_or_default()
        );
        context.tell(&about, EventType::Normal, "TopicAdopted", note).await;
    }
    let is_new = before.and_then(|before| reason_of(&before.conditions)).as_ref() != Some(&ready.reason);
    let is_trouble =
        matches!(ready.reason.as_str(), "Conflict" | "InvalidSpec" | "TopicReplaced" | "Refused" | "Blocked");
    if is_new && is_trouble {
        context.tell(&about, EventType::Warning, &ready.reason, ready.message.clone()).await;
    }
}

/// Writes a topic's status if it says something new. A topic that is gone needs none.
async fn write_topic(
    context: &Context,
    topic: &KafkaTopic,
    status: KafkaTopicStatus,
) -> Result<(), kube::Error> {
    if topic.status.as_ref() == Some(&status) {
        return Ok(());
    }
    let api: Api<KafkaTopic> = Api::namespaced(context.client.clone(), topic.namespace());
    let patch = json!({
        "apiVersion": format!("{GROUP}/{VERSION}"),
        "kind": KafkaTopicSpec::KIND,
        "metadata": { "name": topic.name(), "uid": topic.uid() },
        "status": status,
    });
    let parameters = PatchParams::apply(MANAGER).force();
    match api.patch_status(topic.name(), &parameters, &Patch::Apply(&patch)).await {
        Ok(_) => Ok(()),
        // Gone, or another of the same name.
        Err(kube::Error::Api(answer)) if matches!(answer.code, 404 | 409) => Ok(()),
        Err(error) => Err(error),
    }
}

/// A topic whose cluster may not be there: such a one is told so, and nothing keeps it.
pub async fn lone_topic(context: &Context, namespace: &str, name: &str) -> Result<Next, PassError> {
    let api: Api<KafkaTopic> = Api::namespaced(context.client.clone(), namespace);
    let Some(topic) = api.get_opt(name).await? else { return Ok(Next::AtChange) };
    let clusters: Api<KafkaCluster> = Api::namespaced(context.client.clone(), namespace);
    let cluster = clusters.get_opt(&topic.spec.cluster_ref.name).await?;
    if context.dry_run || cluster.is_some_and(|cluster| !cluster.is_deleting()) {
        // Its cluster's passes take the finalizer off; should the cluster go before one has, nothing else would tell.
        return Ok(if topic.is_deleting() { Next::After(LOOK_AGAIN) } else { Next::AtChange });
    }
    set_finalizer(&context.client, &topic, FINALIZER, false).await?;
    if topic.is_deleting() {
        return Ok(Next::AtChange);
    }
    let before = topic.status.clone().unwrap_or_default();
    let mut status = before.clone();
    status.observed_generation = topic.metadata.generation;
    status.conditions = vec![Condition {
        kind: "Ready".to_owned(),
        status: ConditionStatus::False,
        reason: "ClusterNotFound".to_owned(),
        message: format!(
            "spec.clusterRef.name: there is no KafkaCluster {} in namespace {namespace}",
            topic.spec.cluster_ref.name
        ),
        last_transition_time: rfc3339(Timestamp::now()),
        observed_generation: topic.metadata.generation,
    }];
    keep_times(&mut status.conditions, &before.conditions);
    write_topic(context, &topic, status).await?;
    Ok(Next::AtChange)
}

/// Puts a finalizer on an object or takes it off, if that object is still as it was read.
pub async fn set_finalizer<S: Kind>(
    client: &kube::Client,
    object: &Custom<S>,
    finalizer: &str,
    wanted: bool,
) -> Result<(), kube::Error> {
    if object.has_finalizer(finalizer) == wanted || (wanted && object.is_deleting()) {
        return Ok(());
    }
    let known = object.metadata.finalizers.iter().flatten().map(String::as_str);
    let mut finalizers: Vec<&str> = known.filter(|known| *known != finalizer).collect();
    if wanted {
        finalizers.push(finalizer);
    }
    let patch = json!({
        "metadata": { "finalizers": finalizers, "resourceVersion": object.metadata.resource_version },
    });
    let api: Api<Custom<S>> = Api::namespaced(client.clone(), object.namespace());
    let parameters = PatchParams { field_manager: Some(MANAGER.to_owned()), ..PatchParams::default() };
    match api.patch(object.name(), &parameters, &Patch::Merge(&patch)).await {
        Ok(_) => Ok(()),
        Err(kube::Error::Api(answer)) if answer.code == 404 => Ok(()),
        Err(error) => Err(error),
    }
}
