//! Logs, segments, indexes, checkpoints, recovery: Kafka's directory byte for byte, over blocking
//! I/O behind [`disk::Disk`]. No async, no clock (times are arguments), no thread: what must not
//! run on a shard is handed out as a [`Job`].

mod compaction;
mod config;
mod directory;
pub mod disk;
mod error;
mod health;
mod index;
mod job;
mod log;
pub mod names;
#[cfg(feature = "planted-bugs")]
pub mod planted;
#[cfg(not(feature = "planted-bugs"))]
mod planted;
mod reader;
mod segment;
mod snapshot_files;
pub mod state;

pub use compaction::{
    BYTES_PER_KEY, Compaction, CompactionError, CompactionPlan, CompactionSettings, CompactionSource,
    CompactionStep, CompactionSummary, NextStep,
};
pub use config::{CleanupPolicy, DirectoryConfig, LogConfig};
pub use directory::{CheckpointKind, DirectoryState, LogDir, OpenDirectory, PartitionEntry, Shutdown};
pub use error::{AppendError, DiskFailure, OpenDirectoryError, OpenLogError, ReadError, StorageError};
pub use job::{Job, JobKind, JobReport};
pub use log::{
    AppendInfo, AppendResult, CopyError, FetchSlice, FollowerAppend, FollowerStop, Isolation, LeaderAppend,
    Log, LogStartReason, LogView, LogViewHandle, MinOneBatch, OpenLog, OpenedLog, Patience, ReadRequest,
    RecoveryReport, RetentionReport, TimestampedOffset, Truncation,
};
