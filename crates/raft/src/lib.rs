//! KRaft's quorum as a pure state machine: roles, votes, high watermark, voter changes.
//!
//! The core has no clock, no files and no sockets. A driver feeds it inputs (`on_*`), each with the
//! time, and carries out the [`Effect`]s it gets back, in their order. Effects that change the log
//! (`Append*`, `TruncateTo`, `InstallSnapshot`) are carried out before the next input is fed; only
//! [`Effect::PersistQuorumState`] and [`Effect::FlushLog`] may finish later, and the core holds back
//! whatever depends on them. After every input the driver arms one timer for
//! [`Quorum::next_deadline`].

mod config;
mod control_history;
mod control_record;
mod effect;
mod log_facts;
mod message;
mod quorum;
mod replica;
mod stored_election;
mod timer;
mod voter_set;

pub use config::{JoinPolicy, LocalReplica, QuorumConfig, Start, StartError, VoterEligibility};
pub use control_history::{ControlHistory, Origin};
pub use control_record::{ControlRecord, LeaderChange};
pub use effect::{
    CorrelationId, DataBatch, Destination, Effect, Effects, FlushToken, PeerId, PersistToken, RequestId,
    ShutdownOutcome, Truncation, Violation,
};
pub use log_facts::{Appended, EpochStart, LogFacts, SnapshotFacts};
pub use message::{
    AckWhen, AddVoterRequest, ApiKind, ApiVersionsResponse, BeginQuorumEpochRequest, DescribeQuorumResponse,
    EndQuorumEpochRequest, EpochResponse, FetchOutcome, FetchRequest, FetchResponse, FetchSnapshotRequest,
    FetchSnapshotResponse, FetchedBytes, LeaderHint, RaftError, RemoveVoterRequest, ReplicaStatus, Request,
    RequestBody, Response, SnapshotSlice, UpdateVoterRequest, UpdateVoterResponse, VoteKind, VoteRequest,
    VoteResponse, VoterChangeResponse,
};
pub use quorum::{AppendError, Appending, Quorum, QuorumView, RoleName, UpgradeError, UpgradeMode};
pub use replica::{Endpoints, HostPort, ListenerName, ReplicaKey, VersionRange};
pub use stored_election::{StoredElection, StoredElectionError};
pub use voter_set::{KraftVersion, Voter, VoterSet};
