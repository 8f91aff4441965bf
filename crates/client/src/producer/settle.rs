//! The sender's way back: what an answer, or its absence, means for the batches that were sent.

use std::time::Duration;

use klamm_protocol::ErrorCode;
use klamm_protocol::messages::ProduceResponse;
use klamm_protocol::messages::produce_response::PartitionProduceResponse;
use tokio::time::Instant;

use super::batch::Batch;
use super::outcome::{Ack, Outcome};
use super::request::{Addresses, ack};
use super::sender::Sender;
use super::sequences::{Fate, Verdict};
use super::shared::Counts;
use crate::error::ClientError;

impl Sender {
    pub(super) fn on_produced(
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
    pub(super) fn fate_of(&self, id: u64, error: &ClientError) -> Fate {
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

    pub(super) fn fail(&mut self, batch: Batch, outcome: Outcome, fate: Fate) {
        Counts::add(&self.shared.counts.failed, batch.count());
        self.muted.remove(&batch.partition);
        if let Some(sequences) = &mut self.sequences {
            sequences.on_failed(&batch.partition, batch.id, fate);
        }
        self.shared.accumulator.lock().forget(batch.id);
        batch.settle(outcome);
    }
}

/// What is taken for the answer about a batch that got none.
fn unanswered(error: ErrorCode) -> PartitionProduceResponse {
    PartitionProduceResponse {
        error_code: error.code(),
        base_offset: -1,
        ..PartitionProduceResponse::default()
    }
}
