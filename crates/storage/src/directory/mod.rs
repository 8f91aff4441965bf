//! One log directory: its lock, identity, checkpoints, partitions and health.

mod checkpoints;
mod partitions;
mod slot;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use klamm_model::{BrokerEpoch, Offset};
use klamm_sys::{LockError, LockFile};
use parking_lot::Mutex;

pub(crate) use slot::PartitionSlot;

use crate::config::DirectoryConfig;
use crate::disk::{DescriptorCache, Disk, DiskSpace};
use crate::error::{DiskFailure, OpenDirectoryError, StorageError};
use crate::health::Health;
use crate::names::PartitionDirName;
use crate::state::{CleanShutdown, StateFileError};

const LOCK_FILE: &str = ".lock";

/// How the last process left the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// In order: `.kafka_cleanshutdown` was there (and is consumed).
    Clean {
        /// The broker epoch it was written under; proves the clean stop at registration.
        broker_epoch: Option<BrokerEpoch>,
    },
    /// Killed, crashed, or never ran: each log is recovered from its recovery point.
    Unclean,
}

/// Health of a directory. Only ever gets worse, but for `Full`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectoryState {
    /// All well.
    Online,
    /// Appends are refused until space returns; all else goes on.
    Full,
    /// An operation failed: nothing is written or read any more until a restart.
    Offline,
}

/// The four text files of offsets by partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckpointKind {
    /// `recovery-point-offset-checkpoint`: logs are durable below it.
    RecoveryPoint,
    /// `log-start-offset-checkpoint`: where DeleteRecords moved a log's start.
    LogStart,
    /// `replication-offset-checkpoint`: high watermarks.
    HighWatermark,
    /// `cleaner-offset-checkpoint`: compacted logs are clean below it.
    Cleaner,
}

/// How to open a directory.
#[derive(Clone, Debug)]
pub struct OpenDirectory {
    /// An entry of `log.dirs`.
    pub path: PathBuf,
    /// The file system.
    pub disk: Arc<dyn Disk>,
    /// Settings.
    pub config: DirectoryConfig,
}

/// A partition found in a directory; nothing of it has been read but its name and checkpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionEntry {
    /// Its directory.
    pub dir: PartitionDirName,
    /// Durable below this offset; after a clean shutdown also its log end offset.
    pub recovery_point: Option<Offset>,
    /// Where DeleteRecords put its start.
    pub log_start_offset: Option<Offset>,
    /// Its last high watermark.
    pub high_watermark: Option<Offset>,
}

/// One log directory, shared by all its logs.
#[derive(Debug)]
pub struct LogDir {
    path: PathBuf,
    config: DirectoryConfig,
    disk: Arc<dyn Disk>,
    descriptors: Arc<DescriptorCache>,
    health: Arc<Health>,
    last_shutdown: Shutdown,
    /// By directory name.
    slots: Mutex<BTreeMap<String, Arc<PartitionSlot>>>,
    /// One writer at a time, so that an older snapshot never replaces a newer one.
    checkpoint_writer: Mutex<()>,
    /// Held as long as the directory is; a simulated disk needs none.
    _lock: Option<LockFile>,
}

impl LogDir {
    /// Locks the directory, consumes the clean-shutdown marker, reads the checkpoints and lists the
    /// partitions. Opens no log: a clean start costs one directory listing whatever its size.
    pub fn open(request: OpenDirectory) -> Result<Arc<LogDir>, OpenDirectoryError> {
        let OpenDirectory { path, disk, config } = request;
        disk.create_dir(&path).map_err(|error| DiskFailure::new("create", &path, error))?;
        let lock = if disk.is_simulated() { None } else { Some(lock(&path)?) };
        let last_shutdown = match CleanShutdown::consume(&*disk, &path) {
            Ok(Some(marker)) => Shutdown::Clean { broker_epoch: marker.broker_epoch },
            Ok(None) => Shutdown::Unclean,
            Err(StateFileError::Disk(failure)) => return Err(failure.into()),
            Err(StateFileError::Malformed { path, reason }) => {
                return Err(OpenDirectoryError::Unreadable { path, reason });
            }
        };
        let slots = partitions::find(&*disk, &path, last_shutdown)?;
        let dir = Arc::new(LogDir {
            descriptors: DescriptorCache::new(Arc::clone(&disk), config.max_open_files),
            health: Health::new(&path),
            path,
            config,
            disk,
            last_shutdown,
            slots: Mutex::new(slots),
            checkpoint_writer: Mutex::new(()),
            _lock: lock,
        });
        // What the space says is a state, and no reason not to start.
        if let Err(error) = dir.sample_space() {
            tracing::warn!(dir = %dir.path.display(), %error, "free space is not known");
        }
        Ok(dir)
    }

    /// The entry of `log.dirs`.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file system.
    pub fn disk(&self) -> &Arc<dyn Disk> {
        &self.disk
    }

    /// Settings.
    pub fn config(&self) -> &DirectoryConfig {
        &self.config
    }

    /// Health.
    pub fn state(&self) -> DirectoryState {
        self.health.state()
    }

    /// What took the directory offline.
    pub fn failure(&self) -> Option<DiskFailure> {
        self.health.first_failure()
    }

    /// How the last process left it.
    pub fn last_shutdown(&self) -> Shutdown {
        self.last_shutdown
    }

    pub(crate) fn descriptors(&self) -> &Arc<DescriptorCache> {
        &self.descriptors
    }

    pub(crate) fn health(&self) -> &Arc<Health> {
        &self.health
    }

    /// Asks the file system how much room is left and updates the state; once a second or so.
    pub fn sample_space(&self) -> Result<DiskSpace, StorageError> {
        self.health.check_online()?;
        let space = self.disk.space(&self.path);
        let space = space.map_err(|error| self.health.fail("ask for space", &self.path, error))?;
        // A tenth more than the mark before writing resumes: else each append would flip the state.
        let low_water = self.config.low_water_bytes;
        if space.usable < low_water {
            self.health.set_full();
        } else if space.usable >= low_water + low_water / 10 {
            self.health.set_roomy();
        }
        Ok(space)
    }

    /// The last step of an orderly stop, after all logs are closed and their checkpoints written:
    /// makes the next start a clean one. Does nothing (and says so) where a log was never
    /// recovered since an unclean start, or is still open.
    pub fn write_clean_shutdown(&self, broker_epoch: Option<BrokerEpoch>) -> Result<bool, StorageError> {
        self.health.check_online()?;
        if let Some(open) = self.slots.lock().values().find(|slot| !slot.is_settled()) {
            tracing::warn!(dir = %open.name(), "no clean-shutdown marker: a log was not closed");
            return Ok(false);
        }
        let marker = CleanShutdown { broker_epoch };
        marker.write(&*self.disk, &self.path).map_err(|failure| self.health.fail_with(failure))?;
        Ok(true)
    }
}

fn lock(path: &Path) -> Result<LockFile, OpenDirectoryError> {
    let file = path.join(LOCK_FILE);
    LockFile::acquire(&file).map_err(|error| match error {
        LockError::Held => OpenDirectoryError::Locked { dir: path.to_owned() },
        LockError::Io(error) => DiskFailure::new("lock", file, error).into(),
    })
}
