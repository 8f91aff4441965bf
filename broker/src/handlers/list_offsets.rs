//! ListOffsets (key 2), versions 1-11: offsets by time.
//!
//! Special times: -1 latest, -2 earliest, -3 of the largest timestamp (7), -4 earliest local (8),
//! -5 latest tiered (9), -6 earliest not yet tiered (11). 2: isolation. 4: leader epoch. 10: timeout.

use std::collections::HashSet;
use std::sync::Arc;

use klamm_model::{LeaderEpoch, Offset, Timestamp, TopicId};
use klamm_node::partition::{LeadershipView, PartitionHandle};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::list_offsets_request::ListOffsetsPartition;
use klamm_protocol::messages::list_offsets_response::{
    ListOffsetsPartitionResponse, ListOffsetsTopicResponse,
};
use klamm_protocol::messages::{ListOffsetsRequest, ListOffsetsResponse};
use klamm_storage::{Isolation, ReadError, TimestampedOffset};

use super::call::Call;
use super::errors;
use crate::pumps::disk_pool::Urgency;

const LATEST: i64 = -1;
const EARLIEST: i64 = -2;
const MAX_TIMESTAMP: i64 = -3;
const EARLIEST_LOCAL: i64 = -4;
const LATEST_TIERED: i64 = -5;
const EARLIEST_PENDING_UPLOAD: i64 = -6;
/// As whom consumers ask.
const CONSUMER: i32 = -1;
/// As whom a tool asks any replica, of what it has itself.
const DEBUGGER: i32 = -2;
/// From here on clients know OFFSET_NOT_AVAILABLE.
const FIRST_WITH_NOT_AVAILABLE: i16 = 5;
/// From here on answers tell the leader epoch.
const FIRST_WITH_EPOCH: i16 = 4;

/// Looks up each partition; searches by time run on the pool.
pub async fn handle(call: Call, request: ListOffsetsRequest) -> ListOffsetsResponse {
    let mut response = ListOffsetsResponse::default();
    for topic in &request.topics {
        let mut partitions = Vec::with_capacity(topic.partitions.len());
        let repeated = repeated(&topic.partitions);
        for asked in &topic.partitions {
            let found = if repeated.contains(&asked.partition_index) {
                Err(ErrorCode::InvalidRequest)
            } else {
                look_up(&call, &request, &topic.name, asked).await
            };
            let mut answer = shape(asked.partition_index, found);
            if call.version < FIRST_WITH_EPOCH {
                answer.leader_epoch = ListOffsetsPartitionResponse::default().leader_epoch;
            }
            partitions.push(answer);
        }
        response.topics.push(ListOffsetsTopicResponse {
            name: topic.name.clone(),
            partitions,
            ..ListOffsetsTopicResponse::default()
        });
    }
    response
}

/// Partitions that are named more than once.
fn repeated(partitions: &[ListOffsetsPartition]) -> HashSet<i32> {
    let mut seen = HashSet::with_capacity(partitions.len());
    let indexes = partitions.iter().map(|asked| asked.partition_index);
    indexes.filter(|index| !seen.insert(*index)).collect()
}

fn shape(
    partition_index: i32,
    found: Result<Option<TimestampedOffset>, ErrorCode>,
) -> ListOffsetsPartitionResponse {
    let mut answer = ListOffsetsPartitionResponse {
        partition_index,
        timestamp: -1,
        offset: -1,
        leader_epoch: -1,
        ..ListOffsetsPartitionResponse::default()
    };
    match found {
        Ok(Some(found)) => {
            answer.timestamp = found.timestamp.map_or(-1, Timestamp::as_millis);
            answer.offset = found.offset.get();
            answer.leader_epoch = found.leader_epoch.map_or(-1, LeaderEpoch::get);
        }
        Ok(None) => {}
        Err(error) => answer.error_code = error.code(),
    }
    answer
}

