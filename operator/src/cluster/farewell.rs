//! A cluster whose resource is being deleted. Its objects go with it by their owner; its volumes stay,
//! unless `storage.onDelete` is Delete: then a finalizer keeps the resource until its pods and claims
//! are gone.

use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Pod};
use klamm_manifest::OnScaleDown;
use kube::Api;
use kube::api::{DeleteParams, ListParams};

use super::apply::delete_exactly;
use super::pass::PassError;
use super::{Context, set_finalizer};
use crate::objects::KafkaCluster;
use crate::resources::LABEL_CLUSTER;

/// Keeps a resource until its volumes are deleted.
pub(super) const FINALIZER: &str = "klamm.dev/volumes";

/// Puts the finalizer on or takes it off, as `storage.onDelete` has it.
pub(super) async fn keep_finalizer(context: &Context, cluster: &KafkaCluster) -> Result<(), PassError> {
    let wanted = cluster.spec.storage.on_delete == OnScaleDown::Delete;
    Ok(set_finalizer(&context.client, cluster, FINALIZER, wanted).await?)
}

/// Whether the resource may go now.
pub(super) async fn bid(context: &Context, cluster: &KafkaCluster) -> Result<bool, PassError> {
    context.wire.forget(cluster.uid());
    context.nodes.forget(cluster.uid());
    if !cluster.has_finalizer(FINALIZER) {
        return Ok(true);
    }
    if cluster.spec.storage.on_delete == OnScaleDown::Delete && !delete_volumes(context, cluster).await? {
        return Ok(false);
    }
    set_finalizer(&context.client, cluster, FINALIZER, false).await?;
    Ok(true)
}

/// Deletes the StatefulSets, then, once no pod is left, the claims. Whether all is gone.
async fn delete_volumes(context: &Context, cluster: &KafkaCluster) -> Result<bool, PassError> {
    let of_cluster = ListParams::default().labels(&format!("{LABEL_CLUSTER}={}", cluster.name()));
    let sets: Api<StatefulSet> = Api::namespaced(context.client.clone(), cluster.namespace());
    let ours = |owners: Option<&Vec<k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference>>| {
        owners.into_iter().flatten().any(|owner| owner.uid == cluster.uid())
    };
    for set in sets.list(&of_cluster).await?.items {
        if ours(set.metadata.owner_references.as_ref()) && set.metadata.deletion_timestamp.is_none() {
            delete_exactly(&sets, &set, &DeleteParams::foreground()).await?;
        }
    }
    let pods: Api<Pod> = Api::namespaced(context.client.clone(), cluster.namespace());
    if !pods.list(&of_cluster).await?.items.is_empty() {
        return Ok(false);
    }
    let claims: Api<PersistentVolumeClaim> = Api::namespaced(context.client.clone(), cluster.namespace());
    for claim in claims.list(&of_cluster).await?.items {
        delete_exactly(&claims, &claim, &DeleteParams::default()).await?;
    }
    Ok(true)
}
