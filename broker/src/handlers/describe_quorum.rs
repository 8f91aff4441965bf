//! DescribeQuorum (key 55), versions 0-2: voters and observers of the metadata quorum and how far
//! they are. 1: times. 2: directory ids and endpoints.

use klamm_metadata::ApiError;
use klamm_model::{DirectoryId, Instant, Offset, Uuid};
use klamm_protocol::messages::describe_quorum_response::{
    Listener, Node, PartitionData, ReplicaState, TopicData,
};
use klamm_protocol::messages::{DescribeQuorumRequest, DescribeQuorumResponse};
use klamm_protocol::{ErrorCode, Str};
use klamm_raft::{ReplicaStatus, Request, RequestBody, Response};

use super::call::Call;
use super::errors::of_quorum;
use super::forward::{Asked, at_controller};

const TOPIC: &str = "__cluster_metadata";
const FIRST_WITH_TIMES: i16 = 1;
const FIRST_WITH_ENDPOINTS: i16 = 2;

/// Answers for the one partition there is.
pub async fn handle(call: Call, request: DescribeQuorumRequest) -> DescribeQuorumResponse {
    let is_metadata = matches!(request.topics.as_slice(), [topic]
        if &*topic.topic_name == TOPIC && matches!(topic.partitions.as_slice(), [one] if one.partition_index == 0));
    if !is_metadata {
        return unknown_partitions(&call, &request);
    }
    let asked = Asked::by_client(&call, request);
    let answer = at_controller(&call, &asked, async || ask(&call).await).await;
    answer.unwrap_or_else(|error| DescribeQuorumResponse {
        error_code: error.code.code(),
        error_message: error.text(),
        ..DescribeQuorumResponse::default()
    })
}

/// What this node's replica knows; all of it if it leads.
async fn ask(call: &Call) -> Result<DescribeQuorumResponse, ApiError> {
    let body = RequestBody::DescribeQuorum;
    let answer = call.node.controller.ask_quorum(Request { cluster_id: None, body }).await;
    let Some(Response::DescribeQuorum(quorum)) = answer else {
        return Err(ApiError::plain(ErrorCode::BrokerNotAvailable));
    };
    let wall = call.node.clock.wall().as_millis();
    let replica = |status: &ReplicaStatus| {
        let mut state = ReplicaState {
            replica_id: status.key.id.get(),
            log_end_offset: status.log_end.map_or(-1, Offset::get),
            ..ReplicaState::default()
        };
        if call.version >= FIRST_WITH_TIMES {
            state.last_fetch_timestamp = at(status.last_fetch, quorum.now, wall);
            state.last_caught_up_timestamp = at(status.last_caught_up, quorum.now, wall);
        }
        if call.version >= FIRST_WITH_ENDPOINTS {
            state.replica_directory_id = status.key.directory.map_or(Uuid::ZERO, DirectoryId::get);
        }
        state
    };
    let error = quorum.error.map_or(ErrorCode::None, of_quorum).code();
    let partition = PartitionData {
        partition_index: 0,
        error_code: error,
        leader_id: quorum.hint.leader.map_or(-1, |leader| leader.get()),
        leader_epoch: quorum.hint.epoch.get(),
        high_watermark: quorum.high_watermark.map_or(-1, Offset::get),
        current_voters: quorum.voters.iter().map(replica).collect(),
        observers: quorum.observers.iter().map(replica).collect(),
        ..PartitionData::default()
    };
    Ok(DescribeQuorumResponse {
        topics: vec![TopicData {
            topic_name: Str::from(TOPIC),
            partitions: vec![partition],
            ..TopicData::default()
        }],
        nodes: if quorum.error.is_none() && call.version >= FIRST_WITH_ENDPOINTS {
            nodes(call)
        } else {
            Vec::new()
        },
        ..DescribeQuorumResponse::default()
    })
}

/// A moment of the monotonic clock as wall-clock milliseconds; -1 for never.
fn at(moment: Option<Instant>, now: Instant, wall: i64) -> i64 {
    moment.map_or(-1, |moment| wall - i64::try_from(now.since(moment).as_millis()).unwrap_or(0))
}

fn nodes(call: &Call) -> Vec<Node> {
    let quorum = call.node.controller.quorum();
    let voters = quorum.voters.iter().map(|voter| Node {
        node_id: voter.key.id.get(),
        listeners: voter
            .endpoints
            .iter()
            .map(|(name, at)| Listener {
                name: Str::from(name.as_str().to_owned()),
                host: Str::from(at.host.to_string()),
                port: at.port,
                ..Listener::default()
            })
            .collect(),
        ..Node::default()
    });
    voters.collect()
}

fn unknown_partitions(call: &Call, request: &DescribeQuorumRequest) -> DescribeQuorumResponse {
    let unknown = ErrorCode::UnknownTopicOrPartition;
    let text = (call.version >= FIRST_WITH_ENDPOINTS).then(|| Str::from(unknown.message()));
    let topic = |topic: &klamm_protocol::messages::describe_quorum_request::TopicData| TopicData {
        topic_name: topic.topic_name.clone(),
        partitions: topic
            .partitions
            .iter()
            .map(|partition| PartitionData {
                partition_index: partition.partition_index,
                error_code: unknown.code(),
                error_message: text.clone(),
                ..PartitionData::default()
            })
            .collect(),
        ..TopicData::default()
    };
    DescribeQuorumResponse {
        topics: request.topics.iter().map(topic).collect(),
        ..DescribeQuorumResponse::default()
    }
}
