//! Server-side apply of a cluster's plain objects, by one field manager.

use std::fmt::Debug;

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use kube::api::{DeleteParams, Patch, PatchParams, Preconditions};
use kube::{Api, Client, Resource, ResourceExt as _};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::MANAGER;
use crate::observe::Children;
use crate::resources::{
    Evictions, Site, StatefulRole, bootstrap_service, disruption_budget, headless_service, network_policy,
    service_account, stateful_set,
};

/// Applies one object; what others own in it stays, what both set is ours. An object with a
/// `resourceVersion` is refused (409) if it has changed since.
pub(super) async fn apply<K>(client: &Client, object: &K) -> Result<K, kube::Error>
where
    K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
        + Clone
        + Debug
        + Serialize
        + DeserializeOwned,
{
    let namespace = object.namespace().unwrap_or_default();
    let api: Api<K> = Api::namespaced(client.clone(), &namespace);
    let parameters = PatchParams::apply(MANAGER).force();
    api.patch(&object.name_any(), &parameters, &Patch::Apply(object)).await
}

/// Applies what a cluster has besides its nodes' files, which only actions change.
pub(super) async fn apply_plain(
    client: &Client,
    site: &Site<'_>,
    evictions: Evictions,
    children: &mut Children,
) -> Result<(), kube::Error> {
    apply(client, &service_account(site)).await?;
    apply(client, &headless_service(site)).await?;
    apply(client, &bootstrap_service(site)).await?;
    if site.spec.resource.network_policy.enabled {
        apply(client, &network_policy(site)).await?;
    } else {
        let api: Api<NetworkPolicy> = Api::namespaced(client.clone(), site.namespace);
        delete_ours(&api, site.name(), site).await?;
    }
    for role in site.roles() {
        if site.spec.resource.pod_disruption_budget.enabled {
            apply(client, &disruption_budget(site, role, evictions_of(role, evictions))).await?;
        } else {
            let api: Api<PodDisruptionBudget> = Api::namespaced(client.clone(), site.namespace);
            delete_ours(&api, &site.set_name(role), site).await?;
        }
        // Its claims bear the identity in a label, and claim templates cannot change.
        if site.cluster_id.is_some() {
            let replicas = children.replicas(site, role);
            apply_set(client, site, (role, replicas), children).await?;
        }
    }
    Ok(())
}

/// Controllers hold no replicas of partitions.
fn evictions_of(role: StatefulRole, of_brokers: Evictions) -> Evictions {
    match role {
        StatefulRole::Brokers => of_brokers,
        StatefulRole::Controllers => Evictions::OneAtATime,
    }
}

/// Applies a role's StatefulSet with that many pods. Claim templates cannot change: those that are there
/// stay until the set is made anew.
pub(super) async fn apply_set(
    client: &Client,
    site: &Site<'_>,
    (role, replicas): (StatefulRole, i32),
    children: &mut Children,
) -> Result<(), kube::Error> {
    let mut set = stateful_set(site, role, replicas);
    let present = children.sets.get(&role).and_then(|present| present.spec.as_ref());
    if let (Some(spec), Some(present)) = (set.spec.as_mut(), present) {
        spec.volume_claim_templates = templates_to_keep(present.volume_claim_templates.as_deref());
    }
    let applied: StatefulSet = apply(client, &set).await?;
    children.sets.insert(role, applied);
    Ok(())
}

/// The templates without what the API server adds to them.
fn templates_to_keep(
    present: Option<&[k8s_openapi::api::core::v1::PersistentVolumeClaim]>,
) -> Option<Vec<k8s_openapi::api::core::v1::PersistentVolumeClaim>> {
    let templates = present?.iter().cloned().map(|mut template| {
        template.status = None;
        template
    });
    Some(templates.collect())
}

/// Deletes an object that is not wanted any more, if it is this cluster's.
async fn delete_ours<K>(api: &Api<K>, name: &str, site: &Site<'_>) -> Result<(), kube::Error>
where
    K: Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned,
{
    let Some(object) = api.get_opt(name).await? else { return Ok(()) };
    let is_ours = object.owner_references().iter().any(|owner| owner.uid == site.owner.uid);
    if is_ours {
        delete_exactly(api, &object, &DeleteParams::default()).await?;
    }
    Ok(())
}

/// Deletes this very object, as it was seen: another of the same name stays, and so does one that has
/// changed since. One that is gone already counts as deleted.
pub(super) async fn delete_exactly<K>(
    api: &Api<K>,
    object: &K,
    parameters: &DeleteParams,
) -> Result<(), kube::Error>
where
    K: Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned,
{
    let preconditions = Preconditions { uid: object.uid(), resource_version: object.resource_version() };
    let parameters = parameters.clone().preconditions(preconditions);
    match api.delete(&object.name_any(), &parameters).await {
        Ok(_) => Ok(()),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(()),
        Err(error) => Err(error),
    }
}
