//! Rules of a log that moves to another directory of its node (KIP-113).
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_model::{
    BrokerId, LeaderEpoch, Offset, OffsetAndEpoch, PartitionEpoch, Timestamp, TopicId, TopicIdPartition,
    TopicPartition, Uuid,
};
use klamm_protocol::records::BatchBuilder;
use klamm_replication::Leadership;
use klamm_storage::disk::{Disk, MemDisk};
use klamm_storage::names::PartitionDirKind;
use klamm_storage::{DirectoryConfig, LogDir, OpenDirectory};
use smallvec::smallvec;

use super::opening_tests::{AtOnce, Still};
use super::*;

const LOCAL: BrokerId = BrokerId::at(1);
const OTHER: BrokerId = BrokerId::at(2);

struct Bench {
    disk: MemDisk,
    from: Arc<LogDir>,
    to: Arc<LogDir>,
    handle: PartitionHandle,
}

fn open_dir(disk: &MemDisk, path: &str) -> Arc<LogDir> {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    let request = OpenDirectory { path: PathBuf::from(path), disk, config: DirectoryConfig::default() };
    LogDir::open(request).unwrap()
}

fn replica(dir: &Arc<LogDir>) -> PartitionHandle {
    PartitionHandle::new(PartitionParts {
        id: TopicIdPartition { topic_id: TopicId::new(Uuid::from_u128(0xabcd)).unwrap(), partition: 0 },
        name: TopicPartition::new("t", 0),
        dir: dir.clone(),
        clock: Arc::new(Still),
        sink: Arc::new(AtOnce),
        brokers: BrokerActivity::default(),
        settings: Arc::default(),
        predecessor: None,
    })
}

impl Bench {
    /// A partition led in epoch 3, with 50 records of which 10 are deleted.
    fn new() -> Bench {
        let disk = MemDisk::new();
        let (from, to) = (open_dir(&disk, "/from"), open_dir(&disk, "/to"));
        let handle = replica(&from);
        handle.open(OnDamage::Cut).unwrap();
        let bench = Bench { disk, from, to, handle };
        bench.lead(3);
        (0..50).for_each(|_| bench.append());
        assert!(matches!(bench.handle.delete_records(Some(Offset::at(10))), Ok(Deletion::Done(_))));
        bench
    }

    fn lead(&self, epoch: i32) {
        self.handle.lead(Leadership {
            local: LOCAL,
            epoch: LeaderEpoch::at(epoch),
            partition_epoch: PartitionEpoch::at(epoch),
            replicas: vec![LOCAL],
            isr: [LOCAL].into(),
            min_isr: 1,
            lag_max: Duration::from_secs(30),
        });
    }

    fn append(&self) {
        let mut builder = BatchBuilder::new();
        builder.append(Timestamp::from_millis(1), None, Some(b"value"), &[]).unwrap();
        let bytes = BytesMut::from(&builder.finish()[..]);
        let append = Append::of_client(bytes, Bytes::new(), Acks::All);
        let appended = self.handle.append(smallvec![append]).pop();
        assert!(matches!(appended, Some(Appended::Done(Ok(_)))), "{appended:?}");
    }

    fn names(&self, dir: &LogDir) -> Vec<PartitionDirKind> {
        dir.partitions().into_iter().map(|entry| entry.dir.kind).collect()
    }

    /// The bytes of the only segment there.
    fn log_at(&self, path: &str) -> Vec<u8> {
        let dir = PathBuf::from(path).join("t-0");
        let files = self.disk.files().into_iter();
        let mut logs =
            files.filter(|file| file.starts_with(&dir) && file.extension().is_some_and(|it| it == "log"));
        let log = logs.next().unwrap();
        assert!(logs.next().is_none());
        self.disk.content(&log).unwrap()
    }

    fn offsets(&self) -> (i64, i64, i64) {
        let view = self.handle.view().unwrap();
        (view.log_start_offset().get(), view.high_watermark().get(), view.log_end_offset().get())
    }
}

fn copy(moving: &mut Move) {
    while let MoveStep::Copied(_) = moving.step(200).unwrap() {}
}

