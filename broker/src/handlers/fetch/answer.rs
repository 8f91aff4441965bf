//! The response of a fetch: what the session has to tell, with file regions in place of bytes.

use klamm_model::{BrokerId, Offset, OffsetAndEpoch, TopicId, Uuid};
use klamm_node::fetch_session::{SessionFetch, SessionScope, SessionTopic, Told};
use klamm_node::partition::Asker;
use klamm_protocol::messages::FetchResponse;
use klamm_protocol::messages::fetch_response::{
    AbortedTransaction, EpochEndOffset, FetchableTopicResponse, LeaderIdAndEpoch, NodeEndpoint, PartitionData,
};
use klamm_protocol::{ErrorCode, Records, RegionId, Str};

use crate::handlers::call::Call;
use crate::net::region::FileRegion;
use crate::net::reply::Outcome;

use super::read::{Data, Part, ReadBatch};

/// Shapes and encodes the answer.
pub(super) fn answer(call: &Call, fetch: &SessionFetch, asker: Asker, batch: ReadBatch) -> Outcome {
    let told: Vec<_> = batch.parts.iter().map(|part| (part.key.clone(), told_of(part))).collect();
    let selected = call.node.fetch_sessions.select(fetch.scope, &told);
    let mut response = FetchResponse {
        session_id: match fetch.scope {
            SessionScope::Full(id) | SessionScope::Incremental(id) => id,
        },
        ..FetchResponse::default()
    };
    let mut regions = Vec::new();
    let mut throttled = 0;
    for (part, selected) in batch.parts.into_iter().zip(selected) {
        if selected {
            throttled += if part.is_throttled { part.data.len() as u64 } else { 0 };
            let (topic, index) = part.key.clone();
            let data = partition_data(part, index, &mut regions);
            topic_of(&mut response, &topic).partitions.push(data);
        }
    }
    if throttled > 0 {
        call.node.throttles.leader.record(call.node.clock.instant(), throttled);
    }
    name_leaders(call, asker, &mut response);
    call.respond_with(&response, regions)
}

fn told_of(part: &Part) -> Told {
    Told {
        high_watermark: part.high_watermark.map_or(-1, Offset::get),
        log_start_offset: part.log_start_offset.map_or(-1, Offset::get),
        has_records: part.data.len() > 0,
        is_news: part.is_news(),
    }
}

fn topic_of<'a>(response: &'a mut FetchResponse, topic: &SessionTopic) -> &'a mut FetchableTopicResponse {
    let (name, id) = match topic {
        SessionTopic::Name(name) => (name.as_ref(), Uuid::ZERO),
        SessionTopic::Id(id) => ("", *id),
    };
    let is_last = response.responses.last().is_some_and(|last| &*last.topic == name && last.topic_id == id);
    if !is_last {
        let topic = FetchableTopicResponse {
            topic: Str::from(name.to_owned()),
            topic_id: id,
            ..FetchableTopicResponse::default()
        };
        response.responses.push(topic);
    }
    response.responses.last_mut().expect("one was pushed if there was none")
}

fn partition_data(part: Part, index: i32, regions: &mut Vec<FileRegion>) -> PartitionData {
    let records = match part.data {
        Data::None => Records::Bytes(bytes::Bytes::new()),
        Data::Copied(bytes) => Records::Bytes(bytes),
        Data::Region(region) => {
            let id = u32::try_from(regions.len()).expect("a response names few regions");
            let len = u32::try_from(region.len()).expect("a region is within a segment");
            regions.push(region);
            Records::Region(RegionId(id), len)
        }
    };
    let aborted = part.aborted.map(|aborted| {
        let one = |transaction: klamm_logstate::AbortedTransaction| AbortedTransaction {
            producer_id: transaction.producer_id.get(),
            first_offset: transaction.first_offset.get(),
            ..AbortedTransaction::default()
        };
        aborted.into_iter().map(one).collect()
    });
    let mut data = PartitionData {
        partition_index: index,
        error_code: part.error.code(),
        high_watermark: part.high_watermark.map_or(-1, Offset::get),
        last_stable_offset: part.last_stable_offset.map_or(-1, Offset::get),
        log_start_offset: part.log_start_offset.map_or(-1, Offset::get),
        aborted_transactions: aborted,
        preferred_read_replica: part.nearest.map_or(-1, BrokerId::get),
        records: Some(records),
        ..PartitionData::default()
    };
    if let Some(OffsetAndEpoch { offset: end, epoch }) = part.diverging {
        data.diverging_epoch =
            EpochEndOffset { epoch: epoch.get(), end_offset: end.get(), ..EpochEndOffset::default() };
    }
    data
}

/// KIP-951: with NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH, who leads, and to clients where.
fn name_leaders(call: &Call, asker: Asker, response: &mut FetchResponse) {
    if call.version < 16 {
        return;
    }
    let moved = [ErrorCode::NotLeaderOrFollower.code(), ErrorCode::FencedLeaderEpoch.code()];
    let image = call.node.image.load();
    let mut endpoints: Vec<NodeEndpoint> = Vec::new();
    for topic in &mut response.responses {
        let Some(known) = TopicId::new(topic.topic_id).and_then(|id| image.topics().by_id(id)) else {
            continue;
        };
        for data in topic.partitions.iter_mut().filter(|data| moved.contains(&data.error_code)) {
            let Some(partition) = known.partition(data.partition_index) else { continue };
            let Some(leader) = partition.leader() else { continue };
            data.current_leader = LeaderIdAndEpoch {
                leader_id: leader.get(),
                leader_epoch: partition.leader_epoch().get(),
                ..LeaderIdAndEpoch::default()
            };
            let Some(broker) = image.cluster().broker(leader) else { continue };
            let Some(endpoint) = broker.endpoint(&call.peer.listener.name) else { continue };
            let is_client = matches!(asker, Asker::OldConsumer | Asker::Consumer);
            if is_client && endpoints.iter().all(|known| known.node_id != leader.get()) {
                endpoints.push(NodeEndpoint {
                    node_id: leader.get(),
                    host: Str::from(endpoint.host.to_string()),
                    port: i32::from(endpoint.port),
                    rack: broker.rack.as_ref().map(|rack| Str::from(rack.to_string())),
                    ..NodeEndpoint::default()
                });
            }
        }
    }
    response.node_endpoints = endpoints;
}
