//! `--verify`: how far moves are.

use std::collections::BTreeSet;
use std::fmt;

use klamm_client::Admin;
use klamm_model::TopicPartition;
use klamm_protocol::{ErrorCode, Str};
use serde_json::{Value, json};

use super::directories::{Whereabouts, locate};
use super::plan::{MovePlan, Replica};
use super::{failed, ids, joined, ongoing, read, throttles};
use crate::options::Given;
use crate::tool::{Terminal, ToolError, ToolResult};

/// `--verify`.
pub(super) async fn verify(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let plan = MovePlan::parse(&read(given, "reassignment-json-file")?)?;
    let wants_json = given.wants_json()?;
    let (partitions, is_moving_brokers) = partitions(admin, &plan).await?;
    if !wants_json {
        writeln!(terminal.out, "Status of partition reassignment:")?;
        partitions.iter().try_for_each(|found| writeln!(terminal.out, "{found}"))?;
    }
    let places = locate(admin, plan.directories.keys().cloned()).await?;
    let replicas: Vec<ReplicaFound> = plan
        .directories
        .iter()
        .map(|(replica, target)| {
            let place = places.get(replica).cloned().unwrap_or_default();
            ReplicaFound { replica: replica.clone(), target: target.clone(), place }
        })
        .collect();
    let is_moving_directories = replicas.iter().any(|found| found.place.future.is_some());
    if !wants_json {
        writeln!(terminal.out, "{}", joined(&replicas, "\n"))?;
    }
    let is_over = !is_moving_brokers && !is_moving_directories;
    let clears = is_over && !given.has("preserve-throttles");
    if wants_json {
        let mut nowhere = std::io::sink();
        let mut silent = Terminal { out: &mut nowhere, err: &mut *terminal.err };
        if clears {
            throttles::clear(admin, &plan.rows, &mut silent).await?;
        }
        return Ok(writeln!(terminal.out, "{}", to_json(&partitions, &replicas, clears))?);
    }
    if clears { throttles::clear(admin, &plan.rows, terminal).await } else { Ok(()) }
}

/// How far a partition is.
#[derive(Debug)]
struct PartitionFound {
    at: TopicPartition,
    is_moving: bool,
    replicas: Vec<i32>,
    target: Vec<i32>,
}

impl PartitionFound {
    fn state(&self) -> &'static str {
        match (self.is_moving, self.replicas == self.target) {
            (true, _) => "in_progress",
            (false, true) => "completed",
            (false, false) => "not_started",
        }
    }
}

impl fmt::Display for PartitionFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PartitionFound { at, is_moving, replicas, target } = self;
        match (is_moving, replicas == target) {
            (true, _) => write!(f, "Reassignment of partition {at} is still in progress."),
            (false, true) => write!(f, "Reassignment of partition {at} is completed."),
            (false, false) => write!(
                f,
                "There is no active reassignment of partition {at}, but replica set is {} rather than {}.",
                ids(replicas),
                ids(target)
            ),
        }
    }
}

/// Where a replica with a directory is.
#[derive(Debug)]
struct ReplicaFound {
    replica: Replica,
    target: String,
    place: Whereabouts,
}

impl ReplicaFound {
    fn state(&self) -> &'static str {
        match (&self.place.current, &self.place.future) {
            (None, _) => "offline",
            (Some(_), Some(future)) if *future == self.target => "in_progress",
            (Some(_), Some(_)) => "moving_elsewhere",
            (Some(current), None) if *current == self.target => "completed",
            (Some(_), None) => "not_started",
        }
    }
}

/// The document of `-o json`.
fn to_json(partitions: &[PartitionFound], replicas: &[ReplicaFound], clears: bool) -> Value {
    let partitions = partitions.iter().map(|found| {
        json!({
            "topic": &*found.at.topic,
            "partition": found.at.partition,
            "state": found.state(),
            "replicas": found.replicas,
            "target": found.target,
        })
    });
    let replicas = replicas.iter().map(|found| {
        json!({
            "topic": &*found.replica.at.topic,
            "partition": found.replica.at.partition,
            "broker": found.replica.broker,
            "state": found.state(),
            "log_dir": found.place.current,
            "future_log_dir": found.place.future,
            "target_log_dir": found.target,
        })
    });
    json!({
        "partitions": partitions.collect::<Value>(),
        "replicas": replicas.collect::<Value>(),
        "throttles_removed": clears,
    })
}

/// How far each partition is, and whether any partition of the cluster moves.
async fn partitions(admin: &Admin, plan: &MovePlan) -> Result<(Vec<PartitionFound>, bool), ToolError> {
    let under_way = ongoing(admin).await?;
    let settled = plan.rows.iter().filter(|(at, _)| !under_way.contains_key(at));
    let topics: BTreeSet<&str> = settled.map(|(at, _)| &*at.topic).collect();
    let names: Vec<Str> = topics.into_iter().map(Str::from).collect();
    let described = admin.describe_topics(&names).await.map_err(|error| failed(&error))?;
    let mut rows = plan.rows.clone();
    rows.sort();
    let mut partitions = Vec::new();
    for (at, target) in rows {
        if let Some(moving) = under_way.get(&at) {
            let replicas = moving.replicas.clone();
            partitions.push(PartitionFound { at, is_moving: true, replicas, target });
            continue;
        }
        let replicas = match described.get(&*at.topic) {
            Some(Ok(topic)) => topic.partition(at.partition).map(|found| found.replicas.clone()),
            Some(Err(ErrorCode::UnknownTopicOrPartition)) | None => None,
            Some(Err(error)) => return Err(failed(&klamm_client::ClientError::kafka(*error))),
        };
        let replicas = replicas.unwrap_or_default();
        partitions.push(PartitionFound { at, is_moving: false, replicas, target });
    }
    Ok((partitions, !under_way.is_empty()))
}

impl fmt::Display for ReplicaFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ReplicaFound { replica, target, place } = self;
        let (at, broker) = (&replica.at, replica.broker);
        match (&place.current, &place.future) {
            (None, _) => write!(
                f,
                "Partition {at} is not found in any live log dir on broker {broker}. There is likely an offline log \
                 directory on the broker."
            ),
            (Some(_), Some(future)) if future == target => {
                write!(f, "Reassignment of replica {replica} is still in progress.")
            }
            (Some(_), Some(future)) => write!(
                f,
                "Partition {at} on broker {broker} is being moved to log dir {future} instead of {target}."
            ),
            (Some(current), None) if current == target => {
                write!(f, "Reassignment of replica {replica} completed successfully.")
            }
            (Some(current), None) => write!(
                f,
                "Partition {at} on broker {broker} is not being moved from log dir {current} to {target}."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_tells_the_state_of_each_partition_and_replica() {
        let at = TopicPartition::new("t", 0);
        let moving =
            PartitionFound { at: at.clone(), is_moving: true, replicas: vec![1, 2], target: vec![2] };
        let place = Whereabouts { current: Some("/a".to_owned()), future: Some("/b".to_owned()) };
        let replica = Replica { broker: 2, at };
        let replica = ReplicaFound { replica, target: "/b".to_owned(), place };
        let expected = r#"{"partitions":[{"topic":"t","partition":0,"state":"in_progress","replicas":[1,2],"target":[2]}],"replicas":[{"topic":"t","partition":0,"broker":2,"state":"in_progress","log_dir":"/a","future_log_dir":"/b","target_log_dir":"/b"}],"throttles_removed":false}"#;
        assert_eq!(to_json(&[moving], &[replica], false).to_string(), expected);
    }
}
