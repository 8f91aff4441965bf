//! Assignments, moves, and the counts both plans weigh brokers by.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::BrokerId;

use crate::{Rack, UsableBroker};

/// Where the replicas of one partition are now; the preferred leader comes first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment<P> {
    /// The partition, named as the caller likes.
    pub partition: P,
    /// Its replicas, none twice.
    pub replicas: Vec<BrokerId>,
}

/// One partition to reassign. `to` has as many replicas as `from` (but in [`crate::plan_resize`]), none
/// twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move<P> {
    /// The partition.
    pub partition: P,
    /// Its replicas when the plan was made.
    pub from: Vec<BrokerId>,
    /// Its replicas as they should become.
    pub to: Vec<BrokerId>,
}

/// What one broker carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Load {
    pub(crate) replicas: usize,
    pub(crate) leaders: usize,
}

/// The brokers replicas may be moved to, with their racks and loads.
pub(crate) struct Targets {
    pub(crate) racks: BTreeMap<BrokerId, Rack>,
    pub(crate) loads: BTreeMap<BrokerId, Load>,
}

impl Targets {
    /// The unfenced of `brokers` without `excluded`, loaded as `assignments` say.
    pub(crate) fn new<P>(
        brokers: &[UsableBroker],
        excluded: &BTreeSet<BrokerId>,
        assignments: &[Assignment<P>],
    ) -> Targets {
        let usable = brokers.iter().filter(|b| !b.fenced && !excluded.contains(&b.id));
        let racks: BTreeMap<BrokerId, Rack> = usable.map(|b| (b.id, b.rack.clone())).collect();
        let loads = racks.keys().map(|id| (*id, Load::default())).collect();
        let mut targets = Targets { racks, loads };
        for assignment in assignments {
            for (position, broker) in assignment.replicas.iter().enumerate() {
                targets.change(*broker, position, |count| *count += 1);
            }
        }
        targets
    }

    /// Counts a replica at `position` of a partition moved from one broker to the other. Brokers
    /// that are no targets are not counted.
    pub(crate) fn moved(&mut self, from: BrokerId, to: BrokerId, position: usize) {
        self.change(from, position, |count| *count -= 1);
        self.change(to, position, |count| *count += 1);
    }

    /// Counts a new replica at `position` of a partition.
    pub(crate) fn joined(&mut self, broker: BrokerId, position: usize) {
        self.change(broker, position, |count| *count += 1);
    }

    /// Counts a replica at `position` of a partition as gone.
    pub(crate) fn left(&mut self, broker: BrokerId, position: usize) {
        self.change(broker, position, |count| *count -= 1);
    }

    fn change(&mut self, broker: BrokerId, position: usize, apply: impl Fn(&mut usize)) {
        if let Some(load) = self.loads.get_mut(&broker) {
            apply(&mut load.replicas);
            if position == 0 {
                apply(&mut load.leaders);
            }
        }
    }

    /// The best broker for `position` of a partition that keeps `others`: one in the rack that
    /// holds the fewest of `others`, then the least loaded, then the lowest id.
    pub(crate) fn best(&self, others: &[BrokerId], position: usize) -> Option<BrokerId> {
        let candidates = self.loads.iter().filter(|(id, _)| !others.contains(id));
        let weighed = candidates.map(|(id, load)| {
            let leaders = if position == 0 { load.leaders } else { 0 };
            ((self.in_rack_of(*id, others), leaders, load.replicas), *id)
        });
        weighed.min().map(|(_, id)| id)
    }

    /// How many of `others` share the rack of `broker`.
    pub(crate) fn in_rack_of(&self, broker: BrokerId, others: &[BrokerId]) -> usize {
        let rack = self.racks.get(&broker);
        others.iter().filter(|other| self.racks.get(other) == rack).count()
    }
}
