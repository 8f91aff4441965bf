//! Rules of the controller as a whole: transactions of records, replay.
#![allow(clippy::unwrap_used)]

use klamm_model::{BrokerId, DirectoryId, Uuid};
use klamm_protocol::messages::alter_partition_reassignments_request::{
    ReassignablePartition, ReassignableTopic,
};
use klamm_protocol::messages::assign_replicas_to_dirs_request::{
    DirectoryData, PartitionData as DirPartition, TopicData as DirTopic,
};
use klamm_protocol::messages::create_topics_request::CreatableTopicConfig;
use klamm_protocol::messages::delete_topics_request::DeleteTopicState;
use klamm_protocol::messages::{
    AbortTransactionRecord, AlterPartitionReassignmentsRequest, AssignReplicasToDirsRequest,
    BeginTransactionRecord, BrokerHeartbeatRequest, DeleteTopicsRequest, EndTransactionRecord,
    PartitionChangeRecord,
};

use super::fixture::{Cluster, assigned_topic, create, directory, topic};
use super::*;
use crate::Feature;

#[test]
fn a_standby_decides_nothing() {
    let mut cluster = Cluster::at(33);
    cluster.controller.resign();
    let outcome = cluster.decide(&Command::WriteNoOp);
    assert_eq!(outcome.reply.unwrap_err().code, ErrorCode::NotController);
}

/// The broker of node 3000, which is the controller's own.
fn register_own_broker(cluster: &mut Cluster, incarnation: u128) -> Outcome {
    cluster.run(&Command::RegisterBroker(Cluster::registration(3000, incarnation)))
}

#[test]
fn a_controller_does_not_wait_for_the_session_of_its_own_processs_former_broker() {
    let mut cluster = Cluster::at(33);
    cluster.start_broker(3000);
    let end = cluster.last().next();
    cluster.controller.resign();
    cluster.controller.claim(cluster.now, end);
    let refused = register_own_broker(&mut cluster, 2).reply.unwrap_err();
    assert_eq!(refused.code, ErrorCode::DuplicateBrokerRegistration, "as far as it knows, the broker lives");
    cluster.controller.resign();
    cluster.controller.local_broker = Some(klamm_model::Uuid::from_u128(2));
    cluster.controller.claim(cluster.now, end);
    assert!(register_own_broker(&mut cluster, 2).reply.is_ok());
}

#[test]
fn a_controller_knows_the_broker_of_its_process_and_those_of_others_for_alive() {
    let mut cluster = Cluster::at(33);
    cluster.start_broker(3000);
    cluster.start_broker(1);
    let end = cluster.last().next();
    cluster.controller.resign();
    cluster.controller.local_broker = Some(klamm_model::Uuid::from_u128(1));
    cluster.controller.claim(cluster.now, end);
    for id in [1, 3000] {
        let other = cluster.run(&Command::RegisterBroker(Cluster::registration(id, 2)));
        assert_eq!(other.reply.unwrap_err().code, ErrorCode::DuplicateBrokerRegistration, "{id}");
    }
}

#[test]
fn what_was_not_committed_is_gone_after_resigning() {
    let mut cluster = Cluster::at(33);
    cluster.start_broker(1);
    let committed = cluster.image().clone();
    let outcome = cluster.decide(&Command::CreateTopics(create(vec![topic("a", 1, 1)])));
    cluster.append(&outcome);
    assert!(cluster.image().topics().id_of("a").is_some());
    assert_eq!(cluster.controller.committed_image(), &committed);
    cluster.controller.resign();
    assert_eq!(cluster.image(), &committed);
    assert_eq!(cluster.commit(), None);
}

#[test]
fn a_commit_tells_what_changed_since_the_last() {
    let mut cluster = Cluster::at(33);
    cluster.start_broker(1);
    let before = cluster.controller.committed_image().clone();
    for name in ["a", "b"] {
        let outcome = cluster.decide(&Command::CreateTopics(create(vec![topic(name, 1, 1)])));
        cluster.append(&outcome);
    }
    let after = cluster.image().clone();
    let delta = cluster.commit().unwrap();
    assert_eq!((delta.before(), delta.after()), (&before, &after));
    assert_eq!(delta.changes().topics.len(), 2);
    assert_eq!(cluster.commit(), None, "nothing is told twice");
}

