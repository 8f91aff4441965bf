//! Rules of a partition on a disk in memory.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_model::{
    BrokerId, Instant, LeaderEpoch, Offset, PartitionEpoch, Timestamp, TopicId, TopicIdPartition,
    TopicPartition, Uuid,
};
use klamm_protocol::records::BatchBuilder;
use klamm_replication::Leadership;
use klamm_storage::disk::{Disk, Fault, FaultKind, MemDisk, Operation};
use klamm_storage::{
    CheckpointKind, DirectoryConfig, LogConfig, LogDir, OpenDirectory, OpenLogError, StorageError,
};
use smallvec::smallvec;

use super::combine::Left;
use super::*;
use crate::clock::Clock;

#[derive(Debug)]
pub(super) struct Still;

impl Clock for Still {
    fn instant(&self) -> Instant {
        Instant::ZERO
    }

    fn wall(&self) -> Timestamp {
        Timestamp::from_millis(1)
    }
}

/// Carries everything out at once.
#[derive(Debug)]
pub(super) struct AtOnce;

impl EffectSink for AtOnce {
    fn carry_out(&self, partition: &PartitionHandle, effects: PartitionEffects, left: Left) {
        effects.wake.into_iter().for_each(Waker::wake);
        for job in effects.jobs {
            partition.on_job(job.run());
        }
        if left == Left::More {
            partition.drain();
        }
    }
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Woken>) {
        self.0.store(true, Ordering::Release);
    }
}

pub(super) fn open_dir(disk: &MemDisk) -> Arc<LogDir> {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    LogDir::open(OpenDirectory { path: PathBuf::from("/data"), disk, config: DirectoryConfig::default() })
        .unwrap()
}

fn partition(dir: &Arc<LogDir>) -> PartitionHandle {
    let topic_id = TopicId::new(Uuid::from_u128(0xabcd)).unwrap();
    let handle = PartitionHandle::new(PartitionParts {
        id: TopicIdPartition { topic_id, partition: 0 },
        name: TopicPartition::new("t", 0),
        dir: dir.clone(),
        clock: Arc::new(Still),
        sink: Arc::new(AtOnce),
        brokers: BrokerActivity::default(),
        settings: Arc::default(),
        predecessor: None,
    });
    let this = BrokerId::at(1);
    handle.lead(Leadership {
        local: this,
        epoch: LeaderEpoch::at(0),
        partition_epoch: PartitionEpoch::at(0),
        replicas: vec![this],
        isr: [this].into(),
        min_isr: 1,
        lag_max: Duration::from_secs(30),
    });
    handle
}

fn append_of(records: usize) -> Append {
    let mut builder = BatchBuilder::new();
    for _ in 0..records {
        builder.append(Timestamp::from_millis(1), None, Some(b"value"), &[]).unwrap();
    }
    Append::of_client(BytesMut::from(&builder.finish()[..]), Bytes::new(), Acks::Leader)
}

fn append(handle: &PartitionHandle) {
    let appended = handle.append(smallvec![append_of(1)]).pop();
    assert!(matches!(appended, Some(Appended::Done(Ok(_)))), "{appended:?}");
}

#[test]
fn an_opening_carries_out_what_was_queued_meanwhile() {
    let handle = partition(&open_dir(&MemDisk::new()));
    handle.open(OnDamage::Refuse).unwrap();
    let (mut queued, _) = handle.queue_for_test(append_of(1));
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(woken.clone());
    let mut context = Context::from_waker(&waker);
    assert!(std::pin::Pin::new(&mut queued).poll(&mut context).is_pending());
    handle.open(OnDamage::Refuse).unwrap();
    assert!(woken.0.load(Ordering::Acquire), "who waits for the append is told");
    assert!(matches!(std::pin::Pin::new(&mut queued).poll(&mut context), Poll::Ready(Ok(Ok(_)))));
}

#[test]
fn an_append_that_is_not_acknowledged_yet_tells_where_it_lies() {
    let handle = partition(&open_dir(&MemDisk::new()));
    handle.open(OnDamage::Refuse).unwrap();
    append(&handle);
    let both = [BrokerId::at(1), BrokerId::at(2)];
    handle.lead(Leadership {
        local: both[0],
        epoch: LeaderEpoch::at(1),
        partition_epoch: PartitionEpoch::at(1),
        replicas: both.to_vec(),
        isr: both.into(),
        min_isr: 1,
        lag_max: Duration::from_secs(30),
    });
    let to_all = || Append { acks: Acks::All, ..append_of(2) };
    let Some(Appended::Waiting(_, placed)) = handle.append(smallvec![to_all()]).pop() else {
        panic!("the other has not fetched")
    };
    assert_eq!(
        placed.get().map(|info| (info.first_offset, info.last_offset)),
        Some((Offset::at(1), Offset::at(2)))
    );
    let (_, placed) = handle.queue_for_test(to_all());
    assert!(placed.get().is_none(), "it waits for the partition");
    handle.drain();
    assert_eq!(placed.get().map(|info| info.first_offset), Some(Offset::at(3)));
}

