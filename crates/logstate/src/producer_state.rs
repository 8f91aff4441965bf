//! Idempotence and open transactions of one log (KIP-98, KIP-360, KIP-890; Kafka's
//! `ProducerStateManager` and `ProducerAppendInfo`). A function of the log alone: every replica
//! computes the same from the same batches. UNKNOWN_PRODUCER_ID does not occur: since Kafka 2.5 a
//! producer without state may begin at any sequence, so that retention cannot break it.
//!
//! An append is *checked* into a [`StagedProducers`] first and *applied* once its bytes are in the
//! log; a refused request is rolled back from the stage alone.

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_model::{Offset, ProducerEpoch, ProducerId, Timestamp};

use crate::producer_batch::{BatchKind, EndMarker};
use crate::producer_entry::next_sequence;
use crate::{
    AbortedTransaction, AppendOrigin, BatchRange, CompletedTransaction, ProducerBatch, ProducerEntry,
    ProducerError, TransactionVersion, VerificationEntry, VerificationGuard,
};

/// Producers and transactions of one log, up to [`ProducerState::end_offset`].
#[derive(Clone, Debug, Default)]
pub struct ProducerState {
    producers: BTreeMap<ProducerId, ProducerEntry>,
    /// Open transactions by first offset.
    ongoing: BTreeMap<Offset, ProducerId>,
    /// Ended transactions whose marker is not yet below the high watermark: first to last offset.
    unreplicated: BTreeMap<Offset, Offset>,
    verifications: BTreeMap<ProducerId, VerificationEntry>,
    guards_given: u64,
    end_offset: Offset,
}

/// Same log, same state: what is compared is what the log determines.
impl PartialEq for ProducerState {
    fn eq(&self, other: &ProducerState) -> bool {
        self.producers == other.producers
            && self.ongoing == other.ongoing
            && self.end_offset == other.end_offset
    }
}

/// Checked batches that are not in the log yet, in log order. Reused between appends.
#[derive(Debug, Default)]
pub struct StagedProducers {
    changes: Vec<StagedChange>,
    request_start: usize,
}

#[derive(Debug)]
struct StagedChange {
    entry: ProducerEntry,
    started: Option<Offset>,
    completed: Option<CompletedTransaction>,
    ends_verification: bool,
}

impl StagedProducers {
    /// An empty stage.
    pub fn new() -> StagedProducers {
        StagedProducers::default()
    }

    /// The batches that follow are accepted or refused together. Their producers' state "before"
    /// is that of all requests checked so far.
    pub fn begin_request(&mut self) {
        self.request_start = self.changes.len();
    }

    /// Takes back what was checked since [`StagedProducers::begin_request`].
    pub fn roll_back_request(&mut self) {
        self.changes.truncate(self.request_start);
    }

    /// Takes the changes since [`StagedProducers::begin_request`] aside, so that those before can be
    /// applied alone.
    pub fn split_request(&mut self) -> StagedProducers {
        let changes = self.changes.split_off(self.request_start);
        StagedProducers { changes, request_start: 0 }
    }

    /// Puts a request's changes back; what was before it has been applied.
    pub fn rejoin(&mut self, request: StagedProducers) {
        debug_assert!(self.changes.is_empty());
        *self = request;
    }

    /// Forgets everything: the write failed.
    pub fn clear(&mut self) {
        self.changes.clear();
        self.request_start = 0;
    }

    /// Whether nothing is staged.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    fn latest(&self, upto: usize, producer_id: ProducerId) -> Option<&ProducerEntry> {
        let newest_first = self.changes[..upto].iter().rev();
        newest_first.map(|change| &change.entry).find(|entry| entry.producer_id() == producer_id)
    }
}

impl ProducerState {
    /// The state of a log that begins at `start`.
    pub fn new(start: Offset) -> ProducerState {
        ProducerState { end_offset: start, ..ProducerState::default() }
    }

    /// The state a snapshot file holds for `end_offset`, without producers that have expired.
    pub fn restored(
        end_offset: Offset,
        entries: impl IntoIterator<Item = ProducerEntry>,
        now: Timestamp,
        expiration: Duration,
    ) -> ProducerState {
        let mut state = ProducerState::new(end_offset);
        for entry in entries {
            if is_expired(&entry, now, expiration) {
                continue;
            }
            if let Some(first) = entry.transaction_start() {
                state.ongoing.insert(first, entry.producer_id());
            }
            state.producers.insert(entry.producer_id(), entry);
        }
        state
    }

