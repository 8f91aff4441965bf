//! Produce (key 0), versions 3-13, advertised from 0 for old librdkafka.
//!
//! 5: log start offset. 7: zstd. 8: record errors (KIP-467). 9: flexible. 10: current leader
//! (KIP-951). 12: transactions may begin implicitly (KIP-890). 13: topic ids (KIP-516).
//! The appends happen within the call and in the order of the requests; only the answer may wait,
//! so produce requests of one connection overlap, except after one whose partition must open first.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_metadata::MetadataImage;
use klamm_model::TopicId;
use klamm_node::partition::{Acks, Append, AppendAnswer, Appended, PartitionHandle};
use klamm_node::promise::Awaited;
use klamm_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use klamm_protocol::messages::produce_response::{PartitionProduceResponse, TopicProduceResponse};
use klamm_protocol::messages::{ProduceRequest, ProduceResponse};
use klamm_protocol::records::batch::{HEADER_SIZE, MAGIC_V2};
use klamm_protocol::records::validate::{Origin, ProduceRejection, ProduceRules, validate};
use klamm_protocol::{ErrorCode, Reader, Records};

use crate::net::reply::{Overlap, Reply, Started};

use super::call::Call;
use super::errors;
use super::session::close;
use answer::{Refusal, fill, finish, refuse};

mod answer;

/// Client id that may write internal topics, as in Kafka.
const ADMIN_CLIENT_ID: &str = "__admin_client";
const INTERNAL_TOPICS: [&str; 3] = ["__consumer_offsets", "__transaction_state", "__share_group_state"];

/// Places in a batch of format 2.
const MAGIC_AT: usize = 16;
const ATTRIBUTES_LOW_AT: usize = 22;
const TRANSACTIONAL: u8 = 0x10;

enum Pending {
    Appended(PartitionHandle, Awaited<AppendAnswer>),
    Unopened(PartitionHandle, Append),
    /// Refused, and the answer tells the start of a log that is not open yet.
    Refused(PartitionHandle, ProduceRejection),
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
    let acks = if lacks_transactional_id(&request) {
        Err(ErrorCode::TransactionalIdAuthorizationFailed)
    } else {
        acks_of(request.acks)
    };
    for topic in &request.topic_data {
        let mut answers = Vec::with_capacity(topic.partition_data.len());
        for data in &topic.partition_data {
            let mut answer = PartitionProduceResponse { index: data.index, ..Default::default() };
            match acks.map_err(Refusal::Code).and_then(|acks| append(&call, &image, topic, data, acks)) {
                Ok(Begun::Done(handle, done)) => fill(&mut answer, &handle, done),
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
    let overlap = overlap(&waiting);
    let answer = async move {
        settle(&call, &mut response, waiting, patience).await;
        finish(&call, response, wants_answer)
    };
    Started { reply: Reply::Later(Box::pin(answer)), overlap }
}

/// An append that is still to come holds back what follows on its connection, also the end of the connection:
/// later batches of its producer must not overtake it, and a producer that wants no answer may hang up at once.
fn overlap(waiting: &[Waiting]) -> Overlap {
    let appended = waiting.iter().all(|one| match one.pending {
        Pending::Appended(..) | Pending::Refused(..) => true,
        Pending::Unopened(..) => false,
    });
    if appended { Overlap::WithAlike } else { Overlap::Alone }
}

fn acks_of(acks: i16) -> Result<Acks, ErrorCode> {
    match acks {
        0 | 1 => Ok(Acks::Leader),
        -1 => Ok(Acks::All),
        _ => Err(ErrorCode::InvalidRequiredAcks),
    }
}

/// Records of a transaction in a request that names none: as Kafka, refused whole.
fn lacks_transactional_id(request: &ProduceRequest) -> bool {
    request.transactional_id.is_none()
        && request.topic_data.iter().flat_map(|topic| &topic.partition_data).any(|data| {
            let batch = bytes_of(data);
            batch.len() >= HEADER_SIZE
                && batch[MAGIC_AT] == MAGIC_V2 as u8
                && batch[ATTRIBUTES_LOW_AT] & TRANSACTIONAL != 0
        })
}

fn bytes_of(data: &PartitionProduceData) -> Bytes {
    match &data.records {
        Some(Records::Bytes(bytes)) => bytes.clone(),
        Some(Records::Region(..)) | None => Bytes::new(),
    }
}

enum Begun {
    Done(PartitionHandle, AppendAnswer),
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
    let bytes = bytes_of(data);
    let validated = match validate(&bytes, &rules, call.node.clock.wall()) {
        Ok(validated) => validated,
        Err(rejection) => {
            return match handle.view() {
                Some(view) => Err(Refusal::Rejected(rejection, Some(view.log_start_offset()))),
                None => Ok(Begun::Pending(Pending::Refused(handle, rejection))),
            };
        }
    };
    let mut batch = BytesMut::with_capacity(validated.size());
    batch.extend_from_slice(&validated.header().encode());
    batch.extend_from_slice(&validated.body(&bytes));
    let append = Append::of_client(batch, acks);
    if handle.view().is_none() {
        return Ok(Begun::Pending(Pending::Unopened(handle, append)));
    }
    Ok(match handle.append(append) {
        Appended::Done(answer) => Begun::Done(handle, answer),
        Appended::Waiting(awaited) => Begun::Pending(Pending::Appended(handle, awaited)),
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
        let (handle, awaited) = match pending {
            Pending::Appended(handle, awaited) => (handle, awaited),
            Pending::Unopened(handle, append) => {
                if let Err(error) = call.node.open(&handle).await {
                    refuse(answer, &Refusal::Code(errors::of_open(&error)));
                    continue;
                }
                match handle.append(append) {
                    Appended::Done(done) => {
                        fill(answer, &handle, done);
                        continue;
                    }
                    Appended::Waiting(awaited) => (handle, awaited),
                }
            }
            Pending::Refused(handle, rejection) => {
                let refusal = match call.node.open(&handle).await {
                    Ok(()) => Refusal::Rejected(rejection, handle.view().map(|view| view.log_start_offset())),
                    Err(error) => Refusal::Code(errors::of_open(&error)),
                };
                refuse(answer, &refusal);
                continue;
            }
        };
        match tokio::time::timeout_at(deadline, awaited).await {
            Ok(Ok(done)) => fill(answer, &handle, done),
            Ok(Err(_stopping)) => refuse(answer, &Refusal::Code(ErrorCode::NotLeaderOrFollower)),
            Err(_elapsed) => refuse(answer, &Refusal::Code(ErrorCode::RequestTimedOut)),
        }
    }
}
