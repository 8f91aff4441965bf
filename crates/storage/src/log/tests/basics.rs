//! Append, read, roll, flush, truncate and reopen.

use super::*;

#[test]
fn appended_batches_are_read_back_across_segments() {
    let bench = Bench::small();
    let mut log = bench.open();
    let mut expected = Vec::new();
    for n in 0..100 {
        let info = append(&mut log, batch(3, 50, n));
        expected.push((info.first_offset.get(), info.last_offset.get()));
    }
    assert!(log.segment_count() > 5);
    log.set_high_watermark(at(300));
    assert_eq!(read_all(&log, 0), expected);
    assert_eq!(read_all(&log, 151), expected[50..]);
    for offset in 0..300 {
        assert_eq!(read_all(&log, offset)[0], expected[offset as usize / 3]);
    }
}

#[test]
fn batches_carry_the_offsets_and_the_epoch_of_the_leader() {
    let bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, batch(3, 10, 1));
    log.become_leader(epoch(4));
    let mut bytes = batch(2, 10, 2);
    append_as(&mut log, AppendOrigin::Client, &mut bytes, 4).unwrap();
    let slice = log.view().load().read(&read_request(3, 1000)).unwrap().unwrap();
    let stored = bytes_of(&slice);
    assert_eq!(stored, bytes, "written verbatim after stamping");
    let header = *Batches::new(&stored).next().unwrap().unwrap().header();
    assert_eq!((header.base_offset(), header.leader_epoch()), (at(3), Some(epoch(4))));
    assert_eq!(log.epochs().entries().len(), 2);
}

#[test]
fn rule_9_a_read_never_passes_the_high_watermark_wherever_segments_rolled() {
    let bench = Bench::small();
    let mut log = bench.open();
    for n in 0..30 {
        append(&mut log, batch(3, 50, n));
    }
    for high_watermark in [0, 3, 30, 45, 90] {
        log.set_high_watermark(at(high_watermark));
        log.publish();
        let view = log.view().load();
        let request = ReadRequest { isolation: Isolation::HighWatermark, ..read_request(0, u32::MAX) };
        let mut next = 0;
        while let Some(slice) = view.read(&ReadRequest { offset: at(next), ..request }).unwrap() {
            for batch in Batches::new(&bytes_of(&slice)) {
                next = batch.unwrap().header().next_offset().get();
            }
        }
        assert_eq!(next, high_watermark);
        log.high_watermark = at(0);
    }
}

#[test]
fn offsets_outside_the_log_are_out_of_range() {
    let bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, batch(10, 10, 1));
    log.set_high_watermark(at(10));
    log.advance_log_start(at(4), LogStartReason::ClientRecordDeletion);
    log.publish();
    let view = log.view().load();
    assert!(matches!(view.read(&read_request(3, 100)), Err(ReadError::OutOfRange { .. })));
    assert!(matches!(view.read(&read_request(11, 100)), Err(ReadError::OutOfRange { .. })));
    assert!(view.read(&read_request(10, 100)).unwrap().is_none());
    assert_eq!(view.read(&read_request(4, 100)).unwrap().unwrap().base_offset, at(0));
}

#[test]
fn a_first_batch_larger_than_the_limit_is_whole_or_cut_as_asked() {
    let bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, batch(1, 500, 1));
    let view = log.view().load();
    let whole = view.read(&read_request(0, 10)).unwrap().unwrap();
    assert!(!whole.first_batch_cut && whole.len > 500);
    let request = ReadRequest { min_one_batch: MinOneBatch::No, ..read_request(0, 10) };
    let cut = view.read(&request).unwrap().unwrap();
    assert!(cut.first_batch_cut && cut.len == 10);
}

