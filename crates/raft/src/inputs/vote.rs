//! Vote and pre-vote: asked, answered, counted (Kafka: handleVoteRequest, handleVoteResponse;
//! KIP-595, KIP-996).

use klamm_model::{Instant, LeaderEpoch, OffsetAndEpoch};

use crate::effect::{Effect, PeerId, RequestId, Violation};
use crate::election::Vote;
use crate::message::{RaftError, Response, VoteKind, VoteRequest, VoteResponse};
use crate::planted::Bug;
use crate::quorum::Quorum;
use crate::replica::ReplicaKey;
use crate::roles::Role;

use super::response::{Handled, LAST_EPOCH};

/// A vote request whose fields make sense.
struct Candidacy {
    candidate: ReplicaKey,
    epoch: LeaderEpoch,
    last: OffsetAndEpoch,
}

impl Quorum {
    pub(crate) fn take_vote(&mut self, now: Instant, id: RequestId, request: VoteRequest) {
        let verdict = self.weigh(now, &request);
        let response = VoteResponse {
            error: verdict.err(),
            hint: self.hint(),
            granted: verdict.is_ok_and(|vote| vote == Vote::Granted),
        };
        self.reply(id, Response::Vote(response));
    }

    fn weigh(&mut self, now: Instant, request: &VoteRequest) -> Result<Vote, RaftError> {
        let candidacy = self.check_candidacy(request)?;
        if candidacy.epoch > self.epoch() {
            self.become_unattached(now, candidacy.epoch, None);
        }
        if !self.is_meant_for_us(request.voter) {
            return Err(RaftError::InvalidVoterKey);
        }
        Ok(self.decide_vote(now, &candidacy, request.kind))
    }

    fn check_candidacy(&mut self, request: &VoteRequest) -> Result<Candidacy, RaftError> {
        let (Some(epoch), Some(last)) = (request.epoch, request.last) else {
            return Err(RaftError::InvalidRequest);
        };
        // A log cannot have records of the epoch that is only being voted on.
        let has_future_records = match request.kind {
            VoteKind::PreVote => last.epoch > epoch,
            VoteKind::Vote => last.epoch >= epoch,
        };
        if has_future_records {
            return Err(RaftError::InvalidRequest);
        }
        if epoch < self.epoch() {
            return Err(RaftError::FencedLeaderEpoch);
        }
        if epoch > LAST_EPOCH {
            self.outbox.push(Effect::Report(Violation::UnbelievableEpoch { epoch }));
            return Err(RaftError::InvalidRequest);
        }
        match request.candidate {
            Some(candidate) if !self.is_self(&candidate) => Ok(Candidacy { candidate, epoch, last }),
            // No id, or somebody claims to be this very node.
            Some(_) | None => Err(RaftError::InvalidRequest),
        }
    }

    /// Whether a request names this replica as its receiver, or nobody (version 0). It may have been
    /// meant for an older directory, or for another node that had this address.
    pub(crate) fn is_meant_for_us(&self, receiver: Option<ReplicaKey>) -> bool {
        receiver.is_none_or(|receiver| receiver.names(&self.local.key()))
    }

    fn decide_vote(&mut self, now: Instant, candidacy: &Candidacy, kind: VoteKind) -> Vote {
        let is_granted = self.would_grant(candidacy, kind);
        let is_new_vote = kind == VoteKind::Vote && self.term().voted.is_none();
        if is_granted && is_new_vote {
            self.vote_for(now, candidacy.candidate);
        }
        if is_granted { Vote::Granted } else { Vote::Rejected }
    }

    fn would_grant(&self, candidacy: &Candidacy, kind: VoteKind) -> bool {
        let own = self.log.end();
        let is_up_to_date = (candidacy.last.epoch, candidacy.last.offset) >= (own.epoch, own.offset)
            || self.has_bug(Bug::IgnoreLogInVotes);
        match (kind, self.role()) {
            (_, Role::Leader(_)) => false,
            // A follower that hears its leader keeps it (KIP-996).
            (VoteKind::PreVote, Role::Follower(follower)) => !follower.has_fetched && is_up_to_date,
            (
                VoteKind::PreVote,
                Role::Unattached(_) | Role::Prospective(_) | Role::Candidate(_) | Role::Resigned(_),
            ) => is_up_to_date,
            (VoteKind::Vote, Role::Unattached(_) | Role::Prospective(_)) => {
                let term = self.term();
                match term.voted {
                    // Asked again: the first answer may have been lost.
                    Some(voted) => voted.names(&candidacy.candidate) || self.has_bug(Bug::VoteTwice),
                    None => term.leader.is_none() && is_up_to_date,
                }
            }
            (VoteKind::Vote, Role::Candidate(_) | Role::Follower(_) | Role::Resigned(_)) => false,
        }
    }

    pub(crate) fn take_vote_response(
        &mut self,
        now: Instant,
        peer: PeerId,
        response: VoteResponse,
    ) -> Handled {
        if let Some(handled) = self.take_common(now, response.error, &response.hint) {
            return handled;
        }
        if let Some(error) = response.error {
            return self.report_unexpected(peer, error);
        }
        let (PeerId::Node(voter), Some(election)) = (peer, self.election_mut()) else {
            return Handled::Done;
        };
        election.record(voter, if response.granted { Vote::Granted } else { Vote::Rejected });
        let (is_won, is_lost) = (election.is_won(), election.is_lost());
        match self.role() {
            Role::Prospective(_) if is_won => self.become_candidate(now),
            Role::Prospective(_) if is_lost => self.give_up_pre_vote(now),
            Role::Candidate(_) if is_won => self.become_leader(now),
            // A candidate that cannot win waits out its time: another may be about to.
            _ => {}
        }
        Handled::Done
    }

    /// A voter does not know pre-votes: the prospective stands at once.
    pub(crate) fn skip_pre_vote(&mut self, now: Instant) {
        if matches!(self.role(), Role::Prospective(_)) {
            self.become_candidate(now);
        }
    }
}
