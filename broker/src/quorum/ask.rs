//! Requests as they go out to a peer, over one connection at the highest version both speak.

use std::time::Duration;

use klamm_client::ClientError;
use klamm_client::net::Connection;
use klamm_model::Offset;
use klamm_protocol::messages as wire;
use klamm_protocol::{Request as WireRequest, Str};
use klamm_raft::{
    AckWhen, AddVoterRequest, ApiKind, ApiVersionsResponse, BeginQuorumEpochRequest, EndQuorumEpochRequest,
    FetchRequest, FetchSnapshotRequest, ListenerName, RaftError, RemoveVoterRequest, Request, RequestBody,
    Response, UpdateVoterRequest, VersionRange, VoteKind, VoteRequest,
};

use super::{
    PARTITION, TOPIC, TOPIC_ID, directory, epoch, epoch_of, host, id, node, offset_of, received, text,
};

/// The feature that tells which voter changes a node can take part in.
const KRAFT_VERSION: &str = "kraft.version";

/// The other end of an exchange.
pub struct Line<'a> {
    /// To the peer.
    pub connection: &'a Connection,
    /// The controller listener that peers tell their endpoints of.
    pub listener: &'a ListenerName,
    /// After this the peer counts as silent.
    pub limit: Duration,
}

/// Sends `request` and waits for the answer; whatever prevents one is an answer too.
pub async fn exchange(line: Line<'_>, request: Request) -> Response {
    let kind = request.body.kind();
    let cluster = request.cluster_id.map(|id| text(&id));
    let listener = line.listener;
    let answer = match request.body {
        RequestBody::Vote(asked) => {
            line.call(vote(cluster, &asked)).await.map(|answer| received::vote(answer, listener))
        }
        RequestBody::BeginQuorumEpoch(asked) => {
            line.call(begin(cluster, &asked)).await.map(|answer| received::begin(answer, listener))
        }
        RequestBody::EndQuorumEpoch(asked) => {
            line.call(end(cluster, &asked)).await.map(|answer| received::end(answer, listener))
        }
        RequestBody::Fetch(asked) => {
            line.call(fetch(cluster, &asked)).await.map(|answer| received::fetch(answer, listener))
        }
        RequestBody::FetchSnapshot(asked) => {
            let answer = line.call(fetch_snapshot(cluster, &asked)).await;
            answer.map(|answer| received::fetch_snapshot(answer, listener))
        }
        RequestBody::AddVoter(asked) => {
            let limit = line.limit;
            line.call(add_voter(cluster, &asked, limit)).await.map(|answer| received::added(&answer))
        }
        RequestBody::RemoveVoter(asked) => {
            line.call(remove_voter(cluster, &asked)).await.map(|answer| received::removed(&answer))
        }
        RequestBody::UpdateVoter(asked) => {
            let answer = line.call(update_voter(cluster, &asked)).await;
            answer.map(|answer| received::updated(answer, listener))
        }
        RequestBody::ApiVersions => line.versions().await,
        RequestBody::DescribeQuorum | RequestBody::Malformed(_) | RequestBody::OtherPartition(_) => {
            unreachable!("the core never sends these")
        }
    };
    answer.unwrap_or_else(|error| Response::Failed(kind, failure(kind, &error)))
}

fn failure(kind: ApiKind, error: &ClientError) -> RaftError {
    tracing::debug!(?kind, %error, "no answer from a peer of the quorum");
    match error {
        ClientError::UnsupportedVersion { .. } | ClientError::Encode { .. } => RaftError::UnsupportedVersion,
        _ => RaftError::BrokerNotAvailable,
    }
}

impl Line<'_> {
    async fn call<R: WireRequest>(&self, request: R) -> Result<R::Response, ClientError> {
        self.connection.call_within(&request, self.limit).await
    }

    /// What the peer told when the connection was made holds for its process.
    async fn versions(&self) -> Result<Response, ClientError> {
        let ready = tokio::time::timeout(self.limit, self.connection.ready());
        let versions = ready.await.map_err(|_| ClientError::Timeout {
            what: format!("a connection to {}", self.connection.address()),
            after_ms: u64::try_from(self.limit.as_millis()).unwrap_or(u64::MAX),
        })??;
        let mut features = versions.response().supported_features.iter();
        let range = features.find(|feature| feature.name == KRAFT_VERSION);
        let kraft_versions = range.and_then(|range| VersionRange::new(range.min_version, range.max_version));
        Ok(Response::ApiVersions(ApiVersionsResponse { error: None, kraft_versions }))
    }
}