#[test]
fn a_closed_log_opens_as_it_was_and_reads_no_batch() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    log.become_leader(epoch(1));
    for n in 0..50 {
        append(&mut log, batch(2, 80, n));
    }
    log.set_high_watermark(at(90));
    log.publish();
    let expected = read_all(&log, 0);
    bench.stop(log);
    bench.restart();
    assert!(matches!(bench.dir.last_shutdown(), Shutdown::Clean { .. }));
    let opened = bench.try_open().unwrap();
    assert_eq!(opened.report, RecoveryReport::default());
    let mut log = opened.log;
    assert_eq!(
        (log.log_end_offset(), log.high_watermark(), log.recovery_point()),
        (at(100), at(90), at(100))
    );
    assert_eq!(read_all(&log, 0), expected);
    append(&mut log, batch(1, 10, 99));
    assert_eq!(read_all(&log, 100), [(100, 100)]);
}

#[test]
fn a_killed_process_loses_nothing_it_wrote() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    for n in 0..50 {
        append(&mut log, batch(2, 80, n));
    }
    let expected = read_all(&log, 0);
    drop(log);
    bench.restart();
    assert_eq!(bench.dir.last_shutdown(), Shutdown::Unclean);
    let opened = bench.try_open().unwrap();
    assert!(opened.report.verified_bytes > 0 && opened.report.truncated_bytes == 0);
    assert_eq!(read_all(&opened.log, 0), expected);
    assert_eq!(opened.log.epochs().entries().len(), 1);
}

#[test]
fn a_torn_tail_is_cut() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    for n in 0..5 {
        append(&mut log, batch(2, 80, n));
    }
    drop(log);
    bench.disk.corrupt(&bench.path("00000000000000000000.log"), |bytes| bytes.truncate(bytes.len() - 7));
    bench.restart();
    let opened = bench.try_open().unwrap();
    assert!(opened.report.truncated_bytes > 0 && opened.report.kept_aside.is_none());
    assert_eq!(opened.log.log_end_offset(), at(8));
}

#[test]
fn damage_above_the_recovery_point_is_cut_and_valid_batches_behind_it_are_kept_aside() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    for n in 0..5 {
        append(&mut log, batch(2, 80, n));
    }
    drop(log);
    bench.disk.corrupt(&bench.path("00000000000000000000.log"), |bytes| bytes[300] ^= 1);
    bench.restart();
    let opened = bench.try_open().unwrap();
    assert_eq!(opened.log.log_end_offset(), at(2));
    let kept = opened.report.kept_aside.unwrap();
    assert!(kept.ends_with("00000000000000000002.log.corrupt"));
    assert_eq!(bench.disk.content(&kept).unwrap().len() as u64, opened.report.truncated_bytes);
}

#[test]
fn damage_of_flushed_bytes_is_refused_until_a_cut_is_allowed() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    for n in 0..5 {
        append(&mut log, batch(2, 80, n));
    }
    flush(&mut log, ms(0));
    append(&mut log, batch(2, 80, 9));
    bench.dir.write_checkpoint(CheckpointKind::RecoveryPoint).unwrap();
    drop(log);
    bench.disk.corrupt(&bench.path("00000000000000000000.log"), |bytes| bytes[300] ^= 1);
    bench.restart();
    let Err(OpenLogError::Damaged { offset, .. }) = bench.try_open() else { panic!("damage is named") };
    assert_eq!(offset, at(2));
    let opened = bench.dir.open_log(OpenLog { cut_damage: true, ..bench.request() }).unwrap();
    assert_eq!(opened.log.log_end_offset(), at(2));
    assert!(opened.report.kept_aside.is_some());
}

