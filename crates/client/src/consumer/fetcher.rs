//! Fetches: one request per broker at a time, and the answers that wait to be handed out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use klamm_model::{Offset, TopicId, TopicPartition, Uuid};
use klamm_protocol::messages::fetch_request::{FetchPartition, FetchTopic, ForgottenTopic};
use klamm_protocol::messages::fetch_response::PartitionData;
use klamm_protocol::messages::{FetchRequest, FetchResponse};
use klamm_protocol::{ErrorCode, Records, Str};
use tokio::time::{Instant, timeout};

use super::Consumer;
use super::drain::{Aborted, Drain, Rules};
use super::plan::plan_fetches;
use super::poll::Event;
use super::record::ConsumerRecord;
use super::session::{Session, Turn, Wants};
use super::state::{Phase, Position};
use crate::cluster::{Backoff, Cluster, Lane};
use crate::error::ClientError;

/// The last version of Fetch that names topics.
const LAST_WITH_NAMES: i16 = 12;
/// The epoch that ends a session.
const FINAL_EPOCH: i32 = -1;
/// Longest wait for the end of a session: it would end by itself.
const END_LIMIT: Duration = Duration::from_secs(1);

/// What goes on with one broker.
#[derive(Debug, Default)]
pub(super) struct BrokerFetches {
    session: Session,
    busy: bool,
    failures: u32,
    /// No request before this time.
    pub(super) retry_at: Option<Instant>,
}

/// What a broker was to a partition when it was asked for its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Leader,
    Follower,
}

/// The end of one request.
pub(super) struct FetchEnd {
    broker: i32,
    /// What was wanted, with the partitions' stamps.
    sent: BTreeMap<TopicPartition, (u64, Position, Role)>,
    names: BTreeMap<TopicId, Arc<str>>,
    answer: Result<FetchResponse, ClientError>,
}

impl Consumer {
    /// Sends a request to each broker that has something to give and none on its way.
    pub(super) fn launch_fetches(&mut self) {
        let now = Instant::now();
        let state = &self.state;
        self.drains
            .retain(|drain| state.get(&drain.at).is_some_and(|partition| partition.stamp == drain.stamp));
        for broker in self.brokers.values_mut() {
            broker.retry_at = broker.retry_at.filter(|at| *at > now);
        }
        let busy = self.brokers.iter().filter(|(_, broker)| broker.busy || broker.retry_at.is_some());
        let busy: BTreeSet<i32> = busy.map(|(id, _)| *id).collect();
        let waiting: BTreeSet<TopicPartition> = self.drains.iter().map(|drain| drain.at.clone()).collect();
        let view = self.cluster.view();
        let limits = (self.config.max_partition_fetch_bytes, self.now());
        let plan = plan_fetches(&self.state, &view, &busy, &waiting, limits);
        if plan.needs_metadata {
            self.metadata.want();
        }
        for (broker, wants) in plan.by_broker {
            self.launch_fetch(broker, wants);
        }
    }

    fn launch_fetch(&mut self, broker: i32, wants: Wants) {
        let view = self.cluster.view();
        let sent = wants.keys().filter_map(|at| {
            let partition = self.state.get(at)?;
            let role = if view.leader(at) == Ok(broker) { Role::Leader } else { Role::Follower };
            Some((at.clone(), (partition.stamp, partition.position()?, role)))
        });
        let sent = sent.collect();
        let names = wants.iter().filter_map(|(at, want)| Some((want.topic_id?, Arc::clone(&at.topic))));
        let names = names.collect();
        let fetches = self.brokers.entry(broker).or_default();
        fetches.busy = true;
        let turn = fetches.session.next(wants);
        let by_id = turn.send.values().all(|want| want.topic_id.is_some())
            && turn.forget.iter().all(|(_, id)| id.is_some());
        let most = if by_id { i16::MAX } else { LAST_WITH_NAMES };
        let request = self.request(&turn);
        let cluster = self.cluster.clone();
        let wait = Duration::from_millis(self.config.fetch_max_wait_ms.unsigned_abs().into());
        let limit = self.config.client.request_timeout() + wait;
        self.tasks.spawn(async move {
            let answer = call(&cluster, broker, &request, most, limit).await;
            Event::Fetched(FetchEnd { broker, sent, names, answer })
        });
    }

