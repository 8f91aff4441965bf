//! The order of one pass. Everything is read afresh, the plan is made purely, the status is written
//! before anything is done, and at most one step of the plan disturbs what runs.

use std::time::Duration;

use k8s_openapi::jiff::Timestamp;
use klamm_lifecycle::{Action, ClusterSpec, ClusterView, Directory, Observed, Plan, plan};
use klamm_manifest::{Manifest, Resource, Suspend};
use klamm_model::{NodeId, Uuid};
use kube::api::ListParams;
use kube::{Api, ResourceExt as _};

use super::act::{Acting, Outcome};
use super::apply::apply_plain;
use super::status::{Telling, invalid, suspended, write};
use super::topic_pass::{keep_topic_finalizers, tell_topics};
use super::{Context, EventType, farewell, local, rfc3339, volumes};
use crate::certificates::IssueError;
use crate::objects::{KafkaCluster, KafkaTopic, Kind as _};
use crate::observe::{Children, Seen, observed_nodes};
use crate::resources::{
    Evictions, Founding, LABEL_CLUSTER_ID, Site, StatefulRole, client_listeners, fenced_nodes, id_of_label,
    spec_faults,
};
use crate::topics::{Verdict, as_manifest, judge, removals};
use crate::wire::Target;

/// Pause between passes while something is under way.
const BUSY: Duration = Duration::from_secs(1);
/// ... while the spec or the world must change first.
const STUCK: Duration = Duration::from_secs(10);
/// ... while all is as specified.
const QUIET: Duration = Duration::from_secs(60);

/// Longest time for a pass.
const LONGEST: Duration = Duration::from_secs(180);

/// When the next pass is due at the latest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// After this time, or at a change.
    After(Duration),
    /// At a change.
    AtChange,
}

/// Why a pass ended early. The next one begins anew.
#[derive(Debug, thiserror::Error)]
pub enum PassError {
    /// The API server did not answer, or refused.
    #[error(transparent)]
    Kube(#[from] kube::Error),
    /// A bug, or a Secret that somebody changed.
    #[error(transparent)]
    Certificates(#[from] IssueError),
    /// A Secret has a name that the cluster's has; it is not overwritten.
    #[error(
        "there is a Secret {0} that is not this cluster's: it is left alone, and the cluster has to wait until it is gone"
    )]
    ForeignSecret(String),
    /// The pass took too long; whatever it had under way is safe to repeat.
    #[error("the pass took longer than {} s", LONGEST.as_secs())]
    TimedOut,
}

/// One pass over the cluster of that name, within a bound of time.
pub async fn reconcile(context: &Context, namespace: &str, name: &str) -> Result<Next, PassError> {
    let pass = tokio::time::timeout(LONGEST, observe_and_run(context, namespace, name));
    pass.await.unwrap_or(Err(PassError::TimedOut))
}

async fn observe_and_run(context: &Context, namespace: &str, name: &str) -> Result<Next, PassError> {
    let api: Api<KafkaCluster> = Api::namespaced(context.client.clone(), namespace);
    let Some(cluster) = api.get_opt(name).await? else { return Ok(Next::AtChange) };
    if cluster.is_deleting() {
        let gone = farewell::bid(context, &cluster).await?;
        return Ok(if gone { Next::AtChange } else { Next::After(BUSY) });
    }
    let now = Timestamp::now();
    if cluster.spec.suspend == Suspend::Reconcile {
        write(context, &cluster, suspended(&cluster, &rfc3339(now))).await?;
        return Ok(Next::AtChange);
    }
    let bare = match bare_spec(&cluster) {
        Ok(bare) => bare,
        Err(faults) => {
            write(context, &cluster, invalid(&cluster, &faults, &rfc3339(now))).await?;
            return Ok(Next::AtChange);
        }
    };
    if !context.dry_run {
        farewell::keep_finalizer(context, &cluster).await?;
    }
    // The finalizer may have changed the object.
    let Some(cluster) = api.get_opt(name).await? else { return Ok(Next::AtChange) };
    let topics = topics_of(context, &cluster).await?;
    let children = Children::read(&context.client, &site(context, &cluster, &bare, None)).await?;
    let cluster_id = identity(&cluster, &children);
    let target = target(&site(context, &cluster, &bare, cluster_id), &children);
    let view = context.wire.observe(&target).await;
    let verdicts = judge(&topics, &view);
    let spec = with_topics(bare, &cluster, (&topics, &verdicts));
    let site = site(context, &cluster, &spec, cluster_id);
    Pass {
        context,
        cluster: &cluster,
        site: &site,
        topics: &topics,
        verdicts: &verdicts,
        target: &target,
        now,
    }
    .run(children, view)
    .await
}

struct Pass<'a> {
    context: &'a Context,
    cluster: &'a KafkaCluster,
    site: &'a Site<'a>,
    topics: &'a [KafkaTopic],
    verdicts: &'a [Verdict],
    target: &'a Target,
    now: Timestamp,
}

