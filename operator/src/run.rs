//! The controllers: what is watched, and which resource each change concerns. Watches carry metadata
//! only, but for the two kinds of ours; passes read what they need themselves.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, StreamExt as _};
use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::core::v1::{ConfigMap, PersistentVolumeClaim, Pod};
use kube::api::PartialObjectMeta;
use kube::core::DeserializeGuard;
use kube::runtime::controller::{Action, Config, Controller};
use kube::runtime::reflector::ObjectRef;
use kube::runtime::watcher;
use kube::{Api, Resource, ResourceExt as _};
use parking_lot::Mutex;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use crate::cluster::{Context, Next, PassError, lone_topic, reconcile, tell_refusal, tell_unreadable};
use crate::objects::{KafkaCluster, KafkaTopic, Kind};
use crate::resources::LABEL_CLUSTER;
use crate::retry::{pause, refusal};

/// What is watched, and how much at a time.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Namespaces; all of them if empty.
    pub namespaces: Vec<String>,
    /// Passes at a time, over different resources.
    pub concurrency: u16,
}

/// A resource by namespace and name.
type At = (String, String);

struct Shared {
    context: Arc<Context>,
    /// Failures in a row.
    failures: Mutex<HashMap<(&'static str, At), u32>>,
}

/// Runs all controllers until `stop` says so; passes under way are finished.
pub async fn run(context: Arc<Context>, scope: &Scope, stop: watch::Receiver<bool>) {
    let shared = Arc::new(Shared { context, failures: Mutex::default() });
    let namespaces: Vec<Option<&str>> = if scope.namespaces.is_empty() {
        vec![None]
    } else {
        scope.namespaces.iter().map(|namespace| Some(namespace.as_str())).collect()
    };
    let mut all: Vec<BoxFuture<'static, ()>> = Vec::new();
    for namespace in namespaces {
        all.push(clusters(&shared, namespace, scope, stop.clone()));
        all.push(topics(&shared, namespace, scope, stop.clone()));
    }
    futures_util::future::join_all(all).await;
}

fn api<K>(shared: &Shared, namespace: Option<&str>) -> Api<K>
where
    K: Resource<DynamicType = (), Scope = NamespaceResourceScope>,
{
    let client = shared.context.client.clone();
    match namespace {
        Some(namespace) => Api::namespaced(client, namespace),
        None => Api::all(client),
    }
}

fn clusters(
    shared: &Arc<Shared>,
    namespace: Option<&str>,
    scope: &Scope,
    stop: watch::Receiver<bool>,
) -> BoxFuture<'static, ()> {
    type Cluster = DeserializeGuard<KafkaCluster>;
    let labelled = || watcher::Config::default().labels(LABEL_CLUSTER);
    let controller = Controller::new(api::<Cluster>(shared, namespace), watcher::Config::default())
        .with_config(Config::default().concurrency(scope.concurrency))
        .watches(api::<PartialObjectMeta<StatefulSet>>(shared, namespace), labelled(), by_label)
        .watches(api::<PartialObjectMeta<ConfigMap>>(shared, namespace), labelled(), by_label)
        .watches(api::<PartialObjectMeta<Pod>>(shared, namespace), labelled(), by_label)
        .watches(api::<PartialObjectMeta<PersistentVolumeClaim>>(shared, namespace), labelled(), by_label)
        .watches(
            api::<DeserializeGuard<KafkaTopic>>(shared, namespace),
            watcher::Config::default(),
            |topic: DeserializeGuard<KafkaTopic>| {
                let namespace = topic.namespace().unwrap_or_default();
                let topic = topic.0.ok();
                topic.map(|topic| ObjectRef::<Cluster>::new(&topic.spec.cluster_ref.name).within(&namespace))
            },
        )
        .graceful_shutdown_on(told(stop));
    let passes = controller.run(cluster_pass, never, Arc::clone(shared));
    passes.for_each(|outcome| async move { log(outcome) }).boxed()
}

fn topics(
    shared: &Arc<Shared>,
    namespace: Option<&str>,
    scope: &Scope,
    stop: watch::Receiver<bool>,
) -> BoxFuture<'static, ()> {
    let controller =
        Controller::new(api::<DeserializeGuard<KafkaTopic>>(shared, namespace), watcher::Config::default())
            .with_config(Config::default().concurrency(scope.concurrency))
            .graceful_shutdown_on(told(stop));
    let passes = controller.run(topic_pass, never, Arc::clone(shared));
    passes.for_each(|outcome| async move { log(outcome) }).boxed()
}

