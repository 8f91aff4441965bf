//! Rules of CreateTopics, on a small cluster.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet as Set;

use klamm_model::{BrokerId, Uuid};
use klamm_protocol::messages::create_topics_request::CreatableTopicConfig;
use klamm_protocol::messages::{ConfigRecord, MetadataRecord, PartitionRecord, TopicRecord};

use super::*;
use crate::Feature;
use crate::controller::fixture::{Cluster, assigned_topic, create, directory, topic};
use crate::controller::{Command, MutationQuota, Names, Reply};

fn cluster(brokers: i32) -> Cluster {
    let mut cluster = Cluster::at(33);
    for id in 0..brokers {
        cluster.start_broker(id);
    }
    cluster
}

fn answers(outcome: &Outcome) -> Vec<(String, i16, Option<String>)> {
    let Ok(Reply::CreateTopics(response)) = &outcome.reply else { panic!("{outcome:?}") };
    let one = |t: &CreatableTopicResult| {
        (t.name.to_string(), t.error_code, t.error_message.as_ref().map(Str::to_string))
    };
    response.topics.iter().map(one).collect()
}

fn error_of(cluster: &mut Cluster, topic: CreatableTopic) -> (i16, String) {
    let outcome = cluster.decide(&Command::CreateTopics(create(vec![topic])));
    assert!(outcome.records.is_empty());
    let (_, code, text) = answers(&outcome).remove(0);
    (code, text.unwrap_or_default())
}

#[test]
fn a_topic_is_one_atomic_batch_of_topic_configs_and_partitions() {
    let mut cluster = cluster(1);
    let mut asked = topic("orders", 2, 1);
    asked.configs.push(CreatableTopicConfig {
        name: "cleanup.policy".into(),
        value: Some("compact".into()),
        ..Default::default()
    });
    let outcome = cluster.decide(&Command::CreateTopics(create(vec![asked])));
    assert_eq!(outcome.append, Append::Atomic);
    assert_eq!(outcome.charged_partitions, 2);
    let MetadataRecord::Topic(TopicRecord { topic_id, .. }) = &outcome.records[0].record else {
        panic!("{outcome:?}")
    };
    let partition = |partition_id| {
        let record = PartitionRecord {
            partition_id,
            topic_id: *topic_id,
            replicas: vec![0],
            isr: vec![0],
            leader: 0,
            leader_epoch: 0,
            partition_epoch: 0,
            directories: vec![directory(0, 0)],
            ..Default::default()
        };
        VersionedRecord::new(record, 2)
    };
    let expected = vec![
        VersionedRecord::v0(TopicRecord { name: "orders".into(), topic_id: *topic_id, ..Default::default() }),
        VersionedRecord::v0(ConfigRecord {
            resource_type: 2,
            resource_name: "orders".into(),
            name: "cleanup.policy".into(),
            value: Some("compact".into()),
            ..Default::default()
        }),
        partition(0),
        partition(1),
    ];
    assert_eq!(outcome.records, expected);
    let Ok(Reply::CreateTopics(response)) = &outcome.reply else { panic!("{outcome:?}") };
    let config = |name: &str, value: &str, config_source| CreatableTopicConfigs {
        name: name.into(),
        value: Some(value.into()),
        config_source,
        ..Default::default()
    };
    let result = CreatableTopicResult {
        name: "orders".into(),
        topic_id: *topic_id,
        error_message: None,
        num_partitions: 2,
        replication_factor: 1,
        configs: Some(vec![config("cleanup.policy", "compact", 1), config("min.insync.replicas", "1", 5)]),
        ..Default::default()
    };
    assert_eq!(response.topics, [result]);
}

#[test]
fn defaults_fill_what_the_client_leaves_open() {
    let mut cluster = cluster(1);
    cluster.create(vec![topic("a", -1, -1)]);
    assert_eq!(cluster.image().topics().by_name("a").unwrap().partition_count(), 2);
}

