//! Tests of single replicas: inputs by hand, effects compared whole.
#![allow(clippy::unwrap_used, dead_code)]

mod single_voter;

use klamm_model::{DirectoryId, Instant, LeaderEpoch, NodeId, Offset, OffsetAndEpoch, Uuid};

use crate::*;

pub(crate) fn ms(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

pub(crate) fn epoch(epoch: i32) -> LeaderEpoch {
    LeaderEpoch::at(epoch)
}

pub(crate) fn offset(offset: i64) -> Offset {
    Offset::at(offset)
}

pub(crate) fn at(offset: i64, epoch: i32) -> OffsetAndEpoch {
    OffsetAndEpoch { offset: Offset::at(offset), epoch: LeaderEpoch::at(epoch) }
}

pub(crate) fn node(id: i32) -> NodeId {
    NodeId::at(id)
}

pub(crate) fn directory(id: i32) -> DirectoryId {
    DirectoryId::new(Uuid::from_u128(1_000 + id.unsigned_abs() as u128)).unwrap()
}

/// Node `id` with its usual directory.
pub(crate) fn key(id: i32) -> ReplicaKey {
    ReplicaKey::new(node(id), directory(id))
}

pub(crate) fn listener() -> ListenerName {
    ListenerName::new("CONTROLLER")
}

pub(crate) fn address(id: i32) -> HostPort {
    HostPort::new(format!("node{id}"), 9093)
}

pub(crate) fn endpoints(id: i32) -> Endpoints {
    Endpoints::single(listener(), address(id))
}

pub(crate) fn voter(id: i32) -> Voter {
    Voter { key: key(id), endpoints: endpoints(id), kraft_versions: KraftVersion::SUPPORTED }
}

pub(crate) fn voters(ids: &[i32]) -> VoterSet {
    ids.iter().map(|id| voter(*id)).collect()
}

/// What a static quorum knows of its voters: no directories, level 0 only.
pub(crate) fn static_voters(ids: &[i32]) -> VoterSet {
    let without_directory = |id: &i32| Voter {
        key: ReplicaKey::without_directory(node(*id)),
        endpoints: endpoints(*id),
        kraft_versions: VersionRange { min: 0, max: 0 },
    };
    ids.iter().map(without_directory).collect()
}

/// Control state of a dynamic quorum as `storage format` leaves it: in the bootstrap snapshot.
pub(crate) fn formatted(ids: &[i32]) -> ControlHistory {
    let mut control = ControlHistory::new(VoterSet::empty());
    control.add(Origin::Bootstrap, &ControlRecord::KraftVersion(KraftVersion::Dynamic));
    control.add(Origin::Bootstrap, &ControlRecord::Voters(voters(ids)));
    control
}

/// A start of node `id` of a dynamic quorum with voters `ids`, its log empty.
pub(crate) fn start(id: i32, ids: &[i32]) -> Start {
    Start {
        config: QuorumConfig::default(),
        local: LocalReplica {
            id: node(id),
            directory: directory(id),
            cluster_id: "cluster".into(),
            endpoints: endpoints(id),
            listener: listener(),
            kraft_versions: KraftVersion::SUPPORTED,
            eligibility: VoterEligibility::Controller,
        },
        bootstrap_servers: ids.iter().map(|id| address(*id)).collect(),
        election: None,
        log: LogFacts {
            snapshots: vec![SnapshotFacts { id: LogFacts::BOOTSTRAP_SNAPSHOT, size: 100 }],
            ..LogFacts::default()
        },
        control: formatted(ids),
        seed: 1,
    }
}

/// Contents of `quorum-state` at kraft.version 1.
pub(crate) fn stored(epoch: i32, leader: Option<i32>, voted: Option<i32>, ids: &[i32]) -> StoredElection {
    StoredElection {
        epoch: LeaderEpoch::at(epoch),
        leader: leader.map(node),
        voted: voted.map(key),
        voters: ids.iter().map(|id| node(*id)).collect(),
        version: KraftVersion::Dynamic,
    }
}

/// The effects of one input.
pub(crate) fn run(input: impl FnOnce(&mut Effects)) -> Effects {
    let mut effects = Vec::new();
    input(&mut effects);
    effects
}
