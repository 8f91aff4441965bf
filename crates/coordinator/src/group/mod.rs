//! The group coordinator of one partition of `__consumer_offsets`.
//!
//! [`GroupMachine`] holds the groups that hash to the partition and their committed offsets. One file per
//! concern: [`classic`] groups and their rounds, [`offsets`], [`modern`] groups; this file only finds the
//! group a command is for.

pub mod classic;
mod command;
mod delete;
mod describe;
mod event;
mod expiry;
mod modern;
mod offset_requests;
mod offsets;
mod record;
mod reply;
mod settings;
mod subscription;

use std::collections::BTreeMap;
use std::sync::Arc;

use klamm_model::ProducerId;
use klamm_protocol::messages::{
    GroupMetadataKey, GroupMetadataValue, HeartbeatRequest, HeartbeatResponse, LeaveGroupRequest,
    SyncGroupRequest,
};
use klamm_protocol::{ErrorCode, Str};

pub use command::{
    Client, CommitDialect, FirstJoin, GroupCommand, GroupRequest, GroupTimer, JoinGroup, SkipAssignment,
    Stability, UnknownGroup,
};
pub use event::{GroupEvent, RemovalCause};
pub use modern::{GroupType, ModernGroup, ModernKind, ModernPart, ModernRecord};
pub use offsets::{CommittedOffset, DeletedTopic, Offsets};
pub use record::{GroupRecord, RecordError};
pub use reply::{GroupReply, as_coordinator_error};
pub use settings::{NEW_MEMBER_JOIN_TIMEOUT, Settings};

use crate::machine::{Machine, Now, Origin, Outcome, ReplyTo, TimerChange, TransactionResult};
use classic::{ClassicGroup, Turn, join_error, sync_error};

/// A group of any protocol. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub enum Group {
    /// The members agree among themselves.
    Classic(Arc<ClassicGroup>),
    /// A protocol this node does not run.
    Modern(Arc<ModernGroup>),
}

/// A soft change: a classic group's round goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupSoft {
    /// The group is now this one.
    Classic {
        /// Its id.
        group_id: Str,
        /// The whole group.
        group: Arc<ClassicGroup>,
    },
    /// The search for expired offsets goes on behind this group, or from the start.
    ExpiryCursor(Option<Str>),
}

/// A log that no coordinator could have written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// A record of one protocol for a group of another.
    #[error("record of a {record} group for the {group} group {group_id}")]
    TypeMismatch {
        /// The group.
        group_id: Str,
        /// Its protocol.
        group: &'static str,
        /// The record's.
        record: &'static str,
    },
}

/// Groups and offsets of one partition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupMachine {
    settings: Settings,
    groups: BTreeMap<Str, Group>,
    offsets: Offsets,
    expiry_cursor: Option<Str>,
}

impl GroupMachine {
    /// A coordinator that has loaded nothing.
    pub fn new(settings: Settings) -> GroupMachine {
        GroupMachine { settings, ..GroupMachine::default() }
    }

    /// Takes over changed settings; they hold from the next command.
    pub fn configure(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// The groups, by id.
    pub fn groups(&self) -> impl Iterator<Item = (&Str, &Group)> {
        self.groups.iter()
    }

    /// The group `id`.
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.get(id)
    }

    /// The committed offsets.
    pub fn offsets(&self) -> &Offsets {
        &self.offsets
    }

    fn classic(&self, id: &str) -> Option<&Arc<ClassicGroup>> {
        match self.groups.get(id)? {
            Group::Classic(group) => Some(group),
            Group::Modern(_) => None,
        }
    }

    fn turn<'a>(&'a self, now: Now, id: &Str, group: &'a ClassicGroup) -> Turn<'a> {
        Turn::new(&self.settings, now, id.detached(), group)
    }

    fn decide_request(&self, now: Now, to: ReplyTo, request: &GroupRequest) -> Outcome<GroupMachine> {
        if let Some(refusal) = request.check(&self.settings) {
            return Outcome::reply(to, refusal);
        }
        match request {
            GroupRequest::Join(join) => self.join(now, to, join),
            GroupRequest::Sync(sync) => self.sync(now, to, sync),
            GroupRequest::Heartbeat(heartbeat) => self.heartbeat(now, to, heartbeat),
            GroupRequest::Leave(leave) => self.leave(now, to, leave),
            GroupRequest::OffsetCommit(commit, dialect) => self.commit(now, to, commit, *dialect),
            GroupRequest::TxnOffsetCommit(commit, dialect) => self.txn_commit(now, to, commit, *dialect),
            GroupRequest::OffsetFetch(fetch, stability) => self.fetch(to, fetch, *stability),
            GroupRequest::OffsetDelete(delete) => self.delete_offsets(to, delete),
            GroupRequest::Describe(groups, unknown) => self.describe(to, groups, *unknown),
            GroupRequest::List(list) => self.list(to, list),
            GroupRequest::Delete(groups) => self.delete_groups(to, groups),
        }
    }

