//! Why decision 35 departs from Kafka: what both controllers make of a replica that was taken away and comes back while
//! the ISR is small.

use klamm_model::BrokerId;
use klamm_protocol::messages::alter_partition_reassignments_request::{
    ReassignablePartition, ReassignableTopic,
};
use klamm_protocol::messages::create_topics_request::CreatableTopicConfig;
use klamm_protocol::messages::{AlterPartitionReassignmentsRequest, BrokerHeartbeatRequest};

use super::child::Oracle;
use super::commands::{Asked, asked};
use crate::Feature;
use crate::controller::fixture::{Cluster, assigned_topic};
use crate::controller::{Command, Outcome};

#[test]
fn kafkas_controller_elects_a_replica_that_came_back_empty_and_ours_does_not() {
    let mut oracle = Oracle::start();
    let mut kafkas = cluster();
    oracle.ask(b'N', &kafkas.now.as_millis().to_be_bytes());
    oracle.append(&kafkas.log);
    let with_kafkas_records = story(&mut kafkas, |cluster, asked| {
        let ours = cluster.decide(&asked.command);
        let now_ms = cluster.now.as_millis();
        let (records, _) = oracle.decide(asked.api, now_ms, &asked.request).unwrap();
        oracle.append(&records);
        cluster.append(&Outcome { records, ..ours });
        cluster.commit();
    });
    assert_eq!(with_kafkas_records, Some(BrokerId::at(2)), "Kafka does so no more: decision 35 can go");
    let with_ours = story(&mut cluster(), |cluster, asked| drop(cluster.run(&asked.command)));
    assert_eq!(with_ours, None, "1 has all that was acknowledged, 2 has nothing");
}

/// Three brokers and a partition with a replica on each.
fn cluster() -> Cluster {
    let mut cluster = Cluster::with(33, &[(Feature::EligibleLeaderReplicas, 1)]);
    (1..=3).for_each(|id| cluster.start_broker(id));
    let mut topic = assigned_topic("a", &[&[1, 2, 3]]);
    topic.configs = vec![CreatableTopicConfig {
        name: "min.insync.replicas".into(),
        value: Some("2".into()),
        ..Default::default()
    }];
    cluster.create(vec![topic]);
    cluster
}

/// Broker 3 leaves the ISR, the replica of 2 is taken away and brought back, 1 goes; who leads then.
fn story(cluster: &mut Cluster, mut decide: impl FnMut(&mut Cluster, &Asked)) -> Option<BrokerId> {
    let goes = farewell(cluster, 3);
    decide(cluster, &goes);
    let comes_back = heartbeat(cluster.heartbeat_request(3));
    decide(cluster, &comes_back);
    decide(cluster, &reassignment(&[1, 3]));
    decide(cluster, &reassignment(&[1, 2, 3]));
    assert_eq!(cluster.partition("a", 0).isr, [BrokerId::at(1)]);
    let goes = farewell(cluster, 1);
    decide(cluster, &goes);
    cluster.partition("a", 0).leader
}

fn farewell(cluster: &Cluster, id: i32) -> Asked {
    heartbeat(BrokerHeartbeatRequest { want_fence: true, ..cluster.heartbeat_request(id) })
}

fn heartbeat(request: BrokerHeartbeatRequest) -> Asked {
    asked(Command::BrokerHeartbeat(request.clone()), &request)
}

fn reassignment(replicas: &[i32]) -> Asked {
    let partition = ReassignablePartition { replicas: Some(replicas.to_vec()), ..Default::default() };
    let topic = ReassignableTopic { name: "a".into(), partitions: vec![partition], ..Default::default() };
    let request = AlterPartitionReassignmentsRequest { topics: vec![topic], ..Default::default() };
    asked(Command::AlterPartitionReassignments(request.clone()), &request)
}
