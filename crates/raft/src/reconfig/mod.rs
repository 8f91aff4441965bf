//! Changes of the voter set, one at a time (KIP-853, KIP-1186).
//!
//! A change begins only when: this replica leads and has committed a record of its epoch, so that
//! changes of earlier leaders are committed or gone; no other change is pending; and the voters in
//! force are committed. Then every two sets in use share a majority. The new set is in force as soon
//! as it is in the leader's log.

mod add_voter;
mod remove_voter;
mod update_voter;
mod upgrade;

use klamm_model::{Instant, Offset};

pub use upgrade::{UpgradeError, UpgradeMode};

use crate::effect::RequestId;
use crate::message::{AckWhen, ApiKind, RaftError, Response, VoterChangeResponse};
use crate::planted::Bug;
use crate::quorum::Quorum;
use crate::replica::{Endpoints, ReplicaKey};
use crate::voter_set::VoterSet;

/// How far an addition or removal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The voter to be was asked for its versions.
    AskingVersions { voter: ReplicaKey, endpoints: Endpoints, ack: AckWhen },
    /// The new set is in the log, to be committed.
    Appended { offset: Offset },
}

/// An addition or removal that is not committed.
#[derive(Debug)]
pub(crate) struct PendingChange {
    /// Who waits for the answer; `None` once it is given or not wanted.
    request: Option<RequestId>,
    api: ApiKind,
    stage: Stage,
    /// When the wait is given up. What is in the log stays there and may yet be committed.
    pub(crate) deadline: Instant,
}

impl PendingChange {
    pub(crate) fn forget(&mut self, request: RequestId) {
        self.request = self.request.filter(|waiting| *waiting != request);
    }
}

/// Why a change is not made.
pub(crate) struct Refusal {
    error: RaftError,
    message: Option<String>,
}

impl Refusal {
    fn new(error: RaftError, message: impl Into<String>) -> Refusal {
        Refusal { error, message: Some(message.into()) }
    }

    fn bare(error: RaftError) -> Refusal {
        Refusal { error, message: None }
    }
}

impl Quorum {
    /// The voters in force, if they may be changed now.
    fn changeable_voters(&mut self, now: Instant) -> Result<VoterSet, Refusal> {
        self.expire_change(now);
        let leader = self.leader().ok_or(Refusal::bare(RaftError::NotLeaderOrFollower))?;
        if leader.change.is_some() && !self.has_bug(Bug::OverlapChanges) {
            let message = "the leader has not finished the previous voter change in time";
            return Err(Refusal::new(RaftError::RequestTimedOut, message));
        }
        let Some(committed) = leader.high_watermark() else {
            let message = "the leader has not committed a record of its epoch in time";
            return Err(Refusal::new(RaftError::RequestTimedOut, message));
        };
        let version = self.control.version();
        if !version.can_change_voters() {
            let message = format!("voters cannot be changed at kraft.version {}", version.level());
            return Err(Refusal::new(RaftError::UnsupportedVersion, message));
        }
        let is_committed = self.control.voters_origin().is_some_and(|origin| origin.is_below(committed));
        if !is_committed && !self.has_bug(Bug::OverlapChanges) {
            let message = "the voters have not committed the latest voter change in time";
            return Err(Refusal::new(RaftError::RequestTimedOut, message));
        }
        Ok(self.voters().clone())
    }

    fn answer_change(&mut self, request: Option<RequestId>, api: ApiKind, refusal: Option<Refusal>) {
        let Some(request) = request else { return };
        let (error, message) = refusal.map_or((None, None), |refusal| (Some(refusal.error), refusal.message));
        let response = VoterChangeResponse { error, message };
        let response = match api {
            ApiKind::RemoveVoter => Response::RemoveVoter(response),
            _ => Response::AddVoter(response),
        };
        self.reply(request, response);
    }

    fn end_change(&mut self, refusal: Option<Refusal>) {
        if let Some(change) = self.leader_mut().and_then(|leader| leader.change.take()) {
            self.answer_change(change.request, change.api, refusal);
        }
    }

    /// Gives up a change whose time is over.
    pub(crate) fn expire_change(&mut self, now: Instant) {
        let pending = self.leader().and_then(|leader| leader.change.as_ref());
        if pending.is_some_and(|change| change.deadline <= now) {
            self.end_change(Some(Refusal::bare(RaftError::RequestTimedOut)));
        }
    }

    /// The leadership ended with a change under way: it may be committed by the next leader or not.
    pub(crate) fn abandon_change(&mut self, change: PendingChange) {
        let refusal = Refusal::bare(RaftError::NotLeaderOrFollower);
        self.answer_change(change.request, change.api, Some(refusal));
    }

    /// Records below `committed` are committed: the change may be among them.
    pub(crate) fn take_committed_change(&mut self, now: Instant, committed: Offset) {
        self.expire_change(now);
        let pending = self.leader().and_then(|leader| leader.change.as_ref());
        let is_committed = |change: &PendingChange| match change.stage {
            Stage::Appended { offset } => offset < committed,
            Stage::AskingVersions { .. } => false,
        };
        if pending.is_some_and(is_committed) {
            self.end_change(None);
        }
        self.resign_if_removed(committed);
    }
}
