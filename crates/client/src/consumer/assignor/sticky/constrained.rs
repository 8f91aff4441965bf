//! The assignment where all members subscribe to the same topics: each gets the quota or one more.
//!
//! 1. Members keep what they had, up to their quota, as long as enough members may have one more.
//! 2. What nobody has is dealt out: first to near members where racks matter, then in turns to those below the
//!    quota, then one more to those that have exactly the quota.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use klamm_model::TopicPartition;

use super::super::{Assignments, TopicLayout};
use super::Moved;
use super::ownership::Claims;
use super::racks::Racks;

/// Shares out all of `topics`; also says which partitions change hands.
pub(super) fn assign(topics: &TopicLayout, racks: Racks<'_>, claims: Claims) -> (Assignments, Moved) {
    let total: usize = topics.values().map(Vec::len).sum();
    let members = claims.owned.len();
    let mut builder = Builder {
        racks,
        quota: total / members,
        most: total.div_ceil(members),
        may_exceed: total % members,
        exceed: 0,
        below: Vec::new(),
        at_quota: VecDeque::new(),
        given_up: BTreeMap::new(),
        assignments: claims.owned.keys().map(|id| (Arc::clone(id), Vec::new())).collect(),
        moved: Moved::new(),
        claims,
    };
    let mut unassigned = builder.keep(topics);
    builder.below.sort();
    builder.at_quota.make_contiguous().sort();
    builder.racks.sort_by_crowd(&mut unassigned);
    if builder.racks.matter() {
        builder.deal_near(&mut unassigned);
    }
    builder.deal(&unassigned);
    (builder.assignments, builder.moved)
}

struct Builder<'a> {
    racks: Racks<'a>,
    claims: Claims,
    /// What every member gets at least.
    quota: usize,
    /// What a member gets at most.
    most: usize,
    /// Members that get more than the quota, in the end.
    may_exceed: usize,
    /// Those that have more already.
    exceed: usize,
    below: Vec<Arc<str>>,
    at_quota: VecDeque<Arc<str>>,
    given_up: BTreeMap<TopicPartition, Arc<str>>,
    assignments: Assignments,
    moved: Moved,
}

impl Builder<'_> {
    /// Step 1. What is left over, by topic and number.
    fn keep(&mut self, topics: &TopicLayout) -> Vec<TopicPartition> {
        let mut left: std::collections::BTreeSet<TopicPartition> = topics
            .iter()
            .flat_map(|(topic, partitions)| {
                (0..partitions.len()).map(move |at| TopicPartition::new(Arc::clone(topic), at as i32))
            })
            .collect();
        let owned = std::mem::take(&mut self.claims.owned);
        for (id, partitions) in &owned {
            let mut kept = Vec::with_capacity(partitions.len());
            for at in partitions {
                if self.racks.mismatch(id, at) {
                    self.given_up.insert(at.clone(), Arc::clone(id));
                } else if !self.claims.disputed.contains(at) {
                    kept.push(at.clone());
                }
            }
            kept.sort_by(|a, b| (a.partition, &a.topic).cmp(&(b.partition, &b.topic)));
            let keep = self.limit(id, kept.len());
            for at in kept.split_off(keep.min(kept.len())) {
                self.given_up.insert(at, Arc::clone(id));
            }
            for at in &kept {
                left.remove(at);
            }
            self.assignments.insert(Arc::clone(id), kept);
        }
        left.into_iter().collect()
    }

    /// How many of its `count` partitions a member keeps; notes where it stands then.
    fn limit(&mut self, id: &Arc<str>, count: usize) -> usize {
        if count < self.quota {
            self.below.push(Arc::clone(id));
            return count;
        }
        if count >= self.most && self.exceed < self.may_exceed {
            self.count_exceeding();
            return self.most;
        }
        if self.exceed < self.may_exceed {
            self.at_quota.push_back(Arc::clone(id));
        }
        self.quota
    }

    fn count_exceeding(&mut self) {
        self.exceed += 1;
        if self.exceed == self.may_exceed {
            self.at_quota.clear();
        }
    }

    /// Step 2, near members only; what they take leaves `unassigned`.
    fn deal_near(&mut self, unassigned: &mut Vec<TopicPartition>) {
        let mut next = 0;
        let mut far = Vec::new();
        for at in std::mem::take(unassigned) {
            if let Some(place) = self.racks.next_near(&at, &self.below, next) {
                let id = Arc::clone(&self.below[place]);
                let count = self.give(&at, &id);
                let mut after = place + 1;
                if count >= self.quota {
                    self.below.remove(place);
                    after = place;
                    if count < self.most && self.exceed < self.may_exceed {
                        self.at_quota.push_back(id);
                    }
                }
                next = after.checked_rem(self.below.len()).unwrap_or(0);
                continue;
            }
            match self.racks.next_near(&at, self.at_quota.make_contiguous(), 0) {
                Some(place) => {
                    let id = Arc::clone(&self.at_quota[place]);
                    if self.give(&at, &id) == self.most {
                        self.at_quota.remove(place);
                        self.count_exceeding();
                    }
                }
                None => far.push(at),
            }
        }
        *unassigned = far;
    }

    /// Step 2, in turns.
    fn deal(&mut self, unassigned: &[TopicPartition]) {
        let mut turn = 0;
        for at in unassigned {
            if turn >= self.below.len() {
                turn = 0;
            }
            let Some(id) = self.below.get(turn).cloned().or_else(|| self.at_quota.pop_front()) else {
                // The quotas add up to all partitions.
                debug_assert!(false, "no member has room for {at}");
                return;
            };
            let is_below = turn < self.below.len();
            let count = self.give(at, &id);
            if is_below && count == self.quota {
                self.below.remove(turn);
                self.at_quota.push_back(id);
            } else if is_below {
                turn += 1;
            }
        }
    }

    /// Gives one partition; how many the member has then.
    fn give(&mut self, at: &TopicPartition, id: &Arc<str>) -> usize {
        let from_another = self.given_up.get(at).is_some_and(|before| before != id);
        if from_another || self.claims.disputed.contains(at) {
            self.moved.insert(at.clone(), Arc::clone(id));
        }
        let list = self.assignments.entry(Arc::clone(id)).or_default();
        list.push(at.clone());
        list.len()
    }
}
