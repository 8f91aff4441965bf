//! KRaft's quorum as a pure state machine: roles, votes, high watermark, voter changes.
//!
//! The core has no clock, no files and no sockets. A driver feeds it inputs (`on_*`), each with the
//! time, and carries out the [`Effect`]s it gets back, in their order. Effects that change the log
//! (`Append*`, `TruncateTo`, `InstallSnapshot`) are carried out before the next input is fed; only
//! [`Effect::PersistQuorumState`] and [`Effect::FlushLog`] may finish later, and the core holds back
//! whatever depends on them. After every input the driver arms one timer for
//! [`Quorum::next_deadline`].

mod append_queue;
mod config;
mod control_codec;
mod control_history;
mod control_record;
mod effect;
mod election;
mod flushes;
mod inputs;
mod log_facts;
mod message;
mod outbox;
mod parked;
mod peers;
mod planted;
mod quorum;
mod reconfig;
mod replica;
mod roles;
mod stored_election;
mod timer;
mod voter_set;

#[cfg(test)]
mod tests;

pub use config::{JoinPolicy, LocalReplica, QuorumConfig, Start, StartError, VoterEligibility};
pub use control_codec::ControlRecordError;
pub use control_history::{ControlHistory, Origin};
pub use control_record::{ControlRecord, LeaderChange};
pub use effect::{
    CorrelationId, DataBatch, Destination, Effect, Effects, FlushToken, PeerId, PersistToken, RequestId,
    ShutdownOutcome, Truncation, Violation,
};
pub use inputs::{AppendError, Appending};
pub use log_facts::{Appended, LogFacts, SnapshotFacts};
pub use message::{
    AckWhen, AddVoterRequest, ApiKind, ApiVersionsResponse, BeginQuorumEpochRequest, DescribeQuorumResponse,
    EndQuorumEpochRequest, EpochResponse, FetchOutcome, FetchRequest, FetchResponse, FetchSnapshotRequest,
    FetchSnapshotResponse, FetchedBytes, LeaderHint, RaftError, RemoveVoterRequest, ReplicaStatus, Request,
    RequestBody, Response, SnapshotSlice, UpdateVoterRequest, UpdateVoterResponse, VoteKind, VoteRequest,
    VoteResponse, VoterChangeResponse,
};
#[cfg(feature = "planted-bugs")]
pub use planted::Bug;
pub use quorum::{Quorum, QuorumView};
pub use reconfig::{UpgradeError, UpgradeMode};
pub use replica::{Endpoints, HostPort, ListenerName, ReplicaKey, VersionRange};
pub use roles::RoleName;
pub use stored_election::StoredElection;
pub use voter_set::{KraftVersion, Voter, VoterSet};
