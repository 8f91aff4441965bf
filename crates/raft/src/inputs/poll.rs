//! What is due, by role. The only place that sends requests unasked, and the only place where the
//! next deadline is computed.

use klamm_model::{Instant, NodeId, OffsetAndEpoch};

use crate::config::{JoinPolicy, VoterEligibility};
use crate::effect::{Destination, Effect, PeerId, ShutdownOutcome};
use crate::message::{
    AckWhen, AddVoterRequest, BeginQuorumEpochRequest, EndQuorumEpochRequest, FetchRequest,
    FetchSnapshotRequest, RemoveVoterRequest, Request, RequestBody, UpdateVoterRequest, VoteKind,
    VoteRequest,
};
use crate::planted::Bug;
use crate::quorum::{Quorum, Shutdown};
use crate::replica::ReplicaKey;
use crate::roles::{Checkup, Follower, Role, Work};

/// Role changes one poll may cause; more would be a cycle.
const MAX_ROLE_CHANGES: usize = 8;

impl Quorum {
    /// Does what is due. Afterwards nothing is due before [`Quorum::next_deadline`].
    pub(crate) fn poll(&mut self, now: Instant) {
        let unanswered = self.peers.expire(now);
        for _ in 0..MAX_ROLE_CHANGES {
            self.poll_shutdown(now);
            if self.shutdown == Shutdown::Done {
                return;
            }
            let before = self.role_changes();
            match self.role() {
                Role::Unattached(_) => self.poll_unattached(now),
                Role::Prospective(_) | Role::Candidate(_) => self.poll_election(now),
                Role::Leader(_) => self.poll_leader(now),
                Role::Follower(_) => self.poll_follower(now, &unanswered),
                Role::Resigned(_) => self.poll_resigned(now),
            }
            if self.role_changes() == before {
                return;
            }
        }
    }

    /// When [`Quorum::on_timeout`] must be called next.
    pub fn next_deadline(&self) -> Option<Instant> {
        match self.shutdown {
            Shutdown::Done => None,
            Shutdown::Until(end) => self.peers.next_event().into_iter().chain([end]).min(),
            Shutdown::NotAsked => self.peers.next_event().into_iter().chain(self.role_deadline()).min(),
        }
    }

    fn role_deadline(&self) -> Option<Instant> {
        match self.role() {
            Role::Unattached(unattached) => unattached.election_deadline.filter(|_| self.may_stand()),
            Role::Prospective(prospective) => Some(prospective.election_deadline),
            Role::Candidate(candidate) => Some(candidate.election_deadline),
            Role::Resigned(resigned) => Some(resigned.election_deadline),
            Role::Follower(follower) => {
                let election = self.may_stand().then_some(follower.fetch_deadline);
                let checkup = match follower.checkup {
                    Checkup::At(time) if self.is_voter() || self.joins_by_itself() => Some(time),
                    Checkup::At(_) | Checkup::Due => None,
                };
                election.into_iter().chain(checkup).min()
            }
            Role::Leader(leader) => {
                let begin = leader.has_other_voters().then_some(leader.begin_epoch_deadline);
                let change = leader.change.as_ref().map(|change| change.deadline);
                let parked = leader.parked.next_deadline();
                let others = [begin, change, parked, leader.check_quorum_deadline()];
                others.into_iter().flatten().chain(leader.queue.deadline()).min()
            }
        }
    }

    fn poll_shutdown(&mut self, now: Instant) {
        let Shutdown::Until(end) = self.shutdown else { return };
        let is_handed_over = !self.may_stand()
            || self.voters().is_only(&self.local.key())
            || self.term().leader.is_some_and(|leader| leader != self.local.id);
        if is_handed_over {
            self.finish_shutdown(ShutdownOutcome::HandedOver);
        } else if end <= now {
            self.finish_shutdown(ShutdownOutcome::TimedOut);
        }
    }

    fn is_shutting_down(&self) -> bool {
        self.shutdown != Shutdown::NotAsked
    }

    fn poll_unattached(&mut self, now: Instant) {
        if self.is_shutting_down() {
            return;
        }
        let Role::Unattached(unattached) = self.role() else { return };
        let is_out_of_patience = unattached.election_deadline.is_some_and(|deadline| deadline <= now);
        if self.may_stand() && is_out_of_patience {
            self.become_prospective(now);
        } else {
            self.fetch_from_bootstrap(now);
        }
    }

