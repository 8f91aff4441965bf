//! Places in partitions: their ends, their beginnings, and the first record of a time.

use std::collections::{BTreeMap, BTreeSet};

use klamm_client::admin::OffsetSpec;
use klamm_client::{Admin, ClientError};
use klamm_model::{Timestamp, TopicPartition};
use klamm_protocol::{ErrorCode, Str};

use super::wrapped;
use crate::tool::{Terminal, ToolError};

/// Offsets by partition.
pub(super) type Places = BTreeMap<TopicPartition, i64>;

/// The next offset of each partition.
pub(super) async fn ends(admin: &Admin, partitions: &[TopicPartition]) -> Result<Places, ToolError> {
    place(admin, partitions, OffsetSpec::Latest).await
}

/// The first offset of each partition.
pub(super) async fn beginnings(admin: &Admin, partitions: &[TopicPartition]) -> Result<Places, ToolError> {
    place(admin, partitions, OffsetSpec::Earliest).await
}

async fn place(admin: &Admin, partitions: &[TopicPartition], spec: OffsetSpec) -> Result<Places, ToolError> {
    if partitions.is_empty() {
        return Ok(Places::new());
    }
    let specs = partitions.iter().map(|at| (at.clone(), spec)).collect();
    let listed = admin.list_offsets(specs, 0).await.map_err(|error| wrapped(&error))?;
    let mut places = Places::new();
    for (at, found) in listed {
        let found = found.map_err(|error| wrapped(&error))?;
        if let Some(offset) = found.offset {
            places.insert(at, offset.get());
        }
    }
    Ok(places)
}

/// The first record since `time` of each partition; the end, with a warning, where there is none.
pub(super) async fn since(
    admin: &Admin,
    partitions: &[TopicPartition],
    time: Timestamp,
    terminal: &mut Terminal<'_>,
) -> Result<Places, ToolError> {
    let mut places = place(admin, partitions, OffsetSpec::At(time)).await?;
    let without: Vec<TopicPartition> =
        partitions.iter().filter(|at| !places.contains_key(at)).cloned().collect();
    for at in &without {
        writeln!(
            terminal.out,
            "\nWarn: Partition {} from topic {} is empty. Falling back to latest known offset.",
            at.partition, at.topic
        )?;
    }
    places.extend(ends(admin, &without).await?);
    Ok(places)
}

/// Partitions of `topic`.
pub(super) async fn partitions_of(admin: &Admin, topic: &str) -> Result<Vec<TopicPartition>, ClientError> {
    let name = Str::from(topic);
    let described = admin.describe_topics(std::slice::from_ref(&name)).await?;
    match described.get(&name) {
        Some(Ok(topic)) => {
            let numbers = topic.partitions.iter().map(|partition| partition.index);
            Ok(numbers.map(|number| TopicPartition::new(topic.name.clone(), number)).collect())
        }
        Some(Err(error)) => Err(ClientError::kafka(*error)),
        None => Err(ClientError::kafka(ErrorCode::UnknownTopicOrPartition)),
    }
}

/// Those of `partitions` that nobody leads. A topic that does not exist is a failure.
pub(super) async fn without_leader(
    admin: &Admin,
    partitions: &[TopicPartition],
) -> Result<BTreeSet<TopicPartition>, ToolError> {
    let topics: BTreeSet<Str> = partitions.iter().map(|at| Str::from(&*at.topic)).collect();
    let names: Vec<Str> = topics.into_iter().collect();
    if names.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut found = BTreeSet::new();
    for topic in admin.describe_topics(&names).await.map_err(|error| wrapped(&error))?.into_values() {
        let topic = topic.map_err(|error| wrapped(&ClientError::kafka(error)))?;
        let leaderless = topic.partitions.iter().filter(|partition| partition.leader.is_none());
        found.extend(leaderless.map(|partition| TopicPartition::new(topic.name.clone(), partition.index)));
    }
    Ok(found.into_iter().filter(|at| partitions.contains(at)).collect())
}
