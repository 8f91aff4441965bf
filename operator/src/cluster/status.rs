//! The status of a cluster: what was observed, and in conditions what it means. Written only where it
//! says something new.

use k8s_openapi::jiff::Timestamp;
use klamm_lifecycle::{Observed, Plan, cluster_status};
use klamm_manifest::{Condition, ConditionStatus, KafkaClusterStatus, ListenerStatus};
use klamm_model::Uuid;
use kube::Api;
use kube::api::{PartialObjectMeta, Patch, PatchParams};
use serde_json::json;

use super::act::Outcome;
use super::local::Local;
use super::{Context, MANAGER, rfc3339};
use crate::objects::{Custom, GROUP, KafkaCluster, Kind, VERSION};
use crate::observe::{Children, Volumes, report_of};
use crate::resources::{ANNOTATION_FENCED, BROKER, LABEL_CLUSTER, LABEL_ROLE, Site, client_listeners};
use crate::topics::keep_times;

/// What a status is made from.
pub(super) struct Telling<'a> {
    pub(super) site: &'a Site<'a>,
    pub(super) cluster: &'a KafkaCluster,
    pub(super) children: &'a Children,
    pub(super) observed: &'a Observed,
    pub(super) plan: &'a Plan,
    pub(super) local: &'a Local,
    pub(super) now: &'a str,
    /// The identity that this pass chose.
    pub(super) chosen: Option<Uuid>,
}

impl Telling<'_> {
    /// The status, given what became of the plan's steps so far.
    pub(super) fn status(&self, outcome: &Outcome) -> KafkaClusterStatus {
        let before = self.cluster.status.clone().unwrap_or_default();
        let listeners = client_listeners(self.site).into_iter().map(|(name, port)| ListenerStatus {
            name: name.to_lowercase(),
            bootstrap: format!("{}.{}.svc:{port}", self.site.bootstrap_name(), self.site.namespace),
        });
        // What is wrong with a topic stands in its own resource.
        let mut plan = self.plan.clone();
        plan.blocked.retain(|sentence| !sentence.starts_with("KafkaTopic/"));
        let mut status =
            cluster_status((self.site.spec, &before), self.observed, &plan, listeners.collect(), self.now);
        status.selector = selector(self.site.name());
        status.observed_generation = self.cluster.metadata.generation;
        status.version = self.site.spec.resource.version.clone();
        status.cluster_id = status.cluster_id.or(self.chosen.map(|id| id.to_string()));
        for node in &mut status.nodes {
            let id = klamm_model::NodeId::new(node.id);
            let pod = id.and_then(|id| self.children.pods.get(&id));
            node.pod = pod.and_then(|pod| pod.metadata.name.clone());
            match id.and_then(|id| self.local.statuses.get(&id)) {
                Some(Ok(told)) => {
                    node.version = Some(told.version.clone());
                    node.message = told.not_ready.clone();
                }
                Some(Err(error)) => {
                    node.message = Some(format!("its admin service does not answer: {error}"))
                }
                None => {}
            }
            if id.is_some_and(|id| self.site.fenced.contains(&id)) {
                node.message = Some(match pod.and_then(report_of) {
                    Some(_) => format!("{ANNOTATION_FENCED} names it: it is to stop in its pod"),
                    None => format!(
                        "{ANNOTATION_FENCED} names it: its pod has its volumes, and no node runs in it"
                    ),
                });
            }
            node.directory_ids = match pod.and_then(report_of).map(|report| report.volumes) {
                Some(Volumes::Formatted { all, .. }) => all.iter().map(ToString::to_string).collect(),
                Some(Volumes::Empty | Volumes::Unusable(_)) | None => {
                    let known = before.nodes.iter().find(|known| known.id == node.id);
                    known.map(|known| known.directory_ids.clone()).unwrap_or_default()
                }
            };
        }
        status.certificates = self.local.certificates.clone().or_else(|| before.certificates.clone());
        status.conditions.extend(self.further_conditions(&plan, outcome));
        status.conditions.push(self.certificates_ready());
        for condition in &mut status.conditions {
            condition.observed_generation = self.cluster.metadata.generation;
        }
        keep_times(&mut status.conditions, &before.conditions);
        status
    }

    fn certificates_ready(&self) -> Condition {
        let (holds, reason, message) = match (&self.local.certificates, self.local.waits.first()) {
            (None, _) => (false, "Absent", "there are no certificates yet".to_owned()),
            (Some(all), Some(wait)) => (false, all.phase.as_str(), wait.clone()),
            (Some(all), None) => (
                true,
                all.phase.as_str(),
                format!("the nodes' certificate is valid until {}", all.nodes_until),
            ),
        };
        condition("CertificatesReady", holds, reason, message, self.now)
    }

    fn further_conditions(&self, plan: &Plan, outcome: &Outcome) -> Vec<Condition> {
        let operation = plan.operation.map(klamm_lifecycle::Operation::name);
        let active = !plan.steps.is_empty() || !plan.waits.is_empty();
        let doing = plan.steps.first().map(|step| step.action.to_string());
        let doing = doing
            .or_else(|| plan.waits.first().cloned())
            .unwrap_or_else(|| "nothing is under way".to_owned());
        let trouble = outcome.failed.clone().or_else(|| plan.blocked.first().cloned());
        let scale_down = plan.blocked.iter().find(|sentence| sentence.starts_with("spec.brokers.replicas"));
        let reason = if outcome.failed.is_some() { "Refused" } else { "Blocked" };
        vec![
            condition(
                "Progressing",
                active,
                operation.unwrap_or(if active { "Waiting" } else { "Settled" }),
                doing,
                self.now,
            ),
            match trouble {
                Some(trouble) => condition("Degraded", true, reason, trouble, self.now),
                None => {
                    condition("Degraded", false, "AsExpected", "nothing is in the way".to_owned(), self.now)
                }
            },
            match scale_down {
                Some(sentence) => {
                    condition("ScaleDownBlocked", true, "DoesNotFit", sentence.clone(), self.now)
                }
                None => {
                    condition("ScaleDownBlocked", false, "Fits", "no broker is kept".to_owned(), self.now)
                }
            },
        ]
    }
}

