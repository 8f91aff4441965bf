//! `--describe`: asks for topics, their configs and moves, and shows what the reports leave.

use klamm_client::{Admin, ClientError};
use klamm_model::Uuid;
use klamm_protocol::messages::describe_configs_request::DescribeConfigsResource;
use klamm_protocol::messages::describe_topic_partitions_request::{Cursor, TopicRequest};
use klamm_protocol::messages::describe_topic_partitions_response::{
    DescribeTopicPartitionsResponsePartition, DescribeTopicPartitionsResponseTopic,
};
use klamm_protocol::messages::list_partition_reassignments_request::ListPartitionReassignmentsTopics;
use klamm_protocol::messages::{
    DescribeClusterRequest, DescribeConfigsRequest, DescribeTopicPartitionsRequest,
    ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse,
};
use klamm_protocol::{ErrorCode, Str};

use super::description::Description;
use super::{REPORTS, check_found, failed, names};
use crate::options::Given;
use crate::tool::{Terminal, ToolError, ToolResult};

/// DescribeConfigs' number of topics.
const TOPIC: i8 = 2;

/// `--describe`.
pub(super) async fn describe(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let wants_json = given.wants_json()?;
    let topics = topics(admin, given).await?;
    let names: Vec<Str> = topics.iter().filter_map(|topic| topic.name.clone()).collect();
    let resources = names.iter().map(|name| DescribeConfigsResource {
        resource_type: TOPIC,
        resource_name: name.clone(),
        ..DescribeConfigsResource::default()
    });
    let request =
        DescribeConfigsRequest { resources: resources.collect(), ..DescribeConfigsRequest::default() };
    let configs =
        if names.is_empty() { Vec::new() } else { admin.describe_configs(&request).await.map_err(failed)? };
    let cluster = admin.describe_cluster(&DescribeClusterRequest::default()).await.map_err(failed)?;
    let live: Vec<i32> = cluster.brokers.iter().map(|broker| broker.broker_id).collect();
    let moves = moves(admin, &topics).await?;
    let mut shown = Vec::new();
    for topic in &topics {
        let name = topic.name.clone().unwrap_or_default();
        let configs = configs.iter().find(|result| result.resource_name == name);
        if let Some(result) = configs {
            ClientError::check_with(result.error_code, result.error_message.as_deref()).map_err(failed)?;
        }
        let moves = moves.topics.iter().filter(|moving| moving.name == name);
        let description =
            Description { topic, configs, moves: moves.flat_map(|moving| &moving.partitions).collect() };
        let partitions = selected(&description, given, &live);
        let with_overrides = given.has("topics-with-overrides");
        if wants_json {
            if !with_overrides || description.has_overrides() {
                shown.push(description.to_json(&partitions));
            }
            continue;
        }
        let shows_head = given.count(&REPORTS) == 0 && (!with_overrides || description.has_overrides());
        if shows_head {
            description.print_head(terminal.out)?;
        }
        if !with_overrides {
            for partition in partitions {
                description.print_partition(partition, terminal.out)?;
            }
        }
    }
    if wants_json {
        writeln!(terminal.out, "{}", serde_json::json!(shown))?;
    }
    Ok(())
}

/// The partitions that the reports leave, all without a report.
fn selected<'a>(
    description: &Description<'a>,
    given: &Given,
    live: &[i32],
) -> Vec<&'a DescribeTopicPartitionsResponsePartition> {
    let reports: Vec<&str> = REPORTS.into_iter().filter(|report| given.has(report)).collect();
    let partitions = description.topic.partitions.iter();
    let wanted = |partition: &&DescribeTopicPartitionsResponsePartition| {
        reports.is_empty() || reports.iter().any(|report| description.is_reported(partition, report, live))
    };
    partitions.filter(wanted).collect()
}

