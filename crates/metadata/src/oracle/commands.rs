//! Random commands, sensible and not, with the request Kafka's side gets for each.

use klamm_model::{BrokerEpoch, BrokerId, NodeId, Uuid};
use klamm_protocol::messages::alter_partition_reassignments_request::{
    ReassignablePartition, ReassignableTopic,
};
use klamm_protocol::messages::{
    AllocateProducerIdsRequest, AlterClientQuotasRequest, AlterConfigsRequest,
    AlterPartitionReassignmentsRequest, AlterPartitionRequest, AlterUserScramCredentialsRequest,
    AssignReplicasToDirsRequest, BrokerHeartbeatRequest, ControllerRegistrationRequest, CreateAclsRequest,
    CreatePartitionsRequest, DeleteAclsRequest, DeleteTopicsRequest, ElectLeadersRequest,
    IncrementalAlterConfigsRequest, ListPartitionReassignmentsRequest, UnregisterBrokerRequest,
    UnregisterControllerRequest, UpdateFeaturesRequest, alter_client_quotas_request, alter_configs_request,
    alter_partition_request, alter_user_scram_credentials_request, assign_replicas_to_dirs_request,
    create_acls_request, create_partitions_request, delete_acls_request, delete_topics_request,
    elect_leaders_request, incremental_alter_configs_request, update_features_request,
};
use klamm_protocol::{Request, Str, Writer};

use super::Random;
use crate::controller::fixture::{Cluster, assigned_topic, create, directory};
use crate::controller::*;
use crate::image::{Partition, Topic};

const BROKERS: [i32; 6] = [0, 1, 2, 3, 4, 7];
const NAMES: [&str; 7] = ["a", "b.c", "b_c", "d", "e", "f-g", "bad name"];

/// A command, and what Kafka's side is asked for it.
pub struct Asked {
    pub command: Command,
    pub api: i16,
    pub request: Vec<u8>,
}

fn asked<R: Request>(command: Command, request: &R) -> Asked {
    let mut writer = Writer::new();
    request.encode(&mut writer, *R::VERSIONS.end()).unwrap();
    Asked { command, api: R::KEY as i16, request: writer.into_bytes().to_vec() }
}

/// The next command for `cluster` in its present state.
pub fn command(random: &mut Random, cluster: &Cluster) -> Asked {
    match random.below(40) {
        0..4 => register(random, cluster),
        4..12 => heartbeat(random, cluster),
        12..16 => create_topics(random, cluster),
        16 => delete_topics(random, cluster),
        17 => create_partitions(random, cluster),
        18..23 => alter_partition(random, cluster),
        23..25 => elect(random, cluster),
        25..28 => reassign(random, cluster),
        28 => list(random),
        29..31 => assign_directories(random, cluster),
        31 => unregister(random),
        32..34 => configs(random, cluster),
        34 => legacy_configs(random, cluster),
        35 => features(random),
        36 => producer_ids(random, cluster),
        37 => quotas(random),
        38 => credentials(random),
        _ => acls(random),
    }
}

fn epoch(random: &mut Random, cluster: &Cluster, id: i32) -> i64 {
    let registered = cluster.image().cluster().broker(BrokerId::at(id)).map(|broker| broker.epoch.get());
    match registered {
        Some(epoch) if !random.once_in(20) => epoch,
        // Kafka remembers the time of heartbeats with epochs that are yet to come.
        _ => 1_000_000 + i64::from(random.below(50)),
    }
}

