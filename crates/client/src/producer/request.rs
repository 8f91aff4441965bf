//! Batches as a Produce request, and its answer by batch.

use std::collections::BTreeMap;

use bytes::Bytes;
use klamm_model::{Offset, Timestamp, TopicId, TopicPartition, Uuid};
use klamm_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use klamm_protocol::messages::produce_response::PartitionProduceResponse;
use klamm_protocol::messages::{ProduceRequest, ProduceResponse};
use klamm_protocol::{Records, Str};

use super::config::ProducerConfig;
use super::outcome::Ack;
use crate::cluster::MetadataView;

/// The last version that names topics; later ones give their ids.
const LAST_WITH_NAMES: i16 = 12;

/// One batch to write.
pub(super) struct Part {
    pub(super) batch: u64,
    pub(super) partition: TopicPartition,
    pub(super) bytes: Bytes,
}

/// A request with what its answer is read by.
pub(super) struct Built {
    pub(super) request: ProduceRequest,
    /// The highest version that can be used: ids go into it only where all of them are known.
    pub(super) most: i16,
    /// Topic id or name, and partition, of each batch.
    pub(super) batches: Addresses,
}

/// Where each batch of a request is answered.
#[derive(Debug)]
pub(super) struct Addresses {
    by_name: BTreeMap<TopicPartition, u64>,
    names: BTreeMap<Uuid, std::sync::Arc<str>>,
}

impl Addresses {
    /// The batches of the request.
    pub(super) fn batches(&self) -> impl Iterator<Item = u64> {
        self.by_name.values().copied()
    }

    /// Matches an answer's parts to batches; a batch that is not answered is left out.
    pub(super) fn answers(&self, response: &ProduceResponse) -> Vec<(u64, PartitionProduceResponse)> {
        let mut answers = Vec::with_capacity(self.by_name.len());
        for topic in &response.responses {
            let name = match self.names.get(&topic.topic_id) {
                Some(name) if topic.name.is_empty() => std::sync::Arc::clone(name),
                Some(_) | None => topic.name.as_str().into(),
            };
            for partition in &topic.partition_responses {
                let at = TopicPartition { topic: std::sync::Arc::clone(&name), partition: partition.index };
                if let Some(batch) = self.by_name.get(&at) {
                    answers.push((*batch, partition.clone()));
                }
            }
        }
        answers
    }
}

/// Writes `parts`, which have different partitions.
pub(super) fn build(parts: Vec<Part>, view: &MetadataView, config: &ProducerConfig) -> Built {
    let mut topics: BTreeMap<std::sync::Arc<str>, TopicProduceData> = BTreeMap::new();
    let mut batches = Addresses { by_name: BTreeMap::new(), names: BTreeMap::new() };
    let mut most = i16::MAX;
    for Part { batch, partition: at, bytes } in parts {
        let id = view.topic(&at.topic).and_then(|topic| topic.id).map(TopicId::get);
        match id {
            Some(id) => {
                batches.names.insert(id, std::sync::Arc::clone(&at.topic));
            }
            None => most = LAST_WITH_NAMES,
        }
        let topic = topics.entry(std::sync::Arc::clone(&at.topic)).or_insert_with(|| TopicProduceData {
            name: Str::from(&*at.topic),
            topic_id: id.unwrap_or_default(),
            ..TopicProduceData::default()
        });
        topic.partition_data.push(PartitionProduceData {
            index: at.partition,
            records: Some(Records::Bytes(bytes)),
            ..PartitionProduceData::default()
        });
        batches.by_name.insert(at, batch);
    }
    let request = ProduceRequest {
        acks: config.acks.code(),
        timeout_ms: i32::try_from(config.client.request_timeout_ms).unwrap_or(i32::MAX),
        topic_data: topics.into_values().collect(),
        ..ProduceRequest::default()
    };
    Built { request, most, batches }
}

/// What a leader says of a batch it took.
pub(super) fn ack(answer: &PartitionProduceResponse) -> Ack {
    Ack {
        base_offset: Offset::new(answer.base_offset),
        log_append_time: Some(answer.log_append_time_ms).filter(|ms| *ms >= 0).map(Timestamp::from_millis),
    }
}
