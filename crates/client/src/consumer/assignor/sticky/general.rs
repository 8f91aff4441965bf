//! The assignment where members subscribe to different topics: what nobody has goes to the member with the
//! fewest, then partitions move one by one while that makes it more even, and never back and forth.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use klamm_model::TopicPartition;

use super::super::{Assignments, Subscriptions, TopicLayout};
use super::ownership::{Claims, NO_GENERATION};
use super::racks::Racks;

type Member = Arc<str>;

/// Shares out all of `topics` that somebody subscribes to.
pub(super) fn assign(
    topics: &TopicLayout,
    members: &Subscriptions,
    racks: Racks<'_>,
    claims: Claims,
) -> Assignments {
    let before = before(members, &claims);
    let mut balance = Balance::new(topics, members, racks);
    let (assigned, revoked) = balance.take_over(claims.owned, members);
    let mut all = balance.by_scarcity();
    let mut unassigned: Vec<TopicPartition> =
        all.iter().filter(|at| !assigned.contains(*at)).cloned().collect();
    let initializing = balance.current.values().all(Vec::is_empty);
    balance.place(&unassigned);

    // What only one member can have, and members that can neither gain nor lose, stand still.
    all.retain(|at| balance.is_contested(&at.topic));
    unassigned.retain(|at| balance.is_contested(&at.topic));
    let fixed = balance.take_fixed();
    let (placed, owners) = (balance.current.clone(), balance.owners.clone());
    if !revoked {
        balance.even_out(&unassigned, &before);
    }
    let moved = balance.even_out(&all, &before);
    if !initializing && moved && score(&balance.current) >= score(&placed) {
        balance.current = placed;
        balance.owners = owners;
    }
    balance.current.extend(fixed);
    balance.current
}

/// Who had a partition in a generation before the newest.
fn before(members: &Subscriptions, claims: &Claims) -> BTreeMap<TopicPartition, Member> {
    let mut found: BTreeMap<TopicPartition, (i32, Member)> = BTreeMap::new();
    for (id, claim) in members.keys().zip(&claims.made) {
        let generation = claim.generation.unwrap_or(NO_GENERATION);
        if generation >= claims.newest {
            continue;
        }
        for at in &claim.partitions {
            if found.get(at).is_none_or(|(known, _)| generation > *known) {
                found.insert(at.clone(), (generation, Arc::clone(id)));
            }
        }
    }
    found.into_iter().map(|(at, (_, id))| (at, id)).collect()
}

/// How uneven an assignment is: the sum of all differences between two members.
fn score(assignments: &Assignments) -> usize {
    let counts: Vec<usize> = assignments.values().map(Vec::len).collect();
    let pairs = counts
        .iter()
        .enumerate()
        .flat_map(|(at, count)| counts[at + 1..].iter().map(move |other| count.abs_diff(*other)));
    pairs.sum()
}

struct Balance<'a> {
    topics: &'a TopicLayout,
    racks: Racks<'a>,
    /// Who may have a topic's partitions.
    takers: BTreeMap<&'a Arc<str>, Vec<&'a Member>>,
    /// The topics a member may have.
    wanted: BTreeMap<&'a Member, Vec<&'a Arc<str>>>,
    current: Assignments,
    owners: BTreeMap<TopicPartition, Member>,
    /// Members that take part, by how many partitions they have.
    order: BTreeSet<(usize, Member)>,
    movements: Movements,
}

