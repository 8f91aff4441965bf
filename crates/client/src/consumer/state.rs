//! What a consumer reads: its subscription, its partitions, and how far each one is (Kafka:
//! `SubscriptionState`). Pure: no clock, no network.
//!
//! ```text
//!             +--> Resetting(where) --+
//! Unknown ----+                       +--> Fetching(position) <--> Validating(position)
//!             +--> (committed) -------+
//! ```
//!
//! A partition that is assigned or sought gets a new stamp; answers that come with an older one are dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use klamm_model::{Instant, LeaderEpoch, Offset, Timestamp, TopicPartition};

use super::pattern::TopicPattern;

/// What was subscribed to.
#[derive(Clone, Debug, Default)]
pub(super) enum Subscription {
    /// Nothing yet.
    #[default]
    Nothing,
    /// Topics by name.
    Topics(BTreeSet<Arc<str>>),
    /// Topics whose whole name matches; those that did at the last look.
    Pattern(TopicPattern, BTreeSet<Arc<str>>),
    /// Partitions, assigned by hand.
    ByHand,
}

/// A place in a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    /// The next offset to read.
    pub(super) offset: Offset,
    /// The leader epoch of the record before, where it is known.
    pub(super) epoch: Option<LeaderEpoch>,
}

/// A place to be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResetTo {
    Earliest,
    Latest,
    /// The first record of this time or later; the end where there is none.
    Since(Timestamp),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Where to begin is not known.
    Unknown,
    /// Where to begin is asked for.
    Resetting(ResetTo),
    /// Reading waits until the new leader confirms that its log has this place.
    Validating(Position),
    /// Reading.
    Fetching(Position),
}

/// One partition that is read.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    pub(super) phase: Phase,
    pub(super) stamp: u64,
    pub(super) paused: bool,
    /// Given to another member: not read any more, until the rebalance says so.
    pub(super) being_revoked: bool,
    /// A question about it is on its way.
    pub(super) asked: bool,
    /// No question before this time.
    pub(super) retry_at: Instant,
    /// It waits for a leader, no longer than until `retry_at`.
    pub(super) leaderless: bool,
    /// The leader epoch of the metadata that the position was checked against.
    pub(super) checked_epoch: Option<LeaderEpoch>,
    pub(super) high_watermark: Option<Offset>,
    pub(super) last_stable: Option<Offset>,
    pub(super) log_start: Option<Offset>,
    /// A follower that stands nearer than the leader, and until when to believe that.
    pub(super) preferred: Option<(i32, Instant)>,
}

impl Partition {
    fn new(stamp: u64) -> Partition {
        Partition {
            phase: Phase::Unknown,
            stamp,
            paused: false,
            being_revoked: false,
            asked: false,
            retry_at: Instant::ZERO,
            leaderless: false,
            checked_epoch: None,
            high_watermark: None,
            last_stable: None,
            log_start: None,
            preferred: None,
        }
    }

    /// Where reading goes on, once that is known.
    pub(super) fn position(&self) -> Option<Position> {
        match self.phase {
            Phase::Validating(position) | Phase::Fetching(position) => Some(position),
            Phase::Unknown | Phase::Resetting(_) => None,
        }
    }

    /// The place to fetch from now, if it may be fetched.
    pub(super) fn fetchable(&self) -> Option<Position> {
        match self.phase {
            Phase::Fetching(position) if !self.paused && !self.being_revoked => Some(position),
            Phase::Fetching(_) | Phase::Unknown | Phase::Resetting(_) | Phase::Validating(_) => None,
        }
    }

    /// Whether a question about it may be asked at `now`.
    pub(super) fn may_ask(&self, now: Instant) -> bool {
        !self.asked && !self.being_revoked && self.retry_at <= now
    }
}

/// All that is read.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) subscription: Subscription,
    partitions: BTreeMap<TopicPartition, Partition>,
    next_stamp: u64,
}

impl State {
    /// Whether a group assigns the partitions.
    pub(super) fn is_subscribed(&self) -> bool {
        matches!(self.subscription, Subscription::Topics(_) | Subscription::Pattern(..))
    }

    /// The topics subscribed to; a pattern's as far as they are known.
    pub(super) fn topics(&self) -> Option<&BTreeSet<Arc<str>>> {
        match &self.subscription {
            Subscription::Topics(topics) | Subscription::Pattern(_, topics) => Some(topics),
            Subscription::Nothing | Subscription::ByHand => None,
        }
    }

    /// The topics to know about: those subscribed to, or those of the partitions.
    pub(super) fn topics_of_interest(&self) -> BTreeSet<Arc<str>> {
        let assigned = self.partitions.keys().map(|at| Arc::clone(&at.topic));
        assigned.chain(self.topics().into_iter().flatten().cloned()).collect()
    }

