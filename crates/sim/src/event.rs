//! What is still to happen, in the order of time.

use std::collections::BTreeMap;

use klamm_model::Instant;
use klamm_node::control::SnapshotJob;
use klamm_node::partition::PartitionHandle;
use klamm_raft::{ApiKind, CorrelationId, FlushToken, HostPort, PeerId, PersistToken, Request, Response};
use klamm_storage::Job;
use klamm_storage::state::{QuorumState, QuorumStateStore};

use crate::replication::FetcherWork;
use crate::rpc::{Answer, Call, CallId, Caller};
use crate::world::Step;

/// Where an answer of the quorum's APIs goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RaftOrigin {
    pub(crate) node: i32,
    pub(crate) incarnation: u32,
    pub(crate) peer: PeerId,
    pub(crate) correlation: CorrelationId,
    pub(crate) api: ApiKind,
}

/// Work of one process's disk pool.
#[derive(Debug)]
pub(crate) enum DiskWork {
    /// A flush of the metadata log.
    Flush(FlushToken, Job),
    /// Another job of the metadata log.
    Background(Job),
    /// `quorum-state`.
    Persist(PersistToken, QuorumStateStore, QuorumState),
    /// A snapshot of the metadata.
    Snapshot(Box<SnapshotJob>),
    /// A job of a partition's log.
    Partition(PartitionHandle, Job),
    /// Opens a partition's log.
    Open(PartitionHandle),
    /// A fetcher's.
    Follow(Box<FetcherWork>),
    /// Loads the coordinator of a partition of `__consumer_offsets`.
    LoadGroups(i32),
    /// Checkpoints and free space of a broker's log directory.
    House,
    /// Removes a deleted partition.
    Remove(PartitionHandle, klamm_node::partition::Departure),
}

/// One thing that happens.
#[derive(Debug)]
pub(crate) enum Event {
    /// A deadline of a process.
    Timer { node: i32, incarnation: u32 },
    /// A piece of disk work is done.
    Disk { node: i32, incarnation: u32, work: DiskWork },
    /// A request of the quorum's APIs arrives.
    Raft { from: RaftOrigin, to: HostPort, request: Request },
    /// Its answer arrives.
    RaftAnswer { by: i32, to: RaftOrigin, response: Response },
    /// A call arrives.
    Call { from: Caller, to: i32, id: CallId, call: Call },
    /// Its answer arrives.
    Answer { by: i32, to: Caller, id: CallId, answer: Answer },
    /// The caller no longer waits.
    Expired { caller: Caller, id: CallId },
    /// A process looks whether another is dead.
    Proof { node: i32, incarnation: u32, step: Step },
    /// A client's own timer.
    Client { client: usize },
}

impl Event {
    /// The node whose process has to run for it.
    pub(crate) fn runs_on(&self) -> Option<i32> {
        match self {
            Event::Timer { node, .. } | Event::Disk { node, .. } | Event::Proof { node, .. } => Some(*node),
            Event::Raft { to, .. } => crate::build::node_at(to),
            Event::RaftAnswer { to, .. } => Some(to.node),
            Event::Call { to, .. } => Some(*to),
            Event::Answer { to, .. } => match to {
                Caller::Client(_) => None,
                Caller::Process { node, .. } => Some(*node),
            },
            Event::Expired { caller, .. } => match caller {
                Caller::Client(_) => None,
                Caller::Process { node, .. } => Some(*node),
            },
            Event::Client { .. } => None,
        }
    }
}

/// Events by time; those of the same time in the order they were added.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    events: BTreeMap<(Instant, u64), Box<Event>>,
    serial: u64,
}

impl Agenda {
    pub(crate) fn add(&mut self, at: Instant, event: Event) {
        self.serial += 1;
        self.events.insert((at, self.serial), Box::new(event));
    }

    pub(crate) fn next(&mut self) -> Option<(Instant, Event)> {
        self.events.pop_first().map(|((at, _), event)| (at, *event))
    }

    pub(crate) fn next_time(&self) -> Option<Instant> {
        self.events.first_key_value().map(|((at, _), _)| *at)
    }
}
