//! Answers as they go out, with the leader's endpoint on the listener that was asked.

use klamm_model::{LeaderEpoch, Offset};
use klamm_protocol::messages as wire;
use klamm_protocol::{ErrorCode, Records};
use klamm_raft::{FetchOutcome, FetchedBytes, LeaderHint, ListenerName, RaftError, Response};

use super::{PARTITION, TOPIC, TOPIC_ID, host, node, text};
use crate::handlers::errors::of_quorum;

/// The versions from which answers tell where the leader listens.
const FETCH_WITH_ENDPOINTS: i16 = 17;

/// How an answer is written.
pub struct Style<'a> {
    /// The request's version.
    pub version: i16,
    /// The listener it came through.
    pub listener: &'a ListenerName,
}

/// An answer of the quorum as a message.
pub trait ToWire: Sized {
    /// The message for `response`; for one of another kind, an unknown server error.
    fn of_quorum(response: Response, style: &Style<'_>) -> Self;
}

fn code(error: Option<RaftError>) -> i16 {
    error.map_or(ErrorCode::None, of_quorum).code()
}

/// The code of the whole request: its own failure, or an answer of the wrong kind.
fn failure(response: &Response) -> i16 {
    match response {
        Response::Failed(_, error) => of_quorum(*error).code(),
        _ => ErrorCode::UnknownServerError.code(),
    }
}

macro_rules! endpoints {
    ($module:ident, $hint:expr, $style:expr, $since:expr) => {{
        let hint: &LeaderHint = $hint;
        let at = hint.endpoints.get($style.listener).filter(|_| $style.version >= $since);
        let known = hint.leader.zip(at);
        known
            .map(|(leader, at)| wire::$module::NodeEndpoint {
                node_id: leader.get(),
                host: host(at),
                port: at.port.into(),
                ..Default::default()
            })
            .into_iter()
            .collect()
    }};
}

impl ToWire for wire::VoteResponse {
    fn of_quorum(response: Response, style: &Style<'_>) -> wire::VoteResponse {
        let Response::Vote(vote) = response else {
            return wire::VoteResponse { error_code: failure(&response), ..Default::default() };
        };
        let partition = wire::vote_response::PartitionData {
            partition_index: PARTITION,
            error_code: code(vote.error),
            leader_id: node(vote.hint.leader),
            leader_epoch: vote.hint.epoch.get(),
            vote_granted: vote.granted,
            ..Default::default()
        };
        let topic = wire::vote_response::TopicData {
            topic_name: text(TOPIC),
            partitions: vec![partition],
            ..Default::default()
        };
        wire::VoteResponse {
            topics: vec![topic],
            node_endpoints: endpoints!(vote_response, &vote.hint, style, 1),
            ..Default::default()
        }
    }
}

macro_rules! epoch_answer {
    ($message:ident, $module:ident, $variant:ident) => {
        impl ToWire for wire::$message {
            fn of_quorum(response: Response, style: &Style<'_>) -> wire::$message {
                let Response::$variant(answer) = response else {
                    return wire::$message { error_code: failure(&response), ..Default::default() };
                };
                let partition = wire::$module::PartitionData {
                    partition_index: PARTITION,
                    error_code: code(answer.error),
                    leader_id: node(answer.hint.leader),
                    leader_epoch: answer.hint.epoch.get(),
                    ..Default::default()
                };
                let topic = wire::$module::TopicData {
                    topic_name: text(TOPIC),
                    partitions: vec![partition],
                    ..Default::default()
                };
                wire::$message {
                    topics: vec![topic],
                    node_endpoints: endpoints!($module, &answer.hint, style, 1),
                    ..Default::default()
                }
            }
        }
    };
}

epoch_answer!(BeginQuorumEpochResponse, begin_quorum_epoch_response, BeginQuorumEpoch);
epoch_answer!(EndQuorumEpochResponse, end_quorum_epoch_response, EndQuorumEpoch);

impl ToWire for wire::FetchResponse {
    fn of_quorum(response: Response, style: &Style<'_>) -> wire::FetchResponse {
        use wire::fetch_response::{
            EpochEndOffset, FetchableTopicResponse, LeaderIdAndEpoch, PartitionData, SnapshotId,
        };
        let Response::Fetch(fetch) = response else {
            return wire::FetchResponse { error_code: failure(&response), ..Default::default() };
        };
        let mut partition = PartitionData {
            partition_index: PARTITION,
            error_code: code(fetch.error),
            high_watermark: fetch.high_watermark.map_or(-1, Offset::get),
            log_start_offset: fetch.log_start.get(),
            current_leader: LeaderIdAndEpoch {
                leader_id: node(fetch.hint.leader),
                leader_epoch: fetch.hint.epoch.get(),
                ..Default::default()
            },
            records: Some(Records::Bytes(bytes::Bytes::new())),
            ..PartitionData::default()
        };
        match fetch.outcome {
            FetchOutcome::Empty => {}
            FetchOutcome::Records { bytes, .. } => partition.records = Some(records(bytes)),
            FetchOutcome::Diverging(end) => {
                partition.diverging_epoch = EpochEndOffset {
                    epoch: end.epoch.get(),
                    end_offset: end.offset.get(),
                    ..Default::default()
                };
            }
            FetchOutcome::Snapshot(id) => {
                partition.snapshot_id =
                    SnapshotId { end_offset: id.offset.get(), epoch: id.epoch.get(), ..Default::default() };
            }
        }
        let topic = FetchableTopicResponse {
            topic: text(TOPIC),
            topic_id: TOPIC_ID,
            partitions: vec![partition],
            ..FetchableTopicResponse::default()
        };
        wire::FetchResponse {
            responses: vec![topic],
            node_endpoints: endpoints!(fetch_response, &fetch.hint, style, FETCH_WITH_ENDPOINTS),
            ..Default::default()
        }
    }
}

fn records(bytes: FetchedBytes) -> Records {
    match bytes {
        FetchedBytes::Received(bytes) => Records::Bytes(bytes),
        // The driver reads what an answer names before it lets it out.
        FetchedBytes::Read { .. } => Records::Bytes(bytes::Bytes::new()),
    }
}

impl ToWire for wire::FetchSnapshotResponse {
    fn of_quorum(response: Response, style: &Style<'_>) -> wire::FetchSnapshotResponse {
        use wire::fetch_snapshot_response::{LeaderIdAndEpoch, PartitionSnapshot, SnapshotId, TopicSnapshot};
        let Response::FetchSnapshot(fetch) = response else {
            return wire::FetchSnapshotResponse { error_code: failure(&response), ..Default::default() };
        };
        let mut partition = PartitionSnapshot {
            index: PARTITION,
            error_code: code(fetch.error),
            current_leader: LeaderIdAndEpoch {
                leader_id: node(fetch.hint.leader),
                leader_epoch: fetch.hint.epoch.get(),
                ..Default::default()
            },
            unaligned_records: Some(Records::Bytes(bytes::Bytes::new())),
            ..PartitionSnapshot::default()
        };
        if let Some(slice) = fetch.slice {
            partition.snapshot_id = SnapshotId {
                end_offset: slice.id.offset.get(),
                epoch: slice.id.epoch.get(),
                ..Default::default()
            };
            partition.size = i64::try_from(slice.size).unwrap_or(i64::MAX);
            partition.position = i64::try_from(slice.position).unwrap_or(i64::MAX);
            partition.unaligned_records = Some(records(slice.bytes));
        }
        wire::FetchSnapshotResponse {
            topics: vec![TopicSnapshot {
                name: text(TOPIC),
                partitions: vec![partition],
                ..TopicSnapshot::default()
            }],
            node_endpoints: endpoints!(fetch_snapshot_response, &fetch.hint, style, 1),
            ..Default::default()
        }
    }
}

macro_rules! change_answer {
    ($message:ident, $variant:ident) => {
        impl ToWire for wire::$message {
            fn of_quorum(response: Response, _: &Style<'_>) -> wire::$message {
                let (error, message) = match response {
                    Response::$variant(answer) => {
                        (answer.error.map_or(ErrorCode::None, of_quorum), answer.message)
                    }
                    Response::Failed(_, error) => (of_quorum(error), None),
                    _ => (ErrorCode::UnknownServerError, None),
                };
                let standard = || (error != ErrorCode::None).then(|| error.message().to_owned());
                wire::$message {
                    error_code: error.code(),
                    error_message: message.or_else(standard).map(|message| text(&message)),
                    ..Default::default()
                }
            }
        }
    };
}

change_answer!(AddRaftVoterResponse, AddVoter);
change_answer!(RemoveRaftVoterResponse, RemoveVoter);

impl ToWire for wire::UpdateRaftVoterResponse {
    fn of_quorum(response: Response, style: &Style<'_>) -> wire::UpdateRaftVoterResponse {
        let Response::UpdateVoter(update) = response else {
            return wire::UpdateRaftVoterResponse { error_code: failure(&response), ..Default::default() };
        };
        let at = update.hint.endpoints.get(style.listener);
        wire::UpdateRaftVoterResponse {
            error_code: code(update.error),
            current_leader: wire::update_raft_voter_response::CurrentLeader {
                leader_id: node(update.hint.leader),
                leader_epoch: LeaderEpoch::get(update.hint.epoch),
                host: at.map(host).unwrap_or_default(),
                port: at.map_or(0, |at| i32::from(at.port)),
                ..Default::default()
            },
            ..Default::default()
        }
    }
}
