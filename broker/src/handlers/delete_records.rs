//! DeleteRecords (key 21), versions 0-2: moves the start of logs up. Answered once the replicas on all active brokers
//! have moved theirs, within the request's time-out, and the new start is durable, so that a restart does not undo it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use klamm_metadata::{MetadataImage, is_internal_topic};
use klamm_model::Offset;
use klamm_node::partition::Deletion;
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::delete_records_request::DeleteRecordsPartition;
use klamm_protocol::messages::delete_records_response::{
    DeleteRecordsPartitionResult, DeleteRecordsTopicResult,
};
use klamm_protocol::messages::{DeleteRecordsRequest, DeleteRecordsResponse};
use klamm_storage::{CheckpointKind, LogDir};

use super::call::Call;
use super::errors;
use super::list_offsets::leader;
use crate::pumps::disk_pool::Urgency;

/// -1 asks for everything up to the high watermark.
const HIGH_WATERMARK: i64 = -1;
/// No low watermark.
const UNKNOWN: i64 = -1;

/// Moves the starts, waits for the other replicas, then writes the checkpoints of the directories concerned.
pub async fn handle(call: Call, request: DeleteRecordsRequest) -> DeleteRecordsResponse {
    let patience = Duration::from_millis(u64::try_from(request.timeout_ms).unwrap_or(0));
    let deadline = tokio::time::Instant::now() + patience;
    let mut begun = Vec::with_capacity(request.topics.len());
    let mut directories = BTreeMap::new();
    // All begin before the first is waited for.
    for topic in &request.topics {
        let mut partitions = Vec::with_capacity(topic.partitions.len());
        for asked in &topic.partitions {
            let deletion = delete(&call, &topic.name, asked).await;
            let deletion = deletion.map(|(deletion, dir)| {
                directories.insert(dir.path().to_owned(), dir);
                deletion
            });
            partitions.push((asked.partition_index, deletion));
        }
        begun.push((topic.name.clone(), partitions));
    }
    let mut response = DeleteRecordsResponse::default();
    for (name, begun) in begun {
        let mut partitions = Vec::with_capacity(begun.len());
        for (partition_index, deletion) in begun {
            let (low_watermark, code) = end_of(deletion, deadline).await;
            partitions.push(DeleteRecordsPartitionResult {
                partition_index,
                low_watermark: low_watermark.map_or(UNKNOWN, Offset::get),
                error_code: code.code(),
                ..DeleteRecordsPartitionResult::default()
            });
        }
        response.topics.push(DeleteRecordsTopicResult {
            name,
            partitions,
            ..DeleteRecordsTopicResult::default()
        });
    }
    for dir in directories.into_values() {
        let written =
            call.node.pool.run(Urgency::Waited, move || dir.write_checkpoint(CheckpointKind::LogStart));
        if !matches!(written.await, Ok(Ok(()))) {
            fail_all(&mut response);
        }
    }
    response
}

/// The low watermark and the error of a deletion, once it has ended or the time has.
async fn end_of(
    deletion: Result<Deletion, ErrorCode>,
    deadline: tokio::time::Instant,
) -> (Option<Offset>, ErrorCode) {
    match deletion {
        Err(code) => (None, code),
        Ok(Deletion::Done(low_watermark)) => (Some(low_watermark), ErrorCode::None),
        Ok(Deletion::Waiting { low_watermark, deleted }) => {
            match tokio::time::timeout_at(deadline, deleted).await {
                Ok(Ok(Ok(low_watermark))) => (Some(low_watermark), ErrorCode::None),
                Ok(Ok(Err(refusal))) => (None, errors::of_delete_records(refusal)),
                // The partition is gone with its promises: the node stops.
                Ok(Err(_)) => (None, ErrorCode::NotLeaderOrFollower),
                Err(_) => (low_watermark, ErrorCode::RequestTimedOut),
            }
        }
    }
}

async fn delete(
    call: &Call,
    topic: &str,
    asked: &DeleteRecordsPartition,
) -> Result<(Deletion, Arc<LogDir>), ErrorCode> {
    // As Kafka: of a partition that exists, but before anything is asked of it.
    let exists = |image: &MetadataImage| {
        image.topics().by_name(topic).is_some_and(|known| known.partition(asked.partition_index).is_some())
    };
    if is_internal_topic(topic) && exists(&call.node.image.load()) {
        return Err(ErrorCode::InvalidTopicException);
    }
    let handle = leader(call, topic, (asked.partition_index, -1))?;
    let cleanup = handle.settings().log.cleanup;
    if cleanup.compact && !cleanup.delete {
        return Err(ErrorCode::PolicyViolation);
    }
    call.node.open(&handle).await.map_err(|error| errors::of_open(&error))?;
    let offset = match asked.offset {
        HIGH_WATERMARK => None,
        other => Some(Offset::new(other).ok_or(ErrorCode::OffsetOutOfRange)?),
    };
    let deletion = handle.delete_records(offset).map_err(errors::of_delete_records)?;
    Ok((deletion, handle.dir().clone()))
}

fn fail_all(response: &mut DeleteRecordsResponse) {
    for answer in response.topics.iter_mut().flat_map(|topic| &mut topic.partitions) {
        if answer.error_code == 0 {
            answer.error_code = ErrorCode::KafkaStorageError.code();
            answer.low_watermark = UNKNOWN;
        }
    }
}
