//! FetchSnapshot at the leader: serves its snapshots piece by piece (KIP-630).

use klamm_model::Instant;

use crate::effect::RequestId;
use crate::log_facts::{LogFacts, SnapshotFacts};
use crate::message::{
    FetchSnapshotRequest, FetchSnapshotResponse, FetchedBytes, RaftError, Response, SnapshotSlice,
};
use crate::quorum::Quorum;

impl Quorum {
    pub(crate) fn take_fetch_snapshot(&mut self, now: Instant, id: RequestId, request: FetchSnapshotRequest) {
        let (snapshot, position) = match self.check_fetch_snapshot(&request) {
            Ok(found) => found,
            Err(error) => return self.refuse_fetch_snapshot(id, error),
        };
        if let (Some(replica), Some(leader)) = (request.replica, self.leader_mut()) {
            leader.record_sign_of_life(now, replica);
        }
        let slice = SnapshotSlice {
            id: snapshot.id,
            size: snapshot.size,
            position,
            bytes: FetchedBytes::Read { max_bytes: request.max_bytes },
        };
        let response = FetchSnapshotResponse { error: None, hint: self.hint(), slice: Some(slice) };
        self.reply(id, Response::FetchSnapshot(response));
    }

    fn check_fetch_snapshot(
        &self,
        request: &FetchSnapshotRequest,
    ) -> Result<(SnapshotFacts, u64), RaftError> {
        self.check_leader_only(request.epoch)?;
        let asked = request.snapshot.filter(|id| *id != LogFacts::BOOTSTRAP_SNAPSHOT);
        let snapshot = asked.and_then(|id| self.log.snapshot(id)).ok_or(RaftError::SnapshotNotFound)?;
        let position = request.position.filter(|position| *position < snapshot.size);
        Ok((snapshot, position.ok_or(RaftError::PositionOutOfRange)?))
    }

    pub(crate) fn refuse_fetch_snapshot(&mut self, id: RequestId, error: RaftError) {
        let response = FetchSnapshotResponse { error: Some(error), hint: self.hint(), slice: None };
        self.reply(id, Response::FetchSnapshot(response));
    }
}
