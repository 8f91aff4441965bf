//! Random commands of brokers and controllers about themselves.

use klamm_model::{BrokerEpoch, BrokerId, NodeId, Uuid};
use klamm_protocol::messages::{
    AllocateProducerIdsRequest, AssignReplicasToDirsRequest, BrokerHeartbeatRequest,
    ControllerRegistrationRequest, UnregisterBrokerRequest, UnregisterControllerRequest,
    assign_replicas_to_dirs_request,
};

use super::known::{a_partition, epoch};
use super::{Asked, BROKERS, asked};
use crate::controller::Command;
use crate::controller::fixture::{Cluster, directory};
use crate::oracle::Random;

pub(super) fn register(random: &mut Random, cluster: &Cluster) -> Asked {
    let id = *random.pick(&BROKERS);
    let incarnation = if random.once_in(3) { 1 } else { u128::from(random.next()) };
    let mut command = Cluster::registration(id, incarnation);
    let request = &mut command.request;
    if random.once_in(2) {
        request.previous_broker_epoch = epoch(random, cluster, id);
    }
    if random.once_in(2) {
        request.log_dirs.push(directory(id, 1));
    }
    match random.below(40) {
        0 => request.log_dirs.clear(),
        1 => request.log_dirs.push(directory(id, 0)),
        2 => request.log_dirs.push(Uuid::from_u128(2)),
        3 => request.log_dirs.push(directory(*random.pick(&BROKERS), 0)),
        4 => request.cluster_id = "other".into(),
        5 => request.features.retain(|feature| feature.name != "metadata.version"),
        6 => request.features.retain(|feature| feature.name != "eligible.leader.replicas.version"),
        7 => request.features.retain(|feature| feature.name != "kraft.version"),
        8 => request.features.iter_mut().for_each(|feature| feature.max_supported_version = 8),
        9 => request.is_migrating_zk_broker = true,
        10 => request.rack = Some("rack".into()),
        _ => {}
    }
    let request = command.request.clone();
    asked(Command::RegisterBroker(command), &request)
}

pub(super) fn heartbeat(random: &mut Random, cluster: &Cluster) -> Asked {
    let id = *random.pick(&BROKERS);
    let caught_up = cluster.log.len() as i64;
    let request = BrokerHeartbeatRequest {
        broker_id: id,
        broker_epoch: epoch(random, cluster, id),
        current_metadata_offset: if random.once_in(8) { i64::from(random.below(100)) - 1 } else { caught_up },
        want_fence: random.once_in(10),
        want_shut_down: random.once_in(7),
        offline_log_dirs: if random.once_in(8) { vec![directory(id, 1)] } else { vec![] },
        cordoned_log_dirs: match random.below(6) {
            0 => Some(vec![directory(id, 0), directory(id, 1)]),
            1 => Some(vec![directory(id, 1)]),
            2 => Some(vec![]),
            _ => None,
        },
        ..Default::default()
    };
    asked(Command::BrokerHeartbeat(request.clone()), &request)
}

pub(super) fn unregister(random: &mut Random) -> Asked {
    if random.once_in(3) {
        let id = *random.pick(&BROKERS);
        let request = UnregisterBrokerRequest { broker_id: id, ..Default::default() };
        return asked(Command::UnregisterBroker(BrokerId::at(id)), &request);
    }
    let id = 3001 + random.below(2);
    if random.once_in(2) {
        let request = UnregisterControllerRequest { controller_id: id, ..Default::default() };
        return asked(Command::UnregisterController(NodeId::at(id)), &request);
    }
    let request = ControllerRegistrationRequest {
        controller_id: id,
        incarnation_id: Uuid::from_u128(u128::from(random.next())),
        ..Default::default()
    };
    asked(Command::RegisterController(request.clone()), &request)
}

pub(super) fn assign_directories(random: &mut Random, cluster: &Cluster) -> Asked {
    let Some((topic, index, partition)) = a_partition(random, cluster) else {
        return heartbeat(random, cluster);
    };
    let replicas: Vec<i32> = partition.replicas().iter().map(|id| id.get()).collect();
    let id = if random.once_in(10) { *random.pick(&BROKERS) } else { *random.pick(&replicas) };
    let topic_id = if random.once_in(20) { Uuid::from_u128(1 << 80) } else { topic.id().get() };
    let topic = assign_replicas_to_dirs_request::TopicData {
        topic_id,
        partitions: vec![assign_replicas_to_dirs_request::PartitionData {
            partition_index: if random.once_in(20) { 99 } else { index },
            ..Default::default()
        }],
        ..Default::default()
    };
    let place = *random.pick(&[directory(id, 0), directory(id, 1), directory(id, 9), Uuid::from_u128(2)]);
    let request = AssignReplicasToDirsRequest {
        broker_id: id,
        broker_epoch: epoch(random, cluster, id),
        directories: vec![assign_replicas_to_dirs_request::DirectoryData {
            id: place,
            topics: vec![topic],
            ..Default::default()
        }],
        ..Default::default()
    };
    asked(Command::AssignReplicasToDirs(request.clone()), &request)
}

pub(super) fn producer_ids(random: &mut Random, cluster: &Cluster) -> Asked {
    let id = *random.pick(&BROKERS);
    let epoch = epoch(random, cluster, id);
    let request = AllocateProducerIdsRequest { broker_id: id, broker_epoch: epoch, ..Default::default() };
    asked(Command::AllocateProducerIds(BrokerId::at(id), BrokerEpoch::at(epoch)), &request)
}
