//! Opens the log directories and checks that they belong to this node of this cluster.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use klamm_config::NodeConfig;
use klamm_model::{BrokerEpoch, DirectoryId, NodeId, Uuid};
use klamm_storage::disk::{Disk, StdDisk};
use klamm_storage::state::MetaProperties;
use klamm_storage::{DirectoryConfig, DirectoryState, LogDir, OpenDirectory, OpenDirectoryError, Shutdown};

/// Why the node cannot use its directories.
#[derive(Debug, thiserror::Error)]
pub enum DirectoriesError {
    /// Never formatted.
    #[error("log directory {} is not formatted: run `klamm storage format` first (no meta.properties)", .0.display())]
    NotFormatted(PathBuf),
    /// `meta.properties` is not readable.
    #[error("{0}")]
    Unreadable(String),
    /// Another node's.
    #[error("log directory {} belongs to node {found}, this is node {expected} (node.id)", dir.display())]
    OtherNode {
        /// The directory.
        dir: PathBuf,
        /// In its meta.properties.
        found: NodeId,
        /// In the configuration.
        expected: NodeId,
    },
    /// Two clusters.
    #[error("log directories {} and {} belong to different clusters: {first} and {second}", first_dir.display(), second_dir.display())]
    TwoClusters {
        /// One directory.
        first_dir: PathBuf,
        /// Its cluster.
        first: String,
        /// The other.
        second_dir: PathBuf,
        /// Its cluster.
        second: String,
    },
    /// No identity.
    #[error("{}: {field} is missing", dir.join("meta.properties").display())]
    Missing {
        /// The directory.
        dir: PathBuf,
        /// The property.
        field: &'static str,
    },
    /// One identity twice.
    #[error("log directories {} and {} have the same directory.id {id}", first.display(), second.display())]
    SameId {
        /// One directory.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// Their id.
        id: Uuid,
    },
    /// Locked or failing.
    #[error(transparent)]
    Open(#[from] OpenDirectoryError),
}

/// One open directory.
#[derive(Clone, Debug)]
pub struct Directory {
    /// Its id.
    pub id: DirectoryId,
    /// The open directory.
    pub dir: Arc<LogDir>,
}

/// All directories of the node.
#[derive(Clone, Debug)]
pub struct Directories {
    /// `cluster.id`.
    pub cluster_id: Arc<str>,
    /// `log.dirs` in their order.
    pub data: Vec<Directory>,
    /// The one with the metadata log; it may be among `data`.
    pub metadata: Directory,
    /// Their file system.
    pub disk: Arc<dyn Disk>,
}

impl Directories {
    /// The directory of an id.
    pub fn by_id(&self, id: Uuid) -> Option<&Directory> {
        self.data.iter().find(|directory| directory.id.get() == id)
    }

    /// Ids of those in `log.dirs` that have failed since the start.
    pub fn offline(&self) -> Vec<Uuid> {
        let failed = self.data.iter().filter(|one| one.dir.state() == DirectoryState::Offline);
        failed.map(|one| one.id.get()).collect()
    }