#[test]
fn a_moved_log_has_the_same_records_offsets_and_epochs_and_goes_on() {
    let bench = Bench::new();
    // An epoch without a record of its own.
    bench.lead(5);
    let before = bench.handle.view().unwrap();
    let mut moving = Move::begin(&bench.handle, &bench.to).unwrap();
    assert_eq!(bench.names(&bench.to), [PartitionDirKind::Future]);
    copy(&mut moving);
    assert_eq!(moving.progress().1, 0);
    let Finished::Moved(dir, name) = moving.finish(Uuid::from_u128(9)).unwrap() else {
        panic!("all is copied")
    };
    assert_eq!(bench.handle.dir().path(), bench.to.path());
    assert_eq!(bench.names(&bench.to), [PartitionDirKind::Current]);
    assert_eq!((dir.path(), name.kind), (bench.from.path(), PartitionDirKind::Delete));
    assert_eq!(bench.offsets(), (10, 50, 50));
    assert_eq!(bench.handle.view().unwrap().epochs().entries(), before.epochs().entries());
    bench.append();
    assert_eq!(bench.offsets(), (10, 51, 51));
    dir.remove_deleted(&name).unwrap();
    assert!(bench.names(&bench.from).is_empty());
    // The other directory has it after a restart.
    bench.handle.close(Timestamp::from_millis(1)).unwrap();
    bench.disk.kill();
    let again = replica(&open_dir(&bench.disk, "/to"));
    again.open(OnDamage::Refuse).unwrap();
    assert_eq!(again.view().unwrap().log_end_offset(), Offset::at(51));
}

#[test]
fn what_is_written_meanwhile_is_copied_by_the_last_step() {
    let bench = Bench::new();
    let mut moving = Move::begin(&bench.handle, &bench.to).unwrap();
    copy(&mut moving);
    (0..5).for_each(|_| bench.append());
    let from = bench.log_at("/from");
    assert!(matches!(moving.finish(Uuid::from_u128(9)).unwrap(), Finished::Moved(..)));
    let to = bench.log_at("/to");
    assert!(from.ends_with(&to) && bench.offsets() == (10, 55, 55), "the same bytes from the log's start on");
}

#[test]
fn a_copy_follows_where_the_log_is_cut() {
    let bench = Bench::new();
    let mut moving = Move::begin(&bench.handle, &bench.to).unwrap();
    copy(&mut moving);
    let (epoch, replicas) = (LeaderEpoch::at(4), [LOCAL, OTHER].into());
    bench.handle.follow(Following { epoch, leader: Some(OTHER), replicas });
    let cut = OffsetAndEpoch { epoch: LeaderEpoch::at(3), offset: Offset::at(30) };
    bench.handle.cut_to_agree(epoch, cut).unwrap();
    copy(&mut moving);
    assert!(matches!(moving.finish(Uuid::from_u128(9)).unwrap(), Finished::Moved(..)));
    assert_eq!(bench.offsets(), (10, 30, 30));
}

#[test]
fn a_copy_is_gone_on_with_after_a_restart_and_gone_when_it_is_given_up() {
    let bench = Bench::new();
    let mut moving = Move::begin(&bench.handle, &bench.to).unwrap();
    moving.step(200).unwrap();
    let copied = moving.progress().0;
    assert!(copied > 0);
    moving.close().unwrap();
    let moving = Move::begin(&bench.handle, &bench.to).unwrap();
    assert_eq!(moving.progress().0, copied);
    moving.give_up(Uuid::from_u128(9)).unwrap();
    assert!(bench.names(&bench.to).is_empty());
    assert_eq!(bench.handle.dir().path(), bench.from.path());
}

#[test]
fn the_copy_of_a_replica_that_is_gone_goes_too() {
    let bench = Bench::new();
    let mut moving = Move::begin(&bench.handle, &bench.to).unwrap();
    copy(&mut moving);
    drop(bench.handle.stop());
    assert!(matches!(moving.finish(Uuid::from_u128(9)).unwrap(), Finished::Gone));
    assert!(bench.names(&bench.to).is_empty());
}
