//! Produce (key 0), versions 3-13, advertised from 0 for old librdkafka.
//!
//! 5: log start offset. 7: zstd. 8: record errors (KIP-467). 9: flexible. 10: current leader
//! (KIP-951). 12: transactions may begin implicitly (KIP-890). 13: topic ids (KIP-516).
//! The appends happen within the call and in the order of the requests; only the answer may wait,
//! so produce requests of one connection overlap, except after one whose partition must open first.
//! Requests that arrived together go to a partition with one write; [`Turn`] brings those of several connections
//! together.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_metadata::MetadataImage;
use klamm_model::TopicId;
use klamm_node::partition::{Acks, Append, AppendAnswer, Appended, PartitionHandle, Placed};
use klamm_node::promise::Awaited;
use klamm_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use klamm_protocol::messages::produce_response::{PartitionProduceResponse, TopicProduceResponse};
use klamm_protocol::messages::{ProduceRequest, ProduceResponse};
use klamm_protocol::records::batch::{HEADER_SIZE, MAGIC_V2};
use klamm_protocol::records::validate::{Origin, ProduceRejection, ProduceRules, validate};
use klamm_protocol::{ErrorCode, Reader, Records};
use smallvec::{SmallVec, smallvec};

use crate::net::reply::{Overlap, Reply, Started};

use super::call::Call;
use super::errors;
use super::session::close;
use answer::{Refusal, fill, finish, refuse, tell_place};
use writes::{Place, Writes};

mod answer;
mod repeats;
mod turn;
mod writes;

pub use turn::Turn;

/// Client id that may write internal topics, as in Kafka.
const ADMIN_CLIENT_ID: &str = "__admin_client";
const INTERNAL_TOPICS: [&str; 3] = ["__consumer_offsets", "__transaction_state", "__share_group_state"];

/// Places in a batch of format 2.
const MAGIC_AT: usize = 16;
const ATTRIBUTES_LOW_AT: usize = 22;
const TRANSACTIONAL: u8 = 0x10;

enum Pending {
    Appended(PartitionHandle, Awaited<AppendAnswer>, Placed),
    Unopened(PartitionHandle, Append),
    /// Refused, and the answer tells the start of a log that is not open yet.
    Refused(PartitionHandle, ProduceRejection),
}

/// A request whose appends are begun.
struct Begun {
    call: Call,
    response: ProduceResponse,
    waiting: Vec<Waiting>,
    wants_answer: bool,
    patience: Duration,
}

/// A partition whose answer is not known yet, by its place in the response.
struct Waiting {
    topic: usize,
    partition: usize,
    pending: Pending,
}

/// Appends, then answers now or later.
pub fn serve(call: Call, body: Reader) -> Started {
    let mut started = serve_together(smallvec![(call, body)]);
    started.pop().expect("a request is started or closes the connection")
}

/// As [`serve`] for requests that arrived together. What comes after a request that closes the
/// connection is not started and has no place in the result.
pub fn serve_together(requests: SmallVec<[(Call, Reader); 4]>) -> SmallVec<[Started; 4]> {
    let mut begun = SmallVec::<[Begun; 4]>::new();
    let (mut writes, mut last) = (Writes::default(), None);
    for (call, body) in requests {
        match begin(call, body, (begun.len(), &mut writes)) {
            Ok(request) => {
                let silent = !request.wants_answer;
                begun.push(request);
                // Its failure closes the connection before the next.
                if silent && writes.carry_out(&mut begun) {
                    break;
                }
            }
            Err(reason) => {
                last = Some(close(reason));
                break;
            }
        }
    }
    writes.carry_out(&mut begun);
    begun.into_iter().map(Begun::answer).chain(last).collect()
}

