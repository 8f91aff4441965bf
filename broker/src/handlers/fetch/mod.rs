//! Fetch (key 1), versions 4-18.
//!
//! 5: log start offset. 7: sessions (KIP-227). 9: leader epoch fencing (KIP-320). 11: rack
//! (KIP-392). 12: flexible, diverging epochs (KIP-595). 13: topic ids. 15: replica state (KIP-903).
//! 16: node endpoints (KIP-951). 17: directory id (KIP-853). 18: high watermark (KIP-1166).
//! A follower's fetch says how far it has got: where it is read, its progress is noted.
//! A fetch reads once; if there is too little it waits on all partitions at once and reads again.

mod answer;
mod read;

use std::sync::Arc;
use std::time::Duration;

use klamm_model::{BrokerEpoch, BrokerId, TopicId};
use klamm_node::fetch_session::{
    SessionError, SessionFetch, SessionKey, SessionRequest, SessionTopic, Wanted,
};
use klamm_node::partition::{Asker, FetchWaiter};
use klamm_protocol::messages::{FetchRequest, FetchResponse};
use klamm_protocol::{ErrorCode, Reader};
use klamm_storage::Isolation;

use crate::net::reply::{Outcome, Overlap, Reply, Started};

use super::call::Call;
use super::session::close;
use answer::answer;
use read::{Limits, Nearness, ReadBatch, Target};

/// The first version that names topics by id.
const FIRST_WITH_IDS: i16 = 13;
/// The first version whose clients read from followers.
const FIRST_WITH_RACK: i16 = 11;

/// Reads, and answers now or when there is enough.
pub fn serve(call: Call, mut body: Reader) -> Started {
    let request = match call.body::<FetchRequest>(&mut body) {
        Ok(request) => request,
        Err(reason) => return close(reason),
    };
    let opened = call.node.fetch_sessions.open(call.node.clock.instant(), session_request(&call, &request));
    let fetch = match opened {
        Ok(fetch) => fetch,
        Err(error) => return alone(refused(&call, error)),
    };
    let limits = limits(&call, &request);
    let targets = resolve(&call, &fetch);
    match read::on_shard(&targets, &limits) {
        Some(batch) if is_enough(&batch, &request) => alone(answer(&call, &fetch, limits.asker, batch)),
        _ => {
            let wait = Wait { fetch, targets, limits, request };
            Started { reply: Reply::Later(Box::pin(wait.run(call))), overlap: Overlap::Alone }
        }
    }
}

fn alone(outcome: Outcome) -> Started {
    Started { reply: Reply::Now(outcome), overlap: Overlap::Alone }
}

fn refused(call: &Call, error: SessionError) -> Outcome {
    let code = match error {
        SessionError::NotFound => ErrorCode::FetchSessionIdNotFound,
        SessionError::WrongEpoch => ErrorCode::InvalidFetchSessionEpoch,
        SessionError::TopicIds => ErrorCode::FetchSessionTopicIdError,
    };
    call.respond(&FetchResponse { error_code: code.code(), ..FetchResponse::default() })
}

fn session_request(call: &Call, request: &FetchRequest) -> SessionRequest {
    let uses_ids = call.version >= FIRST_WITH_IDS;
    let topic = |name: &str, id| {
        if uses_ids { SessionTopic::Id(id) } else { SessionTopic::Name(Arc::from(name)) }
    };
    let mut wanted = Vec::new();
    for asked in &request.topics {
        let name = topic(&asked.topic, asked.topic_id);
        for partition in &asked.partitions {
            let one = Wanted {
                fetch_offset: partition.fetch_offset,
                max_bytes: partition.partition_max_bytes,
                current_leader_epoch: partition.current_leader_epoch,
                last_fetched_epoch: partition.last_fetched_epoch,
                log_start_offset: partition.log_start_offset,
            };
            wanted.push(((name.clone(), partition.partition), one));
        }
    }
    let mut forgotten = Vec::new();
    for asked in &request.forgotten_topics_data {
        let name = topic(&asked.topic, asked.topic_id);
        forgotten.extend(asked.partitions.iter().map(|partition| (name.clone(), *partition)));
    }
    SessionRequest {
        id: request.session_id,
        epoch: request.session_epoch,
        wanted,
        forgotten,
        uses_ids,
        is_replica: matches!(asker(call, request), Asker::Replica(..)),
    }
}

fn asker(call: &Call, request: &FetchRequest) -> Asker {
    let state = &request.replica_state;
    let id = if call.version >= 15 { state.replica_id } else { request.replica_id };
    match BrokerId::new(id) {
        Some(id) => Asker::Replica(id, BrokerEpoch::new(state.replica_epoch)),
        None if call.version < FIRST_WITH_RACK => Asker::OldConsumer,
        None => Asker::Consumer,
    }
}

