//! Creating, growing and deleting topics.

use std::collections::BTreeMap;

use klamm_client::{Admin, ClientError};
use klamm_config::{parse_type, table};
use klamm_protocol::messages::create_partitions_request::{
    CreatePartitionsAssignment, CreatePartitionsTopic,
};
use klamm_protocol::messages::create_topics_request::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig,
};
use klamm_protocol::messages::{CreatePartitionsRequest, CreateTopicsRequest};
use klamm_protocol::{ErrorCode, Str};

use super::{check_found, failed, names};
use crate::options::Given;
use crate::tool::{Terminal, ToolError, ToolResult};

/// What a topic should become, as the line says.
struct Wanted {
    partitions: Option<i32>,
    replication_factor: Option<i32>,
    /// Brokers of each partition; empty: the controller chooses.
    assignment: Vec<Vec<i32>>,
    configs: BTreeMap<String, String>,
}

impl Wanted {
    fn read(given: &Given) -> Result<Wanted, ToolError> {
        let partitions = given.number("partitions")?;
        let replication_factor = given.number("replication-factor")?;
        let assignment = match given.value("replica-assignment")? {
            None | Some("") => Vec::new(),
            Some(text) => parse_assignment(text)?,
        };
        Ok(Wanted {
            partitions,
            replication_factor,
            assignment,
            configs: parse_configs(&given.values("config"))?,
        })
    }
}

/// `1:2,2:3`: the brokers of each partition.
fn parse_assignment(text: &str) -> Result<Vec<Vec<i32>>, ToolError> {
    let mut assignment: Vec<Vec<i32>> = Vec::new();
    for (partition, brokers) in text.trim_end_matches(',').split(',').enumerate() {
        let brokers = brokers.trim_end_matches(':').split(':').map(|broker| {
            let broker = broker.trim();
            broker.parse().map_err(|_| ToolError::Failed(number_format(broker)))
        });
        let brokers = brokers.collect::<Result<Vec<i32>, ToolError>>()?;
        let mut seen = Vec::new();
        let mut twice: Vec<String> = Vec::new();
        for broker in &brokers {
            if seen.contains(broker) {
                twice.push(broker.to_string());
            }
            seen.push(*broker);
        }
        if !twice.is_empty() {
            let twice = twice.join(",");
            return Err(ToolError::Failed(format!(
                "Partition replica lists may not contain duplicate entries: {twice}"
            )));
        }
        if assignment.first().is_some_and(|first| first.len() != brokers.len()) {
            return Err(ToolError::Failed(format!(
                "Partition {partition} has different replication factor: {brokers:?}"
            )));
        }
        assignment.push(brokers);
    }
    Ok(assignment)
}

/// Java's complaint about what is no number.
fn number_format(text: &str) -> String {
    format!("For input string: \"{text}\"")
}

fn parse_configs(pairs: &[&str]) -> Result<BTreeMap<String, String>, ToolError> {
    let mut configs = BTreeMap::new();
    for pair in pairs {
        let parts: Vec<&str> = pair.trim_end_matches('=').split('=').map(str::trim).collect();
        let [key, value] = parts.as_slice() else {
            return Err(ToolError::failed(
                "requirement failed: Invalid topic config: all configs to be added must be in the format \"key=val\".",
            ));
        };
        configs.insert((*key).to_owned(), (*value).to_owned());
    }
    for (key, value) in &configs {
        let known = table::TOPIC
            .get(key)
            .ok_or_else(|| ToolError::Failed(format!("Unknown topic config name: {key}")))?;
        let parsed = parse_type(key, value, known.kind).map_err(ToolError::failed)?;
        known.rule.check(key, &parsed).map_err(ToolError::failed)?;
    }
    Ok(configs)
}

/// `--create`.
pub(super) async fn create(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let name = given.value("topic")?.unwrap_or_default();
    let wanted = Wanted::read(given)?;
    if name.contains(['.', '_']) {
        writeln!(
            terminal.out,
            "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could \
             collide. To avoid issues it is best to use either, but not both."
        )?;
    }
    if wanted.replication_factor.is_some_and(|factor| !(1..=32_767).contains(&factor)) {
        return Err(ToolError::failed("The replication factor must be between 1 and 32767 inclusive"));
    }
    if wanted.partitions.is_some_and(|partitions| partitions < 1) {
        return Err(ToolError::failed("The partitions must be greater than 0"));
    }
    let request = CreateTopicsRequest {
        topics: vec![creatable(name, &wanted)],
        timeout_ms: admin.timeout_ms(),
        ..CreateTopicsRequest::default()
    };
    let response = admin.create_topics(&request).await.map_err(failed)?;
    let checked = response
        .topics
        .iter()
        .try_for_each(|topic| ClientError::check_with(topic.error_code, topic.error_message.as_deref()));
    match checked {
        Ok(()) => Ok(writeln!(terminal.out, "Created topic {name}.")?),
        Err(error) if error.code() == Some(ErrorCode::TopicAlreadyExists) && given.has("if-not-exists") => {
            Ok(())
        }
        Err(error) => Err(failed(error)),
    }
}

