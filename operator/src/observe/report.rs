//! What a pod's first container, `klamm pod-prepare`, reports of the node's volumes and settings.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ContainerStatus, Pod};
use klamm_lifecycle::NodeRole;
use klamm_model::{DirectoryId, Uuid};

use crate::resources::PREPARE;

/// State of the volumes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Volumes {
    /// Nothing is on them.
    Empty,
    /// Formatted for this node.
    Formatted {
        /// Whose cluster.
        cluster_id: Uuid,
        /// The directory with the metadata log.
        metadata: Option<DirectoryId>,
        /// All directories.
        all: Vec<DirectoryId>,
    },
    /// Not usable; the sentence says why.
    Unusable(String),
}

/// One report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What it found.
    pub volumes: Volumes,
    /// The role in the settings that it took, if it got that far.
    pub role: Option<NodeRole>,
    /// The hash in the instruction that it read, if it got that far.
    pub settings_hash: Option<String>,
}

/// The last report in a pod; `None` before the first.
pub fn report_of(pod: &Pod) -> Option<Report> {
    let statuses = pod.status.as_ref()?.init_container_statuses.as_ref()?;
    let status = statuses.iter().find(|status| status.name == PREPARE)?;
    read(message(status)?)
}

fn message(status: &ContainerStatus) -> Option<&str> {
    let states = [status.state.as_ref(), status.last_state.as_ref()];
    let ended = states.into_iter().flatten().find_map(|state| state.terminated.as_ref());
    ended?.message.as_deref()
}

fn read(message: &str) -> Option<Report> {
    let lines: BTreeMap<&str, &str> = message.lines().filter_map(|line| line.split_once('=')).collect();
    let text = |key: &str| lines.get(key).copied().filter(|value| !value.is_empty());
    let directory = |id: &str| DirectoryId::new(id.parse().ok()?);
    let volumes = match text("directory")? {
        "empty" => Volumes::Empty,
        "formatted" => Volumes::Formatted {
            cluster_id: text("cluster.id")?.parse().ok()?,
            metadata: text("directory.id").and_then(directory),
            all: text("directory.ids").unwrap_or_default().split(',').filter_map(directory).collect(),
        },
        _ => Volumes::Unusable(text("reason").unwrap_or("its volumes cannot be used").to_owned()),
    };
    let all = [NodeRole::Broker, NodeRole::Controller, NodeRole::Combined];
    let role =
        text("process.roles").and_then(|roles| all.into_iter().find(|role| role.process_roles() == roles));
    Some(Report { volumes, role, settings_hash: text("settings.hash").map(str::to_owned) })
}
