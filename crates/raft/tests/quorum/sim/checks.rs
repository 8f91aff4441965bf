//! What must hold at every step: the six invariants of Kafka's simulation and its validation of
//! committed data, as events instead of scans, and two stronger ones of our own.

use std::collections::BTreeMap;

use klamm_model::{LeaderEpoch, Offset};
use klamm_raft::StoredElection;

use super::disk::{Batch, Disk, Record, Snapshot};

/// Which checks are on, and what they have seen.
#[derive(Debug, Default)]
pub struct Checks {
    /// Off where a disk with committed data is thrown away: that can break the two rules it guards.
    pub disk_was_lost: bool,
    leaders: BTreeMap<LeaderEpoch, i32>,
    leader_high_watermark: (LeaderEpoch, Offset),
    /// What each leader has committed.
    committed_by: BTreeMap<LeaderEpoch, Offset>,
    stored_epochs: BTreeMap<i32, LeaderEpoch>,
    /// Digest of the record at (offset, epoch), wherever it is.
    written: BTreeMap<(Offset, LeaderEpoch), u64>,
    /// Digest of each committed record, and of all records up to and with it, from offset 0.
    committed: Vec<(u64, u64)>,
}

fn digest_of(batch: &Batch, record: &Record) -> u64 {
    let content = match record {
        Record::Data(value) => *value,
        Record::Control(control) => {
            control.encode().iter().fold(17, |sum, byte| chain(sum, u64::from(*byte)))
        }
    };
    chain(chain(1, batch.epoch.get() as u64), content)
}

fn chain(digest: u64, next: u64) -> u64 {
    (digest ^ next).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
}

impl Checks {
    pub fn committed_end(&self) -> Offset {
        Offset::at(self.committed.len() as i64)
    }

    /// Digest of the committed records below `end`.
    pub fn committed_digest(&self, end: Offset) -> u64 {
        end.get().checked_sub(1).filter(|last| *last >= 0).map_or(0, |last| self.committed[last as usize].1)
    }

    /// A replaced disk begins anew.
    pub fn forget_epoch(&mut self, node: i32) {
        self.stored_epochs.remove(&node);
    }

    /// SingleLeader: an epoch has at most one leader.
    pub fn leads(&mut self, node: i32, epoch: LeaderEpoch) {
        let leader = *self.leaders.entry(epoch).or_insert(node);
        assert_eq!(leader, node, "epoch {epoch} has two leaders");
    }

    /// SingleLeader and MonotonicEpoch, by what is stored.
    pub fn stored(&mut self, node: i32, election: &StoredElection) {
        if let Some(leader) = election.leader {
            self.leads(leader.get(), election.epoch);
        }
        let last = self.stored_epochs.entry(node).or_default();
        assert!(self.disk_was_lost || *last <= election.epoch, "node {node} went back to {}", election.epoch);
        *last = election.epoch;
    }

    /// Log matching: at one offset, one epoch has one record, in whichever log.
    pub fn appended(&mut self, node: i32, batch: &Batch) {
        for (offset, record) in batch.iter() {
            let digest = digest_of(batch, record);
            let known = *self.written.entry((offset, batch.epoch)).or_insert(digest);
            assert_eq!(known, digest, "node {node}: two records at offset {offset} of epoch {}", batch.epoch);
        }
    }

    /// Leader completeness: whoever is elected has all that earlier leaders have committed.
    pub fn elected(&self, node: i32, epoch: LeaderEpoch, disk: &Disk) {
        let end = self.committed_by.range(..epoch).map(|(_, end)| *end).max().unwrap_or_default();
        assert!(disk.log_end() >= end, "leader {node} lacks committed records: {} < {end}", disk.log_end());
        for batch in disk.range(disk.log_start, end) {
            self.agrees(node, batch);
        }
    }

    fn agrees(&self, node: i32, batch: &Batch) {
        for (offset, record) in batch.iter() {
            if let Some((digest, _)) = self.committed.get(offset.get() as usize) {
                assert_eq!(
                    *digest,
                    digest_of(batch, record),
                    "node {node}: committed offset {offset} changed"
                );
            }
        }
    }

    /// MonotonicHighWatermark, for the leader of the newest epoch.
    pub fn leader_committed(&mut self, epoch: LeaderEpoch, high_watermark: Offset) {
        let (last_epoch, last) = self.leader_high_watermark;
        if epoch >= last_epoch {
            assert!(high_watermark >= last, "the high watermark went back from {last} to {high_watermark}");
            self.leader_high_watermark = (epoch, high_watermark);
        }
        self.committed_by.insert(epoch, high_watermark);
    }

    /// MajorityReachedHighWatermark: `reached` of `voters` have it all, synced.
    pub fn majority_has(&self, high_watermark: Offset, reached: usize, voters: usize) {
        assert!(
            self.disk_was_lost || reached > voters / 2,
            "only {reached} of {voters} voters hold everything below the high watermark {high_watermark}"
        );
    }

    /// ConsistentCommittedData: the state machine of `node` applies a committed batch.
    pub fn applied(&mut self, node: i32, batch: &Batch) {
        self.agrees(node, batch);
        for (offset, record) in batch.iter() {
            if offset.get() as usize == self.committed.len() {
                let digest = digest_of(batch, record);
                let before = self.committed.last().map_or(0, |(_, all)| *all);
                self.committed.push((digest, chain(before, digest)));
            }
        }
    }

    /// ConsistentCommittedData, for snapshots.
    pub fn loaded(&self, node: i32, snapshot: &Snapshot) {
        let expected = self.committed_digest(snapshot.id.offset);
        assert_eq!(snapshot.digest, expected, "node {node}: snapshot {:?} holds something else", snapshot.id);
    }

    /// SnapshotAtLogStart.
    pub fn log_start(&self, node: i32, disk: &Disk) {
        let has_snapshot = disk.snapshots.keys().any(|id| id.offset == disk.log_start);
        assert!(disk.log_start == Offset::ZERO || has_snapshot, "node {node}: no snapshot at the log start");
        assert!(disk.snapshots.keys().all(|id| id.offset >= disk.log_start), "node {node}: a stale snapshot");
    }
}
