//! The producer's task: sends ripe batches, several requests per broker at a time, and settles the answers.
//!
//! It alone changes what is in flight and the sequence numbers. `step` is synchronous; the loop around it
//! waits for an answer, for new records or for the next deadline.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use klamm_model::{ProducerEpoch, ProducerId, TopicPartition};
use klamm_protocol::messages::produce_response::PartitionProduceResponse;
use klamm_protocol::messages::{InitProducerIdRequest, InitProducerIdResponse, ProduceResponse};
use klamm_protocol::{ErrorCode, Request as _, Str};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::batch::Batch;
use super::config::{Acks, ProducerConfig};
use super::outcome::{Ack, Outcome};
use super::request::{Addresses, Part, ack, build};
use super::sequences::{Fate, Identity, Sequences, Verdict};
use super::shared::{Counts, Shared};
use crate::cluster::{AutoCreate, Backoff, Cluster, Lane, MetadataView, TopicSelection};
use crate::error::ClientError;
use crate::net::{Connection, ConnectionStatus};

/// What came back from a request.
enum Event {
    Produced { node: i32, batches: Addresses, answer: Result<Option<ProduceResponse>, ClientError> },
    Connected { node: i32, failed: bool },
    Identified(Result<InitProducerIdResponse, ClientError>),
    Refreshed(Result<BTreeMap<Str, ErrorCode>, ClientError>),
}

/// A broker that batches go to.
#[derive(Debug, Default)]
struct Node {
    requests: usize,
    connecting: bool,
    /// Asked to hold back until then.
    throttled: Option<Instant>,
    /// The partition after which the next request starts, so that none starves.
    last: Option<TopicPartition>,
}

/// A task that happens once at a time, and not too often.
#[derive(Debug)]
struct Errand {
    under_way: bool,
    not_before: Instant,
    failures: u32,
}

impl Errand {
    fn new() -> Errand {
        Errand { under_way: false, not_before: Instant::now(), failures: 0 }
    }

    fn may_start(&self) -> bool {
        !self.under_way && Instant::now() >= self.not_before
    }

    fn end(&mut self, failed: bool, backoff: Backoff) {
        self.under_way = false;
        self.failures = if failed { self.failures + 1 } else { 0 };
        self.not_before = Instant::now() + backoff.after(self.failures.max(1));
    }
}

pub(super) struct Sender {
    shared: Arc<Shared>,
    cluster: Cluster,
    config: Arc<ProducerConfig>,
    backoff: Backoff,
    /// `None` without idempotence.
    sequences: Option<Sequences>,
    in_flight: BTreeMap<u64, Batch>,
    nodes: BTreeMap<i32, Node>,
    /// Partitions with a batch in flight, where only one request at a time keeps the order.
    muted: BTreeSet<TopicPartition>,
    requests: JoinSet<Event>,
    metadata: Errand,
    metadata_due: Instant,
    identity: Errand,
}

impl Sender {
    pub(super) fn new(shared: Arc<Shared>, cluster: Cluster, config: Arc<ProducerConfig>) -> Sender {
        Sender {
            backoff: Backoff::of_retries(&config.client),
            sequences: config.is_idempotent().then(Sequences::default),
            shared,
            cluster,
            config,
            in_flight: BTreeMap::new(),
            nodes: BTreeMap::new(),
            muted: BTreeSet::new(),
            requests: JoinSet::new(),
            metadata: Errand::new(),
            metadata_due: Instant::now(),
            identity: Errand::new(),
        }
    }

    /// Runs until the producer is closed and nothing is left to send.
    pub(super) async fn run(mut self) {
        while self.turn().await.is_continue() {}
    }

    /// One step, and the wait for the next; breaks where nothing is left to do.
    async fn turn(&mut self) -> ControlFlow<()> {
        let next = self.step();
        let closing = self.shared.closing.load(Ordering::Acquire);
        if closing && self.in_flight.is_empty() && self.shared.accumulator.lock().is_empty() {
            return ControlFlow::Break(());
        }
        tokio::select! {
            Some(event) = self.requests.join_next() => match event {
                Ok(event) => self.on_event(event),
                // Requests do not panic; and if one is cancelled, so are we.
                Err(error) => tracing::error!(%error, "a request of the producer failed"),
            },
            () = self.shared.wake.notified() => {}
            () = sleep_until(next) => {}
        }
        ControlFlow::Continue(())
    }