#[test]
fn a_deleted_partition_that_cannot_be_renamed_for_the_moment_is_not_forgotten() {
    let disk = MemDisk::new();
    let handle = partition(&open_dir(&disk));
    handle.open(OnDamage::Refuse).unwrap();
    append(&handle);
    let departure = handle.depart(Uuid::from_u128(5));
    disk.inject(Fault { after: 0, on: Some(Operation::Rename), kind: FaultKind::Exhausted });
    let refused = departure.free_name();
    assert!(matches!(refused, Err(StorageError::Exhausted { .. })), "{refused:?}");
    assert!(!departure.is_away(), "its name is still taken");
    departure.free_name().unwrap();
    assert!(departure.is_away());
    assert!(disk.files().iter().all(|file| !file.starts_with("/data/t-0")), "{:?}", disk.files());
    departure.remove(&handle).unwrap();
    let left = disk.files().into_iter().filter(|file| file.parent() != Some(Path::new("/data")));
    assert_eq!(left.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

/// A handle for another incarnation of the same name, which waits for `predecessor` to go.
fn next_incarnation(dir: &Arc<LogDir>, topic_id: u128, predecessor: Departure) -> PartitionHandle {
    let topic_id = TopicId::new(Uuid::from_u128(topic_id)).unwrap();
    PartitionHandle::new(PartitionParts {
        id: TopicIdPartition { topic_id, partition: 0 },
        name: TopicPartition::new("t", 0),
        dir: dir.clone(),
        clock: Arc::new(Still),
        sink: Arc::new(AtOnce),
        brokers: BrokerActivity::default(),
        settings: Arc::default(),
        predecessor: Some(predecessor),
    })
}

fn leadership(epoch: i32) -> Leadership {
    let this = BrokerId::at(1);
    Leadership {
        local: this,
        epoch: LeaderEpoch::at(epoch),
        partition_epoch: PartitionEpoch::at(epoch),
        replicas: vec![this],
        isr: [this].into(),
        min_isr: 1,
        lag_max: Duration::from_secs(30),
    }
}

/// KAFKA-9539.
#[test]
fn rule_18_deleting_a_topic_that_is_gone_takes_nothing_from_the_next_of_its_name() {
    let disk = MemDisk::new();
    let dir = open_dir(&disk);
    let old = partition(&dir);
    old.open(OnDamage::Refuse).unwrap();
    append(&old);
    let departure = old.depart(old.id().topic_id.get());
    let new = next_incarnation(&dir, 0xbeef, departure.clone());
    new.lead(leadership(0));
    new.open(OnDamage::Refuse).unwrap();
    append(&new);
    append(&new);
    // Only now is the old one's removal carried out; and once more, by a late hand.
    departure.free_name().unwrap();
    departure.remove(&old).unwrap();
    departure.free_name().unwrap();
    let kept = disk.content(Path::new("/data/t-0/00000000000000000000.log"));
    assert!(kept.is_some_and(|bytes| !bytes.is_empty()), "{:?}", disk.files());
    assert_eq!(new.view().unwrap().log_end_offset(), Offset::at(2));
    let late = old.append(smallvec![append_of(1)]).pop();
    assert!(!matches!(late, Some(Appended::Done(Ok(_)))), "the old one takes nothing: {late:?}");
}

#[test]
fn rule_18_a_command_of_an_older_epoch_changes_neither_role_nor_log() {
    let handle = partition(&open_dir(&MemDisk::new()));
    handle.open(OnDamage::Refuse).unwrap();
    handle.lead(leadership(3));
    append(&handle);
    let stale =
        Following { epoch: LeaderEpoch::at(2), leader: Some(BrokerId::at(2)), replicas: Arc::default() };
    handle.follow(stale);
    handle.lead(leadership(1));
    let known = handle.leadership().unwrap();
    assert!(known.is_local && known.epoch == LeaderEpoch::at(3), "{known:?}");
    append(&handle);
    assert_eq!(handle.view().unwrap().log_end_offset(), Offset::at(2));
}

/// KAFKA-12520: reading every byte again takes hours where there are terabytes.
#[test]
fn a_log_that_was_closed_in_order_is_not_verified_where_damage_may_be_cut() {
    let disk = MemDisk::new();
    let dir = open_dir(&disk);
    let handle = partition(&dir);
    handle.open(OnDamage::Cut).unwrap();
    (0..20).for_each(|_| append(&handle));
    handle.close(Timestamp::from_millis(1)).unwrap();
    for kind in [CheckpointKind::RecoveryPoint, CheckpointKind::LogStart, CheckpointKind::HighWatermark] {
        dir.write_checkpoint(kind).unwrap();
    }
    assert!(dir.write_clean_shutdown(None).unwrap());
    disk.kill();
    let log = PathBuf::from("/data/t-0/00000000000000000000.log");
    disk.corrupt(&log, |bytes| bytes[100] ^= 1);
    let handle = partition(&open_dir(&disk));
    handle.open(OnDamage::Cut).unwrap();
    assert_eq!(handle.view().unwrap().log_end_offset(), Offset::at(20));
}

#[test]
fn damage_that_an_opening_finds_is_cut_where_no_other_replica_has_the_records() {
    let disk = MemDisk::new();
    let dir = open_dir(&disk);
    let handle = partition(&dir);
    handle.open(OnDamage::Cut).unwrap();
    (0..20).for_each(|_| append(&handle));
    handle.with_log(|log| log.flush_job(Timestamp::from_millis(1)).unwrap().map(|job| log.on_job(job.run())));
    dir.write_checkpoint(CheckpointKind::RecoveryPoint).unwrap();
    disk.kill();
    let log = PathBuf::from("/data/t-0/00000000000000000000.log");
    disk.corrupt(&log, |bytes| bytes[100] ^= 1);
    disk.corrupt(&log, |bytes| bytes.extend_from_slice(b"torn"));
    let refused = partition(&open_dir(&disk)).open(OnDamage::Refuse);
    assert!(matches!(refused, Err(OpenLogError::Damaged { .. })), "{refused:?}");
    disk.kill();
    let handle = partition(&open_dir(&disk));
    handle.open(OnDamage::Cut).unwrap();
    assert_eq!(handle.view().unwrap().log_end_offset(), Offset::at(1));
}

#[test]
fn a_partition_that_a_full_disk_kept_from_opening_opens_once_there_is_room() {
    let disk = MemDisk::new();
    let dir = open_dir(&disk);
    disk.set_capacity(Some(1));
    dir.sample_space().unwrap();
    let handle = partition(&dir);
    let refused = handle.open(OnDamage::Refuse);
    assert!(matches!(refused, Err(OpenLogError::Storage(StorageError::Full { .. }))), "{refused:?}");
    disk.set_capacity(None);
    dir.sample_space().unwrap();
    handle.open(OnDamage::Refuse).unwrap();
    append(&handle);
}

#[test]
fn a_partition_that_lacked_descriptors_at_its_opening_opens_once_there_are_some() {
    let disk = MemDisk::new();
    let handle = partition(&open_dir(&disk));
    disk.inject(Fault { after: 0, on: Some(Operation::Open), kind: FaultKind::Exhausted });
    let refused = handle.open(OnDamage::Refuse);
    assert!(matches!(refused, Err(OpenLogError::Storage(StorageError::Exhausted { .. }))), "{refused:?}");
    handle.open(OnDamage::Refuse).unwrap();
    append(&handle);
}

#[test]
fn a_follower_whose_flush_failed_acknowledges_nothing_any_more() {
    let disk = MemDisk::new();
    let handle = partition(&open_dir(&disk));
    handle.open(OnDamage::Refuse).unwrap();
    let log = Arc::new(LogConfig { flush_messages: 1, ..LogConfig::default() });
    handle.set_settings(Arc::new(PartitionSettings { log, ..PartitionSettings::default() }));
    let (epoch, leader) = (LeaderEpoch::at(1), BrokerId::at(2));
    handle.follow(Following { epoch, leader: Some(leader), replicas: [BrokerId::at(1), leader].into() });
    let position = handle.begin_following(epoch).unwrap();
    let mut builder = BatchBuilder::new().base_offset(position.offset).leader_epoch(epoch);
    builder.append(Timestamp::from_millis(1), None, Some(b"value"), &[]).unwrap();
    let records = builder.finish();
    disk.inject(Fault { after: 0, on: Some(Operation::Sync), kind: FaultKind::Io });
    let fetched =
        Fetched { epoch, offset: position.offset, records: &records, high_watermark: None, log_start: None };
    assert!(matches!(handle.append_fetched(fetched), Err(FollowRefusal::Storage(_))));
    let again = handle.begin_following(epoch);
    assert!(matches!(again, Err(FollowRefusal::Storage(StorageError::Offline { .. }))), "{again:?}");
}
