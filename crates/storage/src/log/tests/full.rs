//! A full disk: appends are refused, everything else goes on, and writing resumes by itself.

use super::*;
use crate::directory::DirectoryState;
use crate::disk::{Fault, FaultKind, Operation};
use crate::job::JobKind;

fn used(bench: &Bench) -> u64 {
    bench.disk.files().iter().map(|file| bench.disk.content(file).unwrap().len() as u64).sum()
}

fn is_full(result: &AppendResult) -> bool {
    matches!(result, Err(AppendError::Storage(StorageError::Full { .. })))
}

#[test]
fn below_the_low_water_mark_appends_are_refused_before_the_file_system_does() {
    let bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, batch(1, 10, 1));
    let low_water = bench.dir.config().low_water_bytes;
    bench.disk.set_capacity(Some(used(&bench) + low_water - 1));
    bench.dir.sample_space().unwrap();
    assert_eq!(bench.dir.state(), DirectoryState::Full);
    assert!(is_full(&try_append(&mut log, batch(1, 10, 1))));
    assert_eq!(log.log_end_offset(), at(1));
    // A little more than the mark is not enough: each append would flip the state.
    bench.disk.set_capacity(Some(used(&bench) + low_water + 1));
    bench.dir.sample_space().unwrap();
    assert!(is_full(&try_append(&mut log, batch(1, 10, 1))));
    bench.disk.set_capacity(Some(used(&bench) + low_water + low_water / 10));
    bench.dir.sample_space().unwrap();
    append(&mut log, batch(1, 10, 1));
    assert_eq!(read_all(&log, 0), [(0, 0), (1, 1)]);
}

#[test]
fn a_batch_that_does_not_fit_leaves_nothing_behind() {
    for room in [0, 1, 30, 61, 100] {
        let mut bench = Bench::small();
        let mut log = bench.open();
        append(&mut log, batch(1, 10, 1));
        bench.disk.set_capacity(Some(used(&bench) + room));
        assert!(is_full(&try_append(&mut log, batch(1, 100, 1))), "{room} bytes of room");
        assert_eq!(bench.dir.state(), DirectoryState::Full);
        let len = bench.disk.content(&bench.path("00000000000000000000.log")).unwrap().len();
        assert_eq!(len as u64, log.size(), "the part that was written is cut");
        assert_eq!(read_all(&log, 0), [(0, 0)], "reads go on");
        log.set_high_watermark(at(1));
        assert!(log.advance_log_start(at(1), LogStartReason::ClientRecordDeletion), "deletes go on");
        bench.disk.set_capacity(None);
        bench.dir.sample_space().unwrap();
        let info = append(&mut log, batch(1, 100, 1));
        assert_eq!(info.first_offset, at(1), "no offset is lost");
        bench.stop(log);
        bench.restart();
        assert_eq!(read_all(&bench.open(), 1), [(1, 1)]);
    }
}

#[test]
fn a_roll_on_a_full_disk_is_refused_and_tried_again() {
    let bench = Bench::small();
    let mut log = bench.open();
    while log.size() < 1800 {
        append(&mut log, batch(1, 100, 1));
    }
    let end = log.log_end_offset();
    bench.disk.inject(Fault { after: 0, on: Some(Operation::Open), kind: FaultKind::Full });
    assert!(is_full(&try_append(&mut log, batch(1, 300, 1))));
    assert_eq!((log.segment_count(), log.log_end_offset()), (1, end));
    bench.disk.heal();
    bench.dir.sample_space().unwrap();
    append(&mut log, batch(1, 300, 1));
    assert_eq!(log.segment_count(), 2);
    assert_eq!(read_all(&log, 0).len() as i64, end.get() + 1);
}

#[test]
fn retention_makes_room_on_a_full_disk() {
    let mut bench = Bench::small();
    bench.config.retention_bytes = Some(2000);
    let mut log = bench.open();
    for n in 0..40 {
        append(&mut log, batch(1, 200, n));
    }
    log.set_high_watermark(log.log_end_offset());
    let low_water = bench.dir.config().low_water_bytes;
    bench.disk.set_capacity(Some(used(&bench) + low_water - 1));
    bench.dir.sample_space().unwrap();
    assert!(is_full(&try_append(&mut log, batch(1, 10, 1))));
    assert!(log.apply_retention(ms(1)).unwrap().segments > 0);
    run_jobs(&mut log);
    bench.disk.set_capacity(Some(used(&bench) + low_water * 2));
    bench.dir.sample_space().unwrap();
    append(&mut log, batch(1, 10, 1));
}

