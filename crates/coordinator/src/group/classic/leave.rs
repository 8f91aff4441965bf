//! LeaveGroup: members go at once, several in one request where an operator removes static ones (KIP-345).

use klamm_protocol::ErrorCode;
use klamm_protocol::messages::leave_group_request::MemberIdentity;
use klamm_protocol::messages::leave_group_response::MemberResponse;
use klamm_protocol::messages::{LeaveGroupRequest, LeaveGroupResponse};

use super::{Phase, Turn};
use crate::group::{GroupReply, RemovalCause};
use crate::machine::ReplyTo;

impl Turn<'_> {
    /// The whole of LeaveGroup.
    pub(crate) fn leave(&mut self, to: ReplyTo, request: &LeaveGroupRequest) {
        let members: Vec<MemberResponse> =
            request.members.iter().map(|leaver| self.leave_one(leaver)).collect();
        let left: Vec<&str> = members
            .iter()
            .filter(|member| member.error_code == ErrorCode::None.code())
            .map(|member| match &member.group_instance_id {
                Some(instance_id) if member.member_id.is_empty() => &**instance_id,
                Some(_) | None => &*member.member_id,
            })
            .collect();
        if !left.is_empty() {
            let reason = format!("members left: {}", left.join(", "));
            match self.group.phase {
                Phase::Completing | Phase::Stable => self.begin_rebalance(reason),
                Phase::Preparing(_) => self.complete_join_if_due(),
                Phase::Empty => {}
            }
        }
        let response = LeaveGroupResponse { members, ..LeaveGroupResponse::default() };
        self.outcome.replies.push((to, GroupReply::Leave(response)));
    }

    fn leave_one(&mut self, leaver: &MemberIdentity) -> MemberResponse {
        let error = match self.find_leaver(leaver) {
            Ok(id) => {
                let reason = leaver.reason.as_ref().map(ToString::to_string);
                self.drop_member(&id, RemovalCause::Left { reason });
                ErrorCode::None
            }
            Err(error) => error,
        };
        MemberResponse {
            member_id: leaver.member_id.clone(),
            group_instance_id: leaver.group_instance_id.clone(),
            error_code: error.code(),
            ..MemberResponse::default()
        }
    }

    /// By instance id alone, by member id alone, or by both, which must then belong together.
    fn find_leaver(&self, leaver: &MemberIdentity) -> Result<klamm_protocol::Str, ErrorCode> {
        let id = &leaver.member_id;
        let instance_id = leaver.group_instance_id.as_deref();
        if id.is_empty() {
            let holder = instance_id.and_then(|instance_id| self.group.members.static_member(instance_id));
            return holder.cloned().ok_or(ErrorCode::UnknownMemberId);
        }
        if self.group.pending_join.contains(id) {
            return Ok(id.clone());
        }
        self.group.check_member(id, instance_id).map(|member| member.id.clone())
    }
}

/// The answer where there is no such group.
pub(crate) fn nobody_leaves(request: &LeaveGroupRequest) -> LeaveGroupResponse {
    let unknown = |leaver: &MemberIdentity| MemberResponse {
        member_id: leaver.member_id.clone(),
        group_instance_id: leaver.group_instance_id.clone(),
        error_code: ErrorCode::UnknownMemberId.code(),
        ..MemberResponse::default()
    };
    LeaveGroupResponse {
        members: request.members.iter().map(unknown).collect(),
        ..LeaveGroupResponse::default()
    }
}
