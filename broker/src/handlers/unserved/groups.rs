//! Groups of the newer protocols (KIP-848, KIP-932, KIP-1071), which group.version, share.version and streams.version at
//! level 0 turn off, and the clients' telemetry (KIP-714).

use klamm_protocol::messages::describe_share_group_offsets_response::DescribeShareGroupOffsetsResponseGroup;
use klamm_protocol::messages::{
    AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse, ConsumerGroupDescribeRequest,
    ConsumerGroupDescribeResponse, ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse,
    DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse, DescribeShareGroupOffsetsRequest,
    DescribeShareGroupOffsetsResponse, GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse,
    PushTelemetryRequest, PushTelemetryResponse, ShareAcknowledgeRequest, ShareAcknowledgeResponse,
    ShareFetchRequest, ShareFetchResponse, ShareGroupDescribeRequest, ShareGroupDescribeResponse,
    ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse, StreamsGroupDescribeRequest,
    StreamsGroupDescribeResponse, StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse,
    StreamsGroupTopologyDescriptionUpdateRequest, StreamsGroupTopologyDescriptionUpdateResponse,
    consumer_group_describe_response, share_group_describe_response, streams_group_describe_response,
};

use super::{CODE, text};
use crate::handlers::call::Call;

/// ConsumerGroupHeartbeat (key 68), versions 0-1.
pub fn consumer_heartbeat(_: &Call, _: ConsumerGroupHeartbeatRequest) -> ConsumerGroupHeartbeatResponse {
    ConsumerGroupHeartbeatResponse { error_code: CODE, ..Default::default() }
}

/// ConsumerGroupDescribe (key 69), versions 0-1: an error for each group.
pub fn consumer_describe(_: &Call, request: ConsumerGroupDescribeRequest) -> ConsumerGroupDescribeResponse {
    use consumer_group_describe_response::DescribedGroup;
    let groups = request.group_ids.into_iter().map(|group_id| DescribedGroup {
        error_code: CODE,
        group_id,
        ..Default::default()
    });
    ConsumerGroupDescribeResponse { groups: groups.collect(), ..Default::default() }
}

/// GetTelemetrySubscriptions (key 71), version 0.
pub fn telemetry_subscriptions(
    _: &Call,
    _: GetTelemetrySubscriptionsRequest,
) -> GetTelemetrySubscriptionsResponse {
    GetTelemetrySubscriptionsResponse { error_code: CODE, ..Default::default() }
}

/// PushTelemetry (key 72), version 0.
pub fn push_telemetry(_: &Call, _: PushTelemetryRequest) -> PushTelemetryResponse {
    PushTelemetryResponse { error_code: CODE, ..Default::default() }
}

/// ShareGroupHeartbeat (key 76), version 1.
pub fn share_heartbeat(_: &Call, _: ShareGroupHeartbeatRequest) -> ShareGroupHeartbeatResponse {
    ShareGroupHeartbeatResponse { error_code: CODE, ..Default::default() }
}

/// ShareGroupDescribe (key 77), version 1: an error for each group.
pub fn share_describe(_: &Call, request: ShareGroupDescribeRequest) -> ShareGroupDescribeResponse {
    use share_group_describe_response::DescribedGroup;
    let groups = request.group_ids.into_iter().map(|group_id| DescribedGroup {
        error_code: CODE,
        group_id,
        ..Default::default()
    });
    ShareGroupDescribeResponse { groups: groups.collect(), ..Default::default() }
}

/// ShareFetch (key 78), versions 1-2.
pub fn share_fetch(_: &Call, _: ShareFetchRequest) -> ShareFetchResponse {
    ShareFetchResponse { error_code: CODE, ..Default::default() }
}

/// ShareAcknowledge (key 79), versions 1-2.
pub fn share_acknowledge(_: &Call, _: ShareAcknowledgeRequest) -> ShareAcknowledgeResponse {
    ShareAcknowledgeResponse { error_code: CODE, ..Default::default() }
}

/// DescribeShareGroupOffsets (key 90), versions 0-1: an error for each group.
pub fn describe_share_offsets(
    _: &Call,
    request: DescribeShareGroupOffsetsRequest,
) -> DescribeShareGroupOffsetsResponse {
    let groups = request.groups.into_iter().map(|group| DescribeShareGroupOffsetsResponseGroup {
        group_id: group.group_id,
        error_code: CODE,
        ..Default::default()
    });
    DescribeShareGroupOffsetsResponse { groups: groups.collect(), ..Default::default() }
}

/// AlterShareGroupOffsets (key 91), version 0.
pub fn alter_share_offsets(_: &Call, _: AlterShareGroupOffsetsRequest) -> AlterShareGroupOffsetsResponse {
    AlterShareGroupOffsetsResponse { error_code: CODE, error_message: text(), ..Default::default() }
}

/// DeleteShareGroupOffsets (key 92), version 0.
pub fn delete_share_offsets(_: &Call, _: DeleteShareGroupOffsetsRequest) -> DeleteShareGroupOffsetsResponse {
    DeleteShareGroupOffsetsResponse { error_code: CODE, error_message: text(), ..Default::default() }
}

/// StreamsGroupHeartbeat (key 88), versions 0-1.
pub fn streams_heartbeat(_: &Call, _: StreamsGroupHeartbeatRequest) -> StreamsGroupHeartbeatResponse {
    StreamsGroupHeartbeatResponse { error_code: CODE, ..Default::default() }
}

/// StreamsGroupDescribe (key 89), versions 0-1: an error for each group.
pub fn streams_describe(_: &Call, request: StreamsGroupDescribeRequest) -> StreamsGroupDescribeResponse {
    use streams_group_describe_response::DescribedGroup;
    let groups = request.group_ids.into_iter().map(|group_id| DescribedGroup {
        error_code: CODE,
        group_id,
        ..Default::default()
    });
    StreamsGroupDescribeResponse { groups: groups.collect(), ..Default::default() }
}

/// StreamsGroupTopologyDescriptionUpdate (key 93), version 0.
pub fn streams_topology(
    _: &Call,
    _: StreamsGroupTopologyDescriptionUpdateRequest,
) -> StreamsGroupTopologyDescriptionUpdateResponse {
    StreamsGroupTopologyDescriptionUpdateResponse { error_code: CODE, ..Default::default() }
}