    /// Remembers the batches that `tail` does, the state of the last part of the same log alone: a snapshot file keeps only
    /// the newest of each producer, and one that has more in flight sends all of them again.
    pub fn recall(&mut self, tail: &ProducerState) {
        for (id, entry) in &mut self.producers {
            if let Some(seen) = tail.producers.get(id) {
                entry.recall(seen);
            }
        }
    }

    /// The state covers the log below this offset.
    pub fn end_offset(&self) -> Offset {
        self.end_offset
    }

    /// Notes that batches below `end_offset` are covered (most have no producer id).
    pub fn advance_end_offset(&mut self, end_offset: Offset) {
        self.end_offset = end_offset;
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.producers.is_empty() && self.unreplicated.is_empty()
    }

    /// All producers, by id.
    pub fn producers(&self) -> impl ExactSizeIterator<Item = &ProducerEntry> {
        self.producers.values()
    }

    /// One producer.
    pub fn producer(&self, producer_id: ProducerId) -> Option<&ProducerEntry> {
        self.producers.get(&producer_id)
    }

    /// First offset a read_committed reader must not pass: the first record of the oldest
    /// transaction that is open, or whose marker is not below the high watermark yet.
    pub fn first_unstable_offset(&self) -> Option<Offset> {
        let open = self.first_undecided_offset();
        let unreplicated = self.unreplicated.first_key_value().map(|(&first, _)| first);
        match (open, unreplicated) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
        }
    }

    /// First record of the oldest open transaction: compaction stops there.
    pub fn first_undecided_offset(&self) -> Option<Offset> {
        self.ongoing.first_key_value().map(|(&first, _)| first)
    }

    /// Whether this incarnation of the producer has an open transaction.
    pub fn has_ongoing_transaction(&self, producer_id: ProducerId, epoch: ProducerEpoch) -> bool {
        let entry = self.producers.get(&producer_id);
        entry.is_some_and(|entry| entry.transaction_start().is_some() && entry.epoch() == Some(epoch))
    }

    /// Markers below `high_watermark` are replicated.
    pub fn on_high_watermark(&mut self, high_watermark: Offset) {
        self.unreplicated.retain(|_, last| *last >= high_watermark);
    }

    /// The log now begins at `log_start_offset`. Producers stay: their sequences still count.
    pub fn on_log_start(&mut self, log_start_offset: Offset) {
        self.on_high_watermark(log_start_offset);
        self.end_offset = self.end_offset.max(log_start_offset);
    }

    /// Forgets idle producers without an open transaction.
    pub fn expire(&mut self, now: Timestamp, expiration: Duration) {
        self.producers.retain(|_, entry| !is_expired(entry, now, expiration));
        self.verifications.retain(|_, entry| !is_older(entry.started, now, expiration));
    }

    /// Begins (or joins) the verification of a transaction; `None` if it is already open here.
    pub fn start_verification(
        &mut self,
        now: Timestamp,
        producer: (ProducerId, ProducerEpoch),
        sequence: i32,
        version: TransactionVersion,
    ) -> Result<Option<VerificationGuard>, ProducerError> {
        let (producer_id, epoch) = producer;
        let current = self.producers.get(&producer_id).and_then(ProducerEntry::epoch);
        if let Some(current) = current.filter(|&current| epoch < current) {
            let offset = self.end_offset;
            return Err(ProducerError::InvalidProducerEpoch { producer_id, offset, got: epoch, current });
        }
        if self.has_ongoing_transaction(producer_id, epoch) {
            return Ok(None);
        }
        let guards_given = &mut self.guards_given;
        let entry = self.verifications.entry(producer_id).or_insert_with(|| {
            *guards_given += 1;
            VerificationEntry {
                guard: VerificationGuard(*guards_given),
                started: now,
                lowest_sequence: sequence,
                epoch,
                supports_epoch_bump: version >= TransactionVersion::V2,
            }
        });
        entry.observe(sequence, epoch);
        Ok(Some(entry.guard))
    }

    /// Whether `guard` is that of the verification under way.
    pub fn is_verified(&self, producer_id: ProducerId, guard: Option<VerificationGuard>) -> bool {
        guard.is_some() && self.verifications.get(&producer_id).map(|entry| entry.guard) == guard
    }

    /// The batch of the log (or of what is staged before this request) that `batch` repeats: its
    /// producer gets those offsets again.
    pub fn find_duplicate(&self, staged: &StagedProducers, batch: &ProducerBatch) -> Option<BatchRange> {
        self.before_request(staged, batch.producer_id)?.duplicate_of(batch)
    }

    /// A producer as it was when the request began.
    fn before_request<'a>(
        &'a self,
        staged: &'a StagedProducers,
        id: ProducerId,
    ) -> Option<&'a ProducerEntry> {
        staged.latest(staged.request_start, id).or_else(|| self.producers.get(&id))
    }

    /// Checks one batch against the state and what is staged already; accepted, it is staged.
    /// Repeats are the business of [`ProducerState::find_duplicate`]; here they are out of order.
    pub fn check(
        &self,
        staged: &mut StagedProducers,
        batch: &ProducerBatch,
        origin: AppendOrigin,
    ) -> Result<(), ProducerError> {
        let id = batch.producer_id;
        let committed = self.producers.get(&id);
        let before = self.before_request(staged, id);
        let newest = staged.latest(staged.changes.len(), id).or(committed);
        let mut entry = newest.copied().unwrap_or_else(|| ProducerEntry::new(id));
        let (started, completed) = match batch.kind {
            BatchKind::Data { sequences } => {
                check_data_epoch(&entry, batch, origin)?;
                if origin == AppendOrigin::Client
                    && let Some((first, _)) = sequences
                {
                    self.check_sequence(before, &entry, batch, first)?;
                }
                (add_data(&mut entry, batch, sequences.map(|(_, last)| last), origin)?, None)
            }
            BatchKind::Marker { outcome, coordinator_epoch, version } => {
                check_marker(&entry, batch, (coordinator_epoch, version), origin)?;
                let completed = entry.transaction_start().map(|first_offset| CompletedTransaction {
                    producer_id: id,
                    first_offset,
                    last_offset: batch.base_offset,
                    outcome,
                });
                entry.end_transaction(batch, coordinator_epoch);
                (None, completed)
            }
            BatchKind::EmptyControl => (None, None),
        };
        let ends_verification = batch.transactional && !self.next_transaction_waits(batch);
        staged.changes.push(StagedChange { entry, started, completed, ends_verification });
        Ok(())
    }

    /// Whether a transactional batch that opens a transaction here was verified with the
    /// coordinator. Asked only where `transaction.partition.verification.enable` is on.
    pub fn check_verified(
        &self,
        staged: &StagedProducers,
        batch: &ProducerBatch,
        guard: Option<VerificationGuard>,
    ) -> Result<(), ProducerError> {
        let is_data = matches!(batch.kind, BatchKind::Data { .. });
        let (producer_id, offset, got) = (batch.producer_id, batch.base_offset, batch.producer_epoch);
        let before = self.before_request(staged, producer_id);
        let current = before.and_then(ProducerEntry::epoch);
        let is_open = current == Some(got) && before.is_some_and(|entry| entry.transaction_start().is_some());
        if !is_data || !batch.transactional || is_open {
            return Ok(());
        }
        if let Some(current) = current.filter(|&current| got < current) {
            return Err(ProducerError::InvalidProducerEpoch { producer_id, offset, got, current });
        }
        if self.is_verified(producer_id, guard) {
            return Ok(());
        }
        Err(ProducerError::InvalidTransactionState { producer_id, offset })
    }

    /// Makes what is staged part of the state, in log order, and empties the stage. Aborted
    /// transactions are appended to `aborted` for the index of the segment.
    pub fn apply(&mut self, staged: &mut StagedProducers, aborted: &mut Vec<AbortedTransaction>) {
        staged.request_start = 0;
        for change in staged.changes.drain(..) {
            let producer_id = change.entry.producer_id();
            self.producers.insert(producer_id, change.entry);
            if change.ends_verification {
                self.verifications.remove(&producer_id);
            }
            if let Some(first) = change.started {
                self.ongoing.insert(first, producer_id);
            }
            if let Some(completed) = change.completed {
                aborted.extend(self.complete(completed));
            }
        }
    }

    /// Takes over one batch of the log itself: recovery, loading, replication of state.
    pub fn replay(&mut self, batch: &ProducerBatch, aborted: &mut Vec<AbortedTransaction>) {
        let mut staged = StagedProducers::new();
        let checked = self.check(&mut staged, batch, AppendOrigin::Replication);
        assert_eq!(checked, Ok(()), "replication refuses nothing");
        self.apply(&mut staged, aborted);
        self.end_offset = batch.last_offset.next();
    }

    fn complete(&mut self, completed: CompletedTransaction) -> Option<AbortedTransaction> {
        let CompletedTransaction { producer_id, first_offset, last_offset, outcome } = completed;
        let next_open = self.ongoing.iter().find(|&(_, &owner)| owner != producer_id);
        let last_stable_offset = next_open.map_or(last_offset.next(), |(&first, _)| first);
        self.ongoing.remove(&first_offset);
        self.unreplicated.insert(first_offset, last_offset);
        match outcome {
            EndMarker::Commit => None,
            EndMarker::Abort => {
                Some(AbortedTransaction { producer_id, first_offset, last_offset, last_stable_offset })
            }
        }
    }

    /// With bumped epochs a marker of the old transaction must not end the verification of the
    /// next one, which already runs under the marker's epoch.
    fn next_transaction_waits(&self, batch: &ProducerBatch) -> bool {
        let is_marker = !matches!(batch.kind, BatchKind::Data { .. });
        let entry = self.verifications.get(&batch.producer_id);
        is_marker
            && entry.is_some_and(|entry| entry.supports_epoch_bump && entry.epoch == batch.producer_epoch)
    }

    /// `before`: state when the request began; `entry`: with the request's earlier batches.
    fn check_sequence(
        &self,
        before: Option<&ProducerEntry>,
        entry: &ProducerEntry,
        batch: &ProducerBatch,
        got: i32,
    ) -> Result<(), ProducerError> {
        let (producer_id, offset) = (batch.producer_id, batch.base_offset);
        let gap = |expected| Err(ProducerError::OutOfOrderSequence { producer_id, offset, got, expected });
        if let Some(verification) = self.verifications.get(&producer_id) {
            let stateless = before.is_none_or(|entry| entry.batches().is_empty());
            if verification.supports_epoch_bump && got != 0 && stateless {
                return gap(0);
            }
            if got > verification.lowest_sequence {
                return gap(verification.lowest_sequence);
            }
        }
        if entry.epoch() != Some(batch.producer_epoch) {
            return if got != 0 && entry.epoch().is_some() { gap(0) } else { Ok(()) };
        }
        let expected = next_sequence(entry.last_sequence());
        let is_known = before.is_some_and(|entry| entry.epoch().is_some());
        if is_known && got != expected { gap(expected) } else { Ok(()) }
    }
}

