//! Produce (key 0), versions 3-13, advertised from 0 for old librdkafka.
//!
//! 5: log start offset. 7: zstd. 8: record errors (KIP-467). 9: flexible. 10: current leader
//! (KIP-951). 12: transactions may begin implicitly (KIP-890). 13: topic ids (KIP-516).
//! The appends happen within the call and in the order of the requests; only the answer may wait,
//! so produce requests of one connection overlap.

use std::time::Duration;

use bytes::BytesMut;
use klamm_metadata::MetadataImage;
use klamm_model::TopicId;
use klamm_node::partition::{Acks, Append, AppendAnswer, Appended, PartitionHandle};
use klamm_node::promise::Awaited;
use klamm_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use klamm_protocol::messages::produce_response::{
    BatchIndexAndErrorMessage, LeaderIdAndEpoch, NodeEndpoint, PartitionProduceResponse, TopicProduceResponse,
};
use klamm_protocol::messages::{ProduceRequest, ProduceResponse};
use klamm_protocol::records::validate::{Origin, ProduceRejection, ProduceRules, validate};
use klamm_protocol::{ErrorCode, Reader, Records, Str};

use crate::net::reply::{Outcome, Overlap, Reply, Started};

use super::call::Call;
use super::errors;
use super::session::close;

/// Client id that may write internal topics, as in Kafka.
const ADMIN_CLIENT_ID: &str = "__admin_client";
const INTERNAL_TOPICS: [&str; 3] = ["__consumer_offsets", "__transaction_state", "__share_group_state"];

enum Pending {
    Appended(Awaited<AppendAnswer>),
    Unopened(PartitionHandle, Append),
}

/// A partition whose answer is not known yet, by its place in the response.
struct Waiting {
    topic: usize,
    partition: usize,
    pending: Pending,
}

/// Appends, then answers now or later.
pub fn serve(call: Call, mut body: Reader) -> Started {
    let request = match call.body::<ProduceRequest>(&mut body) {
        Ok(request) => request,
        Err(reason) => return close(reason),
    };
    let image = call.node.image.load();
    let mut response = ProduceResponse::default();
    let mut waiting = Vec::new();
    response.responses.reserve_exact(request.topic_data.len());
    let acks = acks_of(request.acks);
    for topic in &request.topic_data {
        let mut answers = Vec::with_capacity(topic.partition_data.len());
        for data in &topic.partition_data {
            let mut answer = PartitionProduceResponse { index: data.index, ..Default::default() };
            match acks.map_err(Refusal::Code).and_then(|acks| append(&call, &image, topic, data, acks)) {
                Ok(Begun::Done(done)) => fill(&mut answer, done),
                Ok(Begun::Pending(pending)) => {
                    waiting.push(Waiting {
                        topic: response.responses.len(),
                        partition: answers.len(),
                        pending,
                    });
                }
                Err(refusal) => refuse(&mut answer, &refusal),
            }
            answers.push(answer);
        }
        response.responses.push(TopicProduceResponse {
            name: topic.name.clone(),
            topic_id: topic.topic_id,
            partition_responses: answers,
            ..Default::default()
        });
    }
    let wants_answer = request.acks != 0;
    if waiting.is_empty() {
        let outcome = finish(&call, response, wants_answer);
        return Started { reply: Reply::Now(outcome), overlap: Overlap::WithAlike };
    }
    let patience = Duration::from_millis(u64::try_from(request.timeout_ms).unwrap_or(0));
    let answer = async move {
        settle(&call, &mut response, waiting, patience).await;
        finish(&call, response, wants_answer)
    };
    Started { reply: Reply::Later(Box::pin(answer)), overlap: Overlap::WithAlike }
}

fn acks_of(acks: i16) -> Result<Acks, ErrorCode> {
    match acks {
        0 | 1 => Ok(Acks::Leader),
        -1 => Ok(Acks::All),
        _ => Err(ErrorCode::InvalidRequiredAcks),
    }
}

enum Refusal {
    Code(ErrorCode),
    Rejected(ProduceRejection),
}

enum Begun {
    Done(AppendAnswer),
    Pending(Pending),
}

