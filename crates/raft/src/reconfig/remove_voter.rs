//! RemoveRaftVoter. A leader may remove itself: it leads until the smaller set is committed, without
//! counting itself, and then resigns.

use klamm_model::{Instant, Offset};

use crate::control_record::ControlRecord;
use crate::effect::{PeerId, RequestId};
use crate::message::{ApiKind, RaftError, RemoveVoterRequest};
use crate::quorum::Quorum;
use crate::replica::ReplicaKey;

use super::{PendingChange, Refusal, Stage};

impl Quorum {
    pub(crate) fn take_remove_voter(&mut self, now: Instant, id: RequestId, request: RemoveVoterRequest) {
        if let Err(refusal) = self.begin_removing(now, id, request) {
            self.answer_change(Some(id), ApiKind::RemoveVoter, Some(refusal));
        }
    }

    fn begin_removing(
        &mut self,
        now: Instant,
        id: RequestId,
        request: RemoveVoterRequest,
    ) -> Result<(), Refusal> {
        self.check_leader_only(Some(self.epoch())).map_err(Refusal::bare)?;
        let Some(voter) = request.voter.filter(|voter| voter.directory.is_some()) else {
            let message = "the request names no voter with id and directory id";
            return Err(Refusal::new(RaftError::InvalidRequest, message));
        };
        let present = self.changeable_voters(now)?;
        let Some(voters) = present.with_removed(&voter) else {
            // It is no voter, or the last one. The text is Kafka's: tools show it.
            let present: Vec<String> = present.iter().map(|voter| key_text(&voter.key)).collect();
            let message = format!(
                "Cannot remove voter {} from the set of voters [{}]",
                key_text(&voter),
                present.join(", ")
            );
            return Err(Refusal::new(RaftError::VoterNotFound, message));
        };
        let offset = self.append_control(now, vec![ControlRecord::Voters(voters)]);
        // What was sent to a lost voter must not keep its successor on the same node waiting.
        self.peers.forget(PeerId::Node(voter.id));
        let stage = Stage::Appended { offset };
        let deadline = now.after(self.config.request_timeout);
        let change = PendingChange { request: Some(id), api: ApiKind::RemoveVoter, stage, deadline };
        self.leader_mut().expect("checked above").change = Some(change);
        Ok(())
    }

    /// A leader that is not in the committed set has no part in it any more.
    pub(super) fn resign_if_removed(&mut self, committed: Offset) {
        let is_settled = self.control.voters_origin().is_some_and(|origin| origin.is_below(committed));
        if is_settled
            && !self.is_voter()
            && let Some(leader) = self.leader_mut()
        {
            leader.is_resigning = true;
        }
    }
}

/// A replica as Kafka's messages show it.
fn key_text(key: &ReplicaKey) -> String {
    let directory = key.directory.map_or_else(|| "<undefined>".to_owned(), |directory| directory.to_string());
    format!("ReplicaKey(id={}, directoryId={directory})", key.id)
}