fn register(random: &mut Random, cluster: &Cluster) -> Asked {
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

fn heartbeat(random: &mut Random, cluster: &Cluster) -> Asked {
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

fn create_topics(random: &mut Random, cluster: &Cluster) -> Asked {
    let registered: Vec<i32> = cluster.image().cluster().brokers().map(|broker| broker.id.get()).collect();
    let partitions: Vec<Vec<i32>> = (0..=random.below(3))
        .map(|_| match random.below(12) {
            0 => random.some(&BROKERS, 0),
            _ if registered.is_empty() => vec![0],
            _ => random.some(&registered, 1),
        })
        .collect();
    let same_length = partitions.iter().map(Vec::len).min().unwrap();
    let uneven = random.once_in(12);
    let replicas: Vec<&[i32]> =
        partitions.iter().map(|p| if uneven { &p[..] } else { &p[..same_length] }).collect();
    let mut topic = assigned_topic(random.pick::<&str>(&NAMES), &replicas);
    match random.below(20) {
        0 => topic.num_partitions = 3,
        1 => topic.replication_factor = 2,
        2 => topic.assignments[0].partition_index = 1,
        3 => topic.assignments.clear(),
        _ => {}
    }
    if topic.assignments.is_empty() {
        // Only what cannot be placed: placements of the two sides differ.
        topic.num_partitions = *random.pick(&[0, -2, 4]);
        topic.replication_factor = *random.pick(&[0, -3, 30]);
    }
    let command = create(vec![topic]);
    let request = command.request.clone();
    asked(Command::CreateTopics(command), &request)
}

fn topics(cluster: &Cluster) -> Vec<Topic> {
    cluster.image().topics().iter().map(|topic| Topic::clone(topic)).collect()
}

fn delete_topics(random: &mut Random, cluster: &Cluster) -> Asked {
    let known = topics(cluster);
    // Kafka finds unknown ids before it asks its controller.
    if known.is_empty() {
        return heartbeat(random, cluster);
    }
    let id = random.pick(&known).id().get();
    let topic = delete_topics_request::DeleteTopicState { name: None, topic_id: id, ..Default::default() };
    let request = DeleteTopicsRequest { topics: vec![topic], ..Default::default() };
    let command = DeleteTopics {
        request: request.clone(),
        describable: Names::All,
        deletable: Names::All,
        quota: MutationQuota::Permissive,
    };
    asked(Command::DeleteTopics(command), &request)
}

fn create_partitions(random: &mut Random, cluster: &Cluster) -> Asked {
    let name = *random.pick(&NAMES);
    let present = cluster.image().topics().by_name(name);
    let count = present.map_or(0, |topic| topic.partition_count() as i32) + random.below(4) - 1;
    let factor = present.map_or(1, |t| t.partition(0).unwrap().replicas().len());
    // Kafka takes any partition's number of replicas for the topic's.
    if present.is_some_and(|topic| topic.partitions().any(|(_, p)| p.replicas().len() != factor)) {
        return heartbeat(random, cluster);
    }
    let assignments = (0..=random.below(2))
        .map(|_| create_partitions_request::CreatePartitionsAssignment {
            broker_ids: random.some(&BROKERS, 0).into_iter().take(factor).collect(),
            ..Default::default()
        })
        .collect();
    let topic = create_partitions_request::CreatePartitionsTopic {
        name: name.into(),
        count,
        assignments: Some(assignments),
        ..Default::default()
    };
    let request = CreatePartitionsRequest { topics: vec![topic], ..Default::default() };
    let command = CreatePartitions {
        request: request.clone(),
        alterable: Names::All,
        quota: MutationQuota::Permissive,
    };
    asked(Command::CreatePartitions(command), &request)
}

fn a_partition(random: &mut Random, cluster: &Cluster) -> Option<(Topic, i32, Partition)> {
    let known = topics(cluster);
    if known.is_empty() {
        return None;
    }
    let topic = random.pick(&known).clone();
    let index = random.below(topic.partition_count() as i32);
    let partition = Partition::clone(topic.partition(index)?);
    Some((topic, index, partition))
}

fn alter_partition(random: &mut Random, cluster: &Cluster) -> Asked {
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

fn elect(random: &mut Random, cluster: &Cluster) -> Asked {
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

fn reassign(random: &mut Random, cluster: &Cluster) -> Asked {
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

fn list(random: &mut Random) -> Asked {
    let mut request = ListPartitionReassignmentsRequest { topics: None, ..Default::default() };
    if random.once_in(2) {
        request.topics = Some(vec![
            klamm_protocol::messages::list_partition_reassignments_request::ListPartitionReassignmentsTopics {
                name: (*random.pick(&NAMES)).into(),
                partition_indexes: vec![0, 1, 5],
                ..Default::default()
            },
        ]);
    }
    asked(Command::ListPartitionReassignments(request.clone()), &request)
}

fn assign_directories(random: &mut Random, cluster: &Cluster) -> Asked {
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

fn unregister(random: &mut Random) -> Asked {
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

fn a_resource(random: &mut Random, cluster: &Cluster) -> (i8, String) {
    let known = topics(cluster);
    match random.below(4) {
        0 => (4, String::new()),
        1 => (4, random.pick(&BROKERS).to_string()),
        _ if known.is_empty() => (2, "a".to_owned()),
        _ => (2, random.pick(&known).name().to_string()),
    }
}

const VALUES: [(&str, &[&str]); 6] = [
    ("min.insync.replicas", &["1", "2", "3"]),
    ("unclean.leader.election.enable", &["true", "false", "TRUE"]),
    ("cleanup.policy", &["compact", "delete", "compact,delete"]),
    ("leader.replication.throttled.replicas", &["1:1,2:2", "0:1", "*"]),
    ("retention.ms", &["1", "1000"]),
    ("cordoned.log.dirs", &["/a", "/a,/b", ""]),
];

/// Kafka's side has no validator: topics get no keys but their own.
fn keys_of(resource_type: i8) -> &'static [(&'static str, &'static [&'static str])] {
    if resource_type == 2 { &VALUES[..5] } else { &VALUES }
}

fn configs(random: &mut Random, cluster: &Cluster) -> Asked {
    let (resource_type, name) = a_resource(random, cluster);
    let configs = (0..=random.below(2))
        .map(|_| {
            let (key, values) = random.pick(keys_of(resource_type));
            let operation = i8::try_from(random.below(4)).unwrap();
            incremental_alter_configs_request::AlterableConfig {
                name: (*key).into(),
                config_operation: operation,
                value: (operation != 1 || random.once_in(2)).then(|| (*random.pick(values)).into()),
                ..Default::default()
            }
        })
        .collect();
    let resource = incremental_alter_configs_request::AlterConfigsResource {
        resource_type,
        resource_name: name.into(),
        configs,
        ..Default::default()
    };
    let request = IncrementalAlterConfigsRequest {
        resources: vec![resource],
        validate_only: random.once_in(10),
        ..Default::default()
    };
    let command = AlterConfigs { request: request.clone(), origin: Origin::Direct };
    asked(Command::IncrementalAlterConfigs(command), &request)
}

fn legacy_configs(random: &mut Random, cluster: &Cluster) -> Asked {
    let (resource_type, name) = a_resource(random, cluster);
    let configs = (0..random.below(3))
        .map(|_| {
            let (key, values) = random.pick(keys_of(resource_type));
            alter_configs_request::AlterableConfig {
                name: (*key).into(),
                value: Some((*random.pick(values)).into()),
                ..Default::default()
            }
        })
        .collect();
    let resource = alter_configs_request::AlterConfigsResource {
        resource_type,
        resource_name: name.into(),
        configs,
        ..Default::default()
    };
    let request = AlterConfigsRequest { resources: vec![resource], ..Default::default() };
    let command = AlterConfigs { request: request.clone(), origin: Origin::Direct };
    asked(Command::AlterConfigs(command), &request)
}

fn features(random: &mut Random) -> Asked {
    let names = [
        "metadata.version",
        "eligible.leader.replicas.version",
        "group.version",
        "transaction.version",
        "kraft.version",
        "unknown.version",
    ];
    let feature_updates = (0..=random.below(2))
        .map(|_| {
            let feature = *random.pick(&names);
            let level =
                if feature == "metadata.version" { 5 + random.below(31) } else { random.below(5) - 1 };
            update_features_request::FeatureUpdateKey {
                feature: feature.into(),
                max_version_level: i16::try_from(level).unwrap(),
                upgrade_type: i8::try_from(random.below(4)).unwrap(),
                ..Default::default()
            }
        })
        .collect();
    let request =
        UpdateFeaturesRequest { feature_updates, validate_only: random.once_in(6), ..Default::default() };
    let command = UpdateFeatures { request: request.clone(), kraft_version: 1 };
    asked(Command::UpdateFeatures(command), &request)
}

fn producer_ids(random: &mut Random, cluster: &Cluster) -> Asked {
    let id = *random.pick(&BROKERS);
    let epoch = epoch(random, cluster, id);
    let request = AllocateProducerIdsRequest { broker_id: id, broker_epoch: epoch, ..Default::default() };
    asked(Command::AllocateProducerIds(BrokerId::at(id), BrokerEpoch::at(epoch)), &request)
}

fn quotas(random: &mut Random) -> Asked {
    let entries = (0..=random.below(2))
        .map(|_| {
            let kinds = ["user", "client-id", "ip", "group"];
            let entity = (0..=random.below(2))
                .map(|_| alter_client_quotas_request::EntityData {
                    entity_type: (*random.pick(&kinds)).into(),
                    entity_name: random
                        .pick(&[Some("alice"), Some("10.0.0.1"), Some(""), None])
                        .map(Into::into),
                    ..Default::default()
                })
                .collect();
            let keys =
                ["producer_byte_rate", "connection_creation_rate", "request_percentage", "unknown_rate"];
            let ops = (0..=random.below(2))
                .map(|_| alter_client_quotas_request::OpData {
                    key: (*random.pick(&keys)).into(),
                    value: *random.pick(&[1.0, 2.5, 0.0, -1.0, 1e12, f64::INFINITY]),
                    remove: random.once_in(4),
                    ..Default::default()
                })
                .collect();
            alter_client_quotas_request::EntryData { entity, ops, ..Default::default() }
        })
        .collect();
    let request = AlterClientQuotasRequest { entries, ..Default::default() };
    let command = AlterClientQuotas { request: request.clone(), resolvable: Names::Only([].into()) };
    // Kafka asks the name service about names; "alice" is none.
    asked(Command::AlterClientQuotas(command), &request)
}

fn credentials(random: &mut Random) -> Asked {
    let users = ["alice", "bob", ""];
    let deletions = (0..random.below(3))
        .map(|_| alter_user_scram_credentials_request::ScramCredentialDeletion {
            name: (*random.pick(&users)).into(),
            mechanism: i8::try_from(random.below(4)).unwrap(),
            ..Default::default()
        })
        .collect();
    let upsertions = (0..random.below(3))
        .map(|_| alter_user_scram_credentials_request::ScramCredentialUpsertion {
            name: (*random.pick(&users)).into(),
            mechanism: i8::try_from(random.below(4)).unwrap(),
            iterations: *random.pick(&[4095, 4096, 16_384, 16_385]),
            salt: b"salt".as_ref().into(),
            salted_password: b"salted password".as_ref().into(),
            ..Default::default()
        })
        .collect();
    let request = AlterUserScramCredentialsRequest { deletions, upsertions, ..Default::default() };
    asked(Command::AlterUserScramCredentials(request.clone()), &request)
}

fn acls(random: &mut Random) -> Asked {
    let code = |random: &mut Random, bound| i8::try_from(1 + random.below(bound)).unwrap();
    if random.once_in(3) {
        let filter = delete_acls_request::DeleteAclsFilter {
            resource_type_filter: code(random, 3),
            resource_name_filter: random.pick(&[Some("a"), Some("ab"), None]).map(Into::into),
            pattern_type_filter: code(random, 4),
            principal_filter: random.pick(&[Some("User:alice"), None]).map(Into::into),
            host_filter: random.pick(&[Some("*"), None]).map(Into::into),
            operation: code(random, 4),
            permission_type: code(random, 3),
            ..Default::default()
        };
        let request = DeleteAclsRequest { filters: vec![filter], ..Default::default() };
        return asked(Command::DeleteAcls(request.clone()), &request);
    }
    let creation = |random: &mut Random| create_acls_request::AclCreation {
        // Kafka's requests hold no unknown codes and none that only filters have.
        resource_type: *random.pick(&[2, 3, 5]),
        resource_name: (*random.pick(&["a", "ab", "*"])).into(),
        resource_pattern_type: *random.pick(&[3, 4]),
        principal: (*random.pick(&["User:alice", "User:bob", "nobody"])).into(),
        host: (*random.pick(&["*", "10.0.0.1", "10.0.0.0/8", ""])).into(),
        operation: *random.pick(&[2, 3, 4, 5]),
        permission_type: *random.pick(&[2, 3]),
        ..Default::default()
    };
    let creations = (0..=random.below(2)).map(|_| creation(random)).collect();
    let request = CreateAclsRequest { creations, ..Default::default() };
    asked(Command::CreateAcls(request.clone()), &request)
}
