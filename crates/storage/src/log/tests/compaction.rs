//! Compaction: the last value of each key stays, offsets and order stay, whatever interrupts it.

use std::collections::BTreeMap;

use klamm_protocol::records::{AnyBatches, Codec, Limits};
use proptest::prelude::*;

use super::*;
use crate::compaction::{Compaction, CompactionError, CompactionSettings, NextStep};
use crate::config::CleanupPolicy;

/// A record as a consumer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    offset: i64,
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
    timestamp: i64,
}

fn compacted() -> LogConfig {
    LogConfig {
        segment_bytes: 1500,
        index_interval_bytes: 150,
        file_delete_delay: Duration::ZERO,
        cleanup: CleanupPolicy { delete: false, compact: true },
        min_cleanable_dirty_ratio: 0.0,
        delete_retention: Duration::from_millis(1000),
        ..LogConfig::default()
    }
}

fn settings(map_bytes: u64) -> CompactionSettings {
    CompactionSettings { map_bytes, load_factor: 0.9, read_bytes: 4096, secret: (3, 4) }
}

/// Keys and values; a value of `None` is a tombstone.
fn keyed(codec: Codec, records: &[(u8, Option<u8>)], timestamp: i64) -> Vec<u8> {
    let mut builder = BatchBuilder::new().compression(codec);
    for &(key, value) in records {
        let value = value.map(|value| vec![value; 1 + usize::from(value) % 40]);
        builder.append(ms(timestamp), Some(&[key]), value.as_deref(), &[]).unwrap();
    }
    builder.finish().to_vec()
}

/// All records from the log start on, and the end of every batch.
fn scan(log: &Log) -> Vec<Seen> {
    let view = log.view().load();
    let (mut next, mut seen) = (view.log_start_offset(), Vec::new());
    while let Some(slice) = view.read(&read_request(next.get(), 700)).unwrap() {
        let bytes = bytes_of(&slice);
        for batch in AnyBatches::new(&bytes) {
            let Ok(batch) = batch else { break };
            batch.verify_crc().unwrap();
            assert!(batch.last_offset() >= next, "reads go on, not back");
            let mut records = batch.records(Limits::NONE).unwrap();
            while let Some(record) = records.next() {
                let record = record.unwrap();
                if batch.is_control() || record.offset < next {
                    continue;
                }
                seen.push(Seen {
                    offset: record.offset.get(),
                    key: record.key.map(<[u8]>::to_vec),
                    value: record.value.map(<[u8]>::to_vec),
                    timestamp: record.timestamp.map_or(-1, Timestamp::as_millis),
                });
            }
            drop(records);
            next = batch.last_offset().next();
        }
    }
    seen
}

/// What a table fed by these records holds in the end.
fn table(seen: &[Seen]) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut table = BTreeMap::new();
    for record in seen {
        let Some(key) = record.key.clone() else { continue };
        match record.value.clone() {
            Some(value) => table.insert(key, value),
            None => table.remove(&key),
        };
    }
    table
}

fn begin(log: &Log, now: Timestamp, map_bytes: u64) -> Option<Compaction> {
    let plan = log.compaction_source()?.plan(now).unwrap();
    if plan.cleanable_bytes == 0 {
        return None;
    }
    log.begin_compaction(plan, settings(map_bytes), now)
}

/// One whole round; the first offset it did not clean.
fn run(log: &mut Log, mut compaction: Compaction) -> Result<Offset, CompactionError> {
    loop {
        match compaction.step()?.next {
            NextStep::Step => {}
            NextStep::Install => log.install(&mut compaction)?,
            NextStep::Finish => break,
        }
    }
    let upto = compaction.summary().upto;
    log.note_cleaned(upto);
    log.publish();
    run_jobs(log);
    Ok(upto)
}

fn compact(log: &mut Log, now: i64) -> Option<Offset> {
    let compaction = begin(log, ms(now), 1 << 20)?;
    Some(run(log, compaction).unwrap())
}