async fn look_up(
    call: &Call,
    request: &ListOffsetsRequest,
    topic: &str,
    asked: &ListOffsetsPartition,
) -> Result<Option<TimestampedOffset>, ErrorCode> {
    let isolation = match (request.replica_id, request.isolation_level) {
        (CONSUMER, 1) => Isolation::LastStable,
        (CONSUMER, _) => Isolation::HighWatermark,
        _ => Isolation::LogEnd,
    };
    if !is_known(asked.timestamp, call.version) {
        return Err(ErrorCode::UnsupportedVersion);
    }
    let place = (asked.partition_index, asked.current_leader_epoch);
    let handle = if request.replica_id == DEBUGGER {
        replica(call, topic, place)?.0
    } else {
        leader(call, topic, place)?
    };
    call.node.open(&handle).await.map_err(|error| errors::of_open(&error))?;
    let view = handle.view().ok_or(ErrorCode::NotLeaderOrFollower)?;
    // A leader just elected does not know yet how far its predecessor had committed (KIP-207).
    let lags = is_behind_its_epoch(&handle, view.upper_bound(isolation));
    let found = match asked.timestamp {
        LATEST if lags => return Err(not_available(call.version)),
        LATEST => Some(view.latest(isolation)),
        EARLIEST | EARLIEST_LOCAL => Some(view.earliest()),
        // Nothing is tiered.
        LATEST_TIERED | EARLIEST_PENDING_UPLOAD => None,
        MAX_TIMESTAMP => search(call, move || view.offset_of_max_timestamp()).await?,
        time => {
            let bound = view.upper_bound(isolation);
            let found = search(call, move || view.offset_for_timestamp(Timestamp::from_millis(time))).await?;
            match found {
                Some(found) if found.offset >= bound && lags => return Err(not_available(call.version)),
                found => found.filter(|found| found.offset < bound),
            }
        }
    };
    Ok(found)
}

fn is_behind_its_epoch(handle: &PartitionHandle, bound: Offset) -> bool {
    let start = handle.leadership().and_then(|known| known.epoch_start);
    start.is_some_and(|start| start > bound)
}

fn not_available(version: i16) -> ErrorCode {
    if version >= FIRST_WITH_NOT_AVAILABLE {
        ErrorCode::OffsetNotAvailable
    } else {
        ErrorCode::LeaderNotAvailable
    }
}

/// Whether a client of `version` can mean this time.
fn is_known(timestamp: i64, version: i16) -> bool {
    match timestamp {
        0.. | LATEST | EARLIEST => true,
        MAX_TIMESTAMP => version >= 7,
        EARLIEST_LOCAL => version >= 8,
        LATEST_TIERED => version >= 9,
        EARLIEST_PENDING_UPLOAD => version >= 11,
        _ => false,
    }
}

async fn search<F>(call: &Call, look: F) -> Result<Option<TimestampedOffset>, ErrorCode>
where
    F: FnOnce() -> Result<Option<TimestampedOffset>, ReadError> + Send + 'static,
{
    let found = call.node.pool.run(Urgency::Waited, look).await;
    found.map_err(|_| ErrorCode::NotLeaderOrFollower)?.map_err(|error| errors::of_read(&error))
}

/// The partition if this node leads it in the epoch the client believes in.
pub(super) fn leader(call: &Call, topic: &str, place: (i32, i32)) -> Result<PartitionHandle, ErrorCode> {
    let (handle, leadership) = replica(call, topic, place)?;
    if leadership.is_local { Ok(handle) } else { Err(ErrorCode::NotLeaderOrFollower) }
}

/// The partition if this node has a replica of it, and knows the leader epoch that the client believes in.
fn replica(
    call: &Call,
    topic: &str,
    (partition, epoch): (i32, i32),
) -> Result<(PartitionHandle, Arc<LeadershipView>), ErrorCode> {
    let image = call.node.image.load();
    let known = image.topics().by_name(topic).ok_or(ErrorCode::UnknownTopicOrPartition)?;
    let id: TopicId = known.id();
    known.partition(partition).ok_or(ErrorCode::UnknownTopicOrPartition)?;
    let handle = call.node.partition(id, partition).ok_or(ErrorCode::NotLeaderOrFollower)?;
    let leadership = handle.leadership().ok_or(ErrorCode::NotLeaderOrFollower)?;
    match LeaderEpoch::new(epoch) {
        Some(epoch) if epoch < leadership.epoch => Err(ErrorCode::FencedLeaderEpoch),
        Some(epoch) if epoch > leadership.epoch => Err(ErrorCode::UnknownLeaderEpoch),
        Some(_) | None => Ok((handle, leadership)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_partitions_are_found_in_one_pass_over_many() {
        let named = |indexes: Vec<i32>| -> Vec<_> {
            let asked = |partition_index| ListOffsetsPartition { partition_index, ..Default::default() };
            indexes.into_iter().map(asked).collect()
        };
        assert_eq!(repeated(&named(vec![1, 2, 1, 3, 3, 3])), HashSet::from([1, 3]));
        // Half a million, which a frame can name: each looked at beside each other would take minutes.
        assert!(repeated(&named((0..500_000).collect())).is_empty());
    }
}