fn is_expired(entry: &ProducerEntry, now: Timestamp, expiration: Duration) -> bool {
    entry.transaction_start().is_none() && is_older(entry.last_timestamp(), now, expiration)
}

fn is_older(since: Timestamp, now: Timestamp, expiration: Duration) -> bool {
    let age = now.as_millis().saturating_sub(since.as_millis());
    u128::try_from(age).is_ok_and(|age| age >= expiration.as_millis())
}

fn check_data_epoch(
    entry: &ProducerEntry,
    batch: &ProducerBatch,
    origin: AppendOrigin,
) -> Result<(), ProducerError> {
    match entry.epoch() {
        Some(current) if batch.producer_epoch < current && origin.refuses() => Err(fenced(batch, current)),
        _ => Ok(()),
    }
}

fn fenced(batch: &ProducerBatch, current: ProducerEpoch) -> ProducerError {
    ProducerError::InvalidProducerEpoch {
        producer_id: batch.producer_id,
        offset: batch.base_offset,
        got: batch.producer_epoch,
        current,
    }
}

/// A marker under V2 carries an epoch above that of its transaction; its repeat carries the
/// current one and finds the transaction ended (or the epochs exhausted).
fn check_marker(
    entry: &ProducerEntry,
    batch: &ProducerBatch,
    marker: (i32, TransactionVersion),
    origin: AppendOrigin,
) -> Result<(), ProducerError> {
    let (coordinator_epoch, version) = marker;
    if !origin.refuses() {
        return Ok(());
    }
    if let Some(current) = entry.epoch() {
        let got = batch.producer_epoch;
        let bumps = version >= TransactionVersion::V2;
        let is_repeat = got == current && (entry.transaction_start().is_none() || got.get() == i16::MAX);
        if got < current || (bumps && got == current && !is_repeat) {
            return Err(fenced(batch, current));
        }
    }
    match entry.coordinator_epoch() {
        Some(current) if current > coordinator_epoch => Err(ProducerError::CoordinatorFenced {
            producer_id: batch.producer_id,
            offset: batch.base_offset,
            got: coordinator_epoch,
            current,
        }),
        _ => Ok(()),
    }
}

/// Adds records; the offset of the transaction they open, if they open one.
fn add_data(
    entry: &mut ProducerEntry,
    batch: &ProducerBatch,
    last_sequence: Option<i32>,
    origin: AppendOrigin,
) -> Result<Option<Offset>, ProducerError> {
    entry.add_data(batch, last_sequence);
    match (entry.transaction_start(), batch.transactional) {
        (Some(_), false) if origin.refuses() => Err(ProducerError::InvalidTransactionState {
            producer_id: batch.producer_id,
            offset: batch.base_offset,
        }),
        (None, true) => {
            entry.open_transaction(batch.base_offset);
            Ok(Some(batch.base_offset))
        }
        (Some(_), _) | (None, false) => Ok(None),
    }
}

#[cfg(test)]
mod tests;