fn commit(log: &mut Log) {
    log.set_high_watermark(log.log_end_offset());
    log.publish();
}

#[test]
fn the_last_value_of_each_key_stays_at_its_offset() {
    let mut bench = Bench::new(compacted());
    let mut log = bench.open();
    for n in 0..60_u8 {
        append(&mut log, keyed(Codec::None, &[(n % 7, Some(n)), (n % 3 + 100, Some(n))], 10));
    }
    commit(&mut log);
    let (before, active) = (scan(&log), log.active_segment_base());
    let upto = compact(&mut log, 100).unwrap();
    assert_eq!(upto, active, "all but the active segment is clean");
    let after = scan(&log);
    let last: BTreeMap<_, _> = before
        .iter()
        .filter(|seen| seen.offset < upto.get())
        .map(|seen| (seen.key.clone(), seen.offset))
        .collect();
    let expected: Vec<_> = before
        .iter()
        .filter(|seen| seen.offset >= upto.get() || last[&seen.key] == seen.offset)
        .cloned()
        .collect();
    assert_eq!(after, expected);
    assert!(compact(&mut log, 100).is_none(), "nothing is dirty");
    bench.stop(log);
    bench.restart();
    let opened = bench.try_open().unwrap();
    assert_eq!(opened.report, RecoveryReport::default());
    assert_eq!(scan(&opened.log), expected);
}

#[test]
fn a_tombstone_stays_until_its_horizon_and_then_goes() {
    let bench = Bench::new(compacted());
    let mut log = bench.open();
    append(&mut log, keyed(Codec::Lz4, &[(1, Some(9)), (2, Some(9)), (3, Some(8))], 10));
    append(&mut log, keyed(Codec::Lz4, &[(2, None)], 10));
    log.roll(ms(10)).unwrap();
    append(&mut log, keyed(Codec::None, &[(200, Some(1))], 10));
    commit(&mut log);
    let keys = |log: &Log| {
        scan(log).iter().map(|seen| (seen.key.clone().unwrap()[0], seen.value.is_some())).collect::<Vec<_>>()
    };
    compact(&mut log, 5000).unwrap();
    assert_eq!(keys(&log), [(1, true), (3, true), (2, false), (200, true)]);
    let slice = log.view().load().read(&read_request(3, 1000)).unwrap().unwrap();
    let bytes = bytes_of(&slice);
    let header = *Batches::new(&bytes).next().unwrap().unwrap().header();
    assert_eq!(header.delete_horizon(), Some(ms(6000)));
    // More is written so that there is something dirty again.
    for now in [5999, 6000] {
        append(&mut log, keyed(Codec::None, &[(201, Some(1))], 10));
        log.roll(ms(now)).unwrap();
        append(&mut log, keyed(Codec::None, &[(200, Some(1))], 10));
        commit(&mut log);
        compact(&mut log, now).unwrap();
        assert_eq!(keys(&log).contains(&(2, false)), now < 6000);
    }
}

/// One record of a transaction.
fn transactional(id: i64, sequence: i32, key: u8, value: u8) -> Vec<u8> {
    let mut builder =
        BatchBuilder::new().transactional(ProducerId::at(id), ProducerEpoch::at(0), Some(sequence));
    builder.append(ms(5), Some(&[key]), Some(&[value]), &[]).unwrap();
    builder.finish().to_vec()
}

fn end(log: &mut Log, id: i64, end: TransactionEnd) {
    append_as(log, AppendOrigin::Coordinator, &mut marker(id, 0, end), 0).unwrap();
}

