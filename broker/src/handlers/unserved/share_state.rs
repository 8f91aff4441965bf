//! The share coordinator's state (KIP-932), asked for by brokers: an error for each partition. With share.version at level
//! 0 Kafka's coordinators have no partition of that state, and say so.

use klamm_protocol::messages as m;
use klamm_protocol::{ErrorCode, Str};

use crate::handlers::call::Call;

/// Each of the five has its own types, of the same fields, and says what it could not do.
macro_rules! refuse {
    ($(#[$doc:meta])* $name:ident, $what:literal, $request:ident, $response:ident, $answers:ident::$topic:ident) => {
        $(#[$doc])*
        pub fn $name(_: &Call, request: m::$request) -> m::$response {
            let results = request.topics.into_iter().map(|topic| m::$answers::$topic {
                topic_id: topic.topic_id,
                partitions: topic
                    .partitions
                    .iter()
                    .map(|asked| m::$answers::PartitionResult {
                        partition: asked.partition,
                        error_code: ErrorCode::NotCoordinator.code(),
                        error_message: Some(Str::from(concat!(
                            "Unable to ",
                            $what,
                            ": This is not the correct coordinator."
                        ))),
                        ..Default::default()
                    })
                    .collect(),
                ..Default::default()
            });
            m::$response { results: results.collect(), ..Default::default() }
        }
    };
}

refuse!(
    /// InitializeShareGroupState (key 83), version 0.
    initialize,
    "initialize share group state",
    InitializeShareGroupStateRequest,
    InitializeShareGroupStateResponse,
    initialize_share_group_state_response::InitializeStateResult
);
refuse!(
    /// ReadShareGroupState (key 84), version 0.
    read,
    "read share group state",
    ReadShareGroupStateRequest,
    ReadShareGroupStateResponse,
    read_share_group_state_response::ReadStateResult
);
refuse!(
    /// WriteShareGroupState (key 85), versions 0-1.
    write,
    "write share group state",
    WriteShareGroupStateRequest,
    WriteShareGroupStateResponse,
    write_share_group_state_response::WriteStateResult
);
refuse!(
    /// DeleteShareGroupState (key 86), version 0.
    delete,
    "delete share group state",
    DeleteShareGroupStateRequest,
    DeleteShareGroupStateResponse,
    delete_share_group_state_response::DeleteStateResult
);
refuse!(
    /// ReadShareGroupStateSummary (key 87), versions 0-1.
    read_summary,
    "read share group state summary",
    ReadShareGroupStateSummaryRequest,
    ReadShareGroupStateSummaryResponse,
    read_share_group_state_summary_response::ReadStateSummaryResult
);
