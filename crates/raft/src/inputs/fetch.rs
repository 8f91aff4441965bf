//! Fetch at the leader: replicates the log, learns how far replicas are, parks what finds no news
//! (KIP-595, KIP-630, KIP-1166).

use klamm_model::{Instant, LeaderEpoch, Offset, OffsetAndEpoch};

use crate::effect::{Effect, RequestId};
use crate::log_facts::Position;
use crate::message::{FetchOutcome, FetchRequest, FetchResponse, FetchedBytes, RaftError, Response};
use crate::planted::Bug;
use crate::quorum::{Quorum, Shutdown};
use crate::roles::Role;

impl Quorum {
    pub(crate) fn take_fetch(&mut self, now: Instant, id: RequestId, request: FetchRequest) {
        let position = match self.check_fetch(&request) {
            Ok(position) => position,
            Err(error) => {
                let response = self.fetch_refusal(error);
                self.reply(id, response);
                return;
            }
        };
        self.record_fetch(now, &request, position);
        // Recording it may have raised the high watermark, which this answer then tells already.
        let response = self.fetch_response(&request, position);
        let max_wait = request.max_wait.unwrap_or_default();
        let has_news =
            response.outcome != FetchOutcome::Empty || request.high_watermark < response.high_watermark;
        let max_parked = self.config.max_parked_fetches;
        match self.leader_mut() {
            Some(leader) if !has_news && !max_wait.is_zero() && leader.parked.len() < max_parked => {
                leader.parked.park(id, request, now.after(max_wait));
            }
            _ => self.reply(id, Response::Fetch(response)),
        }
    }

    fn check_fetch(&self, request: &FetchRequest) -> Result<OffsetAndEpoch, RaftError> {
        let (Some(position), Some(epoch), Some(_)) = (request.position, request.epoch, request.max_wait)
        else {
            return Err(RaftError::InvalidRequest);
        };
        if position.epoch > epoch {
            return Err(RaftError::InvalidRequest);
        }
        self.check_leader_only(Some(epoch))?;
        match request.replica {
            Some(replica) if self.is_self(&replica) => Err(RaftError::UnknownServerError),
            Some(_) | None => Ok(position),
        }
    }

    /// Whether a request that only the leader of `epoch` may serve can be served. `None`: a negative
    /// epoch.
    pub(crate) fn check_leader_only(&self, epoch: Option<LeaderEpoch>) -> Result<(), RaftError> {
        let Some(epoch) = epoch.filter(|epoch| *epoch >= self.epoch()) else {
            return Err(RaftError::FencedLeaderEpoch);
        };
        if epoch > self.epoch() {
            return Err(RaftError::UnknownLeaderEpoch);
        }
        if !matches!(self.role(), Role::Leader(_)) {
            return Err(RaftError::NotLeaderOrFollower);
        }
        if self.shutdown != Shutdown::NotAsked {
            return Err(RaftError::BrokerNotAvailable);
        }
        Ok(())
    }

    /// How a replica at `position` goes on. An empty replica begins with a snapshot where there is one.
    fn locate_fetch(&self, position: OffsetAndEpoch) -> Position {
        if self.has_bug(Bug::IgnoreDivergence) && position.offset >= self.log.log_start {
            return Position::Valid;
        }
        match self.log.latest_served_snapshot() {
            Some(snapshot) if position.offset == Offset::ZERO => Position::Snapshot(snapshot),
            _ => self.log.locate(position),
        }
    }

    /// A valid position of this log tells how much of it the replica has. Any other position tells
    /// nothing yet.
    fn record_fetch(&mut self, now: Instant, request: &FetchRequest, position: OffsetAndEpoch) {
        let Some(replica) = request.replica else { return };
        let is_point_of_log = self.locate_fetch(position) == Position::Valid;
        if !is_point_of_log && !self.has_bug(Bug::RecordBeforeCheck) {
            return;
        }
        let leader_end = self.log.log_end;
        if let Some(leader) = self.leader_mut() {
            leader.record_fetch(now, replica, position.offset, leader_end);
        }
        self.take_leader_progress(now);
    }

    fn fetch_response(&self, request: &FetchRequest, position: OffsetAndEpoch) -> FetchResponse {
        let outcome = match self.locate_fetch(position) {
            Position::Diverging(end) => FetchOutcome::Diverging(end),
            Position::Snapshot(id) => FetchOutcome::Snapshot(id),
            Position::Valid if position.offset < self.log.log_end => FetchOutcome::Records {
                from: position.offset,
                bytes: FetchedBytes::Read { max_bytes: request.max_bytes },
            },
            Position::Valid => FetchOutcome::Empty,
        };
        FetchResponse {
            error: None,
            hint: self.hint(),
            high_watermark: self.leader().and_then(|leader| leader.high_watermark()),
            log_start: self.log.log_start,
            outcome,
        }
    }

    fn fetch_refusal(&self, error: RaftError) -> Response {
        Response::Fetch(FetchResponse {
            error: Some(error),
            hint: self.hint(),
            high_watermark: None,
            log_start: self.log.log_start,
            outcome: FetchOutcome::Empty,
        })
    }

    /// There is news: every parked fetch is answered.
    pub(crate) fn answer_parked_fetches(&mut self) {
        let parked = self.leader_mut().map(|leader| leader.parked.take_all()).unwrap_or_default();
        self.answer_fetches(parked);
    }

    pub(crate) fn answer_expired_fetches(&mut self, now: Instant) {
        let expired = self.leader_mut().map(|leader| leader.parked.take_expired(now)).unwrap_or_default();
        self.answer_fetches(expired);
    }

    fn answer_fetches(&mut self, fetches: Vec<(RequestId, FetchRequest)>) {
        for (id, request) in fetches {
            let position = request.position.expect("only a fetch with a position is parked");
            let response = self.fetch_response(&request, position);
            self.reply(id, Response::Fetch(response));
        }
    }

    /// This replica leads no longer.
    pub(crate) fn refuse_parked(&mut self, id: RequestId) {
        let response = self.fetch_refusal(RaftError::NotLeaderOrFollower);
        self.reply(id, response);
    }

    /// The leader's own log, or a follower's, got on: more may be committed.
    pub(crate) fn take_leader_progress(&mut self, now: Instant) {
        let durable_end =
            if self.has_bug(Bug::CountUnsynced) { self.log.log_end } else { self.flushes.durable_end() };
        let Some(leader) = self.leader_mut() else { return };
        leader.record_local(durable_end);
        if let Some(committed) = leader.recompute_high_watermark() {
            self.raise_high_watermark(committed);
            self.take_committed_change(now, committed);
            self.answer_parked_fetches();
        }
    }

    pub(crate) fn append_and_flush(&mut self, effect: Effect, records: i64) {
        let epoch = self.epoch();
        self.log.begin_epoch(epoch, self.log.log_end);
        self.log.log_end = self.log.log_end.plus(records);
        self.outbox.push(effect);
        self.flush();
        self.answer_parked_fetches();
    }
}