#[test]
fn an_aborted_record_whose_marker_is_in_the_active_segment_never_wins_over_a_committed_one() {
    let bench = Bench::new(compacted());
    let mut log = bench.open();
    append(&mut log, keyed(Codec::None, &[(1, Some(10))], 5));
    append(&mut log, transactional(2, 0, 1, 66));
    log.roll(ms(5)).unwrap();
    end(&mut log, 2, TransactionEnd::Abort);
    // Its producer goes on: no header of what was aborted has to stay.
    append(&mut log, transactional(2, 1, 9, 1));
    end(&mut log, 2, TransactionEnd::Commit);
    commit(&mut log);
    compact(&mut log, 100).unwrap();
    let rest = log.view().load().read(&read_request(1, 1000)).unwrap().unwrap();
    let first = *Batches::new(&bytes_of(&rest)).next().unwrap().unwrap().header();
    assert_eq!(first.base_offset(), at(2), "the marker follows the record that stays");
    let seen: Vec<_> = scan(&log).iter().map(|seen| (seen.offset, seen.value.clone().unwrap())).collect();
    assert_eq!(seen.first().unwrap(), &(0, vec![10; 11]), "what was committed stays");
    assert!(seen.iter().all(|(_, value)| value[..] != [66]), "what was aborted goes");
}

#[test]
fn aborted_records_go_at_once_and_never_win_over_committed_ones() {
    let bench = Bench::new(compacted());
    let mut log = bench.open();
    append(&mut log, transactional(1, 0, 1, 10));
    end(&mut log, 1, TransactionEnd::Commit);
    append(&mut log, transactional(2, 0, 1, 66));
    end(&mut log, 2, TransactionEnd::Abort);
    append(&mut log, transactional(1, 1, 2, 20));
    end(&mut log, 1, TransactionEnd::Commit);
    append(&mut log, transactional(2, 1, 3, 67));
    log.roll(ms(5)).unwrap();
    append(&mut log, keyed(Codec::None, &[(9, Some(1))], 5));
    commit(&mut log);
    assert!(begin(&log, ms(100), 1 << 20).is_none(), "an undecided transaction holds back its segment");
    end(&mut log, 2, TransactionEnd::Commit);
    commit(&mut log);
    compact(&mut log, 100).unwrap();
    let values = |log: &Log| scan(log).iter().map(|seen| seen.value.clone().unwrap()[0]).collect::<Vec<_>>();
    assert_eq!(values(&log), [10, 20, 67, 1]);
    let state = log.producers().clone();
    log.roll(ms(5)).unwrap();
    append(&mut log, keyed(Codec::None, &[(9, Some(2))], 5));
    commit(&mut log);
    compact(&mut log, 10_000).unwrap();
    assert_eq!(values(&log), [10, 20, 67, 1, 2]);
    assert_eq!(log.producers().producers().len(), state.producers().len());
    drop(log);
}

#[test]
fn producers_are_known_after_compaction_and_a_lost_snapshot() {
    let mut bench = Bench::new(compacted());
    let mut log = bench.open();
    for sequence in 0..6 {
        let id = (ProducerId::at(7), ProducerEpoch::at(3));
        let mut builder = BatchBuilder::new().idempotent(id.0, id.1, sequence);
        builder.append(ms(5), Some(b"k"), Some(&[sequence as u8]), &[]).unwrap();
        append(&mut log, builder.finish().to_vec());
    }
    append(&mut log, keyed(Codec::None, &[(b'k', Some(1))], 5));
    log.roll(ms(5)).unwrap();
    append(&mut log, keyed(Codec::None, &[(b'x', Some(1))], 5));
    commit(&mut log);
    compact(&mut log, 100).unwrap();
    assert_eq!(scan(&log).len(), 2, "no record of the producer is left");
    let last = |log: &Log| log.producers().producer(ProducerId::at(7)).unwrap().last_sequence();
    assert_eq!(last(&log), Some(5));
    bench.stop(log);
    for name in bench.names().iter().filter(|name| name.ends_with(".snapshot")) {
        bench.disk.remove(&bench.path(name)).unwrap();
    }
    bench.restart();
    assert_eq!(last(&bench.open()), Some(5), "its last batch was kept empty");
}