#[test]
fn a_commit_of_the_first_batch_only_publishes_that() {
    let mut cluster = Cluster::at(33);
    cluster.start_broker(1);
    let first = cluster.decide(&Command::CreateTopics(create(vec![topic("a", 1, 1)])));
    cluster.append(&first);
    let end_of_first = cluster.last();
    let second = cluster.decide(&Command::CreateTopics(create(vec![topic("b", 1, 1)])));
    cluster.append(&second);
    let delta = cluster.controller.on_committed(end_of_first).unwrap();
    assert!(delta.after().topics().id_of("a").is_some());
    assert!(delta.after().topics().id_of("b").is_none());
    assert_eq!(delta.after().last_offset(), Some(end_of_first));
}

#[test]
fn an_open_transaction_is_not_published_and_an_aborted_one_never() {
    let mut cluster = Cluster::at(33);
    cluster.start_broker(1);
    let published = cluster.controller.committed_image().clone();
    cluster.force(BeginTransactionRecord::default());
    cluster.create(vec![topic("a", 1, 1)]);
    let settled = cluster.controller.committed_image().clone();
    assert_eq!(settled.topics(), published.topics(), "the transaction is open");
    cluster.force(AbortTransactionRecord::default());
    assert_eq!(cluster.image().topics().len(), 0);
    assert_eq!(cluster.controller.committed_image().topics().len(), 0);
    assert_eq!(cluster.controller.committed_image().last_offset(), Some(cluster.last()));

    cluster.force(BeginTransactionRecord::default());
    cluster.create(vec![topic("b", 1, 1)]);
    cluster.force(EndTransactionRecord::default());
    assert!(cluster.controller.committed_image().topics().id_of("b").is_some());
}

#[test]
fn resigning_within_a_transaction_keeps_its_committed_part() {
    let mut cluster = Cluster::at(33);
    cluster.start_broker(1);
    cluster.force(BeginTransactionRecord::default());
    cluster.create(vec![topic("a", 1, 1)]);
    cluster.controller.resign();
    assert!(cluster.image().topics().id_of("a").is_some(), "committed, though not settled");
    cluster.force(EndTransactionRecord::default());
    assert!(cluster.controller.committed_image().topics().id_of("a").is_some());
}

#[test]
fn a_loaded_snapshot_replaces_everything_and_says_what_differs() {
    let mut one = Cluster::at(33);
    one.start_broker(1);
    one.create(vec![topic("a.b", 1, 1)]);
    let image = one.controller.committed_image().clone();
    let mut other = Cluster::at(33);
    other.start_broker(2);
    other.controller.resign();
    let delta = other.controller.load_snapshot(image.clone());
    assert_eq!(delta.after(), &image);
    assert_eq!(delta.changes().brokers.len(), 2);
    assert_eq!(other.image(), &image);
    other.controller.claim(other.now, image.last_offset().unwrap().next());
    let collides = other.decide(&Command::CreateTopics(create(vec![topic("a_b", 1, 1)])));
    assert!(collides.records.is_empty(), "names that collide are known after a snapshot too");
}

/// Tells that broker 1 has lost its replica of `a-0`, or has it in its directory.
fn tell_directory(cluster: &mut Cluster, directory: Uuid) {
    let topic_id = cluster.id("a", 0).topic_id.get();
    let partition = DirPartition { partition_index: 0, ..Default::default() };
    let topics = vec![DirTopic { topic_id, partitions: vec![partition], ..Default::default() }];
    let request = AssignReplicasToDirsRequest {
        broker_id: 1,
        broker_epoch: cluster.epoch(1).get(),
        directories: vec![DirectoryData { id: directory, topics, ..Default::default() }],
        ..Default::default()
    };
    let outcome = cluster.run(&Command::AssignReplicasToDirs(request));
    assert!(outcome.reply.is_ok(), "{outcome:?}");
}

