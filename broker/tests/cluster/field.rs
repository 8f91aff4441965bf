//! Topics with several replicas on a cluster: creating them, writing, reading, waiting for their state, comparing their
//! files.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use klamm_client::cluster::PartitionView;
use klamm_client::consumer::{AutoOffsetReset, Consumer, ConsumerConfig};
use klamm_client::{Admin, ClientConfig, Producer, ProducerConfig, ProducerRecord};
use klamm_config::OffsetReset;
use klamm_model::TopicPartition;
use klamm_protocol::Str;
use klamm_protocol::messages::create_topics_request::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig,
};
use klamm_protocol::messages::elect_leaders_request::TopicPartitions;
use klamm_protocol::messages::{CreateTopicsRequest, ElectLeadersRequest};

use crate::site::{DEADLINE, Quorum, Roles, Site};

/// Settings that make a cluster quick to see what is gone.
pub const QUICK: &str = "offsets.topic.replication.factor=3\nmin.insync.replicas=1\nreplica.lag.time.max.ms=2000\n\
                         replica.fetch.wait.max.ms=200\nbroker.session.timeout.ms=2500\nbroker.heartbeat.interval.ms=300\n\
                         auto.leader.rebalance.enable=false\n";

/// Three combined nodes.
pub async fn three(settings: &str) -> Site {
    Site::start(&[Roles::Both; 3], Quorum::Static, &format!("{QUICK}{settings}")).await
}

pub fn bootstrap(site: &Site) -> String {
    let brokers = site.nodes.iter().filter(|node| node.is_broker());
    let all: Vec<_> = brokers.map(|node| format!("127.0.0.1:{}", node.port)).collect();
    all.join(",")
}

fn client(site: &Site) -> ClientConfig {
    let mut config = ClientConfig::new(&bootstrap(site)).unwrap();
    config.default_api_timeout_ms = 20_000;
    config.reconnect_backoff_ms = 10;
    config.reconnect_backoff_max_ms = 100;
    config.retry_backoff_ms = 20;
    config
}

pub fn admin(site: &Site) -> Admin {
    Admin::new(client(site))
}