impl<'a> Balance<'a> {
    fn new(topics: &'a TopicLayout, members: &'a Subscriptions, racks: Racks<'a>) -> Balance<'a> {
        let mut takers: BTreeMap<&Arc<str>, Vec<&Member>> =
            topics.keys().map(|topic| (topic, Vec::new())).collect();
        let mut wanted: BTreeMap<&Member, Vec<&Arc<str>>> = BTreeMap::new();
        for (id, member) in members {
            let own = wanted.entry(id).or_default();
            for topic in &member.topics {
                if let Some((topic, _)) = topics.get_key_value(topic) {
                    own.push(topic);
                    takers.entry(topic).or_default().push(id);
                }
            }
        }
        Balance {
            topics,
            racks,
            takers,
            wanted,
            current: Assignments::new(),
            owners: BTreeMap::new(),
            order: BTreeSet::new(),
            movements: Movements::default(),
        }
    }

    /// Starts from what members had and may keep. Whether somebody had what it may not keep comes with it.
    fn take_over(
        &mut self,
        owned: BTreeMap<Member, Vec<TopicPartition>>,
        members: &Subscriptions,
    ) -> (BTreeSet<TopicPartition>, bool) {
        let mut assigned = BTreeSet::new();
        let mut revoked = false;
        for (id, mut partitions) in owned {
            partitions.retain(|at| {
                if !self.topics.contains_key(&at.topic) {
                    return false;
                }
                self.owners.insert(at.clone(), Arc::clone(&id));
                let keeps = members[&id].topics.contains(&at.topic) && !self.racks.mismatch(&id, at);
                revoked |= !keeps;
                keeps
            });
            assigned.extend(partitions.iter().cloned());
            self.order.insert((partitions.len(), Arc::clone(&id)));
            self.current.insert(id, partitions);
        }
        (assigned, revoked)
    }

    /// All partitions; topics that few members may have come first.
    fn by_scarcity(&self) -> Vec<TopicPartition> {
        let mut topics: Vec<&&Arc<str>> = self.takers.keys().collect();
        topics.sort_by_key(|topic| self.takers[**topic].len());
        let partitions = topics.into_iter().flat_map(|topic| {
            let count = self.topics[*topic].len();
            (0..count).map(|at| TopicPartition::new(Arc::clone(topic), at as i32))
        });
        partitions.collect()
    }

    fn count(&self, id: &Member) -> usize {
        self.current.get(id).map_or(0, Vec::len)
    }

    fn may_have(&self, id: &Member, topic: &Arc<str>) -> bool {
        self.wanted.get(id).is_some_and(|wanted| wanted.contains(&topic))
    }

    /// Gives what nobody has to the member with the fewest, near ones first.
    fn place(&mut self, unassigned: &[TopicPartition]) {
        let mut far = Vec::new();
        if self.racks.matter() {
            for at in unassigned {
                if !self.place_one(at, Near::Only) {
                    far.push(at.clone());
                }
            }
        } else {
            far.extend_from_slice(unassigned);
        }
        for at in &far {
            self.place_one(at, Near::OrFar);
        }
    }

    fn place_one(&mut self, at: &TopicPartition, near: Near) -> bool {
        let found = self.order.iter().find(|(_, id)| {
            self.may_have(id, &at.topic) && (near == Near::OrFar || !self.racks.mismatch(id, at))
        });
        let Some((count, id)) = found.cloned() else { return false };
        self.order.remove(&(count, Arc::clone(&id)));
        self.order.insert((count + 1, Arc::clone(&id)));
        self.current.entry(Arc::clone(&id)).or_default().push(at.clone());
        self.owners.insert(at.clone(), id);
        true
    }

    /// Whether more than one member may have the topic.
    fn is_contested(&self, topic: &Arc<str>) -> bool {
        self.takers.get(topic).is_some_and(|takers| takers.len() >= 2)
    }

    /// Partitions a member may have at most.
    fn most(&self, id: &Member) -> usize {
        self.wanted.get(id).map_or(0, |topics| topics.iter().map(|topic| self.topics[*topic].len()).sum())
    }

    /// Takes out the members that can neither gain nor lose.
    fn take_fixed(&mut self) -> Assignments {
        let is_fixed = |id: &&Member| {
            let list = self.current.get(*id);
            self.count(id) >= self.most(id)
                && !list.into_iter().flatten().any(|at| self.is_contested(&at.topic))
        };
        let fixed: Vec<Member> = self.current.keys().filter(is_fixed).cloned().collect();
        let mut taken = Assignments::new();
        for id in fixed {
            self.order.remove(&(self.count(&id), Arc::clone(&id)));
            if let Some(list) = self.current.remove(&id) {
                taken.insert(id, list);
            }
        }
        taken
    }

    /// Whether no member could take a partition from one that has at least two more.
    fn is_balanced(&self) -> bool {
        let (Some((least, _)), Some((most, _))) = (self.order.first(), self.order.last()) else {
            return true;
        };
        if least + 1 >= *most {
            return true;
        }
        self.order.iter().all(|(count, id)| {
            if *count == self.most(id) {
                return true;
            }
            let topics = self.wanted.get(id).into_iter().flatten();
            let mut candidates = topics.flat_map(|topic| {
                (0..self.topics[*topic].len()).map(|at| TopicPartition::new(Arc::clone(topic), at as i32))
            });
            candidates.all(|at| match self.owners.get(&at) {
                Some(owner) if owner != id => count + 1 >= self.count(owner),
                Some(_) | None => true,
            })
        })
    }

    /// Moves partitions until a whole round changes nothing; whether any moved.
    fn even_out(&mut self, partitions: &[TopicPartition], before: &BTreeMap<TopicPartition, Member>) -> bool {
        let mut moved = false;
        loop {
            let mut changed = false;
            for at in partitions {
                if self.is_balanced() {
                    break;
                }
                changed |= self.relieve(at, before);
            }
            moved |= changed;
            if !changed {
                return moved;
            }
        }
    }

    /// Moves one partition where its owner has at least two more than who could take it.
    fn relieve(&mut self, at: &TopicPartition, before: &BTreeMap<TopicPartition, Member>) -> bool {
        let Some(owner) = self.owners.get(at).cloned() else { return false };
        let count = self.count(&owner);
        let former = before.get(at).filter(|former| self.current.contains_key(*former));
        if let Some(former) = former
            && count > self.count(former) + 1
        {
            self.move_to(at, &owner, former);
            return true;
        }
        let takers = self.takers.get(&at.topic).into_iter().flatten();
        let can_take = |id: &Member| self.current.contains_key(id) && count > self.count(id) + 1;
        if !takers.into_iter().any(|id| can_take(id)) {
            return false;
        }
        let fewest = self.order.iter().find(|(_, id)| self.may_have(id, &at.topic));
        let Some((_, taker)) = fewest.cloned() else { return false };
        self.move_to(at, &owner, &taker);
        true
    }

    fn move_to(&mut self, at: &TopicPartition, from: &Member, to: &Member) {
        let at = self.movements.instead_of(at, from, to);
        let Some(from) = self.owners.get(&at).cloned() else { return };
        self.order.remove(&(self.count(&from), Arc::clone(&from)));
        self.order.remove(&(self.count(to), Arc::clone(to)));
        self.movements.note(&at, &from, to);
        if let Some(list) = self.current.get_mut(&from) {
            list.retain(|assigned| *assigned != at);
        }
        self.current.entry(Arc::clone(to)).or_default().push(at.clone());
        self.owners.insert(at, Arc::clone(to));
        self.order.insert((self.count(&from), from));
        self.order.insert((self.count(to), Arc::clone(to)));
    }
}

/// Whether a partition may go to a member that stands far from it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Near {
    Only,
    OrFar,
}

