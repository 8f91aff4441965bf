//! The producer's task: its state, its loop, and its errands for metadata and a producer id.
//!
//! It alone changes what is in flight and the sequence numbers. `step` is synchronous; the loop around it waits
//! for an answer, for new records or for the next deadline. [`super::dispatch`] sends, [`super::settle`] takes
//! the answers.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use klamm_model::{ProducerEpoch, ProducerId, TopicPartition};
use klamm_protocol::messages::{InitProducerIdRequest, InitProducerIdResponse, ProduceResponse};
use klamm_protocol::{ErrorCode, Request as _, Str};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::batch::Batch;
use super::config::ProducerConfig;
use super::outcome::Outcome;
use super::request::Addresses;
use super::sequences::{Fate, Identity, Sequences};
use super::shared::Shared;
use crate::cluster::{AutoCreate, Backoff, Cluster, TopicSelection};
use crate::error::ClientError;

/// What came back from a request.
pub(super) enum Event {
    Produced { node: i32, batches: Addresses, answer: Result<Option<ProduceResponse>, ClientError> },
    Connected { node: i32, failed: bool },
    Identified(Result<InitProducerIdResponse, ClientError>),
    Refreshed(Result<BTreeMap<Str, ErrorCode>, ClientError>),
}

/// A broker that batches go to.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) requests: usize,
    pub(super) connecting: bool,
    /// Asked to hold back until then.
    pub(super) throttled: Option<Instant>,
    /// The partition after which the next request starts, so that none starves.
    pub(super) last: Option<TopicPartition>,
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
    pub(super) shared: Arc<Shared>,
    pub(super) cluster: Cluster,
    pub(super) config: Arc<ProducerConfig>,
    pub(super) backoff: Backoff,
    /// `None` without idempotence.
    pub(super) sequences: Option<Sequences>,
    pub(super) in_flight: BTreeMap<u64, Batch>,
    pub(super) nodes: BTreeMap<i32, Node>,
    /// Partitions with a batch in flight, where only one request at a time keeps the order.
    pub(super) muted: BTreeSet<TopicPartition>,
    pub(super) requests: JoinSet<Event>,
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
}

#[cfg(test)]
#[path = "sender_tests.rs"]
mod tests;