/// Creates a topic with one partition on `replicas`, the first of them preferred.
pub async fn create(site: &Site, name: &str, replicas: &[i32], configs: &[(&str, &str)]) {
    let assignment = CreatableReplicaAssignment {
        partition_index: 0,
        broker_ids: replicas.to_vec(),
        ..CreatableReplicaAssignment::default()
    };
    let config = |(name, value): &(&str, &str)| CreatableTopicConfig {
        name: Str::from((*name).to_owned()),
        value: Some(Str::from((*value).to_owned())),
        ..CreatableTopicConfig::default()
    };
    let topic = CreatableTopic {
        name: Str::from(name.to_owned()),
        num_partitions: -1,
        replication_factor: -1,
        assignments: vec![assignment],
        configs: configs.iter().map(config).collect(),
        ..CreatableTopic::default()
    };
    let request =
        CreateTopicsRequest { topics: vec![topic], timeout_ms: 30_000, ..CreateTopicsRequest::default() };
    let started = Instant::now();
    loop {
        match admin(site).create_topics(&request).await {
            Ok(response) if matches!(response.topics[0].error_code, 0 | 36) => break,
            other => assert!(started.elapsed() < DEADLINE, "{name}: {other:?}\n{}", site.logs()),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    await_partition(site, name, "all in sync", |partition| partition.isr.len() == replicas.len()).await;
}

/// The partition once `is_it`, as the cluster's brokers tell.
pub async fn await_partition(
    site: &Site,
    name: &str,
    what: &str,
    is_it: impl Fn(&PartitionView) -> bool,
) -> PartitionView {
    let (started, name) = (Instant::now(), Str::from(name.to_owned()));
    let admin = admin(site);
    let mut last = String::new();
    while started.elapsed() < DEADLINE {
        match admin.describe_topics(std::slice::from_ref(&name)).await {
            Ok(topics) => match &topics[&name] {
                Ok(topic) => {
                    let partition = topic.partition(0).cloned();
                    if let Some(partition) = partition.clone().filter(&is_it) {
                        return partition;
                    }
                    last = format!("{partition:?}");
                }
                Err(error) => last = format!("{error:?}"),
            },
            Err(error) => last = error.to_string(),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not in time: {what} of {name}; last seen {last}\n{}", site.logs());
}

/// `ElectionType` of Kafka: the preferred replica, or one that may lack records.
pub const PREFERRED: i8 = 0;
pub const UNCLEAN: i8 = 1;

/// The two of three nodes that are not the active controller, and it.
pub async fn brokers_and_controller(site: &Site) -> (i32, i32, i32) {
    let quorum = admin(site).describe_quorum().await.unwrap();
    match quorum.topics[0].partitions[0].leader_id {
        1 => (2, 3, 1),
        2 => (1, 3, 2),
        other => (1, 2, other),
    }
}

/// Elects a leader of the only partition of `name`, as soon as a broker can be.
pub async fn elect(site: &Site, name: &'static str, election_type: i8) {
    let partition =
        TopicPartitions { topic: Str::from_static(name), partitions: vec![0], ..TopicPartitions::default() };
    let request = ElectLeadersRequest {
        election_type,
        topic_partitions: Some(vec![partition]),
        timeout_ms: 30_000,
        ..ElectLeadersRequest::default()
    };
    let (started, admin) = (Instant::now(), admin(site));
    loop {
        let elected = admin.elect_leaders(&request).await.unwrap();
        assert_eq!(elected.error_code, 0, "{elected:?}");
        let results = &elected.replica_election_results[0].partition_result;
        if results[0].error_code == 0 {
            return;
        }
        assert!(started.elapsed() < DEADLINE, "{results:?}\n{}", site.logs());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub fn isr(partition: &PartitionView) -> BTreeSet<i32> {
    partition.isr.iter().copied().collect()
}

pub fn producer(site: &Site) -> Producer {
    Producer::new(ProducerConfig {
        client: client(site),
        linger_ms: 2,
        delivery_timeout_ms: 90_000,
        ..ProducerConfig::new(&bootstrap(site)).unwrap()
    })
}

/// Writes `values` in order with acks=all; all are acknowledged when this returns.
pub async fn write(site: &Site, name: &str, values: std::ops::Range<usize>) {
    let producer = producer(site);
    let mut deliveries = Vec::new();
    for value in values {
        let record = ProducerRecord::new(name, format!("value-{value}")).with_partition(0);
        deliveries.push(producer.send(record).await.unwrap());
    }
    for delivery in deliveries {
        delivery.await.unwrap_or_else(|error| panic!("{error}\n{}", site.logs()));
    }
    producer.close(DEADLINE).await.unwrap();
}

/// Reads from the start until the value numbered `last`; all values in order.
pub async fn read_to(site: &Site, name: &str, last: usize) -> Vec<usize> {
    let mut consumer = Consumer::new(ConsumerConfig {
        auto_offset_reset: AutoOffsetReset::To(OffsetReset::Earliest),
        ..ConsumerConfig::new(&bootstrap(site)).unwrap()
    });
    consumer.assign([TopicPartition::new(name, 0)]).unwrap();
    let started = Instant::now();
    let mut values = Vec::new();
    while values.last() != Some(&last) {
        for record in consumer.poll(Duration::from_millis(200)).await.unwrap() {
            let text = String::from_utf8(record.value.unwrap().to_vec()).unwrap();
            values.push(text.strip_prefix("value-").unwrap().parse().unwrap());
        }
        let seen = values.len();
        assert!(started.elapsed() < DEADLINE, "{seen} values of {name}\n{}", site.logs());
    }
    consumer.close(DEADLINE).await.unwrap();
    values
}

/// The bytes of all segments of a partition's replica.
pub fn segments(data: &Path, partition: &str) -> Vec<u8> {
    let Ok(entries) = std::fs::read_dir(data.join(partition)) else { return Vec::new() };
    let mut logs: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    logs.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    logs.sort();
    logs.iter().flat_map(|path| std::fs::read(path).unwrap()).collect()
}

/// Waits until the files of all replicas have the same bytes.
pub async fn await_equal(site: &Site, partition: &str, nodes: &[i32]) {
    let started = Instant::now();
    let all = || -> Vec<Arc<[u8]>> {
        let of = |id: &i32| site.nodes.iter().find(|node| node.id == *id).unwrap();
        nodes.iter().map(|id| segments(&of(id).data(), partition).into()).collect()
    };
    loop {
        let logs = all();
        if logs.iter().all(|log| !log.is_empty() && log == &logs[0]) {
            return;
        }
        let sizes: Vec<_> = logs.iter().map(|log| log.len()).collect();
        assert!(started.elapsed() < DEADLINE, "{partition} differs: {sizes:?}\n{}", site.logs());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
