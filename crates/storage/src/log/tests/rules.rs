//! Rules of a log's offsets and reads: each test says the rule that keeps a known bug of Kafka away.

use super::*;

fn ordered(log: &Log) -> [i64; 4] {
    let view = log.view().load();
    let offsets =
        [view.log_start_offset(), view.last_stable_offset(), view.high_watermark(), view.log_end_offset()];
    assert!(offsets.is_sorted(), "{offsets:?}");
    offsets.map(Offset::get)
}

#[test]
fn rule_8_start_stable_high_watermark_and_end_stay_in_order_whatever_is_cut() {
    let bench = Bench::small();
    let mut log = bench.open();
    for n in 0..20 {
        append(&mut log, batch(3, 50, n));
    }
    log.set_high_watermark(at(50));
    log.publish();
    assert_eq!(ordered(&log), [0, 50, 50, 60]);
    log.advance_log_start(at(55), LogStartReason::LeaderOffset);
    log.publish();
    assert_eq!(ordered(&log), [50, 50, 50, 60], "the start never passes what is committed");
    log.truncate_to(at(45), ms(0)).unwrap();
    log.publish();
    assert_eq!(ordered(&log), [45, 45, 45, 45]);
    // KAFKA-9491: the start moved and the high watermark did not.
    log.truncate_fully_and_start_at(at(500), None, ms(0)).unwrap();
    log.publish();
    assert_eq!(ordered(&log), [500; 4]);
}

#[test]
fn rule_10_a_read_goes_by_the_offsets_of_one_snapshot() {
    let bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, transactional(7, 0, 0, 2));
    append(&mut log, batch(3, 50, 1));
    log.set_high_watermark(at(4));
    log.publish();
    let before = log.view().load();
    append_as(&mut log, AppendOrigin::Coordinator, &mut marker(7, 0, TransactionEnd::Abort), 0).unwrap();
    log.set_high_watermark(at(6));
    log.publish();
    assert_eq!((before.last_stable_offset(), before.high_watermark()), (at(0), at(4)));
    let request = ReadRequest { isolation: Isolation::LastStable, ..read_request(0, u32::MAX) };
    assert!(before.read(&request).unwrap().is_none(), "the transaction is open in this snapshot");
    let after = log.view().load();
    let slice = after.read(&request).unwrap().unwrap();
    assert_eq!(after.aborted_transactions(at(0), &slice, Patience::Wait).unwrap().len(), 1);
}

#[test]
fn rule_22_a_read_ends_within_its_segment_and_the_next_begins_where_it_ended() {
    let bench = Bench::small();
    let mut log = bench.open();
    for n in 0..40 {
        append(&mut log, batch(3, 50, n));
    }
    assert!(log.segment_count() > 2);
    for max_bytes in [1, 300, 1_000, 5_000] {
        let view = log.view().load();
        let (mut next, mut found) = (at(0), Vec::new());
        while let Some(slice) = view.read(&read_request(next.get(), max_bytes)).unwrap() {
            let bytes = bytes_of(&slice);
            for batch in Batches::new(&bytes).map_while(Result::ok) {
                assert_eq!(batch.header().base_offset(), next, "with {max_bytes} bytes a read");
                next = batch.header().next_offset();
                found.push(next);
            }
        }
        assert_eq!((next, found.len()), (at(120), 40));
    }
}

#[test]
fn rule_54_every_batch_in_flight_is_recognised_after_a_restart_and_after_a_truncation() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    for n in 0..40 {
        append(&mut log, sequenced(7, 0, n * 2, 2));
        append(&mut log, sequenced(8, 0, n, 1));
    }
    assert!(log.segment_count() > 2, "the last batches of a producer lie in more than one segment");
    bench.stop(log);
    bench.restart();
    let mut log = bench.open();
    let are_recognised = |log: &mut Log, last: i32| {
        for n in last - 4..=last {
            let again = append(log, sequenced(7, 0, n * 2, 2));
            assert!(again.duplicate, "batch {n}: {again:?}");
            assert_eq!(again.first_offset, at(i64::from(n) * 3));
        }
        let older = try_append(log, sequenced(7, 0, (last - 5) * 2, 2));
        assert!(matches!(older, Err(AppendError::Producer(_))), "a window has five: {older:?}");
    };
    are_recognised(&mut log, 39);
    // The state of the new end is that of an older snapshot and what follows it.
    log.truncate_to(at(90), ms(0)).unwrap();
    log.publish();
    are_recognised(&mut log, 29);
}
