//! What a consumer hands out.

use std::sync::Arc;

use bytes::Bytes;
use klamm_model::{LeaderEpoch, Offset, Timestamp, TopicPartition};
use klamm_protocol::records::TimestampType;

use crate::producer::RecordHeader;

/// A record that was read. Key, value and headers share the memory of the answer they came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerRecord {
    /// Its topic.
    pub topic: Arc<str>,
    /// Its partition.
    pub partition: i32,
    /// Its offset.
    pub offset: Offset,
    /// The epoch of the leader that appended it; the oldest formats have none.
    pub leader_epoch: Option<LeaderEpoch>,
    /// Its time.
    pub timestamp: Option<Timestamp>,
    /// Whose time that is; the oldest format has none.
    pub timestamp_type: Option<TimestampType>,
    /// The key; `None` is null.
    pub key: Option<Bytes>,
    /// The value; `None` is null.
    pub value: Option<Bytes>,
    /// The headers, in order.
    pub headers: Vec<RecordHeader>,
}

impl ConsumerRecord {
    /// Where it is from.
    pub fn topic_partition(&self) -> TopicPartition {
        TopicPartition::new(Arc::clone(&self.topic), self.partition)
    }
}

/// An offset to commit, or that was committed: the next one to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetAndMetadata {
    /// The next offset to read.
    pub offset: Offset,
    /// The leader epoch of the record before.
    pub leader_epoch: Option<LeaderEpoch>,
    /// What the committer adds.
    pub metadata: String,
}

impl OffsetAndMetadata {
    /// An offset alone.
    pub fn new(offset: Offset) -> OffsetAndMetadata {
        OffsetAndMetadata { offset, ..OffsetAndMetadata::default() }
    }
}