    fn request(&self, turn: &Turn) -> FetchRequest {
        let mut topics: BTreeMap<&Arc<str>, FetchTopic> = BTreeMap::new();
        for (at, want) in &turn.send {
            let topic = topics.entry(&at.topic).or_insert_with(|| FetchTopic {
                topic: Str::from(&*at.topic),
                topic_id: uuid(want.topic_id),
                ..FetchTopic::default()
            });
            topic.partitions.push(FetchPartition {
                partition: at.partition,
                current_leader_epoch: want.leader_epoch.map_or(-1, |epoch| epoch.get()),
                fetch_offset: want.offset.get(),
                partition_max_bytes: want.max_bytes,
                ..FetchPartition::default()
            });
        }
        let mut forgotten: BTreeMap<(&Arc<str>, Uuid), Vec<i32>> = BTreeMap::new();
        for (at, id) in &turn.forget {
            forgotten.entry((&at.topic, uuid(*id))).or_default().push(at.partition);
        }
        let forgotten = forgotten.into_iter().map(|((topic, topic_id), partitions)| ForgottenTopic {
            topic: Str::from(&**topic),
            topic_id,
            partitions,
            ..ForgottenTopic::default()
        });
        FetchRequest {
            max_wait_ms: self.config.fetch_max_wait_ms,
            min_bytes: self.config.fetch_min_bytes,
            max_bytes: self.config.fetch_max_bytes,
            isolation_level: self.config.isolation_level.code(),
            session_id: turn.id,
            session_epoch: turn.epoch,
            topics: topics.into_values().collect(),
            forgotten_topics_data: forgotten.collect(),
            rack_id: Str::from(self.config.client.client_rack.as_str()),
            ..FetchRequest::default()
        }
    }

    pub(super) fn on_fetched(&mut self, end: FetchEnd) {
        let backoff = Backoff::of_retries(&self.config.client);
        let fetches = self.brokers.entry(end.broker).or_default();
        fetches.busy = false;
        let pause = |fetches: &mut BrokerFetches| {
            fetches.failures += 1;
            fetches.retry_at = Some(Instant::now() + backoff.after(fetches.failures));
        };
        let response = match end.answer {
            Ok(response) => response,
            Err(error) => {
                tracing::debug!(%error, broker = end.broker, "no fetch");
                fetches.session.on_no_answer();
                pause(fetches);
                self.metadata.want();
                if !error.is_retriable() {
                    self.fail(error);
                }
                return;
            }
        };
        let error = ErrorCode::from_i16(response.error_code).unwrap_or(ErrorCode::UnknownServerError);
        fetches.session.on_answer(error, response.session_id);
        match error {
            ErrorCode::None => {
                fetches.failures = 0;
                self.counts.fetches += 1;
            }
            ErrorCode::FetchSessionIdNotFound | ErrorCode::InvalidFetchSessionEpoch => return,
            ErrorCode::FetchSessionTopicIdError
            | ErrorCode::UnknownTopicId
            | ErrorCode::InconsistentTopicId => {
                pause(fetches);
                return self.metadata.want();
            }
            error => {
                pause(fetches);
                self.metadata.want();
                return tracing::warn!(%error, broker = end.broker, "a fetch was refused");
            }
        }
        for topic in response.responses {
            let by_id = TopicId::new(topic.topic_id).and_then(|id| end.names.get(&id).cloned());
            let name: Arc<str> = by_id.unwrap_or_else(|| Arc::from(topic.topic.as_str()));
            for row in topic.partitions {
                let at = TopicPartition::new(Arc::clone(&name), row.partition_index);
                if let Some(sent) = end.sent.get(&at) {
                    self.on_partition(at, *sent, row, end.broker);
                }
            }
        }
    }