/// The cluster that an object's label names.
fn by_label<K>(object: PartialObjectMeta<K>) -> Option<ObjectRef<DeserializeGuard<KafkaCluster>>>
where
    K: Clone + Resource<DynamicType = ()> + DeserializeOwned + std::fmt::Debug + Send + 'static,
{
    let metadata = &object.metadata;
    let cluster = metadata.labels.as_ref()?.get(LABEL_CLUSTER)?;
    Some(ObjectRef::new(cluster).within(metadata.namespace.as_deref().unwrap_or_default()))
}

async fn cluster_pass(
    cluster: Arc<DeserializeGuard<KafkaCluster>>,
    shared: Arc<Shared>,
) -> Result<Action, Infallible> {
    let at = at(&*cluster);
    if let Err(error) = &cluster.0 {
        return Ok(unreadable::<klamm_manifest::KafkaClusterSpec>(&shared, &at, &error.error).await);
    }
    let (began, context) = (Instant::now(), &shared.context);
    let outcome = reconcile(context, &at.0, &at.1).await;
    if let Some(sentence) = outcome.as_ref().err().and_then(refusal)
        && let Err(error) = tell_refusal(context, &at.0, &at.1, &sentence).await
    {
        tracing::info!(%error, cluster = at.1, "a refusal could not be told");
    }
    Ok(ended(&shared, ("KafkaCluster", at), began, outcome))
}

async fn topic_pass(
    topic: Arc<DeserializeGuard<KafkaTopic>>,
    shared: Arc<Shared>,
) -> Result<Action, Infallible> {
    let at = at(&*topic);
    if let Err(error) = &topic.0 {
        return Ok(unreadable::<klamm_manifest::KafkaTopicSpec>(&shared, &at, &error.error).await);
    }
    let began = Instant::now();
    let outcome = lone_topic(&shared.context, &at.0, &at.1).await;
    Ok(ended(&shared, ("KafkaTopic", at), began, outcome))
}

/// A resource of an older or a newer schema: told, and left.
async fn unreadable<S: Kind>(shared: &Shared, at: &At, error: &str) -> Action {
    if let Err(error) = tell_unreadable::<S>(&shared.context, &at.0, &at.1, error).await {
        tracing::info!(%error, kind = S::KIND, name = at.1, "an unreadable resource could not be told so");
    }
    Action::await_change()
}

fn at<K: Resource>(object: &K) -> At {
    (object.namespace().unwrap_or_default(), object.name_any())
}

fn ended(
    shared: &Shared,
    (kind, at): (&'static str, At),
    began: Instant,
    outcome: Result<Next, PassError>,
) -> Action {
    let reason = outcome.as_ref().err().map(reason);
    shared.context.metrics.note_pass(kind, began.elapsed(), reason.as_deref());
    let mut failures = shared.failures.lock();
    match outcome {
        Ok(next) => {
            failures.remove(&(kind, at));
            match next {
                Next::After(time) => Action::requeue(time),
                Next::AtChange => Action::await_change(),
            }
        }
        Err(error) => {
            let count = failures.entry((kind, at.clone())).or_insert(0);
            let time = pause(&error, *count);
            *count = count.saturating_add(1);
            tracing::warn!(kind, namespace = at.0, name = at.1, %error, ?time, "a pass ended early");
            Action::requeue(time)
        }
    }
}

/// The error as a label: the API server's reason, or that it did not answer.
fn reason(error: &PassError) -> String {
    match error {
        PassError::Kube(kube::Error::Api(status)) if !status.reason.is_empty() => status.reason.clone(),
        PassError::Kube(kube::Error::Api(status)) => status.code.to_string(),
        PassError::Kube(_) => "Unanswered".to_owned(),
        PassError::Certificates(_) => "Certificates".to_owned(),
        PassError::ForeignSecret(_) => "ForeignSecret".to_owned(),
        PassError::TimedOut => "TimedOut".to_owned(),
    }
}

fn never<K>(_: Arc<K>, error: &Infallible, _: Arc<Shared>) -> Action {
    match *error {}
}

fn log<T, E: std::fmt::Display>(outcome: Result<T, E>) {
    if let Err(error) = outcome {
        // Objects that vanish before their pass, and watches that are cut: both begin anew by themselves.
        tracing::debug!(%error, "a controller goes on");
    }
}

async fn told(mut stop: watch::Receiver<bool>) {
    // A sender that is gone tells nothing any more: stop, too.
    let _ = stop.wait_for(|stop| *stop).await;
}