fn creatable(name: &str, wanted: &Wanted) -> CreatableTopic {
    let has_assignment = !wanted.assignment.is_empty();
    let factor = wanted.replication_factor.and_then(|factor| i16::try_from(factor).ok());
    let configs = wanted.configs.iter().map(|(name, value)| CreatableTopicConfig {
        name: name.as_str().into(),
        value: Some(value.as_str().into()),
        ..CreatableTopicConfig::default()
    });
    let assignments =
        (0..).zip(&wanted.assignment).map(|(partition_index, brokers)| CreatableReplicaAssignment {
            partition_index,
            broker_ids: brokers.clone(),
            ..CreatableReplicaAssignment::default()
        });
    CreatableTopic {
        name: name.into(),
        num_partitions: wanted.partitions.filter(|_| !has_assignment).unwrap_or(-1),
        replication_factor: factor.filter(|_| !has_assignment).unwrap_or(-1),
        assignments: assignments.collect(),
        configs: configs.collect(),
        ..CreatableTopic::default()
    }
}

/// `--alter`.
pub(super) async fn grow(admin: &Admin, given: &Given) -> ToolResult {
    let wanted = Wanted::read(given)?;
    let names = names(admin, given).await?;
    check_found(&names, given)?;
    if names.is_empty() {
        return Ok(());
    }
    let count = wanted.partitions.unwrap_or_default();
    let described = admin.describe_topics(&names).await.map_err(failed)?;
    let topics = names.iter().map(|name| {
        let known = described.get(name).and_then(|topic| topic.as_ref().ok());
        let first_new = known.map_or(0, |topic| topic.partitions.len());
        let added = wanted.assignment.iter().skip(first_new).map(|brokers| CreatePartitionsAssignment {
            broker_ids: brokers.clone(),
            ..CreatePartitionsAssignment::default()
        });
        let assignments = (!wanted.assignment.is_empty()).then(|| added.collect());
        CreatePartitionsTopic { name: name.clone(), count, assignments, ..CreatePartitionsTopic::default() }
    });
    let request = CreatePartitionsRequest {
        topics: topics.collect(),
        timeout_ms: admin.timeout_ms(),
        ..CreatePartitionsRequest::default()
    };
    let response = admin.create_partitions(&request).await.map_err(failed)?;
    let results = response.results.iter();
    let mut checked =
        results.map(|row| ClientError::check_with(row.error_code, row.error_message.as_deref()));
    checked.try_for_each(|checked| checked.map_err(failed))
}

/// `--delete`.
pub(super) async fn delete(admin: &Admin, given: &Given) -> ToolResult {
    let names: Vec<Str> = names(admin, given).await?;
    check_found(&names, given)?;
    if names.is_empty() {
        return Ok(());
    }
    let response = admin.delete_topics(&names).await.map_err(failed)?;
    let results = response.responses.iter();
    let mut checked =
        results.map(|row| ClientError::check_with(row.error_code, row.error_message.as_deref()));
    checked.try_for_each(|checked| checked.map_err(failed))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn assignments_name_the_brokers_of_each_partition_once_and_equally_many() {
        assert_eq!(parse_assignment("0:1,1:2").unwrap(), [[0, 1], [1, 2]]);
        let refusal = |text| parse_assignment(text).unwrap_err().to_string();
        assert_eq!(refusal("0:0"), "Partition replica lists may not contain duplicate entries: 0");
        assert_eq!(refusal("0,1:2"), "Partition 1 has different replication factor: [1, 2]");
        assert_eq!(refusal("x"), "For input string: \"x\"");
    }

    #[test]
    fn configs_are_judged_before_they_are_sent() {
        let refusal = |pair| parse_configs(&[pair]).unwrap_err().to_string();
        assert_eq!(refusal("nonsense=1"), "Unknown topic config name: nonsense");
        assert!(refusal("retention.ms").contains("key=val"));
        assert!(refusal("retention.ms=x").starts_with("Invalid value x for configuration retention.ms"));
        assert!(parse_configs(&["retention.ms = 5", "cleanup.policy=compact"]).is_ok());
    }
}
