//! `--delete` and `--delete-offsets`.

use std::collections::BTreeMap;

use klamm_client::{Admin, ClientError};
use klamm_model::TopicPartition;
use klamm_protocol::{ErrorCode, Str};

use super::reset::parse_topic;
use super::{complain, groups, places, shown};
use crate::java;
use crate::options::Given;
use crate::tool::{Terminal, ToolError, ToolResult};

/// `--delete`.
pub(super) async fn delete(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let names = groups(admin, given).await?;
    let results = admin.delete_groups(&names).await.map_err(|error| shown(&error))?;
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for (group, result) in results {
        match result {
            Ok(()) => done.push(format!("'{group}'")),
            Err(error) => failed.push((group, error)),
        }
    }
    let done = done.join(", ");
    if failed.is_empty() {
        return Ok(writeln!(terminal.out, "Deletion of requested consumer groups ({done}) was successful.")?);
    }
    complain("Deletion of some consumer groups failed:", terminal)?;
    for (group, error) in &failed {
        let reason = java::exception(error);
        writeln!(terminal.out, "* Group '{group}' could not be deleted due to: {reason}")?;
    }
    if !done.is_empty() {
        writeln!(terminal.out, "\nThese consumer groups were deleted successfully: {done}")?;
    }
    Ok(())
}

/// What became of each partition; a topic that could not be found stands with partition -1, as Kafka shows it.
type Results = BTreeMap<(String, i32), Result<(), ClientError>>;

/// `--delete-offsets`.
pub(super) async fn delete_offsets(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let group = given.value("group")?.unwrap_or_default();
    let mut results = Results::new();
    let mut partitions: Vec<TopicPartition> = Vec::new();
    for topic in given.values("topic") {
        if topic.contains(':') {
            partitions.extend(parse_topic(topic)?);
            continue;
        }
        match places::partitions_of(admin, topic).await {
            Ok(found) => partitions.extend(found),
            Err(error) => {
                results.insert((topic.to_owned(), -1), Err(error));
            }
        }
    }
    let whole = delete_of_group(admin, group, &partitions, &mut results).await;
    introduce(group, &whole, terminal)?;
    print(&results, terminal)
}

/// Deletes, and gives the error of the whole: the group's, or the first of a partition.
async fn delete_of_group(
    admin: &Admin,
    group: &str,
    partitions: &[TopicPartition],
    results: &mut Results,
) -> Result<(), ClientError> {
    let key = |at: &TopicPartition| (at.topic.to_string(), at.partition);
    match admin.delete_group_offsets(&Str::from(group), partitions).await {
        Err(error) => {
            results.extend(partitions.iter().map(|at| (key(at), Err(error.clone()))));
            Err(error)
        }
        Ok(answers) => {
            let first = answers.values().find_map(|answer| answer.clone().err());
            results.extend(answers.into_iter().map(|(at, answer)| (key(&at), answer)));
            first.map_or(Ok(()), Err)
        }
    }
}

fn introduce(group: &str, whole: &Result<(), ClientError>, terminal: &mut Terminal<'_>) -> ToolResult {
    let Err(error) = whole else {
        return Ok(writeln!(terminal.out, "Request succeeded for deleting offsets from group {group}.")?);
    };
    match error.code() {
        Some(
            code @ (ErrorCode::InvalidGroupId
            | ErrorCode::GroupIdNotFound
            | ErrorCode::GroupAuthorizationFailed
            | ErrorCode::NonEmptyGroup),
        ) => complain(code.message(), terminal),
        Some(
            ErrorCode::GroupSubscribedToTopic
            | ErrorCode::TopicAuthorizationFailed
            | ErrorCode::UnknownTopicOrPartition,
        ) => complain("Encountered some partition-level error, see the follow-up details.", terminal),
        Some(other) => complain(&format!("Encountered some unknown error: {}", other.name()), terminal),
        None => Err(ToolError::Failed(java::exception(error))),
    }
}

fn print(results: &Results, terminal: &mut Terminal<'_>) -> ToolResult {
    let width = results.keys().map(|(topic, _)| topic.chars().count()).max().unwrap_or(0).max(15);
    let mut line = |topic: &str, partition: &str, status: &str| {
        write!(terminal.out, "\n{topic:width$} {partition:10} {status:15}")
    };
    line("TOPIC", "PARTITION", "STATUS")?;
    for ((topic, partition), result) in results {
        let partition = if *partition >= 0 { partition.to_string() } else { "-".to_owned() };
        let status = match result {
            Ok(()) => "Successful".to_owned(),
            Err(error) => format!("Error: {}", java::exception(error)),
        };
        line(topic, &partition, &status)?;
    }
    Ok(writeln!(terminal.out)?)
}
