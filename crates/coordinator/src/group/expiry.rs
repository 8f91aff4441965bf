//! The search for offsets and groups that nobody needs, a bounded number of groups at a time.

use std::ops::Bound;

use klamm_protocol::Str;

use super::delete::delete_group;
use super::offsets::{ExpiryRule, Remaining, RetentionStart};
use super::{Group, GroupEvent, GroupMachine, GroupSoft, GroupTimer, GroupType};
use crate::machine::{Append, Now, Outcome, TimerChange};

/// Groups looked at in one step: a partition with very many must not hold up its commits.
const GROUPS_PER_STEP: usize = 500;

impl GroupMachine {
    /// Looks at the next groups. When all were looked at, the next search waits for the interval.
    pub(super) fn expire(&self, now: Now) -> Outcome<GroupMachine> {
        let mut outcome = Outcome { append: Append::ManyBatches, ..Outcome::default() };
        let from = match &self.expiry_cursor {
            Some(last) => Bound::Excluded(last.clone()),
            None => Bound::Unbounded,
        };
        let groups = self.groups.range::<Str, _>((from, Bound::Unbounded)).take(GROUPS_PER_STEP);
        let (mut looked_at, mut last) = (0, None);
        for (id, group) in groups {
            self.expire_group(now, id, group, &mut outcome);
            looked_at += 1;
            last = Some(id.clone());
        }
        let goes_on = looked_at == GROUPS_PER_STEP;
        outcome.soft.push(GroupSoft::ExpiryCursor(last.filter(|_| goes_on)));
        outcome.timers.push(match goes_on {
            true => TimerChange::Set(GroupTimer::Expiry, now.instant),
            false => self.next_expiry(now),
        });
        outcome
    }

    /// When the next search begins.
    pub(super) fn next_expiry(&self, now: Now) -> TimerChange<GroupTimer> {
        TimerChange::Set(
            GroupTimer::Expiry,
            now.instant.after(self.settings.offsets_retention_check_interval),
        )
    }

    fn expire_group(&self, now: Now, id: &Str, group: &Group, outcome: &mut Outcome<GroupMachine>) {
        let rule = ExpiryRule {
            start: group.retention_start(),
            retention: self.settings.offsets_retention,
            wall: now.wall,
            in_use: &|topic| group.is_subscribed_to(topic),
        };
        let before = outcome.records.len();
        let remaining = self.offsets.expire(id, &rule, &mut outcome.records);
        let expired = outcome.records.len() - before;
        if expired > 0 {
            outcome.events.push(GroupEvent::OffsetsExpired(expired));
        }
        if remaining == Remaining::Nothing && group.is_empty() && group.may_expire() {
            delete_group(id, group, outcome);
        }
    }
}

impl Group {
    fn retention_start(&self) -> RetentionStart {
        match self {
            Group::Classic(group) if group.protocol_type.is_none() => RetentionStart::Commit,
            Group::Classic(group) if group.is_empty() => RetentionStart::GroupEmpty(group.since),
            // Topics the members no longer consume; those they do consume are in use.
            Group::Classic(group) if group.is_settled_consumers() => RetentionStart::Commit,
            Group::Classic(_) => RetentionStart::Never,
            Group::Modern(_) => RetentionStart::Commit,
        }
    }

    /// A share group's state is not in this log alone, so it goes on request only.
    fn may_expire(&self) -> bool {
        match self {
            Group::Classic(_) => true,
            Group::Modern(group) => group.group_type != GroupType::Share,
        }
    }
}
