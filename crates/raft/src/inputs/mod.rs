//! The inputs of the quorum. Each does its work, polls the role for what is due, and lets the
//! effects out.

mod append;
mod begin_end_epoch;
mod describe;
mod fetch;
mod fetch_snapshot;
mod follow;
mod poll;
mod response;
mod vote;

use std::time::Duration;

use klamm_model::{Instant, LeaderEpoch, Offset};

pub use append::{AppendError, Appending};
pub(crate) use response::Handled;

use crate::config::VoterEligibility;
use crate::effect::{CorrelationId, Effect, Effects, FlushToken, PeerId, PersistToken, RequestId};
use crate::log_facts::{LogFacts, SnapshotFacts};
use crate::message::{ApiKind, RaftError, Request, RequestBody, Response};
use crate::planted::Bug;
use crate::quorum::{Quorum, Shutdown};
use crate::roles::Role;
use crate::voter_set::{KraftVersion, VoterSet};

impl Quorum {
    /// Begins: resumes the stored role; the only voter becomes leader of the next epoch at once.
    pub fn on_start(&mut self, now: Instant, effects: &mut Effects) {
        self.resume(now);
        if self.voters().is_only(&self.local.key()) && self.is_voter() {
            match self.role() {
                Role::Unattached(_) | Role::Follower(_) | Role::Resigned(_) => self.become_prospective(now),
                Role::Candidate(_) => self.become_leader(now),
                Role::Prospective(_) | Role::Leader(_) => unreachable!("no replica resumes as such"),
            }
        }
        self.finish(now, effects);
    }

    /// A request of a peer or client. It is answered by one [`Effect::Reply`], at once or later.
    pub fn on_request(&mut self, now: Instant, id: RequestId, request: Request, effects: &mut Effects) {
        let api = request.body.kind();
        if request.cluster_id.is_some_and(|asked| asked != self.local.cluster_id) {
            self.reply(id, Response::Failed(api, RaftError::InconsistentClusterId));
        } else {
            self.take_request(now, id, request.body);
        }
        self.finish(now, effects);
    }

    fn take_request(&mut self, now: Instant, id: RequestId, body: RequestBody) {
        match body {
            RequestBody::Vote(request) => self.take_vote(now, id, request),
            RequestBody::BeginQuorumEpoch(request) => self.take_begin_epoch(now, id, request),
            RequestBody::EndQuorumEpoch(request) => self.take_end_epoch(now, id, request),
            RequestBody::Fetch(request) => self.take_fetch(now, id, request),
            RequestBody::FetchSnapshot(request) => self.take_fetch_snapshot(now, id, request),
            RequestBody::DescribeQuorum => self.take_describe(now, id),
            RequestBody::AddVoter(request) => self.take_add_voter(now, id, request),
            RequestBody::RemoveVoter(request) => self.take_remove_voter(now, id, request),
            RequestBody::UpdateVoter(request) => self.take_update_voter(now, id, request),
            RequestBody::OtherPartition(ApiKind::FetchSnapshot) => {
                self.refuse_fetch_snapshot(id, RaftError::UnknownTopicOrPartition);
            }
            RequestBody::Malformed(ApiKind::DescribeQuorum)
            | RequestBody::OtherPartition(ApiKind::DescribeQuorum) => {
                self.refuse_describe(now, id, RaftError::UnknownTopicOrPartition);
            }
            RequestBody::Malformed(api) | RequestBody::OtherPartition(api) => {
                self.reply(id, Response::Failed(api, RaftError::InvalidRequest));
            }
            RequestBody::ApiVersions => {
                self.reply(id, Response::Failed(ApiKind::ApiVersions, RaftError::InvalidRequest));
            }
        }
    }

    /// The sender of a request is gone: no reply is wanted.
    pub fn on_request_dropped(&mut self, id: RequestId) {
        if let Some(leader) = self.leader_mut() {
            leader.parked.forget(id);
            if let Some(change) = &mut leader.change {
                change.forget(id);
            }
        }
    }

    /// The answer to a request sent, or its failure.
    pub fn on_response(
        &mut self,
        now: Instant,
        (peer, correlation): (PeerId, CorrelationId),
        response: Response,
        effects: &mut Effects,
    ) {
        if let Some(api) = self.peers.release(peer, correlation) {
            self.take_response(now, (peer, api), response);
        }
        self.finish(now, effects);
    }

