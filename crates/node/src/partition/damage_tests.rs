//! Rules of a replica whose log is damaged: it never leads with what is left, it is fetched anew, it deletes nothing.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use klamm_model::{Offset, Timestamp, TopicId, TopicIdPartition, TopicPartition, Uuid};
use klamm_protocol::records::BatchBuilder;
use klamm_storage::disk::MemDisk;
use klamm_storage::names::PartitionDirKind;
use klamm_storage::{CheckpointKind, LogDir, OpenLogError};
use parking_lot::Mutex;
use smallvec::smallvec;

use super::combine::Left;
use super::opening_tests::{AtOnce, Still, open_dir};
use super::tests::{LOCAL, OTHER, epoch, leadership};
use super::*;

/// Counts how often damage was told.
#[derive(Debug, Default)]
struct Damages(Mutex<usize>);

impl EffectSink for Damages {
    fn carry_out(&self, partition: &PartitionHandle, effects: PartitionEffects, left: Left) {
        *self.0.lock() += usize::from(effects.damaged);
        AtOnce.carry_out(partition, effects, left);
    }
}

fn follow(handle: &PartitionHandle, in_epoch: i32) {
    let replicas = [LOCAL, OTHER].into();
    handle.follow(Following { epoch: epoch(in_epoch), leader: Some(OTHER), replicas });
}

fn records(base: i64, count: usize) -> Bytes {
    let mut builder = BatchBuilder::new().base_offset(Offset::at(base)).leader_epoch(epoch(1));
    for _ in 0..count {
        builder.append(Timestamp::from_millis(1), None, Some(b"value"), &[]).unwrap();
    }
    builder.finish()
}

fn replica(dir: &Arc<LogDir>, sink: &Arc<Damages>) -> PartitionHandle {
    let topic_id = TopicId::new(Uuid::from_u128(0xabcd)).unwrap();
    PartitionHandle::new(PartitionParts {
        id: TopicIdPartition { topic_id, partition: 0 },
        name: TopicPartition::new("t", 0),
        dir: dir.clone(),
        clock: Arc::new(Still),
        sink: sink.clone(),
        brokers: BrokerActivity::default(),
        settings: Arc::default(),
        predecessor: None,
    })
}

/// A replica of 20 records, flushed, whose second one is damaged; as its node finds it after a kill.
fn damaged(disk: &MemDisk) -> (PartitionHandle, Arc<Damages>) {
    let sink = Arc::<Damages>::default();
    let dir = open_dir(disk);
    let handle = replica(&dir, &sink);
    handle.open(OnDamage::Refuse).unwrap();
    follow(&handle, 1);
    for n in 0..20 {
        take(&handle, n, &records(n, 1), 20).unwrap();
    }
    handle.with_log(|log| log.flush_job(Timestamp::from_millis(1)).unwrap().map(|job| log.on_job(job.run())));
    dir.write_checkpoint(CheckpointKind::RecoveryPoint).unwrap();
    disk.kill();
    let log = PathBuf::from("/data/t-0/00000000000000000000.log");
    disk.corrupt(&log, |bytes| bytes[100] ^= 1);
    disk.corrupt(&log, |bytes| bytes.extend_from_slice(b"torn"));
    (replica(&open_dir(disk), &sink), sink)
}

fn take(
    handle: &PartitionHandle,
    offset: i64,
    records: &[u8],
    high_watermark: i64,
) -> Result<FetchPosition, FollowRefusal> {
    handle.append_fetched(Fetched {
        epoch: handle.leadership().unwrap().epoch,
        offset: Offset::at(offset),
        records,
        high_watermark: Some(Offset::at(high_watermark)),
        log_start: Some(Offset::ZERO),
    })
}

fn len(disk: &MemDisk, path: &Path) -> usize {
    disk.content(path).unwrap().len()
}

#[test]
fn rule_52_a_damaged_replica_is_set_aside_whole_and_leads_only_once_it_has_what_is_committed() {
    let disk = MemDisk::new();
    let (handle, sink) = damaged(&disk);
    follow(&handle, 1);
    let refused = handle.open(OnDamage::Refuse);
    assert!(matches!(refused, Err(OpenLogError::Damaged { .. })), "{refused:?}");
    assert!(handle.is_damaged() && *sink.0.lock() == 1, "the controller is told");
    let before = len(&disk, Path::new("/data/t-0/00000000000000000000.log"));
    handle.set_damaged_aside(epoch(1)).unwrap();
    let aside = handle.dir().partitions().into_iter().find(|entry| entry.dir.kind == PartitionDirKind::Stray);
    let aside = Path::new("/data").join(aside.unwrap().dir.name).join("00000000000000000000.log");
    assert_eq!(len(&disk, &aside), before, "all of it is kept for a human");
    handle.open(OnDamage::Refuse).unwrap();
    assert_eq!(handle.begin_following(epoch(1)).unwrap().offset, Offset::ZERO);
    take(&handle, 0, &records(0, 5), 20).unwrap();
    handle.lead(leadership(2));
    assert!(!handle.leadership().unwrap().is_local, "15 committed records are missing");
    follow(&handle, 3);
    take(&handle, 5, &records(5, 15), 20).unwrap();
    handle.lead(leadership(4));
    assert!(handle.leadership().unwrap().is_local);
}

#[test]
fn rule_52_a_leader_that_finds_its_log_damaged_leads_no_more_and_deletes_nothing() {
    let disk = MemDisk::new();
    let (handle, sink) = damaged(&disk);
    let path = Path::new("/data/t-0/00000000000000000000.log");
    let before = len(&disk, path);
    handle.lead(leadership(2));
    handle.open(OnDamage::Refuse).unwrap_err();
    let known = handle.leadership().unwrap();
    assert_eq!((known.is_local, known.leader), (false, None));
    assert_eq!(*sink.0.lock(), 1, "the controller is told");
    let append = Append::of_client(BytesMut::from(&records(0, 1)[..]), Bytes::new(), Acks::Leader);
    let refused = handle.append(smallvec![append]).pop();
    assert!(matches!(refused, Some(Appended::Done(Err(AppendRefusal::CannotOpen(_))))), "{refused:?}");
    handle.lead(leadership(3));
    assert!(!handle.leadership().unwrap().is_local);
    assert_eq!(*sink.0.lock(), 2, "and told again");
    assert!(matches!(handle.set_damaged_aside(epoch(3)), Err(FollowRefusal::Superseded)), "nobody has it");
    assert_eq!(len(&disk, path), before);
}
