//! DeleteRecords (key 21), versions 0-2: moves the start of logs up. Answered once the new start is
//! durable, so that a restart does not undo it.

use std::collections::BTreeMap;

use klamm_metadata::{MetadataImage, is_internal_topic};
use klamm_model::Offset;
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::delete_records_request::DeleteRecordsPartition;
use klamm_protocol::messages::delete_records_response::{
    DeleteRecordsPartitionResult, DeleteRecordsTopicResult,
};
use klamm_protocol::messages::{DeleteRecordsRequest, DeleteRecordsResponse};
use klamm_storage::CheckpointKind;

use super::call::Call;
use super::errors;
use super::list_offsets::leader;
use crate::pumps::disk_pool::Urgency;

/// -1 asks for everything up to the high watermark.
const HIGH_WATERMARK: i64 = -1;

/// Moves the starts, then writes the checkpoints of the directories concerned.
pub async fn handle(call: Call, request: DeleteRecordsRequest) -> DeleteRecordsResponse {
    let mut response = DeleteRecordsResponse::default();
    let mut directories = BTreeMap::new();
    for topic in &request.topics {
        let mut partitions = Vec::with_capacity(topic.partitions.len());
        for asked in &topic.partitions {
            let mut answer = DeleteRecordsPartitionResult {
                partition_index: asked.partition_index,
                low_watermark: -1,
                ..DeleteRecordsPartitionResult::default()
            };
            match delete(&call, &topic.name, asked).await {
                Ok((start, dir)) => {
                    answer.low_watermark = start.get();
                    directories.insert(dir.path().to_owned(), dir);
                }
                Err(error) => answer.error_code = error.code(),
            }
            partitions.push(answer);
        }
        response.topics.push(DeleteRecordsTopicResult {
            name: topic.name.clone(),
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

async fn delete(
    call: &Call,
    topic: &str,
    asked: &DeleteRecordsPartition,
) -> Result<(Offset, std::sync::Arc<klamm_storage::LogDir>), ErrorCode> {
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
    let start = handle.delete_records(offset).map_err(errors::of_delete_records)?;
    Ok((start, handle.dir().clone()))
}

fn fail_all(response: &mut DeleteRecordsResponse) {
    for answer in response.topics.iter_mut().flat_map(|topic| &mut topic.partitions) {
        if answer.error_code == 0 {
            answer.error_code = ErrorCode::KafkaStorageError.code();
            answer.low_watermark = -1;
        }
    }
}
