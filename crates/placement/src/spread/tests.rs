//! Properties of spread plans.
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

fn after(assignments: &[Assignment<usize>], moves: &[Move<usize>]) -> Vec<Assignment<usize>> {
    let mut result = assignments.to_vec();
    for m in moves {
        result[m.partition].replicas.clone_from(&m.to);
    }
    result
}

fn counts(assignments: &[Assignment<usize>], brokers: &[UsableBroker]) -> (Vec<usize>, Vec<usize>) {
    let hosted = |id| assignments.iter().filter(|a| a.replicas.contains(&id)).count();
    let led = |id| assignments.iter().filter(|a| a.replicas.first() == Some(&id)).count();
    (brokers.iter().map(|b| hosted(b.id)).collect(), brokers.iter().map(|b| led(b.id)).collect())
}

fn gap(counts: &[usize]) -> usize {
    counts.iter().max().unwrap() - counts.iter().min().unwrap()
}

#[test]
fn an_even_cluster_is_left_alone() {
    let brokers = cluster(3, 1);
    assert_eq!(plan_spread(&placed(&brokers, 9, 2, 1), &brokers), []);
}

#[test]
fn replicas_that_share_a_rack_are_separated() {
    let brokers = cluster(4, 2);
    let assignments = [Assignment { partition: 0, replicas: vec![BrokerId::at(0), BrokerId::at(2)] }];
    let moves = plan_spread(&assignments, &brokers);
    assert_eq!(moves.len(), 1);
    let racks: BTreeSet<i32> = moves[0].to.iter().map(|b| b.get() % 2).collect();
    assert_eq!(racks.len(), 2);
}

#[test]
fn replicas_on_fenced_brokers_stay() {
    let mut brokers = cluster(3, 1);
    brokers[0].fenced = true;
    let assignments: Vec<_> =
        (0..6).map(|partition| Assignment { partition, replicas: vec![BrokerId::at(0)] }).collect();
    assert_eq!(plan_spread(&assignments, &brokers), []);
}

proptest! {
    #[test]
    fn added_brokers_get_their_share(
        old in 2..5_i32, added in 1..4_i32, partitions in 1..60_usize, rf in 1..3_i16, seed: u64
    ) {
        let before = placed(&cluster(old, 1), partitions, rf, seed);
        let brokers = cluster(old + added, 1);
        let moves = plan_spread(&before, &brokers);
        let result = after(&before, &moves);
        for assignment in &result {
            let set: BTreeSet<_> = assignment.replicas.iter().collect();
            prop_assert_eq!(set.len(), usize::from(rf.unsigned_abs()));
        }
        let (hosted, _) = counts(&result, &brokers);
        prop_assert!(gap(&hosted) <= 1, "{:?}", hosted);
        prop_assert_eq!(plan_spread(&result, &brokers), [], "a second plan is empty");
        let moved: usize = moves.iter().map(|m| m.to.iter().filter(|b| !m.from.contains(b)).count()).sum();
        let share = partitions * usize::from(rf.unsigned_abs());
        let added = usize::try_from(added).unwrap();
        let total = usize::try_from(old).unwrap() + added;
        prop_assert!(moved <= share.div_ceil(total) * added + total, "{} of {} moved", moved, share);
    }

    #[test]
    fn a_spread_never_lessens_rack_spread(partitions in 1..40_usize, seed: u64) {
        let before = placed(&cluster(6, 3), partitions, 3, seed);
        let brokers = cluster(9, 3);
        for assignment in after(&before, &plan_spread(&before, &brokers)) {
            let racks: BTreeSet<i32> = assignment.replicas.iter().map(|b| b.get() % 3).collect();
            prop_assert_eq!(racks.len(), 3);
        }
    }
}
