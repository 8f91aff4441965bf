//! One input's work on one classic group: a changed copy, and what goes with it.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use klamm_protocol::messages::{JoinGroupResponse, SyncGroupResponse};
use klamm_protocol::{ErrorCode, Str};

use super::{ClassicGroup, Member, Phase, millis};
use crate::group::{GroupEvent, GroupMachine, GroupReply, GroupSoft, GroupTimer, RemovalCause, Settings};
use crate::machine::{Now, Outcome, ReplyTo, TimerChange};

/// The copy of the group and the outcome so far.
pub(crate) struct Turn<'a> {
    pub(super) settings: &'a Settings,
    pub(super) now: Now,
    pub(super) group_id: Str,
    /// Copied when it is first changed.
    pub(super) group: Cow<'a, ClassicGroup>,
    pub(super) outcome: Outcome<GroupMachine>,
}

impl<'a> Turn<'a> {
    /// Begins with the group as it is.
    pub fn new(settings: &'a Settings, now: Now, group_id: Str, group: &'a ClassicGroup) -> Turn<'a> {
        Turn { settings, now, group_id, group: Cow::Borrowed(group), outcome: Outcome::default() }
    }

    /// Ends: the copy, if there is one, shall replace the group.
    pub fn finish(mut self) -> Outcome<GroupMachine> {
        if let Cow::Owned(group) = self.group {
            let change = GroupSoft::Classic { group_id: self.group_id, group: Arc::new(group) };
            self.outcome.soft.push(change);
        }
        self.outcome
    }

    /// The copy, to change.
    pub(super) fn change(&mut self) -> &mut ClassicGroup {
        self.group.to_mut()
    }

    pub(super) fn enter(&mut self, phase: Phase) {
        let wall = self.now.wall;
        let group = self.change();
        group.phase = phase;
        group.since = Some(wall);
    }

    pub(super) fn event(&mut self, event: GroupEvent) {
        self.outcome.events.push(event);
    }

    pub(super) fn set_join_timer(&mut self, wait: Duration) {
        self.set_timer(GroupTimer::Join { group: self.group_id.clone() }, wait);
    }

    pub(super) fn cancel_join_timer(&mut self) {
        self.cancel_timer(GroupTimer::Join { group: self.group_id.clone() });
    }

    pub(super) fn set_sync_timer(&mut self, wait: Duration) {
        self.set_timer(GroupTimer::Sync { group: self.group_id.clone() }, wait);
    }

    pub(super) fn cancel_sync_timer(&mut self) {
        self.cancel_timer(GroupTimer::Sync { group: self.group_id.clone() });
    }

    /// Gives the member `wait` until it must be heard of.
    pub(super) fn set_heartbeat_timer(&mut self, member: Str, wait: Duration) {
        self.set_timer(GroupTimer::Heartbeat { group: self.group_id.clone(), member }, wait);
    }

    pub(super) fn cancel_heartbeat_timer(&mut self, member: Str) {
        self.cancel_timer(GroupTimer::Heartbeat { group: self.group_id.clone(), member });
    }

    /// Gives a member its session time-out from now.
    pub(super) fn renew_session(&mut self, member: &str) {
        if let Some(member) = self.group.members.get(member) {
            let (id, wait) = (member.id.clone(), millis(member.session_timeout_ms));
            self.set_heartbeat_timer(id, wait);
        }
    }

    fn set_timer(&mut self, timer: GroupTimer, wait: Duration) {
        self.outcome.timers.push(TimerChange::Set(timer, self.now.instant.after(wait)));
    }

    fn cancel_timer(&mut self, timer: GroupTimer) {
        self.outcome.timers.push(TimerChange::Cancel(timer));
    }

    pub(super) fn reply_join(&mut self, to: ReplyTo, response: JoinGroupResponse) {
        self.outcome.replies.push((to, GroupReply::Join(response)));
    }

    pub(super) fn reply_sync(&mut self, to: ReplyTo, response: SyncGroupResponse) {
        self.outcome.replies.push((to, GroupReply::Sync(response)));
    }

    /// Refuses a join and names `member_id` in the answer.
    pub(super) fn refuse_join(&mut self, to: ReplyTo, member_id: &str, error: ErrorCode) {
        self.reply_join(to, join_error(member_id, error));
    }

    /// The answer that tells a member the generation it is in; only the leader learns who else is.
    pub(super) fn joined(&self, member: &str) -> JoinGroupResponse {
        let members =
            if self.group.is_leader(member) { self.group.join_response_members() } else { Vec::new() };
        JoinGroupResponse {
            members,
            member_id: Str::from(member),
            generation_id: self.group.generation,
            protocol_name: self.group.protocol_name.clone(),
            protocol_type: self.group.protocol_type.clone(),
            leader: self.group.leader.clone().unwrap_or_default(),
            ..JoinGroupResponse::default()
        }
    }

    /// The answer that gives a member its assignment.
    pub(super) fn synced(&self, assignment: Bytes) -> SyncGroupResponse {
        SyncGroupResponse {
            protocol_type: self.group.protocol_type.clone(),
            protocol_name: self.group.protocol_name.clone(),
            assignment,
            ..SyncGroupResponse::default()
        }
    }

    /// Answers whatever of the member's waits, after the group has dropped it or another request of the
    /// member took the place of the one that waited.
    pub(super) fn release(&mut self, member: &Member, named: &str, error: ErrorCode) {
        if let Some(to) = member.awaiting_join {
            self.refuse_join(to, named, error);
        }
        if let Some(to) = member.awaiting_sync {
            self.reply_sync(to, sync_error(error));
        }
    }

    /// Drops a member or a pending one: its answers, its timer, its place.
    pub(super) fn drop_member(&mut self, id: &str, cause: RemovalCause) {
        let id = Str::from(id);
        if let Some(member) = self.change().remove(&id) {
            self.release(&member, "", ErrorCode::UnknownMemberId);
        }
        self.cancel_heartbeat_timer(id.clone());
        self.event(GroupEvent::MemberRemoved { group: self.group_id.clone(), member: id, cause });
    }
}

/// A refusal of JoinGroup.
pub(crate) fn join_error(member_id: &str, error: ErrorCode) -> JoinGroupResponse {
    JoinGroupResponse {
        member_id: Str::from(member_id),
        error_code: error.code(),
        ..JoinGroupResponse::default()
    }
}

/// A refusal of SyncGroup.
pub(crate) fn sync_error(error: ErrorCode) -> SyncGroupResponse {
    SyncGroupResponse { error_code: error.code(), ..SyncGroupResponse::default() }
}
