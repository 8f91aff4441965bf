//! Rules of producer state: sequences, epochs, windows, expiry.

use std::time::Duration;

use klamm_model::{Offset, ProducerEpoch, ProducerId, Timestamp};
use proptest::prelude::*;

use super::*;

const DAY: Duration = Duration::from_secs(24 * 3600);

fn at(offset: i64) -> Offset {
    Offset::at(offset)
}

fn ms(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn data(id: i64, epoch: i16, sequence: i32, base: i64, count: i64) -> ProducerBatch {
    let last = (i64::from(sequence) + count - 1) & i64::from(i32::MAX);
    ProducerBatch {
        producer_id: ProducerId::at(id),
        producer_epoch: ProducerEpoch::at(epoch),
        base_offset: at(base),
        last_offset: at(base + count - 1),
        max_timestamp: ms(base),
        transactional: false,
        kind: BatchKind::Data { sequences: Some((sequence, last as i32)) },
    }
}

fn transactional(id: i64, epoch: i16, sequence: i32, base: i64, count: i64) -> ProducerBatch {
    ProducerBatch { transactional: true, ..data(id, epoch, sequence, base, count) }
}

fn marker(id: i64, epoch: i16, base: i64, outcome: EndMarker, coordinator_epoch: i32) -> ProducerBatch {
    let version = TransactionVersion::V0;
    ProducerBatch {
        transactional: true,
        kind: BatchKind::Marker { outcome, coordinator_epoch, version },
        ..data(id, epoch, 0, base, 1)
    }
}

fn v2(batch: ProducerBatch) -> ProducerBatch {
    let BatchKind::Marker { outcome, coordinator_epoch, .. } = batch.kind else { return batch };
    let version = TransactionVersion::V2;
    ProducerBatch { kind: BatchKind::Marker { outcome, coordinator_epoch, version }, ..batch }
}

fn offer(state: &mut ProducerState, batch: ProducerBatch, origin: AppendOrigin) -> Result<(), ProducerError> {
    let mut staged = StagedProducers::new();
    staged.begin_request();
    state.check(&mut staged, &batch, origin)?;
    state.apply(&mut staged, &mut Vec::new());
    state.advance_end_offset(batch.last_offset.next());
    Ok(())
}

fn client(state: &mut ProducerState, batch: ProducerBatch) -> Result<(), ProducerError> {
    offer(state, batch, AppendOrigin::Client)
}

fn expected_sequence(result: Result<(), ProducerError>) -> Option<i32> {
    match result {
        Err(ProducerError::OutOfOrderSequence { expected, .. }) => Some(expected),
        _ => None,
    }
}

#[test]
fn a_producer_without_state_may_begin_anywhere() {
    let mut state = ProducerState::new(at(0));
    assert_eq!(client(&mut state, data(1, 0, 77, 0, 3)), Ok(()));
    assert_eq!(expected_sequence(client(&mut state, data(1, 0, 81, 3, 1))), Some(80));
    assert_eq!(client(&mut state, data(1, 0, 80, 3, 1)), Ok(()));
}

#[test]
fn a_new_epoch_begins_at_zero() {
    let mut state = ProducerState::new(at(0));
    client(&mut state, data(1, 0, 0, 0, 3)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(expected_sequence(client(&mut state, data(1, 1, 3, 3, 1))), Some(0));
    assert_eq!(client(&mut state, data(1, 1, 0, 3, 1)), Ok(()));
    assert!(matches!(
        client(&mut state, data(1, 0, 3, 4, 1)),
        Err(ProducerError::InvalidProducerEpoch { got, current, .. }) if got.get() == 0 && current.get() == 1
    ));
}

#[test]
fn sequences_wrap_to_zero() {
    let mut state = ProducerState::new(at(0));
    client(&mut state, data(1, 0, i32::MAX - 1, 0, 2)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(expected_sequence(client(&mut state, data(1, 0, 1, 2, 1))), Some(0));
    assert_eq!(client(&mut state, data(1, 0, 0, 2, 4)), Ok(()));
    let mut state = ProducerState::new(at(0));
    let wrapping = data(1, 0, i32::MAX - 1, 0, 4);
    client(&mut state, wrapping).unwrap_or_else(|error| panic!("{error}"));
    let entry = state.producer(ProducerId::at(1)).copied();
    assert_eq!(entry.and_then(|e| e.last_sequence()), Some(1));
    assert_eq!(entry.and_then(|e| e.duplicate_of(&wrapping)).map(|kept| kept.first_offset()), Some(at(0)));
}

#[test]
fn the_last_five_batches_are_recognised() {
    let mut state = ProducerState::new(at(0));
    for n in 0..7 {
        client(&mut state, data(1, 0, n * 2, i64::from(n) * 2, 2)).unwrap_or_else(|error| panic!("{error}"));
    }
    let staged = StagedProducers::new();
    for n in 0..7 {
        let found = state.find_duplicate(&staged, &data(1, 0, n * 2, 99, 2));
        let expected = (n >= 2).then(|| (at(i64::from(n) * 2), at(i64::from(n) * 2 + 1)));
        assert_eq!(found.map(|kept| (kept.first_offset(), kept.last_offset)), expected);
    }
    assert_eq!(state.find_duplicate(&staged, &data(1, 0, 12, 99, 1)), None, "another size is another batch");
    assert_eq!(state.find_duplicate(&staged, &data(1, 1, 12, 99, 2)), None, "another epoch is another batch");
}

#[test]
fn coordinators_write_without_sequences() {
    let mut state = ProducerState::new(at(0));
    let offsets =
        |base| ProducerBatch { kind: BatchKind::Data { sequences: None }, ..transactional(1, 0, 0, base, 1) };
    for base in 0..3 {
        assert_eq!(offer(&mut state, offsets(base), AppendOrigin::Coordinator), Ok(()));
    }
    assert_eq!(state.producer(ProducerId::at(1)).and_then(ProducerEntry::last_sequence), None);
    assert_eq!(state.first_undecided_offset(), Some(at(0)));
}

#[test]
fn a_plain_batch_inside_a_transaction_is_refused() {
    let mut state = ProducerState::new(at(0));
    client(&mut state, transactional(1, 0, 0, 0, 1)).unwrap_or_else(|error| panic!("{error}"));
    assert!(matches!(
        client(&mut state, data(1, 0, 1, 1, 1)),
        Err(ProducerError::InvalidTransactionState { .. })
    ));
    assert_eq!(offer(&mut state, data(1, 0, 1, 1, 1), AppendOrigin::Replication), Ok(()));
}

#[test]
fn a_marker_ends_the_transaction_and_a_fenced_coordinator_does_not() {
    let mut state = ProducerState::new(at(0));
    client(&mut state, transactional(1, 0, 0, 0, 1)).unwrap_or_else(|error| panic!("{error}"));
    let commit = |epoch, base, coordinator| marker(1, epoch, base, EndMarker::Commit, coordinator);
    assert_eq!(offer(&mut state, commit(0, 1, 5), AppendOrigin::Coordinator), Ok(()));
    assert_eq!(state.first_undecided_offset(), None);
    client(&mut state, transactional(1, 0, 1, 2, 1)).unwrap_or_else(|error| panic!("{error}"));
    assert!(matches!(
        offer(&mut state, commit(0, 3, 4), AppendOrigin::Coordinator),
        Err(ProducerError::CoordinatorFenced { got: 4, current: 5, .. })
    ));
    assert_eq!(offer(&mut state, commit(1, 3, 5), AppendOrigin::Coordinator), Ok(()));
    assert!(matches!(
        offer(&mut state, commit(0, 4, 5), AppendOrigin::Coordinator),
        Err(ProducerError::InvalidProducerEpoch { .. })
    ));
}

#[test]
fn markers_of_version_2_bump_the_epoch_and_their_repeats_are_taken() {
    let mut state = ProducerState::new(at(0));
    client(&mut state, transactional(1, 3, 0, 0, 1)).unwrap_or_else(|error| panic!("{error}"));
    let commit = |epoch, base| v2(marker(1, epoch, base, EndMarker::Commit, 5));
    assert!(matches!(
        offer(&mut state, commit(3, 1), AppendOrigin::Coordinator),
        Err(ProducerError::InvalidProducerEpoch { .. })
    ));
    assert_eq!(offer(&mut state, commit(4, 1), AppendOrigin::Coordinator), Ok(()));
    assert_eq!(offer(&mut state, commit(4, 2), AppendOrigin::Coordinator), Ok(()), "a repeat");
    client(&mut state, transactional(1, 4, 0, 3, 1)).unwrap_or_else(|error| panic!("{error}"));
    assert!(
        matches!(
            offer(&mut state, commit(4, 4), AppendOrigin::Coordinator),
            Err(ProducerError::InvalidProducerEpoch { .. })
        ),
        "a delayed marker does not end the next transaction"
    );
}

#[test]
fn unstable_is_what_is_open_or_whose_marker_is_not_replicated() {
    let mut state = ProducerState::new(at(0));
    client(&mut state, transactional(1, 0, 0, 0, 2)).unwrap_or_else(|error| panic!("{error}"));
    client(&mut state, transactional(2, 0, 0, 2, 2)).unwrap_or_else(|error| panic!("{error}"));
    let commit = |id, base| marker(id, 0, base, EndMarker::Commit, 0);
    offer(&mut state, commit(2, 4), AppendOrigin::Coordinator).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(state.first_unstable_offset(), Some(at(0)));
    offer(&mut state, commit(1, 5), AppendOrigin::Coordinator).unwrap_or_else(|error| panic!("{error}"));
    state.on_high_watermark(at(5));
    assert_eq!(state.first_unstable_offset(), Some(at(0)), "the later marker holds the earlier start");
    state.on_high_watermark(at(6));
    assert_eq!(state.first_unstable_offset(), None);
}

#[test]
fn aborted_transactions_know_the_stable_offset_after_them() {
    let mut state = ProducerState::new(at(0));
    let mut aborted = Vec::new();
    for batch in [
        transactional(1, 0, 0, 0, 2),
        transactional(2, 0, 0, 2, 2),
        marker(1, 0, 4, EndMarker::Abort, 0),
        marker(2, 0, 5, EndMarker::Abort, 0),
    ] {
        state.replay(&batch, &mut aborted);
    }
    let facts: Vec<_> = aborted
        .iter()
        .map(|a| (a.producer_id.get(), a.first_offset.get(), a.last_offset.get(), a.last_stable_offset.get()))
        .collect();
    assert_eq!(facts, [(1, 0, 4, 2), (2, 2, 5, 6)]);
}

#[test]
fn idle_producers_expire_unless_a_transaction_is_open() {
    let mut state = ProducerState::new(at(0));
    client(&mut state, data(1, 0, 0, 0, 1)).unwrap_or_else(|error| panic!("{error}"));
    client(&mut state, transactional(2, 0, 0, 1, 1)).unwrap_or_else(|error| panic!("{error}"));
    let day = DAY.as_millis() as i64;
    state.expire(ms(day - 1), DAY);
    assert_eq!(state.producers().len(), 2);
    state.expire(ms(day), DAY);
    assert_eq!(state.producers().map(|p| p.producer_id().get()).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_transaction_needs_its_verification() {
    let mut state = ProducerState::new(at(0));
    let producer = (ProducerId::at(1), ProducerEpoch::at(0));
    let staged = StagedProducers::new();
    let batch = transactional(1, 0, 0, 0, 1);
    assert!(state.check_verified(&staged, &batch, None).is_err());
    let guard = state.start_verification(ms(0), producer, 0, TransactionVersion::V0);
    let guard = guard.unwrap_or_else(|error| panic!("{error}"));
    assert!(guard.is_some());
    assert!(state.check_verified(&staged, &batch, None).is_err());
    assert_eq!(state.check_verified(&staged, &batch, guard), Ok(()));
    client(&mut state, batch).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(state.start_verification(ms(0), producer, 1, TransactionVersion::V0), Ok(None), "it is open");
    assert_eq!(state.check_verified(&staged, &transactional(1, 0, 1, 1, 1), None), Ok(()));
    let abort = marker(1, 0, 1, EndMarker::Abort, 0);
    offer(&mut state, abort, AppendOrigin::Coordinator).unwrap_or_else(|error| panic!("{error}"));
    assert!(
        state.check_verified(&staged, &transactional(1, 0, 1, 2, 1), guard).is_err(),
        "a guard serves once"
    );
}

#[test]
fn a_batch_must_not_overtake_one_that_waits_for_verification() {
    let mut state = ProducerState::new(at(0));
    let producer = (ProducerId::at(1), ProducerEpoch::at(0));
    for sequence in [5, 3, 7] {
        let started = state.start_verification(ms(0), producer, sequence, TransactionVersion::V0);
        assert!(started.is_ok());
    }
    assert_eq!(expected_sequence(client(&mut state, transactional(1, 0, 5, 0, 1))), Some(3));
    assert_eq!(client(&mut state, transactional(1, 0, 3, 0, 1)), Ok(()));
}

#[test]
fn under_version_2_an_unknown_producer_begins_at_zero() {
    let mut state = ProducerState::new(at(0));
    let producer = (ProducerId::at(1), ProducerEpoch::at(0));
    assert!(state.start_verification(ms(0), producer, 4, TransactionVersion::V2).is_ok());
    assert_eq!(expected_sequence(client(&mut state, transactional(1, 0, 4, 0, 1))), Some(0));
}

#[test]
fn an_end_marker_of_the_old_transaction_leaves_the_next_verification() {
    let mut state = ProducerState::new(at(0));
    client(&mut state, transactional(1, 0, 0, 0, 1)).unwrap_or_else(|error| panic!("{error}"));
    let next = (ProducerId::at(1), ProducerEpoch::at(1));
    let guard = state.start_verification(ms(0), next, 0, TransactionVersion::V2);
    let guard = guard.unwrap_or_else(|error| panic!("{error}"));
    let commit = v2(marker(1, 1, 1, EndMarker::Commit, 0));
    offer(&mut state, commit, AppendOrigin::Coordinator).unwrap_or_else(|error| panic!("{error}"));
    assert!(state.is_verified(ProducerId::at(1), guard));
}

#[test]
fn a_refused_request_leaves_no_trace() {
    let state = ProducerState::new(at(0));
    let mut staged = StagedProducers::new();
    staged.begin_request();
    assert_eq!(state.check(&mut staged, &data(1, 0, 0, 0, 1), AppendOrigin::Client), Ok(()));
    staged.begin_request();
    assert_eq!(state.check(&mut staged, &data(1, 0, 1, 1, 1), AppendOrigin::Client), Ok(()));
    assert!(state.check(&mut staged, &data(1, 0, 9, 2, 1), AppendOrigin::Client).is_err());
    staged.roll_back_request();
    staged.begin_request();
    assert_eq!(state.check(&mut staged, &data(1, 0, 1, 1, 1), AppendOrigin::Client), Ok(()));
}

/// One step of a log: what a leader would accept, by small numbers.
fn any_batch() -> impl Strategy<Value = (u8, i64, i64)> {
    (0..4u8, 1..4i64, 1..5i64)
}

proptest! {
    /// Whatever the leader accepts request by request, a replica that replays the batches has.
    #[test]
    fn state_is_a_fold_of_the_log(steps in prop::collection::vec(any_batch(), 1..60), split in 1..8usize) {
        let mut leader = ProducerState::new(at(0));
        let (mut log, mut next) = (Vec::new(), 0);
        let mut sequences = [0i32; 4];
        let mut staged = StagedProducers::new();
        let mut leader_aborted = Vec::new();
        for (n, &(kind, id, count)) in steps.iter().enumerate() {
            let sequence = sequences[id as usize];
            let (batch, origin) = match kind {
                0 => (data(id, 0, sequence, next, count), AppendOrigin::Client),
                1 => (transactional(id, 0, sequence, next, count), AppendOrigin::Client),
                2 => (marker(id, 0, next, EndMarker::Commit, 0), AppendOrigin::Coordinator),
                _ => (marker(id, 0, next, EndMarker::Abort, 0), AppendOrigin::Coordinator),
            };
            staged.begin_request();
            if leader.check(&mut staged, &batch, origin).is_ok() {
                if kind < 2 {
                    sequences[id as usize] = sequence + count as i32;
                }
                next = batch.last_offset.get() + 1;
                log.push(batch);
            } else {
                staged.roll_back_request();
            }
            if n % split == 0 {
                leader.apply(&mut staged, &mut leader_aborted);
                leader.advance_end_offset(at(next));
            }
        }
        leader.apply(&mut staged, &mut leader_aborted);
        leader.advance_end_offset(at(next));
        let mut replica = ProducerState::new(at(0));
        let mut aborted = Vec::new();
        for batch in &log {
            replica.replay(batch, &mut aborted);
        }
        prop_assert_eq!(&replica, &leader);
        prop_assert_eq!(aborted, leader_aborted);
    }
}

/// A snapshot file has only the newest batch of each producer.
fn as_restored(state: &ProducerState) -> ProducerState {
    let entry = |known: &ProducerEntry| {
        let (epoch, time) = (known.epoch(), known.last_timestamp());
        let blank = ProducerEntry::restored(known.producer_id(), epoch, None, time, None);
        known.last_batch().map_or(blank, |newest| blank.with_last_batch(*newest))
    };
    ProducerState::restored(state.end_offset(), state.producers().map(entry), ms(0), DAY)
}

#[test]
fn a_restored_state_recalls_windows_from_the_tail_of_its_log_where_both_end_alike() {
    let batches: Vec<_> = (0..7).map(|n| data(1, 0, n * 2, i64::from(n) * 2, 2)).collect();
    let (mut whole, mut tail) = (ProducerState::new(at(0)), ProducerState::new(at(4)));
    batches.iter().for_each(|batch| whole.replay(batch, &mut Vec::new()));
    batches[2..].iter().for_each(|batch| tail.replay(batch, &mut Vec::new()));
    let mut state = as_restored(&whole);
    assert_ne!(state, whole);
    state.recall(&tail);
    assert_eq!(state, whole);
    // Another incarnation of the producer, and a tail that ends elsewhere, tell nothing of it.
    for other in [data(1, 1, 0, 14, 2), data(1, 0, 14, 14, 2)] {
        let mut parted = tail.clone();
        parted.replay(&other, &mut Vec::new());
        let mut state = as_restored(&whole);
        state.recall(&parted);
        assert_eq!(state, as_restored(&whole));
    }
}
