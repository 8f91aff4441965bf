//! Rules of the quorum's driver and its files, on a disk in memory.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::{Bytes, BytesMut};
use klamm_metadata::VersionedRecord;
use klamm_model::{
    DirectoryId, Instant, LeaderEpoch, NodeId, Offset, OffsetAndEpoch, Timestamp, TopicId, TopicPartition,
    Uuid,
};
use klamm_protocol::messages::{MetadataRecord, NoOpRecord};
use klamm_protocol::records::BatchBuilder;
use klamm_protocol::records::batch::stamp;
use klamm_protocol::records::control::control_batch;
use klamm_raft::{
    ApiKind, ControlRecord, DataBatch, Endpoints, FetchOutcome, FetchRequest, FetchResponse, FetchedBytes,
    HostPort, KraftVersion, LeaderHint, ListenerName, LocalReplica, QuorumConfig, RaftError, ReplicaKey,
    Request, RequestBody, RequestId, Response, VersionRange, Voter, VoterEligibility, VoterSet,
};
use klamm_storage::disk::{Disk, Fault, FaultKind, MemDisk, Operation};
use klamm_storage::names::{METADATA_TOPIC, PartitionDirKind};
use klamm_storage::state::MetadataSnapshotStore;
use klamm_storage::{DirectoryConfig, LogConfig, LogDir, OpenDirectory, OpenLog};

use super::snapshot_check::check_snapshot;
use super::*;
use crate::clock::Clock;
use crate::metadata::encode_batch;

#[derive(Debug, Default)]
pub(crate) struct ByHand(pub(crate) AtomicU64);

impl Clock for ByHand {
    fn instant(&self) -> Instant {
        Instant::from_millis(self.0.load(Ordering::Acquire))
    }

    fn wall(&self) -> Timestamp {
        Timestamp::from_millis(1)
    }
}

fn open_dir(disk: &MemDisk) -> Arc<LogDir> {
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    LogDir::open(OpenDirectory { path: PathBuf::from("/data"), disk, config: DirectoryConfig::default() })
        .unwrap()
}

fn listener() -> ListenerName {
    ListenerName::new("CONTROLLER")
}

fn log_config() -> Arc<LogConfig> {
    Arc::new(LogConfig { index_interval_bytes: 1, ..LogConfig::default() })
}

/// A quorum of one.
pub(crate) fn try_open(disk: &MemDisk, clock: &Arc<ByHand>) -> Result<OpenedRaft, RaftFailure> {
    let endpoints = Endpoints::single(listener(), HostPort::new("localhost".to_owned(), 9093));
    let id = NodeId::at(1);
    let voter = Voter {
        key: ReplicaKey { id, directory: None },
        endpoints: endpoints.clone(),
        kraft_versions: VersionRange { min: 0, max: 0 },
    };
    open_raft(OpenRaft {
        dir: open_dir(disk),
        disk: Arc::new(disk.clone()),
        log: log_config(),
        retention: MetadataRetention::default(),
        quorum: QuorumConfig::default(),
        local: LocalReplica {
            id,
            directory: DirectoryId::new(Uuid::from_u128(77)).unwrap(),
            cluster_id: "c".into(),
            endpoints,
            listener: listener(),
            kraft_versions: KraftVersion::SUPPORTED,
            eligibility: VoterEligibility::Controller,
        },
        static_voters: VoterSet::empty().with_added(voter).unwrap(),
        bootstrap_servers: Vec::new(),
        seed: 1,
        clock: clock.clone(),
    })
}

/// Carries out outputs until there are none.
fn settle(driver: &mut RaftDriver, mut outputs: Vec<RaftOutput>) -> Result<(), RaftFailure> {
    while !outputs.is_empty() {
        let mut more = Vec::new();
        for output in outputs {
            match output {
                RaftOutput::Flush(token, job) => {
                    driver.step(RaftEvent::Flushed(token, job.run()), &mut more)?
                }
                RaftOutput::Background(job) => driver.step(RaftEvent::JobDone(job.run()), &mut more)?,
                RaftOutput::Persist(token, store, state) => {
                    driver.step(RaftEvent::Persisted(token, store.write(&state)), &mut more)?;
                }
                _ => {}
            }
        }
        outputs = more;
    }
    Ok(())
}