    /// `quorum-state` is durable up to this write.
    pub fn on_persisted(&mut self, upto: PersistToken, effects: &mut Effects) {
        self.outbox.on_persisted(upto, effects);
    }

    /// The log is durable up to its end at the time of this flush.
    pub fn on_flushed(&mut self, now: Instant, token: FlushToken, effects: &mut Effects) {
        self.flushes.finish(token);
        self.take_leader_progress(now);
        self.drain_queue(now);
        self.flush_if_wanted();
        self.finish(now, effects);
    }

    /// The state machine has written a snapshot of its own (durable).
    pub fn on_snapshot_created(&mut self, snapshot: SnapshotFacts) {
        let committed = self.high_watermark();
        assert!(
            committed.is_some_and(|committed| snapshot.id.offset <= committed),
            "snapshot {:?} holds what is not committed: {committed:?}",
            snapshot.id
        );
        self.log.add_snapshot(snapshot);
        self.control.trim_before(snapshot.id.offset);
    }

    /// Old segments and snapshots were deleted: the log now begins at `log_start`, where a snapshot
    /// ends.
    pub fn on_log_start_advanced(&mut self, log_start: Offset) {
        assert!(log_start <= self.log.log_end, "log start {log_start} is past the log end");
        self.log.advance_start(log_start);
    }

    /// The state machine wants to lead no longer, in the epoch it leads. Ignored in another epoch.
    pub fn on_resign(&mut self, now: Instant, epoch: LeaderEpoch, effects: &mut Effects) {
        if epoch == self.epoch()
            && let Some(leader) = self.leader_mut()
        {
            leader.is_resigning = true;
        }
        self.finish(now, effects);
    }

    /// Hands over leadership, then [`Effect::ShutdownComplete`], at the latest after `patience`.
    pub fn on_shutdown(&mut self, now: Instant, patience: Duration, effects: &mut Effects) {
        if self.shutdown == Shutdown::NotAsked {
            self.shutdown = Shutdown::Until(now.after(patience));
        }
        self.finish(now, effects);
    }

    /// The time of [`Quorum::next_deadline`] has come. Harmless at any other time.
    pub fn on_timeout(&mut self, now: Instant, effects: &mut Effects) {
        self.finish(now, effects);
    }

    /// kraft.version and voters that a snapshot ending at `end` must carry; no voters if the log has
    /// none (static quorum).
    pub fn control_of_snapshot(&self, end: Offset) -> (KraftVersion, Option<VoterSet>) {
        (self.control.version_below(end), self.control.voters_below(end).cloned())
    }

    /// What the quorum knows of its log.
    pub fn log(&self) -> &LogFacts {
        &self.log
    }

    pub(crate) fn finish(&mut self, now: Instant, effects: &mut Effects) {
        self.poll(now);
        let changed = self.outbox.is_changed().then(|| self.election_state());
        self.outbox.settle(changed, effects);
        if self.has_bug(Bug::AnswerBeforePersist) {
            self.outbox.hold_nothing(effects);
        }
    }

    pub(crate) fn reply(&mut self, request: RequestId, response: Response) {
        self.outbox.push(Effect::Reply { request, response });
    }

    /// Whether all of the log is as durable as others may rely on. A broker's copy counts for nobody.
    pub(crate) fn is_log_dependable(&self) -> bool {
        if self.has_bug(Bug::CountUnsynced) {
            return true;
        }
        match self.local.eligibility {
            VoterEligibility::Controller => self.flushes.durable_end() == self.log.log_end,
            VoterEligibility::BrokerOnly => true,
        }
    }

    /// A broker's copy need not be durable.
    pub(crate) fn flush_if_wanted(&mut self) {
        match self.local.eligibility {
            VoterEligibility::Controller => self.flush(),
            VoterEligibility::BrokerOnly => {}
        }
    }

    /// Makes the log durable up to its end: now, or when the flush under way is done.
    pub(crate) fn flush(&mut self) {
        if let Some(token) = self.flushes.begin(self.log.log_end) {
            self.outbox.push(Effect::FlushLog { token });
        }
    }
}
