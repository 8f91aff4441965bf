//! Ranges of each topic's partitions (Kafka: `RangeAssignor`), near the members where racks matter (KIP-881).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use klamm_model::TopicPartition;

use super::{Assignments, Assignor, ReplicaRacks, Subscriptions, TopicLayout, by_identity, racks_matter};

/// Each topic is cut into one range per member that subscribes to it, the first ones longer by one where it
/// does not come out even. Members that subscribe to the same topics get the same numbers of each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Range;

impl Assignor for Range {
    fn name(&self) -> &'static str {
        "range"
    }

    fn assign(&self, topics: &TopicLayout, members: &Subscriptions) -> Assignments {
        let order = by_identity(members);
        let mut shares: Vec<Share<'_>> = topics
            .iter()
            .filter(|(_, partitions)| !partitions.is_empty())
            .map(|(topic, partitions)| Share::new(topic, partitions, &order, members))
            .collect();
        let mut assignments: Assignments = members.keys().map(|id| (Arc::clone(id), Vec::new())).collect();
        let near = shares.iter().any(|share| share.racks_matter);
        if near {
            match_racks(&mut shares, &mut assignments);
        }
        for share in &mut shares {
            share.deal(&mut assignments, |_, _, _| true);
        }
        if near {
            assignments.values_mut().for_each(|list| list.sort());
        }
        assignments
    }
}

/// A member that subscribes to a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Taker<'a> {
    id: &'a Arc<str>,
    rack: Option<&'a Arc<str>>,
    /// Partitions of this topic it has.
    taken: usize,
}

/// One topic on its way to its members.
struct Share<'a> {
    topic: &'a Arc<str>,
    partitions: &'a [ReplicaRacks],
    takers: Vec<Taker<'a>>,
    unassigned: BTreeSet<i32>,
    /// Partitions that each member gets at least.
    quota: usize,
    /// Members that still may get one more.
    extra: usize,
    /// Some member of the topic told its rack.
    racks_known: bool,
    racks_matter: bool,
}

impl<'a> Share<'a> {
    fn new(
        topic: &'a Arc<str>,
        partitions: &'a [ReplicaRacks],
        order: &[&'a Arc<str>],
        members: &'a Subscriptions,
    ) -> Share<'a> {
        let takers: Vec<Taker<'a>> = order
            .iter()
            .filter(|id| members[**id].topics.contains(topic))
            .map(|id| Taker { id, rack: members[*id].rack.as_ref(), taken: 0 })
            .collect();
        let racks: BTreeSet<Arc<str>> = takers.iter().filter_map(|taker| taker.rack.cloned()).collect();
        Share {
            topic,
            partitions,
            unassigned: (0..partitions.len() as i32).collect(),
            quota: partitions.len().checked_div(takers.len()).unwrap_or(0),
            extra: partitions.len().checked_rem(takers.len()).unwrap_or(0),
            racks_known: !racks.is_empty(),
            racks_matter: racks_matter(&racks, partitions.iter()),
            takers,
        }
    }

    fn room(&self, taker: &Taker<'_>) -> usize {
        (self.quota + usize::from(self.extra > 0)).saturating_sub(taker.taken)
    }

    /// A member without rack is near to everything.
    fn is_near(&self, taker: &Taker<'_>, partition: i32) -> bool {
        let racks = self.partitions.get(partition as usize).filter(|_| self.racks_known);
        taker.rack.is_none_or(|rack| racks.is_some_and(|racks| racks.contains(rack)))
    }

    fn give(&mut self, taker: usize, partitions: &[i32], assignments: &mut Assignments) {
        let taker = &mut self.takers[taker];
        taker.taken += partitions.len();
        if taker.taken > self.quota {
            self.extra = self.extra.saturating_sub(1);
        }
        let list = assignments.entry(Arc::clone(taker.id)).or_default();
        for partition in partitions {
            self.unassigned.remove(partition);
            list.push(TopicPartition::new(Arc::clone(self.topic), *partition));
        }
    }

    /// Gives each member what it has room for, of the partitions it may have.
    fn deal(&mut self, assignments: &mut Assignments, may: impl Fn(&Share<'a>, &Taker<'a>, i32) -> bool) {
        for index in 0..self.takers.len() {
            let taker = &self.takers[index];
            let able = self.unassigned.iter().copied().filter(|partition| may(self, taker, *partition));
            let partitions: Vec<i32> = able.take(self.room(taker)).collect();
            if !partitions.is_empty() {
                self.give(index, &partitions, assignments);
            }
        }
    }
}

/// First pass: only what is near. Topics with the same members and the same count of partitions stay together.
fn match_racks(shares: &mut [Share<'_>], assignments: &mut Assignments) {
    type Alike<'a> = (BTreeMap<Arc<str>, Option<Arc<str>>>, usize);
    let mut groups: BTreeMap<Alike<'_>, Vec<usize>> = BTreeMap::new();
    for (index, share) in shares.iter().enumerate() {
        let takers = share.takers.iter().map(|taker| (Arc::clone(taker.id), taker.rack.cloned()));
        let count = if share.racks_known { share.partitions.len() } else { 0 };
        groups.entry((takers.collect(), count)).or_default().push(index);
    }
    for ((_, count), group) in groups {
        match group[..] {
            [single] => {
                if shares[single].racks_matter {
                    shares[single].deal(assignments, Share::is_near);
                }
            }
            _ => match_co_partitioned(shares, &group, count as i32, assignments),
        }
    }
}

/// Gives the same number of all topics of `group` to one member that is near to all of them.
fn match_co_partitioned(
    shares: &mut [Share<'_>],
    group: &[usize],
    count: i32,
    assignments: &mut Assignments,
) {
    let takers = group.first().map_or(0, |first| shares[*first].takers.len());
    let mut remaining: Vec<usize> = (0..takers).collect();
    for partition in 0..count {
        let able = |taker: usize| {
            group.iter().map(|index| &shares[*index]).all(|share| {
                let taker = &share.takers[taker];
                share.is_near(taker, partition) && share.room(taker) > 0
            })
        };
        let Some(place) = remaining.iter().position(|taker| able(*taker)) else { continue };
        let taker = remaining[place];
        for index in group {
            shares[*index].give(taker, &[partition], assignments);
        }
        let is_full =
            group.iter().map(|index| &shares[*index]).all(|share| share.room(&share.takers[taker]) == 0);
        if is_full {
            remaining.remove(place);
        }
        if remaining.is_empty() {
            break;
        }
    }
}
