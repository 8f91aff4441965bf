//! One log directory: its lock, identity, checkpoints, partitions and health.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use klamm_model::{BrokerEpoch, Offset, TopicPartition, Uuid};

use crate::OpenLogError;
use crate::config::DirectoryConfig;
use crate::disk::Disk;
use crate::error::{OpenDirectoryError, StorageError};
use crate::log::{OpenLog, OpenedLog};
use crate::names::{PartitionDirKind, PartitionDirName};

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
}

impl LogDir {
    /// Locks the directory, consumes the clean-shutdown marker, reads the checkpoints and lists the
    /// partitions. Opens no log: a clean start costs one directory listing whatever its size.
    pub fn open(request: OpenDirectory) -> Result<Arc<LogDir>, OpenDirectoryError> {
        let _ = request;
        unimplemented!()
    }

    /// The entry of `log.dirs`.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Health.
    pub fn state(&self) -> DirectoryState {
        unimplemented!()
    }

    /// How the last process left it.
    pub fn last_shutdown(&self) -> Shutdown {
        unimplemented!()
    }

    /// What was found at opening, by directory name: current, future, deleted and stray ones.
    /// `__cluster_metadata` is among them.
    pub fn partitions(&self) -> Vec<PartitionEntry> {
        unimplemented!()
    }

    /// Opens the log of a partition, or makes it.
    pub fn open_log(self: &Arc<LogDir>, request: OpenLog) -> Result<OpenedLog, OpenLogError> {
        let _ = request;
        unimplemented!()
    }

    /// Writes one of the four checkpoints from what the logs say now (and what was read for those
    /// never opened). Durable on return; blocks: for the pool, never for a shard.
    pub fn write_checkpoint(&self, kind: CheckpointKind) -> Result<(), StorageError> {
        let _ = kind;
        unimplemented!()
    }

    /// The last step of an orderly stop, after all logs are closed and their checkpoints written:
    /// makes the next start a clean one. Does nothing (and says so) where a log was never
    /// recovered since an unclean start.
    pub fn write_clean_shutdown(&self, broker_epoch: Option<BrokerEpoch>) -> Result<bool, StorageError> {
        let _ = broker_epoch;
        unimplemented!()
    }

    /// Renames a partition's directory of which no log is open: for deletion or as a stray.
    pub fn rename_unopened(
        &self,
        partition: &TopicPartition,
        kind: PartitionDirKind,
        unique: Uuid,
    ) -> Result<PartitionDirName, StorageError> {
        let _ = (partition, kind, unique);
        unimplemented!()
    }

    /// Removes a directory that was renamed for deletion; blocks.
    pub fn remove_deleted(&self, dir: &PartitionDirName) -> Result<(), StorageError> {
        let _ = dir;
        unimplemented!()
    }

    /// Asks the file system how much room is left and updates the state; once a second or so.
    pub fn sample_space(&self) -> Result<crate::disk::DiskSpace, StorageError> {
        unimplemented!()
    }
}