/// The topics asked for, by id or by name.
async fn topics(
    admin: &Admin,
    given: &Given,
) -> Result<Vec<DescribeTopicPartitionsResponseTopic>, ToolError> {
    if let Some(id) = given.value("topic-id")? {
        let id: Uuid = id.parse().map_err(|_| ToolError::Failed(crate::java::uuid_refusal(id)))?;
        if id != Uuid::ZERO {
            return topic_of_id(admin, given, id).await;
        }
    }
    let names = names(admin, given).await?;
    check_found(&names, given)?;
    let limit = given.number("partition-size-limit-per-response")?.unwrap_or(2000);
    if names.is_empty() { Ok(Vec::new()) } else { pages(admin, names, limit).await }
}

async fn topic_of_id(
    admin: &Admin,
    given: &Given,
    id: Uuid,
) -> Result<Vec<DescribeTopicPartitionsResponseTopic>, ToolError> {
    let topics = admin.list_topics().await.map_err(failed)?;
    let found = topics.iter().find(|topic| topic.id.map(|known| known.get()) == Some(id));
    let Some(found) = found else {
        if given.has("if-exists") {
            return Ok(Vec::new());
        }
        return Err(ToolError::Failed(format!("TopicId '{id}' does not exist as expected")));
    };
    let mut described = pages(admin, vec![Str::from(&*found.name)], 2000).await?;
    // Kafka asks by id with a request that knows nothing of them.
    for partition in described.iter_mut().flat_map(|topic| &mut topic.partitions) {
        partition.eligible_leader_replicas = None;
        partition.last_known_elr = None;
    }
    Ok(described)
}

/// All pages of DescribeTopicPartitions, put together, by name.
async fn pages(
    admin: &Admin,
    mut names: Vec<Str>,
    limit: i32,
) -> Result<Vec<DescribeTopicPartitionsResponseTopic>, ToolError> {
    names.sort();
    let mut topics: Vec<DescribeTopicPartitionsResponseTopic> = Vec::new();
    let mut cursor = None;
    loop {
        let rest =
            names.iter().filter(|name| cursor.as_ref().is_none_or(|at: &Cursor| **name >= at.topic_name));
        let request = DescribeTopicPartitionsRequest {
            topics: rest.map(|name| TopicRequest { name: name.clone(), ..TopicRequest::default() }).collect(),
            response_partition_limit: limit,
            cursor: cursor.clone().map(Box::new),
            ..DescribeTopicPartitionsRequest::default()
        };
        let response = admin.describe_topic_partitions(&request).await.map_err(failed)?;
        for topic in response.topics {
            ClientError::check(topic.error_code).map_err(failed)?;
            match topics.last_mut().filter(|last| last.name == topic.name) {
                Some(last) => last.partitions.extend(topic.partitions),
                None => topics.push(topic),
            }
        }
        let Some(next) = response.next_cursor else { break };
        cursor = Some(Cursor {
            topic_name: next.topic_name.clone(),
            partition_index: next.partition_index,
            ..Cursor::default()
        });
    }
    for topic in &mut topics {
        topic.partitions.sort_by_key(|partition| partition.partition_index);
    }
    Ok(topics)
}

/// Moves under way of the topics' partitions; none where the cluster does not tell.
async fn moves(
    admin: &Admin,
    topics: &[DescribeTopicPartitionsResponseTopic],
) -> Result<ListPartitionReassignmentsResponse, ToolError> {
    let wanted = topics.iter().map(|topic| ListPartitionReassignmentsTopics {
        name: topic.name.clone().unwrap_or_default(),
        partition_indexes: topic.partitions.iter().map(|partition| partition.partition_index).collect(),
        ..ListPartitionReassignmentsTopics::default()
    });
    let request = ListPartitionReassignmentsRequest {
        topics: Some(wanted.collect()),
        timeout_ms: admin.timeout_ms(),
        ..ListPartitionReassignmentsRequest::default()
    };
    let unknown = |error: &ClientError| {
        matches!(error, ClientError::UnsupportedVersion { .. })
            || error.code() == Some(ErrorCode::ClusterAuthorizationFailed)
    };
    match admin.list_partition_reassignments(&request).await {
        Ok(response) => Ok(response),
        Err(error) if unknown(&error) => Ok(ListPartitionReassignmentsResponse::default()),
        Err(error) => Err(failed(error)),
    }
}