#[test]
fn each_field_has_kafkas_error() {
    let mut cluster = cluster(1);
    cluster.create(vec![topic("taken", 1, 1), topic("a.b", 1, 1)]);
    let mut check =
        |asked, code, text: &str| assert_eq!(error_of(&mut cluster, asked), (code, text.to_owned()));
    check(topic("taken", 1, 1), 36, "Topic 'taken' already exists.");
    check(topic("a_b", 1, 1), 17, "Topic 'a_b' collides with existing topic: a.b");
    check(topic("", 1, 1), 17, "Topic name is invalid: the empty string is not allowed");
    check(topic("a", 1, 0), 38, "Replication factor must be larger than 0, or -1 to use the default value.");
    check(topic("a", 0, 1), 37, "Number of partitions was set to an invalid non-positive value.");
    check(
        topic("a", 1, 2),
        38,
        "Unable to replicate the partition 2 time(s): The target replication factor of 2 cannot be reached \
         because only 1 broker(s) are registered or some brokers have all their log directories cordoned.",
    );
    let with = |name: &str, value: Option<&str>| {
        let mut asked = topic("a", 1, 1);
        let value = value.map(Str::from);
        asked.configs.push(CreatableTopicConfig { name: name.into(), value, ..Default::default() });
        asked
    };
    check(with("cleanup.policy", None), 40, "Null value not supported for topic configs: cleanup.policy");
    check(with("no.such.key", Some("1")), 40, "Unknown topic config name: no.such.key");
}

#[test]
fn manual_assignments_are_checked_as_kafka_checks_them() {
    let mut cluster = cluster(2);
    cluster.run(&Command::RegisterBroker(Cluster::registration(7, 1)));
    let mut check =
        |asked, code, text: &str| assert_eq!(error_of(&mut cluster, asked), (code, text.to_owned()));
    let both = "A manual partition assignment was specified, but";
    check(
        CreatableTopic { replication_factor: 1, ..assigned_topic("a", &[&[0]]) },
        42,
        &format!("{both} replication factor was not set to -1."),
    );
    check(
        CreatableTopic { num_partitions: 1, ..assigned_topic("a", &[&[0]]) },
        42,
        &format!("{both} numPartitions was not set to -1."),
    );
    let manual = "The manual partition assignment includes";
    check(assigned_topic("a", &[&[]]), 39, &format!("{manual} an empty replica list."));
    check(assigned_topic("a", &[&[9]]), 39, &format!("{manual} broker 9, but no such broker is registered."));
    check(assigned_topic("a", &[&[0, 0]]), 39, &format!("{manual} the broker 0 more than once."));
    check(
        assigned_topic("a", &[&[0], &[0, 1]]),
        39,
        &format!(
            "{manual} a partition with 2 replica(s), but this is not consistent with previous partitions, which \
             have 1 replica(s)."
        ),
    );
    check(
        assigned_topic("a", &[&[7]]),
        39,
        "All brokers specified in the manual partition assignment for partition 0 are fenced or in controlled \
         shutdown.",
    );
    let mut gap = assigned_topic("a", &[&[0], &[1]]);
    gap.assignments[1].partition_index = 2;
    check(gap, 39, "partitions should be a consecutive 0-based integer sequence");
    let mut twice = assigned_topic("a", &[&[0], &[1]]);
    twice.assignments[1].partition_index = 0;
    check(twice, 39, "Found multiple manual partition assignments for partition 0");
}

#[test]
fn fenced_replicas_are_assigned_but_not_in_sync() {
    let mut cluster = cluster(2);
    cluster.run(&Command::RegisterBroker(Cluster::registration(7, 1)));
    cluster.create(vec![assigned_topic("a", &[&[7, 1, 0]])]);
    let parts = cluster.partition("a", 0);
    let ids = |list: &[i32]| list.iter().map(|id| BrokerId::at(*id)).collect::<Vec<_>>();
    assert_eq!((parts.replicas, parts.isr), (ids(&[7, 1, 0]), ids(&[1, 0])));
    assert_eq!(parts.leader, Some(BrokerId::at(1)));
}

#[test]
fn rule_25_placement_uses_fenced_brokers_as_last_resort() {
    let mut cluster = cluster(2);
    cluster.run(&Command::RegisterBroker(Cluster::registration(7, 1)));
    cluster.create(vec![topic("a", 4, 3)]);
    for index in 0..4 {
        let parts = cluster.partition("a", index);
        assert_eq!(parts.replicas.len(), 3);
        assert_eq!(parts.isr.len(), 2);
        assert_ne!(parts.replicas[0], BrokerId::at(7), "a fenced broker is never preferred leader");
    }
}

