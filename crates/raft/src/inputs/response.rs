//! What all responses have in common: errors and news of the leadership (Kafka:
//! maybeHandleCommonResponse).

use klamm_model::{Instant, LeaderEpoch};

use crate::effect::{Effect, PeerId, Violation};
use crate::message::{ApiKind, LeaderHint, RaftError, Response};
use crate::quorum::Quorum;
use crate::roles::Role;

/// How a response was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handled {
    /// The next request may follow at once.
    Done,
    /// It brought nothing: the next request waits, or the two nodes would ask and refuse as fast as
    /// the network goes.
    BackOff,
}

/// What a hint changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Learned {
    /// The role, or the leader's endpoints.
    Changed,
    /// It was known.
    Nothing,
    /// It contradicts what is known of this epoch, or cannot be.
    Refused,
}

/// The last epoch that is believed: far beyond any that elections reach, and so far below the largest number that
/// whoever claims it leaves a million elections.
pub(crate) const LAST_EPOCH: LeaderEpoch = LeaderEpoch::at(i32::MAX - (1 << 20));

impl Quorum {
    pub(crate) fn take_response(&mut self, now: Instant, (peer, api): (PeerId, ApiKind), response: Response) {
        let handled = match (api, response) {
            (ApiKind::Vote, Response::Vote(vote)) => self.take_vote_response(now, peer, vote),
            (ApiKind::BeginQuorumEpoch, Response::BeginQuorumEpoch(begun)) => {
                self.take_begin_epoch_response(now, peer, begun)
            }
            (ApiKind::EndQuorumEpoch, Response::EndQuorumEpoch(ended)) => {
                self.take_end_epoch_response(now, peer, ended)
            }
            (ApiKind::Fetch, Response::Fetch(fetched)) => self.take_fetched(now, peer, fetched),
            (ApiKind::FetchSnapshot, Response::FetchSnapshot(fetched)) => {
                self.take_fetched_snapshot(now, peer, fetched)
            }
            (ApiKind::UpdateVoter, Response::UpdateVoter(updated)) => {
                self.take_update_voter_response(now, peer, updated)
            }
            (ApiKind::AddVoter, Response::AddVoter(added)) => {
                self.take_own_change_response(now, peer, added.error)
            }
            (ApiKind::RemoveVoter, Response::RemoveVoter(removed)) => {
                self.take_own_change_response(now, peer, removed.error)
            }
            (ApiKind::ApiVersions, Response::ApiVersions(versions)) => {
                self.take_api_versions(now, peer, versions.error, versions.kraft_versions)
            }
            (ApiKind::ApiVersions, Response::Failed(_, error)) => {
                self.take_api_versions(now, peer, Some(error), None)
            }
            (ApiKind::Vote, Response::Failed(_, RaftError::UnsupportedVersion)) => {
                self.skip_pre_vote(now);
                return;
            }
            (_, Response::Failed(_, RaftError::BrokerNotAvailable)) => Handled::BackOff,
            (_, Response::Failed(_, RaftError::PeerGone)) => {
                self.mourn(now, peer);
                Handled::BackOff
            }
            (_, Response::Failed(_, error)) => self.report_unexpected(peer, error),
            (_, _) => self.report_unexpected(peer, RaftError::UnknownServerError),
        };
        if handled == Handled::BackOff {
            self.back_off(now, peer);
        }
    }

    /// Takes what a response tells of the leadership. `None`: the rest of it counts too.
    pub(crate) fn take_common(
        &mut self,
        now: Instant,
        error: Option<RaftError>,
        hint: &LeaderHint,
    ) -> Option<Handled> {
        if hint.epoch < self.epoch() || error == Some(RaftError::UnknownLeaderEpoch) {
            // The responder is behind.
            return Some(Handled::BackOff);
        }
        match self.learn(now, hint) {
            Learned::Changed => return Some(Handled::Done),
            Learned::Refused => return Some(Handled::BackOff),
            Learned::Nothing => {}
        }
        match error {
            Some(
                RaftError::FencedLeaderEpoch
                | RaftError::NotLeaderOrFollower
                | RaftError::BrokerNotAvailable
                | RaftError::InvalidVoterKey,
            ) => Some(Handled::BackOff),
            _ => None,
        }
    }

    /// Takes news of an epoch and its leader.
    pub(crate) fn learn(&mut self, now: Instant, hint: &LeaderHint) -> Learned {
        let (epoch, known) = (self.epoch(), self.term().leader);
        if hint.epoch > LAST_EPOCH {
            self.outbox.push(Effect::Report(Violation::UnbelievableEpoch { epoch: hint.epoch }));
            return Learned::Refused;
        }
        let Some(leader) = hint.leader.filter(|leader| *leader != self.local.id) else {
            // Nobody leads that epoch, or this node did before it forgot: it never does so again.
            if hint.epoch > epoch {
                self.become_unattached(now, hint.epoch, None);
                return Learned::Changed;
            }
            return Learned::Nothing;
        };
        if hint.epoch < epoch {
            return Learned::Nothing;
        }
        if hint.epoch == epoch && known.is_some_and(|known| known != leader) {
            let violation = Violation::SecondLeader { epoch, known, claimed: leader };
            self.outbox.push(Effect::Report(violation));
            return Learned::Refused;
        }
        let listed = || self.voters().endpoints(leader);
        let endpoints = if hint.endpoints.is_empty() { listed() } else { hint.endpoints.clone() };
        let is_reachable = endpoints.get(&self.local.listener).is_some();
        if hint.epoch > epoch {
            if is_reachable {
                self.become_follower(now, hint.epoch, leader, endpoints);
            } else {
                self.become_unattached(now, hint.epoch, Some(leader));
            }
            return Learned::Changed;
        }
        let term = self.term();
        let is_new = known.is_none() || term.endpoints.is_empty();
        let is_told = !hint.endpoints.is_empty() && hint.endpoints != term.endpoints;
        match self.role() {
            Role::Leader(_) | Role::Resigned(_) => Learned::Nothing,
            _ if !is_reachable => Learned::Nothing,
            Role::Unattached(_) | Role::Prospective(_) | Role::Candidate(_) if is_new => {
                self.become_follower(now, epoch, leader, endpoints);
                Learned::Changed
            }
            // The endpoints this follower has may be those of an old voter set.
            Role::Follower(follower) if is_told && !follower.has_fetched => {
                self.move_leader(endpoints);
                Learned::Changed
            }
            Role::Unattached(_) | Role::Prospective(_) | Role::Candidate(_) | Role::Follower(_) => {
                Learned::Nothing
            }
        }
    }

    /// A peer answered what it should not: to be logged, and not to be repeated at once.
    pub(crate) fn report_unexpected(&mut self, peer: PeerId, error: RaftError) -> Handled {
        self.outbox.push(Effect::Report(Violation::UnexpectedError { peer, error }));
        Handled::BackOff
    }
}
