//! The response of a produce request, and what it says of a partition whose records were refused.

use klamm_model::{Offset, TopicId};
use klamm_node::partition::{AppendAnswer, AppendRefusal, PartitionHandle};
use klamm_protocol::messages::ProduceResponse;
use klamm_protocol::messages::produce_response::{
    BatchIndexAndErrorMessage, LeaderIdAndEpoch, NodeEndpoint, PartitionProduceResponse,
};
use klamm_protocol::records::BatchError;
use klamm_protocol::records::validate::ProduceRejection;
use klamm_protocol::{ErrorCode, Str};
use klamm_storage::{AppendError, AppendInfo};

use crate::handlers::call::Call;
use crate::handlers::errors;
use crate::net::reply::Outcome;

/// Why nothing of a partition was appended.
pub(super) enum Refusal {
    /// Before its records were looked at.
    Code(ErrorCode),
    /// For its records; with the start of the partition's log.
    Rejected(ProduceRejection, Option<Offset>),
}

/// Tells what became of an append to the partition of `handle`.
pub(super) fn fill(answer: &mut PartitionProduceResponse, handle: &PartitionHandle, done: AppendAnswer) {
    match done {
        Ok(info) => place(answer, &info),
        Err(refusal) => {
            let code = errors::of_append(&refusal);
            tracing::debug!(partition = answer.index, ?code, %refusal, "append refused");
            answer.error_code = code.code();
            blank(answer);
            if tells_log_start(&refusal) {
                let start = handle.view().map(|view| view.log_start_offset());
                answer.log_start_offset = start.map_or(-1, Offset::get);
            }
        }
    }
}

/// Tells where an append lies that is in the log and not acknowledged: Kafka changes nothing but the error then
/// (`DelayedProduce`). Not where the disk failed, which Kafka notices before it answers for the place.
pub(super) fn tell_place(answer: &mut PartitionProduceResponse, info: &AppendInfo) {
    let unacknowledged =
        [ErrorCode::RequestTimedOut, ErrorCode::NotLeaderOrFollower, ErrorCode::NotEnoughReplicasAfterAppend];
    if unacknowledged.iter().any(|code| code.code() == answer.error_code) {
        place(answer, info);
    }
}

fn place(answer: &mut PartitionProduceResponse, info: &AppendInfo) {
    answer.base_offset = info.first_offset.get();
    answer.log_append_time_ms = info.log_append_time.map_or(-1, |time| time.as_millis());
    answer.log_start_offset = info.log_start_offset.get();
}

/// Kafka tells the log start with every refusal but those it expects of sound clients
/// (`ReplicaManager.appendRecordsToLeader`).
fn tells_log_start(refusal: &AppendRefusal) -> bool {
    match refusal {
        AppendRefusal::NotEnoughReplicas { .. }
        | AppendRefusal::NotEnoughReplicasAfterAppend
        | AppendRefusal::Log(AppendError::Producer(_) | AppendError::Malformed { .. }) => true,
        AppendRefusal::NotLeader { .. }
        | AppendRefusal::NotOpen
        | AppendRefusal::CannotOpen(_)
        | AppendRefusal::Busy
        | AppendRefusal::Log(AppendError::TooLarge { .. } | AppendError::Storage(_)) => false,
    }
}

/// What the answer tells of records that are not taken.
enum Detail {
    /// The code alone: no batch, one too large, or one whose bytes are not what they claim.
    Nothing,
    /// Also words: the bytes are no batch at all.
    Text,
    /// Also the start of the log.
    LogStart,
    /// Also which records are wrong, and why (KIP-467).
    Records,
}

fn detail(rejection: &ProduceRejection) -> Detail {
    match rejection {
        ProduceRejection::Corrupt(BatchError::BadLength { .. } | BatchError::BadMagic { .. }) => Detail::Text,
        ProduceRejection::NoBatch(_)
        | ProduceRejection::Corrupt(_)
        | ProduceRejection::ManyBatches
        | ProduceRejection::LegacyMagic { .. }
        | ProduceRejection::ZstdTooOld { .. }
        | ProduceRejection::TooLarge { .. } => Detail::Nothing,
        ProduceRejection::UnknownCodec { .. }
        | ProduceRejection::BaseOffset { .. }
        | ProduceRejection::CountMismatch { .. }
        | ProduceRejection::ControlBatch
        | ProduceRejection::BadSequence { .. }
        | ProduceRejection::BadProducer { .. }
        | ProduceRejection::Records(_)
        | ProduceRejection::OffsetDelta { .. }
        | ProduceRejection::Rebuild(_) => Detail::LogStart,
        ProduceRejection::Faults { .. } => Detail::Records,
    }
}