    fn join(&self, now: Now, to: ReplyTo, join: &JoinGroup) -> Outcome<GroupMachine> {
        let (id, member_id) = (&join.request.group_id, &join.request.member_id);
        let refuse = |named: &str, error| Outcome::reply(to, GroupReply::Join(join_error(named, error)));
        let existing = match self.groups.get(id) {
            Some(Group::Classic(group)) => Some(group),
            Some(Group::Modern(group)) if !group.is_empty() || group.group_type == GroupType::Share => {
                return refuse("", ErrorCode::InconsistentGroupProtocol);
            }
            Some(Group::Modern(_)) | None => None,
        };
        if let Some(group) = existing {
            let mut turn = self.turn(now, id, group);
            turn.join(to, join);
            return turn.finish();
        }
        if !member_id.is_empty() {
            return refuse(member_id, ErrorCode::UnknownMemberId);
        }
        // An empty group of another protocol gives way. The new group is in the log at once, so that it
        // can be listed and its offsets keep their owner.
        let new = ClassicGroup::new(Some(now.wall));
        let mut turn = self.turn(now, id, &new);
        turn.join(to, join);
        let mut outcome = turn.finish();
        let mut records = match self.groups.get(id) {
            Some(Group::Modern(group)) => group.tombstones(&id.detached()),
            Some(Group::Classic(_)) | None => Vec::new(),
        };
        records.push(GroupRecord::group_metadata(&id.detached(), &new));
        outcome.records.splice(0..0, records);
        outcome
    }

    fn sync(&self, now: Now, to: ReplyTo, sync: &SyncGroupRequest) -> Outcome<GroupMachine> {
        match self.classic(&sync.group_id) {
            Some(group) if !group.is_empty() => {
                let mut turn = self.turn(now, &sync.group_id, group);
                turn.sync(to, sync);
                turn.finish()
            }
            Some(_) | None => Outcome::reply(to, GroupReply::Sync(sync_error(ErrorCode::UnknownMemberId))),
        }
    }

    fn sync_refused(
        &self,
        now: Now,
        to: ReplyTo,
        sync: &SyncGroupRequest,
        error: ErrorCode,
    ) -> Outcome<GroupMachine> {
        let error = as_coordinator_error(error);
        match self.classic(&sync.group_id) {
            Some(group) => {
                let mut turn = self.turn(now, &sync.group_id, group);
                turn.sync_refused(to, sync, error);
                turn.finish()
            }
            None => Outcome::reply(to, GroupReply::Sync(sync_error(error))),
        }
    }

    fn heartbeat(&self, now: Now, to: ReplyTo, heartbeat: &HeartbeatRequest) -> Outcome<GroupMachine> {
        let decision = match self.classic(&heartbeat.group_id) {
            Some(group) => group.heartbeat(heartbeat),
            None => Err(ErrorCode::UnknownMemberId),
        };
        let error = match decision {
            Ok((_, error)) | Err(error) => error,
        };
        let response = HeartbeatResponse { error_code: error.code(), ..HeartbeatResponse::default() };
        let mut outcome = Outcome::reply(to, GroupReply::Heartbeat(response));
        if let Ok((member, _)) = decision {
            outcome.timers.push(session_timer(now, &heartbeat.group_id, member));
        }
        outcome
    }

    fn leave(&self, now: Now, to: ReplyTo, leave: &LeaveGroupRequest) -> Outcome<GroupMachine> {
        match self.classic(&leave.group_id) {
            Some(group) => {
                let mut turn = self.turn(now, &leave.group_id, group);
                turn.leave(to, leave);
                turn.finish()
            }
            None => Outcome::reply(to, GroupReply::Leave(classic::nobody_leaves(leave))),
        }
    }