/// KAFKA-10527: a flush that was not made must not count as one.
#[test]
fn a_flush_on_a_full_disk_covers_the_batches_without_their_index() {
    let mut bench = Bench::new(LogConfig { index_interval_bytes: 50, ..LogConfig::default() });
    bench.disk.sync_dir(&PathBuf::from("/")).unwrap();
    let mut log = bench.open();
    for n in 0..20 {
        append(&mut log, batch(1, 100, n));
    }
    run_jobs(&mut log);
    bench.disk.set_capacity(Some(used(&bench)));
    let job = log.flush_job(ms(1)).unwrap().expect("there is something to flush");
    assert!(!bench.names().iter().any(|name| name.ends_with("index")), "no short index is left");
    log.on_job(job.run());
    assert_eq!(log.recovery_point(), at(20));
    drop(log);
    bench.dir.write_checkpoint(CheckpointKind::RecoveryPoint).unwrap_err();
    bench.disk.crash(3);
    bench.disk.set_capacity(None);
    bench.dir = open_dir(&bench.disk);
    let log = bench.open();
    assert_eq!(log.log_end_offset(), at(20), "what was flushed survives a power cut");
    let found = log.view().load().offset_for_timestamp(ms(15)).unwrap();
    assert_eq!(found.map(|found| found.offset), Some(at(15)), "the index is whole");
}

#[test]
fn a_flush_that_cannot_be_made_is_an_error() {
    let bench = Bench::new(LogConfig { index_interval_bytes: 50, ..LogConfig::default() });
    let mut log = bench.open();
    append(&mut log, batch(1, 100, 1));
    append(&mut log, batch(1, 100, 1));
    bench.disk.inject(Fault { after: 0, on: Some(Operation::Write), kind: FaultKind::Io });
    assert!(matches!(log.flush_job(ms(1)), Err(StorageError::Disk(_))));
    assert_eq!(bench.dir.state(), DirectoryState::Offline);
    assert!(log.recovery_point() < log.log_end_offset());
}

/// KAFKA-10778: Linux takes the pages for clean, so no later sync tells that they are lost.
#[test]
fn a_failed_sync_takes_the_directory_offline_also_where_the_disk_is_full() {
    for kind in [FaultKind::Full, FaultKind::Io] {
        let bench = Bench::small();
        let mut log = bench.open();
        append(&mut log, batch(1, 10, 1));
        let job = log.flush_job(ms(1)).unwrap().unwrap();
        bench.disk.inject(Fault { after: 0, on: Some(Operation::Sync), kind });
        let report = job.run();
        assert!(matches!(report.failure(), Some(StorageError::Disk(_))), "{:?}", report.failure());
        log.on_job(report);
        assert_eq!(bench.dir.state(), DirectoryState::Offline, "{kind:?}");
        assert_eq!(log.recovery_point(), Offset::ZERO);
        assert!(try_append(&mut log, batch(1, 10, 1)).is_err());
    }
}

#[test]
fn a_failed_sync_of_a_checkpoint_takes_the_directory_offline_also_where_the_disk_is_full() {
    let bench = Bench::small();
    bench.disk.inject(Fault { after: 0, on: Some(Operation::Sync), kind: FaultKind::Full });
    assert!(bench.dir.write_checkpoint(CheckpointKind::LogStart).is_err());
    assert_eq!(bench.dir.state(), DirectoryState::Offline);
}

#[test]
fn a_duplicate_of_a_batch_that_could_not_be_written_is_refused_with_it() {
    let bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, sequenced(1, 0, 0, 2));
    let mut batches = [sequenced(1, 0, 0, 2), sequenced(1, 0, 2, 2), sequenced(1, 0, 2, 2)];
    let mut requests = requests(&mut batches);
    bench.disk.inject(Fault { after: 0, on: Some(Operation::Write), kind: FaultKind::Full });
    let mut results = Vec::new();
    log.append(&mut requests, ms(0), &mut results);
    assert!(results[0].as_ref().unwrap().duplicate, "that one is in the log");
    assert!(is_full(&results[1]));
    assert!(is_full(&results[2]), "no acknowledgement for what is not in the log: {:?}", results[2]);
    assert_eq!(log.log_end_offset(), at(2));
    bench.disk.heal();
    bench.dir.sample_space().unwrap();
    let again = append(&mut log, sequenced(1, 0, 2, 2));
    assert_eq!((again.first_offset, again.duplicate), (at(2), false));
}