/// Opened and leading.
fn leader(disk: &MemDisk) -> (RaftDriver, LeaderEpoch) {
    let clock = Arc::new(ByHand::default());
    let mut driver = try_open(disk, &clock).unwrap().driver;
    let mut outputs = Vec::new();
    driver.step(RaftEvent::Start, &mut outputs).unwrap();
    settle(&mut driver, outputs).unwrap();
    for _ in 0..100 {
        if driver.view().leader == Some(NodeId::at(1)) {
            let epoch = driver.view().epoch;
            return (driver, epoch);
        }
        clock.0.fetch_add(1000, Ordering::AcqRel);
        let mut outputs = Vec::new();
        driver.step(RaftEvent::Timeout, &mut outputs).unwrap();
        settle(&mut driver, outputs).unwrap();
    }
    panic!("a quorum of one elects itself");
}

fn data(size: usize) -> DataBatch {
    let mut builder = BatchBuilder::new();
    builder.append(Timestamp::from_millis(1), None, Some(&vec![7; size]), &[]).unwrap();
    DataBatch { records: 1, bytes: builder.finish() }
}

/// Records that a start can read.
fn no_ops(count: u32) -> DataBatch {
    let record = VersionedRecord { record: MetadataRecord::NoOp(NoOpRecord::default()), version: 0 };
    let records = vec![record; count as usize];
    let bytes = encode_batch(&records, Timestamp::from_millis(1)).unwrap();
    DataBatch { records: count, bytes }
}

#[test]
fn a_peer_is_told_to_ask_again_where_its_answer_cannot_be_read_for_want_of_descriptors() {
    let disk = MemDisk::new();
    let (mut driver, epoch) = leader(&disk);
    let mut ask = |number: u64| {
        let fetch = FetchRequest {
            replica: None,
            epoch: Some(epoch),
            position: Some(OffsetAndEpoch { offset: Offset::ZERO, epoch: LeaderEpoch::ZERO }),
            high_watermark: Some(Offset::MAX),
            max_bytes: 1 << 20,
            max_wait: Some(std::time::Duration::ZERO),
        };
        let request = Request { cluster_id: None, body: RequestBody::Fetch(fetch) };
        let mut outputs = Vec::new();
        driver.step(RaftEvent::Request(RequestId(number), request), &mut outputs).unwrap();
        let answer = outputs.into_iter().find_map(|output| match output {
            RaftOutput::Reply(RequestId(of), response) if of == number => Some(response),
            _ => None,
        });
        answer.unwrap()
    };
    disk.inject(Fault { after: 0, on: Some(Operation::Read), kind: FaultKind::Exhausted });
    let refused = ask(1);
    assert_eq!(refused, Response::Failed(ApiKind::Fetch, RaftError::BrokerNotAvailable));
    assert!(matches!(ask(2), Response::Fetch(FetchResponse { error: None, .. })));
}

/// KAFKA-10527: what is not durable must not count.
#[test]
fn a_flush_that_cannot_be_made_stops_the_quorum() {
    let disk = MemDisk::new();
    let (mut driver, epoch) = leader(&disk);
    let committed = driver.view().high_watermark;
    // The first write is that of the batch, the second that of the index before the flush.
    disk.inject(Fault { after: 1, on: Some(Operation::Write), kind: FaultKind::Io });
    let mut outputs = Vec::new();
    let appended = driver.append(epoch, data(10), &mut outputs);
    let failed = appended.and_then(|_| settle(&mut driver, outputs));
    assert!(failed.is_err(), "{failed:?}");
    assert_eq!(driver.view().high_watermark, committed);
}

fn write_log(disk: &MemDisk) {
    let (mut driver, epoch) = leader(disk);
    for _ in 0..4 {
        let mut outputs = Vec::new();
        driver.append(epoch, no_ops(20), &mut outputs).unwrap().unwrap();
        settle(&mut driver, outputs).unwrap();
    }
}

#[test]
fn what_was_never_written_of_the_metadata_log_is_cut_also_before_valid_batches() {
    let disk = MemDisk::new();
    for _ in 0..10 {
        write_log(&disk);
        disk.kill();
    }
    let segment = PathBuf::from(SEGMENT);
    let len = disk.content(&segment).unwrap().len();
    assert!(len > 2048, "valid batches follow: {len}");
    disk.corrupt(&segment, |bytes| bytes[1024..1536].fill(0));
    let opened = try_open(&disk, &Arc::default());
    assert!(opened.is_ok(), "{:?}", opened.err());
    assert!(disk.content(&segment).unwrap().len() <= 1024);
}

