//! Requests that the active controller decides: topics, partitions, configs, features. They are the
//! same on brokers, which pass them on, and on controllers.

use klamm_metadata::ApiError;
use klamm_metadata::controller::{
    AlterConfigs, Command, CreatePartitions, CreateTopics, DeleteTopics, MutationQuota, Names, Origin, Reply,
    UpdateFeatures,
};
use klamm_protocol::messages::alter_partition_reassignments_response::ReassignableTopicResponse;
use klamm_protocol::messages::create_partitions_response::CreatePartitionsTopicResult;
use klamm_protocol::messages::create_topics_response::CreatableTopicResult;
use klamm_protocol::messages::delete_topics_response::DeletableTopicResult;
use klamm_protocol::messages::update_features_response::UpdatableFeatureResult;
use klamm_protocol::messages::{
    AlterConfigsRequest, AlterConfigsResponse, AlterPartitionReassignmentsRequest,
    AlterPartitionReassignmentsResponse, CreatePartitionsRequest, CreatePartitionsResponse,
    CreateTopicsRequest, CreateTopicsResponse, DeleteTopicsRequest, DeleteTopicsResponse,
    ElectLeadersRequest, ElectLeadersResponse, IncrementalAlterConfigsRequest,
    IncrementalAlterConfigsResponse, ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse,
    UpdateFeaturesRequest, UpdateFeaturesResponse,
};
use klamm_protocol::{ErrorCode, Str};

use super::call::Call;
use super::forward::{Asked, ask};
use super::versions::Serves;
use crate::pumps::controller_channel::kraft_version;

macro_rules! pick {
    ($variant:ident) => {
        |reply| if let Reply::$variant(response) = reply { Some(response) } else { None }
    };
}

/// A broker passes on what it got itself.
pub(super) fn origin(call: &Call) -> Origin {
    match call.peer.listener.serves {
        Serves::Broker => Origin::Forwarded,
        Serves::Controller => call.peer.origin,
    }
}

/// CreateTopics (key 19), versions 2-7: 4 defaults, 5 what was created, 7 topic ids.
pub async fn create_topics(call: Call, request: CreateTopicsRequest) -> CreateTopicsResponse {
    let names: Vec<_> = request.topics.iter().map(|topic| topic.name.clone()).collect();
    let command = |request| {
        Command::CreateTopics(CreateTopics {
            request,
            creatable: Names::All,
            describable: Names::All,
            quota: MutationQuota::Permissive,
            origin: origin(&call),
        })
    };
    let timeout_ms = request.timeout_ms;
    let asked = Asked::within(&call, request, timeout_ms);
    let answer = ask(&call, asked, command, pick!(CreateTopics)).await;
    answer.unwrap_or_else(|error| {
        let one = |name| CreatableTopicResult {
            name,
            error_code: error.code.code(),
            error_message: error.text(),
            ..CreatableTopicResult::default()
        };
        CreateTopicsResponse { topics: names.into_iter().map(one).collect(), ..Default::default() }
    })
}

/// From here on clients of DeleteTopics know TOPIC_DELETION_DISABLED.
const FIRST_WITH_DELETION_DISABLED: i16 = 3;

/// DeleteTopics (key 20), versions 1-6: 5 error texts, 6 by topic id.
pub async fn delete_topics(call: Call, request: DeleteTopicsRequest) -> DeleteTopicsResponse {
    let by_name: Vec<_> =
        request.topic_names.iter().map(|name| (Some(name.clone()), Default::default())).collect();
    let by_id = request.topics.iter().map(|topic| (topic.name.clone(), topic.topic_id));
    let targets: Vec<_> = by_name.into_iter().chain(by_id).collect();
    let command = |request| {
        Command::DeleteTopics(DeleteTopics {
            request,
            describable: Names::All,
            deletable: Names::All,
            quota: MutationQuota::Permissive,
        })
    };
    let timeout_ms = request.timeout_ms;
    let asked = Asked::within(&call, request, timeout_ms);
    let answer = ask(&call, asked, command, pick!(DeleteTopics)).await;
    answer.unwrap_or_else(|error| {
        let is_disabled = error.code == ErrorCode::TopicDeletionDisabled;
        let code = if is_disabled && call.version < FIRST_WITH_DELETION_DISABLED {
            ErrorCode::InvalidRequest
        } else {
            error.code
        };
        let one = |(name, topic_id)| DeletableTopicResult {
            name,
            topic_id,
            error_code: code.code(),
            error_message: error.text(),
            ..DeletableTopicResult::default()
        };
        DeleteTopicsResponse { responses: targets.into_iter().map(one).collect(), ..Default::default() }
    })
}

