//! Topics as loads need them: made, and known by id with a leader for every partition.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use klamm_model::Uuid;
use klamm_protocol::messages::create_topics_request::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig,
};
use klamm_protocol::messages::delete_topics_request::DeleteTopicState;
use klamm_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use klamm_protocol::messages::metadata_request::MetadataRequestTopic;
use klamm_protocol::messages::{
    CreateTopicsRequest, DeleteTopicsRequest, InitProducerIdRequest, ListOffsetsRequest, MetadataRequest,
};
use klamm_protocol::{ErrorCode, Str};

use super::LoadError;
use super::wire::{Conversation, accepted};

const CREATE_TOPICS: i16 = 7;
const DELETE_TOPICS: i16 = 6;
const METADATA: i16 = 12;
const LIST_OFFSETS: i16 = 7;
const INIT_PRODUCER_ID: i16 = 4;

/// How long leaders of a new topic may take.
const PATIENCE: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(10);

/// How many partitions, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// So many, of one replica each, wherever the controller puts them.
    Partitions(i32),
    /// One, with replicas on these brokers; the first leads.
    On(Vec<i32>),
}

/// A topic on one broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Where all its partitions are led.
    pub broker: SocketAddr,
    /// As Fetch and Produce name it.
    pub id: Uuid,
    /// Number of partitions.
    pub partitions: i32,
}

impl Topic {
    /// A target that has no topics: the bare loop.
    pub fn of_bare_loop(address: SocketAddr) -> Topic {
        Topic { broker: address, id: Uuid::from_u128(1), partitions: 1 }
    }

    /// Makes `name` with `configs`, led by the broker at `broker`; one that exists is taken as it is.
    pub fn create(
        broker: SocketAddr,
        name: &str,
        layout: &Layout,
        configs: &[(String, String)],
    ) -> Result<Topic, LoadError> {
        let configs = configs.iter().map(|(key, value)| CreatableTopicConfig {
            name: Str::from(key.as_str()),
            value: Some(Str::from(value.as_str())),
            ..CreatableTopicConfig::default()
        });
        let (num_partitions, replication_factor, assignments) = match layout {
            Layout::Partitions(count) => (*count, 1, Vec::new()),
            Layout::On(brokers) => {
                let assignment = CreatableReplicaAssignment {
                    partition_index: 0,
                    broker_ids: brokers.clone(),
                    ..CreatableReplicaAssignment::default()
                };
                (-1, -1, vec![assignment])
            }
        };
        let topic = CreatableTopic {
            name: Str::from(name),
            num_partitions,
            replication_factor,
            assignments,
            configs: configs.collect(),
            ..CreatableTopic::default()
        };
        let request =
            CreateTopicsRequest { topics: vec![topic], timeout_ms: 30_000, ..CreateTopicsRequest::default() };
        let response = Conversation::open(broker)?.ask(CREATE_TOPICS, &request)?;
        for topic in &response.topics {
            if topic.error_code != ErrorCode::TopicAlreadyExists.code() {
                let detail = || topic.error_message.as_deref().unwrap_or(name).to_owned();
                accepted("CreateTopics", topic.error_code, detail)?;
            }
        }
        Topic::find(broker, name)
    }

    /// Removes `name`; one that is not there is an error.
    pub fn delete(broker: SocketAddr, name: &str) -> Result<(), LoadError> {
        let topic = DeleteTopicState { name: Some(Str::from(name)), ..DeleteTopicState::default() };
        let request =
            DeleteTopicsRequest { topics: vec![topic], timeout_ms: 30_000, ..DeleteTopicsRequest::default() };
        let response = Conversation::open(broker)?.ask(DELETE_TOPICS, &request)?;
        for topic in &response.responses {
            accepted("DeleteTopics", topic.error_code, || name.to_owned())?;
        }
        Ok(())
    }

    /// Waits until `name` has a leader for every partition, and the leader knows it.
    pub fn find(broker: SocketAddr, name: &str) -> Result<Topic, LoadError> {
        let deadline = Instant::now() + PATIENCE;
        let mut conversation = Conversation::open(broker)?;
        while Instant::now() < deadline {
            if let Some(topic) = look_up(&mut conversation, broker, name)?
                && leads(&mut conversation, name, topic.partitions)?
            {
                return Ok(topic);
            }
            std::thread::sleep(POLL);
        }
        Err(LoadError::TooLate("a leader for every partition"))
    }
}

fn look_up(
    conversation: &mut Conversation,
    broker: SocketAddr,
    name: &str,
) -> Result<Option<Topic>, LoadError> {
    let wanted = MetadataRequestTopic { name: Some(Str::from(name)), ..MetadataRequestTopic::default() };
    let request = MetadataRequest { topics: Some(vec![wanted]), ..MetadataRequest::default() };
    let response = conversation.ask(METADATA, &request)?;
    let Some(topic) = response.topics.first() else { return Ok(None) };
    let led = topic.partitions.iter().all(|partition| partition.error_code == 0 && partition.leader_id >= 0);
    if topic.error_code != 0 || topic.partitions.is_empty() || !led {
        return Ok(None);
    }
    let partitions = i32::try_from(topic.partitions.len()).unwrap_or(i32::MAX);
    Ok(Some(Topic { broker, id: topic.topic_id, partitions }))
}

/// Metadata may name a broker as the leader before it has become one.
fn leads(conversation: &mut Conversation, name: &str, partitions: i32) -> Result<bool, LoadError> {
    let ends = (0..partitions).map(|partition_index| ListOffsetsPartition {
        partition_index,
        timestamp: -1,
        ..ListOffsetsPartition::default()
    });
    let topic =
        ListOffsetsTopic { name: Str::from(name), partitions: ends.collect(), ..ListOffsetsTopic::default() };
    let request = ListOffsetsRequest { replica_id: -1, topics: vec![topic], ..ListOffsetsRequest::default() };
    let response = conversation.ask(LIST_OFFSETS, &request)?;
    Ok(response.topics.iter().flat_map(|topic| &topic.partitions).all(|partition| partition.error_code == 0))
}

/// A producer as the broker knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Producer {
    /// Producer id.
    pub id: i64,
    /// Producer epoch.
    pub epoch: i16,
}

impl Producer {
    /// Asks for an id for an idempotent producer.
    pub fn begin(broker: SocketAddr) -> Result<Producer, LoadError> {
        let request = InitProducerIdRequest {
            transaction_timeout_ms: 60_000,
            producer_id: -1,
            producer_epoch: -1,
            ..InitProducerIdRequest::default()
        };
        let response = Conversation::open(broker)?.ask(INIT_PRODUCER_ID, &request)?;
        accepted("InitProducerId", response.error_code, String::new)?;
        Ok(Producer { id: response.producer_id, epoch: response.producer_epoch })
    }
}
