//! `--generate`: proposes new replicas for topics, placed as the controller places those of new topics.

use std::collections::{BTreeMap, BTreeSet};

use klamm_client::Admin;
use klamm_metadata::placement::{PlacementSpec, SeededRandom, UsableBroker, place};
use klamm_model::{BrokerId, TopicPartition};
use klamm_protocol::Str;
use klamm_protocol::messages::DescribeClusterRequest;

use super::directories::locate;
use super::plan::{Replica, parse_topics, to_json};
use super::{failed, joined, read};
use crate::options::Given;
use crate::tool::{Terminal, ToolError, ToolResult};

/// `--generate`.
pub(super) async fn generate(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let content = read(given, "topics-to-move-json-file")?;
    let brokers = parse_brokers(given.value("broker-list")?.unwrap_or_default())?;
    let topics = parse_topics(&content)?;
    let twice: Vec<&String> =
        (0..topics.len()).filter(|at| topics[..*at].contains(&topics[*at])).map(|at| &topics[at]).collect();
    if !twice.is_empty() {
        let twice = joined(twice, ", ");
        return Err(refused(format!("List of topics to reassign contains duplicate entries: [{twice}]")));
    }
    let current = current(admin, &topics).await?;
    let replicas = current
        .iter()
        .flat_map(|(at, brokers)| brokers.iter().map(|broker| Replica { broker: *broker, at: at.clone() }));
    let lie = locate(admin, replicas).await?;
    let lie = lie.into_iter().filter_map(|(replica, place)| Some((replica, place.current?))).collect();
    let usable = usable(admin, &brokers, !given.has("disable-rack-aware")).await?;
    let proposed = propose(&current, &usable)?;
    if given.wants_json()? {
        // Both are documents of their own, as --execute reads them.
        let (current, proposed) = (to_json(&current, &lie), to_json(&proposed, &BTreeMap::new()));
        writeln!(terminal.out, "{{\"current\":{current},\"proposed\":{proposed}}}")?;
        return Ok(());
    }
    writeln!(terminal.out, "Current partition replica assignment\n{}\n", to_json(&current, &lie))?;
    writeln!(
        terminal.out,
        "Proposed partition reassignment configuration\n{}",
        to_json(&proposed, &BTreeMap::new())
    )?;
    Ok(())
}

fn refused(reason: impl std::fmt::Display) -> ToolError {
    ToolError::Failed(format!("Error: {reason}"))
}

fn parse_brokers(text: &str) -> Result<BTreeSet<i32>, ToolError> {
    let mut brokers = BTreeSet::new();
    let mut twice = BTreeSet::new();
    for part in text.trim_end_matches(',').split(',') {
        let id = part.parse().map_err(|_| refused(format!("For input string: \"{part}\"")))?;
        if !brokers.insert(id) {
            twice.insert(id);
        }
    }
    if twice.is_empty() {
        return Ok(brokers);
    }
    Err(refused(format!("Broker list contains duplicate entries: [{}]", joined(twice, ", "))))
}

async fn current(admin: &Admin, topics: &[String]) -> Result<BTreeMap<TopicPartition, Vec<i32>>, ToolError> {
    let names: Vec<Str> = topics.iter().map(|topic| topic.as_str().into()).collect();
    let mut current = BTreeMap::new();
    for (name, topic) in admin.describe_topics(&names).await.map_err(|error| failed(&error))? {
        let Ok(topic) = topic else {
            return Err(refused(format!(
                "org.apache.kafka.common.errors.UnknownTopicOrPartitionException: Topic {name} not found."
            )));
        };
        for partition in &topic.partitions {
            current
                .insert(TopicPartition::new(topic.name.clone(), partition.index), partition.replicas.clone());
        }
    }
    Ok(current)
}

/// The live ones of `brokers`; all of them with their racks, or none.
async fn usable(
    admin: &Admin,
    brokers: &BTreeSet<i32>,
    by_rack: bool,
) -> Result<Vec<UsableBroker>, ToolError> {
    let cluster = admin.describe_cluster(&DescribeClusterRequest::default()).await;
    let cluster = cluster.map_err(|error| failed(&error))?;
    let live = cluster.brokers.iter().filter(|broker| brokers.contains(&broker.broker_id));
    let usable: Vec<UsableBroker> = live
        .filter_map(|broker| {
            let rack = broker.rack.as_ref().filter(|_| by_rack).map(|rack| rack.as_str().into());
            Some(UsableBroker { id: BrokerId::new(broker.broker_id)?, rack, fenced: false })
        })
        .collect();
    let rackless = usable.iter().filter(|broker| broker.rack.is_none()).count();
    if by_rack && rackless != 0 && rackless != usable.len() {
        return Err(refused(
            "Not all brokers have rack information. Add --disable-rack-aware in command line to make replica \
             assignment without rack information.",
        ));
    }
    Ok(usable)
}

fn propose(
    current: &BTreeMap<TopicPartition, Vec<i32>>,
    usable: &[UsableBroker],
) -> Result<BTreeMap<TopicPartition, Vec<i32>>, ToolError> {
    let mut topics: BTreeMap<&str, Vec<&Vec<i32>>> = BTreeMap::new();
    for (at, replicas) in current {
        topics.entry(&at.topic).or_default().push(replicas);
    }
    let mut random = SeededRandom::new(rand::random());
    let mut proposed = BTreeMap::new();
    for (topic, partitions) in topics {
        let factor = partitions.first().map_or(0, |replicas| replicas.len());
        let spec = PlacementSpec {
            partitions: partitions.len(),
            replication_factor: i16::try_from(factor).unwrap_or(i16::MAX),
        };
        let placed = place(spec, usable, &mut random).map_err(refused)?;
        for (index, replicas) in (0..).zip(placed) {
            let replicas = replicas.into_iter().map(BrokerId::get).collect();
            proposed.insert(TopicPartition::new(topic, index), replicas);
        }
    }
    Ok(proposed)
}