/// Tells why nothing was appended.
pub(super) fn refuse(answer: &mut PartitionProduceResponse, refusal: &Refusal) {
    blank(answer);
    match refusal {
        Refusal::Code(code) => answer.error_code = code.code(),
        Refusal::Rejected(rejection, log_start) => {
            answer.error_code = errors::of_rejection(rejection).code();
            let log_start = log_start.map_or(-1, Offset::get);
            match detail(rejection) {
                Detail::Nothing => {}
                Detail::Text => answer.error_message = Some(Str::from(rejection.to_string())),
                Detail::LogStart => answer.log_start_offset = log_start,
                Detail::Records => {
                    answer.log_start_offset = log_start;
                    answer.error_message = Some(Str::from(rejection.to_string()));
                    answer.record_errors = record_errors(rejection);
                }
            }
        }
    }
}

fn record_errors(rejection: &ProduceRejection) -> Vec<BatchIndexAndErrorMessage> {
    let one = |fault: &klamm_protocol::records::RecordFault| BatchIndexAndErrorMessage {
        batch_index: i32::try_from(fault.index).unwrap_or(i32::MAX),
        batch_index_error_message: Some(Str::from(fault.to_string())),
        ..Default::default()
    };
    rejection.faults().iter().map(one).collect()
}

fn blank(answer: &mut PartitionProduceResponse) {
    answer.base_offset = -1;
    answer.log_append_time_ms = -1;
    answer.log_start_offset = -1;
}

/// acks=0 is never answered; an error then closes the connection, the only way to tell.
pub(super) fn finish(call: &Call, mut response: ProduceResponse, wants_answer: bool) -> Outcome {
    if wants_answer {
        name_leaders(call, &mut response);
        return call.respond(&response);
    }
    let mut answers = response.responses.iter().flat_map(|topic| &topic.partition_responses);
    match answers.find(|answer| answer.error_code != 0) {
        None => Outcome::Silence,
        Some(answer) => Outcome::Close(format!(
            "produce with acks=0 failed with error {} in partition {}",
            answer.error_code, answer.index
        )),
    }
}

/// KIP-951: where this node is not the leader, say who is.
fn name_leaders(call: &Call, response: &mut ProduceResponse) {
    if call.version < 10 {
        return;
    }
    let not_leader = ErrorCode::NotLeaderOrFollower.code();
    let image = call.node.image.load();
    let mut endpoints: Vec<NodeEndpoint> = Vec::new();
    for topic in &mut response.responses {
        let known = match TopicId::new(topic.topic_id) {
            Some(id) => image.topics().by_id(id),
            None => image.topics().by_name(&topic.name),
        };
        for answer in topic.partition_responses.iter_mut().filter(|answer| answer.error_code == not_leader) {
            let partition = known.and_then(|topic| topic.partition(answer.index));
            let Some(leader) = partition.and_then(|partition| partition.leader()) else { continue };
            let Some(partition) = partition else { continue };
            answer.current_leader = LeaderIdAndEpoch {
                leader_id: leader.get(),
                leader_epoch: partition.leader_epoch().get(),
                ..Default::default()
            };
            let broker = image.cluster().broker(leader);
            let endpoint = broker.and_then(|broker| broker.endpoint(&call.peer.listener.name));
            if let Some(endpoint) = endpoint
                && endpoints.iter().all(|known| known.node_id != leader.get())
            {
                endpoints.push(NodeEndpoint {
                    node_id: leader.get(),
                    host: Str::from(endpoint.host.to_string()),
                    port: i32::from(endpoint.port),
                    rack: broker.and_then(|b| b.rack.as_ref()).map(|rack| Str::from(rack.to_string())),
                    ..Default::default()
                });
            }
        }
    }
    response.node_endpoints = endpoints;
}
