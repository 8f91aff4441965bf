//! Records that wait to be sent, by partition. Bounded by `buffer.memory`: a record holds its bytes of that
//! from before it gets here until its outcome.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use klamm_model::{Timestamp, TopicPartition};
use klamm_protocol::records::{BuildError, Codec, Compression};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;

use super::batch::{Batch, Callback, Entry, headers_of};
use super::config::{Keys, ProducerConfig};
use super::outcome::Slot;
use super::partitioner::{Choice, LastBatch, RoundRobin, Sticky, partition_for_key};
use super::record::{Delivery, ProducerRecord, Sent};
use crate::cluster::TopicView;
use crate::error::ClientError;

/// How fast the expected compression ratio follows a worse observation, and a better one.
const RATIO_WORSE: f32 = 0.05;
const RATIO_BETTER: f32 = 0.005;

/// Whether the sender must look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// A batch is ready, or a new one starts to linger.
    Sender,
    /// Nothing changed for it.
    Nobody,
}

/// The waiting batches of all partitions.
pub(super) struct Accumulator {
    batch_size: usize,
    compression: Compression,
    choice: Choice,
    sticky: Sticky,
    turns: RoundRobin,
    pub(super) queues: BTreeMap<TopicPartition, VecDeque<Batch>>,
    /// The outcome-to-be of each batch that waits or is in flight.
    incomplete: BTreeMap<u64, watch::Receiver<Slot>>,
    ratios: HashMap<Arc<str>, f32>,
    next_id: u64,
    closed: bool,
    /// Callers of flush: while there are any, nothing lingers.
    pub(super) flushing: usize,
}

impl Accumulator {
    pub(super) fn new(config: &ProducerConfig, choice: Choice) -> Accumulator {
        Accumulator {
            batch_size: config.batch_size,
            compression: config.compression,
            choice,
            sticky: Sticky::new(config.batch_size),
            turns: RoundRobin::default(),
            queues: BTreeMap::new(),
            incomplete: BTreeMap::new(),
            ratios: HashMap::new(),
            next_id: 0,
            closed: false,
            flushing: 0,
        }
    }

    /// Puts a record behind the others of its partition.
    pub(super) fn append(
        &mut self,
        topic: &TopicView,
        record: &ProducerRecord,
        now: Timestamp,
        callback: Option<Callback>,
        memory: OwnedSemaphorePermit,
    ) -> Result<(Delivery, Wake), ClientError> {
        if self.closed {
            return Err(ClientError::Closed);
        }
        let (partition, is_sticky) = self.partition(topic, record)?;
        let at = TopicPartition { topic: Arc::clone(&topic.name), partition };
        let headers = headers_of(record);
        let entry = Entry {
            timestamp: record.timestamp.unwrap_or(now),
            key: record.key.as_deref(),
            value: record.value.as_deref(),
            headers: &headers,
        };
        let bytes = memory.num_permits();
        let has_room = self.queues.get(&at).and_then(VecDeque::back);
        let has_room = has_room.is_some_and(|batch| batch.has_room_for(self.batch_size, &entry));
        if !has_room {
            // A record that no batch takes must not leave an empty one behind.
            let mut batch = self.new_batch(&at);
            let index = batch.append(&entry).map_err(|error| refused(&error))?;
            debug_assert_eq!(index, 0);
            self.incomplete.insert(batch.id, batch.slot());
            self.queues.entry(at.clone()).or_default().push_back(batch);
        }
        let queue = self.queues.get_mut(&at).expect("the partition's queue was just made");
        let waiting = queue.len();
        let batch = queue.back_mut().expect("the queue has a batch with room");
        let index = match has_room {
            true => batch.append(&entry).map_err(|error| refused(&error))?,
            false => 0,
        };
        let sent = Sent {
            partition: at,
            timestamp: entry.timestamp,
            key_size: record.key.as_ref().map(|key| key.len()),
            value_size: record.value.as_ref().map(|value| value.len()),
        };
        let delivery = batch.attach((index, sent), callback, memory);
        let is_full = batch.is_full(self.batch_size);
        if is_sticky {
            let last = if is_full { LastBatch::Full } else { LastBatch::Open };
            self.sticky.on_appended(topic, bytes, last);
        }
        let wake = if is_full || (!has_room && waiting <= 2) { Wake::Sender } else { Wake::Nobody };
        Ok((delivery, wake))
    }

    fn new_batch(&mut self, at: &TopicPartition) -> Batch {
        let ratio = self.ratios.get(&at.topic).copied().unwrap_or(1.0);
        self.next_id += 1;
        Batch::new(self.next_id, at.clone(), self.compression, ratio)
    }

    /// The record's partition, and whether it stays there by stickiness.
    fn partition(&mut self, topic: &TopicView, record: &ProducerRecord) -> Result<(i32, bool), ClientError> {
        if let Some(partition) = record.partition {
            return Ok((partition, false));
        }
        let key = record.key.as_deref();
        let count = topic.partitions.len() as i32;
        let chosen = match (&self.choice, key) {
            (Choice::KeyHashOrSticky(Keys::Decide), Some(key)) if count > 0 => {
                return Ok((partition_for_key(key, count), false));
            }
            (Choice::KeyHashOrSticky(_), _) => self.sticky.partition(topic).map(|at| (at, true)),
            (Choice::RoundRobin, _) => self.turns.next(topic).map(|at| (at, false)),
            (Choice::Own(own), key) => {
                let at = own.partition(topic, key, record.value.as_deref());
                topic.partition(at).map(|partition| (partition.index, false))
            }
        };
        chosen.ok_or_else(|| ClientError::UnknownPartition(TopicPartition::new(&*topic.name, -1)))
    }

