//! Requests of the quorum's APIs, sent and received.

use std::sync::Arc;
use std::time::Duration;

use klamm_model::{LeaderEpoch, NodeId, Offset, OffsetAndEpoch};

use super::ApiKind;
use crate::replica::{Endpoints, ReplicaKey, VersionRange};

/// A request together with what every request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `None`: the sender did not say.
    pub cluster_id: Option<Arc<str>>,
    /// The rest.
    pub body: RequestBody,
}

/// A request of one API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestBody {
    /// A vote or pre-vote is asked for.
    Vote(VoteRequest),
    /// A new leader announces itself.
    BeginQuorumEpoch(BeginQuorumEpochRequest),
    /// A leader resigns.
    EndQuorumEpoch(EndQuorumEpochRequest),
    /// A replica fetches.
    Fetch(FetchRequest),
    /// A replica fetches a snapshot.
    FetchSnapshot(FetchSnapshotRequest),
    /// Someone asks for the state of the quorum.
    DescribeQuorum,
    /// An administrator or the replica itself adds a voter.
    AddVoter(AddVoterRequest),
    /// An administrator or the replica itself removes a voter.
    RemoveVoter(RemoveVoterRequest),
    /// A voter tells its new endpoints or versions.
    UpdateVoter(UpdateVoterRequest),
    /// Only sent: asks a voter to be for its kraft.version range.
    ApiVersions,
    /// Only received: the request names not exactly one topic and partition.
    Malformed(ApiKind),
    /// Only received: the one partition it names is not the metadata partition.
    OtherPartition(ApiKind),
}

/// Whether a vote raises the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteKind {
    /// Would I get your vote? Changes nothing (KIP-996).
    PreVote,
    /// Vote for me in my epoch.
    Vote,
}

/// Vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteRequest {
    /// Whom it is meant for; `None` from version 0.
    pub voter: Option<ReplicaKey>,
    /// The candidate; `None` if its id is negative.
    pub candidate: Option<ReplicaKey>,
    /// The candidate's epoch; `None` if negative.
    pub epoch: Option<LeaderEpoch>,
    /// End of the candidate's log; `None` if negative.
    pub last: Option<OffsetAndEpoch>,
    /// Pre-vote or vote.
    pub kind: VoteKind,
}

/// BeginQuorumEpoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeginQuorumEpochRequest {
    /// Whom it is meant for; `None` from version 0.
    pub voter: Option<ReplicaKey>,
    /// The leader; `None` if negative.
    pub leader: Option<NodeId>,
    /// Its epoch; `None` if negative.
    pub epoch: Option<LeaderEpoch>,
    /// Where it listens; none from version 0.
    pub endpoints: Endpoints,
}

/// EndQuorumEpoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndQuorumEpochRequest {
    /// The leader that resigns; `None` if negative.
    pub leader: Option<NodeId>,
    /// Its epoch; `None` if negative.
    pub epoch: Option<LeaderEpoch>,
    /// Voters from best to worst successor.
    pub successors: Vec<ReplicaKey>,
    /// Where the leader listens; none from version 0.
    pub endpoints: Endpoints,
}

/// Fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchRequest {
    /// Who fetches; `None` for an anonymous reader.
    pub replica: Option<ReplicaKey>,
    /// Its epoch; `None` if negative.
    pub epoch: Option<LeaderEpoch>,
    /// Its log end and the epoch of its last record; `None` if negative.
    pub position: Option<OffsetAndEpoch>,
    /// The high watermark it knows (KIP-1166); [`Offset::MAX`] from versions without the field.
    pub high_watermark: Option<Offset>,
    /// Most bytes of records; one batch is sent even if larger.
    pub max_bytes: u32,
    /// How long it may be parked; `None` if negative.
    pub max_wait: Option<Duration>,
}

/// FetchSnapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchSnapshotRequest {
    /// Who fetches; `None` for an anonymous reader.
    pub replica: Option<ReplicaKey>,
    /// Its epoch; `None` if negative.
    pub epoch: Option<LeaderEpoch>,
    /// Which snapshot; `None` if negative.
    pub snapshot: Option<OffsetAndEpoch>,
    /// From which byte on; `None` if negative.
    pub position: Option<u64>,
    /// Most bytes.
    pub max_bytes: u32,
}

/// AddRaftVoter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddVoterRequest {
    /// The voter to be; `None` if its id is negative.
    pub voter: Option<ReplicaKey>,
    /// Where it listens.
    pub endpoints: Endpoints,
    /// When the answer is due (KIP-1186).
    pub ack: AckWhen,
}

/// RemoveRaftVoter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoveVoterRequest {
    /// The voter; `None` if its id is negative.
    pub voter: Option<ReplicaKey>,
}

/// UpdateRaftVoter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateVoterRequest {
    /// The sender's epoch; `None` if negative.
    pub epoch: Option<LeaderEpoch>,
    /// The voter; `None` if its id is negative.
    pub voter: Option<ReplicaKey>,
    /// Where it listens now.
    pub endpoints: Endpoints,
    /// What it supports now; `None` if that is no range.
    pub kraft_versions: Option<VersionRange>,
}

/// When an AddRaftVoter is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AckWhen {
    /// Once the new voter set is committed.
    #[default]
    Committed,
    /// Once it is in the leader's log.
    Appended,
}

impl RequestBody {
    /// Its API.
    pub const fn kind(&self) -> ApiKind {
        match self {
            RequestBody::Vote(_) => ApiKind::Vote,
            RequestBody::BeginQuorumEpoch(_) => ApiKind::BeginQuorumEpoch,
            RequestBody::EndQuorumEpoch(_) => ApiKind::EndQuorumEpoch,
            RequestBody::Fetch(_) => ApiKind::Fetch,
            RequestBody::FetchSnapshot(_) => ApiKind::FetchSnapshot,
            RequestBody::DescribeQuorum => ApiKind::DescribeQuorum,
            RequestBody::AddVoter(_) => ApiKind::AddVoter,
            RequestBody::RemoveVoter(_) => ApiKind::RemoveVoter,
            RequestBody::UpdateVoter(_) => ApiKind::UpdateVoter,
            RequestBody::ApiVersions => ApiKind::ApiVersions,
            RequestBody::Malformed(kind) | RequestBody::OtherPartition(kind) => *kind,
        }
    }
}
