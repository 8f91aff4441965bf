//! Limits of the traffic that moves make: rates of brokers, and the replicas they count for.

use std::collections::{BTreeMap, BTreeSet};

use klamm_client::{Admin, ClientError};
use klamm_model::TopicPartition;
use klamm_protocol::messages::DescribeClusterRequest;
use klamm_protocol::messages::IncrementalAlterConfigsRequest;
use klamm_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use klamm_protocol::messages::list_partition_reassignments_response::OngoingPartitionReassignment;

use super::{failed, joined};
use crate::tool::{Terminal, ToolResult};

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
const SET: i8 = 0;
const REMOVE: i8 = 1;

const LEADER_RATE: &str = "leader.replication.throttled.rate";
const FOLLOWER_RATE: &str = "follower.replication.throttled.rate";
const DIRECTORY_RATE: &str = "replica.alter.log.dirs.io.max.bytes.per.second";
const LEADER_REPLICAS: &str = "leader.replication.throttled.replicas";
const FOLLOWER_REPLICAS: &str = "follower.replication.throttled.replicas";

/// Sets the configs of one resource; `None` removes one.
async fn alter(admin: &Admin, kind: i8, name: &str, configs: &[(&str, Option<&str>)]) -> ToolResult {
    let configs = configs.iter().map(|(key, value)| AlterableConfig {
        name: (*key).into(),
        config_operation: if value.is_some() { SET } else { REMOVE },
        value: value.map(Into::into),
        ..AlterableConfig::default()
    });
    let resource = AlterConfigsResource {
        resource_type: kind,
        resource_name: name.into(),
        configs: configs.collect(),
        ..AlterConfigsResource::default()
    };
    let request = IncrementalAlterConfigsRequest {
        resources: vec![resource],
        ..IncrementalAlterConfigsRequest::default()
    };
    let results = admin.incremental_alter_configs(&request).await.map_err(|error| failed(&error))?;
    results.iter().try_for_each(|result| {
        let checked = ClientError::check_with(result.error_code, result.error_message.as_deref());
        checked.map_err(|error| failed(&error))
    })
}

/// Removes all of them, of all live brokers and those of `moves`, and of the topics of `moves`.
pub(super) async fn clear(
    admin: &Admin,
    moves: &[(TopicPartition, Vec<i32>)],
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let cluster = admin.describe_cluster(&DescribeClusterRequest::default()).await;
    let cluster = cluster.map_err(|error| failed(&error))?;
    let mut brokers: BTreeSet<i32> = cluster.brokers.iter().map(|broker| broker.broker_id).collect();
    brokers.extend(moves.iter().flat_map(|(_, replicas)| replicas));
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let (many, shown) = (plural(brokers.len()), joined(&brokers, ","));
    writeln!(terminal.out, "Clearing broker-level throttles on broker{many} {shown}")?;
    for broker in &brokers {
        let none = [(LEADER_RATE, None), (FOLLOWER_RATE, None), (DIRECTORY_RATE, None)];
        alter(admin, BROKER, &broker.to_string(), &none).await?;
    }
    let topics: BTreeSet<&str> = moves.iter().map(|(at, _)| &*at.topic).collect();
    let (many, shown) = (plural(topics.len()), joined(&topics, ","));
    writeln!(terminal.out, "Clearing topic-level throttles on topic{many} {shown}")?;
    for topic in topics {
        alter(admin, TOPIC, topic, &[(LEADER_REPLICAS, None), (FOLLOWER_REPLICAS, None)]).await?;
    }
    Ok(())
}

/// From where to where each partition goes.
struct Paths(BTreeMap<TopicPartition, (BTreeSet<i32>, BTreeSet<i32>)>);

impl Paths {
    fn of(
        ongoing: &BTreeMap<TopicPartition, OngoingPartitionReassignment>,
        proposed: &BTreeMap<TopicPartition, Vec<i32>>,
        current: &BTreeMap<TopicPartition, Vec<i32>>,
    ) -> Paths {
        let mut paths = BTreeMap::new();
        for (at, found) in ongoing {
            let sources = found.replicas.iter().filter(|id| !found.adding_replicas.contains(id)).copied();
            paths.insert(at.clone(), (sources.collect(), found.adding_replicas.iter().copied().collect()));
        }
        for (at, replicas) in proposed {
            let known: Option<&(BTreeSet<i32>, BTreeSet<i32>)> = paths.get(at);
            let sources: BTreeSet<i32> = match known {
                Some((sources, _)) => sources.clone(),
                None => current.get(at).into_iter().flatten().copied().collect(),
            };
            let destinations = replicas.iter().filter(|id| !sources.contains(id)).copied().collect();
            paths.insert(at.clone(), (sources, destinations));
        }
        Paths(paths)
    }

    /// By topic, `partition:broker` of the sources or the destinations.
    fn throttled(&self, of_sources: bool) -> BTreeMap<&str, String> {
        let mut topics: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (at, (sources, destinations)) in &self.0 {
            let brokers = if of_sources { sources } else { destinations };
            let parts = topics.entry(&at.topic).or_default();
            parts.extend(brokers.iter().map(|broker| format!("{}:{broker}", at.partition)));
        }
        topics.into_iter().map(|(topic, parts)| (topic, joined(parts, ","))).collect()
    }
}

/// Limits the traffic between brokers of the moves to `rate` bytes a second.
pub(super) async fn limit_replication(
    admin: &Admin,
    ongoing: &BTreeMap<TopicPartition, OngoingPartitionReassignment>,
    proposed: &BTreeMap<TopicPartition, Vec<i32>>,
    current: &BTreeMap<TopicPartition, Vec<i32>>,
    rate: i64,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let paths = Paths::of(ongoing, proposed, current);
    let followers = paths.throttled(false);
    for (topic, leaders) in paths.throttled(true) {
        let followers = followers.get(topic).map(String::as_str);
        let configs = [(LEADER_REPLICAS, Some(leaders.as_str())), (FOLLOWER_REPLICAS, followers)];
        alter(admin, TOPIC, topic, &configs).await?;
    }
    let brokers: BTreeSet<i32> =
        paths.0.values().flat_map(|(sources, destinations)| sources.union(destinations)).copied().collect();
    let text = rate.to_string();
    for broker in brokers {
        let configs = [(LEADER_RATE, Some(text.as_str())), (FOLLOWER_RATE, Some(text.as_str()))];
        alter(admin, BROKER, &broker.to_string(), &configs).await?;
    }
    Ok(writeln!(terminal.out, "The inter-broker throttle limit was set to {rate} B/s")?)
}

/// Limits the traffic between directories of `brokers` to `rate` bytes a second.
pub(super) async fn limit_directories(
    admin: &Admin,
    brokers: &BTreeSet<i32>,
    rate: i64,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let text = rate.to_string();
    for broker in brokers {
        alter(admin, BROKER, &broker.to_string(), &[(DIRECTORY_RATE, Some(text.as_str()))]).await?;
    }
    Ok(writeln!(terminal.out, "The replica-alter-dir throttle limit was set to {rate} B/s")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_and_destinations_of_moves_are_throttled() {
        let at = TopicPartition::new("t", 0);
        let proposed = BTreeMap::from([(at.clone(), vec![2, 3])]);
        let current = BTreeMap::from([(at, vec![1, 2])]);
        let paths = Paths::of(&BTreeMap::new(), &proposed, &current);
        assert_eq!(paths.throttled(true), BTreeMap::from([("t", "0:1,0:2".to_owned())]));
        assert_eq!(paths.throttled(false), BTreeMap::from([("t", "0:3".to_owned())]));
    }
}
