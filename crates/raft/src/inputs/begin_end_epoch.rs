//! BeginQuorumEpoch and EndQuorumEpoch: a leader announces itself, or its end.

use std::time::Duration;

use klamm_model::{Instant, LeaderEpoch, NodeId};

use crate::effect::{PeerId, RequestId};
use crate::message::{
    BeginQuorumEpochRequest, EndQuorumEpochRequest, EpochResponse, LeaderHint, RaftError, Response,
};
use crate::quorum::Quorum;
use crate::replica::{Endpoints, ReplicaKey};

use super::response::{Handled, Learned};

/// An election is over in so small a part of its time-out, where nobody disturbs it.
const TURNS: u32 = 10;

impl Quorum {
    pub(crate) fn take_begin_epoch(&mut self, now: Instant, id: RequestId, request: BeginQuorumEpochRequest) {
        let BeginQuorumEpochRequest { voter, leader, epoch, endpoints } = request;
        let error = match self.follow_sender(now, leader, epoch, endpoints) {
            Ok(()) if !self.is_meant_for_us(voter) => Some(RaftError::InvalidVoterKey),
            verdict => verdict.err(),
        };
        self.reply(id, Response::BeginQuorumEpoch(EpochResponse { error, hint: self.hint() }));
    }

    pub(crate) fn take_end_epoch(&mut self, now: Instant, id: RequestId, request: EndQuorumEpochRequest) {
        let EndQuorumEpochRequest { leader, epoch, successors, endpoints } = request;
        let error = self.follow_sender(now, leader, epoch, endpoints).err();
        if error.is_none() && self.term().leader == leader {
            let patience = self.successor_patience(&successors);
            if let Some(follower) = self.follower_mut() {
                follower.fetch_deadline = now.after(patience);
                // Nobody need keep to a leader that is gone: pre-votes are given again.
                follower.has_fetched = false;
            }
        }
        self.reply(id, Response::EndQuorumEpoch(EpochResponse { error, hint: self.hint() }));
    }

    /// Follows the leader that sent a request, if its epoch is not over.
    fn follow_sender(
        &mut self,
        now: Instant,
        leader: Option<NodeId>,
        epoch: Option<LeaderEpoch>,
        endpoints: Endpoints,
    ) -> Result<(), RaftError> {
        let Some(epoch) = epoch.filter(|epoch| *epoch >= self.epoch()) else {
            return Err(RaftError::FencedLeaderEpoch);
        };
        let Some(leader) = leader.filter(|leader| *leader != self.local.id) else {
            return Err(RaftError::InvalidRequest);
        };
        let hint = LeaderHint { epoch, leader: Some(leader), endpoints };
        match self.learn(now, &hint) {
            Learned::Changed | Learned::Nothing => Ok(()),
            Learned::Refused => Err(RaftError::InvalidRequest),
        }
    }

    /// How long to wait before standing for election: the best successor not at all, the next ones
    /// ever longer, so that one usually wins before the others stand.
    fn successor_patience(&self, successors: &[ReplicaKey]) -> Duration {
        let local = self.local.key();
        let max = self.config.election_backoff_max;
        match successors.iter().position(|successor| successor.names(&local)) {
            Some(0) => Duration::ZERO,
            Some(position) => {
                let halvings = u32::try_from(successors.len() - 1).unwrap_or(u32::MAX);
                let doublings = u32::try_from(position - 1).unwrap_or(u32::MAX);
                let base = max / 2_u32.checked_pow(halvings).unwrap_or(u32::MAX);
                max.min(base.saturating_mul(2_u32.checked_pow(doublings).unwrap_or(u32::MAX)))
            }
            None => max,
        }
    }

    /// The leader's process is gone: nobody keeps to it, and voters stand one after the other, in the order of their ids,
    /// each once the one before had the time to win. An observer waits for their choice.
    pub(crate) fn mourn(&mut self, now: Instant, peer: PeerId) {
        let Some(leader) = self.term().leader.filter(|leader| peer == PeerId::Node(*leader)) else { return };
        let others = self.voters().ids().filter(|voter| *voter != leader);
        let before = others.take_while(|voter| *voter != self.local.id).count();
        let turn = self.config.election_timeout / TURNS * u32::try_from(before).unwrap_or(u32::MAX);
        if let Some(follower) = self.follower_mut() {
            follower.fetch_deadline = follower.fetch_deadline.min(now.after(turn));
            follower.has_fetched = false;
        }
    }

    pub(crate) fn take_begin_epoch_response(
        &mut self,
        now: Instant,
        peer: PeerId,
        response: EpochResponse,
    ) -> Handled {
        match (self.take_common(now, response.error, &response.hint), response.error) {
            (Some(handled), _) => handled,
            (None, Some(error)) => self.report_unexpected(peer, error),
            // That the voter follows shows in its fetches.
            (None, None) => Handled::Done,
        }
    }

    pub(crate) fn take_end_epoch_response(
        &mut self,
        now: Instant,
        peer: PeerId,
        response: EpochResponse,
    ) -> Handled {
        if let Some(handled) = self.take_common(now, response.error, &response.hint) {
            return handled;
        }
        if let Some(error) = response.error {
            return self.report_unexpected(peer, error);
        }
        if let (PeerId::Node(voter), Some(resigned)) = (peer, self.resigned_mut()) {
            resigned.unacknowledged.remove(&voter);
        }
        Handled::Done
    }
}