/// The partitions of one topic that moved, by from whom to whom.
type Pairs = BTreeMap<(Member, Member), BTreeSet<TopicPartition>>;

/// From whom to whom partitions moved so far. A move back along the same pair is saved by moving another
/// partition of the topic that came the opposite way.
#[derive(Default)]
struct Movements {
    by_partition: BTreeMap<TopicPartition, (Member, Member)>,
    by_topic: BTreeMap<Arc<str>, Pairs>,
}

impl Movements {
    fn instead_of(&self, at: &TopicPartition, from: &Member, to: &Member) -> TopicPartition {
        let Some(pairs) = self.by_topic.get(&at.topic) else { return at.clone() };
        let origin = self.by_partition.get(at).map_or(from, |(origin, _)| origin);
        let opposite = pairs.get(&(Arc::clone(to), Arc::clone(origin)));
        opposite.and_then(BTreeSet::first).unwrap_or(at).clone()
    }

    fn note(&mut self, at: &TopicPartition, from: &Member, to: &Member) {
        let origin = match self.forget(at) {
            Some(origin) if origin == *to => return,
            Some(origin) => origin,
            None => Arc::clone(from),
        };
        let pair = (origin, Arc::clone(to));
        let pairs = self.by_topic.entry(Arc::clone(&at.topic)).or_default();
        pairs.entry(pair.clone()).or_default().insert(at.clone());
        self.by_partition.insert(at.clone(), pair);
    }

    /// Where the partition came from, if it moved before.
    fn forget(&mut self, at: &TopicPartition) -> Option<Member> {
        let pair = self.by_partition.remove(at)?;
        if let Some(pairs) = self.by_topic.get_mut(&at.topic) {
            if let Some(partitions) = pairs.get_mut(&pair) {
                partitions.remove(at);
                if partitions.is_empty() {
                    pairs.remove(&pair);
                }
            }
            if pairs.is_empty() {
                self.by_topic.remove(&at.topic);
            }
        }
        Some(pair.0)
    }
}