#[test]
fn a_small_map_cleans_the_log_in_several_rounds() {
    let bench = Bench::new(compacted());
    let mut log = bench.open();
    for n in 0..200_u8 {
        append(&mut log, keyed(Codec::Zstd, &[(n, Some(1)), (n / 2, Some(2))], 10));
    }
    commit(&mut log);
    let before = table(&scan(&log));
    let (mut rounds, mut upto) = (0, Offset::ZERO);
    while let Some(compaction) = begin(&log, ms(100), 24 * 40) {
        let reached = run(&mut log, compaction).unwrap();
        assert!(reached > upto, "each round gets on");
        upto = reached;
        rounds += 1;
    }
    assert!(rounds > 3);
    assert_eq!(upto, log.active_segment_base());
    assert_eq!(table(&scan(&log)), before);
}

#[test]
fn rule_21_a_log_that_was_truncated_meanwhile_is_left_alone() {
    let bench = Bench::new(compacted());
    let mut log = bench.open();
    for n in 0..60_u8 {
        append(&mut log, keyed(Codec::None, &[(n % 7, Some(n))], 10));
    }
    commit(&mut log);
    let mut compaction = begin(&log, ms(100), 1 << 20).unwrap();
    while compaction.step().unwrap().next != NextStep::Install {}
    log.truncate_fully_and_start_at(at(5), None, ms(100)).unwrap();
    assert!(matches!(log.install(&mut compaction), Err(CompactionError::Superseded)));
    drop(compaction);
    run_jobs(&mut log);
    assert!(bench.names().iter().all(|name| !name.ends_with(".cleaned")), "{:?}", bench.names());
}

#[test]
fn a_damaged_batch_is_never_written_anew() {
    // A record, and the base offset of a batch: no checksum covers that.
    for damaged in [69, 70, 71] {
        let bench = Bench::new(compacted());
        let mut log = bench.open();
        for n in 0..60_u8 {
            append(&mut log, keyed(Codec::None, &[(n % 7, Some(n))], 10));
        }
        commit(&mut log);
        bench.disk.corrupt(&bench.path("00000000000000000000.log"), |bytes| bytes[damaged] ^= 1);
        let compaction = begin(&log, ms(100), 1 << 20).unwrap();
        assert!(matches!(run(&mut log, compaction), Err(CompactionError::Damaged { .. })), "byte {damaged}");
        assert!(bench.names().iter().all(|name| !name.ends_with(".cleaned")));
    }
}

#[test]
fn small_segments_become_one() {
    let bench = Bench::new(compacted());
    let mut log = bench.open();
    for n in 0..200_u8 {
        append(&mut log, keyed(Codec::None, &[(n % 7, Some(n))], 10));
    }
    commit(&mut log);
    assert!(log.segment_count() > 6);
    compact(&mut log, 100).unwrap();
    append(&mut log, keyed(Codec::None, &[(1, Some(1))], 10));
    log.roll(ms(10)).unwrap();
    append(&mut log, keyed(Codec::None, &[(1, Some(2))], 10));
    commit(&mut log);
    compact(&mut log, 100).unwrap();
    assert!(log.segment_count() <= 4, "{}", log.segment_count());
}

#[test]
fn a_full_disk_ends_the_compaction_and_not_the_log() {
    let bench = Bench::new(compacted());
    let mut log = bench.open();
    for n in 0..60_u8 {
        append(&mut log, keyed(Codec::None, &[(n, Some(n))], 10));
    }
    commit(&mut log);
    let before = scan(&log);
    let used: u64 =
        bench.disk.files().iter().map(|file| bench.disk.content(file).unwrap().len() as u64).sum();
    bench.disk.set_capacity(Some(used + 100));
    let compaction = begin(&log, ms(100), 1 << 20).unwrap();
    let failed = run(&mut log, compaction);
    assert!(matches!(failed, Err(CompactionError::Storage(StorageError::Full { .. }))), "{failed:?}");
    assert_eq!(scan(&log), before);
    bench.disk.set_capacity(None);
    bench.dir.sample_space().unwrap();
    compact(&mut log, 100).unwrap();
    assert_eq!(table(&scan(&log)), table(&before));
}