/// Selects the pods of brokers, for the scale subresource.
fn selector(cluster: &str) -> String {
    format!("{LABEL_CLUSTER}={cluster},{LABEL_ROLE}={BROKER}")
}

fn condition(kind: &str, holds: bool, reason: &str, message: String, now: &str) -> Condition {
    Condition {
        kind: kind.to_owned(),
        status: if holds { ConditionStatus::True } else { ConditionStatus::False },
        reason: reason.to_owned(),
        message,
        last_transition_time: now.to_owned(),
        observed_generation: None,
    }
}

/// The status of a resource that breaks rules: what runs is left as it is.
pub(super) fn invalid(cluster: &KafkaCluster, faults: &[String], now: &str) -> KafkaClusterStatus {
    with_ready(cluster, ("InvalidSpec", faults.join("; ")), now)
}

/// The status of a resource whose reconciliation is paused.
pub(super) fn suspended(cluster: &KafkaCluster, now: &str) -> KafkaClusterStatus {
    let message = "nothing is changed while spec.suspend is reconcile".to_owned();
    with_ready(cluster, ("Suspended", message), now)
}

fn with_ready(cluster: &KafkaCluster, (reason, message): (&str, String), now: &str) -> KafkaClusterStatus {
    let before = cluster.status.clone().unwrap_or_default();
    let mut status = before.clone();
    status.selector = selector(cluster.name());
    status.observed_generation = cluster.metadata.generation;
    status.conditions.retain(|known| known.kind != "Ready");
    let mut ready = condition("Ready", false, reason, message, now);
    ready.observed_generation = cluster.metadata.generation;
    status.conditions.insert(0, ready);
    keep_times(&mut status.conditions, &before.conditions);
    status
}

/// Writes a status, if it says something new and the resource is still the one that was read. The
/// resource as it is then.
pub(super) async fn write(
    context: &Context,
    cluster: &KafkaCluster,
    status: KafkaClusterStatus,
) -> Result<KafkaCluster, kube::Error> {
    if cluster.status.as_ref() == Some(&status) || context.dry_run {
        return Ok(cluster.clone());
    }
    let api: Api<KafkaCluster> = Api::namespaced(context.client.clone(), cluster.namespace());
    let patch = json!({
        "apiVersion": format!("{GROUP}/{VERSION}"),
        "kind": klamm_manifest::KafkaClusterSpec::KIND,
        "metadata": { "name": cluster.name(), "resourceVersion": cluster.metadata.resource_version },
        "status": status,
    });
    let parameters = PatchParams::apply(MANAGER).force();
    api.patch_status(cluster.name(), &parameters, &Patch::Apply(&patch)).await
}

/// Tells that the API server refuses what follows from a spec.
pub async fn tell_refusal(
    context: &Context,
    namespace: &str,
    name: &str,
    sentence: &str,
) -> Result<(), kube::Error> {
    let api: Api<KafkaCluster> = Api::namespaced(context.client.clone(), namespace);
    let Some(cluster) = api.get_opt(name).await? else { return Ok(()) };
    let status = with_ready(&cluster, ("Refused", sentence.to_owned()), &rfc3339(Timestamp::now()));
    write(context, &cluster, status).await.map(|_| ())
}

/// Tells that a resource cannot be read: it is of an older or a newer schema.
pub async fn tell_unreadable<S: Kind>(
    context: &Context,
    namespace: &str,
    name: &str,
    error: &str,
) -> Result<(), kube::Error> {
    let api: Api<PartialObjectMeta<Custom<S>>> = Api::namespaced(context.client.clone(), namespace);
    let message = format!("the resource cannot be read: {error}");
    let ready = condition("Ready", false, "InvalidSpec", message, &rfc3339(Timestamp::now()));
    let patch = json!({ "status": { "conditions": [ready] } });
    let parameters = PatchParams { field_manager: Some(MANAGER.to_owned()), ..PatchParams::default() };
    api.patch_status(name, &parameters, &Patch::Merge(&patch)).await.map(|_| ())
}