    fn decide_timer(&self, now: Now, timer: &GroupTimer) -> Outcome<GroupMachine> {
        let (group_id, act): (&Str, &dyn Fn(&mut Turn<'_>)) = match timer {
            GroupTimer::Expiry => return self.expire(now),
            GroupTimer::Heartbeat { group, member } => (group, &|turn| turn.on_session_end(member)),
            GroupTimer::Join { group } => (group, &|turn| turn.on_join_deadline()),
            GroupTimer::Sync { group } => (group, &|turn| turn.on_sync_deadline()),
        };
        let Some(group) = self.classic(group_id) else { return Outcome::default() };
        let mut turn = self.turn(now, group_id, group);
        act(&mut turn);
        turn.finish()
    }

    /// Every member of a loaded group gets its session time-out anew, and the search for expired offsets
    /// begins.
    fn loaded(&self, now: Now) -> Outcome<GroupMachine> {
        let mut outcome = Outcome::default();
        for (id, group) in &self.groups {
            let Group::Classic(group) = group else { continue };
            if group.members.is_empty() {
                continue;
            }
            let mut turn = self.turn(now, id, group);
            turn.renew_all_sessions();
            turn.shrink_if_too_large();
            outcome.append_all(turn.finish());
        }
        outcome.timers.push(self.next_expiry(now));
        outcome
    }

    /// Answers everyone who waits inside a round.
    fn unloaded(&self) -> Outcome<GroupMachine> {
        let mut outcome = Outcome::default();
        for group in self.groups.values() {
            let Group::Classic(group) = group else { continue };
            for member in group.members.iter() {
                let error = ErrorCode::NotCoordinator;
                if let Some(to) = member.awaiting_join {
                    outcome.replies.push((to, GroupReply::Join(join_error(&member.id, error))));
                }
                if let Some(to) = member.awaiting_sync {
                    outcome.replies.push((to, GroupReply::Sync(sync_error(error))));
                }
            }
        }
        outcome
    }

    fn replay_group(&mut self, key: &GroupMetadataKey, value: Option<&GroupMetadataValue>) {
        match value {
            None => {
                self.groups.remove(&key.group);
            }
            Some(value) => {
                let group = Arc::new(ClassicGroup::from_record(value));
                self.groups.insert(key.group.detached(), Group::Classic(group));
            }
        }
    }

    fn replay_modern(&mut self, record: &ModernRecord) -> Result<(), ReplayError> {
        let group_type = record.kind.group_type;
        let fresh = match self.groups.get(&record.group) {
            Some(Group::Modern(group)) if group.group_type == group_type => None,
            Some(Group::Classic(group)) if !group.is_simple() => {
                return Err(mismatch(&record.group, GroupType::Classic, group_type));
            }
            Some(Group::Modern(group)) => return Err(mismatch(&record.group, group.group_type, group_type)),
            // Nothing to delete, or a mere holder of offsets that the group takes over.
            None if record.value.is_none() => return Ok(()),
            Some(Group::Classic(_)) | None => Some(ModernGroup::new(group_type)),
        };
        if let Some(fresh) = fresh {
            self.groups.insert(record.group.detached(), Group::Modern(Arc::new(fresh)));
        }
        if record.kind.part == ModernPart::Group && record.value.is_none() {
            self.groups.remove(&record.group);
        } else if let Some(Group::Modern(group)) = self.groups.get_mut(&record.group) {
            Arc::make_mut(group).replay(record);
        }
        Ok(())
    }
}

fn mismatch(group_id: &Str, group: GroupType, record: GroupType) -> ReplayError {
    ReplayError::TypeMismatch { group_id: group_id.detached(), group: group.name(), record: record.name() }
}

/// Renews the session of a classic member.
fn session_timer(now: Now, group_id: &Str, member: &classic::Member) -> TimerChange<GroupTimer> {
    let timer = GroupTimer::Heartbeat { group: group_id.detached(), member: member.id.clone() };
    TimerChange::Set(timer, now.instant.after(member.session_timeout()))
}

impl Machine for GroupMachine {
    type Command = GroupCommand;
    type Record = GroupRecord;
    type Soft = GroupSoft;
    type Timer = GroupTimer;
    type Reply = GroupReply;
    type Event = GroupEvent;
    type ReplayError = ReplayError;

    fn decide(&self, now: Now, command: &GroupCommand) -> Outcome<GroupMachine> {
        match command {
            GroupCommand::Request(to, request) => self.decide_request(now, *to, request),
            GroupCommand::TimerFired(timer) => self.decide_timer(now, timer),
            GroupCommand::TopicsDeleted(topics) => self.delete_of_topics(topics),
            GroupCommand::Loaded => self.loaded(now),
            GroupCommand::Unloaded => self.unloaded(),
        }
    }

    fn decide_refused(&self, now: Now, command: &GroupCommand, error: ErrorCode) -> Outcome<GroupMachine> {
        match command {
            GroupCommand::Request(to, request) => match &**request {
                GroupRequest::Sync(sync) => self.sync_refused(now, *to, sync, error),
                other => Outcome::reply(*to, other.refusal(error)),
            },
            // The driver sets the timer again; offsets of a deleted topic expire like others.
            GroupCommand::TimerFired(_)
            | GroupCommand::TopicsDeleted(_)
            | GroupCommand::Loaded
            | GroupCommand::Unloaded => Outcome::default(),
        }
    }

    fn replay(&mut self, origin: Origin, record: &GroupRecord) -> Result<(), ReplayError> {
        match record {
            GroupRecord::OffsetCommit { key, value: Some(value) } => {
                if !self.groups.contains_key(&key.group) {
                    let simple = Group::Classic(Arc::new(ClassicGroup::new(None)));
                    self.groups.insert(key.group.detached(), simple);
                }
                self.offsets.replay_commit(origin, (&key.group, &key.topic, key.partition), value);
            }
            GroupRecord::OffsetCommit { key, value: None } => {
                self.offsets.replay_tombstone(&key.group, &key.topic, key.partition);
            }
            GroupRecord::GroupMetadata { key, value } => self.replay_group(key, value.as_ref()),
            GroupRecord::Modern(record) => self.replay_modern(record)?,
        }
        Ok(())
    }

    fn replay_end_transaction(&mut self, producer: ProducerId, result: TransactionResult) {
        self.offsets.replay_end(producer, result);
    }

    fn apply_soft(&mut self, changes: Vec<GroupSoft>) {
        for change in changes {
            match change {
                GroupSoft::Classic { group_id, group } => {
                    self.groups.insert(group_id, Group::Classic(group));
                }
                GroupSoft::ExpiryCursor(cursor) => self.expiry_cursor = cursor,
            }
        }
    }
}
