//! Where members and replicas stand, as far as it matters for the assignment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use klamm_model::TopicPartition;

use super::super::{ReplicaRacks, Subscriptions, TopicLayout, racks_matter};

/// Racks of members and partitions; empty where they make no difference.
pub(super) struct Racks<'a> {
    members: BTreeMap<&'a Arc<str>, &'a Arc<str>>,
    topics: &'a TopicLayout,
    /// Members per rack, where any member told one, even if racks make no difference.
    crowd: BTreeMap<&'a Arc<str>, usize>,
}

impl<'a> Racks<'a> {
    pub(super) fn new(topics: &'a TopicLayout, subscriptions: &'a Subscriptions) -> Racks<'a> {
        let mut members = BTreeMap::new();
        let mut crowd: BTreeMap<&Arc<str>, usize> = BTreeMap::new();
        for (id, subscription) in subscriptions {
            if let Some(rack) = &subscription.rack {
                members.insert(id, rack);
                *crowd.entry(rack).or_default() += 1;
            }
        }
        let known: BTreeSet<Arc<str>> = crowd.keys().map(|rack| Arc::clone(rack)).collect();
        if !racks_matter(&known, topics.values().flatten()) {
            members.clear();
        }
        Racks { members, topics, crowd }
    }

    /// Whether racks make a difference.
    pub(super) fn matter(&self) -> bool {
        !self.members.is_empty()
    }

    pub(super) fn of_member(&self, id: &Arc<str>) -> Option<&'a Arc<str>> {
        self.members.get(id).copied()
    }

    pub(super) fn of_partition(&self, at: &TopicPartition) -> Option<&'a ReplicaRacks> {
        self.topics.get(&at.topic)?.get(usize::try_from(at.partition).ok()?)
    }

    /// Whether the member has a rack, and no replica of the partition stands there.
    pub(super) fn mismatch(&self, id: &Arc<str>, at: &TopicPartition) -> bool {
        self.of_member(id)
            .is_some_and(|rack| !self.of_partition(at).is_some_and(|racks| racks.contains(rack)))
    }

    /// Partitions that few members are near to come first; otherwise the order stays.
    pub(super) fn sort_by_crowd(&self, partitions: &mut [TopicPartition]) {
        if self.crowd.is_empty() {
            return;
        }
        partitions.sort_by_key(|at| {
            let racks = self.of_partition(at).into_iter().flatten();
            racks.map(|rack| self.crowd.get(rack).copied().unwrap_or(0)).sum::<usize>()
        });
    }

    /// The place of the first member near to the partition, from `first` on and round.
    pub(super) fn next_near(&self, at: &TopicPartition, members: &[Arc<str>], first: usize) -> Option<usize> {
        let racks = self.of_partition(at)?;
        (0..members.len())
            .map(|step| (first + step) % members.len())
            .find(|place| self.of_member(&members[*place]).is_some_and(|rack| racks.contains(rack)))
    }
}