#[test]
fn a_batch_with_only_its_first_bytes_in_a_sector_that_was_never_written_is_cut_also_before_valid_batches() {
    let disk = MemDisk::new();
    let (mut driver, epoch) = leader(&disk);
    let segment = PathBuf::from(SEGMENT);
    let mut append = |count| {
        let mut outputs = Vec::new();
        driver.append(epoch, no_ops(count), &mut outputs).unwrap().unwrap();
        settle(&mut driver, outputs).unwrap();
        disk.content(&segment).unwrap().len()
    };
    let leaves_offset_and_less_than_size = |len: &usize| (8..12).contains(&(len.next_multiple_of(512) - len));
    let start = (1..1_000).map(|n| append(1 + n % 7)).find(leaves_offset_and_less_than_size).unwrap();
    append(40);
    let len = append(40);
    assert!(len > start + 512, "valid batches follow: {start}, {len}");
    disk.kill();
    disk.corrupt(&segment, |bytes| bytes[start..start.next_multiple_of(512)].fill(0));
    let opened = try_open(&disk, &Arc::default());
    assert!(opened.is_ok(), "{:?}", opened.err());
    assert!(disk.content(&segment).unwrap().len() <= start);
}

const SEGMENT: &str = "/data/__cluster_metadata-0/00000000000000000000.log";

#[test]
fn damage_before_valid_batches_of_the_metadata_log_refuses_the_start_and_cuts_nothing() {
    let disk = MemDisk::new();
    write_log(&disk);
    disk.kill();
    let segment = PathBuf::from(SEGMENT);
    let len = disk.content(&segment).unwrap().len();
    disk.corrupt(&segment, |bytes| bytes[len - 400] ^= 1);
    let refused = try_open(&disk, &Arc::default());
    assert!(matches!(refused, Err(RaftFailure::Damaged(_))), "{refused:?}");
    assert_eq!(disk.content(&segment).unwrap().len(), len);
}

#[test]
fn a_torn_end_of_the_metadata_log_is_cut() {
    let disk = MemDisk::new();
    write_log(&disk);
    disk.kill();
    let segment = PathBuf::from(SEGMENT);
    disk.corrupt(&segment, |bytes| bytes.truncate(bytes.len() - 10));
    let opened = try_open(&disk, &Arc::default());
    assert!(opened.is_ok(), "{:?}", opened.err());
}

fn id(offset: i64) -> OffsetAndEpoch {
    OffsetAndEpoch { offset: Offset::at(offset), epoch: LeaderEpoch::at(3) }
}

fn control(next: i64, record: &ControlRecord) -> BytesMut {
    let (kind, value) = (record.control_type(), record.encode());
    let batch =
        control_batch(LeaderEpoch::at(3), Timestamp::from_millis(1), &[(kind, value.as_ref())]).unwrap();
    let mut batch = BytesMut::from(&batch[..]);
    stamp(&mut batch, Offset::at(next), LeaderEpoch::at(3));
    batch
}

fn header() -> BytesMut {
    control(0, &ControlRecord::SnapshotHeader { last_contained_log_timestamp: Timestamp::from_millis(1) })
}

fn footer(next: i64) -> BytesMut {
    control(next, &ControlRecord::SnapshotFooter)
}

fn whole() -> Vec<u8> {
    let mut body = BytesMut::from(&data(500).bytes[..]);
    stamp(&mut body, Offset::at(1), LeaderEpoch::at(3));
    [header(), body, footer(2)].concat()
}

#[test]
fn a_snapshot_counts_only_if_every_checksum_is_right_and_header_and_footer_are_there() {
    assert!(check_snapshot(&whole()).is_ok());
    for at in [10, 30, 200, whole().len() - 3] {
        let mut damaged = whole();
        damaged[at] ^= 1;
        assert!(check_snapshot(&damaged).is_err(), "byte {at}");
    }
    for cut in 0..whole().len() {
        assert!(check_snapshot(&whole()[..cut]).is_err(), "cut to {cut}");
    }
    assert!(matches!(check_snapshot(&whole()[header().len()..]), Err(SnapshotDamage::NoHeader)));
    assert!(matches!(check_snapshot(&header()), Err(SnapshotDamage::NoFooter)));
}

fn metadata_log(disk: &MemDisk) -> MetadataLog {
    let opened = open_dir(disk).open_log(OpenLog {
        partition: TopicPartition::new(METADATA_TOPIC, 0),
        kind: PartitionDirKind::Current,
        topic_id: Some(TopicId::METADATA),
        config: log_config(),
        now: Timestamp::from_millis(1),
        seed: 0,
        cut_damage: false,
    });
    let log = opened.unwrap().log;
    let path = log.path();
    MetadataLog::new(log, MetadataSnapshotStore::new(Arc::new(disk.clone()), &path))
}

