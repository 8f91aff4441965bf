//! AlterReplicaLogDirs (34), versions 1-2, DescribeLogDirs (35), versions 1-5, and DescribeProducers (61), version 0: what
//! is on disk here, and where.
//!
//! DescribeLogDirs 3: top-level error. 4: total and usable bytes. 5: cordoned (KIP-1066).

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::{Offset, TopicPartition, Uuid};
use klamm_node::partition::PartitionHandle;
use klamm_protocol::messages::alter_replica_log_dirs_response::{
    AlterReplicaLogDirPartitionResult, AlterReplicaLogDirTopicResult,
};
use klamm_protocol::messages::describe_log_dirs_response::{
    DescribeLogDirsPartition, DescribeLogDirsResult, DescribeLogDirsTopic,
};
use klamm_protocol::messages::describe_producers_response::{
    PartitionResponse, ProducerState, TopicResponse,
};
use klamm_protocol::messages::{
    AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse, DescribeLogDirsRequest, DescribeLogDirsResponse,
    DescribeProducersRequest, DescribeProducersResponse,
};
use klamm_protocol::{ErrorCode, Str};
use klamm_storage::DirectoryState;
use klamm_storage::names::{PartitionDirKind, PartitionDirName};

use super::call::Call;
use super::errors;
use super::list_offsets::leader;
use crate::pumps::disk_pool::Urgency;

/// Longest name of a file, in bytes.
const LONGEST_NAME: usize = 255;

/// Sizes of all replicas asked for, by directory.
pub async fn describe_log_dirs(call: Call, request: DescribeLogDirsRequest) -> DescribeLogDirsResponse {
    let wanted: Option<BTreeMap<String, BTreeSet<i32>>> = request.topics.map(|topics| {
        topics
            .into_iter()
            .map(|topic| (topic.topic.to_string(), topic.partitions.into_iter().collect()))
            .collect()
    });
    let node = call.node.clone();
    let describe = move || {
        let mut results = Vec::new();
        for directory in &node.directories.data {
            let is_wanted = |handle: &PartitionHandle| {
                let name = handle.name();
                wanted.as_ref().is_none_or(|wanted| {
                    wanted.get(&*name.topic).is_some_and(|partitions| partitions.contains(&name.partition))
                })
            };
            results.push(one_directory(&node, &directory.dir, &is_wanted));
        }
        results
    };
    let results = call.node.pool.run(Urgency::Waited, describe).await.unwrap_or_default();
    DescribeLogDirsResponse { results, ..DescribeLogDirsResponse::default() }
}

/// Moves replicas to other directories of this broker; answered once the moves are noted (KIP-113).
pub fn alter_replica_log_dirs(
    call: &Call,
    request: AlterReplicaLogDirsRequest,
) -> AlterReplicaLogDirsResponse {
    let mut results: BTreeMap<String, Vec<AlterReplicaLogDirPartitionResult>> = BTreeMap::new();
    for dir in &request.dirs {
        for topic in &dir.topics {
            for partition in &topic.partitions {
                let moved = move_to(call, &dir.path, &topic.name, *partition);
                results.entry(topic.name.to_string()).or_default().push(AlterReplicaLogDirPartitionResult {
                    partition_index: *partition,
                    error_code: moved.err().unwrap_or(ErrorCode::None).code(),
                    ..AlterReplicaLogDirPartitionResult::default()
                });
            }
        }
    }
    let topic = |(name, partitions)| AlterReplicaLogDirTopicResult {
        topic_name: Str::from(name),
        partitions,
        ..AlterReplicaLogDirTopicResult::default()
    };
    AlterReplicaLogDirsResponse {
        results: results.into_iter().map(topic).collect(),
        ..AlterReplicaLogDirsResponse::default()
    }
}

/// The checks in the order of Kafka's (`ReplicaManager.alterReplicaLogDirs`).
fn move_to(call: &Call, path: &str, topic: &str, partition: i32) -> Result<(), ErrorCode> {
    let name = TopicPartition::new(topic, partition);
    if PartitionDirName::suffixed(&name, PartitionDirKind::Future, Uuid::ZERO).name.len() > LONGEST_NAME {
        return Err(ErrorCode::InvalidTopicException);
    }
    let directories = &call.node.directories.data;
    let to = directories.iter().find(|directory| absolute(directory.dir.path()) == path);
    let to = to.ok_or(ErrorCode::LogDirNotFound)?;
    if to.dir.state() == DirectoryState::Offline {
        return Err(ErrorCode::KafkaStorageError);
    }
    let image = call.node.image.load();
    let topic_id = image.topics().id_of(topic).ok_or(ErrorCode::ReplicaNotAvailable)?;
    let handle = call.node.partition(topic_id, partition).ok_or(ErrorCode::ReplicaNotAvailable)?;
    if handle.dir().state() == DirectoryState::Offline {
        return Err(ErrorCode::KafkaStorageError);
    }
    call.node.moves.want(&handle, to);
    Ok(())
}

