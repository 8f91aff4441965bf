//! Requests about offsets: who may commit, fetch and delete them.

use std::sync::Arc;

use klamm_model::{ProducerEpoch, ProducerId};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::offset_fetch_request::OffsetFetchRequestGroup;
use klamm_protocol::messages::{
    OffsetCommitRequest, OffsetDeleteRequest, OffsetDeleteResponse, TxnOffsetCommitRequest,
};

use super::classic::{ClassicGroup, Phase};
use super::command::{CommitDialect, Stability};
use super::offsets::{Committer, TopicUse, no_offsets};
use super::reply::{commit_error, txn_commit_error};
use super::{Group, GroupEvent, GroupMachine, GroupReply, GroupType, session_timer};
use crate::machine::{Append, Now, Outcome, ReplyTo};

/// Who says it commits.
#[derive(Clone, Copy)]
struct Committing<'a> {
    member_id: &'a str,
    instance_id: Option<&'a str>,
    /// Negative from who is in no group.
    generation_or_epoch: i32,
    kind: CommitKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CommitKind {
    Plain,
    Transactional,
}

impl GroupMachine {
    pub(super) fn commit(
        &self,
        now: Now,
        to: ReplyTo,
        request: &OffsetCommitRequest,
        dialect: CommitDialect,
    ) -> Outcome<GroupMachine> {
        let committing = Committing {
            member_id: &request.member_id,
            instance_id: request.group_instance_id.as_deref(),
            generation_or_epoch: request.generation_id_or_member_epoch,
            kind: CommitKind::Plain,
        };
        if let Err(error) = self.check_commit(&request.group_id, committing, dialect) {
            return Outcome::reply(to, GroupReply::OffsetCommit(commit_error(request, error)));
        }
        let committer = Committer {
            metadata_max: self.settings.offset_metadata_max,
            wall: now.wall,
            group_id: &request.group_id,
        };
        let (records, response) = committer.commit(request);
        let mut outcome = Outcome::reply(to, GroupReply::OffsetCommit(response));
        outcome.events.extend(committed(records.len()));
        outcome.records = records;
        // A consumer that commits lives, so a commit renews its session like a heartbeat.
        if let Some(group) = self.classic(&request.group_id)
            && matches!(group.phase, Phase::Stable | Phase::Preparing(_))
            && let Some(member) = group.members.get(&request.member_id)
        {
            outcome.timers.push(session_timer(now, &request.group_id, member));
        }
        outcome
    }

    pub(super) fn txn_commit(
        &self,
        now: Now,
        to: ReplyTo,
        request: &TxnOffsetCommitRequest,
        dialect: CommitDialect,
    ) -> Outcome<GroupMachine> {
        let refuse =
            |error| Outcome::reply(to, GroupReply::TxnOffsetCommit(txn_commit_error(request, error)));
        let committing = Committing {
            member_id: &request.member_id,
            instance_id: request.group_instance_id.as_deref(),
            generation_or_epoch: request.generation_id_or_member_epoch,
            kind: CommitKind::Transactional,
        };
        if let Err(error) = self.check_commit(&request.group_id, committing, dialect) {
            return refuse(error);
        }
        let producer = (ProducerId::new(request.producer_id), ProducerEpoch::new(request.producer_epoch));
        let (Some(producer_id), Some(producer_epoch)) = producer else {
            return refuse(ErrorCode::InvalidProducerIdMapping);
        };
        let committer = Committer {
            metadata_max: self.settings.offset_metadata_max,
            wall: now.wall,
            group_id: &request.group_id,
        };
        let (records, response) = committer.commit_in_transaction(request);
        let mut outcome = Outcome::reply(to, GroupReply::TxnOffsetCommit(response));
        outcome.events.extend(committed(records.len()));
        outcome.records = records;
        outcome.append = Append::Transactional(producer_id, producer_epoch);
        outcome
    }