/// A log of which nothing is young enough to stay.
fn expired(bench: &Bench) -> Log {
    let mut log = bench.open();
    for n in 0..40 {
        append(&mut log, batch(1, 200, n));
    }
    log.set_high_watermark(log.log_end_offset());
    run_jobs(&mut log);
    log
}

#[test]
fn retention_empties_a_log_below_the_low_water_mark() {
    let bench = Bench::small();
    let mut log = expired(&bench);
    let segments = log.segment_count();
    bench.disk.set_capacity(Some(used(&bench) + bench.dir.config().low_water_bytes - 1));
    bench.dir.sample_space().unwrap();
    let report = log.apply_retention(ms(i64::MAX / 2)).unwrap();
    assert_eq!((report.segments, log.size()), (segments, 0));
    assert_eq!(log.log_start_offset(), at(40));
}

#[test]
fn retention_removes_the_other_segments_where_no_new_one_can_be_made() {
    let bench = Bench::small();
    let mut log = expired(&bench);
    let segments = log.segment_count();
    bench.disk.inject(Fault { after: 0, on: Some(Operation::Open), kind: FaultKind::Full });
    let report = log.apply_retention(ms(i64::MAX / 2)).unwrap();
    assert_eq!((report.segments, log.segment_count()), (segments - 1, 1));
    bench.disk.heal();
    bench.dir.sample_space().unwrap();
    assert_eq!(log.apply_retention(ms(i64::MAX / 2)).unwrap().segments, 1, "the next round takes the last");
}

#[test]
fn want_of_descriptors_refuses_an_append_and_leaves_the_directory_online() {
    let bench = Bench::small();
    let mut log = bench.open();
    while log.size() < 1800 {
        append(&mut log, batch(1, 100, 1));
    }
    let end = log.log_end_offset();
    bench.disk.inject(Fault { after: 0, on: Some(Operation::Open), kind: FaultKind::Exhausted });
    let refused = try_append(&mut log, batch(1, 300, 1));
    assert!(matches!(refused, Err(AppendError::Storage(StorageError::Exhausted { .. }))), "{refused:?}");
    assert_eq!(bench.dir.state(), DirectoryState::Online);
    assert_eq!(append(&mut log, batch(1, 300, 1)).first_offset, end);
}

#[test]
fn want_of_descriptors_refuses_a_read_and_leaves_the_directory_online() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    while log.segment_count() < 3 {
        append(&mut log, batch(1, 100, 1));
    }
    bench.stop(log);
    bench.restart();
    let log = bench.open();
    let all = read_all(&log, 0);
    let view = log.view().load();
    let passes = |refused: Result<Option<FetchSlice>, ReadError>| {
        assert!(matches!(refused, Err(ReadError::Storage(StorageError::Exhausted { .. }))), "{refused:?}");
        assert!(refused.is_err_and(|error| error.is_passing()));
        assert_eq!(bench.dir.state(), DirectoryState::Online);
    };
    // Files that rest are closed for others.
    for segment in view.segments.iter() {
        segment.files().all().into_iter().for_each(|file| file.close());
    }
    bench.disk.inject(Fault { after: 0, on: Some(Operation::Open), kind: FaultKind::Exhausted });
    passes(view.read(&read_request(0, 500)));
    bench.disk.inject(Fault { after: 0, on: Some(Operation::Read), kind: FaultKind::Exhausted });
    passes(view.read(&read_request(0, 500)));
    let slice = view.read(&read_request(0, 500)).unwrap().unwrap();
    bench.disk.inject(Fault { after: 0, on: Some(Operation::Read), kind: FaultKind::Exhausted });
    let mut bytes = vec![0; slice.len as usize];
    passes(slice.read(&mut bytes, slice.position, Patience::Wait).map(|()| None));
    slice.read(&mut bytes, slice.position, Patience::Wait).unwrap();
    assert_eq!(bytes, bytes_of(&slice));
    assert_eq!(read_all(&log, 0), all);
}