fn one_directory(
    node: &crate::node::Node,
    dir: &klamm_storage::LogDir,
    is_wanted: &dyn Fn(&PartitionHandle) -> bool,
) -> DescribeLogDirsResult {
    let mut result = DescribeLogDirsResult {
        log_dir: Str::from(absolute(dir.path())),
        total_bytes: -1,
        usable_bytes: -1,
        ..DescribeLogDirsResult::default()
    };
    if dir.state() == DirectoryState::Offline {
        result.error_code = ErrorCode::KafkaStorageError.code();
        return result;
    }
    if let Ok(space) = dir.sample_space() {
        result.total_bytes = i64::try_from(space.total).unwrap_or(i64::MAX);
        result.usable_bytes = i64::try_from(space.usable).unwrap_or(i64::MAX);
    }
    let cordoned = &node.settings.layers();
    result.is_cordoned = cordoned
        .effective()
        .cordoned_log_dirs
        .iter()
        .any(|cordoned| std::path::Path::new(cordoned) == dir.path());
    let mut topics: BTreeMap<String, Vec<DescribeLogDirsPartition>> = BTreeMap::new();
    let is_here = |handle: &PartitionHandle| handle.dir().path() == dir.path() && is_wanted(handle);
    for handle in node.partitions.all().into_iter().filter(is_here) {
        if handle.view().is_none()
            && let Err(error) = handle.open(node.on_damage(handle.id()))
        {
            tracing::error!(partition = %handle.name(), %error, "log cannot be opened");
            continue;
        }
        let size = handle.with_log(|log| log.size()).unwrap_or(0);
        topics.entry(handle.name().topic.to_string()).or_default().push(DescribeLogDirsPartition {
            partition_index: handle.name().partition,
            partition_size: i64::try_from(size).unwrap_or(i64::MAX),
            ..DescribeLogDirsPartition::default()
        });
    }
    for handle in node.partitions.all() {
        let Some(progress) = node.moves.progress(handle.id()) else { continue };
        if progress.to.path() == dir.path() && is_wanted(&handle) {
            topics.entry(handle.name().topic.to_string()).or_default().push(DescribeLogDirsPartition {
                partition_index: handle.name().partition,
                partition_size: i64::try_from(progress.size).unwrap_or(i64::MAX),
                offset_lag: progress.lag,
                is_future_key: true,
                ..DescribeLogDirsPartition::default()
            });
        }
    }
    let topic = |(name, partitions)| DescribeLogDirsTopic {
        name: Str::from(name),
        partitions,
        ..DescribeLogDirsTopic::default()
    };
    result.topics = topics.into_iter().map(topic).collect();
    result
}

fn absolute(path: &std::path::Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

/// Producer state of partitions led here.
pub async fn describe_producers(call: Call, request: DescribeProducersRequest) -> DescribeProducersResponse {
    let mut response = DescribeProducersResponse::default();
    let image = call.node.image.load();
    for topic in &request.topics {
        let is_known = image.topics().by_name(&topic.name).is_some();
        let mut partitions = Vec::with_capacity(topic.partition_indexes.len());
        for index in &topic.partition_indexes {
            let mut answer = PartitionResponse { partition_index: *index, ..PartitionResponse::default() };
            match producers(&call, &topic.name, *index).await {
                Ok(producers) => answer.active_producers = producers,
                Err(error) => {
                    answer.error_code = error.code();
                    // Kafka has words for an unknown topic, not for an unknown partition of a known one.
                    answer.error_message = (!is_known).then(|| Str::from(error.message()));
                }
            }
            partitions.push(answer);
        }
        response.topics.push(TopicResponse {
            name: topic.name.clone(),
            partitions,
            ..TopicResponse::default()
        });
    }
    response
}

async fn producers(call: &Call, topic: &str, partition: i32) -> Result<Vec<ProducerState>, ErrorCode> {
    let handle = leader(call, topic, (partition, -1))?;
    call.node.open(&handle).await.map_err(|error| errors::of_open(&error))?;
    let state = |entry: &klamm_logstate::ProducerEntry| ProducerState {
        producer_id: entry.producer_id().get(),
        producer_epoch: entry.epoch().map_or(-1, |epoch| i32::from(epoch.get())),
        last_sequence: entry.last_sequence().unwrap_or(-1),
        last_timestamp: entry.last_timestamp().as_millis(),
        coordinator_epoch: entry.coordinator_epoch().unwrap_or(-1),
        current_txn_start_offset: entry.transaction_start().map_or(-1, Offset::get),
        ..ProducerState::default()
    };
    let listed = handle.with_log(|log| log.producers().producers().map(state).collect());
    listed.ok_or(ErrorCode::NotLeaderOrFollower)
}
