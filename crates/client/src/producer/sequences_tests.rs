//! Numbers over losses, gaps and new epochs.
#![allow(clippy::unwrap_used)]

use super::*;

fn at() -> TopicPartition {
    TopicPartition::new("t", 0)
}

fn identity(epoch: i16) -> Identity {
    Identity { id: ProducerId::at(7), epoch: ProducerEpoch::at(epoch) }
}

fn started() -> Sequences {
    let mut sequences = Sequences::default();
    assert!(!sequences.may_start(&at()), "nobody is nobody");
    sequences.on_identity(identity(0));
    sequences
}

fn stamp(epoch: i16, base_sequence: i32) -> Option<Stamp> {
    Some(Stamp { identity: identity(epoch), base_sequence })
}

#[test]
fn numbers_count_records_and_wrap_after_the_largest() {
    let mut sequences = started();
    assert_eq!(sequences.start(&at(), 1, i32::MAX), stamp(0, 0));
    assert_eq!(sequences.start(&at(), 2, 3), stamp(0, i32::MAX));
    assert_eq!(sequences.start(&at(), 3, 1), stamp(0, 2));
}

#[test]
fn a_batch_waits_for_the_retry_of_the_one_before() {
    let mut sequences = started();
    sequences.start(&at(), 1, 2);
    sequences.start(&at(), 2, 2);
    assert!(sequences.may_retry(&at(), 1));
    assert!(!sequences.may_retry(&at(), 2));
    let gap = sequences.on_refused(&at(), 2, ErrorCode::OutOfOrderSequenceNumber, None);
    assert_eq!(gap, Verdict::Retry, "the missing one is still on its way");
    sequences.settle();
    assert_eq!(sequences.identity(), Some(identity(0)));
    sequences.on_acked(&at(), 1);
    assert!(sequences.may_retry(&at(), 2));
    assert_eq!(sequences.stamp(&at(), 2), stamp(0, 2));
}

#[test]
fn a_gap_that_nobody_fills_raises_the_epoch_and_restarts_the_numbers() {
    let mut sequences = started();
    sequences.start(&at(), 1, 2);
    sequences.on_acked(&at(), 1);
    sequences.start(&at(), 2, 2);
    sequences.start(&at(), 3, 1);
    let verdict = sequences.on_refused(&at(), 2, ErrorCode::OutOfOrderSequenceNumber, None);
    assert_eq!(verdict, Verdict::Retry);
    sequences.settle();
    assert_eq!(sequences.stamp(&at(), 2), stamp(1, 0));
    assert_eq!(sequences.stamp(&at(), 3), stamp(1, 2));
    let stale = sequences.on_refused(&at(), 3, ErrorCode::OutOfOrderSequenceNumber, None);
    assert_eq!(stale, Verdict::Retry, "its error is about the old number");
    sequences.settle();
    assert_eq!(sequences.identity(), Some(identity(1)), "and raises nothing");
}

#[test]
fn other_partitions_take_the_new_epoch_once_their_batches_are_settled() {
    let mut sequences = started();
    let other = TopicPartition::new("t", 1);
    sequences.start(&other, 10, 5);
    sequences.start(&at(), 1, 2);
    sequences.on_failed(&at(), 1, Fate::Refused);
    sequences.settle();
    assert_eq!(sequences.identity(), Some(identity(1)));
    assert!(!sequences.may_start(&other));
    assert_eq!(sequences.stamp(&other, 10), stamp(0, 0));
    sequences.on_acked(&other, 10);
    assert!(sequences.may_start(&other));
    assert_eq!(sequences.start(&other, 11, 1), stamp(1, 0));
}

#[test]
fn a_lost_batch_blocks_its_partition_until_later_ones_tell_whether_it_arrived() {
    let mut sequences = started();
    sequences.start(&at(), 1, 2);
    sequences.start(&at(), 2, 2);
    sequences.on_failed(&at(), 1, Fate::Unknown);
    assert!(!sequences.may_start(&at()));
    sequences.on_acked(&at(), 2);
    sequences.settle();
    assert!(sequences.may_start(&at()), "what followed was taken, so it had arrived");
    assert_eq!(sequences.start(&at(), 3, 1), stamp(0, 4));

    sequences.on_failed(&at(), 3, Fate::Unknown);
    sequences.settle();
    assert_eq!(sequences.start(&at(), 4, 1), stamp(1, 0), "nothing followed: a new epoch");
}

#[test]
fn a_gap_right_behind_a_lost_batch_raises_the_epoch() {
    let mut sequences = started();
    sequences.start(&at(), 1, 2);
    sequences.start(&at(), 2, 2);
    sequences.start(&at(), 3, 2);
    sequences.on_failed(&at(), 1, Fate::Unknown);
    sequences.on_refused(&at(), 3, ErrorCode::OutOfOrderSequenceNumber, None);
    sequences.settle();
    assert_eq!(sequences.identity(), Some(identity(0)), "batch 2 lies between");
    sequences.on_refused(&at(), 2, ErrorCode::OutOfOrderSequenceNumber, None);
    sequences.settle();
    assert_eq!(sequences.stamp(&at(), 2), stamp(1, 0));
}

#[test]
fn a_forgotten_producer_starts_over_once_the_log_start_is_known() {
    let mut sequences = started();
    sequences.start(&at(), 1, 2);
    let verdict = sequences.on_refused(&at(), 1, ErrorCode::UnknownProducerId, None);
    sequences.settle();
    assert_eq!((verdict, sequences.stamp(&at(), 1)), (Verdict::Retry, stamp(0, 0)));
    sequences.on_refused(&at(), 1, ErrorCode::UnknownProducerId, Some(5));
    sequences.settle();
    assert_eq!(sequences.stamp(&at(), 1), stamp(1, 0));
}

#[test]
fn used_up_epochs_ask_for_a_new_id_and_the_numbers_start_over() {
    let mut sequences = started();
    sequences.on_identity(identity(i16::MAX));
    sequences.start(&at(), 1, 2);
    sequences.start(&at(), 2, 2);
    sequences.on_failed(&at(), 1, Fate::Refused);
    sequences.settle();
    assert_eq!(sequences.identity(), None);
    assert!(!sequences.may_retry(&at(), 2));
    sequences.on_identity(identity(0));
    assert_eq!(sequences.stamp(&at(), 2), stamp(0, 0));
}

#[test]
fn fatal_errors_fail_and_passing_ones_are_retried() {
    let mut sequences = started();
    sequences.start(&at(), 1, 1);
    let verdicts = [ErrorCode::InvalidRecord, ErrorCode::NotLeaderOrFollower]
        .map(|error| sequences.on_refused(&at(), 1, error, None));
    assert_eq!(verdicts, [Verdict::Fail, Verdict::Retry]);
}

#[test]
fn the_parts_of_a_split_batch_share_its_numbers() {
    let mut sequences = started();
    sequences.start(&at(), 1, 5);
    sequences.start(&at(), 2, 1);
    sequences.on_split(&at(), 1, &[(3, 2), (4, 3)]);
    assert_eq!([3, 4, 2].map(|batch| sequences.stamp(&at(), batch)), [stamp(0, 0), stamp(0, 2), stamp(0, 5)]);
    assert!(sequences.may_retry(&at(), 3));
}