/// Kills or cuts the power at every operation of a compaction: the log has the same table after.
#[test]
fn a_crash_anywhere_in_a_compaction_loses_nothing() {
    let bench = Bench::new(compacted());
    let mut log = bench.open();
    for n in 0..80_u8 {
        append(&mut log, keyed(Codec::None, &[(n % 11, (n % 5 > 0).then_some(n))], 10));
    }
    commit(&mut log);
    flush(&mut log, ms(10));
    bench.dir.write_checkpoint(CheckpointKind::RecoveryPoint).unwrap();
    bench.disk.sync_dir(&PathBuf::from("/")).unwrap();
    let before = scan(&log);
    let whole = {
        let disk = bench.disk.fork();
        let (mut log, start) = (reopened(&bench, &disk).open(), disk.operations());
        commit(&mut log);
        compact(&mut log, 100).unwrap();
        disk.operations() - start
    };
    assert!(whole > 20);
    for after in 0..whole {
        for power_cut in [None, Some(after)] {
            let disk = bench.disk.fork();
            let mut broken = reopened(&bench, &disk);
            let mut log = broken.open();
            commit(&mut log);
            flush(&mut log, ms(10));
            disk.inject(crate::disk::Fault { after, on: None, kind: crate::disk::FaultKind::Kill });
            if let Some(compaction) = begin(&log, ms(100), 1 << 20) {
                drop(run_until_killed(&mut log, compaction));
            }
            drop(log);
            match power_cut {
                Some(seed) => disk.crash(seed),
                None => disk.kill(),
            }
            broken.dir = open_dir(&disk);
            let mut log = broken.try_open().unwrap().log;
            commit(&mut log);
            let seen = scan(&log);
            assert_eq!(table(&seen), table(&before), "operation {after}, power cut {power_cut:?}");
            assert!(seen.iter().all(|seen| before.contains(seen)));
            assert_eq!(log.log_end_offset().get(), 80);
            let names = broken.names();
            let left = |suffix: &str| names.iter().any(|name| name.ends_with(suffix));
            assert!(!left(".cleaned") && !left(".swap") && !left(".deleted"), "{names:?}");
        }
    }
}

fn reopened(bench: &Bench, disk: &MemDisk) -> Bench {
    disk.kill();
    Bench { disk: disk.clone(), dir: open_dir(disk), config: bench.config.clone(), now: bench.now }
}

fn run_until_killed(log: &mut Log, mut compaction: Compaction) -> Result<(), CompactionError> {
    loop {
        match compaction.step()?.next {
            NextStep::Step => {}
            NextStep::Install => log.install(&mut compaction)?,
            NextStep::Finish => break,
        }
    }
    for job in log.take_jobs() {
        drop(job.run());
    }
    Ok(())
}

