//! What the comparison needs of Kafka besides groups: topics, producers, the offsets log.

use std::thread::sleep;
use std::time::{Duration, Instant};

use bytes::Bytes;
use klamm_model::Uuid;
use klamm_protocol::messages::create_topics_request::CreatableTopic;
use klamm_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use klamm_protocol::messages::find_coordinator_response::Coordinator;
use klamm_protocol::messages::metadata_request::MetadataRequestTopic;
use klamm_protocol::messages::metadata_response::MetadataResponseTopic;
use klamm_protocol::messages::{
    AddOffsetsToTxnRequest, CreateTopicsRequest, EndTxnRequest, FetchRequest, FindCoordinatorRequest,
    InitProducerIdRequest, ListGroupsRequest, MetadataRequest,
};
use klamm_protocol::{Records, Str};

use super::wire::Wire;

const LIMIT: Duration = Duration::from_secs(30);
const OFFSETS_TOPIC: &str = "__consumer_offsets";

pub struct Broker {
    address: String,
    wire: Wire,
}

/// A transactional producer as Kafka knows it.
#[derive(Clone, Debug)]
pub struct Producer {
    pub transactional_id: Str,
    pub id: i64,
    pub epoch: i16,
}

/// Asks again until the answer is there.
pub fn poll<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + LIMIT;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "{what} did not happen in {LIMIT:?}");
        sleep(Duration::from_millis(20));
    }
}

impl Broker {
    pub fn connect(address: &str) -> Broker {
        Broker { address: address.to_owned(), wire: Wire::connect(address, "oracle") }
    }

    pub fn wire(&self, client_id: &str) -> Wire {
        Wire::connect(&self.address, client_id)
    }

    /// Makes the topic if need be, and waits for its leaders.
    pub fn topic(&mut self, name: &str, partitions: i32) -> Uuid {
        let topic = CreatableTopic {
            name: Str::from(name),
            num_partitions: partitions,
            replication_factor: 1,
            ..Default::default()
        };
        let request = CreateTopicsRequest { topics: vec![topic], timeout_ms: 10_000, ..Default::default() };
        self.wire.ask(&request, 7);
        poll(name, || self.describe_topic(name)).topic_id
    }

    fn describe_topic(&mut self, name: &str) -> Option<MetadataResponseTopic> {
        let topic = MetadataRequestTopic { name: Some(Str::from(name)), ..Default::default() };
        let request = MetadataRequest { topics: Some(vec![topic]), ..Default::default() };
        let topic = self.wire.ask(&request, 12).topics.swap_remove(0);
        let led = topic.error_code == 0 && topic.partitions.iter().all(|partition| partition.leader_id >= 0);
        led.then_some(topic)
    }

    /// Waits until the coordinator of `key` can be found (0 group, 1 transaction).
    pub fn await_coordinator(&mut self, key: &str, key_type: i8) {
        let request =
            FindCoordinatorRequest { key_type, coordinator_keys: vec![Str::from(key)], ..Default::default() };
        poll("a coordinator", || {
            let found: Vec<Coordinator> = self.wire.ask(&request, 4).coordinators;
            (found[0].error_code == 0).then_some(())
        });
    }

    /// Waits until all partitions of the offsets topic are loaded.
    pub fn await_loaded(&mut self) {
        self.await_coordinator("any", 0);
        let request = ListGroupsRequest::default();
        poll("loading", || (self.wire.ask(&request, 5).error_code == 0).then_some(()));
    }

    pub fn init_producer(&mut self, transactional_id: &str) -> Producer {
        self.await_coordinator(transactional_id, 1);
        let request = InitProducerIdRequest {
            transactional_id: Some(Str::from(transactional_id)),
            transaction_timeout_ms: 60_000,
            ..Default::default()
        };
        let found = poll("a producer id", || {
            Some(self.wire.ask(&request, 4)).filter(|response| response.error_code == 0)
        });
        Producer {
            transactional_id: Str::from(transactional_id),
            id: found.producer_id,
            epoch: found.producer_epoch,
        }
    }

    pub fn add_offsets(&mut self, producer: &Producer, group: &Str) {
        let request = AddOffsetsToTxnRequest {
            transactional_id: producer.transactional_id.clone(),
            producer_id: producer.id,
            producer_epoch: producer.epoch,
            group_id: group.clone(),
            ..Default::default()
        };
        poll("offsets in a transaction", || (self.wire.ask(&request, 3).error_code == 0).then_some(()));
    }

    pub fn end_transaction(&mut self, producer: &Producer, committed: bool) {
        let request = EndTxnRequest {
            transactional_id: producer.transactional_id.clone(),
            producer_id: producer.id,
            producer_epoch: producer.epoch,
            committed,
            ..Default::default()
        };
        poll("the end of a transaction", || (self.wire.ask(&request, 3).error_code == 0).then_some(()));
    }

    pub fn offsets_partitions(&mut self) -> i32 {
        i32::try_from(self.describe_topic(OFFSETS_TOPIC).unwrap().partitions.len()).unwrap()
    }

    /// All bytes of a partition of the offsets topic.
    pub fn offsets_log(&mut self, partition: i32) -> Vec<Bytes> {
        let mut chunks: Vec<Bytes> = Vec::new();
        let mut offset = 0;
        loop {
            let fetch = FetchPartition {
                partition,
                fetch_offset: offset,
                partition_max_bytes: 10_000_000,
                ..Default::default()
            };
            let topic =
                FetchTopic { topic: Str::from(OFFSETS_TOPIC), partitions: vec![fetch], ..Default::default() };
            let request = FetchRequest { topics: vec![topic], ..Default::default() };
            let mut response = self.wire.ask(&request, 12);
            let found = response.responses.swap_remove(0).partitions.swap_remove(0);
            assert_eq!(found.error_code, 0);
            match found.records {
                Some(Records::Bytes(bytes)) if !bytes.is_empty() => {
                    offset = super::offsets_log::next_offset(&bytes);
                    chunks.push(bytes);
                }
                _ => return chunks,
            }
        }
    }
}
