//! Random commands that make, change and remove topics.

use klamm_protocol::messages::{
    CreatePartitionsRequest, DeleteTopicsRequest, create_partitions_request, delete_topics_request,
};

use super::brokers::heartbeat;
use super::known::topics;
use super::{Asked, BROKERS, NAMES, asked};
use crate::controller::fixture::{Cluster, assigned_topic, create};
use crate::controller::{Command, CreatePartitions, DeleteTopics, MutationQuota, Names};
use crate::oracle::Random;

pub(super) fn create_topics(random: &mut Random, cluster: &Cluster) -> Asked {
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

pub(super) fn delete_topics(random: &mut Random, cluster: &Cluster) -> Asked {
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

pub(super) fn create_partitions(random: &mut Random, cluster: &Cluster) -> Asked {
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
