//! What a quorum is built from: timeouts, the local replica, and what was found on disk.

use std::sync::Arc;
use std::time::Duration;

use klamm_model::{DirectoryId, NodeId, Offset};

use crate::control_history::ControlHistory;
use crate::log_facts::LogFacts;
use crate::replica::{Endpoints, HostPort, ListenerName, ReplicaKey, VersionRange};
use crate::stored_election::StoredElection;
use crate::voter_set::Voter;

/// Whether a controller outside the voter set asks to be added (`controller.quorum.auto.join.enable`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JoinPolicy {
    /// Only an administrator changes the voter set.
    #[default]
    ByRequest,
    /// The replica adds itself, after removing its own older directory from the set.
    Automatic,
}

/// Timeouts and limits, all with Kafka's defaults.
#[derive(Clone, Debug)]
pub struct QuorumConfig {
    /// `controller.quorum.election.timeout.ms`: an election waits between this and twice this.
    pub election_timeout: Duration,
    /// `controller.quorum.election.backoff.max.ms`: longest wait of a late successor.
    pub election_backoff_max: Duration,
    /// `controller.quorum.fetch.timeout.ms`: a follower that fetched nothing so long starts an
    /// election; a leader that no majority fetched from for 1.5 times this resigns.
    pub fetch_timeout: Duration,
    /// `controller.quorum.request.timeout.ms`: an unanswered request is given up.
    pub request_timeout: Duration,
    /// `controller.quorum.retry.backoff.ms`: pause after a failed request to one peer.
    pub retry_backoff: Duration,
    /// `controller.quorum.append.linger.ms`: longest wait of appended records for a flush that is
    /// under way. With no flush under way they do not wait.
    pub append_linger: Duration,
    /// `controller.quorum.fetch.max.bytes`.
    pub fetch_max_bytes: u32,
    /// `controller.quorum.fetch.snapshot.max.bytes`.
    pub fetch_snapshot_max_bytes: u32,
    /// Longest time a fetch that finds nothing new is parked at the leader.
    pub fetch_max_wait: Duration,
    /// Largest atomic batch.
    pub max_batch_bytes: usize,
    /// Bytes that may wait for the log before appends are refused.
    pub max_queued_bytes: usize,
    /// Fetches parked at once; beyond it they are answered at once.
    pub max_parked_fetches: usize,
    /// An observer silent for so long is forgotten by DescribeQuorum.
    pub observer_session_timeout: Duration,
    /// `controller.quorum.auto.join.enable`.
    pub join: JoinPolicy,
}

impl Default for QuorumConfig {
    fn default() -> QuorumConfig {
        QuorumConfig {
            election_timeout: Duration::from_millis(1_000),
            election_backoff_max: Duration::from_millis(1_000),
            fetch_timeout: Duration::from_millis(2_000),
            request_timeout: Duration::from_millis(2_000),
            retry_backoff: Duration::from_millis(20),
            append_linger: Duration::from_millis(25),
            fetch_max_bytes: 1 << 20,
            fetch_snapshot_max_bytes: 1 << 20,
            fetch_max_wait: Duration::from_millis(500),
            max_batch_bytes: 8 << 20,
            max_queued_bytes: 32 << 20,
            max_parked_fetches: 4_096,
            observer_session_timeout: Duration::from_secs(300),
            join: JoinPolicy::ByRequest,
        }
    }
}

/// Whether the local replica may be a voter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoterEligibility {
    /// A controller: it flushes what it fetches, since its copy may count.
    Controller,
    /// A broker: always an observer.
    BrokerOnly,
}

/// Who this replica is.
#[derive(Clone, Debug)]
pub struct LocalReplica {
    /// `node.id`.
    pub id: NodeId,
    /// `directory.id` of the metadata log directory.
    pub directory: DirectoryId,
    /// `cluster.id`.
    pub cluster_id: Arc<str>,
    /// Own controller listeners as others reach them; empty on a pure broker.
    pub endpoints: Endpoints,
    /// The controller listener over which this replica dials others.
    pub listener: ListenerName,
    /// Levels of kraft.version it can run.
    pub kraft_versions: VersionRange,
    /// Whether it may be a voter.
    pub eligibility: VoterEligibility,
}

impl LocalReplica {
    /// Its key.
    pub fn key(&self) -> ReplicaKey {
        ReplicaKey::new(self.id, self.directory)
    }

    /// Its entry in a voter set.
    pub fn voter(&self) -> Voter {
        Voter { key: self.key(), endpoints: self.endpoints.clone(), kraft_versions: self.kraft_versions }
    }
}

/// Everything known when the node starts.
#[derive(Clone, Debug)]
pub struct Start {
    /// Timeouts and limits.
    pub config: QuorumConfig,
    /// Who this replica is.
    pub local: LocalReplica,
    /// `controller.quorum.bootstrap.servers`. Empty in a static quorum: its voters take their place.
    pub bootstrap_servers: Vec<HostPort>,
    /// Contents of `quorum-state`; `None` if there is no such file.
    pub election: Option<StoredElection>,
    /// The log as recovered and flushed.
    pub log: LogFacts,
    /// Static voters (`controller.quorum.voters`) and all control records of the latest snapshot
    /// and the log after it.
    pub control: ControlHistory,
    /// Seed of the election jitter.
    pub seed: u64,
}

/// Why a quorum cannot be built.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum StartError {
    /// Neither configured voters nor bootstrap servers.
    #[error("neither controller.quorum.bootstrap.servers nor controller.quorum.voters names a controller")]
    NoControllers,
    /// A voter without an own endpoint on the controller listener cannot be reached by others.
    #[error("voter {id} has no endpoint for the controller listener {listener}")]
    NoLocalEndpoint {
        /// This node.
        id: NodeId,
        /// The controller listener.
        listener: ListenerName,
    },
    /// A crash took the end of a log that was not synced, but the snapshot is there: recovery must
    /// begin the log anew at the snapshot's end.
    #[error("the log ends at {log_end}, before the end of the snapshot {snapshot}")]
    LogEndsBeforeSnapshot {
        /// End of the log.
        log_end: Offset,
        /// End of the latest snapshot.
        snapshot: Offset,
    },
}