fn limits(call: &Call, request: &FetchRequest) -> Limits {
    let asker = asker(call, request);
    // Consumers are bounded by fetch.max.bytes, followers by their own request alone.
    let most = match asker {
        Asker::Replica(..) => i32::MAX,
        Asker::OldConsumer | Asker::Consumer => i32::try_from(call.node.fetch_max_bytes).unwrap_or(i32::MAX),
    };
    let isolation = match asker {
        Asker::Replica(..) => Isolation::LogEnd,
        Asker::OldConsumer | Asker::Consumer if request.isolation_level == 1 => Isolation::LastStable,
        Asker::OldConsumer | Asker::Consumer => Isolation::HighWatermark,
    };
    Limits {
        max_bytes: u32::try_from(request.max_bytes.min(most)).unwrap_or(0),
        isolation,
        asker,
        holds_up_laggards: holds_up_laggards(call, asker),
        nearness: nearness(call, request, asker),
    }
}

fn holds_up_laggards(call: &Call, asker: Asker) -> bool {
    let is_replica = matches!(asker, Asker::Replica(..));
    is_replica && call.node.throttles.leader.is_exceeded(call.node.clock.instant())
}

/// What the choice of a nearer replica goes by, where the client says where it is and this broker is configured to
/// choose (KIP-392).
fn nearness(call: &Call, request: &FetchRequest, asker: Asker) -> Option<Nearness> {
    if asker != Asker::Consumer || request.rack_id.is_empty() {
        return None;
    }
    let layers = call.node.settings.layers();
    layers.effective().fetch.replica_selector_class.as_ref()?;
    Some(Nearness { rack: Arc::from(&*request.rack_id), image: call.node.image.load() })
}

fn resolve(call: &Call, fetch: &SessionFetch) -> Vec<Target> {
    let image = call.node.image.load();
    let resolve_one = |(key, wanted): &(SessionKey, Wanted)| {
        let (name, partition) = key;
        let (topic, unknown) = match name {
            SessionTopic::Id(id) => {
                let topic = TopicId::new(*id).and_then(|id| image.topics().by_id(id));
                (topic, ErrorCode::UnknownTopicId)
            }
            SessionTopic::Name(name) => (image.topics().by_name(name), ErrorCode::UnknownTopicOrPartition),
        };
        let handle = match topic {
            None => Err(unknown),
            Some(topic) if topic.partition(*partition).is_none() => Err(ErrorCode::UnknownTopicOrPartition),
            Some(topic) => call.node.partition(topic.id(), *partition).ok_or(ErrorCode::NotLeaderOrFollower),
        };
        Target { key: key.clone(), wanted: *wanted, handle }
    };
    fetch.wanted.iter().map(resolve_one).collect()
}

/// Kafka answers at once with enough bytes, with nothing asked, or with anything wrong.
fn is_enough(batch: &ReadBatch, request: &FetchRequest) -> bool {
    request.max_wait_ms <= 0
        || batch.parts.is_empty()
        || batch.has_news
        || batch.bytes >= u64::try_from(request.min_bytes).unwrap_or(0)
}

struct Wait {
    fetch: SessionFetch,
    targets: Vec<Target>,
    limits: Limits,
    request: FetchRequest,
}

impl Wait {
    async fn run(mut self, call: Call) -> Outcome {
        let patience = Duration::from_millis(u64::try_from(self.request.max_wait_ms).unwrap_or(0));
        let deadline = tokio::time::Instant::now() + patience;
        let mut batch = self.read(&call).await;
        while !is_enough(&batch, &self.request) && tokio::time::Instant::now() < deadline {
            let min_bytes = i64::from(self.request.min_bytes);
            let missing = min_bytes - i64::try_from(batch.bytes).unwrap_or(i64::MAX);
            let waiter = Registered::on(&self.targets, self.limits.isolation, missing);
            // Once registered: what came in between would wake nobody.
            let again = self.read(&call).await;
            let has_grown = again.bytes > batch.bytes;
            batch = again;
            if is_enough(&batch, &self.request) {
                break;
            }
            if has_grown {
                // The waiter would wait for these bytes once more.
                continue;
            }
            let due = std::future::poll_fn(|context| waiter.0.poll_due(context));
            let _ = tokio::time::timeout_at(deadline, due).await;
            drop(waiter);
            self.targets = resolve(&call, &self.fetch);
            batch = self.read(&call).await;
        }
        answer(&call, &self.fetch, self.limits.asker, batch)
    }

    async fn read(&mut self, call: &Call) -> ReadBatch {
        self.limits.holds_up_laggards = holds_up_laggards(call, self.limits.asker);
        match read::on_shard(&self.targets, &self.limits) {
            Some(batch) => batch,
            None => read::on_pool(&call.node, &self.targets, &self.limits).await,
        }
    }
}

/// A waiter on all partitions of a fetch, taken off when dropped.
struct Registered(Arc<FetchWaiter>);

impl Registered {
    fn on(targets: &[Target], isolation: Isolation, missing: i64) -> Registered {
        let waiter = FetchWaiter::new(missing);
        for handle in targets.iter().filter_map(|target| target.handle.as_ref().ok()) {
            match isolation {
                Isolation::LogEnd => handle.tail_waiters().register(&waiter),
                Isolation::HighWatermark | Isolation::LastStable => handle.waiters().register(&waiter),
            }
        }
        Registered(waiter)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.0.end();
    }
}
