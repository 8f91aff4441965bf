//! The administrator's calls.

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_client::admin::{GroupOffset, OffsetSpec};
use klamm_client::{ClientError, ProducerConfig, ProducerRecord, producer::Producer};
use klamm_model::{Offset, Timestamp, TopicPartition};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::create_partitions_request::CreatePartitionsTopic;
use klamm_protocol::messages::describe_configs_request::DescribeConfigsResource;
use klamm_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use klamm_protocol::messages::{
    CreatePartitionsRequest, DescribeClusterRequest, DescribeConfigsRequest, DescribeLogDirsRequest,
    DescribeTopicPartitionsRequest, IncrementalAlterConfigsRequest, ListConfigResourcesRequest,
    ListGroupsRequest, ListPartitionReassignmentsRequest, describe_topic_partitions_request,
};

use tokio::time::{Instant, sleep};

use crate::site::{LIMIT, admin, bootstrap, topic, unique};

#[tokio::test]
async fn topics_are_created_listed_grown_and_deleted() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "admin-topics", 2, &[("retention.ms", "1000")]).await;
    let listed = admin.list_topics().await.unwrap();
    assert!(listed.iter().any(|topic| *topic.name == *name && topic.partitions.len() == 2));

    let grown = CreatePartitionsTopic {
        name: name.as_str().into(),
        count: 5,
        assignments: None,
        ..CreatePartitionsTopic::default()
    };
    let request = CreatePartitionsRequest {
        topics: vec![grown],
        timeout_ms: admin.timeout_ms(),
        ..CreatePartitionsRequest::default()
    };
    let answer = admin.create_partitions(&request).await.unwrap();
    assert_eq!(answer.results[0].error_code, 0);
    let answer = admin.create_partitions(&request).await.unwrap();
    assert_eq!(answer.results[0].error_code, ErrorCode::InvalidPartitions.code(), "it has five already");

    let asked = describe_topic_partitions_request::TopicRequest {
        name: name.as_str().into(),
        ..describe_topic_partitions_request::TopicRequest::default()
    };
    let request =
        DescribeTopicPartitionsRequest { topics: vec![asked], ..DescribeTopicPartitionsRequest::default() };
    let deadline = Instant::now() + LIMIT;
    while admin.describe_topic_partitions(&request).await.unwrap().topics[0].partitions.len() < 5 {
        assert!(Instant::now() < deadline, "the broker does not hear of the new partitions");
        sleep(Duration::from_millis(20)).await;
    }

    let deleted = admin.delete_topics(&[name.as_str().into(), "no-such-topic".into()]).await.unwrap();
    let codes: Vec<i16> = deleted.responses.iter().map(|topic| topic.error_code).collect();
    assert!(codes.contains(&0) && codes.contains(&ErrorCode::UnknownTopicOrPartition.code()), "{codes:?}");
}

#[tokio::test]
async fn configs_of_topics_and_brokers_are_read_and_set_where_they_live() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "admin-configs", 1, &[]).await;
    let set = AlterConfigsResource {
        resource_type: 2,
        resource_name: name.as_str().into(),
        configs: vec![AlterableConfig {
            name: "retention.ms".into(),
            config_operation: 0,
            value: Some("4711".into()),
            ..AlterableConfig::default()
        }],
        ..AlterConfigsResource::default()
    };
    let request =
        IncrementalAlterConfigsRequest { resources: vec![set], ..IncrementalAlterConfigsRequest::default() };
    let answer = admin.incremental_alter_configs(&request).await.unwrap();
    assert_eq!(answer[0].error_code, 0, "{answer:?}");

    let broker = admin.cluster().view().brokers[0].id;
    let resource = |resource_type, resource_name: String| DescribeConfigsResource {
        resource_type,
        resource_name: resource_name.into(),
        configuration_keys: None,
        ..DescribeConfigsResource::default()
    };
    let request = DescribeConfigsRequest {
        resources: vec![resource(2, name.clone()), resource(4, broker.to_string())],
        ..DescribeConfigsRequest::default()
    };
    // The controller has taken it; a broker tells it once it has read it.
    let deadline = Instant::now() + LIMIT;
    let described = loop {
        let described = admin.describe_configs(&request).await.unwrap();
        assert_eq!(described.len(), 2);
        let of_topic = described.iter().find(|result| result.resource_type == 2).unwrap();
        let retention = of_topic.configs.iter().find(|config| config.name == "retention.ms").unwrap();
        if retention.value.as_deref() == Some("4711") {
            break described;
        }
        assert!(Instant::now() < deadline, "retention.ms is still {:?}", retention.value);
        sleep(Duration::from_millis(10)).await;
    };
    let of_broker = described.iter().find(|result| result.resource_type == 4).unwrap();
    assert!(of_broker.configs.iter().any(|config| config.name == "log.dirs"));

    let listed = admin.list_config_resources(&ListConfigResourcesRequest::default()).await.unwrap();
    assert_eq!(listed.error_code, 0);
}