fn vote(cluster_id: Option<Str>, asked: &VoteRequest) -> wire::VoteRequest {
    use wire::vote_request::{PartitionData, TopicData};
    let partition = PartitionData {
        partition_index: PARTITION,
        replica_epoch: epoch(asked.epoch),
        replica_id: id(asked.candidate),
        replica_directory_id: directory(asked.candidate),
        voter_directory_id: directory(asked.voter),
        last_offset_epoch: epoch_of(asked.last),
        last_offset: offset_of(asked.last),
        pre_vote: asked.kind == VoteKind::PreVote,
        ..PartitionData::default()
    };
    let topic = TopicData { topic_name: text(TOPIC), partitions: vec![partition], ..TopicData::default() };
    wire::VoteRequest { cluster_id, voter_id: id(asked.voter), topics: vec![topic], ..Default::default() }
}

fn begin(cluster_id: Option<Str>, asked: &BeginQuorumEpochRequest) -> wire::BeginQuorumEpochRequest {
    use wire::begin_quorum_epoch_request::{LeaderEndpoint, PartitionData, TopicData};
    let partition = PartitionData {
        partition_index: PARTITION,
        voter_directory_id: directory(asked.voter),
        leader_id: node(asked.leader),
        leader_epoch: epoch(asked.epoch),
        ..PartitionData::default()
    };
    let endpoints = asked.endpoints.iter().map(|(name, at)| LeaderEndpoint {
        name: text(name.as_str()),
        host: host(at),
        port: at.port,
        ..LeaderEndpoint::default()
    });
    wire::BeginQuorumEpochRequest {
        cluster_id,
        voter_id: id(asked.voter),
        topics: vec![TopicData {
            topic_name: text(TOPIC),
            partitions: vec![partition],
            ..TopicData::default()
        }],
        leader_endpoints: endpoints.collect(),
        ..Default::default()
    }
}

fn end(cluster_id: Option<Str>, asked: &EndQuorumEpochRequest) -> wire::EndQuorumEpochRequest {
    use wire::end_quorum_epoch_request::{LeaderEndpoint, PartitionData, ReplicaInfo, TopicData};
    let candidates = asked.successors.iter().map(|successor| ReplicaInfo {
        candidate_id: successor.id.get(),
        candidate_directory_id: directory(Some(*successor)),
        ..ReplicaInfo::default()
    });
    let partition = PartitionData {
        partition_index: PARTITION,
        leader_id: node(asked.leader),
        leader_epoch: epoch(asked.epoch),
        preferred_successors: asked.successors.iter().map(|successor| successor.id.get()).collect(),
        preferred_candidates: candidates.collect(),
        ..PartitionData::default()
    };
    let endpoints = asked.endpoints.iter().map(|(name, at)| LeaderEndpoint {
        name: text(name.as_str()),
        host: host(at),
        port: at.port,
        ..LeaderEndpoint::default()
    });
    wire::EndQuorumEpochRequest {
        cluster_id,
        topics: vec![TopicData {
            topic_name: text(TOPIC),
            partitions: vec![partition],
            ..TopicData::default()
        }],
        leader_endpoints: endpoints.collect(),
        ..Default::default()
    }
}

