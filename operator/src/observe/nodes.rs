//! Each node as the planner knows it, from its pod, its volume claims and what it was last told.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::{ContainerState, ContainerStatus, PersistentVolumeClaim, Pod};
use k8s_openapi::jiff::Timestamp;
use klamm_lifecycle::{Directory, ObservedNode, Process};
use klamm_manifest::KafkaClusterStatus;
use klamm_model::{DirectoryId, NodeId};

use super::{Children, Report, Volumes, report_of};
use crate::resources::{
    ANNOTATION_POD_HASH, ANNOTATION_RESTART, Founding, MAIN, NodeFile, PREPARE, Site, StatefulRole,
    node_settings, pod_hash, restart_hash,
};

/// Reasons for which a container waits that end only by a change.
const STUCK: [&str; 8] = [
    "CrashLoopBackOff",
    "ImagePullBackOff",
    "ErrImagePull",
    "InvalidImageName",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "ErrImageNeverPull",
];

/// What a pass looks at, besides the site.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The objects.
    pub children: &'a Children,
    /// What each node was last told.
    pub files: &'a BTreeMap<NodeId, NodeFile>,
    /// The status as it was written last.
    pub status: &'a KafkaClusterStatus,
    /// When.
    pub now: Timestamp,
}

/// Every node that exists in any way, wanted or not.
pub fn observed_nodes(site: &Site<'_>, seen: Seen<'_>) -> BTreeMap<NodeId, ObservedNode> {
    let mut ids: BTreeSet<NodeId> = site.spec.nodes.iter().map(|node| node.id).collect();
    ids.extend(seen.children.pods.keys());
    ids.extend(seen.files.keys());
    for role in site.roles() {
        ids.extend(covered(site, role, seen.children.replicas(site, role)));
    }
    ids.into_iter().map(|id| (id, observe(site, seen, id))).collect()
}

/// The nodes of a StatefulSet with that many pods.
pub fn covered(site: &Site<'_>, role: StatefulRole, replicas: i32) -> impl Iterator<Item = NodeId> + use<> {
    let first = site.first_id(role);
    (first..first + replicas.max(0)).filter_map(NodeId::new)
}

fn observe(site: &Site<'_>, seen: Seen<'_>, id: NodeId) -> ObservedNode {
    let pod = seen.children.pods.get(&id);
    let file = seen.files.get(&id);
    let report = pod.and_then(report_of);
    let role = report.as_ref().and_then(|report| report.role).or(file.map(|file| file.instruction.role));
    let outdated = pod.and_then(|pod| outdated(site, seen, (id, pod), report.as_ref()));
    let is_covered = {
        let set = site.role_of(id);
        seen.children.sets.contains_key(&set)
            && covered(site, set, seen.children.replicas(site, set)).any(|one| one == id)
    };
    let stranded = seen.children.stranded.get(&id);
    let process = match (pod, stranded) {
        (Some(_), Some(machine)) => {
            Process::Failed { how: format!("its volume was on {machine}, which is gone"), rests: false }
        }
        (Some(pod), None) => process(pod, outdated.is_some(), seen.now),
        // Its pod is about to be made.
        (None, _) if is_covered => Process::Running { answers: false, for_seconds: 0 },
        (None, _) => Process::Absent,
    };
    ObservedNode {
        directory: match stranded {
            Some(_) => Directory::Empty,
            None => directory(site, seen, id, report),
        },
        process,
        role,
        outdated,
        controller_endpoint: Some(site.controller_endpoint(id)),
    }
}

/// What is on a node's volumes: what its pod reports, else what is to be expected of its claims.
fn directory(site: &Site<'_>, seen: Seen<'_>, id: NodeId, report: Option<Report>) -> Directory {
    match report.map(|report| report.volumes) {
        Some(Volumes::Empty) => return Directory::Empty,
        Some(Volumes::Unusable(reason)) => return Directory::Foreign(reason),
        Some(Volumes::Formatted { cluster_id, metadata, .. }) => {
            return Directory::Formatted { cluster_id, metadata };
        }
        None => {}
    }
    let file = seen.files.get(&id);
    let Some(cluster_id) = file.map(|file| file.instruction.cluster_id).or(site.cluster_id) else {
        return Directory::Empty;
    };
    // A pod that was told so formats them at its start.
    let is_promised = file.is_some_and(|file| file.instruction.founding != Founding::Never);
    let claims = site.claim_names(id);
    let are_there = claims.iter().all(|name| seen.children.claims.get(name).is_some_and(is_usable));
    if is_promised || are_there {
        let metadata = if is_promised { None } else { recorded(seen.status, id) };
        Directory::Formatted { cluster_id, metadata }
    } else {
        Directory::Empty
    }
}

fn is_usable(claim: &PersistentVolumeClaim) -> bool {
    let phase = claim.status.as_ref().and_then(|status| status.phase.as_deref());
    claim.metadata.deletion_timestamp.is_none() && phase != Some("Lost")
}