    /// Does all that can be done now; returns when to look again.
    fn step(&mut self) -> Instant {
        let mut next = Instant::now() + self.config.client.request_timeout().max(Duration::from_secs(1));
        self.expire(&mut next);
        self.identify(&mut next);
        let view = self.cluster.view();
        let ready = self.ready(&view, &mut next);
        for node in ready {
            self.send_to(node, &view);
        }
        self.refresh(&mut next);
        next
    }

    /// Gives up what is older than `delivery.timeout.ms`, in flight or not.
    fn expire(&mut self, next: &mut Instant) {
        let age = self.config.delivery_timeout();
        let mut expired = self.shared.accumulator.lock().take_expired(age);
        let in_flight = self.in_flight.iter().filter(|(_, batch)| batch.created.elapsed() >= age);
        let ids: Vec<u64> = in_flight.map(|(id, _)| *id).collect();
        expired.extend(ids.iter().filter_map(|id| self.in_flight.remove(id)));
        for batch in expired {
            let records = batch.count();
            let what = format!("delivery of {records} record(s) to {}", batch.partition);
            let after_ms = batch.created.elapsed().as_millis() as u64;
            let outcome = Outcome::failed(ClientError::Timeout { what, after_ms });
            let fate = if batch.attempts > 0 { Fate::Unknown } else { Fate::Refused };
            self.fail(batch, outcome, fate);
        }
        let oldest = self.in_flight.values().map(|batch| batch.created + age).min();
        *next = oldest.map_or(*next, |oldest| oldest.min(*next));
    }

    /// Settles the sequence numbers, and asks for a producer id where one is missing and needed.
    fn identify(&mut self, next: &mut Instant) {
        let Some(sequences) = &mut self.sequences else { return };
        sequences.settle();
        if sequences.identity().is_some() || self.shared.accumulator.lock().is_empty() {
            return;
        }
        if !self.identity.may_start() {
            *next = if self.identity.under_way { *next } else { self.identity.not_before.min(*next) };
            return;
        }
        self.identity.under_way = true;
        let cluster = self.cluster.clone();
        self.requests.spawn(async move {
            let request = InitProducerIdRequest {
                transactional_id: None,
                transaction_timeout_ms: i32::MAX,
                ..InitProducerIdRequest::default()
            };
            let answer = async { cluster.any_connection()?.call(&request).await };
            Event::Identified(answer.await)
        });
    }

    fn refresh(&mut self, next: &mut Instant) {
        let due = Instant::now() >= self.metadata_due;
        if !self.shared.wants_metadata() && !due {
            *next = self.metadata_due.min(*next);
            return;
        }
        if !self.metadata.may_start() {
            *next = if self.metadata.under_way { *next } else { self.metadata.not_before.min(*next) };
            return;
        }
        self.shared.take_metadata_wanted();
        let topics = self.shared.topics(Duration::from_millis(self.config.metadata_max_idle_ms));
        self.metadata_due = Instant::now() + Duration::from_millis(self.config.client.metadata_max_age_ms);
        *next = self.metadata_due.min(*next);
        if topics.is_empty() {
            return;
        }
        self.metadata.under_way = true;
        let cluster = self.cluster.clone();
        self.requests.spawn(async move {
            Event::Refreshed(cluster.refresh(TopicSelection::Named(topics, AutoCreate::Allowed)).await)
        });
    }

    /// The brokers that have something to get now.
    fn ready(&mut self, view: &MetadataView, next: &mut Instant) -> BTreeSet<i32> {
        let mut ready = BTreeSet::new();
        let mut leaderless = false;
        let starving = self.shared.is_starving();
        let accumulator = self.shared.accumulator.lock();
        for (at, queue) in &accumulator.queues {
            let Some(first) = queue.front() else { continue };
            *next = (first.created + self.config.delivery_timeout()).min(*next);
            if self.muted.contains(at) || !may_go(self.sequences.as_ref(), first) {
                continue;
            }
            let Ok(leader) = view.leader(at) else {
                leaderless = true;
                continue;
            };
            if let Some(until) = backing_off(self.backoff, first, view) {
                *next = until.min(*next);
                continue;
            }
            match accumulator.is_ripe(queue) {
                Err(since) if !starving && since + self.config.linger() > Instant::now() => {
                    *next = (since + self.config.linger()).min(*next);
                }
                Ok(()) | Err(_) => {
                    ready.insert(leader);
                }
            }
        }
        drop(accumulator);
        if leaderless {
            self.shared.want_metadata();
        }
        ready.retain(|node| self.has_turn(*node, next));
        ready
    }

