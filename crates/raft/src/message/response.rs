//! Responses of the quorum's APIs, sent and received.

use bytes::Bytes;
use klamm_model::{Instant, LeaderEpoch, NodeId, Offset, OffsetAndEpoch};

use super::{ApiKind, RaftError};
use crate::replica::{Endpoints, ReplicaKey, VersionRange};

/// An answer. In each, `error: None` is the wire's NONE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// The whole request failed: the response's own error code, no partition in it. A request that
    /// could not be sent or got no answer comes back as `BrokerNotAvailable`, one that the peer's
    /// versions do not allow as `UnsupportedVersion`.
    Failed(ApiKind, RaftError),
    /// Vote.
    Vote(VoteResponse),
    /// BeginQuorumEpoch.
    BeginQuorumEpoch(EpochResponse),
    /// EndQuorumEpoch.
    EndQuorumEpoch(EpochResponse),
    /// Fetch.
    Fetch(FetchResponse),
    /// FetchSnapshot.
    FetchSnapshot(FetchSnapshotResponse),
    /// DescribeQuorum.
    DescribeQuorum(DescribeQuorumResponse),
    /// AddRaftVoter.
    AddVoter(VoterChangeResponse),
    /// RemoveRaftVoter.
    RemoveVoter(VoterChangeResponse),
    /// UpdateRaftVoter.
    UpdateVoter(UpdateVoterResponse),
    /// ApiVersions; only received.
    ApiVersions(ApiVersionsResponse),
}

/// What every response tells of the leadership.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeaderHint {
    /// The responder's epoch.
    pub epoch: LeaderEpoch,
    /// Its leader.
    pub leader: Option<NodeId>,
    /// Where that leader listens; as much as the responder knows.
    pub endpoints: Endpoints,
}

/// Answer to a vote or pre-vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteResponse {
    /// Partition error.
    pub error: Option<RaftError>,
    /// Leadership as the voter knows it.
    pub hint: LeaderHint,
    /// Whether the vote is given.
    pub granted: bool,
}

/// Answer to BeginQuorumEpoch and EndQuorumEpoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochResponse {
    /// Partition error.
    pub error: Option<RaftError>,
    /// Leadership as the responder knows it.
    pub hint: LeaderHint,
}

/// Bytes of a log or snapshot: named by the core in what it answers, carried in what it gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchedBytes {
    /// To be read by the driver when it sends the answer: at most `max_bytes`, but at least one
    /// batch of the log, up to the log end (uncommitted records included).
    Read {
        /// Most bytes.
        max_bytes: u32,
    },
    /// As received.
    Received(Bytes),
}

/// What a fetch found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchOutcome {
    /// Nothing new.
    Empty,
    /// Records from the fetch offset on.
    Records {
        /// The fetch offset.
        from: Offset,
        /// The batches.
        bytes: FetchedBytes,
    },
    /// The logs part: the follower must cut its log to the end of this epoch, here at this offset.
    Diverging(OffsetAndEpoch),
    /// The follower must fetch this snapshot first.
    Snapshot(OffsetAndEpoch),
}

/// Answer to Fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchResponse {
    /// Partition error.
    pub error: Option<RaftError>,
    /// Leadership as the responder knows it.
    pub hint: LeaderHint,
    /// The leader's high watermark, once known.
    pub high_watermark: Option<Offset>,
    /// The leader's log start.
    pub log_start: Offset,
    /// What was found.
    pub outcome: FetchOutcome,
}

/// A piece of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotSlice {
    /// The snapshot.
    pub id: OffsetAndEpoch,
    /// Its whole size.
    pub size: u64,
    /// Where the piece begins.
    pub position: u64,
    /// The piece.
    pub bytes: FetchedBytes,
}

/// Answer to FetchSnapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchSnapshotResponse {
    /// Partition error.
    pub error: Option<RaftError>,
    /// Leadership as the responder knows it.
    pub hint: LeaderHint,
    /// The piece, if there is no error.
    pub slice: Option<SnapshotSlice>,
}

/// How far one replica is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaStatus {
    /// Who.
    pub key: ReplicaKey,
    /// Its log end as the leader knows it.
    pub log_end: Option<Offset>,
    /// When it last fetched; now for the leader itself.
    pub last_fetch: Option<Instant>,
    /// When it last had all the leader had; now for the leader itself.
    pub last_caught_up: Option<Instant>,
    /// Where it listens; voters only.
    pub endpoints: Endpoints,
}

/// Answer to DescribeQuorum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribeQuorumResponse {
    /// Partition error.
    pub error: Option<RaftError>,
    /// The leader and its epoch.
    pub hint: LeaderHint,
    /// The leader's high watermark, once known.
    pub high_watermark: Option<Offset>,
    /// Voters by id.
    pub voters: Vec<ReplicaStatus>,
    /// Observers by key.
    pub observers: Vec<ReplicaStatus>,
    /// The time the instants above refer to.
    pub now: Instant,
}

/// Answer to AddRaftVoter and RemoveRaftVoter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoterChangeResponse {
    /// Error.
    pub error: Option<RaftError>,
    /// Why, for humans; `None` for the error's standard message.
    pub message: Option<String>,
}

/// Answer to UpdateRaftVoter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateVoterResponse {
    /// Error.
    pub error: Option<RaftError>,
    /// Leadership as the responder knows it.
    pub hint: LeaderHint,
}

/// What the answer to ApiVersions tells of kraft.version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiVersionsResponse {
    /// Error.
    pub error: Option<RaftError>,
    /// Supported levels of kraft.version; `None` if it lists none.
    pub kraft_versions: Option<VersionRange>,
}