    /// Lets the pattern match `names`; true where that changes the topics.
    pub(super) fn match_topics<'n>(&mut self, names: impl Iterator<Item = &'n Arc<str>>) -> bool {
        let Subscription::Pattern(pattern, topics) = &mut self.subscription else { return false };
        let matched: BTreeSet<Arc<str>> = names.filter(|name| pattern.matches(name)).cloned().collect();
        let changed = *topics != matched;
        *topics = matched;
        changed
    }

    pub(super) fn partitions(&self) -> impl Iterator<Item = (&TopicPartition, &Partition)> {
        self.partitions.iter()
    }

    pub(super) fn partitions_mut(&mut self) -> impl Iterator<Item = (&TopicPartition, &mut Partition)> {
        self.partitions.iter_mut()
    }

    pub(super) fn assigned(&self) -> BTreeSet<TopicPartition> {
        self.partitions.keys().cloned().collect()
    }

    pub(super) fn get(&self, at: &TopicPartition) -> Option<&Partition> {
        self.partitions.get(at)
    }

    pub(super) fn get_mut(&mut self, at: &TopicPartition) -> Option<&mut Partition> {
        self.partitions.get_mut(at)
    }

    /// The partition, if it is still the one that `stamp` was given to.
    pub(super) fn stamped(&mut self, at: &TopicPartition, stamp: u64) -> Option<&mut Partition> {
        self.partitions.get_mut(at).filter(|partition| partition.stamp == stamp)
    }

    /// Reads `assigned` from now on. What was read before keeps its place.
    pub(super) fn assign(&mut self, assigned: impl IntoIterator<Item = TopicPartition>) {
        let mut before = std::mem::take(&mut self.partitions);
        for at in assigned {
            let partition = before.remove(&at).unwrap_or_else(|| Partition::new(self.stamp()));
            self.partitions.insert(at, Partition { being_revoked: false, ..partition });
        }
    }

    fn stamp(&mut self) -> u64 {
        self.next_stamp += 1;
        self.next_stamp
    }

    /// Ends the wait of the partitions that have a leader now.
    pub(super) fn ask_at_once(&mut self, has_leader: impl Fn(&TopicPartition) -> bool) {
        for (at, partition) in self.partitions.iter_mut().filter(|(_, partition)| partition.leaderless) {
            if has_leader(at) {
                partition.leaderless = false;
                partition.retry_at = Instant::ZERO;
            }
        }
    }

    /// Goes on at `phase`, whatever was under way; false where the partition is not assigned.
    pub(super) fn go_to(&mut self, at: &TopicPartition, phase: Phase) -> bool {
        let stamp = self.stamp();
        let Some(partition) = self.partitions.get_mut(at) else { return false };
        partition.phase = phase;
        partition.stamp = stamp;
        partition.asked = false;
        partition.retry_at = Instant::ZERO;
        partition.leaderless = false;
        partition.preferred = None;
        true
    }

    /// Moves the positions on whose leader changed to `epoch` into validation, where they have an epoch to be
    /// checked; the others go on with the new leader.
    pub(super) fn check_leader(&mut self, at: &TopicPartition, epoch: Option<LeaderEpoch>) {
        let Some(partition) = self.partitions.get_mut(at) else { return };
        let (Phase::Fetching(position), Some(epoch)) = (partition.phase, epoch) else { return };
        let is_new = partition.checked_epoch.is_none_or(|checked| checked < epoch);
        if !is_new {
            return;
        }
        if position.epoch.is_some() && partition.checked_epoch.is_some() {
            partition.phase = Phase::Validating(position);
            partition.preferred = None;
        } else {
            partition.checked_epoch = Some(epoch);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(partition: i32) -> TopicPartition {
        TopicPartition::new("t", partition)
    }

    fn position(offset: i64, epoch: Option<i32>) -> Position {
        Position { offset: Offset::at(offset), epoch: epoch.map(LeaderEpoch::at) }
    }

    #[test]
    fn an_assignment_keeps_the_place_of_what_stays_and_forgets_what_goes() {
        let mut state = State::default();
        state.assign([at(0), at(1)]);
        assert!(state.go_to(&at(1), Phase::Fetching(position(5, None))));
        state.get_mut(&at(1)).unwrap().paused = true;
        state.assign([at(1), at(2)]);
        assert_eq!(state.assigned(), BTreeSet::from([at(1), at(2)]));
        let kept = state.get(&at(1)).unwrap();
        assert_eq!((kept.position(), kept.fetchable()), (Some(position(5, None)), None), "paused");
        assert!(!state.go_to(&at(0), Phase::Unknown));
    }

    #[test]
    fn an_answer_to_what_was_asked_before_a_seek_is_dropped() {
        let mut state = State::default();
        state.assign([at(0)]);
        let stamp = state.get(&at(0)).unwrap().stamp;
        assert!(state.stamped(&at(0), stamp).is_some());
        state.go_to(&at(0), Phase::Fetching(position(9, None)));
        assert!(state.stamped(&at(0), stamp).is_none());
    }

    #[test]
    fn a_new_leader_confirms_the_place_before_reading_goes_on() {
        let mut state = State::default();
        state.assign([at(0), at(1)]);
        state.go_to(&at(0), Phase::Fetching(position(7, Some(1))));
        state.go_to(&at(1), Phase::Fetching(position(7, None)));
        for epoch in [1, 2] {
            state.check_leader(&at(0), Some(LeaderEpoch::at(epoch)));
            state.check_leader(&at(1), Some(LeaderEpoch::at(epoch)));
        }
        assert_eq!(state.get(&at(0)).unwrap().phase, Phase::Validating(position(7, Some(1))));
        assert_eq!(state.get(&at(1)).unwrap().phase, Phase::Fetching(position(7, None)));
    }

    #[test]
    fn a_pattern_matches_whole_names() {
        let subscription = Subscription::Pattern(TopicPattern::new("a.|b").unwrap(), BTreeSet::new());
        let mut state = State { subscription, ..State::default() };
        let names: Vec<Arc<str>> = ["ab", "abc", "b", "cab"].map(Arc::from).to_vec();
        assert!(state.match_topics(names.iter()));
        assert!(!state.match_topics(names.iter()));
        let matched: Vec<&str> = state.topics().unwrap().iter().map(|name| &**name).collect();
        assert_eq!(matched, ["ab", "b"]);
    }
}
