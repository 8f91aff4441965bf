//! Consumers that read from a follower of their own rack (KIP-392).

use std::time::Instant;

use klamm_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use klamm_protocol::messages::fetch_response::PartitionData;
use klamm_protocol::messages::{FetchRequest, FetchResponse};
use klamm_protocol::{ErrorCode, Str};

use crate::field::{admin, await_equal, create, three, write};
use crate::raw::connect;
use crate::site::{DEADLINE, Site};

const RACKS: &str = "broker.rack=rack-{id}\n\
                     replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector\n";

/// What the node answers a consumer in `rack` that reads the only partition of a topic from the start.
async fn fetch(site: &mut Site, node: i32, topic: &'static str, rack: &'static str) -> PartitionData {
    let name = Str::from_static(topic);
    let topics = admin(site).describe_topics(std::slice::from_ref(&name)).await.unwrap();
    let topic_id = topics[&name].as_ref().unwrap().id.unwrap().get();
    let partition =
        FetchPartition { partition: 0, partition_max_bytes: 1 << 20, ..FetchPartition::default() };
    let topic = FetchTopic { topic_id, partitions: vec![partition], ..FetchTopic::default() };
    let request = FetchRequest {
        max_wait_ms: 100,
        max_bytes: 1 << 20,
        rack_id: Str::from_static(rack),
        topics: vec![topic],
        ..FetchRequest::default()
    };
    let mut response: FetchResponse = connect(site.node(node).port).call(&request).await.unwrap();
    response.responses.remove(0).partitions.remove(0)
}

#[tokio::test]
async fn a_consumer_is_sent_to_the_replica_in_its_rack_and_reads_there() {
    let mut site = three(RACKS).await;
    create(&site, "near", &[1, 2], &[]).await;
    write(&site, "near", 0..100).await;
    await_equal(&site, "near-0", &[1, 2]).await;
    let own = fetch(&mut site, 1, "near", "rack-1").await;
    assert_eq!((own.error_code, own.preferred_read_replica), (0, -1), "{own:?}");
    let elsewhere = fetch(&mut site, 1, "near", "rack-3").await;
    assert_eq!(elsewhere.preferred_read_replica, -1, "no replica is there: {elsewhere:?}");
    let sent = fetch(&mut site, 1, "near", "rack-2").await;
    assert_eq!((sent.error_code, sent.preferred_read_replica), (0, 2), "{sent:?}");
    assert!(sent.records.as_ref().is_none_or(|records| records.is_empty()), "it reads elsewhere: {sent:?}");
    // Once the follower has heard what is committed.
    let started = Instant::now();
    loop {
        let read = fetch(&mut site, 2, "near", "rack-2").await;
        assert_eq!(read.error_code, 0, "{read:?}");
        if read.records.as_ref().is_some_and(|records| !records.is_empty()) {
            break;
        }
        assert!(started.elapsed() < DEADLINE, "{read:?}\n{}", site.logs());
    }
    let stranger = fetch(&mut site, 3, "near", "rack-3").await;
    assert_eq!(stranger.error_code, ErrorCode::NotLeaderOrFollower.code(), "{stranger:?}");
}