#[derive(Clone, Debug)]
enum Op {
    Append(u8, Vec<(u8, Option<u8>)>),
    Roll,
    Commit(u8),
    Compact { map_keys: u8, later: u16 },
    DeleteRecords(u8),
    Reopen { clean: bool },
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let record = (0_u8..12, proptest::option::weighted(0.8, any::<u8>()));
    let op = prop_oneof![
        8 => (0_u8..5, proptest::collection::vec(record, 1..6)).prop_map(|(codec, records)| Op::Append(codec, records)),
        2 => Just(Op::Roll),
        2 => (0_u8..=100).prop_map(Op::Commit),
        3 => (1_u8..30, 0_u16..2000).prop_map(|(map_keys, later)| Op::Compact { map_keys, later }),
        1 => (0_u8..=100).prop_map(Op::DeleteRecords),
        1 => any::<bool>().prop_map(|clean| Op::Reopen { clean }),
    ];
    proptest::collection::vec(op, 1..120)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]
    /// The promise of compaction, whatever the order of events: below its end one record of each key, the last one; above
    /// all records as they were; and the same table for who reads from the start.
    #[test]
    fn a_compacted_log_is_the_original_less_superseded_records(ops in ops()) {
        let mut bench = Bench::new(LogConfig { segment_bytes: 400, ..compacted() });
        let mut log = bench.open();
        let mut written: Vec<Seen> = Vec::new();
        let mut now = 1000;
        for op in ops {
            match op {
                Op::Append(codec, records) => {
                    let codec = [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd][usize::from(codec)];
                    let info = append(&mut log, keyed(codec, &records, now));
                    for (n, (key, value)) in records.into_iter().enumerate() {
                        written.push(Seen {
                            offset: info.first_offset.get() + n as i64,
                            key: Some(vec![key]),
                            value: value.map(|value| vec![value; 1 + usize::from(value) % 40]),
                            timestamp: now,
                        });
                    }
                }
                Op::Roll => log.roll(ms(now)).unwrap(),
                Op::Commit(percent) => {
                    let (hw, end) = (log.high_watermark().get(), log.log_end_offset().get());
                    log.set_high_watermark(at(hw + (end - hw) * i64::from(percent) / 100));
                    log.publish();
                }
                Op::Compact { map_keys, later } => {
                    now += i64::from(later);
                    let before = scan(&log);
                    let (active, hw) = (log.active_segment_base(), log.high_watermark());
                    if let Some(compaction) = begin(&log, ms(now), 24 * u64::from(map_keys)) {
                        let upto = run(&mut log, compaction).unwrap();
                        let after = scan(&log);
                        prop_assert!(upto <= active && (upto <= hw || upto == log.log_start_offset()));
                        let tail = |seen: &[Seen]| seen.iter().filter(|seen| seen.offset >= upto.get()).cloned().collect::<Vec<_>>();
                        prop_assert_eq!(tail(&before), tail(&after));
                        let mut keys: Vec<_> = after.iter().filter(|seen| seen.offset < upto.get()).map(|seen| &seen.key).collect();
                        let count = keys.len();
                        keys.sort();
                        keys.dedup();
                        prop_assert_eq!(count, keys.len(), "one record of each key below {}", upto);
                        prop_assert_eq!(table(&before), table(&after));
                    }
                }
                Op::DeleteRecords(percent) => {
                    let (start, hw) = (log.log_start_offset().get(), log.high_watermark().get());
                    log.advance_log_start(at(start + (hw - start) * i64::from(percent) / 100), LogStartReason::ClientRecordDeletion);
                    log.publish();
                    log.apply_retention(ms(now)).unwrap();
                    log.publish();
                    run_jobs(&mut log);
                }
                Op::Reopen { clean } => {
                    let hw = log.high_watermark();
                    if clean {
                        bench.stop(log);
                    } else {
                        bench.dir.write_checkpoint(CheckpointKind::LogStart).unwrap();
                        drop(log);
                    }
                    bench.restart();
                    log = bench.open();
                    log.set_high_watermark(hw);
                    log.publish();
                }
            }
            let start = log.log_start_offset().get();
            let seen = scan(&log);
            prop_assert!(seen.windows(2).all(|pair| pair[0].offset < pair[1].offset));
            prop_assert!(seen.iter().all(|seen| written.contains(seen)));
            let kept: Vec<_> = written.iter().filter(|seen| seen.offset >= start).cloned().collect();
            prop_assert_eq!(table(&seen), table(&kept));
            prop_assert_eq!(log.log_end_offset().get(), written.len() as i64);
        }
    }
}