#[test]
fn names_that_are_refused_are_answered_after_the_others() {
    let mut cluster = cluster(1);
    let mut command = create(vec![
        topic("twice", 1, 1),
        topic("hidden", 1, 1),
        topic("good", 1, 1),
        topic("twice", 2, 1),
        topic("__cluster_metadata", 1, 1),
    ]);
    command.creatable = Names::Only(["twice", "good"].map(str::to_owned).into());
    command.describable = Names::Only(Set::new());
    let outcome = cluster.decide(&Command::CreateTopics(command));
    let expected = [
        ("good", 0, None),
        ("twice", 42, Some("Duplicate topic name.")),
        ("hidden", 29, Some("Authorization failed.")),
        ("__cluster_metadata", 42, Some("Creation of internal topic __cluster_metadata is prohibited.")),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(name, code, text)| (name.to_string(), *code, text.map(str::to_owned)))
        .collect();
    assert_eq!(answers(&outcome), expected);
    let Ok(Reply::CreateTopics(response)) = &outcome.reply else { panic!("{outcome:?}") };
    let good = &response.topics[0];
    assert_eq!((good.topic_config_error_code, good.num_partitions), (29, -1), "configs are not shown");
}

#[test]
fn one_bad_topic_does_not_spoil_the_others() {
    let mut cluster = cluster(1);
    let asked = vec![topic("a", 1, 1), topic("b", 1, 5), topic("c", 1, 1)];
    let outcome = cluster.run(&Command::CreateTopics(create(asked)));
    assert_eq!(answers(&outcome).iter().map(|a| a.1).collect::<Vec<_>>(), [0, 38, 0]);
    assert!(cluster.image().topics().id_of("a").is_some() && cluster.image().topics().id_of("c").is_some());
}

#[test]
fn validate_only_answers_without_records() {
    let mut cluster = cluster(1);
    let mut command = create(vec![topic("a", 1, 1)]);
    command.request.validate_only = true;
    let outcome = cluster.decide(&Command::CreateTopics(command));
    assert_eq!(answers(&outcome), [("a".to_owned(), 0, None)]);
    assert!(outcome.records.is_empty());
}

#[test]
fn a_request_for_too_many_partitions_is_refused_whole() {
    let mut cluster = cluster(1);
    let outcome =
        cluster.decide(&Command::CreateTopics(create(vec![topic("a", 9_999, 1), topic("b", -1, 1)])));
    let error = outcome.reply.unwrap_err();
    assert_eq!(error.code, ErrorCode::PolicyViolation);
    assert_eq!(error.message.as_deref(), Some("Excessively large number of partitions per request."));
    let outcome = cluster.decide(&Command::CreateTopics(create(vec![topic("a", 10_000, 1)])));
    let error = outcome.reply.unwrap_err();
    assert_eq!(error.code, ErrorCode::PolicyViolation, "10,000 partitions are 10,001 records");
    assert_eq!(error.message.as_deref(), Some("Unable to perform excessively large batch operation."));
}

#[test]
fn a_strict_quota_lets_one_operation_overdraw_it() {
    let mut cluster = cluster(1);
    let mut command = create(vec![topic("a", 5, 1), topic("b", 1, 1)]);
    command.quota = MutationQuota::Strict { tokens: 1.0 };
    let outcome = cluster.decide(&Command::CreateTopics(command));
    assert_eq!(answers(&outcome).iter().map(|a| a.1).collect::<Vec<_>>(), [0, 89]);
    assert_eq!(outcome.charged_partitions, 5);
}

#[test]
fn min_insync_replicas_at_creation_clears_the_elr_of_the_topic() {
    let mut cluster = Cluster::with(33, &[(Feature::EligibleLeaderReplicas, 1)]);
    cluster.start_broker(0);
    let mut asked = topic("a", 1, 1);
    asked.configs.push(CreatableTopicConfig {
        name: "min.insync.replicas".into(),
        value: Some("1".into()),
        ..Default::default()
    });
    let outcome = cluster.decide(&Command::CreateTopics(create(vec![asked])));
    let names: Vec<_> = outcome.records.iter().map(|record| record.record.name()).collect();
    assert_eq!(names, ["TopicRecord", "ConfigRecord", "ClearElrRecord", "PartitionRecord"]);
}

#[test]
fn records_follow_the_finalized_metadata_version() {
    for (level, version, directories) in
        [(7, 0, vec![]), (17, 1, vec![directory(0, 0)]), (23, 2, vec![directory(0, 0)])]
    {
        let mut cluster = Cluster::at(level);
        cluster.start_broker(0);
        let outcome = cluster.decide(&Command::CreateTopics(create(vec![topic("a", 1, 1)])));
        let MetadataRecord::Partition(partition) = &outcome.records[1].record else { panic!("{outcome:?}") };
        assert_eq!(outcome.records[1].version, version);
        let expected: Vec<Uuid> = directories;
        assert_eq!(partition.directories, expected, "at level {level}");
    }
}
