//! Transactions, markers and the last stable offset of a log.

use super::*;

fn marked(log: &mut Log, id: i64, end: TransactionEnd) -> AppendInfo {
    append_as(log, AppendOrigin::Coordinator, &mut marker(id, 0, end), 0).unwrap()
}

#[test]
fn a_retry_gets_its_old_offsets_and_a_gap_is_refused() {
    let bench = Bench::small();
    let mut log = bench.open();
    for n in 0..8 {
        append(&mut log, sequenced(1, 0, n * 3, 3));
    }
    let again = append(&mut log, sequenced(1, 0, 15, 3));
    assert!(again.duplicate);
    assert_eq!((again.first_offset, again.last_offset), (at(15), at(17)));
    let too_old = try_append(&mut log, sequenced(1, 0, 6, 3));
    assert!(matches!(too_old, Err(AppendError::Producer(ProducerError::OutOfOrderSequence { .. }))));
    let fenced = append(&mut log, sequenced(1, 1, 0, 1));
    assert_eq!(fenced.first_offset, at(24));
    let old_epoch = try_append(&mut log, sequenced(1, 0, 24, 1));
    assert!(matches!(old_epoch, Err(AppendError::Producer(ProducerError::InvalidProducerEpoch { .. }))));
}

#[test]
fn the_last_stable_offset_waits_for_the_oldest_open_transaction() {
    let bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, batch(2, 10, 1));
    append(&mut log, transactional(1, 0, 0, 2));
    append(&mut log, transactional(2, 0, 0, 2));
    log.set_high_watermark(at(6));
    assert_eq!(log.last_stable_offset(), at(2));
    marked(&mut log, 1, TransactionEnd::Commit);
    log.set_high_watermark(at(6));
    assert_eq!(log.last_stable_offset(), at(2), "the marker is not replicated yet");
    log.set_high_watermark(at(7));
    assert_eq!(log.last_stable_offset(), at(4));
    marked(&mut log, 2, TransactionEnd::Abort);
    log.set_high_watermark(at(8));
    assert_eq!(log.last_stable_offset(), at(8));
}

#[test]
fn aborted_transactions_are_found_across_segments_and_restarts() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    let mut aborted = Vec::new();
    for n in 0..40 {
        let first = append(&mut log, transactional(n % 3, 0, (n / 3) as i32 * 4, 4)).first_offset;
        append(&mut log, batch(2, 100, n));
        let end = if n % 2 == 0 { TransactionEnd::Abort } else { TransactionEnd::Commit };
        let last = marked(&mut log, n % 3, end).last_offset;
        if end == TransactionEnd::Abort {
            aborted.push((first.get(), last.get()));
        }
    }
    assert!(log.segment_count() > 3);
    let end = log.log_end_offset();
    log.set_high_watermark(end);
    log.publish();
    let check = |log: &Log| {
        let view = log.view().load();
        for from in (0..end.get()).step_by(5) {
            let request = ReadRequest { isolation: Isolation::LastStable, ..read_request(from, 700) };
            let slice = view.read(&request).unwrap().unwrap();
            let last = Batches::new(&bytes_of(&slice)).flatten().last().unwrap().header().last_offset().get();
            let found = view.aborted_transactions(at(from), &slice, Patience::Wait).unwrap();
            let found: Vec<_> = found.iter().map(|a| (a.first_offset.get(), a.last_offset.get())).collect();
            for transaction in &aborted {
                let touches = transaction.0 <= last && transaction.1 >= from;
                assert!(!touches || found.contains(transaction), "{transaction:?} from {from} to {last}");
            }
            assert!(found.iter().all(|transaction| aborted.contains(transaction) && transaction.1 >= from));
        }
    };
    check(&log);
    bench.stop(log);
    bench.restart();
    let log = bench.open();
    check(&log);
    drop(log);
    bench.restart();
    check(&bench.open());
}

#[test]
fn producers_are_a_function_of_the_log() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    for n in 0..30 {
        append(&mut log, sequenced(9, 0, n, 1));
        append(&mut log, transactional(n as i64 % 4, 0, n / 4 * 2, 2));
        if n % 4 == 3 {
            for id in 0..4 {
                marked(&mut log, id, TransactionEnd::Commit);
            }
        }
    }
    let live = log.producers().clone();
    assert!(live.first_undecided_offset().is_some());
    drop(log);
    bench.restart();
    let recovered = bench.open();
    let facts = |state: &ProducerState| {
        let producers: Vec<_> = state
            .producers()
            .map(|p| {
                (
                    p.producer_id(),
                    p.epoch(),
                    p.last_batch().map(|b| (b.last_sequence, b.last_offset)),
                    p.transaction_start(),
                )
            })
            .collect();
        (producers, state.first_undecided_offset(), state.end_offset())
    };
    assert_eq!(facts(recovered.producers()), facts(&live));
    bench.stop(recovered);
    bench.restart();
    assert_eq!(facts(bench.open().producers()), facts(&live));
}

#[test]
fn truncation_takes_producers_back() {
    let bench = Bench::small();
    let mut log = bench.open();
    for n in 0..40 {
        append(&mut log, sequenced(1, 0, n, 1));
        append(&mut log, batch(1, 100, 1));
    }
    log.truncate_to(at(31), ms(0)).unwrap();
    assert_eq!(log.producers().producer(ProducerId::at(1)).unwrap().last_sequence(), Some(15));
    assert_eq!(append(&mut log, sequenced(1, 0, 16, 1)).first_offset, at(31));
    log.truncate_to(at(0), ms(0)).unwrap();
    assert!(log.producers().is_empty());
}

#[test]
fn a_lost_snapshot_is_replaced_by_the_log() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    for n in 0..40 {
        append(&mut log, sequenced(1, 0, n, 1));
        append(&mut log, batch(1, 100, 1));
    }
    bench.stop(log);
    for name in bench.names().iter().filter(|name| name.ends_with(".snapshot")) {
        bench.disk.corrupt(&bench.path(name), |bytes| bytes[9] ^= 1);
    }
    bench.restart();
    let mut log = bench.open();
    assert!(append(&mut log, sequenced(1, 0, 39, 1)).duplicate);
    assert_eq!(append(&mut log, sequenced(1, 0, 40, 1)).first_offset, at(80));
}

#[test]
fn a_marker_without_a_transaction_changes_nothing_stable() {
    let bench = Bench::small();
    let mut log = bench.open();
    marked(&mut log, 5, TransactionEnd::Abort);
    log.set_high_watermark(at(1));
    assert_eq!(log.last_stable_offset(), at(1));
}
