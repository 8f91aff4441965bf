//! What answers say beside their code, in the versions that have a field for it: as Apache Kafka 4.4.0, compared
//! by `cargo xtask compat clients`.

use std::time::Duration;

use klamm_client::cluster::Lane;
use klamm_protocol::messages::describe_quorum_request::{PartitionData, TopicData};
use klamm_protocol::messages::describe_topic_partitions_request::{Cursor, TopicRequest};
use klamm_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use klamm_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use klamm_protocol::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use klamm_protocol::messages::metadata_request::MetadataRequestTopic;
use klamm_protocol::messages::offset_delete_request::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use klamm_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use klamm_protocol::messages::produce_response::PartitionProduceResponse;
use klamm_protocol::messages::{
    DeleteTopicsRequest, DescribeClusterRequest, DescribeQuorumRequest, DescribeTopicPartitionsRequest,
    FetchRequest, FindCoordinatorRequest, IncrementalAlterConfigsRequest, InitProducerIdRequest,
    ListOffsetsRequest, MetadataRequest, OffsetDeleteRequest, ProduceRequest,
};
use klamm_protocol::records::BatchBuilder;
use klamm_protocol::{ErrorCode, Records, Request, Str};

use crate::node::Node;
use crate::wire::{create_topic, produce};

const PATIENCE: Duration = Duration::from_secs(20);
/// Places in a batch of format 2.
const BASE_OFFSET_AT: usize = 7;
const MAGIC_AT: usize = 16;
const CRC_AT: usize = 17;
const ATTRIBUTES_AT: usize = 21;
const TRANSACTIONAL: u8 = 0x10;

async fn call<R: Request>(node: &Node, request: &R, version: i16) -> R::Response {
    let connection = node.cluster().find_connection(1, Lane::Main).await.unwrap();
    connection.call_at_most(request, version, PATIENCE).await.unwrap()
}

fn str(text: &str) -> Str {
    Str::from(text.to_owned())
}

/// Produces one record whose batch `damage` has changed.
async fn produce_damaged(node: &Node, damage: fn(&mut [u8])) -> PartitionProduceResponse {
    let mut builder = BatchBuilder::new();
    builder.append(klamm_model::Timestamp::from_millis(1), None, Some(b"value"), &[]).unwrap();
    let mut batch = builder.finish().to_vec();
    damage(&mut batch);
    let data = PartitionProduceData { records: Some(Records::Bytes(batch.into())), ..Default::default() };
    let topic = TopicProduceData { name: str("orders"), partition_data: vec![data], ..Default::default() };
    let request =
        ProduceRequest { acks: -1, timeout_ms: 20_000, topic_data: vec![topic], ..Default::default() };
    let mut response = call(node, &request, 12).await;
    response.responses.remove(0).partition_responses.remove(0)
}

async fn serving() -> Node {
    let mut node = Node::format("auto.create.topics.enable=false\n");
    node.start();
    create_topic(&node, "orders", 1).await;
    node
}

#[tokio::test]
async fn produce_tells_the_log_start_of_records_refused_by_their_contents_only() {
    let node = serving().await;
    assert_eq!(produce(&node, "orders", 0, &["a"], -1).await, Ok(0));
    let misplaced = produce_damaged(&node, |batch| batch[BASE_OFFSET_AT] = 9).await;
    assert_eq!(misplaced.error_code, ErrorCode::InvalidRecord.code());
    assert_eq!((misplaced.base_offset, misplaced.log_start_offset), (-1, 0));
    assert_eq!(misplaced.error_message, None);
    let corrupt = produce_damaged(&node, |batch| batch[CRC_AT] ^= 1).await;
    assert_eq!(corrupt.error_code, ErrorCode::CorruptMessage.code());
    assert_eq!((corrupt.log_start_offset, corrupt.error_message), (-1, None));
    let foreign = produce_damaged(&node, |batch| batch[MAGIC_AT] = 9).await;
    assert_eq!(foreign.error_code, ErrorCode::CorruptMessage.code());
    assert!(foreign.log_start_offset == -1 && foreign.error_message.is_some());
}

