//! The sender's way out: which brokers get which batches now, and the requests that carry them.

use std::collections::BTreeSet;
use std::sync::Arc;

use klamm_model::TopicPartition;
use tokio::time::Instant;

use super::batch::Batch;
use super::config::Acks;
use super::request::{Part, build};
use super::sender::{Event, Sender};
use super::sequences::Sequences;
use super::shared::Counts;
use crate::cluster::{Backoff, Lane, MetadataView};
use crate::error::ClientError;
use crate::net::{Connection, ConnectionStatus};

impl Sender {
    /// The brokers that have something to get now.
    pub(super) fn ready(&mut self, view: &MetadataView, next: &mut Instant) -> BTreeSet<i32> {
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
    pub(super) fn send_to(&mut self, node: i32, view: &Arc<MetadataView>) {
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
}

/// Whether the sequence numbers let the first batch of a partition go.
fn may_go(sequences: Option<&Sequences>, first: &Batch) -> bool {
    let Some(sequences) = sequences else { return true };
    match sequences.stamp(&first.partition, first.id) {
        Some(_) => sequences.may_retry(&first.partition, first.id),
        None => sequences.may_start(&first.partition),
    }
}

pub(super) fn number(sequences: Option<&mut Sequences>, batch: &Batch) {
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
