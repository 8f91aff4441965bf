//! DescribeTopicPartitions: topics page by page (KIP-966).

use klamm_protocol::ErrorCode;
use klamm_protocol::messages::DescribeTopicPartitionsResponse;
use klamm_protocol::messages::describe_topic_partitions_response::{
    Cursor, DescribeTopicPartitionsResponsePartition, DescribeTopicPartitionsResponseTopic,
};

use super::ClientView;
use crate::image::{Partition, Topic};
use crate::snapshot::broker_numbers;
use crate::{is_internal_topic, topic_name_error};

/// Which part of the topics is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicPage<'a> {
    /// The topic a former page ended in, and its first partition not told; the names begin there.
    pub cursor: Option<(&'a str, i32)>,
    /// Most partitions to tell; positive.
    pub limit: usize,
}

/// Whether names that do not exist are answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unknown {
    Answered,
    PassedOver,
}

/// The topics `names` (sorted, and allowed to the client), or all that `allowed` lets pass.
pub fn describe_topic_partitions(
    view: ClientView<'_>,
    names: Option<&[&str]>,
    page: TopicPage<'_>,
    allowed: impl Fn(&str) -> bool,
) -> DescribeTopicPartitionsResponse {
    let first = page.cursor.map_or("", |(topic, _)| topic);
    match names {
        Some(names) => {
            let rest = names.iter().copied().filter(|name| *name >= first);
            pages(view, rest, page, Unknown::Answered)
        }
        None => {
            let all = view.image().topics().iter_by_name_from(first);
            let names = all.map(|topic| &**topic.name()).filter(|name| allowed(name));
            pages(view, names, page, Unknown::PassedOver)
        }
    }
}

fn pages<'n>(
    view: ClientView<'_>,
    names: impl Iterator<Item = &'n str>,
    page: TopicPage<'_>,
    unknown: Unknown,
) -> DescribeTopicPartitionsResponse {
    let mut response = DescribeTopicPartitionsResponse::default();
    let mut left = page.limit;
    for name in names {
        if left == 0 {
            response.next_cursor = Some(cursor(name, 0));
            break;
        }
        let Some(topic) = view.image().topics().by_name(name) else {
            if unknown == Unknown::Answered {
                response.topics.push(unknown_topic(name));
            }
            continue;
        };
        let start = page.cursor.filter(|(topic, _)| *topic == name).map_or(0, |(_, partition)| partition);
        let (told, next) = partitions(view, topic, start, left);
        left -= told.len();
        response.topics.push(DescribeTopicPartitionsResponseTopic {
            name: Some(name.into()),
            topic_id: topic.id().get(),
            is_internal: is_internal_topic(name),
            partitions: told,
            ..DescribeTopicPartitionsResponseTopic::default()
        });
        if let Some(next) = next {
            response.next_cursor = Some(cursor(name, next));
            break;
        }
    }
    response
}

/// Partitions from `start` on, and where the next page begins if not all fit.
fn partitions(
    view: ClientView<'_>,
    topic: &Topic,
    start: i32,
    limit: usize,
) -> (Vec<DescribeTopicPartitionsResponsePartition>, Option<i32>) {
    let mut rest = topic.partitions_from(start);
    let told = rest.by_ref().take(limit).map(|(index, p)| partition(view, index, p)).collect();
    (told, rest.next().map(|(index, _)| index))
}

fn partition(
    view: ClientView<'_>,
    partition_index: i32,
    partition: &Partition,
) -> DescribeTopicPartitionsResponsePartition {
    DescribeTopicPartitionsResponsePartition {
        partition_index,
        leader_id: view.leader_node(partition).map_or(-1, |leader| leader.id.get()),
        leader_epoch: partition.leader_epoch().get(),
        replica_nodes: broker_numbers(partition.replicas()),
        isr_nodes: broker_numbers(partition.isr()),
        eligible_leader_replicas: Some(broker_numbers(partition.elr())),
        last_known_elr: Some(broker_numbers(partition.last_known_elr())),
        offline_replicas: view.offline_replicas(partition),
        ..DescribeTopicPartitionsResponsePartition::default()
    }
}

fn unknown_topic(name: &str) -> DescribeTopicPartitionsResponseTopic {
    let error = match topic_name_error(name) {
        Some(_) => ErrorCode::InvalidTopicException,
        None => ErrorCode::UnknownTopicOrPartition,
    };
    DescribeTopicPartitionsResponseTopic {
        error_code: error.code(),
        name: Some(name.into()),
        is_internal: is_internal_topic(name),
        ..DescribeTopicPartitionsResponseTopic::default()
    }
}

fn cursor(topic: &str, partition_index: i32) -> Box<Cursor> {
    Box::new(Cursor { topic_name: topic.into(), partition_index, ..Cursor::default() })
}
