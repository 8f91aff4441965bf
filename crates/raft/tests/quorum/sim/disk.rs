//! The disk of one node: a log whose tail a crash may take, snapshots, and the election state.

use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use klamm_logstate::{EpochEntry, EpochHistory};
use klamm_model::{LeaderEpoch, Offset, OffsetAndEpoch};
use klamm_raft::{ControlRecord, KraftVersion, LogFacts, SnapshotFacts, StoredElection, VoterSet};

/// Nominal size of a batch on the wire.
const BATCH_BYTES: u32 = 100;

/// Size of a snapshot: several slices.
pub const SNAPSHOT_BYTES: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    Data(u64),
    Control(ControlRecord),
}

#[derive(Debug, PartialEq, Eq)]
pub struct Batch {
    pub base: Offset,
    pub epoch: LeaderEpoch,
    pub records: Vec<Record>,
}

impl Batch {
    pub fn end(&self) -> Offset {
        self.base.plus(self.records.len() as i64)
    }

    pub fn iter(&self) -> impl Iterator<Item = (Offset, &Record)> {
        self.records.iter().zip(0..).map(|(record, delta)| (self.base.plus(delta), record))
    }
}

/// What a snapshot holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub id: OffsetAndEpoch,
    pub version: KraftVersion,
    pub voters: Option<VoterSet>,
    /// Digest of all records it covers.
    pub digest: u64,
}

impl Snapshot {
    pub fn controls(&self) -> Vec<ControlRecord> {
        let mut controls = vec![ControlRecord::KraftVersion(self.version)];
        controls.extend(self.voters.clone().map(ControlRecord::Voters));
        controls
    }
}

/// Batches and snapshots in flight are named by number: bytes on the wire are lists of numbers.
#[derive(Debug, Default)]
pub struct Store {
    batches: Vec<Rc<Batch>>,
    snapshots: Vec<Rc<Snapshot>>,
}

impl Store {
    pub fn send(&mut self, batches: &[Rc<Batch>]) -> Bytes {
        let mut bytes = Vec::with_capacity(batches.len() * 8);
        for batch in batches {
            bytes.extend((self.batches.len() as u64).to_be_bytes());
            self.batches.push(batch.clone());
        }
        bytes.into()
    }

    pub fn receive(&self, bytes: &Bytes) -> Vec<Rc<Batch>> {
        let number = |chunk: &[u8]| u64::from_be_bytes(chunk.try_into().unwrap()) as usize;
        bytes.chunks_exact(8).map(|chunk| self.batches[number(chunk)].clone()).collect()
    }

    pub fn send_snapshot(&mut self, snapshot: &Rc<Snapshot>) -> Bytes {
        let mut bytes = (self.snapshots.len() as u64).to_be_bytes().to_vec();
        bytes.resize(SNAPSHOT_BYTES, 0);
        self.snapshots.push(snapshot.clone());
        bytes.into()
    }

    pub fn receive_snapshot(&self, bytes: &[u8]) -> Rc<Snapshot> {
        assert_eq!(bytes.len(), SNAPSHOT_BYTES, "the snapshot is whole");
        self.snapshots[u64::from_be_bytes(bytes[..8].try_into().unwrap()) as usize].clone()
    }
}

#[derive(Debug)]
pub struct Disk {
    pub log_start: Offset,
    pub batches: Vec<Rc<Batch>>,
    /// A crash takes nothing below this.
    pub synced_end: Offset,
    pub snapshots: BTreeMap<OffsetAndEpoch, Rc<Snapshot>>,
    pub election: Option<StoredElection>,
    /// The snapshot being fetched.
    pub part: Vec<u8>,
}

impl Disk {
    /// A formatted disk, perhaps with the bootstrap snapshot of a dynamic quorum.
    pub fn new(bootstrap: Option<Snapshot>) -> Disk {
        Disk {
            log_start: Offset::ZERO,
            batches: Vec::new(),
            synced_end: Offset::ZERO,
            snapshots: bootstrap.map(|snapshot| (snapshot.id, Rc::new(snapshot))).into_iter().collect(),
            election: None,
            part: Vec::new(),
        }
    }

    /// What is found is synced. A log that ends before the latest snapshot begins anew at its end.
    pub fn recover(&mut self) {
        let covered = self.snapshots.values().max_by_key(|snapshot| snapshot.id.offset).cloned();
        if let Some(snapshot) = covered.filter(|snapshot| snapshot.id.offset > self.log_end()) {
            self.install(snapshot);
        }
        self.synced_end = self.log_end();
    }

    pub fn log_end(&self) -> Offset {
        self.batches.last().map_or(self.log_start, |batch| batch.end())
    }

    pub fn append(&mut self, batch: Rc<Batch>) {
        assert_eq!(batch.base, self.log_end(), "batches are contiguous");
        self.batches.push(batch);
    }

    /// Cuts the log to `end`, a batch boundary.
    pub fn truncate(&mut self, end: Offset) {
        while self.batches.last().is_some_and(|batch| batch.end() > end) {
            self.batches.pop();
        }
        assert_eq!(self.log_end(), end, "cuts fall between batches");
        self.synced_end = self.synced_end.min(end);
    }

    /// The batch that holds `offset`.
    fn index_of(&self, offset: Offset) -> usize {
        self.batches.partition_point(|batch| batch.end() <= offset)
    }

    pub fn read(&self, from: Offset, max_bytes: u32) -> &[Rc<Batch>] {
        let first = self.index_of(from);
        let count = ((max_bytes / BATCH_BYTES) as usize).max(1);
        &self.batches[first..self.batches.len().min(first + count)]
    }

    /// Batches from `from` to `end`, both boundaries.
    pub fn range(&self, from: Offset, end: Offset) -> &[Rc<Batch>] {
        &self.batches[self.index_of(from)..self.index_of(end)]
    }

    pub fn advance_start(&mut self, start: Offset) {
        let covered = self.batches.partition_point(|batch| batch.end() <= start);
        self.batches.drain(..covered);
        self.log_start = start;
        self.snapshots.retain(|id, _| id.offset >= start);
    }

    pub fn install(&mut self, snapshot: Rc<Snapshot>) {
        self.batches.clear();
        self.log_start = snapshot.id.offset;
        self.synced_end = snapshot.id.offset;
        self.snapshots = [(snapshot.id, snapshot)].into();
    }

    pub fn latest_snapshot(&self) -> Option<&Rc<Snapshot>> {
        self.snapshots.values().max_by_key(|snapshot| (snapshot.id.epoch, snapshot.id.offset))
    }

    pub fn facts(&self) -> LogFacts {
        let entry = |batch: &Rc<Batch>| EpochEntry { epoch: batch.epoch, start_offset: batch.base };
        let mut epochs = EpochHistory::from_entries(self.batches.iter().map(entry));
        epochs.truncate_from_start(self.log_start);
        let mut snapshots: Vec<_> = self.snapshots.keys().copied().collect();
        snapshots.sort_by_key(|id| (id.epoch, id.offset));
        LogFacts {
            log_start: self.log_start,
            log_end: self.log_end(),
            epochs,
            snapshots: snapshots
                .into_iter()
                .map(|id| SnapshotFacts { id, size: SNAPSHOT_BYTES as u64 })
                .collect(),
        }
    }
}