    fn poll_election(&mut self, now: Instant) {
        let (election, deadline, kind) = match self.role() {
            Role::Prospective(role) => (&role.election, role.election_deadline, VoteKind::PreVote),
            Role::Candidate(role) => (&role.election, role.election_deadline, VoteKind::Vote),
            Role::Unattached(_) | Role::Leader(_) | Role::Follower(_) | Role::Resigned(_) => return,
        };
        let open = if election.is_lost() { Vec::new() } else { election.open() };
        if deadline <= now && !self.is_shutting_down() {
            match kind {
                VoteKind::PreVote => self.give_up_pre_vote(now),
                VoteKind::Vote => self.become_prospective(now),
            }
            return;
        }
        for voter in open {
            let request = VoteRequest {
                voter: Some(voter),
                candidate: Some(self.local.key()),
                epoch: Some(self.epoch()),
                last: Some(self.claimed_end()),
                kind,
            };
            self.send_to_voter(now, voter.id, RequestBody::Vote(request));
        }
    }

    /// The log end this candidate stands for: only what a crash cannot take. Voters remember their
    /// vote, not the log it was given for, and repeat it to the restarted candidate.
    fn claimed_end(&self) -> OffsetAndEpoch {
        let end =
            if self.has_bug(Bug::ClaimUnsynced) { self.log.log_end } else { self.flushes.durable_end() };
        self.log.position_at(end)
    }

    /// No majority would vote for this replica: it goes on with the leader it had, if any.
    pub(crate) fn give_up_pre_vote(&mut self, now: Instant) {
        let term = self.term().clone();
        match term.leader {
            Some(leader) if !term.endpoints.is_empty() => {
                self.become_follower(now, term.epoch, leader, term.endpoints);
            }
            leader => self.become_unattached(now, term.epoch, leader),
        }
    }

    fn poll_leader(&mut self, now: Instant) {
        let is_shutting_down = self.is_shutting_down();
        let Some(leader) = self.leader_mut() else { return };
        let has_lost_majority = leader.check_quorum_deadline().is_some_and(|deadline| deadline <= now);
        if is_shutting_down || leader.is_resigning || has_lost_majority {
            self.become_resigned(now);
            return;
        }
        self.expire_change(now);
        self.drain_queue(now);
        self.answer_expired_fetches(now);
        self.poll_begin_epoch(now);
    }

    fn poll_begin_epoch(&mut self, now: Instant) {
        let Some(leader) = self.leader_mut() else { return };
        if leader.begin_epoch_deadline > now {
            return;
        }
        leader.begin_epoch_deadline = leader.next_begin_epoch(now);
        for voter in leader.silent_voters(now) {
            let request = BeginQuorumEpochRequest {
                voter: Some(voter),
                leader: Some(self.local.id),
                epoch: Some(self.epoch()),
                endpoints: self.local.endpoints.clone(),
            };
            self.send_to_voter(now, voter.id, RequestBody::BeginQuorumEpoch(request));
        }
    }

    fn poll_resigned(&mut self, now: Instant) {
        let Role::Resigned(resigned) = self.role() else { return };
        if resigned.election_deadline <= now && !self.is_shutting_down() {
            self.become_unattached(now, self.epoch().next(), None);
            return;
        }
        let request = EndQuorumEpochRequest {
            leader: Some(self.local.id),
            epoch: Some(self.epoch()),
            successors: resigned.successors.clone(),
            endpoints: self.local.endpoints.clone(),
        };
        for voter in resigned.unacknowledged.clone() {
            self.send_to_voter(now, voter, RequestBody::EndQuorumEpoch(request.clone()));
        }
    }

    fn poll_follower(&mut self, now: Instant, unanswered: &[PeerId]) {
        if self.is_shutting_down() {
            return;
        }
        let may_stand = self.may_stand();
        let checks_up = self.is_voter() || self.joins_by_itself();
        let Some(follower) = self.follower_mut() else { return };
        if may_stand && follower.fetch_deadline <= now {
            self.become_prospective(now);
            return;
        }
        if follower.checkup != Checkup::Due && matches!(follower.checkup, Checkup::At(time) if time <= now) {
            follower.checkup = Checkup::Due;
        }
        if checks_up && follower.checkup == Checkup::Due && self.check_up(now) {
            return;
        }
        self.fetch_from_best(now, unanswered);
    }

    /// Sends what the leader must know of this replica. `false`: there is nothing to send; the check
    /// is over until the next one.
    fn check_up(&mut self, now: Instant) -> bool {
        let Some(request) = self.checkup_request() else {
            self.end_checkup(now);
            return false;
        };
        if self.send_to_leader(now, request) {
            self.end_checkup(now);
        }
        true
    }

    pub(crate) fn end_checkup(&mut self, now: Instant) {
        let next = now.after(self.config.fetch_timeout);
        if let Some(follower) = self.follower_mut() {
            follower.checkup = Checkup::At(next);
        }
    }

