//! DeleteGroups, and offsets of deleted topics.

use klamm_protocol::{ErrorCode, Str};

use super::offsets::DeletedTopic;
use super::record::GroupRecord;
use super::reply::delete_result;
use super::{Group, GroupEvent, GroupMachine, GroupReply, GroupTimer};
use crate::machine::{Append, Outcome, ReplyTo, TimerChange};

impl GroupMachine {
    /// Deletes what can be deleted, in one batch; each group has its own error.
    pub(super) fn delete_groups(&self, to: ReplyTo, ids: &[Str]) -> Outcome<GroupMachine> {
        let mut outcome = Outcome::default();
        let mut results = Vec::with_capacity(ids.len());
        for id in ids {
            let error = match self.group(id) {
                None => ErrorCode::GroupIdNotFound,
                Some(group) if !group.is_empty() => ErrorCode::NonEmptyGroup,
                Some(group) => {
                    let deleted = self.offsets.delete_of_group(id, &mut outcome.records);
                    outcome.events.push(GroupEvent::OffsetsDeleted(deleted));
                    delete_group(id, group, &mut outcome);
                    ErrorCode::None
                }
            };
            results.push(delete_result(id, error));
        }
        outcome.replies.push((to, GroupReply::Delete(results)));
        outcome
    }

    pub(super) fn delete_of_topics(&self, topics: &[DeletedTopic]) -> Outcome<GroupMachine> {
        let records = self.offsets.delete_of_topics(topics);
        let events = vec![GroupEvent::OffsetsDeleted(records.len())];
        Outcome { records, append: Append::ManyBatches, events, ..Outcome::default() }
    }
}

/// Tombstones of an empty group, and the end of its timers. Who was given an id and has not come back
/// with it will learn that it is unknown.
pub(super) fn delete_group(id: &Str, group: &Group, outcome: &mut Outcome<GroupMachine>) {
    let group_id = id.detached();
    match group {
        Group::Classic(group) => {
            outcome.records.push(GroupRecord::group_tombstone(&group_id));
            for member in &group.pending_join {
                let timer = GroupTimer::Heartbeat { group: group_id.clone(), member: member.clone() };
                outcome.timers.push(TimerChange::Cancel(timer));
            }
        }
        Group::Modern(group) => outcome.records.extend(group.tombstones(&group_id)),
    }
    outcome.events.push(GroupEvent::GroupDeleted { group: group_id });
}
