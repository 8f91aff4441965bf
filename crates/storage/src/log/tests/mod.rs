//! Logs on a disk in memory.
#![allow(clippy::unwrap_used)]

mod basics;
mod compaction;
mod damage;
mod full;
mod model;
mod rules;
mod transactions;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use klamm_logstate::{AppendOrigin, TransactionVersion, VerificationGuard};
use klamm_model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Timestamp, TopicId, TopicPartition, Uuid};
use klamm_protocol::records::control::{EndTxnMarker, TransactionEnd, marker_batch};
use klamm_protocol::records::{BatchBuilder, Batches};

use super::*;
use crate::config::DirectoryConfig;
use crate::directory::{CheckpointKind, OpenDirectory, Shutdown};
use crate::disk::{Disk, MemDisk};
use crate::error::{AppendError, OpenLogError, ReadError};
use crate::names::PartitionDirKind;

pub(super) const ROOT: &str = "/data";

/// A log directory with one partition on a disk in memory.
pub(super) struct Bench {
    pub(super) disk: MemDisk,
    pub(super) dir: Arc<LogDir>,
    pub(super) config: LogConfig,
    pub(super) now: Timestamp,
}

impl Bench {
    pub(super) fn new(config: LogConfig) -> Bench {
        let disk = MemDisk::new();
        let dir = open_dir(&disk);
        Bench { disk, dir, config, now: Timestamp::from_millis(1_000_000) }
    }

    /// A log that rolls often.
    pub(super) fn small() -> Bench {
        Bench::new(LogConfig {
            segment_bytes: 2000,
            index_interval_bytes: 200,
            file_delete_delay: Duration::ZERO,
            ..LogConfig::default()
        })
    }

    pub(super) fn request(&self) -> OpenLog {
        OpenLog {
            partition: partition(),
            kind: PartitionDirKind::Current,
            topic_id: TopicId::new(Uuid::from_u128(0xabcd)),
            config: Arc::new(self.config.clone()),
            now: self.now,
            seed: 7,
            cut_damage: false,
        }
    }

    pub(super) fn open(&self) -> Log {
        self.try_open().unwrap().log
    }

    pub(super) fn try_open(&self) -> Result<OpenedLog, OpenLogError> {
        self.dir.open_log(self.request())
    }

    /// Closes the log and the directory in order.
    pub(super) fn stop(&self, mut log: Log) {
        run_jobs(&mut log);
        log.close(self.now).unwrap();
        for kind in [CheckpointKind::RecoveryPoint, CheckpointKind::LogStart, CheckpointKind::HighWatermark] {
            self.dir.write_checkpoint(kind).unwrap();
        }
        assert!(self.dir.write_clean_shutdown(None).unwrap());
    }

    /// Opens the directory again, as a new process does.
    pub(super) fn restart(&mut self) {
        self.disk.kill();
        self.dir = open_dir(&self.disk);
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(ROOT).join("t-0").join(name)
    }

    pub(super) fn names(&self) -> Vec<String> {
        let entries = self.disk.list(&PathBuf::from(ROOT).join("t-0")).unwrap();
        entries.into_iter().map(|entry| entry.name).collect()
    }
}

pub(super) fn open_dir(disk: &MemDisk) -> Arc<LogDir> {
    let config = DirectoryConfig { transaction_verification: false, ..DirectoryConfig::default() };
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    LogDir::open(OpenDirectory { path: PathBuf::from(ROOT), disk, config }).unwrap()
}

pub(super) fn partition() -> TopicPartition {
    TopicPartition::new("t", 0)
}

pub(super) fn at(offset: i64) -> Offset {
    Offset::at(offset)
}

pub(super) fn epoch(epoch: i32) -> LeaderEpoch {
    LeaderEpoch::at(epoch)
}

