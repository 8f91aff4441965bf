//! The small text files of a log directory and of a partition, byte for byte as Kafka writes them.
//! Each is replaced whole (temporary file, fsync, rename, fsync of the directory), since none of
//! them has a checksum.

mod clean_shutdown;
mod epoch_checkpoint;
mod meta_properties;
mod metadata_snapshot;
mod offset_checkpoint;
mod partition_metadata;
mod properties;
mod quorum_state;
mod text;

pub use clean_shutdown::CleanShutdown;
pub use epoch_checkpoint::EPOCH_CHECKPOINT;
pub(crate) use epoch_checkpoint::{decode_epochs, encode_epochs};
pub use meta_properties::{META_PROPERTIES, MetaProperties, MetaPropertiesVersion};
pub use metadata_snapshot::{MetadataSnapshotStore, MetadataSnapshotWriter};
pub use offset_checkpoint::{decode_offsets, encode_offsets};
pub(crate) use partition_metadata::{PARTITION_METADATA, decode_topic_id, encode_topic_id};
pub use quorum_state::{QuorumState, QuorumStateStore, QuorumStateVersion};

use std::path::PathBuf;

use crate::error::DiskFailure;

/// A small file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateFileError {
    /// Its content is not what it should be.
    #[error("{}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// It cannot be read or written.
    #[error(transparent)]
    Disk(#[from] DiskFailure),
}

/// Larger than any of these files gets: 16 MiB is an offset checkpoint of 100,000 partitions with
/// names of the longest kind.
pub(crate) const MAX_STATE_FILE: usize = 64 << 20;
