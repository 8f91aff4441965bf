//! Moves as files hold them: the replicas of each partition, and their log directories.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::TopicPartition;
use serde_json::{Value, json};

use super::joined;
use crate::tool::{ToolError, ToolResult};

/// The directory of a replica that may lie in any.
const ANY_DIRECTORY: &str = "any";

/// One replica; ordered by broker first, as Kafka lists them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Replica {
    pub(super) broker: i32,
    pub(super) at: TopicPartition,
}

impl std::fmt::Display for Replica {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}", self.at.topic, self.at.partition, self.broker)
    }
}

/// New replicas in the file's order, and directories of those that name one.
#[derive(Clone, Debug, Default)]
pub(super) struct MovePlan {
    pub(super) rows: Vec<(TopicPartition, Vec<i32>)>,
    pub(super) directories: BTreeMap<Replica, String>,
}

fn refused(reason: impl ToString) -> ToolError {
    ToolError::Failed(format!("Error: {}", reason.to_string()))
}

/// The value of a file whose version is 1.
fn parse_root(text: &str) -> Result<Value, ToolError> {
    let root: Value = serde_json::from_str(text).map_err(refused)?;
    match root.get("version").map_or(Some(1), Value::as_i64) {
        Some(1) => Ok(root),
        Some(other) => Err(refused(format!("Not supported version field value {other}"))),
        None => Err(refused("Expected `Integer` value")),
    }
}

fn field<'a>(row: &'a Value, name: &str) -> Result<&'a Value, ToolError> {
    row.get(name).ok_or_else(|| refused(format!("No such field exists: `{name}`")))
}

fn number(value: &Value) -> Result<i32, ToolError> {
    let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
    number.ok_or_else(|| refused(format!("Expected `Integer` value, received {value}")))
}

fn text(value: &Value) -> Result<&str, ToolError> {
    value.as_str().ok_or_else(|| refused(format!("Expected `String` value, received {value}")))
}

impl MovePlan {
    /// Reads `{"partitions": [{"topic", "partition", "replicas", "log_dirs"}], "version": 1}`.
    pub(super) fn parse(content: &str) -> Result<MovePlan, ToolError> {
        let root = parse_root(content)?;
        let mut plan = MovePlan::default();
        for row in root.get("partitions").and_then(Value::as_array).into_iter().flatten() {
            let at = TopicPartition::new(text(field(row, "topic")?)?, number(field(row, "partition")?)?);
            let replicas = field(row, "replicas")?.as_array().into_iter().flatten().map(number);
            let replicas = replicas.collect::<Result<Vec<i32>, ToolError>>()?;
            if let Some(directories) = row.get("log_dirs").and_then(Value::as_array) {
                plan.add_directories(&at, &replicas, directories)?;
            }
            plan.rows.push((at, replicas));
        }
        Ok(plan)
    }

    fn add_directories(
        &mut self,
        at: &TopicPartition,
        replicas: &[i32],
        directories: &[Value],
    ) -> ToolResult {
        let directories = directories.iter().map(text).collect::<Result<Vec<&str>, ToolError>>()?;
        if directories.len() != replicas.len() {
            return Err(refused(format!(
                "Size of replicas list {replicas:?} is different from size of log dirs list [{}] for partition {at}",
                directories.join(", ")
            )));
        }
        for (broker, directory) in replicas.iter().zip(directories) {
            if directory != ANY_DIRECTORY {
                let replica = Replica { broker: *broker, at: at.clone() };
                self.directories.insert(replica, directory.to_owned());
            }
        }
        Ok(())
    }

    /// The new replicas by partition; refuses what cannot be carried out.
    pub(super) fn checked(&self) -> Result<BTreeMap<TopicPartition, Vec<i32>>, ToolError> {
        if self.rows.is_empty() {
            return Err(refused("Partition reassignment list cannot be empty"));
        }
        if self.rows.iter().any(|(_, replicas)| replicas.is_empty()) {
            return Err(refused("Partition replica list cannot be empty"));
        }
        let mut moves = BTreeMap::new();
        let mut twice = BTreeSet::new();
        for (at, replicas) in &self.rows {
            if moves.insert(at.clone(), replicas.clone()).is_some() {
                twice.insert(at.clone());
            }
        }
        if !twice.is_empty() {
            let twice = joined(twice, ",");
            return Err(refused(format!(
                "Partition reassignment contains duplicate topic partitions: {twice}"
            )));
        }
        let doubled = moves.iter().filter_map(|(at, replicas)| {
            let doubled: BTreeSet<i32> = (0..replicas.len())
                .filter(|place| replicas[..*place].contains(&replicas[*place]))
                .map(|place| replicas[place])
                .collect();
            (!doubled.is_empty())
                .then(|| format!("{at} contains multiple entries for {}", joined(doubled, ",")))
        });
        let doubled: Vec<String> = doubled.collect();
        if doubled.is_empty() {
            return Ok(moves);
        }
        Err(refused(format!(
            "Partition replica lists may not contain duplicate entries: {}",
            doubled.join(". ")
        )))
    }
}

/// The topics of `{"topics": [{"topic"}], "version": 1}`.
pub(super) fn parse_topics(content: &str) -> Result<Vec<String>, ToolError> {
    let root = parse_root(content)?;
    let rows = root.get("topics").and_then(Value::as_array).into_iter().flatten();
    rows.map(|row| text(field(row, "topic")?).map(str::to_owned)).collect()
}

/// Replicas as a file that can be read again.
pub(super) fn to_json(
    moves: &BTreeMap<TopicPartition, Vec<i32>>,
    directories: &BTreeMap<Replica, String>,
) -> String {
    let rows = moves.iter().map(|(at, replicas)| {
        let directories = replicas.iter().map(|broker| {
            let replica = Replica { broker: *broker, at: at.clone() };
            directories.get(&replica).map_or(ANY_DIRECTORY, String::as_str)
        });
        let directories: Vec<&str> = directories.collect();
        // By hand, since the order of members is part of the output.
        format!(
            "{{\"topic\":{},\"partition\":{},\"replicas\":{},\"log_dirs\":{}}}",
            json!(&*at.topic),
            at.partition,
            json!(replicas),
            json!(directories)
        )
    });
    format!("{{\"version\":1,\"partitions\":[{}]}}", joined(rows, ","))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let content = r#"{"version":1,"partitions":[{"topic":"t","partition":1,"replicas":[2,3],"log_dirs":["any","/d"]}]}"#;
        let plan = MovePlan::parse(content).unwrap();
        assert_eq!(plan.directories.len(), 1);
        assert_eq!(to_json(&plan.checked().unwrap(), &plan.directories), content);
    }

    #[test]
    fn what_cannot_be_carried_out_is_refused() {
        let refusal = |rows: &str| {
            let plan = MovePlan::parse(&format!(r#"{{"partitions":[{rows}]}}"#));
            plan.and_then(|plan| plan.checked()).unwrap_err().to_string()
        };
        let row = |replicas: &str| format!(r#"{{"topic":"t","partition":0,"replicas":[{replicas}]}}"#);
        assert_eq!(refusal(""), "Error: Partition reassignment list cannot be empty");
        assert_eq!(refusal(&row("")), "Error: Partition replica list cannot be empty");
        assert_eq!(
            refusal(&row("1,1")),
            "Error: Partition replica lists may not contain duplicate entries: t-0 contains multiple entries for 1"
        );
        assert_eq!(
            refusal(&format!("{},{}", row("1"), row("1"))),
            "Error: Partition reassignment contains duplicate topic partitions: t-0"
        );
        assert!(refusal(r#"{"topic":"t"}"#).contains("`partition`"));
    }
}
