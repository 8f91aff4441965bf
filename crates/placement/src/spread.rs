//! Evens out replicas and preferred leaders, as after brokers were added.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::BrokerId;

use crate::load::Targets;
use crate::{Assignment, Move, UsableBroker};

/// The moves that spread replicas over the unfenced brokers.
///
/// 1. Replicas that share a rack move to a rack the partition does not use yet.
/// 2. Replicas move from fuller to emptier brokers while that narrows a gap of two or more and
///    does not put two replicas of a partition into one rack that were not before.
/// 3. Replica lists are reordered (no data moves) while that narrows a gap of two or more between
///    the preferred leaders of two brokers.
///
/// Replicas on fenced or unknown brokers stay: those may come back. The plan for the outcome of a
/// plan is empty.
pub fn plan_spread<P: Clone>(assignments: &[Assignment<P>], brokers: &[UsableBroker]) -> Vec<Move<P>> {
    let mut plan = Spread::new(assignments, brokers);
    plan.separate_racks();
    plan.even_replicas();
    plan.even_leaders();
    let changed = assignments.iter().zip(plan.replicas).filter(|(before, after)| before.replicas != *after);
    changed
        .map(|(before, to)| Move { partition: before.partition.clone(), from: before.replicas.clone(), to })
        .collect()
}

struct Spread {
    targets: Targets,
    /// Replicas by position of the partition in the input.
    replicas: Vec<Vec<BrokerId>>,
    /// Partitions (positions in the input) with a replica on each target.
    hosted: BTreeMap<BrokerId, BTreeSet<usize>>,
}

impl Spread {
    fn new<P>(assignments: &[Assignment<P>], brokers: &[UsableBroker]) -> Spread {
        let targets = Targets::new(brokers, &BTreeSet::new(), assignments);
        let replicas: Vec<Vec<BrokerId>> = assignments.iter().map(|a| a.replicas.clone()).collect();
        let mut hosted: BTreeMap<BrokerId, BTreeSet<usize>> =
            targets.loads.keys().map(|id| (*id, BTreeSet::new())).collect();
        for (partition, replicas) in replicas.iter().enumerate() {
            for replica in replicas {
                if let Some(partitions) = hosted.get_mut(replica) {
                    partitions.insert(partition);
                }
            }
        }
        Spread { targets, replicas, hosted }
    }

    fn separate_racks(&mut self) {
        for partition in 0..self.replicas.len() {
            for position in 0..self.replicas[partition].len() {
                let broker = self.replicas[partition][position];
                let others = self.others(partition, broker);
                let crowded = self.targets.in_rack_of(broker, &others) > 0;
                if !crowded || !self.targets.loads.contains_key(&broker) {
                    continue;
                }
                if let Some(better) = self.targets.best(&others, position)
                    && self.targets.in_rack_of(better, &others) == 0
                {
                    self.relocate(partition, broker, better);
                }
            }
        }
    }

    fn even_replicas(&mut self) {
        while let Some((partition, from, to)) = self.narrowing_move() {
            self.relocate(partition, from, to);
        }
    }

    /// The move between the brokers furthest apart that have one.
    fn narrowing_move(&self) -> Option<(usize, BrokerId, BrokerId)> {
        let mut by_load: Vec<(usize, BrokerId)> =
            self.targets.loads.iter().map(|(id, load)| (load.replicas, *id)).collect();
        by_load.sort_unstable();
        for (full, from) in by_load.iter().rev() {
            for (empty, to) in &by_load {
                if *full < *empty + 2 {
                    break;
                }
                if let Some(partition) = self.movable(*from, *to) {
                    return Some((partition, *from, *to));
                }
            }
        }
        None
    }

    fn movable(&self, from: BrokerId, to: BrokerId) -> Option<usize> {
        let hosted = self.hosted.get(&from)?;
        hosted.iter().copied().find(|partition| {
            let others = self.others(*partition, from);
            let fits = !others.contains(&to);
            fits && self.targets.in_rack_of(to, &others) <= self.targets.in_rack_of(from, &others)
        })
    }

    fn even_leaders(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for partition in 0..self.replicas.len() {
                changed |= self.lead_elsewhere(partition);
            }
        }
    }

    /// Puts the replica with the fewest leaders first if the present first has two or more above.
    fn lead_elsewhere(&mut self, partition: usize) -> bool {
        let replicas = &self.replicas[partition];
        let leaders = |id: &BrokerId| self.targets.loads.get(id).map(|load| load.leaders);
        let Some(present) = replicas.first().and_then(leaders) else { return false };
        let followers = replicas.iter().enumerate().skip(1);
        let least = followers.filter_map(|(at, id)| leaders(id).map(|count| (count, at))).min();
        let Some((count, at)) = least.filter(|(count, _)| present >= count + 2) else { return false };
        debug_assert!(count < present);
        let (old, new) = (replicas[0], replicas[at]);
        self.replicas[partition].swap(0, at);
        for (id, delta) in [(old, -1), (new, 1)] {
            let load = self.targets.loads.get_mut(&id).expect("both have a leader count");
            load.leaders = load.leaders.checked_add_signed(delta).expect("the old leader was counted");
        }
        true
    }

    fn others(&self, partition: usize, broker: BrokerId) -> Vec<BrokerId> {
        self.replicas[partition].iter().copied().filter(|r| *r != broker).collect()
    }

    fn relocate(&mut self, partition: usize, from: BrokerId, to: BrokerId) {
        let position = self.replicas[partition].iter().position(|r| *r == from);
        let position = position.expect("the partition has a replica on the broker it leaves");
        self.replicas[partition][position] = to;
        self.targets.moved(from, to, position);
        for (broker, arrives) in [(from, false), (to, true)] {
            let hosted = self.hosted.get_mut(&broker).expect("moves are between targets");
            if arrives {
                hosted.insert(partition)
            } else {
                hosted.remove(&partition)
            };
        }
    }
}

#[cfg(test)]
mod tests;
