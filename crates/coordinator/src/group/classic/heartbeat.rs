//! Heartbeat: a member says that it lives, and learns whether it must join again.

use klamm_protocol::ErrorCode;
use klamm_protocol::messages::HeartbeatRequest;

use super::{ClassicGroup, Member, Phase};

impl ClassicGroup {
    /// The member whose session is renewed, and what it is told.
    pub(crate) fn heartbeat(&self, request: &HeartbeatRequest) -> Result<(&Member, ErrorCode), ErrorCode> {
        let member = self.check_member(&request.member_id, request.group_instance_id.as_deref())?;
        if request.generation_id != self.generation {
            return Err(ErrorCode::IllegalGeneration);
        }
        match self.phase {
            Phase::Empty => Err(ErrorCode::UnknownMemberId),
            Phase::Preparing(_) => Ok((member, ErrorCode::RebalanceInProgress)),
            Phase::Completing | Phase::Stable => Ok((member, ErrorCode::None)),
        }
    }
}