fn fetch(cluster_id: Option<Str>, asked: &FetchRequest) -> wire::FetchRequest {
    use wire::fetch_request::{FetchPartition, FetchTopic, ReplicaState};
    let max_wait = asked.max_wait.unwrap_or_default().as_millis();
    let partition = FetchPartition {
        partition: PARTITION,
        current_leader_epoch: epoch(asked.epoch),
        fetch_offset: offset_of(asked.position),
        last_fetched_epoch: epoch_of(asked.position),
        replica_directory_id: directory(asked.replica),
        high_watermark: asked.high_watermark.map_or(-1, Offset::get),
        ..FetchPartition::default()
    };
    let topic = FetchTopic {
        topic: text(TOPIC),
        topic_id: TOPIC_ID,
        partitions: vec![partition],
        ..FetchTopic::default()
    };
    wire::FetchRequest {
        cluster_id,
        replica_state: ReplicaState { replica_id: id(asked.replica), ..ReplicaState::default() },
        max_wait_ms: i32::try_from(max_wait).unwrap_or(i32::MAX),
        max_bytes: i32::try_from(asked.max_bytes).unwrap_or(i32::MAX),
        topics: vec![topic],
        ..wire::FetchRequest::default()
    }
}

fn fetch_snapshot(cluster_id: Option<Str>, asked: &FetchSnapshotRequest) -> wire::FetchSnapshotRequest {
    use wire::fetch_snapshot_request::{PartitionSnapshot, SnapshotId, TopicSnapshot};
    let partition = PartitionSnapshot {
        partition: PARTITION,
        current_leader_epoch: epoch(asked.epoch),
        snapshot_id: SnapshotId {
            end_offset: offset_of(asked.snapshot),
            epoch: epoch_of(asked.snapshot),
            ..SnapshotId::default()
        },
        position: asked.position.map_or(-1, |at| i64::try_from(at).unwrap_or(i64::MAX)),
        replica_directory_id: directory(asked.replica),
        ..PartitionSnapshot::default()
    };
    wire::FetchSnapshotRequest {
        cluster_id,
        replica_id: id(asked.replica),
        max_bytes: i32::try_from(asked.max_bytes).unwrap_or(i32::MAX),
        topics: vec![TopicSnapshot {
            name: text(TOPIC),
            partitions: vec![partition],
            ..TopicSnapshot::default()
        }],
        ..Default::default()
    }
}

fn add_voter(cluster_id: Option<Str>, asked: &AddVoterRequest, limit: Duration) -> wire::AddRaftVoterRequest {
    use wire::add_raft_voter_request::Listener;
    let listeners = asked.endpoints.iter().map(|(name, at)| Listener {
        name: text(name.as_str()),
        host: host(at),
        port: at.port,
        ..Listener::default()
    });
    wire::AddRaftVoterRequest {
        cluster_id,
        timeout_ms: i32::try_from(limit.as_millis()).unwrap_or(i32::MAX),
        voter_id: id(asked.voter),
        voter_directory_id: directory(asked.voter),
        listeners: listeners.collect(),
        ack_when_committed: asked.ack == AckWhen::Committed,
        ..Default::default()
    }
}

fn remove_voter(cluster_id: Option<Str>, asked: &RemoveVoterRequest) -> wire::RemoveRaftVoterRequest {
    wire::RemoveRaftVoterRequest {
        cluster_id,
        voter_id: id(asked.voter),
        voter_directory_id: directory(asked.voter),
        ..Default::default()
    }
}

fn update_voter(cluster_id: Option<Str>, asked: &UpdateVoterRequest) -> wire::UpdateRaftVoterRequest {
    use wire::update_raft_voter_request::{KRaftVersionFeature, Listener};
    let listeners = asked.endpoints.iter().map(|(name, at)| Listener {
        name: text(name.as_str()),
        host: host(at),
        port: at.port,
        ..Listener::default()
    });
    let level = |level: u16| i16::try_from(level).unwrap_or(i16::MAX);
    let versions = asked.kraft_versions.unwrap_or(VersionRange { min: 0, max: 0 });
    wire::UpdateRaftVoterRequest {
        cluster_id,
        current_leader_epoch: epoch(asked.epoch),
        voter_id: id(asked.voter),
        voter_directory_id: directory(asked.voter),
        listeners: listeners.collect(),
        k_raft_version_feature: KRaftVersionFeature {
            min_supported_version: level(versions.min),
            max_supported_version: level(versions.max),
            ..KRaftVersionFeature::default()
        },
        ..Default::default()
    }
}
