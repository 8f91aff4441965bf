//! Answers of peers as they come in. An answer that names not just the metadata partition counts as
//! an unknown server error.

use klamm_model::{LeaderEpoch, NodeId, Offset};
use klamm_protocol::Records;
use klamm_protocol::messages as wire;
use klamm_raft::{
    ApiKind, Endpoints, EpochResponse, FetchOutcome, FetchResponse, FetchSnapshotResponse, FetchedBytes,
    LeaderHint, ListenerName, RaftError, Response, SnapshotSlice, UpdateVoterResponse, VoteResponse,
    VoterChangeResponse,
};

use super::{PARTITION, TOPIC, TOPIC_ID, only_endpoint, position};
use crate::handlers::errors::quorum_error;

fn hint(leader: i32, epoch: i32, endpoints: Endpoints) -> LeaderHint {
    LeaderHint { epoch: LeaderEpoch::new(epoch).unwrap_or_default(), leader: NodeId::new(leader), endpoints }
}

/// Where the leader listens, if the answer says so.
macro_rules! endpoint_of {
    ($nodes:expr, $leader:expr, $listener:expr) => {{
        let told = $nodes.iter().find(|node| node.node_id == $leader);
        told.and_then(|node| Some(only_endpoint($listener, &node.host, u16::try_from(node.port).ok()?)))
            .unwrap_or_default()
    }};
}

/// The one partition of an answer, or how the whole request failed.
macro_rules! only_partition {
    ($answer:expr, $topics:ident, $name:ident == $topic:expr, $index:ident, $kind:expr) => {{
        if let Some(error) = quorum_error($answer.error_code) {
            return Response::Failed($kind, error);
        }
        let topic = $answer.$topics.into_iter().find(|topic| topic.$name == $topic);
        let partitions = topic.map(|topic| topic.partitions).unwrap_or_default();
        match partitions.into_iter().find(|partition| partition.$index == PARTITION) {
            Some(partition) => partition,
            None => return Response::Failed($kind, RaftError::UnknownServerError),
        }
    }};
}

pub(super) fn vote(answer: wire::VoteResponse, listener: &ListenerName) -> Response {
    let nodes = answer.node_endpoints;
    let told = only_partition!(answer, topics, topic_name == TOPIC, partition_index, ApiKind::Vote);
    let endpoints = endpoint_of!(nodes, told.leader_id, listener);
    Response::Vote(VoteResponse {
        error: quorum_error(told.error_code),
        hint: hint(told.leader_id, told.leader_epoch, endpoints),
        granted: told.vote_granted,
    })
}

pub(super) fn begin(answer: wire::BeginQuorumEpochResponse, listener: &ListenerName) -> Response {
    let nodes = answer.node_endpoints;
    let told =
        only_partition!(answer, topics, topic_name == TOPIC, partition_index, ApiKind::BeginQuorumEpoch);
    let endpoints = endpoint_of!(nodes, told.leader_id, listener);
    Response::BeginQuorumEpoch(EpochResponse {
        error: quorum_error(told.error_code),
        hint: hint(told.leader_id, told.leader_epoch, endpoints),
    })
}

pub(super) fn end(answer: wire::EndQuorumEpochResponse, listener: &ListenerName) -> Response {
    let nodes = answer.node_endpoints;
    let told = only_partition!(answer, topics, topic_name == TOPIC, partition_index, ApiKind::EndQuorumEpoch);
    let endpoints = endpoint_of!(nodes, told.leader_id, listener);
    Response::EndQuorumEpoch(EpochResponse {
        error: quorum_error(told.error_code),
        hint: hint(told.leader_id, told.leader_epoch, endpoints),
    })
}

pub(super) fn fetch(answer: wire::FetchResponse, listener: &ListenerName) -> Response {
    let nodes = answer.node_endpoints;
    let told = only_partition!(answer, responses, topic_id == TOPIC_ID, partition_index, ApiKind::Fetch);
    let leader = &told.current_leader;
    let endpoints = endpoint_of!(nodes, leader.leader_id, listener);
    let (diverging, snapshot) = (&told.diverging_epoch, &told.snapshot_id);
    let outcome = if let Some(end) = position(diverging.end_offset, diverging.epoch) {
        FetchOutcome::Diverging(end)
    } else if let Some(id) = position(snapshot.end_offset, snapshot.epoch) {
        FetchOutcome::Snapshot(id)
    } else {
        match told.records {
            Some(Records::Bytes(bytes)) if !bytes.is_empty() => {
                FetchOutcome::Records { from: Offset::ZERO, bytes: FetchedBytes::Received(bytes) }
            }
            Some(_) | None => FetchOutcome::Empty,
        }
    };
    Response::Fetch(FetchResponse {
        error: quorum_error(told.error_code),
        hint: hint(leader.leader_id, leader.leader_epoch, endpoints),
        high_watermark: Offset::new(told.high_watermark),
        log_start: Offset::new(told.log_start_offset).unwrap_or_default(),
        outcome,
    })
}

pub(super) fn fetch_snapshot(answer: wire::FetchSnapshotResponse, listener: &ListenerName) -> Response {
    let nodes = answer.node_endpoints;
    let told = only_partition!(answer, topics, name == TOPIC, index, ApiKind::FetchSnapshot);
    let leader = &told.current_leader;
    let endpoints = endpoint_of!(nodes, leader.leader_id, listener);
    let bytes = match told.unaligned_records {
        Some(Records::Bytes(bytes)) => bytes,
        Some(_) | None => bytes::Bytes::new(),
    };
    let id = position(told.snapshot_id.end_offset, told.snapshot_id.epoch);
    let size = u64::try_from(told.size).ok();
    let at = u64::try_from(told.position).ok();
    let slice = match (id, size, at) {
        (Some(id), Some(size), Some(position)) => {
            Some(SnapshotSlice { id, size, position, bytes: FetchedBytes::Received(bytes) })
        }
        _ => None,
    };
    let error = quorum_error(told.error_code);
    Response::FetchSnapshot(FetchSnapshotResponse {
        hint: hint(leader.leader_id, leader.leader_epoch, endpoints),
        slice: slice.filter(|_| error.is_none()),
        error,
    })
}

pub(super) fn added(answer: &wire::AddRaftVoterResponse) -> Response {
    let message = answer.error_message.as_ref().map(ToString::to_string);
    Response::AddVoter(VoterChangeResponse { error: quorum_error(answer.error_code), message })
}

pub(super) fn removed(answer: &wire::RemoveRaftVoterResponse) -> Response {
    let message = answer.error_message.as_ref().map(ToString::to_string);
    Response::RemoveVoter(VoterChangeResponse { error: quorum_error(answer.error_code), message })
}

pub(super) fn updated(answer: wire::UpdateRaftVoterResponse, listener: &ListenerName) -> Response {
    let leader = answer.current_leader;
    let at = u16::try_from(leader.port).ok().filter(|port| *port > 0);
    let endpoints = at.map(|port| only_endpoint(listener, &leader.host, port)).unwrap_or_default();
    Response::UpdateVoter(UpdateVoterResponse {
        error: quorum_error(answer.error_code),
        hint: hint(leader.leader_id, leader.leader_epoch, endpoints),
    })
}