#[test]
fn truncation_cuts_whole_batches_and_the_epochs_after_it() {
    let bench = Bench::small();
    let mut log = bench.open();
    for n in 0..40 {
        if n % 10 == 0 {
            log.become_leader(epoch(n / 10));
        }
        let mut bytes = batch(3, 50, i64::from(n));
        append_as(&mut log, AppendOrigin::Client, &mut bytes, n / 10).unwrap();
    }
    let truncation = log.truncate_to(at(46), ms(0)).unwrap();
    assert_eq!((truncation.from, truncation.to), (at(120), at(46)));
    log.publish();
    assert_eq!(log.log_end_offset(), at(46));
    assert_eq!(read_all(&log, 0).last(), Some(&(42, 44)));
    assert_eq!(log.epochs().latest_epoch(), Some(epoch(1)));
    log.become_leader(epoch(9));
    assert_eq!(append(&mut log, batch(1, 10, 1)).first_offset, at(46));
    assert_eq!(read_all(&log, 45), [(46, 46)], "a gap is passed over");
    run_jobs(&mut log);
    assert!(!bench.names().iter().any(|name| name.ends_with(".deleted")));
}

#[test]
fn a_truncated_log_can_start_elsewhere() {
    let bench = Bench::small();
    let mut log = bench.open();
    for n in 0..40 {
        append(&mut log, batch(3, 50, n));
    }
    log.truncate_fully_and_start_at(at(1000), None, ms(0)).unwrap();
    log.publish();
    assert_eq!((log.log_start_offset(), log.log_end_offset()), (at(1000), at(1000)));
    assert_eq!(append(&mut log, batch(1, 10, 1)).first_offset, at(1000));
    run_jobs(&mut log);
    let logs: Vec<_> = bench.names().into_iter().filter(|name| name.contains(".log")).collect();
    assert_eq!(logs, ["00000000000000001000.log"]);
}

#[test]
fn several_requests_are_one_write_and_a_refused_one_takes_no_offset() {
    let bench = Bench::new(LogConfig::default());
    let mut log = bench.open();
    let mut batches =
        [sequenced(1, 0, 0, 2), sequenced(1, 0, 7, 2), sequenced(1, 0, 2, 2), sequenced(1, 0, 0, 2)];
    let mut requests = requests(&mut batches);
    let mut results = Vec::new();
    log.append(&mut requests, ms(0), &mut results);
    let first = |at: usize| results[at].as_ref().unwrap().first_offset;
    assert_eq!(first(0), at(0));
    assert!(matches!(
        results[1],
        Err(AppendError::Producer(ProducerError::OutOfOrderSequence { expected: 2, .. }))
    ));
    assert_eq!(first(2), at(2));
    assert!(results[3].as_ref().unwrap().duplicate, "a repeat within one write is recognised");
    assert_eq!(first(3), at(0));
    assert_eq!(log.log_end_offset(), at(4));
}

#[test]
fn a_batch_in_two_pieces_is_written_as_one() {
    let bench = Bench::new(LogConfig::default());
    let mut log = bench.open();
    let (first, second) = (sequenced(1, 0, 0, 2), sequenced(1, 0, 2, 3));
    let mut pieces =
        [first.clone(), second.clone()].map(|batch| (batch[..61].to_vec(), batch[61..].to_vec()));
    let mut requests: Vec<_> = pieces
        .iter_mut()
        .map(|(head, rest)| LeaderAppend {
            batches: head,
            rest,
            origin: AppendOrigin::Client,
            leader_epoch: epoch(0),
            verification: None,
            transaction_version: TransactionVersion::V0,
        })
        .collect();
    let mut results = Vec::new();
    log.append(&mut requests, ms(0), &mut results);
    log.publish();
    assert_eq!(results[1].as_ref().unwrap().first_offset, at(2));
    assert_eq!(log.size(), (first.len() + second.len()) as u64);
    log.set_high_watermark(at(5));
    log.publish();
    assert_eq!(read_all(&log, 0), [(0, 1), (2, 4)]);
}

#[test]
fn a_batch_whose_records_are_cut_off_is_refused() {
    let bench = Bench::new(LogConfig::default());
    let mut log = bench.open();
    let batch = sequenced(1, 0, 0, 2);
    let (mut head, rest) = (batch[..61].to_vec(), &batch[61..batch.len() - 1]);
    let request = LeaderAppend {
        batches: &mut head,
        rest,
        origin: AppendOrigin::Client,
        leader_epoch: epoch(0),
        verification: None,
        transaction_version: TransactionVersion::V0,
    };
    let mut results = Vec::new();
    log.append(&mut [request], ms(0), &mut results);
    assert!(matches!(results[0], Err(AppendError::Malformed { .. })));
    assert_eq!(log.log_end_offset(), at(0));
}

