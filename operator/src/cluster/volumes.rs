//! Volumes that grow: first each claim, then, since claim templates cannot change, the StatefulSet is
//! deleted without its pods and made anew by the next pass. Interrupted in between, that pass does it.

use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use klamm_manifest::Quantity;
use kube::Api;
use kube::api::{DeleteParams, Patch, PatchParams};
use serde_json::json;

use super::apply::delete_exactly;
use super::{Context, MANAGER};
use crate::observe::Children;
use crate::resources::{Site, StatefulRole, volumes_of};

/// Asks for larger volumes where the spec has them larger. What it awaits, if anything.
pub(super) async fn grow(
    context: &Context,
    site: &Site<'_>,
    children: &mut Children,
) -> Result<Vec<String>, kube::Error> {
    let mut waits = Vec::new();
    for role in site.roles() {
        let Some(set) = children.sets.get(&role) else { continue };
        let grown = grown_volumes(site, set);
        if grown.is_empty() {
            continue;
        }
        let claims: Api<PersistentVolumeClaim> = Api::namespaced(context.client.clone(), site.namespace);
        let mut pending = 0;
        for (volume, size) in &grown {
            let prefix = format!("{volume}-{}-", site.set_name(role));
            for (name, claim) in children.claims.iter().filter(|(name, _)| name.starts_with(&prefix)) {
                if requested(claim).is_none_or(|present| present < size.bytes()) {
                    let patch =
                        json!({ "spec": { "resources": { "requests": { "storage": size.to_string() } } } });
                    let parameters =
                        PatchParams { field_manager: Some(MANAGER.to_owned()), ..PatchParams::default() };
                    claims.patch(name, &parameters, &Patch::Merge(&patch)).await?;
                    pending += 1;
                }
            }
        }
        if pending > 0 {
            waits.push(format!("{pending} volumes of the {}s were asked to grow", role.label()));
            continue;
        }
        remake(context, site, (role, set.clone()), children).await?;
    }
    Ok(waits)
}

/// The volumes of which a set's templates ask for less than the spec.
fn grown_volumes(site: &Site<'_>, set: &StatefulSet) -> Vec<(String, Quantity)> {
    let templates = set.spec.as_ref().and_then(|spec| spec.volume_claim_templates.as_ref());
    let has = |name: &str| {
        let mut templates = templates.into_iter().flatten();
        requested(templates.find(|template| template.metadata.name.as_deref() == Some(name))?)
    };
    let volumes = volumes_of(site.spec).into_iter();
    let grown =
        volumes.filter(|volume| has(&volume.name).is_some_and(|present| present < volume.size.bytes()));
    grown.map(|volume| (volume.name, volume.size)).collect()
}

fn requested(claim: &PersistentVolumeClaim) -> Option<u64> {
    let requests = claim.spec.as_ref()?.resources.as_ref()?.requests.as_ref()?;
    let size: Quantity = requests.get("storage")?.0.parse().ok()?;
    Some(size.bytes())
}

async fn remake(
    context: &Context,
    site: &Site<'_>,
    (role, set): (StatefulRole, StatefulSet),
    children: &mut Children,
) -> Result<(), kube::Error> {
    let api: Api<StatefulSet> = Api::namespaced(context.client.clone(), site.namespace);
    let orphan = DeleteParams::orphan();
    // The set's status changes often, and only its identity matters here.
    let mut exactly = set;
    exactly.metadata.resource_version = None;
    delete_exactly(&api, &exactly, &orphan).await?;
    children.sets.remove(&role);
    Ok(())
}