impl Pass<'_> {
    async fn run(self, mut children: Children, view: ClusterView) -> Result<Next, PassError> {
        let status = self.cluster.status.clone().unwrap_or_default();
        let mut waits = Vec::new();
        // Pods mount what this makes: before they are.
        let about = kube::Resource::object_ref(self.cluster, &());
        let evictions = evictions(&view, status.quorum.is_some());
        let local = local::look(self.context, (self.site, &about), &children, self.now).await?;
        if !self.context.dry_run {
            apply_plain(&self.context.client, self.site, evictions, &mut children).await?;
            waits = volumes::grow(self.context, self.site, &mut children).await?;
        }
        let files = children.files();
        if let Some(refusal) = local.refusal(self.context, self.site, (&children, &files)).await {
            write(self.context, self.cluster, invalid(self.cluster, &[refusal], &rfc3339(self.now))).await?;
            return Ok(Next::After(STUCK));
        }
        let seen = Seen { children: &children, files: &files, status: &status, now: self.now };
        let observed = Observed {
            cluster_id: self.site.cluster_id,
            has_run: status.quorum.is_some(),
            spread_due: status.operation.as_ref().is_some_and(|operation| operation.spread_due),
            nodes: observed_nodes(self.site, seen),
            cluster: view,
        };
        let mut plan = plan(self.site.spec, &observed);
        plan.waits.append(&mut waits);
        if self.context.dry_run {
            tracing::info!(cluster = self.site.name(), namespace = self.site.namespace, %plan, "plan");
            return Ok(Next::After(QUIET));
        }
        keep_topic_finalizers(self.context, (self.topics, self.verdicts), &observed.cluster).await?;
        let telling = Telling {
            site: self.site,
            cluster: self.cluster,
            children: &children,
            observed: &observed,
            plan: &plan,
            local: &local,
            now: &rfc3339(self.now),
            chosen: chosen_identity(&plan),
        };
        let told = write(self.context, self.cluster, telling.status(&Outcome::default())).await?;
        self.tell_blocked(&plan).await;
        let mut acting = Acting {
            context: self.context,
            site: self.site,
            target: self.target,
            about,
            children: children.clone(),
            files: files.clone(),
            processes: observed.nodes.iter().map(|(id, node)| (*id, node.process.clone())).collect(),
            stops: stops(&plan),
        };
        acting.take_back_leaves(&formatted(&observed, &acting)).await?;
        let outcome = acting.carry_out(&plan).await?;
        if outcome.failed.is_some() {
            write(self.context, &told, telling.status(&outcome)).await?;
        }
        tell_topics(self.context, (self.topics, self.verdicts), (&observed.cluster, &plan), &outcome.refused)
            .await?;
        self.context.metrics.note_plan(self.site.namespace, self.site.name(), &plan);
        // Whoever drains a machine waits for it.
        let is_awaited = !local.waits.is_empty() || evictions == Evictions::Held;
        Ok(match next(&plan, &outcome) {
            Next::After(pause) if is_awaited => Next::After(pause.min(STUCK)),
            next => next,
        })
    }

    /// Tells what is blocked, where the status did not say so yet.
    async fn tell_blocked(&self, plan: &Plan) {
        let known = self.cluster.status.iter().flat_map(|status| &status.conditions);
        let known: Vec<&str> = known.map(|condition| condition.message.as_str()).collect();
        let about = kube::Resource::object_ref(self.cluster, &());
        for sentence in plan.blocked.iter().filter(|sentence| !known.contains(&sentence.as_str())) {
            let reason =
                if sentence.starts_with("spec.brokers.replicas") { "ScaleDownBlocked" } else { "Blocked" };
            self.context.tell(&about, EventType::Warning, reason, sentence.clone()).await;
        }
    }
}

fn next(plan: &Plan, outcome: &Outcome) -> Next {
    if outcome.failed.is_some() {
        return Next::After(BUSY * 5);
    }
    if outcome.acted || !plan.steps.is_empty() || !plan.waits.is_empty() {
        return Next::After(if outcome.refused.is_empty() { BUSY } else { STUCK });
    }
    Next::After(if plan.blocked.is_empty() { QUIET } else { STUCK })
}

/// A pod that is ready may have replicas that are not in sync yet: its budget alone would let the next one go.
fn evictions(view: &ClusterView, has_run: bool) -> Evictions {
    let in_sync = match view {
        ClusterView::Known(known) => known.topics.values().all(|topic| topic.under_replicated() == 0),
        ClusterView::Unknown => !has_run,
    };
    if in_sync { Evictions::OneAtATime } else { Evictions::Held }
}

