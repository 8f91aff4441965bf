//! Properties of drain plans.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::{PlacementSpec, SeededRandom, place};

fn cluster(count: i32, racks: i32) -> Vec<UsableBroker> {
    (0..count)
        .map(|id| UsableBroker {
            id: BrokerId::at(id),
            rack: (racks > 1).then(|| format!("r{}", id % racks).into()),
            fenced: false,
        })
        .collect()
}

fn placed(brokers: &[UsableBroker], partitions: usize, rf: i16, seed: u64) -> Vec<Assignment<usize>> {
    let spec = PlacementSpec { partitions, replication_factor: rf };
    let placed = place(spec, brokers, &mut SeededRandom::new(seed)).unwrap();
    placed.into_iter().enumerate().map(|(partition, replicas)| Assignment { partition, replicas }).collect()
}

#[test]
fn a_drain_that_does_not_fit_is_refused() {
    let brokers = cluster(3, 1);
    let assignments = placed(&brokers, 1, 3, 0);
    let refused = plan_drain(&assignments, &brokers, &BTreeSet::from([BrokerId::at(1)]));
    assert_eq!(refused, Err(DrainError::TooFewBrokers { replicas: 3, remaining: 2 }));
}

#[test]
fn fenced_brokers_receive_nothing() {
    let mut brokers = cluster(3, 1);
    brokers[2].fenced = true;
    let assignments = [Assignment { partition: 0, replicas: vec![BrokerId::at(0)] }];
    let moves = plan_drain(&assignments, &brokers, &BTreeSet::from([BrokerId::at(0)])).unwrap();
    assert_eq!(moves[0].to, [BrokerId::at(1)]);
}

proptest! {
    #[test]
    fn drains_move_everything_and_nothing_else(
        count in 4..10_i32, racks in 1..4_i32, partitions in 1..60_usize, rf in 1..4_i16, seed: u64
    ) {
        let brokers = cluster(count, racks);
        let assignments = placed(&brokers, partitions, rf, seed);
        let drained = BTreeSet::from([BrokerId::at(0)]);
        let moves = plan_drain(&assignments, &brokers, &drained).unwrap();
        let affected = assignments.iter().filter(|a| a.replicas.contains(&BrokerId::at(0))).count();
        prop_assert_eq!(moves.len(), affected);
        for m in &moves {
            let set: BTreeSet<_> = m.to.iter().collect();
            prop_assert_eq!(set.len(), m.from.len());
            for (before, after) in m.from.iter().zip(&m.to) {
                if drained.contains(before) {
                    prop_assert!(!drained.contains(after));
                } else {
                    prop_assert_eq!(before, after);
                }
            }
        }
    }

    #[test]
    fn a_drain_keeps_the_rack_spread_that_the_rest_allows(partitions in 1..40_usize, seed: u64) {
        let brokers = cluster(9, 3);
        let assignments = placed(&brokers, partitions, 3, seed);
        let drained = BTreeSet::from([BrokerId::at(4)]);
        for m in plan_drain(&assignments, &brokers, &drained).unwrap() {
            let racks: BTreeSet<i32> = m.to.iter().map(|b| b.get() % 3).collect();
            prop_assert_eq!(racks.len(), 3);
        }
    }
}
