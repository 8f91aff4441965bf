//! Requests below the administrator's client.

use std::sync::Arc;
use std::time::{Duration, Instant};

use klamm_client::ClientConfig;
use klamm_client::net::{Connection, Dial};
use klamm_config::HostPort;
use klamm_protocol::messages::describe_configs_request::DescribeConfigsResource;
use klamm_protocol::messages::update_features_request::FeatureUpdateKey;
use klamm_protocol::messages::vote_request::{PartitionData, TopicData};
use klamm_protocol::messages::{
    DescribeConfigsRequest, UnregisterControllerRequest, UpdateFeaturesRequest, VoteRequest, VoteResponse,
};
use klamm_protocol::{ErrorCode, Str};

use crate::site::{CLUSTER_ID, DEADLINE};

/// Waits until `is_so`.
pub async fn poll(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < DEADLINE, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Asks the broker at `port` to unregister a controller until it answers with `wanted`.
pub async fn poll_unregister(port: u16, controller_id: i32, wanted: ErrorCode) {
    let request = UnregisterControllerRequest { controller_id, ..Default::default() };
    let started = Instant::now();
    loop {
        let response = connect(port).call(&request).await.unwrap();
        if response.error_code == wanted.code() {
            return;
        }
        assert!(started.elapsed() < DEADLINE, "{response:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A connection to a listener of this machine.
pub fn connect(port: u16) -> Connection {
    let target = HostPort { host: "127.0.0.1".to_owned(), port };
    Connection::open(Dial { target, after: Duration::ZERO }, Arc::new(ClientConfig::default()))
}

fn vote(cluster: &str, topic: &str, candidate: i32) -> VoteRequest {
    let partition =
        PartitionData { replica_epoch: 1_000_000, replica_id: candidate, ..PartitionData::default() };
    VoteRequest {
        cluster_id: Some(Str::from(cluster.to_owned())),
        topics: vec![TopicData {
            topic_name: Str::from(topic.to_owned()),
            partitions: vec![partition],
            ..TopicData::default()
        }],
        ..VoteRequest::default()
    }
}

/// None of these may move the quorum at `port`, whose leader is `leader`.
pub async fn refuses_other_clusters_partitions_and_ids(port: u16, leader: i32) {
    let connection = connect(port);
    let top = |response: &VoteResponse| ErrorCode::from_i16(response.error_code).unwrap();
    let topic = "__cluster_metadata";
    let other = connection.call(&vote("BBBBBBBBBBBBBBBBBBBBBg", topic, 2)).await.unwrap();
    assert_eq!(top(&other), ErrorCode::InconsistentClusterId);
    let other = connection.call(&vote(CLUSTER_ID, "orders", 2)).await.unwrap();
    assert_eq!(top(&other), ErrorCode::InvalidRequest);
    for candidate in [-1, leader] {
        let refused = connection.call(&vote(CLUSTER_ID, topic, candidate)).await.unwrap();
        let partition = &refused.topics[0].partitions[0];
        assert_eq!(partition.error_code, ErrorCode::InvalidRequest.code(), "{refused:?}");
        assert_eq!(partition.leader_id, leader);
    }
    let mut last = vote(CLUSTER_ID, topic, 2);
    last.topics[0].partitions[0].replica_epoch = i32::MAX;
    let refused = connection.call(&last).await.unwrap();
    let partition = &refused.topics[0].partitions[0];
    assert_eq!(
        partition.error_code,
        ErrorCode::InvalidRequest.code(),
        "no election could follow: {refused:?}"
    );
    assert!(partition.leader_epoch < 100, "it is not believed: {refused:?}");
}

/// The node `id` at `port` describes its own configs on its controller listener, and nobody else's.
pub async fn describes_its_configs(port: u16, id: i32) {
    let describe = async |name: String| {
        let resource = DescribeConfigsResource {
            resource_type: 4,
            resource_name: Str::from(name),
            configuration_keys: Some(vec![Str::from("node.id")]),
            ..DescribeConfigsResource::default()
        };
        let request =
            DescribeConfigsRequest { resources: vec![resource], ..DescribeConfigsRequest::default() };
        connect(port).call(&request).await.unwrap().results.remove(0)
    };
    let own = describe(id.to_string()).await;
    assert_eq!(own.error_code, 0, "{own:?}");
    let told: Vec<_> = own.configs.iter().map(|config| (&*config.name, config.value.as_deref())).collect();
    assert_eq!(told, [("node.id", Some(&*id.to_string()))]);
    let other = describe("77".to_owned()).await;
    assert_eq!(other.error_code, ErrorCode::InvalidRequest.code(), "{other:?}");
}

/// Asks for a level of a feature until the answer is `wanted`: controllers may not have registered yet.
pub async fn poll_feature(
    admin: &klamm_client::Admin,
    feature: &str,
    (level, direction): (i16, i8),
    wanted: ErrorCode,
) {
    let update = FeatureUpdateKey {
        feature: Str::from(feature.to_owned()),
        max_version_level: level,
        upgrade_type: direction,
        ..FeatureUpdateKey::default()
    };
    let request = UpdateFeaturesRequest { feature_updates: vec![update], ..UpdateFeaturesRequest::default() };
    let started = Instant::now();
    loop {
        let answer = admin.update_features(&request).await;
        let code = match &answer {
            Ok(response) => ErrorCode::from_i16(response.error_code),
            Err(error) => error.code(),
        };
        if code == Some(wanted) {
            return;
        }
        assert!(started.elapsed() < DEADLINE, "{feature} {level}: {answer:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