    fn check_commit(
        &self,
        group_id: &str,
        committing: Committing<'_>,
        dialect: CommitDialect,
    ) -> Result<(), ErrorCode> {
        match self.group(group_id) {
            Some(Group::Classic(group)) => check_classic(group, committing),
            Some(Group::Modern(group)) => match group.group_type {
                GroupType::Share => Err(ErrorCode::GroupIdNotFound),
                GroupType::Classic | GroupType::Consumer | GroupType::Streams => {
                    let free = committing.generation_or_epoch < 0 && group.is_empty();
                    let outside = committing.kind == CommitKind::Transactional && committing.names_nobody();
                    if free || outside { Ok(()) } else { Err(ErrorCode::UnknownMemberId) }
                }
            },
            // Without a generation the committer needs no group; it gets a simple one.
            None if committing.generation_or_epoch < 0 => Ok(()),
            None => match dialect {
                CommitDialect::Generation => Err(ErrorCode::IllegalGeneration),
                CommitDialect::MemberEpoch => Err(ErrorCode::GroupIdNotFound),
            },
        }
    }

    pub(super) fn fetch(
        &self,
        to: ReplyTo,
        request: &OffsetFetchRequestGroup,
        stability: Stability,
    ) -> Outcome<GroupMachine> {
        let response = match self.group(&request.group_id) {
            None => no_offsets(request),
            Some(Group::Modern(group)) if group.group_type == GroupType::Share => no_offsets(request),
            Some(Group::Classic(_) | Group::Modern(_)) => self.offsets.fetch(request, stability),
        };
        Outcome::reply(to, GroupReply::OffsetFetch(response))
    }

    pub(super) fn delete_offsets(&self, to: ReplyTo, request: &OffsetDeleteRequest) -> Outcome<GroupMachine> {
        let refuse = |error: ErrorCode| {
            let response =
                OffsetDeleteResponse { error_code: error.code(), ..OffsetDeleteResponse::default() };
            Outcome::reply(to, GroupReply::OffsetDelete(response))
        };
        let Some(group) = self.group(&request.group_id) else { return refuse(ErrorCode::GroupIdNotFound) };
        if let Err(error) = group.check_offset_delete() {
            return refuse(error);
        }
        let mut records = Vec::new();
        let mut response = OffsetDeleteResponse::default();
        for topic in &request.topics {
            let in_use =
                if group.is_subscribed_to(&topic.name) { TopicUse::Subscribed } else { TopicUse::Free };
            response.topics.push(self.offsets.delete_of_topic(request, topic, in_use, &mut records));
        }
        let mut outcome = Outcome::reply(to, GroupReply::OffsetDelete(response));
        outcome.events.push(GroupEvent::OffsetsDeleted(records.len()));
        outcome.records = records;
        outcome
    }
}

impl Group {
    /// Whether members consume `topic`, so that its offsets are in use.
    pub(super) fn is_subscribed_to(&self, topic: &str) -> bool {
        match self {
            Group::Classic(group) => group.is_subscribed_to(topic),
            // Its members are not looked at: with any, every topic may be in use.
            Group::Modern(group) => !group.is_empty(),
        }
    }

    fn check_offset_delete(&self) -> Result<(), ErrorCode> {
        match self {
            // Who knows what connectors and the like do with their offsets.
            Group::Classic(group) if !group.is_empty() && !group.is_consumers() => {
                Err(ErrorCode::NonEmptyGroup)
            }
            Group::Modern(group) if group.group_type == GroupType::Share => Err(ErrorCode::GroupIdNotFound),
            Group::Classic(_) | Group::Modern(_) => Ok(()),
        }
    }
}

impl Committing<'_> {
    fn names_nobody(&self) -> bool {
        self.generation_or_epoch < 0 && self.member_id.is_empty() && self.instance_id.is_none()
    }
}

fn check_classic(group: &Arc<ClassicGroup>, committing: Committing<'_>) -> Result<(), ErrorCode> {
    if committing.generation_or_epoch < 0 && group.is_empty() {
        return Ok(());
    }
    if !committing.names_nobody() {
        group.check_member(committing.member_id, committing.instance_id)?;
        if committing.generation_or_epoch != group.generation {
            return Err(ErrorCode::IllegalGeneration);
        }
    } else if committing.kind == CommitKind::Plain {
        return Err(ErrorCode::UnknownMemberId);
    }
    // Between generations a commit could be of a partition that has a new owner. A transaction is
    // fenced by other means.
    if committing.kind == CommitKind::Plain && group.phase == Phase::Completing {
        return Err(ErrorCode::RebalanceInProgress);
    }
    Ok(())
}

fn committed(offsets: usize) -> Option<GroupEvent> {
    (offsets > 0).then_some(GroupEvent::OffsetsCommitted(offsets))
}
