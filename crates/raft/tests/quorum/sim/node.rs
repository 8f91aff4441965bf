//! One node: its quorum while it runs, its disk always, its state machine.

use klamm_model::{Instant, LeaderEpoch, NodeId, Offset};
use std::collections::VecDeque;

use klamm_raft::{
    ControlHistory, FlushToken, KraftVersion, LocalReplica, Origin, PersistToken, Quorum, Start,
    StoredElection, VoterSet,
};

use super::disk::{Disk, Record, Snapshot};
use super::names::{Build, address, directory, endpoints, listener};

#[derive(Debug)]
pub struct Node {
    pub id: i32,
    /// Grows with each start: answers to an earlier run find nobody.
    pub incarnation: u32,
    pub quorum: Option<Quorum>,
    pub disk: Disk,
    pub move_number: u16,
    pub disk_number: u16,
    /// Records below are applied.
    pub applied: Offset,
    pub last_snapshot: Offset,
    /// The epoch it leads, as its driver knows.
    pub leads: Option<LeaderEpoch>,
    /// Leadership as its driver knows it.
    pub known: (LeaderEpoch, Option<NodeId>),
    /// Highest high watermark told since it started.
    pub high_watermark: Offset,
    /// Writes of the election state under way.
    pub persisting: VecDeque<(PersistToken, StoredElection)>,
    /// Flushes under way, with what they cover.
    pub flushing: VecDeque<(FlushToken, Offset)>,
    /// When all writes under way will be done. The flush of the log does not wait for them, nor
    /// they for it.
    pub persisted_at: Instant,
    /// When its timer is set to go off.
    pub armed: Option<Instant>,
    pub is_leaving: bool,
}

impl Node {
    pub fn new(id: i32, build: &Build) -> Node {
        Node {
            id,
            incarnation: 0,
            quorum: None,
            disk: Node::formatted(id, build),
            move_number: 0,
            disk_number: 0,
            applied: Offset::ZERO,
            last_snapshot: Offset::ZERO,
            leads: None,
            known: (LeaderEpoch::ZERO, None),
            high_watermark: Offset::ZERO,
            persisting: VecDeque::new(),
            flushing: VecDeque::new(),
            persisted_at: Instant::ZERO,
            armed: None,
            is_leaving: false,
        }
    }

    /// A disk as `storage format` leaves it. Observers get no voters.
    pub fn formatted(id: i32, build: &Build) -> Disk {
        let is_voter = build.voters.contains(&id);
        Disk::new((is_voter && build.version == KraftVersion::Dynamic).then(|| Snapshot {
            id: klamm_raft::LogFacts::BOOTSTRAP_SNAPSHOT,
            version: KraftVersion::Dynamic,
            voters: Some(build.voter_set()),
            digest: 0,
        }))
    }

    pub fn start(&self, build: &Build, seed: u64) -> Start {
        Start {
            config: build.config.clone(),
            local: LocalReplica {
                id: NodeId::at(self.id),
                directory: directory(self.id, self.disk_number),
                cluster_id: "sim".into(),
                endpoints: endpoints(self.id, self.move_number),
                listener: listener(),
                kraft_versions: KraftVersion::SUPPORTED,
                eligibility: build.eligibility(self.id),
            },
            bootstrap_servers: match build.version {
                KraftVersion::Dynamic => build.voters.iter().map(|id| address(*id, 0)).collect(),
                KraftVersion::Static => Vec::new(),
            },
            election: self.disk.election.clone(),
            log: self.disk.facts(),
            control: self.control(build),
            seed,
        }
    }

    fn control(&self, build: &Build) -> ControlHistory {
        let static_voters = match build.version {
            KraftVersion::Static => build.voter_set(),
            KraftVersion::Dynamic => VoterSet::empty(),
        };
        let mut control = ControlHistory::new(static_voters);
        let mut from = self.disk.log_start;
        if let Some(snapshot) = self.disk.latest_snapshot() {
            for record in snapshot.controls() {
                control.add(Origin::of_snapshot(snapshot.id.offset), &record);
            }
            from = snapshot.id.offset;
        }
        for batch in self.disk.range(from, self.disk.log_end()) {
            for (offset, record) in batch.iter() {
                if let Record::Control(record) = record {
                    control.add(Origin::At(offset), record);
                }
            }
        }
        control
    }
}
