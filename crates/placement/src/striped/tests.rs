//! Properties of striped placement.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

fn broker(id: i32, rack: Option<&str>, fenced: bool) -> UsableBroker {
    UsableBroker { id: BrokerId::at(id), rack: rack.map(Into::into), fenced }
}

fn spec(partitions: usize, replication_factor: i16) -> PlacementSpec {
    PlacementSpec { partitions, replication_factor }
}

fn ids(replicas: &[BrokerId]) -> Vec<i32> {
    replicas.iter().map(|r| r.get()).collect()
}

fn place_ids(spec: PlacementSpec, brokers: &[UsableBroker], seed: u64) -> Vec<Vec<i32>> {
    let placed = place(spec, brokers, &mut SeededRandom::new(seed)).unwrap();
    placed.iter().map(|r| ids(r)).collect()
}

#[test]
fn a_single_broker_takes_everything() {
    assert_eq!(place_ids(spec(3, 1), &[broker(1, None, false)], 0), [[1], [1], [1]]);
}

#[test]
fn fenced_brokers_are_last_resort_not_excluded() {
    let brokers = [broker(0, None, false), broker(1, None, true), broker(2, None, false)];
    for replicas in place_ids(spec(20, 2), &brokers, 5) {
        assert_eq!(BTreeSet::from_iter(replicas), BTreeSet::from([0, 2]));
    }
    for replicas in place_ids(spec(20, 3), &brokers, 5) {
        assert_eq!(replicas[2], 1, "the fenced broker comes last: {replicas:?}");
    }
}

#[test]
fn errors_read_as_kafkas() {
    let one = [broker(0, None, false)];
    let text = |spec, brokers: &[UsableBroker]| {
        place(spec, brokers, &mut SeededRandom::new(0)).unwrap_err().to_string()
    };
    assert_eq!(
        text(spec(1, 0), &one),
        "Invalid replication factor 0: the replication factor must be positive."
    );
    assert_eq!(
        text(spec(1, 1), &[broker(0, None, true)]),
        "All brokers are currently fenced, or have all their log directories cordoned."
    );
    assert_eq!(
        text(spec(1, 3), &one),
        "The target replication factor of 3 cannot be reached because only 1 broker(s) are registered or some \
         brokers have all their log directories cordoned."
    );
}

fn brokers() -> impl Strategy<Value = Vec<UsableBroker>> {
    let one = (proptest::option::of(0..4_u8), proptest::bool::weighted(0.2));
    proptest::collection::vec(one, 1..12).prop_map(|list| {
        let mut brokers: Vec<UsableBroker> = (0_i32..)
            .zip(list)
            .map(|(id, (rack, fenced))| UsableBroker {
                id: BrokerId::at(id * 3),
                rack: rack.map(|r| format!("rack-{r}").into()),
                fenced,
            })
            .collect();
        brokers[0].fenced = false;
        brokers
    })
}

proptest! {
    #[test]
    fn replicas_are_distinct_known_and_led_by_an_unfenced_broker(
        brokers in brokers(), seed: u64, partitions in 1..40_usize, rf in 1..12_usize
    ) {
        let rf = rf.min(brokers.len());
        let unfenced: BTreeSet<i32> = brokers.iter().filter(|b| !b.fenced).map(|b| b.id.get()).collect();
        let all: BTreeSet<i32> = brokers.iter().map(|b| b.id.get()).collect();
        for replicas in place_ids(spec(partitions, i16::try_from(rf).unwrap()), &brokers, seed) {
            let set: BTreeSet<i32> = replicas.iter().copied().collect();
            prop_assert_eq!(set.len(), rf);
            prop_assert!(set.is_subset(&all));
            prop_assert!(unfenced.contains(&replicas[0]));
        }
    }

    #[test]
    fn replicas_spread_over_as_many_racks_as_there_are(
        per_rack in 1..5_usize, racks in 1..5_usize, seed: u64, rf in 1..6_usize
    ) {
        let brokers: Vec<UsableBroker> = (0..per_rack * racks)
            .map(|i| broker(i32::try_from(i).unwrap(), Some(&format!("r{}", i % racks)), false))
            .collect();
        let rf = rf.min(brokers.len());
        for replicas in place_ids(spec(30, i16::try_from(rf).unwrap()), &brokers, seed) {
            let mut used = BTreeMap::new();
            for id in replicas {
                *used.entry(usize::try_from(id).unwrap() % racks).or_insert(0) += 1;
            }
            prop_assert_eq!(used.len(), rf.min(racks));
            prop_assert!(used.values().all(|count| *count <= rf.div_ceil(racks)));
        }
    }

    #[test]
    fn leaders_and_replicas_are_even_without_racks(count in 1..10_usize, seed: u64, rf in 1..5_usize) {
        let brokers: Vec<UsableBroker> =
            (0..count).map(|i| broker(i32::try_from(i).unwrap(), None, false)).collect();
        let rf = rf.min(count);
        let rounds = 4;
        let mut leaders = BTreeMap::new();
        let mut hosted = BTreeMap::new();
        for replicas in place_ids(spec(count * rounds, i16::try_from(rf).unwrap()), &brokers, seed) {
            *leaders.entry(replicas[0]).or_insert(0_usize) += 1;
            for id in replicas {
                *hosted.entry(id).or_insert(0_usize) += 1;
            }
        }
        prop_assert!(hosted.values().all(|n| *n == rounds * rf), "{:?}", hosted);
        prop_assert!(leaders.values().all(|n| *n == rounds), "{:?}", leaders);
    }
}