#[tokio::test]
async fn records_of_a_transaction_need_a_transactional_id() {
    let node = serving().await;
    let answer = produce_damaged(&node, |batch| batch[ATTRIBUTES_AT + 1] |= TRANSACTIONAL).await;
    assert_eq!(answer.error_code, ErrorCode::TransactionalIdAuthorizationFailed.code());
    assert_eq!((answer.log_start_offset, answer.error_message), (-1, None));
}

#[tokio::test]
async fn a_fetch_of_what_does_not_exist_lists_no_aborted_transactions_where_a_misrouted_one_has_no_list() {
    let node = serving().await;
    let fetch = |replica_id, partition| FetchRequest {
        replica_id,
        session_epoch: -1,
        topics: vec![FetchTopic {
            topic: str("orders"),
            partitions: vec![FetchPartition { partition, current_leader_epoch: -1, ..Default::default() }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let unknown = call(&node, &fetch(-1, 7), 12).await;
    assert_eq!(unknown.responses[0].partitions[0].aborted_transactions, Some(Vec::new()));
    let stranger = call(&node, &fetch(9, 0), 12).await;
    assert_eq!(stranger.responses[0].partitions[0].error_code, ErrorCode::NotLeaderOrFollower.code());
    assert_eq!(stranger.responses[0].partitions[0].aborted_transactions, None);
}

#[tokio::test]
async fn each_special_time_is_known_from_its_version_on() {
    let node = serving().await;
    for (timestamp, first) in [(-1, 1), (-2, 1), (-3, 7), (-4, 8), (-5, 9), (-6, 11)] {
        for version in 1..=11 {
            let partition =
                ListOffsetsPartition { current_leader_epoch: -1, timestamp, ..Default::default() };
            let topic =
                ListOffsetsTopic { name: str("orders"), partitions: vec![partition], ..Default::default() };
            let request = ListOffsetsRequest { replica_id: -1, topics: vec![topic], ..Default::default() };
            let answer = call(&node, &request, version).await.topics.remove(0).partitions.remove(0);
            let expected = if version < first { ErrorCode::UnsupportedVersion } else { ErrorCode::None };
            assert_eq!(answer.error_code, expected.code(), "time {timestamp}, version {version}");
        }
    }
}

/// As `ControllerApis.deleteTopics`: old clients do not know the code.
#[tokio::test]
async fn deletion_that_is_disabled_is_told_by_its_code_from_version_3_on() {
    let mut node = Node::format("delete.topic.enable=false\n");
    node.start();
    create_topic(&node, "orders", 1).await;
    let request = DeleteTopicsRequest {
        topic_names: vec![str("orders")],
        timeout_ms: 20_000,
        ..DeleteTopicsRequest::default()
    };
    for (version, code) in [
        (1, ErrorCode::InvalidRequest),
        (2, ErrorCode::InvalidRequest),
        (3, ErrorCode::TopicDeletionDisabled),
        (5, ErrorCode::TopicDeletionDisabled),
    ] {
        let answer = call(&node, &request, version).await;
        assert_eq!(answer.responses[0].error_code, code.code(), "version {version}");
    }
    assert_eq!(produce(&node, "orders", 0, &["a"], -1).await, Ok(0));
}

/// As `AutoTopicCreationManager`: of internal topics those that this node has a coordinator for.
#[tokio::test]
async fn the_topic_of_offsets_is_made_for_whoever_asks_for_its_metadata() {
    let mut node = Node::format("offsets.topic.num.partitions=7\n");
    node.start();
    let asked = |name: &'static str| MetadataRequest {
        topics: Some(vec![MetadataRequestTopic { name: Some(str(name)), ..Default::default() }]),
        allow_auto_topic_creation: true,
        ..MetadataRequest::default()
    };
    for name in ["__consumer_offsets", "__transaction_state"] {
        let first = call(&node, &asked(name), 9).await;
        assert_eq!(first.topics[0].error_code, ErrorCode::UnknownTopicOrPartition.code(), "{first:?}");
        assert!(first.topics[0].is_internal);
    }
    let made = call(&node, &asked("__consumer_offsets"), 9).await;
    assert_eq!((made.topics[0].error_code, made.topics[0].partitions.len()), (0, 7), "{made:?}");
    let none = call(&node, &asked("__transaction_state"), 9).await;
    assert_eq!(none.topics[0].error_code, ErrorCode::UnknownTopicOrPartition.code(), "{none:?}");
}

#[tokio::test]
async fn metadata_takes_topic_ids_from_version_12_on() {
    let node = serving().await;
    let id = {
        let topics = Some(vec![MetadataRequestTopic { name: Some(str("orders")), ..Default::default() }]);
        call(&node, &MetadataRequest { topics, ..Default::default() }, 12).await.topics[0].topic_id
    };
    let topic = MetadataRequestTopic { name: Some(str("orders")), topic_id: id, ..Default::default() };
    let request = MetadataRequest { topics: Some(vec![topic]), ..Default::default() };
    for (version, expected) in
        [(10, ErrorCode::InvalidRequest), (11, ErrorCode::InvalidRequest), (12, ErrorCode::None)]
    {
        let answer = call(&node, &request, version).await;
        assert_eq!(answer.topics[0].error_code, expected.code(), "version {version}");
        assert_eq!(answer.brokers.is_empty(), expected != ErrorCode::None);
    }
}

#[tokio::test]
async fn offsets_of_partitions_that_do_not_exist_are_not_deleted() {
    let node = serving().await;
    let partitions = [0, 7].map(|partition_index| OffsetDeleteRequestPartition { partition_index });
    let topic = OffsetDeleteRequestTopic { name: str("missing"), partitions: partitions.to_vec() };
    let request = OffsetDeleteRequest { group_id: str("readers"), topics: vec![topic] };
    let answer = call(&node, &request, 0).await;
    assert_eq!(answer.error_code, 0);
    let codes: Vec<_> = answer.topics[0].partitions.iter().map(|partition| partition.error_code).collect();
    assert_eq!(codes, [ErrorCode::UnknownTopicOrPartition.code(); 2]);
}

#[tokio::test]
async fn a_config_change_names_each_key_once_and_gives_it_a_value() {
    let node = serving().await;
    let set = |value: Option<&str>| AlterableConfig {
        name: str("retention.ms"),
        value: value.map(str),
        ..Default::default()
    };
    for configs in [vec![set(Some("1")), set(Some("2"))], vec![set(None)]] {
        let resource = AlterConfigsResource {
            resource_type: 2,
            resource_name: str("orders"),
            configs,
            ..Default::default()
        };
        let request = IncrementalAlterConfigsRequest { resources: vec![resource], ..Default::default() };
        let answer = call(&node, &request, 1).await;
        assert_eq!(answer.responses[0].error_code, ErrorCode::InvalidRequest.code());
    }
}

#[tokio::test]
async fn one_coordinator_is_told_with_the_word_none() {
    let node = serving().await;
    let ask = || FindCoordinatorRequest { key: str("readers"), ..Default::default() };
    // The first question makes the offsets topic.
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let answer = loop {
        let answer = call(&node, &ask(), 3).await;
        if answer.error_code == 0 || tokio::time::Instant::now() > deadline {
            break answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert_eq!((answer.error_code, answer.error_message), (0, Some(str("NONE"))));
}

#[tokio::test]
async fn questions_about_another_kind_of_node_or_topic_are_answered_without_facts() {
    let node = serving().await;
    let controllers = DescribeClusterRequest { endpoint_type: 2, ..Default::default() };
    let answer = call(&node, &controllers, 2).await;
    assert_eq!(answer.error_code, ErrorCode::MismatchedEndpointType.code());
    assert_eq!((answer.endpoint_type, &*answer.cluster_id), (1, ""));

    let partitions = vec![PartitionData::default()];
    let topics = vec![TopicData { topic_name: str("orders"), partitions, ..Default::default() }];
    let answer = call(&node, &DescribeQuorumRequest { topics, ..Default::default() }, 2).await;
    assert!(answer.topics[0].partitions[0].error_message.is_some());

    let cursor = Cursor { topic_name: str("orders"), partition_index: -2, ..Default::default() };
    let request = DescribeTopicPartitionsRequest {
        topics: vec![TopicRequest { name: str("orders"), ..Default::default() }],
        cursor: Some(Box::new(cursor)),
        ..Default::default()
    };
    let answer = call(&node, &request, 0).await;
    assert_eq!(answer.topics[0].error_code, ErrorCode::InvalidRequest.code());
    assert!(answer.topics[0].partitions.is_empty());
}

#[tokio::test]
async fn the_quorum_is_described_in_every_version() {
    let node = serving().await;
    for version in 0..=2 {
        let partitions = vec![PartitionData::default()];
        let topics =
            vec![TopicData { topic_name: str("__cluster_metadata"), partitions, ..Default::default() }];
        let answer = call(&node, &DescribeQuorumRequest { topics, ..Default::default() }, version).await;
        assert_eq!(answer.topics[0].partitions[0].current_voters.len(), 1, "version {version}");
        assert_eq!(answer.nodes.len(), usize::from(version >= 2), "version {version}");
    }
}

#[tokio::test]
async fn a_transactional_id_is_refused_at_once_where_clients_first_ask_for_it() {
    let node = serving().await;
    let find = FindCoordinatorRequest { key: str("transfers"), key_type: 1, ..Default::default() };
    let found = call(&node, &find, 2).await;
    assert_eq!(found.error_code, ErrorCode::TransactionalIdAuthorizationFailed.code());
    assert!(found.error_message.is_some_and(|text| text.contains("serves no transactions")));
    let init = InitProducerIdRequest {
        transactional_id: Some(str("transfers")),
        transaction_timeout_ms: 60_000,
        ..Default::default()
    };
    let given = call(&node, &init, 4).await;
    assert_eq!(given.error_code, ErrorCode::TransactionalIdAuthorizationFailed.code());
}

/// The codes of a dynamic change of this broker's own configs.
async fn change_broker(node: &Node, key: &str, value: &str) -> (i16, Option<Str>) {
    let config = AlterableConfig { name: str(key), value: Some(str(value)), ..Default::default() };
    let resource = AlterConfigsResource {
        resource_type: 4,
        resource_name: str("1"),
        configs: vec![config],
        ..Default::default()
    };
    let request = IncrementalAlterConfigsRequest { resources: vec![resource], ..Default::default() };
    let mut answer = call(node, &request, 1).await;
    let answer = answer.responses.remove(0);
    (answer.error_code, answer.error_message)
}

#[tokio::test]
async fn what_a_node_reads_once_is_not_changed_while_it_runs() {
    let node = serving().await;
    for (key, value) in [
        ("num.io.threads", "9"),
        ("num.network.threads", "4"),
        ("producer.id.expiration.ms", "1000000"),
        ("transaction.partition.verification.enable", "false"),
    ] {
        let (code, text) = change_broker(&node, key, value).await;
        assert_eq!(code, ErrorCode::InvalidRequest.code(), "{key}");
        let text = text.unwrap_or_default();
        assert!(text.starts_with(key) && text.contains("cannot change while this node runs"), "{text}");
    }
    let (code, text) = change_broker(&node, "message.max.bytes", "2000000").await;
    assert_eq!((code, text), (0, None));
}
