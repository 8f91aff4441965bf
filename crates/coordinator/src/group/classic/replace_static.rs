//! A static member comes back without its member id: it restarted. It gets its old place under a new id,
//! and the old id is fenced (KIP-345). If nothing changes for the others, there is no rebalance.

use klamm_protocol::messages::JoinGroupResponse;
use klamm_protocol::{ErrorCode, Str};

use super::join::client_reason;
use super::{Member, Phase, Turn};
use crate::group::record::GroupRecord;
use crate::group::{GroupEvent, JoinGroup, SkipAssignment};
use crate::machine::ReplyTo;

impl Turn<'_> {
    /// The member `old_id` becomes `new_id`.
    pub(super) fn replace_static_member(
        &mut self,
        to: ReplyTo,
        command: &JoinGroup,
        old_id: &str,
        new_id: Str,
    ) {
        let leader_before = self.group.leader.clone();
        self.swap_member_id(old_id, &new_id);
        self.renew_offer(to, &new_id, &command.request);
        let reason = |what: &str| {
            format!("static member {new_id} {what}; client reason: {}", client_reason(&command.request))
        };
        match self.group.phase {
            Phase::Stable if self.group.select_protocol() == self.group.protocol_name => {
                self.keep_generation(to, command, &new_id, leader_before);
            }
            Phase::Stable => self.rebalance_or_complete(reason("changes the protocol")),
            Phase::Completing => self.begin_rebalance(reason("changes its offer")),
            Phase::Preparing(_) => self.complete_join_if_due(),
            Phase::Empty => unreachable!("an empty group has no static members"),
        }
    }

    fn swap_member_id(&mut self, old_id: &str, new_id: &Str) {
        let Some(old) = self.change().members.remove(old_id) else { return };
        self.release(&old, old_id, ErrorCode::FencedInstanceId);
        self.cancel_heartbeat_timer(old.id.clone());
        let group = self.change();
        if group.pending_sync.remove(old_id) {
            group.pending_sync.insert(new_id.clone());
        }
        group.members.insert(Member {
            id: new_id.clone(),
            awaiting_join: None,
            awaiting_sync: None,
            is_new: false,
            ..(*old).clone()
        });
        if group.is_leader(old_id) {
            group.leader = Some(new_id.clone());
        }
        self.renew_session(new_id);
        self.event(GroupEvent::StaticMemberReplaced {
            group: self.group_id.clone(),
            old_member: old.id.clone(),
            new_member: new_id.clone(),
        });
    }

    /// The generation goes on with the new id; only the record changes. A leader whose client knows the
    /// flag is told to skip the assignment; an older one is told that the old id leads, so that it takes
    /// itself for a follower.
    fn keep_generation(&mut self, to: ReplyTo, command: &JoinGroup, id: &Str, leader_before: Option<Str>) {
        self.change().members.update(id, |member| member.awaiting_join = None);
        self.outcome.records.push(GroupRecord::group_metadata(&self.group_id, &self.group));
        let response = match command.skip_assignment {
            SkipAssignment::Understood => {
                JoinGroupResponse { skip_assignment: self.group.is_leader(id), ..self.joined(id) }
            }
            SkipAssignment::Unknown => JoinGroupResponse {
                members: Vec::new(),
                leader: leader_before.unwrap_or_default(),
                ..self.joined(id)
            },
        };
        self.reply_join(to, response);
    }
}