pub(super) fn site<'a>(
    context: &'a Context,
    cluster: &'a KafkaCluster,
    spec: &'a ClusterSpec,
    cluster_id: Option<Uuid>,
) -> Site<'a> {
    Site {
        spec,
        namespace: cluster.namespace(),
        owner: cluster.owner(),
        cluster_id,
        default_image: &context.default_image,
        fenced: fenced_nodes(cluster.metadata.annotations.as_ref()),
    }
}

fn as_resource(
    cluster: &KafkaCluster,
) -> Resource<klamm_manifest::KafkaClusterSpec, klamm_manifest::KafkaClusterStatus> {
    Resource::new(klamm_manifest::KafkaClusterSpec::KIND, cluster.name(), cluster.spec.clone())
}

/// The cluster without its topics, or what is wrong with its spec.
pub(super) fn bare_spec(cluster: &KafkaCluster) -> Result<ClusterSpec, Vec<String>> {
    let manifest = Manifest { clusters: vec![as_resource(cluster)], topics: Vec::new() };
    let spec = ClusterSpec::of_manifest(&manifest).map_err(|error| vec![error.to_string()])?;
    let faults = spec_faults(&spec, cluster.namespace());
    if faults.is_empty() { Ok(spec) } else { Err(faults) }
}

pub(super) fn with_topics(
    bare: ClusterSpec,
    cluster: &KafkaCluster,
    (topics, verdicts): (&[KafkaTopic], &[Verdict]),
) -> ClusterSpec {
    let owned = topics.iter().zip(verdicts).filter(|(_, verdict)| **verdict == Verdict::Owner);
    let topics_of_plan = owned.map(|(topic, _)| as_manifest(topic)).collect();
    let manifest = Manifest { clusters: vec![as_resource(cluster)], topics: topics_of_plan };
    let mut spec = ClusterSpec::of_manifest(&manifest).unwrap_or(bare);
    spec.removals = removals(topics, verdicts);
    spec
}

pub(super) async fn topics_of(
    context: &Context,
    cluster: &KafkaCluster,
) -> Result<Vec<KafkaTopic>, PassError> {
    let api: Api<KafkaTopic> = Api::namespaced(context.client.clone(), cluster.namespace());
    let topics = api.list(&ListParams::default()).await?.items;
    Ok(topics.into_iter().filter(|topic| topic.spec.cluster_ref.name == cluster.name()).collect())
}

/// The identity that was chosen: in the status, else on volumes that are left of an earlier resource.
pub(super) fn identity(cluster: &KafkaCluster, children: &Children) -> Option<Uuid> {
    let recorded = cluster.status.as_ref().and_then(|status| status.cluster_id.as_deref()?.parse().ok());
    let on_volume = || {
        let mut claims = children.claims.values();
        claims.find_map(|claim| id_of_label(claim.labels().get(LABEL_CLUSTER_ID)?))
    };
    recorded.or_else(on_volume)
}

/// The brokers that are ready, by the addresses of their pods.
pub(super) fn target(site: &Site<'_>, children: &Children) -> Target {
    let port = client_listeners(site)[0].1;
    let of_brokers = children.pods.iter().filter(|(id, _)| site.role_of(**id) == StatefulRole::Brokers);
    let ready = of_brokers.filter_map(|(_, pod)| {
        let status = pod.status.as_ref()?;
        let conditions = status.conditions.as_ref()?;
        let is_ready = conditions.iter().any(|one| one.type_ == "Ready" && one.status == "True");
        let address =
            status.pod_ip.as_ref().filter(|_| is_ready && pod.metadata.deletion_timestamp.is_none())?;
        Some(if address.contains(':') { format!("[{address}]:{port}") } else { format!("{address}:{port}") })
    });
    Target { uid: site.owner.uid.clone(), bootstrap: ready.collect() }
}

fn chosen_identity(plan: &Plan) -> Option<Uuid> {
    let chooses = plan.steps.iter().any(|step| step.action == Action::ChooseClusterId);
    chooses.then(|| (0..).find_map(|_: u32| Uuid::random_from(rand::random()))).flatten()
}

fn stops(plan: &Plan) -> Vec<NodeId> {
    let nodes = plan.steps.iter().filter_map(|step| match step.action {
        Action::StopNode { node } => Some(node),
        _ => None,
    });
    nodes.collect()
}

/// Nodes that have done what they were told they may do: a volume of theirs that is empty later is a
/// lost one.
fn formatted(observed: &Observed, acting: &Acting<'_>) -> Vec<NodeId> {
    let reported = |id: &NodeId| {
        let report = acting.children.pods.get(id).and_then(crate::observe::report_of);
        report.is_some_and(|report| matches!(report.volumes, crate::observe::Volumes::Formatted { .. }))
    };
    let has_leave = acting.files.iter().filter(|(_, file)| file.instruction.founding != Founding::Never);
    let formatted = has_leave.map(|(id, _)| *id).filter(reported);
    formatted
        .filter(|id| {
            observed.nodes.get(id).is_some_and(|node| matches!(node.directory, Directory::Formatted { .. }))
        })
        .collect()
}
