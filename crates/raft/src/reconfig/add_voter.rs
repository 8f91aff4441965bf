//! AddRaftVoter: an observer that has caught up becomes a voter.
//!
//! 1. The voters may be changed now, and none has the node's id.
//! 2. The new voter is asked for its versions at the endpoint others would use: it must be there,
//!    and able to run the finalized kraft.version.
//! 3. It has caught up, or the quorum could stand still until it has.
//! 4. The new set is appended and in force; the answer waits for its commit, unless asked otherwise.

use klamm_model::Instant;

use crate::control_record::ControlRecord;
use crate::effect::{Destination, PeerId, RequestId};
use crate::inputs::Handled;
use crate::message::{
    AckWhen, AddVoterRequest, ApiKind, RaftError, RequestBody, Response, VoterChangeResponse,
};
use crate::quorum::Quorum;
use crate::replica::{Endpoints, ReplicaKey, VersionRange};
use crate::voter_set::Voter;

use super::{PendingChange, Refusal, Stage};

impl Quorum {
    pub(crate) fn take_add_voter(&mut self, now: Instant, id: RequestId, request: AddVoterRequest) {
        if let Err(refusal) = self.begin_adding(now, id, request) {
            self.answer_change(Some(id), ApiKind::AddVoter, Some(refusal));
        }
    }

    fn begin_adding(&mut self, now: Instant, id: RequestId, request: AddVoterRequest) -> Result<(), Refusal> {
        self.check_leader_only(Some(self.epoch())).map_err(Refusal::bare)?;
        let AddVoterRequest { voter, endpoints, ack } = request;
        let Some(voter) = voter.filter(|voter| voter.directory.is_some()) else {
            let message = "the request names no voter with id and directory id";
            return Err(Refusal::new(RaftError::InvalidRequest, message));
        };
        let Some(address) = endpoints.get(&self.local.listener).cloned() else {
            let message = format!("the voter has no endpoint for the listener {}", self.local.listener);
            return Err(Refusal::new(RaftError::InvalidRequest, message));
        };
        let voters = self.changeable_voters(now)?;
        if voters.get(voter.id).is_some() {
            let message = format!("node {} is a voter already", voter.id);
            return Err(Refusal::new(RaftError::DuplicateVoter, message));
        }
        let to = Destination { peer: PeerId::Node(voter.id), address };
        if !self.send(now, to, RequestBody::ApiVersions) {
            let message = format!("the new voter {voter} is not ready for requests");
            return Err(Refusal::new(RaftError::RequestTimedOut, message));
        }
        let deadline = now.after(self.config.request_timeout);
        let stage = Stage::AskingVersions { voter, endpoints, ack };
        let change = PendingChange { request: Some(id), api: ApiKind::AddVoter, stage, deadline };
        self.leader_mut().expect("checked above").change = Some(change);
        Ok(())
    }

    pub(crate) fn take_api_versions(
        &mut self,
        now: Instant,
        peer: PeerId,
        error: Option<RaftError>,
        supported: Option<VersionRange>,
    ) -> Handled {
        let pending = self.leader().and_then(|leader| leader.change.as_ref());
        let stage = pending.map(|change| change.stage.clone());
        let Some(Stage::AskingVersions { voter, endpoints, ack }) = stage else { return Handled::Done };
        if peer != PeerId::Node(voter.id) {
            return Handled::Done;
        }
        match self.append_added(now, (voter, endpoints), (error, supported)) {
            Ok(()) if ack == AckWhen::Appended => self.acknowledge_early(),
            Ok(()) => {}
            Err(refusal) => self.end_change(Some(refusal)),
        }
        if error.is_some() { Handled::BackOff } else { Handled::Done }
    }

    fn append_added(
        &mut self,
        now: Instant,
        (key, endpoints): (ReplicaKey, Endpoints),
        (error, supported): (Option<RaftError>, Option<VersionRange>),
    ) -> Result<(), Refusal> {
        if let Some(error) = error {
            let message = format!("the new voter {key} did not tell its versions: {error:?}");
            return Err(Refusal::new(RaftError::RequestTimedOut, message));
        }
        let finalized = self.control.version().level();
        let Some(kraft_versions) = supported.filter(|range| range.contains(finalized)) else {
            let message = format!("the new voter {key} does not support kraft.version {finalized}");
            return Err(Refusal::new(RaftError::InvalidRequest, message));
        };
        if !self.leader().is_some_and(|leader| leader.is_caught_up(now, &key)) {
            let message = format!("the new voter {key} has not caught up with the leader");
            return Err(Refusal::new(RaftError::RequestTimedOut, message));
        }
        let voters = self.voters().with_added(Voter { key, endpoints, kraft_versions });
        let voters = voters.expect("no change can have come in between");
        let offset = self.append_control(now, vec![ControlRecord::Voters(voters)]);
        if let Some(change) = self.leader_mut().and_then(|leader| leader.change.as_mut()) {
            change.stage = Stage::Appended { offset };
        }
        Ok(())
    }

    /// Answers at the append; the change stays pending until its commit.
    fn acknowledge_early(&mut self) {
        let change = self.leader_mut().and_then(|leader| leader.change.as_mut());
        if let Some(request) = change.and_then(|change| change.request.take()) {
            self.reply(request, Response::AddVoter(VoterChangeResponse { error: None, message: None }));
        }
    }

    /// The answer to this replica's own request to join, or to remove its older directory.
    pub(crate) fn take_own_change_response(
        &mut self,
        now: Instant,
        peer: PeerId,
        error: Option<RaftError>,
    ) -> Handled {
        match error {
            None
            | Some(RaftError::RequestTimedOut | RaftError::DuplicateVoter | RaftError::VoterNotFound) => {
                self.end_checkup(now);
                Handled::Done
            }
            Some(error) => self.report_unexpected(peer, error),
        }
    }
}