    /// One partition of an answer.
    fn on_partition(
        &mut self,
        at: TopicPartition,
        (stamp, position, role): (u64, Position, Role),
        row: PartitionData,
        broker: i32,
    ) {
        let preferred_until = self.now().after(Duration::from_millis(self.config.client.metadata_max_age_ms));
        let Some(partition) = self.state.stamped(&at, stamp) else { return };
        // Sought away meanwhile, or waiting for a new leader's word: what the old one said is not looked at.
        let Phase::Fetching(now) = partition.phase else { return };
        if now.offset != position.offset {
            return;
        }
        let error = ErrorCode::from_i16(row.error_code).unwrap_or(ErrorCode::UnknownServerError);
        if error != ErrorCode::None {
            return self.on_partition_error(&at, error, position, (broker, role, &row));
        }
        partition.high_watermark = Offset::new(row.high_watermark).or(partition.high_watermark);
        partition.last_stable = Offset::new(row.last_stable_offset).or(partition.last_stable);
        partition.log_start = Offset::new(row.log_start_offset).or(partition.log_start);
        if row.preferred_read_replica >= 0 {
            partition.preferred = Some((row.preferred_read_replica, preferred_until));
        }
        let bytes = match row.records {
            Some(Records::Bytes(bytes)) => bytes,
            Some(_) | None => Bytes::new(),
        };
        if bytes.is_empty() {
            return;
        }
        let aborted = row.aborted_transactions.unwrap_or_default();
        let aborted = aborted.iter().map(|transaction| Aborted {
            producer_id: transaction.producer_id,
            first_offset: transaction.first_offset,
        });
        let rules = Rules { isolation: self.config.isolation_level, check_crcs: self.config.check_crcs };
        self.drains.push_back(Drain::new((at, stamp), position, bytes, aborted.collect(), rules));
    }

    fn on_partition_error(
        &mut self,
        at: &TopicPartition,
        error: ErrorCode,
        position: Position,
        (broker, role, row): (i32, Role, &PartitionData),
    ) {
        tracing::debug!(%at, %error, broker, "a partition was refused");
        let leader = &row.current_leader;
        let is_news = self.cluster.learn_leader(at, leader.leader_id, leader.leader_epoch);
        // Only who was asked as the leader, and still is, knows where the log begins and ends.
        let leads = role == Role::Leader && self.cluster.view().leader(at) == Ok(broker);
        match error {
            ErrorCode::OffsetOutOfRange if !leads => {
                if let Some(partition) = self.state.get_mut(at) {
                    partition.preferred = None;
                }
                if role == Role::Leader {
                    self.metadata.want();
                }
            }
            ErrorCode::OffsetOutOfRange => {
                let offset = position.offset.get();
                tracing::info!(%at, offset, "the offset is out of range");
                if !self.reset(at) {
                    self.fail(ClientError::OffsetOutOfRange { partition: at.clone(), offset });
                }
            }
            ErrorCode::TopicAuthorizationFailed => {
                self.fail(ClientError::Kafka { error, message: Some(format!("topic {}", at.topic)) });
            }
            ErrorCode::CorruptMessage => {
                self.fail(ClientError::Kafka {
                    error,
                    message: Some(format!("{at} at {}", position.offset)),
                });
            }
            _ if is_news => {
                let epoch = klamm_model::LeaderEpoch::new(leader.leader_epoch);
                self.state.check_leader(at, epoch);
            }
            _ => {
                if let Some(partition) = self.state.get_mut(at) {
                    partition.preferred = None;
                }
                let fetches = self.brokers.entry(broker).or_default();
                let wait = Duration::from_millis(self.config.client.retry_backoff_ms);
                fetches.retry_at = Some(Instant::now() + wait);
                self.metadata.want();
            }
        }
    }

    /// Records that wait, at most `max.poll.records`; an error after some of them is told by the next poll.
    pub(super) fn take_records(&mut self) -> Result<Vec<ConsumerRecord>, ClientError> {
        let mut records = Vec::new();
        let mut kept = Vec::new();
        let mut failure = None;
        while records.len() < self.config.max_poll_records && failure.is_none() {
            let Some(mut drain) = self.drains.pop_front() else { break };
            let Some(partition) = self.state.stamped(&drain.at, drain.stamp) else { continue };
            // Two brokers may have answered for the same place while the leader moved.
            if partition.position().is_none_or(|now| now.offset != drain.next_position().offset) {
                continue;
            }
            if partition.fetchable().is_none() {
                kept.push(drain);
                continue;
            }
            let is_done = loop {
                if records.len() == self.config.max_poll_records {
                    break false;
                }
                match drain.next() {
                    Ok(Some(record)) => records.push(record),
                    Ok(None) => break true,
                    Err(error) => {
                        failure = Some(error);
                        break true;
                    }
                }
            };
            partition.phase = Phase::Fetching(drain.next_position());
            if !is_done {
                self.drains.push_front(drain);
            }
        }
        self.drains.extend(kept);
        self.counts.records += records.len() as u64;
        match failure {
            Some(error) if records.is_empty() => Err(error),
            Some(error) => {
                self.fail(error);
                Ok(records)
            }
            None => Ok(records),
        }
    }