    /// Whether a broker may get a request now.
    fn has_turn(&self, node: i32, next: &mut Instant) -> bool {
        let Some(node) = self.nodes.get(&node) else { return true };
        if let Some(until) = node.throttled.filter(|until| *until > Instant::now()) {
            *next = until.min(*next);
            return false;
        }
        !node.connecting && node.requests < self.config.max_in_flight_requests_per_connection
    }

    /// Sends requests to a broker until nothing is left for it or it has enough in flight.
    fn send_to(&mut self, node: i32, view: &Arc<MetadataView>) {
        let connection = match self.cluster.connection(node, Lane::Produce) {
            Ok(connection) => connection,
            Err(_) => return self.shared.want_metadata(),
        };
        if !matches!(connection.status(), ConnectionStatus::Ready(_)) {
            return self.await_connection(node, connection);
        }
        while self.has_turn(node, &mut Instant::now()) {
            let batches = self.drain(node, view);
            if batches.is_empty() {
                return;
            }
            self.send(node, &connection, batches, view);
        }
    }

    fn await_connection(&mut self, node: i32, connection: Connection) {
        let state = self.nodes.entry(node).or_default();
        if !std::mem::replace(&mut state.connecting, true) {
            self.requests
                .spawn(async move { Event::Connected { node, failed: connection.ready().await.is_err() } });
        }
    }

    /// Takes one batch of each partition that `node` leads, up to `max.request.size`, and numbers them.
    fn drain(&mut self, node: i32, view: &MetadataView) -> Vec<Batch> {
        let mut accumulator = self.shared.accumulator.lock();
        let mut candidates: Vec<TopicPartition> =
            accumulator.queues.keys().filter(|at| view.leader(at) == Ok(node)).cloned().collect();
        let last = self.nodes.get(&node).and_then(|node| node.last.clone());
        if let Some(last) = last {
            let start = candidates.partition_point(|at| *at <= last);
            candidates.rotate_left(start);
        }
        let mut taken: Vec<Batch> = Vec::new();
        let mut size = 0;
        for at in candidates {
            let Some(first) = accumulator.queues.get(&at).and_then(|queue| queue.front()) else { continue };
            let held = self.muted.contains(&at)
                || !may_go(self.sequences.as_ref(), first)
                || backing_off(self.backoff, first, view).is_some();
            if held {
                continue;
            }
            if !taken.is_empty() && size + first.size() > self.config.max_request_size {
                break;
            }
            size += first.size();
            if let Some(batch) = accumulator.take_first(&at) {
                number(self.sequences.as_mut(), &batch);
                taken.push(batch);
            }
            self.nodes.entry(node).or_default().last = Some(at);
        }
        taken
    }

    fn send(&mut self, node: i32, connection: &Connection, batches: Vec<Batch>, view: &MetadataView) {
        let mut parts = Vec::with_capacity(batches.len());
        for mut batch in batches {
            let stamp = self.sequences.as_ref().and_then(|known| known.stamp(&batch.partition, batch.id));
            let bytes = batch.close(stamp);
            if batch.attempts == 0 {
                self.shared.accumulator.lock().on_compressed(&batch);
            }
            Counts::add(&self.shared.counts.sent, batch.count());
            batch.attempts += 1;
            batch.last_attempt = Instant::now();
            batch.attempted_at = view.partition(&batch.partition).and_then(|known| known.leader_epoch);
            if self.config.max_in_flight_requests_per_connection == 1 {
                self.muted.insert(batch.partition.clone());
            }
            parts.push(Part { batch: batch.id, partition: batch.partition.clone(), bytes });
            self.in_flight.insert(batch.id, batch);
        }
        let built = build(parts, view, &self.config);
        self.nodes.entry(node).or_default().requests += 1;
        let batches = built.batches;
        let limit = self.config.client.request_timeout();
        if self.config.acks == Acks::None {
            let written = connection.try_submit_unanswered(&built.request, built.most);
            self.requests.spawn(async move {
                let answer = match written {
                    Ok(Some(written)) => written.done().await.map(|()| None),
                    Ok(None) => Err(ClientError::Closed),
                    Err(error) => Err(error),
                };
                Event::Produced { node, batches, answer }
            });
            return;
        }
        let pending = connection.try_submit(&built.request, built.most, limit);
        self.requests.spawn(async move {
            let answer = match pending {
                Ok(Some(pending)) => pending.answer().await.map(Some),
                Ok(None) => Err(ClientError::Closed),
                Err(error) => Err(error),
            };
            Event::Produced { node, batches, answer }
        });
    }

