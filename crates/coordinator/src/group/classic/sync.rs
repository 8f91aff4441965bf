//! SyncGroup: the leader hands in the assignment, everyone gets its share.

use std::collections::BTreeMap;

use bytes::Bytes;
use klamm_protocol::messages::SyncGroupRequest;
use klamm_protocol::{ErrorCode, Str};

use super::{Phase, Turn};
use crate::group::GroupEvent;
use crate::group::classic::turn::sync_error;
use crate::group::record::GroupRecord;
use crate::machine::ReplyTo;

impl Turn<'_> {
    /// The whole of SyncGroup.
    pub(crate) fn sync(&mut self, to: ReplyTo, request: &SyncGroupRequest) {
        let id = &request.member_id;
        let refusal = match self.check_sync(request) {
            Err(error) => Some(error),
            Ok(()) if matches!(self.group.phase, Phase::Preparing(_)) => Some(ErrorCode::RebalanceInProgress),
            Ok(()) => None,
        };
        if let Some(error) = refusal {
            self.reply_sync(to, sync_error(error));
            return;
        }
        if self.group.pending_sync.contains(id) {
            self.change().pending_sync.remove(id);
            if self.group.pending_sync.is_empty() {
                self.cancel_sync_timer();
            }
        }
        match self.group.phase {
            Phase::Completing => {
                self.await_sync(to, id);
                if self.group.is_leader(id) {
                    self.store_assignment(request);
                }
            }
            Phase::Stable => {
                let assignment = self.group.members.get(id).map(|member| member.assignment.clone());
                let response = self.synced(assignment.unwrap_or_default());
                self.reply_sync(to, response);
            }
            Phase::Empty | Phase::Preparing(_) => {}
        }
    }

    /// The log refused the leader's assignment: everyone is told, and joins again.
    pub(crate) fn sync_refused(&mut self, to: ReplyTo, request: &SyncGroupRequest, error: ErrorCode) {
        self.await_sync(to, &request.member_id);
        self.fail_sync(error);
        self.begin_rebalance(format!("the assignment could not be stored: {error:?}"));
    }

    fn check_sync(&self, request: &SyncGroupRequest) -> Result<(), ErrorCode> {
        self.group.check_member(&request.member_id, request.group_instance_id.as_deref())?;
        if request.generation_id != self.group.generation {
            return Err(ErrorCode::IllegalGeneration);
        }
        let differs = |said: &Option<Str>, own: &Option<Str>| said.is_some() && own.is_some() && said != own;
        if differs(&request.protocol_type, &self.group.protocol_type)
            || differs(&request.protocol_name, &self.group.protocol_name)
        {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        Ok(())
    }

    fn await_sync(&mut self, to: ReplyTo, id: &str) {
        if let Some(superseded) = self.group.members.get(id).and_then(|member| member.awaiting_sync) {
            self.reply_sync(superseded, sync_error(ErrorCode::RebalanceInProgress));
        }
        self.change().members.update(id, |member| member.awaiting_sync = Some(to));
    }

    /// Writes the group with the leader's assignment and gives everyone who waits its share. Members the
    /// leader left out get an empty one.
    fn store_assignment(&mut self, request: &SyncGroupRequest) {
        // The last entry counts where the leader names a member twice.
        let given: BTreeMap<&Str, &Bytes> =
            request.assignments.iter().map(|given| (&given.member_id, &given.assignment)).collect();
        self.change().members.update_all(|member| {
            let given = given.get(&member.id);
            member.assignment = given.map(|given| Bytes::copy_from_slice(given)).unwrap_or_default();
        });
        self.outcome.records.push(GroupRecord::group_metadata(&self.group_id, &self.group));
        self.enter(Phase::Stable);
        let waiting: Vec<_> = self
            .group
            .members
            .in_kafka_order()
            .into_iter()
            .filter_map(|member| {
                member.awaiting_sync.map(|to| (to, member.id.clone(), member.assignment.clone()))
            })
            .collect();
        for (to, id, assignment) in waiting {
            let response = self.synced(assignment);
            self.reply_sync(to, response);
            self.renew_session(&id);
        }
        self.change().members.update_all(|member| member.awaiting_sync = None);
        let (group, generation) = (self.group_id.clone(), self.group.generation);
        self.event(GroupEvent::RebalanceCompleted { group, generation });
    }
}