    /// Tells the brokers that the sessions end. What fails ends by itself.
    pub(super) async fn end_sessions(&mut self) {
        let open = self.brokers.iter().filter(|(_, broker)| !broker.busy);
        let open: Vec<(i32, i32)> =
            open.filter_map(|(id, broker)| Some((*id, broker.session.open_id()?))).collect();
        for (broker, session_id) in open {
            let request = FetchRequest { session_id, session_epoch: FINAL_EPOCH, ..FetchRequest::default() };
            timeout(END_LIMIT, call(&self.cluster, broker, &request, i16::MAX, END_LIMIT)).await.ok();
        }
    }
}

async fn call(
    cluster: &Cluster,
    broker: i32,
    request: &FetchRequest,
    most: i16,
    limit: Duration,
) -> Result<FetchResponse, ClientError> {
    let connection = cluster.find_connection(broker, Lane::Fetch).await?;
    connection.call_at_most(request, most, limit).await
}

fn uuid(id: Option<TopicId>) -> Uuid {
    id.map(TopicId::get).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::consumer::ConsumerConfig;
    use klamm_model::LeaderEpoch;
    use klamm_protocol::messages::MetadataResponse;
    use klamm_protocol::messages::metadata_response::{
        MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
    };

    /// A consumer at offset 7 of a partition that broker 1 leads.
    fn consumer() -> (Consumer, TopicPartition, u64, Position) {
        let at = TopicPartition::new("t", 0);
        let mut consumer = Consumer::new(ConsumerConfig::default());
        consumer.assign([at.clone()]).unwrap();
        let partition = MetadataResponsePartition {
            leader_id: 1,
            leader_epoch: 3,
            ..MetadataResponsePartition::default()
        };
        let topic = MetadataResponseTopic {
            name: Some("t".into()),
            partitions: vec![partition],
            ..MetadataResponseTopic::default()
        };
        let brokers = [1, 2].map(|node_id| MetadataResponseBroker {
            node_id,
            host: "localhost".into(),
            port: 1,
            ..MetadataResponseBroker::default()
        });
        let response = MetadataResponse {
            brokers: brokers.to_vec(),
            topics: vec![topic],
            ..MetadataResponse::default()
        };
        consumer.cluster().apply(&response, false);
        let position = Position { offset: Offset::at(7), epoch: Some(LeaderEpoch::at(3)) };
        consumer.state.go_to(&at, Phase::Fetching(position));
        let stamp = consumer.state.get(&at).unwrap().stamp;
        (consumer, at, stamp, position)
    }

    fn out_of_range() -> PartitionData {
        PartitionData { error_code: ErrorCode::OffsetOutOfRange.code(), ..PartitionData::default() }
    }

    #[tokio::test]
    async fn only_the_leader_may_say_that_an_offset_is_out_of_range() {
        for (role, broker, resets) in [
            (Role::Follower, 2, false),
            // Asked as a follower, and the leader since: its log may have been short then.
            (Role::Follower, 1, false),
            // Asked as the leader, and none any more.
            (Role::Leader, 2, false),
            (Role::Leader, 1, true),
        ] {
            let (mut consumer, at, stamp, position) = consumer();
            consumer.on_partition(at.clone(), (stamp, position, role), out_of_range(), broker);
            let phase = consumer.state.get(&at).unwrap().phase;
            assert_eq!(phase != Phase::Fetching(position), resets, "{role:?} {broker}: {phase:?}");
        }
    }

    #[tokio::test]
    async fn what_an_old_leader_says_while_the_new_one_is_asked_is_not_looked_at() {
        let (mut consumer, at, stamp, position) = consumer();
        consumer.state.get_mut(&at).unwrap().phase = Phase::Validating(position);
        consumer.on_partition(at.clone(), (stamp, position, Role::Leader), out_of_range(), 1);
        assert_eq!(consumer.state.get(&at).unwrap().phase, Phase::Validating(position));
    }
}
