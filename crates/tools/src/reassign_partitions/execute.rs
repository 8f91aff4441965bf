//! `--execute` and `--cancel`.

use std::collections::{BTreeMap, BTreeSet};

use klamm_client::{Admin, ClientError};
use klamm_model::TopicPartition;
use klamm_protocol::Str;
use klamm_protocol::messages::alter_partition_reassignments_request::{
    ReassignablePartition, ReassignableTopic,
};
use klamm_protocol::messages::{AlterPartitionReassignmentsRequest, DescribeClusterRequest};

use super::directories::{locate, start_moves};
use super::plan::{MovePlan, Replica, to_json};
use super::{failed, joined, ongoing, read, throttles};
use crate::java;
use crate::options::Given;
use crate::tool::{Terminal, ToolError, ToolResult};

/// How long moves between directories may take to start, unless told otherwise.
const DEFAULT_TIMEOUT_MS: u64 = 10_000;

/// `--execute`.
pub(super) async fn execute(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let plan = MovePlan::parse(&read(given, "reassignment-json-file")?)?;
    let proposed = plan.checked()?;
    let under_way = ongoing(admin).await?;
    if !given.has("additional") && !under_way.is_empty() {
        return Err(ToolError::failed(
            "Cannot execute because there is an existing partition assignment.  Use --additional to override this and \
             create a new partition assignment in addition to the existing one. The --additional flag can also be used \
             to change the throttle by resubmitting the current reassignment.",
        ));
    }
    check_brokers(admin, &proposed).await?;
    let current = current_replicas(admin, &proposed).await?;
    let lie = locate(admin, replicas_of(&current)).await?;
    let lie = lie.into_iter().filter_map(|(replica, place)| Some((replica, place.current?))).collect();
    writeln!(
        terminal.out,
        "Current partition replica assignment\n\n{}\n\nSave this to use as the --reassignment-json-file option during \
         rollback",
        to_json(&current, &lie)
    )?;
    let replication_rate = given.number::<i64>("throttle")?.filter(|rate| *rate >= 0);
    let directory_rate = given.number::<i64>("replica-alter-log-dirs-throttle")?.filter(|rate| *rate >= 0);
    if replication_rate.is_some() || directory_rate.is_some() {
        writeln!(
            terminal.out,
            "Warning: You must run --verify periodically, until the reassignment completes, to ensure the throttle is \
             removed."
        )?;
    }
    if let Some(rate) = replication_rate {
        throttles::limit_replication(admin, &under_way, &proposed, &current, rate, terminal).await?;
    }
    if let Some(rate) = directory_rate {
        let brokers: BTreeSet<i32> = plan.directories.keys().map(|replica| replica.broker).collect();
        throttles::limit_directories(admin, &brokers, rate, terminal).await?;
    }
    let keeps_factor = given.has("disallow-replication-factor-change");
    let moves = proposed.iter().map(|(at, replicas)| (at.clone(), Some(replicas.clone())));
    let errors = reassign(admin, moves.collect(), !keeps_factor).await?;
    if !errors.is_empty() {
        return Err(ToolError::Failed(format!("Error reassigning partition(s):\n{}", told(&errors))));
    }
    let plural = if proposed.len() == 1 { "" } else { "s" };
    writeln!(
        terminal.out,
        "Successfully started partition reassignment{plural} for {}",
        joined(proposed.keys(), ",")
    )?;
    if plan.directories.is_empty() {
        return Ok(());
    }
    start_moves(admin, &plan.directories, timeout_ms(given)?, terminal).await
}

fn timeout_ms(given: &Given) -> Result<u64, ToolError> {
    Ok(given.number("timeout")?.unwrap_or(DEFAULT_TIMEOUT_MS))
}

fn replicas_of(assignment: &BTreeMap<TopicPartition, Vec<i32>>) -> Vec<Replica> {
    let rows = assignment.iter();
    rows.flat_map(|(at, brokers)| brokers.iter().map(|broker| Replica { broker: *broker, at: at.clone() }))
        .collect()
}

async fn check_brokers(admin: &Admin, proposed: &BTreeMap<TopicPartition, Vec<i32>>) -> ToolResult {
    let cluster = admin.describe_cluster(&DescribeClusterRequest::default()).await;
    let cluster = cluster.map_err(|error| failed(&error))?;
    let is_known = |id: &&i32| cluster.brokers.iter().any(|broker| broker.broker_id == **id);
    match proposed.values().flatten().find(|id| !is_known(id)) {
        None => Ok(()),
        Some(unknown) => Err(ToolError::Failed(format!("Error: Unknown broker id {unknown}"))),
    }
}

