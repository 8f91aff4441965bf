//! What a log remembers of one producer: its epoch, its last five batches, its open transaction
//! (Kafka's `ProducerStateEntry`; also an entry of a `.snapshot` file).

use klamm_model::{Offset, ProducerEpoch, ProducerId, Timestamp};

use crate::ProducerBatch;
use crate::producer_batch::BatchKind;

/// Batches kept per producer: a producer has at most this many requests in flight, so every
/// retry that can arrive is recognised.
pub const PRODUCER_WINDOW: usize = 5;

/// One remembered batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchRange {
    /// Sequence of its last record; `None` for a coordinator's batch, which has none.
    pub last_sequence: Option<i32>,
    /// Offset of its last record.
    pub last_offset: Offset,
    /// Records in it, less one.
    pub offset_delta: i32,
    /// Its largest timestamp.
    pub timestamp: Timestamp,
}

impl BatchRange {
    /// Sequence of its first record.
    pub fn first_sequence(&self) -> Option<i32> {
        self.last_sequence.map(|last| sequence_minus(last, self.offset_delta))
    }

    /// Offset of its first record.
    pub fn first_offset(&self) -> Offset {
        self.last_offset.plus(-i64::from(self.offset_delta))
    }
}

/// The sequence `count` before `sequence`; sequences wrap from 0 back to `i32::MAX`.
fn sequence_minus(sequence: i32, count: i32) -> i32 {
    match sequence.checked_sub(count) {
        Some(first) if first >= 0 => first,
        _ => i32::MAX - (count - sequence) + 1,
    }
}

/// The sequence after `last`; the first is 0.
pub(crate) fn next_sequence(last: Option<i32>) -> i32 {
    match last {
        None | Some(i32::MAX) => 0,
        Some(last) => last + 1,
    }
}

/// What a log remembers of one producer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProducerEntry {
    producer_id: ProducerId,
    epoch: Option<ProducerEpoch>,
    coordinator_epoch: Option<i32>,
    last_timestamp: Timestamp,
    transaction_start: Option<Offset>,
    window: [BatchRange; PRODUCER_WINDOW],
    window_len: u8,
}

impl ProducerEntry {
    /// A producer never seen before.
    pub fn new(producer_id: ProducerId) -> ProducerEntry {
        ProducerEntry {
            producer_id,
            epoch: None,
            coordinator_epoch: None,
            last_timestamp: Timestamp::from_millis(-1),
            transaction_start: None,
            window: [BatchRange::default(); PRODUCER_WINDOW],
            window_len: 0,
        }
    }

    /// An entry as a snapshot file holds it: at most the newest batch of the window survives.
    pub fn restored(
        producer_id: ProducerId,
        epoch: Option<ProducerEpoch>,
        coordinator_epoch: Option<i32>,
        last_timestamp: Timestamp,
        transaction_start: Option<Offset>,
    ) -> ProducerEntry {
        let blank = ProducerEntry::new(producer_id);
        ProducerEntry { epoch, coordinator_epoch, last_timestamp, transaction_start, ..blank }
    }

    /// Adds the batch a snapshot file remembers.
    pub fn with_last_batch(mut self, batch: BatchRange) -> ProducerEntry {
        self.push(batch);
        self
    }

    /// Takes over the window of `tail`, which the last part of the same log gives, where both end with the same batch.
    pub(crate) fn recall(&mut self, tail: &ProducerEntry) {
        if self.epoch == tail.epoch && self.last_batch() == tail.last_batch() {
            (self.window, self.window_len) = (tail.window, tail.window_len);
        }
    }

    /// Who.
    pub fn producer_id(&self) -> ProducerId {
        self.producer_id
    }

    /// Newest incarnation seen; `None` only before the first batch.
    pub fn epoch(&self) -> Option<ProducerEpoch> {
        self.epoch
    }

    /// Epoch of the coordinator that wrote the last marker.
    pub fn coordinator_epoch(&self) -> Option<i32> {
        self.coordinator_epoch
    }

    /// Timestamp of the last batch or marker: markers count as activity (KAFKA-9144).
    pub fn last_timestamp(&self) -> Timestamp {
        self.last_timestamp
    }

    /// First offset of the open transaction.
    pub fn transaction_start(&self) -> Option<Offset> {
        self.transaction_start
    }

    /// Remembered batches of the current epoch, oldest first.
    pub fn batches(&self) -> &[BatchRange] {
        &self.window[..usize::from(self.window_len)]
    }

    /// The newest remembered batch.
    pub fn last_batch(&self) -> Option<&BatchRange> {
        self.batches().last()
    }

    /// Sequence of the newest remembered batch.
    pub fn last_sequence(&self) -> Option<i32> {
        self.last_batch().and_then(|batch| batch.last_sequence)
    }

    /// The remembered batch that `batch` repeats.
    pub fn duplicate_of(&self, batch: &ProducerBatch) -> Option<BatchRange> {
        let BatchKind::Data { sequences: Some((first, last)) } = batch.kind else { return None };
        if self.epoch != Some(batch.producer_epoch) {
            return None;
        }
        let same =
            |kept: &&BatchRange| kept.first_sequence() == Some(first) && kept.last_sequence == Some(last);
        self.batches().iter().find(same).copied()
    }

    pub(crate) fn add_data(&mut self, batch: &ProducerBatch, last_sequence: Option<i32>) {
        self.enter_epoch(batch.producer_epoch);
        let delta = batch.last_offset.distance_from(batch.base_offset);
        self.push(BatchRange {
            last_sequence,
            last_offset: batch.last_offset,
            offset_delta: i32::try_from(delta).expect("a batch spans 31 bits of offsets"),
            timestamp: batch.max_timestamp,
        });
        self.last_timestamp = batch.max_timestamp;
    }

    pub(crate) fn open_transaction(&mut self, first_offset: Offset) {
        self.transaction_start = Some(first_offset);
    }

    pub(crate) fn end_transaction(&mut self, batch: &ProducerBatch, coordinator_epoch: i32) {
        self.enter_epoch(batch.producer_epoch);
        self.coordinator_epoch = Some(coordinator_epoch);
        self.last_timestamp = batch.max_timestamp;
        self.transaction_start = None;
    }

    fn enter_epoch(&mut self, epoch: ProducerEpoch) {
        if self.epoch != Some(epoch) {
            self.epoch = Some(epoch);
            self.window_len = 0;
        }
    }

    fn push(&mut self, batch: BatchRange) {
        if usize::from(self.window_len) == PRODUCER_WINDOW {
            self.window.copy_within(1.., 0);
            self.window_len -= 1;
        }
        self.window[usize::from(self.window_len)] = batch;
        self.window_len += 1;
    }
}
