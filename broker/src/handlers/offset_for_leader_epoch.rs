//! OffsetForLeaderEpoch (key 23), versions 2-4: where an epoch ended, so that clients and followers
//! find out that their records are gone (KIP-101, KIP-320).

use klamm_model::LeaderEpoch;
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::offset_for_leader_epoch_request::OffsetForLeaderPartition;
use klamm_protocol::messages::offset_for_leader_epoch_response::{
    EpochEndOffset, OffsetForLeaderTopicResult,
};
use klamm_protocol::messages::{OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse};

use super::call::Call;
use super::errors;
use super::list_offsets::leader;

/// Answers from the epoch history of each log.
pub async fn handle(call: Call, request: OffsetForLeaderEpochRequest) -> OffsetForLeaderEpochResponse {
    let mut response = OffsetForLeaderEpochResponse::default();
    for topic in &request.topics {
        let mut partitions = Vec::with_capacity(topic.partitions.len());
        for asked in &topic.partitions {
            let mut answer = EpochEndOffset {
                partition: asked.partition,
                leader_epoch: -1,
                end_offset: -1,
                ..EpochEndOffset::default()
            };
            match end_of(&call, &topic.topic, asked).await {
                Ok(Some((epoch, end))) => {
                    answer.leader_epoch = epoch;
                    answer.end_offset = end;
                }
                Ok(None) => {}
                Err(error) => answer.error_code = error.code(),
            }
            partitions.push(answer);
        }
        response.topics.push(OffsetForLeaderTopicResult {
            topic: topic.topic.clone(),
            partitions,
            ..OffsetForLeaderTopicResult::default()
        });
    }
    response
}

async fn end_of(
    call: &Call,
    topic: &str,
    asked: &OffsetForLeaderPartition,
) -> Result<Option<(i32, i64)>, ErrorCode> {
    let handle = leader(call, topic, (asked.partition, asked.current_leader_epoch))?;
    call.node.open(&handle).await.map_err(|error| errors::of_open(&error))?;
    let view = handle.view().ok_or(ErrorCode::NotLeaderOrFollower)?;
    let Some(epoch) = LeaderEpoch::new(asked.leader_epoch) else { return Ok(None) };
    let end = view.epochs().end_offset_for(epoch, view.log_end_offset());
    Ok(end.map(|end| (end.epoch.get(), end.offset.get())))
}