#[test]
fn a_follower_appends_what_the_leader_wrote_and_stops_at_the_first_bad_batch() {
    let (leader, follower) = (Bench::small(), Bench::small());
    let (mut leader_log, mut log) = (leader.open(), follower.open());
    let mut sent = Vec::new();
    for n in 0..20 {
        let mut bytes = batch(3, 50, n);
        append_as(&mut leader_log, AppendOrigin::Client, &mut bytes, 2).unwrap();
        sent.extend_from_slice(&bytes);
    }
    let size = sent.len() / 20;
    let appended = log.append_as_follower(&sent[..size * 5 + 30], epoch(2), ms(0)).unwrap();
    assert_eq!((appended.batches, appended.log_end_offset, appended.stopped), (5, at(15), None));
    let again = log.append_as_follower(&sent[..size], epoch(2), ms(0)).unwrap();
    assert_eq!(again.stopped, Some(FollowerStop::UnexpectedOffset { expected: at(15), got: at(0) }));
    let mut damaged = sent[size * 5..].to_vec();
    damaged[size * 2 + 70] ^= 1;
    let appended = log.append_as_follower(&damaged, epoch(2), ms(0)).unwrap();
    assert!(matches!(appended.stopped, Some(FollowerStop::Corrupt { at: offset, .. }) if offset == at(21)));
    let early = log.append_as_follower(&sent[size * 7..], epoch(1), ms(0)).unwrap();
    assert_eq!(early.stopped, Some(FollowerStop::LaterEpoch { at: at(21), epoch: epoch(2) }));
    let appended = log.append_as_follower(&sent[size * 7..], epoch(2), ms(0)).unwrap();
    assert_eq!(appended.log_end_offset, at(60));
    log.publish();
    assert_eq!(read_all(&log, 0), read_all(&leader_log, 0));
}

#[test]
fn segments_roll_by_time_between_records() {
    let bench = Bench::new(LogConfig { segment_ms: Duration::from_millis(100), ..LogConfig::default() });
    let mut log = bench.open();
    for timestamp in [1000, 1050, 1100, 1101, 1201, 1202] {
        append(&mut log, batch(1, 10, timestamp));
    }
    let bases: Vec<_> = log.segments.iter().map(|segment| segment.base_offset().get()).collect();
    assert_eq!(bases, [0, 3, 5]);
}

#[test]
fn offsets_are_found_by_time() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    for n in 0..60 {
        append(&mut log, batch(3, 50, 1000 + n * 10));
    }
    let check = |log: &Log| {
        let view = log.view().load();
        for timestamp in [0, 1000, 1001, 1010, 1295, 1300, 1590] {
            let found = view.offset_for_timestamp(ms(timestamp)).unwrap().unwrap();
            let expected = (timestamp.max(1000) - 1000 + 9) / 10 * 3;
            assert_eq!((found.offset, found.timestamp), (at(expected), Some(ms(1000 + expected / 3 * 10))));
        }
        assert_eq!(view.offset_for_timestamp(ms(1591)).unwrap(), None);
        let max = view.offset_of_max_timestamp().unwrap().unwrap();
        assert_eq!((max.offset, max.timestamp), (at(177), Some(ms(1590))));
    };
    check(&log);
    bench.stop(log);
    bench.restart();
    check(&bench.open());
}

