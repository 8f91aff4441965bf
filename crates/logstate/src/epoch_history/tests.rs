//! Rules of leader-epoch histories.

use klamm_model::{LeaderEpoch, Offset, OffsetAndEpoch};
use proptest::prelude::*;

use super::*;

fn epoch(value: i32) -> LeaderEpoch {
    LeaderEpoch::at(value)
}

fn at(value: i64) -> Offset {
    Offset::at(value)
}

fn history(entries: &[(i32, i64)]) -> EpochHistory {
    EpochHistory::from_entries(
        entries.iter().map(|&(e, o)| EpochEntry { epoch: epoch(e), start_offset: at(o) }),
    )
}

fn pairs(history: &EpochHistory) -> Vec<(i32, i64)> {
    history.entries().iter().map(|e| (e.epoch.get(), e.start_offset.get())).collect()
}

#[test]
fn epoch_zero_is_an_epoch_and_not_none() {
    let mut h = EpochHistory::new();
    assert_eq!(h.latest_epoch(), None);
    assert!(h.assign(epoch(0), at(0)));
    assert_eq!(h.latest_epoch(), Some(epoch(0)));
    assert_eq!(h.epoch_at(at(0)), Some(epoch(0)));
}

#[test]
fn assigning_the_latest_epoch_again_at_a_later_offset_is_no_news() {
    let mut h = history(&[(2, 10)]);
    assert!(!h.assign(epoch(2), at(10)));
    assert!(!h.assign(epoch(2), at(50)));
    assert!(h.assign(epoch(2), at(5)));
    assert_eq!(pairs(&h), [(2, 5)]);
}

#[test]
fn a_conflicting_tail_is_dropped_on_assign() {
    let mut h = history(&[(1, 0), (3, 10), (4, 20)]);
    h.assign(epoch(5), at(10));
    assert_eq!(pairs(&h), [(1, 0), (5, 10)]);
    h.assign(epoch(2), at(40));
    assert_eq!(pairs(&h), [(1, 0), (2, 40)]);
}

#[test]
fn end_offset_is_the_start_of_the_next_known_epoch() {
    let h = history(&[(2, 10), (5, 20)]);
    let end = |e| h.end_offset_for(epoch(e), at(30)).map(|x: OffsetAndEpoch| (x.epoch.get(), x.offset.get()));
    assert_eq!(end(5), Some((5, 30)));
    assert_eq!(end(4), Some((2, 20)));
    assert_eq!(end(2), Some((2, 20)));
    assert_eq!(end(1), Some((1, 10)), "older than all known: ends where the first known begins");
    assert_eq!(end(6), None, "newer than all known");
    assert_eq!(EpochHistory::new().end_offset_for(epoch(0), at(9)), None);
}

#[test]
fn truncation_from_the_end_drops_epochs_that_begin_at_the_new_end() {
    let mut h = history(&[(1, 0), (2, 10), (3, 20)]);
    assert!(!h.truncate_from_end(at(21)));
    assert!(h.truncate_from_end(at(20)));
    assert_eq!(pairs(&h), [(1, 0), (2, 10)]);
    assert!(h.truncate_from_end(at(0)));
    assert!(h.is_empty());
}

#[test]
fn truncation_from_the_start_keeps_the_epoch_in_force() {
    let mut h = history(&[(1, 0), (2, 10), (3, 20)]);
    assert!(!h.truncate_from_start(at(0)));
    assert!(h.truncate_from_start(at(15)));
    assert_eq!(pairs(&h), [(2, 15), (3, 20)]);
    assert!(h.truncate_from_start(at(20)));
    assert_eq!(pairs(&h), [(3, 20)]);
    assert_eq!(h.epoch_at(at(19)), None);
}

proptest! {
    #[test]
    fn order_is_strict_whatever_is_assigned(steps in prop::collection::vec((0..8i32, 0..40i64, 0..3u8), 0..40)) {
        let mut h = EpochHistory::new();
        for (e, o, what) in steps {
            match what {
                0 => { h.assign(epoch(e), at(o)); }
                1 => { h.truncate_from_end(at(o)); }
                _ => { h.truncate_from_start(at(o)); }
            }
            for pair in h.entries().windows(2) {
                prop_assert!(pair[0].epoch < pair[1].epoch);
                prop_assert!(pair[0].start_offset < pair[1].start_offset);
            }
        }
    }
}
