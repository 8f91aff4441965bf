//! UpdateRaftVoter: a voter that came back tells its endpoints and versions. In a dynamic quorum
//! they go into the log; in a static one the leader remembers them for the upgrade.

use klamm_model::Instant;

use crate::control_record::ControlRecord;
use crate::effect::{PeerId, RequestId};
use crate::inputs::Handled;
use crate::message::{RaftError, Response, UpdateVoterRequest, UpdateVoterResponse};
use crate::quorum::Quorum;
use crate::roles::VersionUpgrade;
use crate::voter_set::{Voter, VoterSet};

impl Quorum {
    pub(crate) fn take_update_voter(&mut self, now: Instant, id: RequestId, request: UpdateVoterRequest) {
        let error = self.update_voter(now, request).err();
        self.reply(id, Response::UpdateVoter(UpdateVoterResponse { error, hint: self.hint() }));
    }

    fn update_voter(&mut self, now: Instant, request: UpdateVoterRequest) -> Result<(), RaftError> {
        self.check_leader_only(request.epoch)?;
        let key = request.voter.filter(|voter| voter.directory.is_some()).ok_or(RaftError::InvalidRequest)?;
        if request.endpoints.get(&self.local.listener).is_none() {
            return Err(RaftError::InvalidRequest);
        }
        let kraft_versions = request.kraft_versions.ok_or(RaftError::InvalidRequest)?;
        let known = self.updatable_voters(now)?;
        let version = self.control.version();
        if !kraft_versions.contains(version.level()) {
            return Err(RaftError::InvalidRequest);
        }
        let voter = Voter { key, endpoints: request.endpoints, kraft_versions };
        if version.can_change_voters() {
            let voters = known.with_updated(voter).ok_or(RaftError::VoterNotFound)?;
            self.append_control(now, vec![ControlRecord::Voters(voters)]);
        } else {
            let voters = known.with_updated_by_id(voter).ok_or(RaftError::VoterNotFound)?;
            self.leader_mut().expect("checked above").upgrade = VersionUpgrade::Gathering(voters);
        }
        if let Some(leader) = self.leader_mut() {
            leader.record_sign_of_life(now, key);
        }
        Ok(())
    }

    /// The set the update goes into.
    fn updatable_voters(&mut self, now: Instant) -> Result<VoterSet, RaftError> {
        self.expire_change(now);
        let leader = self.leader().ok_or(RaftError::NotLeaderOrFollower)?;
        let committed = leader.high_watermark().filter(|_| leader.change.is_none());
        let committed = committed.ok_or(RaftError::RequestTimedOut)?;
        match &leader.upgrade {
            VersionUpgrade::Gathering(voters) if !self.control.version().can_change_voters() => {
                Ok(voters.clone())
            }
            VersionUpgrade::Gathering(_) | VersionUpgrade::NotNeeded | VersionUpgrade::Requested(_) => {
                let is_committed =
                    self.control.voters_origin().is_some_and(|origin| origin.is_below(committed));
                if is_committed { Ok(self.voters().clone()) } else { Err(RaftError::RequestTimedOut) }
            }
        }
    }

    pub(crate) fn take_update_voter_response(
        &mut self,
        now: Instant,
        peer: PeerId,
        response: UpdateVoterResponse,
    ) -> Handled {
        if let Some(handled) = self.take_common(now, response.error, &response.hint) {
            return handled;
        }
        match response.error {
            // A leader of an older version need not be told.
            None | Some(RaftError::UnsupportedVersion) => {
                self.restart_patience(now);
                if let Some(follower) = self.follower_mut() {
                    follower.has_told_leader = true;
                }
                Handled::Done
            }
            Some(error) => self.report_unexpected(peer, error),
        }
    }
}
