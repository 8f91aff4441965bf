//! Replicas that are moved, nodes that stop in order.

use klamm_protocol::Str;
use klamm_protocol::messages::alter_partition_reassignments_request::{
    ReassignablePartition, ReassignableTopic,
};
use klamm_protocol::messages::elect_leaders_request::TopicPartitions;
use klamm_protocol::messages::{AlterPartitionReassignmentsRequest, ElectLeadersRequest};

use crate::field::{admin, await_equal, await_partition, create, isr, read_to, three, write};

#[tokio::test]
async fn a_moved_replica_is_copied_whole_before_the_old_one_goes() {
    let site = three("").await;
    create(&site, "moved", &[1, 2], &[("segment.bytes", "1048576")]).await;
    write(&site, "moved", 0..2_000).await;
    let topic = ReassignableTopic {
        name: Str::from_static("moved"),
        partitions: vec![ReassignablePartition {
            partition_index: 0,
            replicas: Some(vec![3, 2]),
            ..ReassignablePartition::default()
        }],
        ..ReassignableTopic::default()
    };
    let request = AlterPartitionReassignmentsRequest {
        timeout_ms: 30_000,
        topics: vec![topic],
        ..AlterPartitionReassignmentsRequest::default()
    };
    let response = admin(&site).alter_partition_reassignments(&request).await.unwrap();
    assert_eq!(response.error_code, 0, "{response:?}");
    await_partition(&site, "moved", "the new replicas", |partition| {
        partition.replicas == [3, 2] && partition.isr.len() == 2
    })
    .await;
    write(&site, "moved", 2_000..2_100).await;
    await_equal(&site, "moved-0", &[2, 3]).await;
    assert_eq!(read_to(&site, "moved", 2_099).await, (0..2_100).collect::<Vec<_>>());
    let old = site.nodes[0].data().join("moved-0");
    let started = std::time::Instant::now();
    while old.exists() {
        assert!(started.elapsed() < crate::site::DEADLINE, "the old replica stays\n{}", site.logs());
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_node_that_stops_in_order_hands_its_leaderships_over_and_takes_them_back_when_asked() {
    let mut site = three("").await;
    create(&site, "handed", &[1, 2, 3], &[("min.insync.replicas", "2")]).await;
    write(&site, "handed", 0..100).await;
    site.node(1).stop();
    let moved =
        await_partition(&site, "handed", "another leader", |one| one.leader.is_some_and(|id| id != 1)).await;
    assert!(!isr(&moved).contains(&1), "{moved:?}");
    write(&site, "handed", 100..200).await;
    site.node(1).spawn();
    site.node(1).await_service().await;
    await_partition(&site, "handed", "all in sync", |partition| partition.isr.len() == 3).await;
    let request = ElectLeadersRequest {
        election_type: 0,
        topic_partitions: Some(vec![TopicPartitions {
            topic: Str::from_static("handed"),
            partitions: vec![0],
            ..TopicPartitions::default()
        }]),
        timeout_ms: 30_000,
        ..ElectLeadersRequest::default()
    };
    let elected = admin(&site).elect_leaders(&request).await.unwrap();
    assert_eq!(elected.error_code, 0, "{elected:?}");
    await_partition(&site, "handed", "the preferred leader", |partition| partition.leader == Some(1)).await;
    write(&site, "handed", 200..300).await;
    await_equal(&site, "handed-0", &[1, 2, 3]).await;
    assert_eq!(read_to(&site, "handed", 299).await, (0..300).collect::<Vec<_>>());
}
