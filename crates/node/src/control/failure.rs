//! Why the control plane cannot go on.

use klamm_metadata::delta::ReplayError;
use klamm_model::Offset;
use klamm_protocol::records::errors::BatchError;

use crate::metadata::{LoadError, MetadataBatchError};
use crate::raft::{MetadataLogError, RaftFailure};

/// The control plane cannot go on; the node stops.
#[derive(Debug, thiserror::Error)]
pub enum ControlFailure {
    /// The quorum failed.
    #[error(transparent)]
    Raft(#[from] RaftFailure),
    /// The metadata cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A committed batch is damaged.
    #[error("metadata at offset {at}: {source}")]
    Batch {
        /// Where reading began.
        at: Offset,
        /// What is wrong.
        source: BatchError,
    },
    /// A batch has no readable records.
    #[error("metadata at offset {at}: {source}")]
    Records {
        /// Its base offset.
        at: Offset,
        /// What is wrong.
        source: MetadataBatchError,
    },
    /// A record contradicts those before it.
    #[error("metadata at offset {at}: {source}")]
    Replay {
        /// Its offset.
        at: Offset,
        /// How.
        source: ReplayError,
    },
}

impl From<MetadataLogError> for ControlFailure {
    fn from(error: MetadataLogError) -> ControlFailure {
        ControlFailure::Raft(error.into())
    }
}
