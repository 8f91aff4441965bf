//! Volumes that stood on a machine that is no more: the pods of such nodes wait for ever for a place.
//!
//! Only volumes that their affinity binds to single machines count, those of local disks: what a zone or nothing binds
//! outlives its machine. A machine is gone once its Node object is, which the cloud's controller or a person deletes;
//! one that is merely cut off, cordoned or full is waited for.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::{Node, NodeSelectorTerm, PersistentVolume, Pod};
use k8s_openapi::jiff::Timestamp;
use klamm_model::NodeId;
use kube::api::ListParams;
use kube::{Api, Client, ResourceExt as _};

use super::Children;
use crate::resources::Site;

/// Seconds for which no place was found for a pod before its machine is looked for: one that is registered anew has its
/// volumes still.
const GRACE: i64 = 60;
/// The label by which local volumes name their machine.
const HOSTNAME: &str = "kubernetes.io/hostname";

/// The machine that each stranded node's volume was on. Asks for volumes and machines only where a pod finds no place;
/// an operator that may not read them, which belong to no namespace, strands nobody.
pub(super) async fn stranded(
    client: &Client,
    site: &Site<'_>,
    children: &Children,
) -> Result<BTreeMap<NodeId, String>, kube::Error> {
    let now = Timestamp::now();
    let waiting = children.pods.iter().filter(|(_, pod)| finds_no_place(pod, now));
    let waiting: Vec<NodeId> = waiting.map(|(id, _)| *id).collect();
    if waiting.is_empty() {
        return Ok(BTreeMap::new());
    }
    let machines: Api<Node> = Api::all(client.clone());
    let machines = match machines.list_metadata(&ListParams::default()).await {
        Ok(machines) => machines.items,
        Err(error) if is_forbidden(&error) => return Ok(BTreeMap::new()),
        Err(error) => return Err(error),
    };
    let there: BTreeSet<String> = machines
        .iter()
        .flat_map(|machine| [Some(machine.name_any()), machine.labels().get(HOSTNAME).cloned()])
        .flatten()
        .collect();
    let volumes: Api<PersistentVolume> = Api::all(client.clone());
    let mut stranded = BTreeMap::new();
    for id in waiting {
        for claim in site.claim_names(id).iter().filter_map(|name| children.claims.get(name)) {
            let Some(name) = claim.spec.as_ref().and_then(|spec| spec.volume_name.as_ref()) else { continue };
            let volume = match volumes.get_opt(name).await {
                Ok(volume) => volume,
                Err(error) if is_forbidden(&error) => return Ok(BTreeMap::new()),
                Err(error) => return Err(error),
            };
            let on = volume.as_ref().and_then(machines_of).unwrap_or_default();
            if !on.is_empty() && !on.iter().any(|machine| there.contains(machine)) {
                stranded.insert(id, on.into_iter().collect::<Vec<_>>().join(", "));
            }
        }
    }
    Ok(stranded)
}

fn is_forbidden(error: &kube::Error) -> bool {
    matches!(error, kube::Error::Api(status) if status.code == 403)
}

fn finds_no_place(pod: &Pod, now: Timestamp) -> bool {
    let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_ref());
    let scheduled = conditions.and_then(|all| all.iter().find(|one| one.type_ == "PodScheduled"));
    let refused =
        scheduled.filter(|one| one.status == "False" && one.reason.as_deref() == Some("Unschedulable"));
    let since = refused.and_then(|one| one.last_transition_time.as_ref());
    pod.metadata.deletion_timestamp.is_none()
        && since.is_some_and(|since| now.as_second() - since.0.as_second() >= GRACE)
}

/// The machines on which a volume can be used; `None` if it is not bound to single ones.
fn machines_of(volume: &PersistentVolume) -> Option<BTreeSet<String>> {
    let affinity = volume.spec.as_ref()?.node_affinity.as_ref()?;
    let terms = &affinity.required.as_ref()?.node_selector_terms;
    let mut machines = BTreeSet::new();
    for term in terms {
        machines.extend(machines_of_term(term)?.iter().cloned());
    }
    Some(machines)
}

fn machines_of_term(term: &NodeSelectorTerm) -> Option<&Vec<String>> {
    let labels = term.match_expressions.iter().flatten().filter(|one| one.key == HOSTNAME);
    let fields = term.match_fields.iter().flatten().filter(|one| one.key == "metadata.name");
    let named = labels.chain(fields).find(|one| one.operator == "In")?;
    named.values.as_ref()
}
