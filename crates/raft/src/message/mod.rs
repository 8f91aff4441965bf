//! Requests and responses of the quorum as values. The wire's sentinels, versions and the choice of
//! one listener's endpoint stay outside.

mod request;
mod response;

pub use request::{
    AckWhen, AddVoterRequest, BeginQuorumEpochRequest, EndQuorumEpochRequest, FetchRequest,
    FetchSnapshotRequest, RemoveVoterRequest, Request, RequestBody, UpdateVoterRequest, VoteKind,
    VoteRequest,
};
pub use response::{
    ApiVersionsResponse, DescribeQuorumResponse, EpochResponse, FetchOutcome, FetchResponse,
    FetchSnapshotResponse, FetchedBytes, LeaderHint, ReplicaStatus, Response, SnapshotSlice,
    UpdateVoterResponse, VoteResponse, VoterChangeResponse,
};

/// The APIs of the quorum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiKind {
    /// Vote (52).
    Vote,
    /// BeginQuorumEpoch (53).
    BeginQuorumEpoch,
    /// EndQuorumEpoch (54).
    EndQuorumEpoch,
    /// Fetch (1) of the metadata partition.
    Fetch,
    /// FetchSnapshot (59).
    FetchSnapshot,
    /// DescribeQuorum (55).
    DescribeQuorum,
    /// AddRaftVoter (80).
    AddVoter,
    /// RemoveRaftVoter (81).
    RemoveVoter,
    /// UpdateRaftVoter (82).
    UpdateVoter,
    /// ApiVersions (18), sent to a voter to be.
    ApiVersions,
}

/// Errors the quorum answers with or acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RaftError {
    /// UNKNOWN_SERVER_ERROR.
    UnknownServerError,
    /// UNKNOWN_TOPIC_OR_PARTITION.
    UnknownTopicOrPartition,
    /// NOT_LEADER_OR_FOLLOWER.
    NotLeaderOrFollower,
    /// REQUEST_TIMED_OUT.
    RequestTimedOut,
    /// BROKER_NOT_AVAILABLE: shutting down, or not reached at all.
    BrokerNotAvailable,
    /// Not reached, and proven to be no process any more: its machine refuses connections. BROKER_NOT_AVAILABLE to others.
    PeerGone,
    /// CLUSTER_AUTHORIZATION_FAILED.
    ClusterAuthorizationFailed,
    /// UNSUPPORTED_VERSION.
    UnsupportedVersion,
    /// INVALID_REQUEST.
    InvalidRequest,
    /// FENCED_LEADER_EPOCH.
    FencedLeaderEpoch,
    /// UNKNOWN_LEADER_EPOCH.
    UnknownLeaderEpoch,
    /// SNAPSHOT_NOT_FOUND.
    SnapshotNotFound,
    /// POSITION_OUT_OF_RANGE.
    PositionOutOfRange,
    /// INCONSISTENT_CLUSTER_ID.
    InconsistentClusterId,
    /// INVALID_VOTER_KEY.
    InvalidVoterKey,
    /// DUPLICATE_VOTER.
    DuplicateVoter,
    /// VOTER_NOT_FOUND.
    VoterNotFound,
    /// Any other code of a peer.
    Other(i16),
}
