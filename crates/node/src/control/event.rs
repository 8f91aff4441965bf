//! What the control driver is given, what it gives back to be carried out, and why it cannot go on.

use klamm_metadata::MetadataDelta;
use klamm_metadata::controller::Command;
use klamm_raft::SnapshotFacts;

use super::parked::ControlAnswer;
use super::snapshot::SnapshotJob;
use crate::metadata::LoadError;
use crate::promise::Promise;
use crate::raft::{MetadataLogError, RaftEvent, RaftFailure, RaftOutput};

/// An input.
#[derive(Debug)]
pub enum ControlEvent {
    /// Of the quorum.
    Raft(RaftEvent),
    /// Somebody asks the active controller.
    Command(Command, Promise<ControlAnswer>),
    /// The deadline has come.
    Timeout,
    /// A snapshot job ended.
    SnapshotWritten(Option<SnapshotFacts>),
}

/// What the pump has to do, in order.
#[derive(Debug)]
pub enum ControlOutput {
    /// Of the quorum.
    Raft(RaftOutput),
    /// Publish the image of this delta.
    Publish(Box<MetadataDelta>),
    /// Run on the pool, report with [`ControlEvent::SnapshotWritten`].
    Snapshot(Box<SnapshotJob>),
}

/// The control plane cannot go on; the node stops.
#[derive(Debug, thiserror::Error)]
pub enum ControlFailure {
    /// The quorum failed.
    #[error(transparent)]
    Raft(#[from] RaftFailure),
    /// The metadata cannot be read, or contradicts itself.
    #[error(transparent)]
    Load(#[from] LoadError),
}

impl From<MetadataLogError> for ControlFailure {
    fn from(error: MetadataLogError) -> ControlFailure {
        ControlFailure::Raft(error.into())
    }
}