#[test]
fn a_disk_that_fails_at_the_bytes_of_a_read_takes_the_directory_offline() {
    let bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, batch(1, 100, 1));
    let slice = log.view().load().read(&read_request(0, 500)).unwrap().unwrap();
    bench.disk.inject(Fault { after: 0, on: Some(Operation::Read), kind: FaultKind::Io });
    let failed = slice.read(&mut [0; 10], slice.position, Patience::Wait);
    assert!(matches!(failed, Err(ReadError::Storage(StorageError::Disk(_)))), "{failed:?}");
    assert_eq!(bench.dir.state(), DirectoryState::Offline);
}

#[test]
fn retention_reads_nothing_while_it_holds_the_log_once_the_timestamps_were_looked_up() {
    let mut bench = Bench::small();
    let mut log = bench.open();
    while log.segment_count() < 4 {
        append(&mut log, batch(1, 100, 1_000));
    }
    bench.stop(log);
    bench.restart();
    let mut log = bench.open();
    log.view().load().look_up_timestamps().unwrap();
    let reads = [Operation::Open, Operation::Read];
    for on in reads {
        bench.disk.inject(Fault { after: 0, on: Some(on), kind: FaultKind::Io });
    }
    assert_eq!(log.apply_retention(ms(1_000)).unwrap().segments, 0);
    assert_eq!(bench.dir.state(), DirectoryState::Online);
}

#[test]
fn a_partial_write_that_cannot_be_cut_takes_the_directory_offline() {
    let bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, batch(1, 10, 1));
    bench.disk.inject(Fault { after: 0, on: Some(Operation::Write), kind: FaultKind::Full });
    bench.disk.inject(Fault { after: 0, on: Some(Operation::SetLen), kind: FaultKind::Full });
    assert!(try_append(&mut log, batch(1, 10, 1)).is_err());
    assert_eq!(bench.dir.state(), DirectoryState::Offline);
}

#[test]
fn appends_start_writing_back_what_is_dirty_every_few_mebibytes() {
    let bench = Bench::new(LogConfig { segment_bytes: 64 << 20, ..LogConfig::default() });
    let mut log = bench.open();
    log.take_jobs();
    let mut begun = 0;
    for n in 1..=13 {
        append(&mut log, batch(1, 1 << 20, n));
        let jobs = log.take_jobs().into_iter();
        begun += jobs.filter(|job| job.kind() == JobKind::WriteBack).count();
    }
    let step = bench.dir.config().write_back_step;
    assert_eq!(begun as u64, log.size() / step, "one for each {step} bytes");
}

#[test]
fn a_due_flush_is_made_without_an_append() {
    let bench = Bench::new(LogConfig { flush_ms: Some(Duration::from_millis(5)), ..LogConfig::default() });
    let mut log = bench.open();
    append(&mut log, batch(1, 10, 1));
    run_jobs(&mut log);
    let opened = bench.now.as_millis();
    log.flush_if_due(ms(opened + 4)).unwrap();
    assert!(log.take_jobs().is_empty());
    log.flush_if_due(ms(opened + 5)).unwrap();
    run_jobs(&mut log);
    assert_eq!(log.recovery_point(), at(1));
}

#[test]
fn idle_producers_are_forgotten_after_their_expiration() {
    let bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, sequenced(1, 0, 0, 1));
    log.expire_producers(ms(1000), Duration::from_millis(2000));
    assert_eq!(log.producers().producers().len(), 1);
    log.expire_producers(ms(3000), Duration::from_millis(2000));
    assert_eq!(log.producers().producers().len(), 0);
}

#[test]
fn any_other_failure_takes_the_directory_offline_for_good() {
    let bench = Bench::small();
    let mut log = bench.open();
    append(&mut log, batch(1, 10, 1));
    bench.disk.inject(Fault { after: 0, on: Some(Operation::Write), kind: FaultKind::Io });
    assert!(matches!(
        try_append(&mut log, batch(1, 10, 1)),
        Err(AppendError::Storage(StorageError::Disk(_)))
    ));
    assert_eq!(bench.dir.state(), DirectoryState::Offline);
    assert!(matches!(
        try_append(&mut log, batch(1, 10, 1)),
        Err(AppendError::Storage(StorageError::Offline { .. }))
    ));
    assert!(matches!(bench.dir.sample_space(), Err(StorageError::Offline { .. })));
}