#[tokio::test]
async fn offsets_are_listed_by_place_and_time_and_records_are_deleted() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "admin-offsets", 1, &[]).await;
    let producer = Producer::new(ProducerConfig::new(&bootstrap).unwrap());
    for millis in [1_000, 3_000, 2_000] {
        let record = ProducerRecord::new(name.as_str(), "v").with_timestamp(Timestamp::from_millis(millis));
        producer.send_and_wait(record).await.unwrap();
    }
    producer.close(LIMIT).await.unwrap();
    let at = TopicPartition::new(name.as_str(), 0);
    let offset = async |spec| {
        let listed = admin.list_offsets(BTreeMap::from([(at.clone(), spec)]), 0).await.unwrap();
        listed[&at].as_ref().unwrap().offset.map(Offset::get)
    };
    assert_eq!(offset(OffsetSpec::Earliest).await, Some(0));
    assert_eq!(offset(OffsetSpec::Latest).await, Some(3));
    assert_eq!(offset(OffsetSpec::MaxTimestamp).await, Some(1));
    assert_eq!(offset(OffsetSpec::At(Timestamp::from_millis(1_500))).await, Some(1));
    assert_eq!(offset(OffsetSpec::At(Timestamp::from_millis(9_000))).await, None);

    let missing = TopicPartition::new(name.as_str(), 7);
    let trims = BTreeMap::from([(at.clone(), Some(Offset::at(2)))]);
    let trimmed = admin.delete_records(trims).await.unwrap();
    assert_eq!(trimmed[&at].as_ref().unwrap().get(), 2);
    assert_eq!(offset(OffsetSpec::Earliest).await, Some(2));
    let beyond = admin.delete_records(BTreeMap::from([(at.clone(), Some(Offset::at(99)))])).await.unwrap();
    assert_eq!(beyond[&at].as_ref().unwrap_err().code(), Some(ErrorCode::OffsetOutOfRange));

    let producers = admin.describe_producers(std::slice::from_ref(&at)).await.unwrap();
    assert_eq!(producers[&at].as_ref().unwrap().active_producers.len(), 1);
    let mut config = admin.cluster().config().clone();
    config.default_api_timeout_ms = 300;
    let hasty = klamm_client::Admin::new(config);
    let unknown =
        hasty.list_offsets(BTreeMap::from([(missing.clone(), OffsetSpec::Latest)]), 0).await.unwrap();
    assert_eq!(unknown[&missing].as_ref().unwrap_err().code(), Some(ErrorCode::UnknownTopicOrPartition));
}

#[tokio::test]
async fn offsets_of_a_group_without_members_are_set_read_and_deleted() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "admin-group", 2, &[]).await;
    let group = unique("group");
    let committed = |offset, metadata: &str| GroupOffset {
        offset: Offset::at(offset),
        leader_epoch: None,
        metadata: metadata.to_owned(),
    };
    let [first, second] = [0, 1].map(|partition| TopicPartition::new(name.as_str(), partition));
    let offsets = BTreeMap::from([(first.clone(), committed(5, "why")), (second.clone(), committed(0, ""))]);
    let set = admin.alter_group_offsets(&group, &offsets).await.unwrap();
    assert!(set.values().all(Result::is_ok), "{set:?}");

    let keys = [group.as_str().into()];
    let read = admin.group_offsets(&keys).await.unwrap();
    let read = read[group.as_str()].as_ref().unwrap();
    assert_eq!(read[&first].as_ref().unwrap(), &committed(5, "why"));
    assert_eq!(read.len(), 2);

    let listed = admin.list_groups(&ListGroupsRequest::default()).await.unwrap();
    assert!(listed.iter().any(|listed| listed.group_id == *group));
    let described = admin.describe_groups(&keys).await.unwrap();
    assert_eq!(described[group.as_str()].as_ref().unwrap().group_state, "Empty");

    let deleted = admin.delete_group_offsets(&group, std::slice::from_ref(&second)).await.unwrap();
    assert!(deleted[&second].is_ok());
    let unknown = unique("nobody");
    let deleted = admin.delete_groups(&[group.as_str().into(), unknown.as_str().into()]).await.unwrap();
    assert!(deleted[group.as_str()].is_ok());
    let refused = deleted[unknown.as_str()].as_ref().unwrap_err();
    assert_eq!(refused.code(), Some(ErrorCode::GroupIdNotFound));
}

#[tokio::test]
async fn the_cluster_its_quorum_features_and_directories_are_described() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let cluster = admin.describe_cluster(&DescribeClusterRequest::default()).await.unwrap();
    assert_eq!(cluster.error_code, 0);
    let broker = cluster.brokers[0].broker_id;
    let quorum = admin.describe_quorum().await.unwrap();
    assert_eq!(quorum.topics[0].partitions[0].leader_id, broker);
    let features = admin.describe_features().await.unwrap();
    assert!(features.finalized_feature("metadata.version") > 0);
    assert!(admin.api_versions(broker).await.unwrap().range(klamm_protocol::ApiKey::Produce).is_some());
    let request = DescribeLogDirsRequest { topics: None, ..DescribeLogDirsRequest::default() };
    let dirs = admin.describe_log_dirs(broker, &request).await.unwrap();
    assert_eq!((dirs.error_code, dirs.results.len()), (0, 1));
    let request = ListPartitionReassignmentsRequest {
        topics: None,
        timeout_ms: admin.timeout_ms(),
        ..ListPartitionReassignmentsRequest::default()
    };
    assert_eq!(admin.list_partition_reassignments(&request).await.unwrap().topics.len(), 0);
}

#[tokio::test]
async fn a_broker_that_does_not_answer_fails_the_call_in_time() {
    let mut config = klamm_client::ClientConfig::new("127.0.0.1:1").unwrap();
    config.default_api_timeout_ms = 300;
    let error = klamm_client::Admin::new(config).list_topics().await.unwrap_err();
    assert!(matches!(error, ClientError::Connect { .. }), "{error:?}");
}