    /// Puts a batch that must be sent again, or a part of one, in its place in front of those behind it.
    pub(super) fn put_back(&mut self, batch: Batch) {
        self.incomplete.entry(batch.id).or_insert_with(|| batch.slot());
        let queue = self.queues.entry(batch.partition.clone()).or_default();
        let place = queue.partition_point(|waiting| waiting.order < batch.order);
        queue.insert(place, batch);
    }

    /// An id for the part of a batch.
    pub(super) fn next_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// A batch is settled.
    pub(super) fn forget(&mut self, id: u64) {
        self.incomplete.remove(&id);
    }

    /// The outcomes-to-be of all batches there are.
    pub(super) fn incomplete(&self) -> Vec<watch::Receiver<Slot>> {
        self.incomplete.values().cloned().collect()
    }

    /// Whether no batch waits.
    pub(super) fn is_empty(&self) -> bool {
        self.queues.is_empty()
    }

    /// Takes no more records.
    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    /// Takes out the batches that are older than `age`.
    pub(super) fn take_expired(&mut self, age: Duration) -> Vec<Batch> {
        let mut expired = Vec::new();
        for queue in self.queues.values_mut() {
            while let Some(batch) = queue.pop_front_if(|batch| batch.created.elapsed() >= age) {
                expired.push(batch);
            }
        }
        self.drop_empty();
        expired
    }

    /// Takes out all batches.
    pub(super) fn take_all(&mut self) -> Vec<Batch> {
        std::mem::take(&mut self.queues).into_values().flatten().collect()
    }

    /// Takes out the first batch of a partition.
    pub(super) fn take_first(&mut self, at: &TopicPartition) -> Option<Batch> {
        let queue = self.queues.get_mut(at)?;
        let batch = queue.pop_front();
        if queue.is_empty() {
            self.queues.remove(at);
        }
        batch
    }

    fn drop_empty(&mut self) {
        self.queues.retain(|_, queue| !queue.is_empty());
    }

    /// Whether the first batch of `queue` may go because it is full or has waited, and else since when it
    /// waits.
    pub(super) fn is_ripe(&self, queue: &VecDeque<Batch>) -> Result<(), Instant> {
        let Some(first) = queue.front() else { return Err(Instant::now()) };
        let is_full = queue.len() > 1 || first.is_full(self.batch_size);
        if is_full || first.attempts > 0 || self.closed || self.flushing > 0 {
            return Ok(());
        }
        Err(first.created)
    }

    /// Learns how well a topic's records compress.
    pub(super) fn on_compressed(&mut self, batch: &Batch) {
        let Some(observed) = batch.observed_ratio().filter(|_| self.compression.codec() != Codec::None)
        else {
            return;
        };
        let known = self.ratios.entry(Arc::clone(&batch.partition.topic)).or_insert(1.0);
        *known = if observed > *known {
            (*known + RATIO_WORSE).max(observed)
        } else {
            (*known - RATIO_BETTER).max(observed)
        };
    }

    /// A batch that was thought small enough was too large: expects no compression at all.
    pub(super) fn on_too_large(&mut self, batch: &Batch) {
        let observed = batch.observed_ratio().unwrap_or(1.0);
        self.ratios.insert(Arc::clone(&batch.partition.topic), observed.max(1.0));
    }

    pub(super) fn batch_size(&self) -> usize {
        self.batch_size
    }
}

/// What the batch format does not take is the caller's mistake.
fn refused(error: &BuildError) -> ClientError {
    ClientError::Serialization(error.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::producer::ProducerConfig;
    use std::sync::Arc;
    use tokio::sync::Semaphore;

    fn topic() -> TopicView {
        TopicView {
            name: Arc::from("t"),
            id: None,
            error: klamm_protocol::ErrorCode::None,
            is_internal: false,
            partitions: Vec::new(),
        }
    }

    #[test]
    fn a_record_that_no_batch_takes_leaves_nothing_queued() {
        let config = ProducerConfig::default();
        let mut accumulator = Accumulator::new(&config, Choice::of(&config));
        let memory = Arc::new(Semaphore::new(100));
        let mut append = |timestamp: i64| {
            let mut record = ProducerRecord::new("t", "value").with_partition(0);
            record.timestamp = Some(Timestamp::from_millis(timestamp));
            let permit = Arc::clone(&memory).try_acquire_many_owned(10).unwrap();
            let taken = accumulator.append(&topic(), &record, Timestamp::from_millis(1), None, permit);
            (taken.map(drop), accumulator.queues.len(), accumulator.incomplete().len())
        };
        let (refused, queues, incomplete) = append(-5);
        assert!(matches!(refused, Err(ClientError::Serialization(_))), "{refused:?}");
        assert_eq!((queues, incomplete), (0, 0));
        let (taken, queues, incomplete) = append(5);
        assert!(taken.is_ok());
        assert_eq!((queues, incomplete), (1, 1));
        assert_eq!(memory.available_permits(), 90, "the refused record gave its memory back");
    }
}
