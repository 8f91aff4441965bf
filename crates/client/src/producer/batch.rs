//! A batch on its way: records, outcome, and its numbers once it is sent.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use klamm_model::{LeaderEpoch, TopicPartition};
use klamm_protocol::records::{
    self as format, BatchBuilder, BatchHeader, BuildError, Compression, Header, Limits, RecordError,
};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;

use super::outcome::{Outcome, Slot};
use super::record::{Delivery, ProducerRecord, RecordMetadata, Sent};
use super::sequences::Stamp;
use crate::error::ClientError;

/// What to do with the outcome of a record.
pub(super) type Callback = Box<dyn FnOnce(Result<RecordMetadata, ClientError>) + Send>;

// Where the stamp and the checksum lie in a batch v2.
const CRC_AT: usize = 17;
const ATTRIBUTES_AT: usize = 21;
const PRODUCER_ID_AT: usize = 43;
const PRODUCER_EPOCH_AT: usize = 51;
const BASE_SEQUENCE_AT: usize = 53;

enum Content {
    Open(BatchBuilder),
    Closed { bytes: Bytes, stamp: Option<Stamp>, uncompressed: usize },
}

/// Records of one partition that are sent and answered together. Dropping it unsettled tells its records
/// that the producer is closed.
pub(super) struct Batch {
    pub(super) id: u64,
    /// Its place among the batches of its partition: the id of the batch it was split from, or its own, and
    /// the place of its first record in that one.
    pub(super) order: (u64, u32),
    pub(super) partition: TopicPartition,
    pub(super) created: Instant,
    pub(super) attempts: u32,
    pub(super) last_attempt: Instant,
    /// The leader's epoch at the last attempt: under a new leader a retry need not wait.
    pub(super) attempted_at: Option<LeaderEpoch>,
    compression: Compression,
    content: Content,
    count: u32,
    slot: watch::Sender<Slot>,
    callbacks: Vec<(u32, Sent, Callback)>,
    memory: Option<OwnedSemaphorePermit>,
}

/// A record as the batch format takes it.
pub(super) struct Entry<'a> {
    pub(super) timestamp: klamm_model::Timestamp,
    pub(super) key: Option<&'a [u8]>,
    pub(super) value: Option<&'a [u8]>,
    pub(super) headers: &'a [Header<'a>],
}

impl Batch {
    pub(super) fn new(id: u64, partition: TopicPartition, compression: Compression, ratio: f32) -> Batch {
        let now = Instant::now();
        Batch {
            id,
            order: (id, 0),
            partition,
            created: now,
            attempts: 0,
            last_attempt: now,
            attempted_at: None,
            compression,
            content: Content::Open(BatchBuilder::new().compression(compression).estimated_ratio(ratio)),
            count: 0,
            slot: watch::Sender::new(Slot::Waiting),
            callbacks: Vec::new(),
            memory: None,
        }
    }