#[test]
fn retention_removes_old_segments_and_moves_the_start() {
    let mut bench = Bench::small();
    bench.config.retention_bytes = Some(4000);
    let mut log = bench.open();
    for n in 0..60 {
        append(&mut log, batch(3, 50, 1_000_000 + n));
    }
    log.set_high_watermark(at(180));
    let report = log.apply_retention(bench.now).unwrap();
    assert!(report.segments > 0 && log.size() >= 4000 && log.size() - 2000 < 4000);
    assert_eq!(log.log_start_offset(), log.segments[0].base_offset());
    run_jobs(&mut log);
    log.publish();
    assert_eq!(read_all(&log, log.log_start_offset().get()).last(), Some(&(177, 179)));
    assert_eq!(bench.names().iter().filter(|name| name.ends_with(".log")).count(), log.segment_count());
}

#[test]
fn everything_can_expire_and_the_log_goes_on() {
    let bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, batch(3, 50, 1000));
    log.set_high_watermark(at(3));
    let later = ms(1000 + 8 * 24 * 3600 * 1000);
    assert_eq!(log.apply_retention(later).unwrap().segments, 1);
    assert_eq!((log.log_start_offset(), log.segment_count()), (at(3), 1));
    assert_eq!(append(&mut log, batch(1, 10, 1)).first_offset, at(3));
}

#[test]
fn the_log_start_survives_a_restart_once_checkpointed() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, batch(10, 10, 1));
    log.set_high_watermark(at(10));
    assert!(log.advance_log_start(at(7), LogStartReason::ClientRecordDeletion));
    assert!(!log.advance_log_start(at(6), LogStartReason::ClientRecordDeletion));
    bench.dir.write_checkpoint(CheckpointKind::LogStart).unwrap();
    drop(log);
    bench.restart();
    assert_eq!(bench.open().log_start_offset(), at(7));
}

#[test]
fn a_directory_of_another_topic_id_is_refused() {
    let bench = Bench::small();
    drop(bench.open());
    let other = OpenLog { topic_id: TopicId::new(Uuid::from_u128(99)), ..bench.request() };
    assert!(matches!(bench.dir.open_log(other), Err(OpenLogError::TopicId { .. })));
}

#[test]
fn a_deleted_partition_is_renamed_and_readers_finish() {
    let bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, batch(3, 50, 1));
    let slice = log.view().load().read(&read_request(0, 1000)).unwrap().unwrap();
    let name = log.rename(PartitionDirKind::Delete, Uuid::from_u128(5)).unwrap();
    assert_eq!(name.name, "t-0.00000000000000000000000000000005-delete");
    assert_eq!(bytes_of(&slice).len(), slice.len as usize);
    bench.dir.remove_deleted(&name).unwrap();
    assert!(bench.dir.partitions().is_empty());
    assert_eq!(bench.open().log_end_offset(), at(0));
}

#[test]
fn the_recovery_point_follows_flushes_and_not_rolled_back_ones() {
    let bench = Bench::new(LogConfig { flush_messages: 5, ..LogConfig::default() });
    let mut log = bench.open();
    append(&mut log, batch(3, 10, 1));
    assert!(!log.needs_flush(ms(0)));
    append(&mut log, batch(3, 10, 1));
    assert!(log.needs_flush(ms(0)));
    let job = log.flush_job(ms(0)).unwrap().unwrap();
    append(&mut log, batch(3, 10, 1));
    log.on_job(job.run());
    assert_eq!(log.recovery_point(), at(6));
    let job = log.flush_job(ms(0)).unwrap().unwrap();
    log.truncate_to(at(2), ms(0)).unwrap();
    append(&mut log, batch(9, 10, 1));
    log.on_job(job.run());
    assert_eq!(log.recovery_point(), at(2), "the flush was of bytes that are gone");
}

#[test]
fn a_log_that_starts_within_a_segment_survives_an_unclean_stop() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    for n in 0..5 {
        append(&mut log, batch(1, 10, n));
    }
    log.set_high_watermark(at(3));
    log.advance_log_start(at(2), LogStartReason::ClientRecordDeletion);
    bench.dir.write_checkpoint(CheckpointKind::LogStart).unwrap();
    drop(log);
    bench.restart();
    let log = bench.open();
    assert_eq!((log.log_start_offset(), log.log_end_offset()), (at(2), at(5)));
}

