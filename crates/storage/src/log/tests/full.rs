//! A full disk: appends are refused, everything else goes on, and writing resumes by itself.

use super::*;
use crate::directory::DirectoryState;
use crate::disk::{Fault, FaultKind, Operation};

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
