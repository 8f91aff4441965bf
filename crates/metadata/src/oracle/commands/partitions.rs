//! Random commands about leaders and replicas of partitions.

use klamm_model::Uuid;
use klamm_protocol::Str;
use klamm_protocol::messages::alter_partition_reassignments_request::{
    ReassignablePartition, ReassignableTopic,
};
use klamm_protocol::messages::list_partition_reassignments_request::ListPartitionReassignmentsTopics;
use klamm_protocol::messages::{
    AlterPartitionReassignmentsRequest, AlterPartitionRequest, ElectLeadersRequest,
    ListPartitionReassignmentsRequest, alter_partition_request, elect_leaders_request,
};

use super::brokers::heartbeat;
use super::known::{a_partition, epoch};
use super::{Asked, BROKERS, NAMES, asked};
use crate::controller::Command;
use crate::controller::fixture::Cluster;
use crate::oracle::Random;

pub(super) fn alter_partition(random: &mut Random, cluster: &Cluster) -> Asked {
    let Some((topic, index, partition)) = a_partition(random, cluster) else {
        return heartbeat(random, cluster);
    };
    let leader = partition.leader().filter(|_| !random.once_in(15)).map_or(0, |leader| leader.get());
    let replicas: Vec<i32> = partition.replicas().iter().map(|id| id.get()).collect();
    let mut isr = random.some(&replicas, 0);
    if !isr.contains(&leader) && !random.once_in(6) {
        isr.push(leader);
    }
    let member = |random: &mut Random, id: &i32| alter_partition_request::BrokerState {
        broker_id: *id,
        broker_epoch: if random.once_in(4) { -1 } else { epoch(random, cluster, *id) },
        ..Default::default()
    };
    let shift = |random: &mut Random| if random.once_in(12) { random.below(3) - 1 } else { 0 };
    let proposal = alter_partition_request::PartitionData {
        partition_index: if random.once_in(25) { 99 } else { index },
        leader_epoch: partition.leader_epoch().get() + shift(random),
        partition_epoch: partition.partition_epoch().get() + shift(random),
        new_isr_with_epochs: isr.iter().map(|id| member(random, id)).collect(),
        leader_recovery_state: i8::from(random.once_in(8)),
        ..Default::default()
    };
    let topic_id = if random.once_in(25) { Uuid::from_u128(1 << 80) } else { topic.id().get() };
    let request = AlterPartitionRequest {
        broker_id: leader,
        broker_epoch: epoch(random, cluster, leader),
        topics: vec![alter_partition_request::TopicData {
            topic_id,
            partitions: vec![proposal],
            ..Default::default()
        }],
        ..Default::default()
    };
    asked(Command::AlterPartition(request.clone()), &request)
}

pub(super) fn elect(random: &mut Random, cluster: &Cluster) -> Asked {
    let mut request = ElectLeadersRequest {
        election_type: i8::try_from(random.below(2)).unwrap(),
        topic_partitions: None,
        ..Default::default()
    };
    if let Some((topic, index, _)) = a_partition(random, cluster).filter(|_| !random.once_in(3)) {
        let unknown = random.once_in(6);
        let topic = elect_leaders_request::TopicPartitions {
            topic: if unknown { "unknown".into() } else { Str::from(&**topic.name()) },
            partitions: vec![index, index + 1],
            ..Default::default()
        };
        request.topic_partitions = Some(vec![topic]);
    }
    asked(Command::ElectLeaders(request.clone()), &request)
}

pub(super) fn reassign(random: &mut Random, cluster: &Cluster) -> Asked {
    let (name, index) = match a_partition(random, cluster) {
        Some((topic, index, _)) if !random.once_in(12) => (topic.name().to_string(), index),
        _ => ("unknown".to_owned(), 0),
    };
    let replicas = if random.once_in(3) { None } else { Some(random.some(&BROKERS, 0)) };
    let partition = ReassignablePartition {
        partition_index: if random.once_in(15) { 99 } else { index },
        replicas,
        ..Default::default()
    };
    let topic = ReassignableTopic { name: name.into(), partitions: vec![partition], ..Default::default() };
    let request = AlterPartitionReassignmentsRequest {
        allow_replication_factor_change: !random.once_in(4),
        topics: vec![topic],
        ..Default::default()
    };
    asked(Command::AlterPartitionReassignments(request.clone()), &request)
}

pub(super) fn list(random: &mut Random) -> Asked {
    let mut request = ListPartitionReassignmentsRequest { topics: None, ..Default::default() };
    if random.once_in(2) {
        request.topics = Some(vec![ListPartitionReassignmentsTopics {
            name: (*random.pick(&NAMES)).into(),
            partition_indexes: vec![0, 1, 5],
            ..Default::default()
        }]);
    }
    asked(Command::ListPartitionReassignments(request.clone()), &request)
}