fn append(
    call: &Call,
    image: &MetadataImage,
    topic: &TopicProduceData,
    data: &PartitionProduceData,
    acks: Acks,
) -> Result<Begun, Refusal> {
    let handle = find(call, image, topic, data.index)?;
    let settings = handle.settings();
    let rules = ProduceRules { origin: Origin::Client { produce_version: call.version }, ..settings.produce };
    let bytes = match &data.records {
        Some(Records::Bytes(bytes)) => bytes.clone(),
        Some(Records::Region(..)) | None => bytes::Bytes::new(),
    };
    let validated = validate(&bytes, &rules, call.node.clock.wall()).map_err(Refusal::Rejected)?;
    let mut batch = BytesMut::with_capacity(validated.size());
    batch.extend_from_slice(&validated.header().encode());
    batch.extend_from_slice(&validated.body(&bytes));
    let append = Append::of_client(batch, acks);
    if handle.view().is_none() {
        return Ok(Begun::Pending(Pending::Unopened(handle, append)));
    }
    Ok(match handle.append(append) {
        Appended::Done(answer) => Begun::Done(answer),
        Appended::Waiting(awaited) => Begun::Pending(Pending::Appended(awaited)),
    })
}

fn find(
    call: &Call,
    image: &MetadataImage,
    topic: &TopicProduceData,
    index: i32,
) -> Result<PartitionHandle, Refusal> {
    let by_id = call.version >= 13;
    let known = if by_id {
        TopicId::new(topic.topic_id).and_then(|id| image.topics().by_id(id))
    } else {
        image.topics().by_name(&topic.name)
    };
    let unknown = if by_id { ErrorCode::UnknownTopicId } else { ErrorCode::UnknownTopicOrPartition };
    let known = known.ok_or(Refusal::Code(unknown))?;
    if INTERNAL_TOPICS.contains(&known.name().as_ref()) && &*call.client_id != ADMIN_CLIENT_ID {
        return Err(Refusal::Code(ErrorCode::InvalidTopicException));
    }
    if known.partition(index).is_none() {
        return Err(Refusal::Code(ErrorCode::UnknownTopicOrPartition));
    }
    let handle = call.node.partition(known.id(), index);
    handle.ok_or(Refusal::Code(ErrorCode::NotLeaderOrFollower))
}

async fn settle(call: &Call, response: &mut ProduceResponse, waiting: Vec<Waiting>, patience: Duration) {
    let deadline = tokio::time::Instant::now() + patience;
    for Waiting { topic, partition, pending } in waiting {
        let answer = &mut response.responses[topic].partition_responses[partition];
        let awaited = match pending {
            Pending::Appended(awaited) => awaited,
            Pending::Unopened(handle, append) => {
                if let Err(error) = call.node.open(&handle).await {
                    answer.error_code = errors::of_open(&error).code();
                    blank(answer);
                    continue;
                }
                match handle.append(append) {
                    Appended::Done(done) => {
                        fill(answer, done);
                        continue;
                    }
                    Appended::Waiting(awaited) => awaited,
                }
            }
        };
        match tokio::time::timeout_at(deadline, awaited).await {
            Ok(Ok(done)) => fill(answer, done),
            Ok(Err(_stopping)) => refuse(answer, &Refusal::Code(ErrorCode::NotLeaderOrFollower)),
            Err(_elapsed) => refuse(answer, &Refusal::Code(ErrorCode::RequestTimedOut)),
        }
    }
}

fn fill(answer: &mut PartitionProduceResponse, done: AppendAnswer) {
    match done {
        Ok(info) => {
            answer.base_offset = info.first_offset.get();
            answer.log_append_time_ms = info.log_append_time.map_or(-1, |time| time.as_millis());
            answer.log_start_offset = info.log_start_offset.get();
        }
        Err(refusal) => {
            let code = errors::of_append(&refusal);
            tracing::debug!(partition = answer.index, ?code, %refusal, "append refused");
            answer.error_code = code.code();
            blank(answer);
        }
    }
}

fn refuse(answer: &mut PartitionProduceResponse, refusal: &Refusal) {
    blank(answer);
    match refusal {
        Refusal::Code(code) => answer.error_code = code.code(),
        Refusal::Rejected(rejection) => {
            answer.error_code = rejection.error_code().code();
            answer.error_message = Some(Str::from(rejection.to_string()));
            answer.record_errors = rejection
                .faults()
                .iter()
                .map(|fault| BatchIndexAndErrorMessage {
                    batch_index: i32::try_from(fault.index).unwrap_or(i32::MAX),
                    batch_index_error_message: Some(Str::from(fault.to_string())),
                    ..Default::default()
                })
                .collect();
        }
    }
}

fn blank(answer: &mut PartitionProduceResponse) {
    answer.base_offset = -1;
    answer.log_append_time_ms = -1;
    answer.log_start_offset = -1;
}

/// acks=0 is never answered; an error then closes the connection, the only way to tell.
fn finish(call: &Call, mut response: ProduceResponse, wants_answer: bool) -> Outcome {
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