    fn checkup_request(&self) -> Option<RequestBody> {
        let Role::Follower(follower) = self.role() else { return None };
        let local = self.local.voter();
        let is_dynamic = self.control.version().can_change_voters();
        if self.is_voter() {
            let is_news =
                if is_dynamic { self.voters().needs_update(&local) } else { !follower.has_told_leader };
            return is_news.then(|| {
                RequestBody::UpdateVoter(UpdateVoterRequest {
                    epoch: Some(self.epoch()),
                    voter: Some(local.key),
                    endpoints: local.endpoints.clone(),
                    kraft_versions: Some(local.kraft_versions),
                })
            });
        }
        if !is_dynamic || !self.joins_by_itself() {
            return None;
        }
        // An older directory of this node is in the way of the new one.
        Some(match self.voters().get(local.key.id) {
            Some(old) => RequestBody::RemoveVoter(RemoveVoterRequest { voter: Some(old.key) }),
            None => RequestBody::AddVoter(AddVoterRequest {
                voter: Some(local.key),
                endpoints: local.endpoints,
                ack: AckWhen::Appended,
            }),
        })
    }

    fn joins_by_itself(&self) -> bool {
        self.local.eligibility == VoterEligibility::Controller && self.config.join == JoinPolicy::Automatic
    }

    /// One fetch at a time: from the leader, or from a bootstrap server while the leader does not
    /// answer.
    fn fetch_from_best(&mut self, now: Instant, unanswered: &[PeerId]) {
        let Some(leader) = self.term().leader.map(PeerId::Node) else { return };
        let is_out_of_reach = unanswered.contains(&leader) || self.peers.is_backing_off(leader);
        let is_asking_others = is_out_of_reach && self.fetch_from_bootstrap(now);
        if !is_asking_others && !self.peers.is_any_waiting() {
            self.fetch_from_leader(now);
        }
    }

    fn fetch_from_leader(&mut self, now: Instant) {
        let Role::Follower(Follower { download, work, .. }) = self.role() else { return };
        if *work != Work::Idle || !self.is_log_dependable() {
            return;
        }
        let request = match download {
            None => self.fetch_request(),
            Some(download) => RequestBody::FetchSnapshot(FetchSnapshotRequest {
                replica: Some(self.local.key()),
                epoch: Some(self.epoch()),
                snapshot: Some(download.id),
                position: Some(download.position),
                max_bytes: self.config.fetch_snapshot_max_bytes,
            }),
        };
        self.send_to_leader(now, request);
    }

    fn fetch_from_bootstrap(&mut self, now: Instant) -> bool {
        let is_busy = matches!(self.role(), Role::Follower(follower) if follower.work != Work::Idle);
        if is_busy || self.peers.is_any_waiting() || !self.is_log_dependable() {
            return false;
        }
        let first = self.jitter.below(self.bootstrap.len());
        let in_turn = self.bootstrap[first..].iter().chain(&self.bootstrap[..first]);
        let Some(server) = in_turn.into_iter().find(|server| self.peers.is_ready(server.peer)).cloned()
        else {
            return false;
        };
        let request = self.fetch_request();
        self.send(now, server, request)
    }

    fn fetch_request(&self) -> RequestBody {
        RequestBody::Fetch(FetchRequest {
            replica: Some(self.local.key()),
            epoch: Some(self.epoch()),
            position: Some(self.log.end()),
            high_watermark: self.high_watermark(),
            max_bytes: self.config.fetch_max_bytes,
            max_wait: Some(self.config.fetch_max_wait),
        })
    }

    fn send_to_leader(&mut self, now: Instant, request: RequestBody) -> bool {
        let term = self.term();
        let address = term.endpoints.get(&self.local.listener).cloned();
        let (Some(leader), Some(address)) = (term.leader, address) else { return false };
        self.send(now, Destination { peer: PeerId::Node(leader), address }, request)
    }

    fn send_to_voter(&mut self, now: Instant, voter: NodeId, request: RequestBody) {
        let endpoints = self.voters().endpoints(voter);
        if let Some(address) = endpoints.get(&self.local.listener).cloned() {
            self.send(now, Destination { peer: PeerId::Node(voter), address }, request);
        }
    }

    /// Sends a request if the line to that peer is free.
    pub(crate) fn send(&mut self, now: Instant, to: Destination, body: RequestBody) -> bool {
        if !self.peers.is_ready(to.peer) {
            return false;
        }
        let given_up = now.after(self.config.request_timeout);
        let correlation = self.peers.occupy(to.peer, body.kind(), given_up);
        let request = Request { cluster_id: Some(self.local.cluster_id.clone()), body };
        self.outbox.push(Effect::SendRequest { to, correlation, request });
        true
    }

    /// Sends nothing to `peer` for a while.
    pub(crate) fn back_off(&mut self, now: Instant, peer: PeerId) {
        self.peers.back_off(peer, now.after(self.config.retry_backoff));
    }

    pub(crate) fn is_self(&self, key: &ReplicaKey) -> bool {
        key.id == self.local.id
    }
}
