//! What a node's folder says of it, and formatting it.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use klamm_lifecycle::{ClusterSpec, Directory, Founding, NodeRole};
use klamm_metadata::MetadataVersion;
use klamm_model::{DirectoryId, NodeId, Uuid};
use klamm_storage::disk::StdDisk;
use klamm_storage::state::MetaProperties;

use super::layout::Layout;

/// State of a node's log directories.
pub(super) fn observe_directory(layout: &Layout, spec: &ClusterSpec, node: NodeId) -> Directory {
    let mut found: Option<Uuid> = None;
    let mut metadata: Option<DirectoryId> = None;
    let metadata_dir = layout.metadata_dir(spec, node);
    for dir in layout.all_dirs(spec, node) {
        let properties = match MetaProperties::read(&StdDisk, &dir) {
            Ok(Some(properties)) => properties,
            Ok(None) => continue,
            Err(error) => return Directory::Foreign(error.to_string()),
        };
        if properties.node_id.is_some_and(|id| id != node) {
            return Directory::Foreign(format!("{} belongs to another node", dir.display()));
        }
        let Some(id) = properties.cluster_id.as_deref().and_then(|id| id.parse().ok()) else {
            return Directory::Foreign(format!("{} has no cluster.id", dir.display()));
        };
        if found.is_some_and(|other| other != id) {
            return Directory::Foreign(format!(
                "{} belongs to another cluster than its neighbours",
                dir.display()
            ));
        }
        found = Some(id);
        if dir == metadata_dir {
            metadata = properties.directory_id;
        }
    }
    found.map_or(Directory::Empty, |cluster_id| Directory::Formatted { cluster_id, metadata })
}

/// Formats a node with this program's own `storage format`.
pub(super) fn format(
    layout: &Layout,
    spec: &ClusterSpec,
    (node, role): (NodeId, NodeRole),
    (cluster_id, founding): (Uuid, Founding),
) -> Result<()> {
    layout.write_properties(spec, (node, role))?;
    for dir in layout.all_dirs(spec, node) {
        fs::create_dir_all(&dir).with_context(|| dir.display().to_string())?;
    }
    let quorum = match founding {
        Founding::Alone => "--standalone",
        Founding::Joins => "--no-initial-controllers",
    };
    let mut command = Command::new(std::env::current_exe()?);
    if let Some(version) = spec.metadata_version.and_then(MetadataVersion::from_level) {
        command.args(["storage", "format", "--release-version", &version.to_string()]);
    } else {
        command.args(["storage", "format"]);
    }
    let output = command
        .args(["--ignore-formatted", quorum])
        .args(["--cluster-id", &cluster_id.to_string(), "--config"])
        .arg(layout.properties(node))
        .output()
        .context("storage format cannot be run")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("node {node} cannot be formatted: {}", said.trim());
    }
    Ok(())
}

/// Deletes the data of a node that has left.
pub(super) fn delete_volumes(layout: &Layout, node: NodeId) -> Result<()> {
    let dir = layout.node_dir(node);
    fs::remove_dir_all(&dir).with_context(|| dir.display().to_string())
}