/// The replicas that the partitions have now; each has to exist.
async fn current_replicas(
    admin: &Admin,
    proposed: &BTreeMap<TopicPartition, Vec<i32>>,
) -> Result<BTreeMap<TopicPartition, Vec<i32>>, ToolError> {
    let unknown = |reason: String| {
        ToolError::Failed(format!(
            "Error: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: {reason}"
        ))
    };
    let topics: BTreeSet<&str> = proposed.keys().map(|at| &*at.topic).collect();
    let names: Vec<Str> = topics.into_iter().map(Str::from).collect();
    let described = admin.describe_topics(&names).await.map_err(|error| failed(&error))?;
    let mut current = BTreeMap::new();
    for (name, topic) in described {
        let Ok(topic) = topic else { return Err(unknown(format!("Topic {name} not found."))) };
        for partition in &topic.partitions {
            let at = TopicPartition::new(topic.name.clone(), partition.index);
            if proposed.contains_key(&at) {
                current.insert(at, partition.replicas.clone());
            }
        }
    }
    let missing: Vec<&TopicPartition> = proposed.keys().filter(|at| !current.contains_key(at)).collect();
    if missing.is_empty() {
        return Ok(current);
    }
    Err(unknown(format!("Unable to find partition: {}", joined(missing, ", "))))
}

type Errors = BTreeMap<TopicPartition, ClientError>;

fn told(errors: &Errors) -> String {
    joined(errors.iter().map(|(at, error)| format!("{at}: {}", java::message(error))), "\n")
}

/// AlterPartitionReassignments; `None` cancels a move. What was refused.
async fn reassign(
    admin: &Admin,
    moves: BTreeMap<TopicPartition, Option<Vec<i32>>>,
    may_change_factor: bool,
) -> Result<Errors, ToolError> {
    let mut topics: BTreeMap<Str, Vec<ReassignablePartition>> = BTreeMap::new();
    for (at, replicas) in moves {
        topics.entry(Str::from(&*at.topic)).or_default().push(ReassignablePartition {
            partition_index: at.partition,
            replicas,
            ..ReassignablePartition::default()
        });
    }
    let topics = topics.into_iter().map(|(name, partitions)| ReassignableTopic {
        name,
        partitions,
        ..ReassignableTopic::default()
    });
    let request = AlterPartitionReassignmentsRequest {
        timeout_ms: admin.timeout_ms(),
        allow_replication_factor_change: may_change_factor,
        topics: topics.collect(),
        ..AlterPartitionReassignmentsRequest::default()
    };
    let response = admin.alter_partition_reassignments(&request).await.map_err(|error| failed(&error))?;
    ClientError::check_with(response.error_code, response.error_message.as_deref())
        .map_err(|error| failed(&error))?;
    let mut errors = Errors::new();
    for topic in &response.responses {
        for row in &topic.partitions {
            if let Err(error) = ClientError::check_with(row.error_code, row.error_message.as_deref()) {
                errors.insert(TopicPartition::new(topic.name.as_str(), row.partition_index), error);
            }
        }
    }
    Ok(errors)
}

/// `--cancel`.
pub(super) async fn cancel(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let plan = MovePlan::parse(&read(given, "reassignment-json-file")?)?;
    let under_way = ongoing(admin).await?;
    let mut cancelled = BTreeMap::new();
    for (at, _) in &plan.rows {
        let found = under_way.get(at);
        if found.is_some_and(|found| !found.adding_replicas.is_empty() || !found.removing_replicas.is_empty())
        {
            cancelled.insert(at.clone(), None);
        }
    }
    if cancelled.is_empty() {
        writeln!(terminal.out, "None of the specified partition reassignments are active.")?;
    } else {
        let errors = reassign(admin, cancelled.clone(), true).await?;
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        if !errors.is_empty() {
            return Err(ToolError::Failed(format!(
                "Error cancelling partition reassignment{} for:\n{}",
                plural(errors.len()),
                told(&errors)
            )));
        }
        writeln!(
            terminal.out,
            "Successfully cancelled partition reassignment{} for: {}",
            plural(cancelled.len()),
            joined(cancelled.keys(), ",")
        )?;
    }
    let places = locate(admin, plan.directories.keys().cloned()).await?;
    let moving = places.into_iter().filter(|(_, place)| place.future.is_some());
    let back: BTreeMap<Replica, String> =
        moving.filter_map(|(replica, place)| Some((replica, place.current?))).collect();
    if back.is_empty() {
        write!(terminal.out, "None of the specified partition moves are active.")?;
    } else {
        start_moves(admin, &back, timeout_ms(given)?, terminal).await?;
    }
    if given.has("preserve-throttles") {
        return Ok(());
    }
    throttles::clear(admin, &plan.rows, terminal).await
}