#[test]
fn rule_52_a_replica_told_as_lost_leads_no_more_until_its_directory_is_told() {
    let mut cluster = Cluster::with(33, &[(Feature::EligibleLeaderReplicas, 1)]);
    (1..=2).for_each(|id| cluster.start_broker(id));
    cluster.create(vec![assigned_topic("a", &[&[1, 2]])]);
    tell_directory(&mut cluster, DirectoryId::LOST);
    let partition = cluster.partition("a", 0);
    assert_eq!(
        (partition.leader, partition.isr.as_slice()),
        (Some(BrokerId::at(2)), [BrokerId::at(2)].as_slice())
    );
    assert_eq!(partition.directories[0], DirectoryId::LOST);
    // The other one goes: the lost replica is not elected, whatever the controller thinks it had.
    let fence = BrokerHeartbeatRequest { want_fence: true, ..cluster.heartbeat_request(2) };
    cluster.run(&Command::BrokerHeartbeat(fence));
    assert_ne!(cluster.partition("a", 0).leader, Some(BrokerId::at(1)));
}

#[test]
fn rule_52_the_last_member_of_an_isr_that_is_told_as_lost_leaves_the_partition_without_a_leader() {
    let mut cluster = Cluster::with(33, &[(Feature::EligibleLeaderReplicas, 1)]);
    cluster.start_broker(1);
    cluster.create(vec![assigned_topic("a", &[&[1]])]);
    tell_directory(&mut cluster, DirectoryId::LOST);
    assert_eq!(cluster.partition("a", 0).leader, None);
    tell_directory(&mut cluster, directory(1, 0));
    cluster.heartbeat(1);
    assert_eq!(cluster.partition("a", 0).directories, [directory(1, 0)]);
}

#[test]
fn rule_17_the_last_member_of_an_isr_that_cannot_prove_a_clean_stop_is_not_elected_again() {
    for is_clean in [true, false] {
        let mut cluster = Cluster::with(33, &[(Feature::EligibleLeaderReplicas, 1)]);
        cluster.start_broker(1);
        cluster.create(vec![assigned_topic("a", &[&[1]])]);
        let before = cluster.epoch(1).get();
        let fence = BrokerHeartbeatRequest { want_fence: true, ..cluster.heartbeat_request(1) };
        cluster.run(&Command::BrokerHeartbeat(fence));
        let mut again = Cluster::registration(1, 2);
        again.request.previous_broker_epoch = if is_clean { before } else { -1 };
        cluster.advance(20_000);
        let reply = cluster.run(&Command::RegisterBroker(again)).reply;
        assert!(reply.is_ok(), "{reply:?}");
        let partition = cluster.partition("a", 0);
        let counts = partition.isr.contains(&BrokerId::at(1)) || partition.elr.contains(&BrokerId::at(1));
        assert_eq!(counts, is_clean, "{partition:?}");
    }
}

#[test]
fn rule_18_what_a_broker_is_to_delete_names_the_incarnation_also_where_the_name_is_taken_again() {
    let mut cluster = Cluster::at(33);
    cluster.start_broker(1);
    cluster.create(vec![assigned_topic("a", &[&[1]])]);
    let (before, old) = (cluster.image().clone(), cluster.id("a", 0));
    let topic = DeleteTopicState { name: Some("a".into()), ..Default::default() };
    let deletion = DeleteTopics {
        request: DeleteTopicsRequest { topics: vec![topic], ..Default::default() },
        describable: Names::All,
        deletable: Names::All,
        quota: MutationQuota::Permissive,
    };
    cluster.run(&Command::DeleteTopics(deletion));
    cluster.create(vec![assigned_topic("a", &[&[1]])]);
    let new = cluster.id("a", 0);
    assert_ne!(old, new);
    let delta = MetadataDelta::between(before, cluster.image().clone());
    let replicas = crate::local_replicas(&delta, BrokerId::at(1));
    let deleted: Vec<_> = replicas.delete.iter().map(|(id, _)| *id).collect();
    let led: Vec<_> = replicas.lead.iter().map(|replica| replica.id).collect();
    assert_eq!((deleted, led), (vec![old], vec![new]));
}