#[test]
fn a_fetched_snapshot_that_came_damaged_changes_nothing_and_a_whole_one_replaces_the_log() {
    let now = Timestamp::from_millis(1);
    let mut log = metadata_log(&MemDisk::new());
    log.append_data((Offset::ZERO, LeaderEpoch::at(1)), &[data(10)], now).unwrap();
    let mut damaged = whole();
    damaged[200] ^= 1;
    log.write_fetched(id(9), 0, &damaged).unwrap();
    assert_eq!(log.install_fetched(id(9), now).unwrap(), None);
    assert_eq!(log.log().log_end_offset(), Offset::at(1));
    assert!(log.snapshots().list().unwrap().is_empty());
    log.write_fetched(id(9), 0, &whole()).unwrap();
    assert!(log.install_fetched(id(9), now).unwrap().is_some());
    assert_eq!((log.log().log_start_offset(), log.log().log_end_offset()), (Offset::at(9), Offset::at(9)));
}

#[test]
fn a_snapshot_that_takes_the_place_of_the_log_takes_that_of_earlier_snapshots_too() {
    let now = Timestamp::from_millis(1);
    let mut log = metadata_log(&MemDisk::new());
    write_snapshot(&log, id(4));
    log.write_fetched(id(9), 0, &whole()).unwrap();
    log.install_fetched(id(9), now).unwrap();
    assert_eq!(log.snapshots().list().unwrap(), [id(9)]);
}

/// Whoever follows this log learns from its first snapshot what it was before it begins.
#[test]
fn snapshots_that_end_before_the_log_begins_do_not_count_and_are_removed_at_the_start() {
    let now = Timestamp::from_millis(1);
    let mut log = metadata_log(&MemDisk::new());
    log.write_fetched(id(9), 0, &whole()).unwrap();
    log.install_fetched(id(9), now).unwrap();
    // A process that ends right after the log has begun anew leaves these.
    write_snapshot(&log, id(4));
    let counted: Vec<_> = log.facts().unwrap().snapshots.iter().map(|snapshot| snapshot.id).collect();
    assert_eq!(counted, [id(9)]);
    log.remove_outdated_snapshots().unwrap();
    assert_eq!(log.snapshots().list().unwrap(), [id(9)]);
}

fn write_snapshot(log: &MetadataLog, id: OffsetAndEpoch) {
    let mut writer = log.snapshots().begin(id, 1).unwrap();
    writer.append(&whole()).unwrap();
    writer.finish().unwrap();
}

#[test]
fn a_damaged_snapshot_on_disk_is_neither_read_nor_does_it_replace_the_log() {
    let now = Timestamp::from_millis(1);
    let mut log = metadata_log(&MemDisk::new());
    log.append_data((Offset::ZERO, LeaderEpoch::at(1)), &[data(10)], now).unwrap();
    let mut writer = log.snapshots().begin(id(9), 1).unwrap();
    let content = whole();
    writer.append(&content[..content.len() - 5]).unwrap();
    writer.finish().unwrap();
    assert!(matches!(log.read_snapshot(id(9)), Err(MetadataLogError::DamagedSnapshot { .. })));
    assert!(matches!(log.catch_up_with_snapshot(now), Err(MetadataLogError::DamagedSnapshot { .. })));
    assert_eq!(log.log().log_end_offset(), Offset::at(1));
}

#[test]
fn an_answer_has_eight_mebibytes_at_most_whatever_a_peer_asks_for() {
    let now = Timestamp::from_millis(1);
    let mut log = metadata_log(&MemDisk::new());
    let epoch = LeaderEpoch::at(1);
    for at in 0..10 {
        log.append_data((Offset::at(at), epoch), &[data(1 << 20)], now).unwrap();
    }
    let asked = FetchedBytes::Read { max_bytes: u32::MAX };
    let response = Response::Fetch(FetchResponse {
        error: None,
        hint: LeaderHint { epoch, leader: None, endpoints: Endpoints::default() },
        high_watermark: None,
        log_start: Offset::ZERO,
        outcome: FetchOutcome::Records { from: Offset::ZERO, bytes: asked },
    });
    let Response::Fetch(filled) = log.fill(response).unwrap() else { panic!("a fetch is answered in kind") };
    let FetchOutcome::Records { bytes: FetchedBytes::Received(bytes), .. } = filled.outcome else {
        panic!("records were asked for")
    };
    assert!(bytes.len() > 7 << 20 && bytes.len() <= 8 << 20, "{}", bytes.len());
    assert_ne!(bytes, Bytes::new());
}
