//! What is sent, and what comes of it.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use klamm_model::{Offset, Timestamp, TopicPartition};
use tokio::sync::watch;

use super::outcome::{Outcome, Slot};
use crate::error::ClientError;

/// A header of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordHeader {
    /// Its key; several headers may share one.
    pub key: String,
    /// Its value; `None` is null.
    pub value: Option<Bytes>,
}

/// A record to send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProducerRecord {
    /// Where to.
    pub topic: Arc<str>,
    /// Which partition; `None` leaves it to the partitioner.
    pub partition: Option<i32>,
    /// When; `None` is now.
    pub timestamp: Option<Timestamp>,
    /// The key; `None` is null.
    pub key: Option<Bytes>,
    /// The value; `None` is null, a tombstone in compacted topics.
    pub value: Option<Bytes>,
    /// The headers, in order.
    pub headers: Vec<RecordHeader>,
}

impl ProducerRecord {
    /// A record without key.
    pub fn new(topic: impl Into<Arc<str>>, value: impl Into<Bytes>) -> ProducerRecord {
        ProducerRecord { topic: topic.into(), value: Some(value.into()), ..ProducerRecord::default() }
    }

    /// With a key.
    pub fn with_key(mut self, key: impl Into<Bytes>) -> ProducerRecord {
        self.key = Some(key.into());
        self
    }

    /// For a partition.
    pub fn with_partition(mut self, partition: i32) -> ProducerRecord {
        self.partition = Some(partition);
        self
    }

    /// With a time of its own.
    pub fn with_timestamp(mut self, timestamp: Timestamp) -> ProducerRecord {
        self.timestamp = Some(timestamp);
        self
    }

    /// With one more header.
    pub fn with_header(mut self, key: impl Into<String>, value: impl Into<Bytes>) -> ProducerRecord {
        self.headers.push(RecordHeader { key: key.into(), value: Some(value.into()) });
        self
    }
}

/// A record that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordMetadata {
    /// Where it is.
    pub partition: TopicPartition,
    /// Its offset; unknown with `acks=0`, and for a duplicate the broker no longer remembers.
    pub offset: Option<Offset>,
    /// Its time: the leader's, where the topic says so.
    pub timestamp: Timestamp,
    /// Bytes of the key.
    pub serialized_key_size: Option<usize>,
    /// Bytes of the value.
    pub serialized_value_size: Option<usize>,
}

/// What is known of a record before its outcome.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) partition: TopicPartition,
    pub(super) timestamp: Timestamp,
    pub(super) key_size: Option<usize>,
    pub(super) value_size: Option<usize>,
}

impl Sent {
    /// The metadata of this record, at `index` of a batch whose outcome is known.
    pub(super) fn metadata(&self, outcome: &Outcome, index: u32) -> Result<RecordMetadata, ClientError> {
        let ack = outcome.of_record(index)?;
        Ok(RecordMetadata {
            partition: self.partition.clone(),
            offset: ack.base_offset.map(|base| base.plus(i64::from(index))),
            timestamp: ack.log_append_time.unwrap_or(self.timestamp),
            serialized_key_size: self.key_size,
            serialized_value_size: self.value_size,
        })
    }
}

/// The outcome of a record to come. Dropping it does not take the record back.
#[derive(Debug)]
pub struct Delivery {
    pub(super) slot: watch::Receiver<Slot>,
    pub(super) index: u32,
    pub(super) sent: Sent,
}

impl Delivery {
    /// The partition the record goes to.
    pub fn partition(&self) -> &TopicPartition {
        &self.sent.partition
    }

    /// Waits for the outcome.
    pub async fn metadata(mut self) -> Result<RecordMetadata, ClientError> {
        loop {
            let settled = self.slot.wait_for(|slot| !matches!(slot, Slot::Waiting)).await;
            let settled = settled.map_err(|_| ClientError::Closed)?.clone();
            match settled {
                Slot::Done(outcome) => return self.sent.metadata(&outcome, self.index),
                Slot::Split(parts) => {
                    let place = parts.partition_point(|(first, _)| *first <= self.index) - 1;
                    let (first, part) = &parts[place];
                    self.index -= first;
                    self.slot = part.clone();
                }
                Slot::Waiting => {}
            }
        }
    }
}

impl IntoFuture for Delivery {
    type Output = Result<RecordMetadata, ClientError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.metadata())
    }
}