/// Decodes and validates; what is sound goes to `writes`.
fn begin(call: Call, mut body: Reader, (place, writes): (usize, &mut Writes)) -> Result<Begun, String> {
    let mut request = call.body::<ProduceRequest>(&mut body)?;
    request.topic_data = repeats::merge(request.topic_data);
    let image = call.node.image.load();
    let mut response = ProduceResponse::default();
    response.responses.reserve_exact(request.topic_data.len());
    let mut waiting = Vec::new();
    let acks = if lacks_transactional_id(&request) {
        Err(ErrorCode::TransactionalIdAuthorizationFailed)
    } else {
        acks_of(request.acks)
    };
    for topic in &request.topic_data {
        let mut answers = Vec::with_capacity(topic.partition_data.len());
        for data in &topic.partition_data {
            let mut answer = PartitionProduceResponse { index: data.index, ..Default::default() };
            let prepared =
                acks.map_err(Refusal::Code).and_then(|acks| prepare(&call, (&image, topic), data, acks));
            let at = Place { request: place, topic: response.responses.len(), partition: answers.len() };
            let pending = match prepared {
                Ok(Prepared::Sound(handle, append)) if writes.must_wait(&handle) => {
                    Some(Pending::Unopened(handle, append))
                }
                Ok(Prepared::Sound(handle, append)) => {
                    writes.add(handle, append, at);
                    None
                }
                Ok(Prepared::Refused(handle, rejection)) => Some(Pending::Refused(handle, rejection)),
                Err(refusal) => {
                    refuse(&mut answer, &refusal);
                    None
                }
            };
            waiting.extend(pending.map(|pending| Waiting {
                topic: at.topic,
                partition: at.partition,
                pending,
            }));
            answers.push(answer);
        }
        response.responses.push(TopicProduceResponse {
            name: topic.name.clone(),
            topic_id: topic.topic_id,
            partition_responses: answers,
            ..Default::default()
        });
    }
    Ok(Begun {
        call,
        response,
        waiting,
        wants_answer: request.acks != 0,
        patience: Duration::from_millis(u64::try_from(request.timeout_ms).unwrap_or(0)),
    })
}

impl Begun {
    /// Takes what became of an append.
    fn take(&mut self, at: Place, handle: &PartitionHandle, appended: Appended) {
        match appended {
            Appended::Done(done) => {
                fill(&mut self.response.responses[at.topic].partition_responses[at.partition], handle, done);
            }
            Appended::Waiting(awaited, placed) => {
                let pending = Pending::Appended(handle.clone(), awaited, placed);
                self.waiting.push(Waiting { topic: at.topic, partition: at.partition, pending });
            }
        }
    }

    fn has_failed(&self) -> bool {
        let mut answers = self.response.responses.iter().flat_map(|topic| &topic.partition_responses);
        answers.any(|answer| answer.error_code != 0)
    }

    fn answer(self) -> Started {
        let Begun { call, mut response, waiting, wants_answer, patience } = self;
        if waiting.is_empty() {
            let outcome = finish(&call, response, wants_answer);
            return Started { reply: Reply::Now(outcome), overlap: Overlap::WithAlike };
        }
        let overlap = overlap(&waiting);
        let answer = async move {
            settle(&call, &mut response, waiting, patience).await;
            finish(&call, response, wants_answer)
        };
        Started { reply: Reply::Later(Box::pin(answer)), overlap }
    }
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

/// A partition's records after their validation.
enum Prepared {
    Sound(PartitionHandle, Append),
    /// Refused, and the answer tells the start of a log that is not open yet.
    Refused(PartitionHandle, ProduceRejection),
}

/// The records stay in the request's frame; only the header, which may change, is copied.
fn prepare(
    call: &Call,
    (image, topic): (&MetadataImage, &TopicProduceData),
    data: &PartitionProduceData,
    acks: Acks,
) -> Result<Prepared, Refusal> {
    let handle = find(call, image, topic, data.index)?;
    let settings = handle.settings();
    let rules = ProduceRules { origin: Origin::Client { produce_version: call.version }, ..settings.produce };
    let bytes = bytes_of(data);
    let validated = match validate(&bytes, &rules, call.node.clock.wall()) {
        Ok(validated) => validated,
        Err(rejection) => {
            return match handle.view() {
                Some(view) => Err(Refusal::Rejected(rejection, Some(view.log_start_offset()))),
                None => Ok(Prepared::Refused(handle, rejection)),
            };
        }
    };
    let header = BytesMut::from(&validated.header().encode()[..]);
    Ok(Prepared::Sound(handle, Append::of_client(header, validated.body(&bytes), acks)))
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
        let (handle, awaited, placed) = match pending {
            Pending::Appended(handle, awaited, placed) => (handle, awaited, placed),
            Pending::Unopened(handle, append) => {
                if let Err(error) = call.node.open(&handle).await {
                    refuse(answer, &Refusal::Code(errors::of_open(&error)));
                    continue;
                }
                match handle.append(smallvec![append]).pop() {
                    Some(Appended::Done(done)) => {
                        fill(answer, &handle, done);
                        continue;
                    }
                    Some(Appended::Waiting(awaited, placed)) => (handle, awaited, placed),
                    None => unreachable!("each append has its answer"),
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
        if let Some(info) = placed.get() {
            tell_place(answer, &info);
        }
    }
}
