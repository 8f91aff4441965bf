//! Tests of single replicas: inputs by hand, effects compared whole.
#![allow(clippy::unwrap_used, dead_code)]

mod changes;
mod errors;
mod fetch;
mod follow;
mod single_voter;
mod votes;

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

/// Confirms whatever the effects ask to be written; returns the other effects with those that
/// were held back.
pub(crate) fn persist(quorum: &mut Quorum, effects: Effects) -> Effects {
    let mut rest = Vec::new();
    for effect in effects {
        match effect {
            Effect::PersistQuorumState { token, .. } => quorum.on_persisted(token, &mut rest),
            effect => rest.push(effect),
        }
    }
    rest
}

/// Node 1 of voters 1 to 3, started with an empty log.
pub(crate) fn unattached() -> Quorum {
    let mut quorum = Quorum::new(start(1, &[1, 2, 3])).unwrap();
    let effects = run(|e| quorum.on_start(ms(0), e));
    persist(&mut quorum, effects);
    quorum
}

/// Node 1 as the leader of epoch 1 with voters 1 to 3, its first batch durable. Its log end is 3.
pub(crate) fn leading() -> Quorum {
    let mut quorum = unattached();
    let now = quorum.next_deadline().unwrap();
    run(|e| quorum.on_timeout(now, e));
    for of_epoch in [0, 1] {
        let effects = answer(&mut quorum, now, PeerId::Node(node(2)), says(true, of_epoch));
        let effects = persist(&mut quorum, effects);
        for effect in effects {
            if let Effect::FlushLog { token } = effect {
                run(|e| quorum.on_flushed(now, token, e));
            }
        }
    }
    assert_eq!(quorum.view().role, RoleName::Leader);
    quorum
}

/// Answers the request that is out to `peer`.
pub(crate) fn answer(quorum: &mut Quorum, now: Instant, peer: PeerId, response: Response) -> Effects {
    let correlation = quorum.peers.waiting_for(peer).expect("a request is out");
    run(|e| quorum.on_response(now, (peer, correlation), response, e))
}

/// What a voter says to a vote request.
pub(crate) fn says(granted: bool, of_epoch: i32) -> Response {
    let hint = LeaderHint { epoch: epoch(of_epoch), ..LeaderHint::default() };
    Response::Vote(VoteResponse { error: None, hint, granted })
}

/// Node 1 as a follower of leader 2 in epoch 5, with the log end `(end, epoch 4)`.
pub(crate) fn following(end: i64) -> Quorum {
    let mut begin = start(1, &[1, 2, 3]);
    begin.election = Some(stored(5, Some(2), None, &[1, 2, 3]));
    begin.log.log_end = offset(end);
    begin.log.epochs.assign(epoch(4), offset(0));
    let mut quorum = Quorum::new(begin).unwrap();
    run(|e| quorum.on_start(ms(0), e));
    assert_eq!(quorum.view().role, RoleName::Follower);
    quorum
}

/// The request that went out, with its name.
pub(crate) fn sent(effects: &Effects) -> (PeerId, CorrelationId, RequestBody) {
    let request = effects.iter().find_map(|effect| match effect {
        Effect::SendRequest { to, correlation, request } => {
            Some((to.peer, *correlation, request.body.clone()))
        }
        _ => None,
    });
    request.expect("a request was sent")
}

/// Leadership as leader `id` of `epoch` tells it.
pub(crate) fn hint(leader: i32, epoch: i32) -> LeaderHint {
    LeaderHint { epoch: LeaderEpoch::at(epoch), leader: Some(node(leader)), endpoints: endpoints(leader) }
}

/// Feeds a request without a cluster id; the effects.
pub(crate) fn ask(quorum: &mut Quorum, now: Instant, body: RequestBody) -> Effects {
    run(|e| quorum.on_request(now, RequestId(7), Request { cluster_id: None, body }, e))
}

/// As [`ask`], with everything persisted; the reply to it.
pub(crate) fn reply_to(quorum: &mut Quorum, now: Instant, body: RequestBody) -> Response {
    let effects = ask(quorum, now, body);
    let effects = persist(quorum, effects);
    let reply = effects.into_iter().find_map(|effect| match effect {
        Effect::Reply { request: RequestId(7), response } => Some(response),
        _ => None,
    });
    reply.expect("it is answered at once")
}
