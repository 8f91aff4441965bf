//! The log directories before formatting: formatted, empty, unreadable (Kafka:
//! MetaPropertiesEnsemble).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use klamm_config::NodeConfig;
use klamm_model::NodeId;
use klamm_storage::disk::Disk;
use klamm_storage::state::{META_PROPERTIES, MetaProperties, StateFileError};

use crate::tool::ToolError;

/// All directories of a node's settings, sorted.
pub(super) fn of_config(config: &NodeConfig) -> BTreeSet<String> {
    config.log_dirs.iter().cloned().chain([config.metadata_log_dir.clone()]).collect()
}

/// What was found in the directories.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Identities of those formatted.
    pub(super) formatted: BTreeMap<String, MetaProperties>,
    /// Those to format; they need not exist.
    pub(super) empty: Vec<String>,
    /// Those that cannot be read.
    pub(super) unreadable: Vec<String>,
}

impl Found {
    /// Looks into `directories`.
    pub(super) fn read(disk: &dyn Disk, directories: &BTreeSet<String>) -> Result<Found, ToolError> {
        let mut found = Found::default();
        for directory in directories {
            match MetaProperties::read(disk, Path::new(directory)) {
                Ok(Some(properties)) => {
                    found.formatted.insert(directory.clone(), properties);
                }
                Ok(None) => found.empty.push(directory.clone()),
                Err(StateFileError::Disk(_)) => found.unreadable.push(directory.clone()),
                Err(error @ StateFileError::Malformed { .. }) => return Err(ToolError::failed(error)),
            }
        }
        Ok(found)
    }

    /// Refuses directories of another cluster or node, and two of the same id.
    pub(super) fn verify(&self, cluster: &str, node: NodeId) -> Result<(), ToolError> {
        let mut seen = BTreeMap::new();
        for (directory, properties) in &self.formatted {
            let path = Path::new(directory).join(META_PROPERTIES);
            let path = path.display();
            if let Some(found) = properties.cluster_id.as_deref().filter(|found| *found != cluster) {
                return Err(ToolError::Failed(format!(
                    "Invalid cluster.id in: {path}. Expected {cluster}, but read {found}"
                )));
            }
            if let Some(found) = properties.node_id.filter(|found| *found != node) {
                return Err(ToolError::Failed(format!(
                    "Stored node id {found} doesn't match previous node id {node} in {path}. If you moved your \
                     data, make sure your configured node id matches. If you intend to create a new node, you \
                     should remove all data in your data directories."
                )));
            }
            let Some(id) = properties.directory_id else { continue };
            if id.get().to_u128() < 100 {
                return Err(ToolError::Failed(format!(
                    "Invalid reserved directory ID {id} found in {directory}"
                )));
            }
            if let Some(other) = seen.insert(id, directory) {
                return Err(ToolError::Failed(format!(
                    "Duplicate directory ID {id} found. It was the ID of {other}, but also of {directory}"
                )));
            }
        }
        Ok(())
    }
}