/// CreatePartitions (key 37), versions 0-3.
pub async fn create_partitions(call: Call, request: CreatePartitionsRequest) -> CreatePartitionsResponse {
    let names: Vec<_> = request.topics.iter().map(|topic| topic.name.clone()).collect();
    let command = |request| {
        Command::CreatePartitions(CreatePartitions {
            request,
            alterable: Names::All,
            quota: MutationQuota::Permissive,
        })
    };
    let timeout_ms = request.timeout_ms;
    let asked = Asked::within(&call, request, timeout_ms);
    let answer = ask(&call, asked, command, pick!(CreatePartitions)).await;
    answer.unwrap_or_else(|error| {
        let one = |name| CreatePartitionsTopicResult {
            name,
            error_code: error.code.code(),
            error_message: error.text(),
            ..CreatePartitionsTopicResult::default()
        };
        CreatePartitionsResponse { results: names.into_iter().map(one).collect(), ..Default::default() }
    })
}

/// UpdateFeatures (key 57), versions 0-2: 1 upgrade types and validation, 2 no per-feature results.
pub async fn update_features(call: Call, request: UpdateFeaturesRequest) -> UpdateFeaturesResponse {
    let kraft_version = kraft_version(&call.node.controller);
    let names: Vec<Str> = request.feature_updates.iter().map(|update| update.feature.clone()).collect();
    let command = |request| Command::UpdateFeatures(UpdateFeatures { request, kraft_version });
    let answer = ask(&call, Asked::by_client(&call, request), command, pick!(UpdateFeatures)).await;
    let mut answer = answer.unwrap_or_else(|error| UpdateFeaturesResponse {
        error_code: error.code.code(),
        error_message: error.text(),
        ..Default::default()
    });
    if call.version < 2 && answer.error_code == 0 && answer.results.is_empty() {
        // All succeeded, and each is told so, in words too.
        let done = |feature| UpdatableFeatureResult {
            feature,
            error_message: Some(Str::from_static("NONE")),
            ..Default::default()
        };
        answer.results = names.into_iter().map(done).collect();
    }
    answer
}

/// ElectLeaders (key 43), versions 0-2: 1 election types.
pub async fn elect_leaders(call: Call, request: ElectLeadersRequest) -> ElectLeadersResponse {
    let asked = Asked::by_client(&call, request);
    let answer = ask(&call, asked, Command::ElectLeaders, pick!(ElectLeaders)).await;
    answer
        .unwrap_or_else(|error| ElectLeadersResponse { error_code: error.code.code(), ..Default::default() })
}

/// AlterPartitionReassignments (key 45), versions 0-1.
pub async fn alter_reassignments(
    call: Call,
    request: AlterPartitionReassignmentsRequest,
) -> AlterPartitionReassignmentsResponse {
    let asked = Asked::by_client(&call, request);
    let answer =
        ask(&call, asked, Command::AlterPartitionReassignments, pick!(AlterPartitionReassignments)).await;
    answer.unwrap_or_else(|error| AlterPartitionReassignmentsResponse {
        error_code: error.code.code(),
        error_message: error.text(),
        responses: Vec::<ReassignableTopicResponse>::new(),
        ..Default::default()
    })
}

/// ListPartitionReassignments (key 46), version 0.
pub async fn list_reassignments(
    call: Call,
    request: ListPartitionReassignmentsRequest,
) -> ListPartitionReassignmentsResponse {
    let asked = Asked::by_client(&call, request);
    let answer =
        ask(&call, asked, Command::ListPartitionReassignments, pick!(ListPartitionReassignments)).await;
    answer.unwrap_or_else(|error| ListPartitionReassignmentsResponse {
        error_code: error.code.code(),
        error_message: error.text(),
        ..Default::default()
    })
}

/// AlterConfigs (key 33) as the controller sees it: on its own listener nobody has looked at it before.
pub(super) async fn alter_configs(
    call: &Call,
    request: AlterConfigsRequest,
) -> Result<AlterConfigsResponse, ApiError> {
    let origin = origin(call);
    let command = |request| Command::AlterConfigs(AlterConfigs { request, origin });
    ask(call, Asked::by_client(call, request), command, pick!(AlterConfigs)).await
}

/// IncrementalAlterConfigs (key 44) likewise.
pub(super) async fn incremental_alter_configs(
    call: &Call,
    request: IncrementalAlterConfigsRequest,
) -> Result<IncrementalAlterConfigsResponse, ApiError> {
    let origin = origin(call);
    let command = |request| Command::IncrementalAlterConfigs(AlterConfigs { request, origin });
    ask(call, Asked::by_client(call, request), command, pick!(IncrementalAlterConfigs)).await
}
