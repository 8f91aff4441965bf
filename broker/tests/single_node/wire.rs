//! Requests of the stories, in the newest version both sides know.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use bytes::Bytes;
use klamm_client::cluster::Lane;
use klamm_model::Timestamp;
use klamm_protocol::messages::create_topics_request::CreatableTopic;
use klamm_protocol::messages::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};
use klamm_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use klamm_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use klamm_protocol::messages::{
    CreateTopicsRequest, DeleteRecordsRequest, DeleteTopicsRequest, FetchRequest, ProduceRequest,
};
use klamm_protocol::records::compression::Limits;
use klamm_protocol::records::{BatchBuilder, Batches};
use klamm_protocol::{ErrorCode, Message as _, Records, Str, Writer, header};

use crate::node::Node;

/// Produce and Fetch by topic name: the versions before topic ids.
const BY_NAME: i16 = 12;
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn create_topic(node: &Node, name: &str, partitions: i32) {
    let topic = CreatableTopic {
        name: Str::from(name.to_owned()),
        num_partitions: partitions,
        replication_factor: 1,
        ..CreatableTopic::default()
    };
    let request =
        CreateTopicsRequest { topics: vec![topic], timeout_ms: 20_000, ..CreateTopicsRequest::default() };
    let response = node.admin().create_topics(&request).await.unwrap();
    assert_eq!(response.topics[0].error_code, 0, "{response:?}");
}

pub async fn delete_topic(node: &Node, name: &str) {
    let request = DeleteTopicsRequest {
        topic_names: vec![Str::from(name.to_owned())],
        timeout_ms: 20_000,
        ..DeleteTopicsRequest::default()
    };
    let connection = node.cluster().find_connection(1, Lane::Main).await.unwrap();
    let response = connection.call_at_most(&request, 5, PATIENCE).await.unwrap();
    assert_eq!(response.responses[0].error_code, 0, "{response:?}");
}

/// The log start after DeleteRecords below `offset`, or the partition's error.
pub async fn delete_records(node: &Node, topic: &str, partition: i32, offset: i64) -> Result<i64, ErrorCode> {
    let request = DeleteRecordsRequest {
        topics: vec![DeleteRecordsTopic {
            name: Str::from(topic.to_owned()),
            partitions: vec![DeleteRecordsPartition {
                partition_index: partition,
                offset,
                ..Default::default()
            }],
            ..DeleteRecordsTopic::default()
        }],
        timeout_ms: 20_000,
        ..DeleteRecordsRequest::default()
    };
    let connection = node.cluster().find_connection(1, Lane::Main).await.unwrap();
    let response = connection.call_at_most(&request, 2, PATIENCE).await.unwrap();
    let answer = &response.topics[0].partitions[0];
    match ErrorCode::from_i16(answer.error_code).unwrap() {
        ErrorCode::None => Ok(answer.low_watermark),
        error => Err(error),
    }
}

/// The base offset, or the partition's error.
pub async fn produce(
    node: &Node,
    topic: &str,
    partition: i32,
    values: &[&str],
    acks: i16,
) -> Result<i64, ErrorCode> {
    let request = produce_request(topic, partition, values, acks);
    let connection = node.cluster().find_connection(1, Lane::Main).await.unwrap();
    let response = connection.call_at_most(&request, BY_NAME, PATIENCE).await.unwrap();
    let answer = &response.responses[0].partition_responses[0];
    match ErrorCode::from_i16(answer.error_code).unwrap() {
        ErrorCode::None => Ok(answer.base_offset),
        error => Err(error),
    }
}

fn produce_request(topic: &str, partition: i32, values: &[&str], acks: i16) -> ProduceRequest {
    let mut builder = BatchBuilder::new();
    for value in values {
        builder.append(Timestamp::from_millis(now()), None, Some(value.as_bytes()), &[]).unwrap();
    }
    let data = PartitionProduceData {
        index: partition,
        records: Some(Records::Bytes(builder.finish())),
        ..PartitionProduceData::default()
    };
    ProduceRequest {
        acks,
        timeout_ms: 20_000,
        transactional_id: None,
        topic_data: vec![TopicProduceData {
            name: Str::from(topic.to_owned()),
            partition_data: vec![data],
            ..TopicProduceData::default()
        }],
        ..ProduceRequest::default()
    }
}

/// Sends records without asking for answers, one request after the other, and hangs up.
pub fn produce_and_hang_up(node: &Node, topic: &str, values: &[&str]) {
    let mut frames = Vec::new();
    for value in values {
        let request = produce_request(topic, 0, &[value], 0);
        let mut writer = Writer::new();
        header::write_request::<ProduceRequest>(&mut writer, BY_NAME, 1, None).unwrap();
        request.encode(&mut writer, BY_NAME).unwrap();
        let frame = writer.finish().bytes;
        frames.extend(u32::try_from(frame.len()).unwrap().to_be_bytes());
        frames.extend(frame);
    }
    let mut stream = TcpStream::connect(node.address()).unwrap();
    stream.write_all(&frames).unwrap();
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// All values from `offset` on.
pub async fn fetch_values(node: &Node, topic: &str, partition: i32, offset: i64) -> Vec<String> {
    let mut values = Vec::new();
    let mut next = offset;
    let connection = node.cluster().find_connection(1, Lane::Main).await.unwrap();
    loop {
        let request = FetchRequest {
            max_wait_ms: 0,
            min_bytes: 1,
            max_bytes: 1 << 20,
            session_epoch: -1,
            replica_id: -1,
            topics: vec![FetchTopic {
                topic: Str::from(topic.to_owned()),
                partitions: vec![FetchPartition {
                    partition,
                    fetch_offset: next,
                    current_leader_epoch: -1,
                    partition_max_bytes: 1 << 20,
                    ..FetchPartition::default()
                }],
                ..FetchTopic::default()
            }],
            ..FetchRequest::default()
        };
        let response = connection.call_at_most(&request, BY_NAME, PATIENCE).await.unwrap();
        let data = &response.responses[0].partitions[0];
        assert_eq!(data.error_code, 0);
        let bytes = match &data.records {
            Some(Records::Bytes(bytes)) => bytes.clone(),
            _ => Bytes::new(),
        };
        if bytes.is_empty() {
            return values;
        }
        for batch in Batches::new(&bytes).flatten() {
            next = batch.header().next_offset().get();
            let mut records = batch.records(Limits::NONE).unwrap();
            while let Some(record) = records.next() {
                values.push(String::from_utf8(record.unwrap().value.unwrap().to_vec()).unwrap());
            }
        }
    }
}
