//! What storage refuses or fails at, one type per operation.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use klamm_logstate::ProducerError;
use klamm_model::{Offset, TopicId, TopicPartition};
use rustix::io::Errno;

/// A file operation that failed. The log directory it names is offline from then on.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{what} {}: {source}", path.display())]
pub struct DiskFailure {
    /// The operation, as "write to".
    pub what: &'static str,
    /// The file or directory.
    pub path: PathBuf,
    /// What the system said.
    pub source: Arc<io::Error>,
}

impl DiskFailure {
    pub(crate) fn new(what: &'static str, path: impl Into<PathBuf>, source: io::Error) -> DiskFailure {
        DiskFailure { what, path: path.into(), source: Arc::new(source) }
    }

    /// Whether the disk was full: then it is read-only for a while and not offline.
    pub fn is_full(&self) -> bool {
        is_full(&self.source)
    }

    /// Whether descriptors or memory were missing: nothing is wrong with the disk.
    pub fn is_exhausted(&self) -> bool {
        is_exhausted(&self.source)
    }
}

/// Whether the process or the system ran out of descriptors or memory: no failure of the disk.
pub(crate) fn is_exhausted(error: &io::Error) -> bool {
    lacks_descriptors(error) || Errno::from_io_error(error) == Some(Errno::NOMEM)
}

/// Whether the process or the system ran out of descriptors.
pub(crate) fn lacks_descriptors(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE))
}

/// Whether the disk was full.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// An operation on a log that did not happen. The log stands as before, or its directory is offline.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StorageError {
    /// The log directory is offline since an earlier failure: nothing is tried any more.
    #[error("log directory {} is offline", dir.display())]
    Offline {
        /// The log directory.
        dir: PathBuf,
    },
    /// The disk is full, or below its low-water mark: writes are refused, all else goes on.
    #[error("log directory {} is full", dir.display())]
    Full {
        /// The log directory.
        dir: PathBuf,
    },
    /// The process has no descriptor or memory left for it: nothing is wrong with the disk, and the
    /// same may succeed a moment later.
    #[error("log directory {}: out of descriptors or memory", dir.display())]
    Exhausted {
        /// The log directory.
        dir: PathBuf,
    },
    /// The disk failed; the log directory has gone offline.
    #[error(transparent)]
    Disk(#[from] DiskFailure),
}

impl StorageError {
    /// Whether the same may succeed a moment later: room, descriptors or memory were missing.
    pub fn is_passing(&self) -> bool {
        match self {
            StorageError::Full { .. } | StorageError::Exhausted { .. } => true,
            StorageError::Offline { .. } | StorageError::Disk(_) => false,
        }
    }
}

/// An append request that was refused; nothing of it is in the log.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AppendError {
    /// Its producer may not append it.
    #[error(transparent)]
    Producer(#[from] ProducerError),
    /// RECORD_LIST_TOO_LARGE: it does not fit a segment.
    #[error("{size} bytes in one append, a segment holds {segment_bytes}")]
    TooLarge {
        /// Bytes of the request.
        size: u64,
        /// `segment.bytes`.
        segment_bytes: u32,
    },
    /// The caller handed over bytes that are not whole, validated batches with fitting offsets.
    #[error("batch at byte {position} of the request: {reason}")]
    Malformed {
        /// Where in the request.
        position: usize,
        /// What is wrong.
        reason: String,
    },
    /// The log could not be written.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A read that gives no bytes.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ReadError {
    /// OFFSET_OUT_OF_RANGE.
    #[error("offset {offset} is outside {log_start_offset} to {log_end_offset}")]
    OutOfRange {
        /// Asked for.
        offset: Offset,
        /// First offset of the log.
        log_start_offset: Offset,
        /// Next offset to be written.
        log_end_offset: Offset,
    },
    /// Only resident pages may be touched and one is missing: read again from a thread that may wait.
    #[error("not in memory")]
    NotResident,
    /// The log was truncated or deleted under this view: take the newest view and read again.
    #[error("the view is out of date")]
    Stale,
    /// A batch on disk is damaged.
    #[error("{} is damaged at byte {position}: {reason}", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// Where.
        position: u64,
        /// What is wrong.
        reason: String,
    },
    /// The disk failed or the directory is offline.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl ReadError {
    /// Whether the same read, of the newest view, may succeed a moment later.
    pub fn is_passing(&self) -> bool {
        match self {
            ReadError::NotResident | ReadError::Stale => true,
            ReadError::Storage(error) => error.is_passing(),
            ReadError::OutOfRange { .. } | ReadError::Corrupt { .. } => false,
        }
    }
}

/// A log that could not be opened.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OpenLogError {
    /// INCONSISTENT_TOPIC_ID: the directory belongs to another incarnation of the topic.
    #[error("{partition} on disk has topic id {found}, not {expected}")]
    TopicId {
        /// Which partition.
        partition: TopicPartition,
        /// What the metadata says.
        expected: TopicId,
        /// What `partition.metadata` says.
        found: TopicId,
    },
    /// The log is damaged below its recovery point (that of the metadata: before other batches), in
    /// the middle: nothing is cut. A replica with
    /// a leader elsewhere is deleted and fetched again; with none, the caller may reopen with
    /// [`crate::OpenLog::cut_damage`].
    #[error("{partition}: {} is damaged at byte {position}, valid batches follow", path.display())]
    Damaged {
        /// Which partition.
        partition: TopicPartition,
        /// The file.
        path: PathBuf,
        /// First damaged byte.
        position: u64,
        /// First offset that would be lost.
        offset: Offset,
    },
    /// The disk failed or the directory is offline.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A log directory that could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenDirectoryError {
    /// Another process uses it.
    #[error("log directory {} is used by another process (its .lock is held)", dir.display())]
    Locked {
        /// The log directory.
        dir: PathBuf,
    },
    /// A file of it has content that cannot be ignored.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskFailure),
}
