//! Produce requests of one batch, encoded before the load; only a correlation id is patched in.

use bytes::Bytes;
use klamm_protocol::Records;
use klamm_protocol::messages::ProduceRequest;
use klamm_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};

use super::LoadError;
use super::batches::Template;
use super::topic::Topic;
use super::wire;

/// Newest version: topics by id, as current Java clients ask.
pub(crate) const PRODUCE: i16 = 13;
/// Where the correlation id stands, after size, key and version.
const CORRELATION_AT: usize = 8;
/// What a broker waits for in-sync replicas.
const TIMEOUT_MS: i32 = 30_000;

/// One request as it goes out, but for its correlation id.
#[derive(Debug)]
pub(super) struct ProduceFrame {
    bytes: Vec<u8>,
    batch_at: usize,
    batch_len: usize,
    pub(super) partition: i32,
    pub(super) records: u32,
}

impl ProduceFrame {
    /// `template` for `partition`, acknowledged by all in-sync replicas.
    pub(super) fn new(topic: &Topic, partition: i32, template: &Template) -> Result<ProduceFrame, LoadError> {
        let data = PartitionProduceData {
            index: partition,
            records: Some(Records::Bytes(template.bytes.clone())),
            ..PartitionProduceData::default()
        };
        let data = TopicProduceData {
            topic_id: topic.id,
            partition_data: vec![data],
            ..TopicProduceData::default()
        };
        let request = ProduceRequest {
            acks: -1,
            timeout_ms: TIMEOUT_MS,
            topic_data: vec![data],
            ..ProduceRequest::default()
        };
        let bytes = wire::encode(PRODUCE, 0, &request)?;
        let batch_len = template.bytes.len();
        // After the batch come the tag counts of partition, topic and request.
        let batch_at = bytes.len() - 3 - batch_len;
        debug_assert_eq!(bytes[batch_at..batch_at + batch_len], template.bytes);
        Ok(ProduceFrame { bytes, batch_at, batch_len, partition, records: template.records })
    }

    /// Bytes of the batch.
    pub(super) fn batch_len(&self) -> usize {
        self.batch_len
    }

    /// Appends the request to `out`; `stamp` may change the batch.
    pub(super) fn append_to(&self, out: &mut Vec<u8>, correlation_id: i32, stamp: impl FnOnce(&mut [u8])) {
        let begin = out.len();
        out.extend_from_slice(&self.bytes);
        let frame = &mut out[begin..];
        frame[CORRELATION_AT..CORRELATION_AT + 4].copy_from_slice(&correlation_id.to_be_bytes());
        stamp(&mut frame[self.batch_at..self.batch_at + self.batch_len]);
    }
}

/// What an answer to one batch says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ProduceAnswer {
    pub(super) correlation_id: i32,
    pub(super) partition: i32,
    pub(super) base_offset: i64,
}

/// Reads an answer; an error code in it is an error.
pub(super) fn read_answer(frame: &[u8]) -> Result<ProduceAnswer, LoadError> {
    let (correlation_id, response) = wire::decode::<ProduceRequest>(PRODUCE, Bytes::copy_from_slice(frame))?;
    let [topic] = &response.responses[..] else {
        return Err(LoadError::Wrong(format!("{} topics in the answer for one", response.responses.len())));
    };
    let [answer] = &topic.partition_responses[..] else {
        let count = topic.partition_responses.len();
        return Err(LoadError::Wrong(format!("{count} partitions in the answer for one")));
    };
    wire::accepted("Produce", answer.error_code, || {
        format!("partition {}: {}", answer.index, answer.error_message.as_deref().unwrap_or_default())
    })?;
    Ok(ProduceAnswer { correlation_id, partition: answer.index, base_offset: answer.base_offset })
}
