//! Tests of where logs part.

use super::*;

fn at(offset: i64, epoch: i32) -> OffsetAndEpoch {
    OffsetAndEpoch { offset: Offset::at(offset), epoch: LeaderEpoch::at(epoch) }
}

/// A log from `start` to `end` with epochs `(epoch, start)`.
fn log(start: i64, end: i64, epochs: &[(i32, i64)]) -> LogFacts {
    let entry =
        |&(epoch, start)| EpochEntry { epoch: LeaderEpoch::at(epoch), start_offset: Offset::at(start) };
    LogFacts {
        log_start: Offset::at(start),
        log_end: Offset::at(end),
        epochs: EpochHistory::from_entries(epochs.iter().map(entry)),
        snapshots: Vec::new(),
    }
}

fn epochs(log: &LogFacts) -> Vec<(i32, i64)> {
    log.epochs.entries().iter().map(|entry| (entry.epoch.get(), entry.start_offset.get())).collect()
}

fn with_snapshot(mut log: LogFacts, id: OffsetAndEpoch) -> LogFacts {
    log.add_snapshot(SnapshotFacts { id, size: 1 });
    log
}

#[test]
fn end_of_epoch_is_the_start_of_the_next_one() {
    let log = log(0, 30, &[(1, 0), (3, 10), (5, 20)]);
    assert_eq!(log.end_of_epoch(LeaderEpoch::at(3)), at(20, 3));
    assert_eq!(log.end_of_epoch(LeaderEpoch::at(4)), at(20, 3));
    assert_eq!(log.end_of_epoch(LeaderEpoch::at(5)), at(30, 5));
    assert_eq!(log.end_of_epoch(LeaderEpoch::at(9)), at(30, 5));
    assert_eq!(log.end_of_epoch(LeaderEpoch::ZERO), at(0, 0));
}

#[test]
fn a_position_is_valid_only_within_the_same_epoch() {
    let log = log(0, 30, &[(1, 0), (3, 10)]);
    assert_eq!(log.locate(at(0, 0)), Position::Valid);
    assert_eq!(log.locate(at(10, 1)), Position::Valid);
    assert_eq!(log.locate(at(30, 3)), Position::Valid);
    assert_eq!(log.locate(at(11, 1)), Position::Diverging(at(10, 1)));
    assert_eq!(log.locate(at(15, 2)), Position::Diverging(at(10, 1)));
    assert_eq!(log.locate(at(31, 3)), Position::Diverging(at(30, 3)));
    assert_eq!(log.locate(at(5, 4)), Position::Diverging(at(30, 3)));
}

#[test]
fn a_position_before_the_log_needs_the_latest_snapshot() {
    let log = with_snapshot(log(20, 30, &[(3, 20)]), at(20, 2));
    assert_eq!(log.locate(at(0, 0)), Position::Snapshot(at(20, 2)));
    assert_eq!(log.locate(at(19, 2)), Position::Snapshot(at(20, 2)));
    assert_eq!(log.locate(at(20, 1)), Position::Snapshot(at(20, 2)));
    assert_eq!(log.locate(at(25, 1)), Position::Snapshot(at(20, 2)));
    assert_eq!(log.locate(at(20, 2)), Position::Valid);
    assert_eq!(log.locate(at(25, 2)), Position::Diverging(at(20, 2)));
    assert_eq!(log.locate(at(25, 3)), Position::Valid);
}

#[test]
fn logs_are_cut_to_the_end_of_the_last_common_epoch() {
    let log = log(0, 30, &[(1, 0), (3, 10), (5, 20)]);
    assert_eq!(log.common_end(at(25, 5)), Offset::at(25));
    assert_eq!(log.common_end(at(99, 3)), Offset::at(20));
    assert_eq!(log.common_end(at(15, 3)), Offset::at(15));
    assert_eq!(log.common_end(at(99, 4)), Offset::at(20));
    assert_eq!(log.common_end(at(12, 0)), Offset::at(12));
}

#[test]
fn epoch_of_an_empty_log_is_that_of_its_snapshot() {
    let mut facts = log(0, 30, &[(1, 0), (3, 10)]);
    assert_eq!(facts.position_at(Offset::at(10)), at(10, 1));
    assert_eq!(facts.position_at(Offset::at(11)), at(11, 3));
    facts.restart_at(SnapshotFacts { id: at(50, 4), size: 9 });
    assert_eq!(facts.end(), at(50, 4));
    assert_eq!(facts.locate(at(50, 4)), Position::Valid);
    facts.begin_epoch(LeaderEpoch::at(6), Offset::at(50));
    facts.log_end = Offset::at(60);
    assert_eq!(facts.end(), at(60, 6));
    assert_eq!(facts.position_at(Offset::at(50)), at(50, 4));
}

#[test]
fn truncation_drops_the_epochs_it_empties() {
    let mut log = log(0, 30, &[(1, 0), (3, 10), (5, 20)]);
    log.truncate_to(Offset::at(20));
    assert_eq!(log.end(), at(20, 3));
    log.begin_epoch(LeaderEpoch::at(3), Offset::at(20));
    log.begin_epoch(LeaderEpoch::at(7), Offset::at(20));
    assert_eq!(log.epochs.entries().len(), 3);
}

#[test]
fn a_higher_log_start_keeps_the_epoch_it_falls_into() {
    let mut log = with_snapshot(log(0, 30, &[(1, 0), (3, 10), (5, 20)]), at(5, 1));
    log.add_snapshot(SnapshotFacts { id: at(15, 3), size: 1 });
    log.advance_start(Offset::at(15));
    assert_eq!(epochs(&log), [(3, 15), (5, 20)]);
    assert_eq!(log.snapshots.len(), 1);
    assert_eq!(log.locate(at(15, 3)), Position::Valid);
    assert_eq!(log.locate(at(14, 3)), Position::Snapshot(at(15, 3)));
}