#[test]
fn rule_39_a_broker_serves_only_once_it_has_read_its_own_registration_whole() {
    let mut cluster = Cluster::at(33);
    let reply = cluster.run(&Command::RegisterBroker(Cluster::registration(1, 1))).reply;
    assert!(reply.is_ok(), "{reply:?}");
    let registered_at = cluster.last().get();
    // What comes after the registration it need not have read.
    cluster.start_broker(2);
    for (read, is_ready) in [(-1, false), (registered_at - 1, false), (registered_at, true)] {
        let heartbeat = BrokerHeartbeatRequest {
            current_metadata_offset: read,
            want_fence: false,
            ..cluster.heartbeat_request(1)
        };
        let outcome = cluster.run(&Command::BrokerHeartbeat(heartbeat));
        let Ok(Reply::BrokerHeartbeat(response)) = outcome.reply else { panic!("{:?}", outcome.reply) };
        assert_eq!((response.is_caught_up, response.is_fenced), (is_ready, !is_ready), "read up to {read}");
        assert_eq!(cluster.image().cluster().is_active(BrokerId::at(1)), is_ready);
    }
}

/// Two partitions with three replicas each and `min.insync.replicas=2`; the second is taken to its first replica.
fn taken_to_one_replica() -> Cluster {
    let mut cluster = Cluster::with(33, &[(Feature::EligibleLeaderReplicas, 1)]);
    (1..=3).for_each(|id| cluster.start_broker(id));
    let mut topic = assigned_topic("a", &[&[1, 2, 3], &[1, 2, 3]]);
    topic.configs = vec![CreatableTopicConfig {
        name: "min.insync.replicas".into(),
        value: Some("2".into()),
        ..Default::default()
    }];
    cluster.create(vec![topic]);
    reassign(&mut cluster, vec![1]);
    cluster
}

fn reassign(cluster: &mut Cluster, replicas: Vec<i32>) {
    let partition =
        ReassignablePartition { partition_index: 1, replicas: Some(replicas), ..Default::default() };
    let topic = ReassignableTopic { name: "a".into(), partitions: vec![partition], ..Default::default() };
    let request = AlterPartitionReassignmentsRequest { topics: vec![topic], ..Default::default() };
    let outcome = cluster.run(&Command::AlterPartitionReassignments(request));
    assert!(outcome.reply.is_ok() && !outcome.records.is_empty(), "{outcome:?}");
}

#[test]
fn rule_26_a_replica_that_is_taken_away_is_no_eligible_leader_when_it_comes_back_empty() {
    let mut cluster = taken_to_one_replica();
    let taken = cluster.partition("a", 1);
    assert_eq!((taken.replicas.len(), taken.elr), (1, vec![]), "their logs are deleted");
    reassign(&mut cluster, vec![1, 2]);
    let partition = cluster.partition("a", 1);
    assert_eq!((&partition.isr[..], &partition.elr[..]), (&[BrokerId::at(1)][..], &[][..]), "{partition:?}");
    let fence = BrokerHeartbeatRequest { want_fence: true, ..cluster.heartbeat_request(1) };
    cluster.run(&Command::BrokerHeartbeat(fence));
    let partition = cluster.partition("a", 1);
    assert_eq!((partition.leader, partition.elr), (None, vec![BrokerId::at(1)]), "1 has all, 2 has nothing");
}

/// Apache Kafka's controllers leave it in the list.
#[test]
fn rule_26_what_was_eligible_without_being_a_replica_is_not_so_once_it_becomes_one() {
    let mut cluster = taken_to_one_replica();
    let id = cluster.id("a", 1);
    cluster.force(PartitionChangeRecord {
        topic_id: id.topic_id.get(),
        partition_id: id.partition,
        eligible_leader_replicas: Some(vec![2, 3]),
        ..PartitionChangeRecord::default()
    });
    reassign(&mut cluster, vec![1, 2]);
    let partition = cluster.partition("a", 1);
    assert_eq!((partition.isr, partition.elr), (vec![BrokerId::at(1)], vec![]));
}