    /// Where the outcome will appear.
    pub(super) fn slot(&self) -> watch::Receiver<Slot> {
        self.slot.subscribe()
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// Whether one more record keeps it within `limit` bytes; a closed batch takes none.
    pub(super) fn has_room_for(&self, limit: usize, entry: &Entry<'_>) -> bool {
        match &self.content {
            Content::Open(builder) => {
                builder.has_room_for(limit, entry.timestamp, entry.key, entry.value, entry.headers)
            }
            Content::Closed { .. } => false,
        }
    }

    /// Whether it takes no more records.
    pub(super) fn is_full(&self, limit: usize) -> bool {
        match &self.content {
            Content::Open(builder) => builder.is_full(limit),
            Content::Closed { .. } => true,
        }
    }

    /// Bytes it has, or will have by estimate.
    pub(super) fn size(&self) -> usize {
        match &self.content {
            Content::Open(builder) => builder.estimated_size(),
            Content::Closed { bytes, .. } => bytes.len(),
        }
    }

    /// Adds a record; gives its index.
    pub(super) fn append(&mut self, entry: &Entry<'_>) -> Result<u32, BuildError> {
        let Content::Open(builder) = &mut self.content else { return Err(BuildError::TooMany) };
        builder.append(entry.timestamp, entry.key, entry.value, entry.headers)?;
        let index = self.count;
        self.count += 1;
        Ok(index)
    }

    /// Ties the record at `index` to its memory and to who waits for it.
    pub(super) fn attach(
        &mut self,
        (index, sent): (u32, Sent),
        callback: Option<Callback>,
        memory: OwnedSemaphorePermit,
    ) -> Delivery {
        match &mut self.memory {
            Some(held) => held.merge(memory),
            None => self.memory = Some(memory),
        }
        if let Some(callback) = callback {
            self.callbacks.push((index, sent.clone(), callback));
        }
        Delivery { slot: self.slot(), index, sent }
    }

    /// The bytes to send, with `stamp`. The first call ends the batch and compresses it.
    pub(super) fn close(&mut self, stamp: Option<Stamp>) -> Bytes {
        let uncompressed = self.uncompressed_size();
        let placeholder = Content::Closed { bytes: Bytes::new(), stamp: None, uncompressed };
        let bytes = match std::mem::replace(&mut self.content, placeholder) {
            Content::Open(builder) => match stamp {
                Some(Stamp { identity, base_sequence }) => {
                    builder.idempotent(identity.id, identity.epoch, base_sequence).finish()
                }
                None => builder.finish(),
            },
            Content::Closed { bytes, stamp: old, .. } => match stamp {
                Some(new) if old != stamp => restamp(&bytes, new),
                Some(_) | None => bytes,
            },
        };
        self.content = Content::Closed { bytes: bytes.clone(), stamp, uncompressed };
        bytes
    }

    /// Compressed bytes by uncompressed ones, once it is closed.
    pub(super) fn observed_ratio(&self) -> Option<f32> {
        match &self.content {
            Content::Open(_) => None,
            Content::Closed { bytes, uncompressed, .. } => Some(bytes.len() as f32 / *uncompressed as f32),
        }
    }

    /// Bytes before compression.
    pub(super) fn uncompressed_size(&self) -> usize {
        match &self.content {
            Content::Open(builder) => builder.uncompressed_size(),
            Content::Closed { uncompressed, .. } => *uncompressed,
        }
    }

    fn each_record(&self, mut visit: impl FnMut(&Entry<'_>)) -> Result<(), RecordError> {
        let Content::Closed { bytes, .. } = &self.content else { return Ok(()) };
        // The bytes are our own, and were just built.
        let Ok(batch) = format::Batch::parse(bytes) else { return Ok(()) };
        let mut reader = batch.records(Limits::default())?;
        while let Some(record) = reader.next() {
            let record = record?;
            let headers: Vec<Header<'_>> = record.headers.iter().collect();
            visit(&Entry {
                timestamp: record.timestamp(batch.header()),
                key: record.key,
                value: record.value,
                headers: &headers,
            });
        }
        Ok(())
    }

    /// Replaces a batch the broker found too large by smaller ones, each at most `limit` bytes or one record.
    pub(super) fn split(
        mut self,
        limit: usize,
        mut next_id: impl FnMut() -> u64,
    ) -> Result<Vec<Batch>, RecordError> {
        let mut parts: Vec<(u32, Batch)> = Vec::new();
        let mut index = 0;
        self.each_record(|entry| {
            let room = parts.last().is_some_and(|(_, part)| part.has_room_for(limit, entry));
            if !room {
                let mut part = Batch::new(next_id(), self.partition.clone(), self.compression, 1.0);
                part.created = self.created;
                part.order = (self.order.0, self.order.1 + index);
                parts.push((index, part));
            }
            if let Some((_, part)) = parts.last_mut() {
                // What fitted the whole fits a part.
                part.append(entry).ok();
            }
            index += 1;
        })?;
        for (at, sent, callback) in self.callbacks.drain(..) {
            let place = parts.partition_point(|(first, _)| *first <= at) - 1;
            let (first, part) = &mut parts[place];
            part.callbacks.push((at - *first, sent, callback));
        }
        if let Some((_, first)) = parts.first_mut() {
            first.memory = self.memory.take();
        }
        let slots = parts.iter().map(|(first, part)| (*first, part.slot())).collect();
        self.slot.send_replace(Slot::Split(Arc::new(slots)));
        Ok(parts.into_iter().map(|(_, part)| part).collect())
    }

    /// Tells everybody the outcome, and gives the memory back.
    pub(super) fn settle(mut self, outcome: Outcome) {
        self.publish(outcome);
    }

    fn publish(&mut self, outcome: Outcome) {
        let outcome = Arc::new(outcome);
        self.slot.send_replace(Slot::Done(Arc::clone(&outcome)));
        for (index, sent, callback) in self.callbacks.drain(..) {
            callback(sent.metadata(&outcome, index));
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if matches!(*self.slot.borrow(), Slot::Waiting) {
            self.publish(Outcome::failed(ClientError::Closed));
        }
    }
}

/// The same batch under other numbers.
fn restamp(bytes: &Bytes, stamp: Stamp) -> Bytes {
    let mut bytes = BytesMut::from(&bytes[..]);
    let put = |bytes: &mut BytesMut, at: usize, field: &[u8]| {
        bytes[at..at + field.len()].copy_from_slice(field);
    };
    put(&mut bytes, PRODUCER_ID_AT, &stamp.identity.id.get().to_be_bytes());
    put(&mut bytes, PRODUCER_EPOCH_AT, &stamp.identity.epoch.get().to_be_bytes());
    put(&mut bytes, BASE_SEQUENCE_AT, &stamp.base_sequence.to_be_bytes());
    let crc = format::crc32c(&bytes[ATTRIBUTES_AT..]);
    put(&mut bytes, CRC_AT, &crc.to_be_bytes());
    debug_assert!(BatchHeader::parse(&bytes).is_ok());
    bytes.freeze()
}

/// The headers of a record as the batch format takes them.
pub(super) fn headers_of(record: &ProducerRecord) -> Vec<Header<'_>> {
    let headers = record.headers.iter();
    headers.map(|header| Header { key: header.key.as_bytes(), value: header.value.as_deref() }).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::producer::sequences::Identity;
    use klamm_model::{ProducerEpoch, ProducerId, Timestamp};
    use klamm_protocol::records::{Codec, verify_crc};

    fn entry(value: &[u8]) -> Entry<'_> {
        Entry { timestamp: Timestamp::from_millis(5), key: None, value: Some(value), headers: &[] }
    }

    fn stamp(epoch: i16, base_sequence: i32) -> Stamp {
        let identity = Identity { id: ProducerId::at(9), epoch: ProducerEpoch::at(epoch) };
        Stamp { identity, base_sequence }
    }

    #[test]
    fn a_new_stamp_leaves_a_valid_batch_with_the_same_records() {
        let mut batch = Batch::new(1, TopicPartition::new("t", 0), Codec::Lz4.into(), 1.0);
        batch.append(&entry(b"value")).unwrap();
        let first = batch.close(Some(stamp(0, 17)));
        let second = batch.close(Some(stamp(1, 0)));
        verify_crc(&second).unwrap();
        let header = BatchHeader::parse(&second).unwrap();
        assert_eq!(header.producer_epoch(), ProducerEpoch::new(1));
        assert_eq!(header.base_sequence(), Some(0));
        assert_eq!(first[format::batch::HEADER_SIZE..], second[format::batch::HEADER_SIZE..]);
    }

    #[tokio::test]
    async fn the_records_of_a_split_batch_get_the_outcomes_of_their_parts() {
        let mut batch = Batch::new(1, TopicPartition::new("t", 0), Compression::NONE, 1.0);
        for _ in 0..4 {
            batch.append(&entry(&[7; 100])).unwrap();
        }
        let sent = Sent {
            partition: TopicPartition::new("t", 0),
            timestamp: Timestamp::from_millis(5),
            key_size: None,
            value_size: Some(100),
        };
        let delivery = |index| Delivery { slot: batch.slot(), index, sent: sent.clone() };
        let (first, last) = (delivery(0), delivery(3));
        batch.close(None);
        let mut id = 1;
        let parts = batch.split(300, || {
            id += 1;
            id
        });
        let parts = parts.unwrap();
        assert_eq!(parts.iter().map(Batch::count).collect::<Vec<_>>(), [2, 2]);
        for (number, part) in parts.into_iter().enumerate() {
            let base_offset = klamm_model::Offset::new(number as i64 * 10);
            part.settle(Outcome::Acked(super::super::outcome::Ack { base_offset, log_append_time: None }));
        }
        let offsets = [first.metadata().await.unwrap().offset, last.metadata().await.unwrap().offset];
        assert_eq!(offsets.map(|offset| offset.unwrap().get()), [0, 11]);
    }

    #[tokio::test]
    async fn an_abandoned_batch_tells_that_the_producer_is_closed() {
        let batch = Batch::new(1, TopicPartition::new("t", 0), Compression::NONE, 1.0);
        let mut slot = batch.slot();
        drop(batch);
        let settled = slot.wait_for(|slot| !matches!(slot, Slot::Waiting)).await.unwrap().clone();
        assert!(matches!(settled, Slot::Done(outcome) if outcome.of_record(0).is_err()));
    }
}