    /// Broker epoch of the last clean stop, if all directories were left in order; proves to the
    /// controller that no acknowledged record was lost.
    pub fn previous_epoch(&self) -> Option<BrokerEpoch> {
        let mut epochs = self.data.iter().map(|directory| match directory.dir.last_shutdown() {
            Shutdown::Clean { broker_epoch } => broker_epoch,
            Shutdown::Unclean => None,
        });
        let first = epochs.next()??;
        epochs.all(|epoch| epoch == Some(first)).then_some(first)
    }
}

/// Checks identities, then locks and opens.
pub fn open_directories(
    config: &NodeConfig,
    settings: &DirectoryConfig,
) -> Result<Directories, DirectoriesError> {
    let disk: Arc<dyn Disk> = Arc::new(StdDisk);
    let metadata_path = PathBuf::from(&config.metadata_log_dir);
    let mut paths: Vec<_> = config.log_dirs.iter().map(PathBuf::from).collect();
    let data = paths.len();
    if !paths.contains(&metadata_path) {
        paths.push(metadata_path.clone());
    }
    let mut identities = Vec::new();
    for path in &paths {
        identities.push(read_identity(disk.as_ref(), path, config.node_id)?);
    }
    let cluster_id = one_cluster(&paths, &identities)?;
    distinct_ids(&paths, &identities)?;
    let mut open = Vec::new();
    for (path, identity) in paths.iter().zip(&identities) {
        let dir =
            LogDir::open(OpenDirectory { path: path.clone(), disk: disk.clone(), config: settings.clone() })?;
        open.push(Directory { id: identity.directory, dir });
    }
    let metadata = open.iter().find(|directory| directory.dir.path() == metadata_path);
    let metadata = metadata.expect("its path was added").clone();
    open.truncate(data);
    Ok(Directories { cluster_id: cluster_id.into(), data: open, metadata, disk })
}

struct Identity {
    cluster: String,
    directory: DirectoryId,
}

fn read_identity(disk: &dyn Disk, path: &Path, node: NodeId) -> Result<Identity, DirectoriesError> {
    let read = MetaProperties::read(disk, path);
    let read = read.map_err(|error| DirectoriesError::Unreadable(error.to_string()))?;
    let properties = read.ok_or_else(|| DirectoriesError::NotFormatted(path.to_owned()))?;
    let missing = |field| DirectoriesError::Missing { dir: path.to_owned(), field };
    match properties.node_id {
        Some(found) if found != node => {
            return Err(DirectoriesError::OtherNode { dir: path.to_owned(), found, expected: node });
        }
        Some(_) => {}
        None => return Err(missing("node.id")),
    }
    Ok(Identity {
        cluster: properties.cluster_id.ok_or_else(|| missing("cluster.id"))?,
        directory: properties.directory_id.ok_or_else(|| missing("directory.id"))?,
    })
}

fn one_cluster(paths: &[PathBuf], identities: &[Identity]) -> Result<String, DirectoriesError> {
    let first = &identities[0].cluster;
    for (path, identity) in paths.iter().zip(identities) {
        if identity.cluster != *first {
            return Err(DirectoriesError::TwoClusters {
                first_dir: paths[0].clone(),
                first: first.clone(),
                second_dir: path.clone(),
                second: identity.cluster.clone(),
            });
        }
    }
    Ok(first.clone())
}

fn distinct_ids(paths: &[PathBuf], identities: &[Identity]) -> Result<(), DirectoriesError> {
    let mut seen: BTreeMap<Uuid, &PathBuf> = BTreeMap::new();
    for (path, identity) in paths.iter().zip(identities) {
        let id = identity.directory.get();
        if let Some(first) = seen.insert(id, path) {
            return Err(DirectoriesError::SameId { first: first.clone(), second: path.clone(), id });
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use klamm_storage::CheckpointKind;
    use klamm_storage::disk::{Fault, FaultKind, MemDisk, Operation};

    use super::*;

    #[test]
    fn a_directory_that_failed_is_told_as_offline() {
        let disk = MemDisk::new();
        let open = |id, path: &str| {
            let (path, disk) = (PathBuf::from(path), Arc::new(disk.clone()));
            let dir = LogDir::open(OpenDirectory { path, disk, config: DirectoryConfig::default() }).unwrap();
            Directory { id: DirectoryId::new(Uuid::from_u128(id)).unwrap(), dir }
        };
        let (good, bad) = (open(1_001, "/good"), open(1_002, "/bad"));
        let directories = Directories {
            cluster_id: "c".into(),
            data: vec![good.clone(), bad.clone()],
            metadata: good,
            disk: Arc::new(disk.clone()),
        };
        assert_eq!(directories.offline(), []);
        disk.inject(Fault { after: 0, on: Some(Operation::Sync), kind: FaultKind::Io });
        bad.dir.write_checkpoint(CheckpointKind::RecoveryPoint).unwrap_err();
        assert_eq!(directories.offline(), [bad.id.get()]);
    }
}