/// One batch of a compacted log: a record at `base`, the last at `base + delta`.
fn sparse(base: i64, delta: i32, timestamp: i64) -> Vec<u8> {
    let mut bytes = batch(2, 150, timestamp);
    bytes[..8].copy_from_slice(&base.to_be_bytes());
    bytes[12..16].copy_from_slice(&2_i32.to_be_bytes());
    bytes[23..27].copy_from_slice(&delta.to_be_bytes());
    let crc = klamm_protocol::records::crc32c(&bytes[21..]);
    bytes[17..21].copy_from_slice(&crc.to_be_bytes());
    bytes
}

#[test]
fn a_follower_indexes_sparse_batches_one_by_one_by_their_last_offset_as_kafka_does() {
    let bench = Bench::small();
    let mut log = bench.open();
    let sent = [sparse(10, 90, 7), sparse(500, 99, 3), sparse(1_000, 5, 9), sparse(1_006, 1, 8)];
    let size = sent[0].len();
    assert!(size > 200, "each batch is due an index entry for the next");
    let appended = log.append_as_follower(&sent.concat(), epoch(2), ms(0)).unwrap();
    assert_eq!((appended.batches, appended.log_end_offset), (4, at(1_008)));
    log.close(bench.now).unwrap();
    let entry = |offset: i32, position: usize| {
        [offset.to_be_bytes(), i32::try_from(position).unwrap().to_be_bytes()].concat()
    };
    let offsets = [entry(599, size), entry(1_005, 2 * size), entry(1_007, 3 * size)].concat();
    assert_eq!(bench.disk.content(&bench.path("00000000000000000000.index")).unwrap(), offsets);
    let time = |timestamp: i64, offset: i32| {
        [timestamp.to_be_bytes().as_slice(), offset.to_be_bytes().as_slice()].concat()
    };
    let times = [time(7, 100), time(9, 1_005)].concat();
    assert_eq!(bench.disk.content(&bench.path("00000000000000000000.timeindex")).unwrap(), times);
}

#[test]
fn a_follower_begins_a_segment_where_sparse_offsets_pass_what_one_can_tell() {
    let bench = Bench::new(LogConfig::default());
    let mut log = bench.open();
    let far = i64::from(i32::MAX);
    let sent =
        [sparse(0, 1, 1), sparse(far - 1, 1, 2), sparse(far + 1, 1, 3), sparse(3 * far, 1, 4)].concat();
    let appended = log.append_as_follower(&sent, epoch(2), ms(0)).unwrap();
    assert_eq!((appended.batches, appended.log_end_offset), (4, at(3 * far + 2)));
    log.publish();
    let bases: Vec<_> =
        bench.names().into_iter().filter_map(|name| name.strip_suffix(".log").map(String::from)).collect();
    assert_eq!(bases, [0, far + 1, 3 * far].map(|base| format!("{base:020}")));
    assert_eq!(read_all(&log, 0), [(0, 1), (far - 1, far), (far + 1, far + 2), (3 * far, 3 * far + 1)]);
}

#[test]
fn an_empty_follower_takes_a_batch_whole_within_which_its_leader_begins() {
    let bench = Bench::small();
    let mut log = bench.open();
    log.truncate_fully_and_start_at(at(7), None, ms(0)).unwrap();
    let sent = [sparse(5, 4, 1), sparse(10, 1, 2)].concat();
    let appended = log.append_as_follower(&sent, epoch(2), ms(0)).unwrap();
    assert_eq!((appended.batches, appended.stopped), (2, None));
    assert_eq!((log.log_start_offset(), log.log_end_offset()), (at(5), at(12)));
    let again = log.append_as_follower(&sent, epoch(2), ms(0)).unwrap();
    assert!(
        matches!(again.stopped, Some(FollowerStop::UnexpectedOffset { .. })),
        "not into one with records"
    );
}