    fn on_event(&mut self, event: Event) {
        match event {
            Event::Produced { node, batches, answer } => self.on_produced(node, &batches, answer),
            Event::Connected { node, failed } => {
                self.nodes.entry(node).or_default().connecting = false;
                if failed {
                    self.shared.want_metadata();
                }
            }
            Event::Identified(answer) => self.on_identified(answer),
            Event::Refreshed(answer) => {
                self.metadata.end(answer.is_err(), self.backoff);
                match answer {
                    Ok(errors) => self.shared.on_refreshed(&errors),
                    Err(error) => {
                        tracing::debug!(%error, "metadata is not refreshed");
                        self.shared.want_metadata();
                    }
                }
            }
        }
    }

    fn on_identified(&mut self, answer: Result<InitProducerIdResponse, ClientError>) {
        let identity = answer.and_then(|answer| {
            ClientError::check(answer.error_code)?;
            let identity = ProducerId::new(answer.producer_id).zip(ProducerEpoch::new(answer.producer_epoch));
            identity.map(|(id, epoch)| Identity { id, epoch }).ok_or_else(|| ClientError::Incomplete {
                api: InitProducerIdRequest::KEY,
                missing: "the producer id".to_owned(),
            })
        });
        self.identity.end(identity.is_err(), self.backoff);
        match identity {
            Ok(identity) => {
                tracing::debug!(id = identity.id.get(), epoch = identity.epoch.get(), "producer id");
                if let Some(sequences) = &mut self.sequences {
                    sequences.on_identity(identity);
                }
            }
            Err(error) if error.is_retriable() => tracing::debug!(%error, "no producer id yet"),
            // Nothing can be sent without an id that nobody will give.
            Err(error) => {
                let waiting = self.shared.accumulator.lock().take_all();
                for batch in waiting {
                    self.fail(batch, Outcome::failed(error.clone()), Fate::Refused);
                }
            }
        }
    }

    fn on_produced(
        &mut self,
        node: i32,
        batches: &Addresses,
        answer: Result<Option<ProduceResponse>, ClientError>,
    ) {
        let state = self.nodes.entry(node).or_default();
        state.requests = state.requests.saturating_sub(1);
        match answer {
            Ok(None) => {
                for id in batches.batches() {
                    self.on_taken(id, Ack::default());
                }
            }
            Ok(Some(response)) => {
                let throttle = u64::try_from(response.throttle_time_ms).unwrap_or(0);
                if throttle > 0 {
                    state.throttled = Some(Instant::now() + Duration::from_millis(throttle));
                }
                for endpoint in &response.node_endpoints {
                    self.cluster.learn_broker(endpoint.node_id, &endpoint.host, endpoint.port);
                }
                for (id, answer) in batches.answers(&response) {
                    self.on_answer(id, &answer);
                }
                let unanswered = unanswered(ErrorCode::UnknownServerError);
                for id in batches.batches() {
                    self.on_answer(id, &unanswered);
                }
            }
            Err(error) => {
                tracing::debug!(%error, node, "a produce request failed");
                self.shared.want_metadata();
                let passing = error.is_connection_error() || matches!(error, ClientError::Closed);
                for id in batches.batches() {
                    match passing {
                        true => self.on_answer(id, &unanswered(ErrorCode::NetworkException)),
                        false => self.give_up(id, Outcome::failed(error.clone()), self.fate_of(id, &error)),
                    }
                }
            }
        }
    }

    fn on_answer(&mut self, id: u64, answer: &PartitionProduceResponse) {
        let error = ErrorCode::from_i16(answer.error_code).unwrap_or(ErrorCode::UnknownServerError);
        let Some(batch) = self.in_flight.get(&id) else { return };
        self.muted.remove(&batch.partition);
        if error.is_none() || error == ErrorCode::DuplicateSequenceNumber {
            return self.on_taken(id, ack(answer));
        }
        if error.is_stale_metadata() {
            let leader = &answer.current_leader;
            self.cluster.learn_leader(&batch.partition, leader.leader_id, leader.leader_epoch);
            self.shared.want_metadata();
        }
        if error == ErrorCode::MessageTooLarge && batch.count() > 1 {
            return self.split(id);
        }
        let spent =
            batch.created.elapsed() >= self.config.delivery_timeout() || batch.attempts > self.config.retries;
        let log_start = Some(answer.log_start_offset).filter(|offset| *offset >= 0);
        let verdict = match &mut self.sequences {
            _ if spent => Verdict::Fail,
            Some(sequences) => sequences.on_refused(&batch.partition, id, error, log_start),
            None if error.is_retriable() => Verdict::Retry,
            None => Verdict::Fail,
        };
        tracing::debug!(partition = %batch.partition, %error, ?verdict, "a batch was refused");
        match verdict {
            Verdict::Retry => {
                if let Some(batch) = self.in_flight.remove(&id) {
                    Counts::add(&self.shared.counts.retried, batch.count());
                    self.shared.accumulator.lock().put_back(batch);
                }
            }
            Verdict::Fail => {
                // With all tries used up it is unknown whether an earlier one arrived.
                let fate = if spent { Fate::Unknown } else { Fate::Refused };
                self.give_up(id, Outcome::refused(answer), fate);
            }
        }
    }