/// The only directory that the status has for a node; of several, which has the metadata is unknown.
fn recorded(status: &KafkaClusterStatus, id: NodeId) -> Option<DirectoryId> {
    let node = status.nodes.iter().find(|node| node.id == id.get())?;
    let [only] = node.directory_ids.as_slice() else { return None };
    DirectoryId::new(only.parse().ok()?)
}

fn outdated(
    site: &Site<'_>,
    seen: Seen<'_>,
    (id, pod): (NodeId, &Pod),
    report: Option<&Report>,
) -> Option<String> {
    let wanted = site.spec.node(id)?.role;
    let told = seen.files.get(&id).map(|file| &file.instruction);
    let role = report.and_then(|report| report.role).or(told.map(|told| told.role));
    if role.is_some_and(|role| role != wanted) {
        return Some(format!("it becomes {wanted}"));
    }
    // A pod that was prepared before it was told to hold runs on.
    let holds = told.is_some_and(|told| told.holds);
    match site.fenced.contains(&id) {
        true if !holds || report.is_some() => return Some("it is to be fenced".to_owned()),
        false if holds => return Some("it is fenced no more".to_owned()),
        true | false => {}
    }
    let asked = pod.metadata.annotations.as_ref().and_then(|all| all.get(ANNOTATION_RESTART));
    if let Some(why) = asked {
        return Some(if why.is_empty() {
            "a restart was asked for".to_owned()
        } else {
            format!("a restart was asked for: {why}")
        });
    }
    let has = pod.metadata.annotations.as_ref().and_then(|all| all.get(ANNOTATION_POD_HASH));
    if has.is_none_or(|has| *has != pod_hash(site, site.role_of(id))) {
        return Some("its image, resources or template change".to_owned());
    }
    let runs = report.and_then(|report| report.settings_hash.as_ref());
    let runs = runs.or(told.map(|told| &told.settings_hash));
    if runs.is_some_and(|runs| *runs != restart_hash(&node_settings(site, (id, wanted)))) {
        return Some("its settings change".to_owned());
    }
    let resizing = |name: &String| {
        let claim = seen.children.claims.get(name)?;
        let conditions = claim.status.as_ref()?.conditions.as_ref()?;
        conditions.iter().find(|condition| condition.type_ == "FileSystemResizePending")
    };
    site.claim_names(id).iter().find_map(resizing).map(|_| "its file system grows at a restart".to_owned())
}

fn process(pod: &Pod, is_outdated: bool, now: Timestamp) -> Process {
    if pod.metadata.deletion_timestamp.is_some() {
        return Process::Stopping;
    }
    let status = pod.status.as_ref();
    let phase = status.and_then(|status| status.phase.as_deref()).unwrap_or("Pending");
    if matches!(phase, "Failed" | "Succeeded") {
        let how = status.and_then(|status| status.reason.clone().or(status.message.clone()));
        return Process::Failed { how: how.unwrap_or_else(|| phase.to_owned()), rests: false };
    }
    let containers = status.into_iter().flat_map(|status| {
        let all = [status.init_container_statuses.as_ref(), status.container_statuses.as_ref()];
        all.into_iter().flatten().flatten()
    });
    // One that cannot go on as it is may be replaced by one of the present spec.
    if let Some(how) = containers.filter(|container| !container.ready).find_map(stuck) {
        return Process::Failed { how, rests: !is_outdated };
    }
    let conditions = status.and_then(|status| status.conditions.as_ref());
    let ready = conditions.and_then(|all| all.iter().find(|condition| condition.type_ == "Ready"));
    let answers = ready.is_some_and(|ready| ready.status == "True");
    let created = pod.metadata.creation_timestamp.as_ref();
    let since = match ready.and_then(|ready| ready.last_transition_time.as_ref()) {
        Some(changed) if !answers => Some(changed),
        Some(_) | None => created,
    };
    let seconds = since.map_or(0, |since| now.as_second() - since.0.as_second());
    Process::Running { answers, for_seconds: u32::try_from(seconds.max(0)).unwrap_or(u32::MAX) }
}

/// Why a container does not go on, if it does not.
fn stuck(container: &ContainerStatus) -> Option<String> {
    let state = container.state.as_ref()?;
    let fails = state.terminated.as_ref().is_some_and(|ended| ended.exit_code != 0);
    if fails && container.name == PREPARE {
        // Between two tries the kubelet may show how the last one ended instead of a reason to wait.
        return last_word(state).map(|how| format!("{PREPARE}: {how}"));
    }
    let waiting = state.waiting.as_ref()?;
    let reason = waiting.reason.as_deref().filter(|reason| STUCK.contains(reason))?;
    let ended = container.last_state.as_ref().and_then(last_word);
    let message = ended.or_else(|| waiting.message.clone()).unwrap_or_default();
    let what = if container.name == MAIN { "node" } else { container.name.as_str() };
    Some(format!("{what}: {reason}: {message}"))
}

fn last_word(state: &ContainerState) -> Option<String> {
    let ended = state.terminated.as_ref()?;
    let reason = ended
        .message
        .as_deref()
        .and_then(|message| message.lines().find_map(|line| line.strip_prefix("reason=")));
    Some(match reason {
        Some(reason) => reason.to_owned(),
        None => format!("exit code {}", ended.exit_code),
    })
}
