//! The quorum as one replica sees it; the sole place a role changes.

use std::time::Duration;

use klamm_model::{Instant, LeaderEpoch, NodeId, Offset, OffsetAndEpoch};

use crate::config::{Start, StartError};
use crate::control_record::ControlRecord;
use crate::effect::{CorrelationId, DataBatch, Effects, FlushToken, PeerId, PersistToken, RequestId};
use crate::log_facts::{Appended, SnapshotFacts};
use crate::message::{Request, Response};
use crate::replica::Endpoints;
use crate::voter_set::{KraftVersion, VoterSet};

/// The role of this replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleName {
    /// Knows no leader to fetch from.
    Unattached,
    /// Asks for pre-votes.
    Prospective,
    /// Asks for votes.
    Candidate,
    /// Leads.
    Leader,
    /// Fetches from the leader, as a voter or an observer.
    Follower,
    /// Led this epoch, and no longer does.
    Resigned,
}

/// Where an append went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appending {
    /// Offset of the first record.
    pub base_offset: Offset,
    /// Offset of the last record: committed once the high watermark is above it.
    pub last_offset: Offset,
}

/// Why an append was refused; nothing was appended.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AppendError {
    /// Not, or no longer, the leader of that epoch.
    #[error("not the leader of epoch {epoch}; the current epoch is {current}")]
    NotLeader {
        /// The epoch of the append.
        epoch: LeaderEpoch,
        /// The current epoch.
        current: LeaderEpoch,
    },
    /// An atomic batch must fit one record batch.
    #[error("a batch of {bytes} bytes is over the limit of {limit}")]
    BatchTooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Too many batches wait for the log.
    #[error("{queued} batches wait for the log already")]
    QueueFull {
        /// How many.
        queued: usize,
    },
}

/// Whether an upgrade is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpgradeMode {
    /// Append the records.
    Apply,
    /// Only check.
    ValidateOnly,
}

/// Why kraft.version cannot be raised.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum UpgradeError {
    /// Not, or no longer, the leader of that epoch.
    #[error("not the leader of epoch {epoch}; the current epoch is {current}")]
    NotLeader {
        /// The epoch of the request.
        epoch: LeaderEpoch,
        /// The current epoch.
        current: LeaderEpoch,
    },
    /// INVALID_UPDATE_VERSION.
    #[error("kraft.version cannot go from {from} to {to}: {reason}")]
    Invalid {
        /// Present level.
        from: u16,
        /// Wanted level.
        to: u16,
        /// Why not.
        reason: &'static str,
    },
}

/// The state others may read between inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuorumView {
    /// Current role.
    pub role: RoleName,
    /// Current epoch.
    pub epoch: LeaderEpoch,
    /// Leader of the epoch, if known.
    pub leader: Option<NodeId>,
    /// Where the leader listens.
    pub leader_endpoints: Endpoints,
    /// High watermark, if known in this role.
    pub high_watermark: Option<Offset>,
    /// Voters in force.
    pub voters: VoterSet,
    /// kraft.version in force.
    pub kraft_version: KraftVersion,
}

/// The quorum as one replica sees it. See the crate's documentation for the contract.
#[derive(Debug)]
pub struct Quorum {}

impl Quorum {
    /// The quorum of a node that starts. Nothing happens before [`Quorum::on_start`].
    pub fn new(_start: Start) -> Result<Quorum, StartError> {
        unreachable!("being written")
    }

    /// Begins: resumes the stored role; the only voter becomes leader of the next epoch at once.
    pub fn on_start(&mut self, _now: Instant, _effects: &mut Effects) {}

    /// A request of a peer or client. It is answered by one [`crate::Effect::Reply`], at once or later.
    pub fn on_request(&mut self, _now: Instant, _id: RequestId, _request: Request, _effects: &mut Effects) {}

    /// The sender of a request is gone: no reply is wanted.
    pub fn on_request_dropped(&mut self, _id: RequestId) {}

    /// The answer to a request sent, or its failure.
    pub fn on_response(
        &mut self,
        _now: Instant,
        _from: (PeerId, CorrelationId),
        _response: Response,
        _effects: &mut Effects,
    ) {
    }

    /// `quorum-state` is durable up to this write.
    pub fn on_persisted(&mut self, _upto: PersistToken, _effects: &mut Effects) {}

    /// Fetched records were appended.
    pub fn on_appended(&mut self, _now: Instant, _appended: Appended, _effects: &mut Effects) {}

    /// The log is durable up to its end at the time of this flush.
    pub fn on_flushed(&mut self, _now: Instant, _upto: FlushToken, _effects: &mut Effects) {}

    /// The state machine has written a snapshot of its own (durable).
    pub fn on_snapshot_created(&mut self, _snapshot: SnapshotFacts) {}

    /// Old segments and snapshots were deleted.
    pub fn on_log_start_advanced(&mut self, _log_start: Offset) {}

    /// A fetched snapshot is durable and has replaced the log.
    pub fn on_snapshot_installed(
        &mut self,
        _now: Instant,
        _snapshot: SnapshotFacts,
        _controls: &[ControlRecord],
        _effects: &mut Effects,
    ) {
    }

    /// The state machine appends an atomic batch in the epoch it leads. Refused unless this replica
    /// leads just that epoch.
    pub fn on_append(
        &mut self,
        _now: Instant,
        epoch: LeaderEpoch,
        _batch: DataBatch,
        _effects: &mut Effects,
    ) -> Result<Appending, AppendError> {
        Err(AppendError::NotLeader { epoch, current: LeaderEpoch::ZERO })
    }

    /// The state machine wants to lead no longer, in the epoch it leads.
    pub fn on_resign(&mut self, _now: Instant, _epoch: LeaderEpoch, _effects: &mut Effects) {}

    /// Raises kraft.version (UpdateFeatures); `Ok` also if it has that level already.
    pub fn on_upgrade(
        &mut self,
        _now: Instant,
        epoch: LeaderEpoch,
        _to: (KraftVersion, UpgradeMode),
        _effects: &mut Effects,
    ) -> Result<(), UpgradeError> {
        Err(UpgradeError::NotLeader { epoch, current: LeaderEpoch::ZERO })
    }

    /// Hands over leadership, then [`crate::Effect::ShutdownComplete`], at the latest after `patience`.
    pub fn on_shutdown(&mut self, _now: Instant, _patience: Duration, _effects: &mut Effects) {}

    /// The time of [`Quorum::next_deadline`] has come. Harmless at any other time.
    pub fn on_timeout(&mut self, _now: Instant, _effects: &mut Effects) {}

    /// When [`Quorum::on_timeout`] must be called next.
    pub fn next_deadline(&self) -> Option<Instant> {
        None
    }

    /// Role, epoch, leader, voters.
    pub fn view(&self) -> QuorumView {
        unreachable!("being written")
    }

    /// kraft.version and voters that a snapshot ending at `end` must carry; no voters at level 0.
    pub fn control_of_snapshot(&self, _end: OffsetAndEpoch) -> (KraftVersion, Option<VoterSet>) {
        (KraftVersion::Static, None)
    }
}