pub(super) fn ms(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// A batch of `count` records with values of `size` bytes, all at `timestamp`.
pub(super) fn batch(count: usize, size: usize, timestamp: i64) -> Vec<u8> {
    let mut builder = BatchBuilder::new();
    for n in 0..count {
        builder.append(ms(timestamp), None, Some(&vec![n as u8; size]), &[]).unwrap();
    }
    builder.finish().to_vec()
}

/// A batch of an idempotent producer.
pub(super) fn sequenced(id: i64, producer_epoch: i16, sequence: i32, count: usize) -> Vec<u8> {
    let mut builder =
        BatchBuilder::new().idempotent(ProducerId::at(id), ProducerEpoch::at(producer_epoch), sequence);
    for _ in 0..count {
        builder.append(ms(5), None, Some(b"v"), &[]).unwrap();
    }
    builder.finish().to_vec()
}

/// A batch of a transaction.
pub(super) fn transactional(id: i64, producer_epoch: i16, sequence: i32, count: usize) -> Vec<u8> {
    let (id, producer_epoch) = (ProducerId::at(id), ProducerEpoch::at(producer_epoch));
    let mut builder = BatchBuilder::new().transactional(id, producer_epoch, Some(sequence));
    for _ in 0..count {
        builder.append(ms(5), None, Some(b"v"), &[]).unwrap();
    }
    builder.finish().to_vec()
}

pub(super) fn marker(id: i64, producer_epoch: i16, end: TransactionEnd) -> Vec<u8> {
    let producer = (ProducerId::at(id), ProducerEpoch::at(producer_epoch));
    marker_batch(producer, end, EndTxnMarker { coordinator_epoch: 1 }, ms(6)).to_vec()
}

pub(super) fn append_as(
    log: &mut Log,
    origin: AppendOrigin,
    batches: &mut [u8],
    leader_epoch: i32,
) -> AppendResult {
    let request = LeaderAppend {
        batches,
        rest: &[],
        origin,
        leader_epoch: epoch(leader_epoch),
        verification: None::<VerificationGuard>,
        transaction_version: TransactionVersion::V0,
    };
    let mut results = Vec::new();
    log.append(&mut [request], ms(1_000_000), &mut results);
    log.publish();
    results.pop().unwrap()
}

/// Requests of a client in leader epoch 0.
pub(super) fn requests(batches: &mut [Vec<u8>]) -> Vec<LeaderAppend<'_>> {
    let request = |batches| LeaderAppend {
        batches,
        rest: &[],
        origin: AppendOrigin::Client,
        leader_epoch: epoch(0),
        verification: None,
        transaction_version: TransactionVersion::V0,
    };
    batches.iter_mut().map(|batches| request(batches.as_mut_slice())).collect()
}

pub(super) fn append(log: &mut Log, mut batches: Vec<u8>) -> AppendInfo {
    append_as(log, AppendOrigin::Client, &mut batches, 0).unwrap()
}

pub(super) fn try_append(log: &mut Log, mut batches: Vec<u8>) -> AppendResult {
    append_as(log, AppendOrigin::Client, &mut batches, 0)
}

pub(super) fn run_jobs(log: &mut Log) {
    for job in log.take_jobs() {
        let report = job.run();
        assert!(report.failure().is_none(), "{:?}", report.failure());
        log.on_job(report);
    }
}

pub(super) fn flush(log: &mut Log, now: Timestamp) {
    run_jobs(log);
    if let Some(job) = log.flush_job(now).unwrap() {
        log.on_job(job.run());
    }
}

pub(super) fn read_request(offset: i64, max_bytes: u32) -> ReadRequest {
    ReadRequest {
        offset: at(offset),
        max_bytes,
        isolation: Isolation::LogEnd,
        min_one_batch: MinOneBatch::Yes,
        patience: Patience::ResidentOnly,
    }
}

pub(super) fn bytes_of(slice: &FetchSlice) -> Vec<u8> {
    let mut bytes = vec![0; slice.len as usize];
    assert_eq!(slice.file.read_at(&mut bytes, slice.position).unwrap(), bytes.len());
    bytes
}

/// Base and last offsets of all batches from `offset` on, read as a follower would.
pub(super) fn read_all(log: &Log, offset: i64) -> Vec<(i64, i64)> {
    let view = log.view().load();
    let (mut next, mut found) = (at(offset), Vec::new());
    while let Some(slice) = view.read(&read_request(next.get(), 500)).unwrap() {
        for batch in Batches::new(&bytes_of(&slice)) {
            let Ok(batch) = batch else { break };
            batch.verify_crc().unwrap();
            let header = batch.header();
            assert!(header.last_offset() >= next, "reads go on, not back");
            found.push((header.base_offset().get(), header.last_offset().get()));
            next = header.next_offset();
        }
    }
    found
}
