//! Expiry of offsets (KIP-211, KIP-496): what nobody has needed for the retention time is deleted.

use std::time::Duration;

use klamm_model::Timestamp;
use klamm_protocol::Str;

use super::{CommittedOffset, Offsets};
use crate::group::record::GroupRecord;

/// From when the retention time of an offset runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetentionStart {
    /// From its commit: simple groups, topics a group has left, newer group protocols.
    Commit,
    /// From when the group became empty; from its commit where the log does not say.
    GroupEmpty(Option<Timestamp>),
    /// Not at all: the group is in use and nobody knows which topics.
    Never,
}

/// Whether anything keeps the group besides its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remaining {
    Nothing,
    Something,
}

impl Offsets {
    /// Tombstones for the expired offsets of a group, and whether any offset remains.
    pub(crate) fn expire(
        &self,
        group: &Str,
        rule: &ExpiryRule<'_>,
        records: &mut Vec<GroupRecord>,
    ) -> Remaining {
        let mut remaining = if self.has_pending(group) { Remaining::Something } else { Remaining::Nothing };
        for (topic, partitions) in self.of_group(group).into_iter().flatten() {
            for (partition, offset) in partitions {
                if rule.is_expired(topic, offset) && !self.is_pending(group, topic, *partition) {
                    records.push(GroupRecord::offset_tombstone(group, topic, *partition));
                } else {
                    remaining = Remaining::Something;
                }
            }
        }
        remaining
    }
}

/// When an offset of one group is expired.
pub(crate) struct ExpiryRule<'a> {
    pub start: RetentionStart,
    pub retention: Duration,
    pub wall: Timestamp,
    /// Whether the group consumes a topic; such offsets stay.
    pub in_use: &'a dyn Fn(&str) -> bool,
}

impl ExpiryRule<'_> {
    fn is_expired(&self, topic: &str, offset: &CommittedOffset) -> bool {
        let since = match self.start {
            RetentionStart::Never => return false,
            RetentionStart::Commit | RetentionStart::GroupEmpty(None) => offset.committed_at,
            RetentionStart::GroupEmpty(Some(emptied)) => emptied,
        };
        if (self.in_use)(topic) {
            return false;
        }
        let age = self.wall.as_millis().saturating_sub(since.as_millis());
        match offset.expires_at {
            Some(at) => self.wall >= at,
            None => i128::from(age) >= self.retention.as_millis().cast_signed(),
        }
    }
}