    fn on_taken(&mut self, id: u64, ack: Ack) {
        let Some(batch) = self.in_flight.remove(&id) else { return };
        self.muted.remove(&batch.partition);
        if let Some(sequences) = &mut self.sequences {
            sequences.on_acked(&batch.partition, id);
        }
        self.shared.accumulator.lock().forget(id);
        batch.settle(Outcome::Acked(ack));
    }

    fn split(&mut self, id: u64) {
        let Some(batch) = self.in_flight.remove(&id) else { return };
        Counts::add(&self.shared.counts.split, 1);
        let at = batch.partition.clone();
        let mut accumulator = self.shared.accumulator.lock();
        accumulator.on_too_large(&batch);
        // At least two parts, whatever the batch size: the whole was refused.
        let limit = accumulator.batch_size().min(batch.uncompressed_size() / 2);
        let parts = match batch.split(limit, || accumulator.next_id()) {
            Ok(parts) => parts,
            Err(error) => return tracing::error!(%error, partition = %at, "our own batch cannot be read"),
        };
        if let Some(sequences) = &mut self.sequences {
            let numbers: Vec<(u64, i32)> = parts.iter().map(|part| (part.id, part.count() as i32)).collect();
            sequences.on_split(&at, id, &numbers);
        }
        parts.into_iter().for_each(|part| accumulator.put_back(part));
        accumulator.forget(id);
    }

    /// What happened to a batch whose request failed for good: only one that was never handed over, in this try
    /// and before, has certainly not arrived.
    fn fate_of(&self, id: u64, error: &ClientError) -> Fate {
        let kept_here = matches!(error, ClientError::UnsupportedVersion { .. } | ClientError::Encode { .. });
        match self.in_flight.get(&id) {
            Some(batch) if kept_here && batch.attempts <= 1 => Fate::Refused,
            Some(_) | None => Fate::Unknown,
        }
    }

    fn give_up(&mut self, id: u64, outcome: Outcome, fate: Fate) {
        if let Some(batch) = self.in_flight.remove(&id) {
            self.fail(batch, outcome, fate);
        }
    }

    fn fail(&mut self, batch: Batch, outcome: Outcome, fate: Fate) {
        Counts::add(&self.shared.counts.failed, batch.count());
        self.muted.remove(&batch.partition);
        if let Some(sequences) = &mut self.sequences {
            sequences.on_failed(&batch.partition, batch.id, fate);
        }
        self.shared.accumulator.lock().forget(batch.id);
        batch.settle(outcome);
    }
}

/// Whether the sequence numbers let the first batch of a partition go.
fn may_go(sequences: Option<&Sequences>, first: &Batch) -> bool {
    let Some(sequences) = sequences else { return true };
    match sequences.stamp(&first.partition, first.id) {
        Some(_) => sequences.may_retry(&first.partition, first.id),
        None => sequences.may_start(&first.partition),
    }
}

fn number(sequences: Option<&mut Sequences>, batch: &Batch) {
    let Some(sequences) = sequences else { return };
    if sequences.stamp(&batch.partition, batch.id).is_none() {
        sequences.start(&batch.partition, batch.id, batch.count() as i32);
    }
}

/// Until when a batch waits before its next try; a new leader need not be waited for.
fn backing_off(backoff: Backoff, first: &Batch, view: &MetadataView) -> Option<Instant> {
    if first.attempts == 0 {
        return None;
    }
    let epoch = view.partition(&first.partition).and_then(|known| known.leader_epoch);
    if first.attempted_at.is_some() && epoch > first.attempted_at {
        return None;
    }
    let until = first.last_attempt + backoff.after(first.attempts);
    (until > Instant::now()).then_some(until)
}

/// What is taken for the answer about a batch that got none.
fn unanswered(error: ErrorCode) -> PartitionProduceResponse {
    PartitionProduceResponse {
        error_code: error.code(),
        base_offset: -1,
        ..PartitionProduceResponse::default()
    }
}

#[cfg(test)]
#[path = "sender_tests.rs"]
mod tests;
