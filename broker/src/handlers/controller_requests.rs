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
use klamm_protocol::messages::{
    AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse, CreatePartitionsRequest,
    CreatePartitionsResponse, CreateTopicsRequest, CreateTopicsResponse, DeleteTopicsRequest,
    DeleteTopicsResponse, ElectLeadersRequest, ElectLeadersResponse, ListPartitionReassignmentsRequest,
    ListPartitionReassignmentsResponse, UpdateFeaturesRequest, UpdateFeaturesResponse,
};

use super::call::Call;
use super::versions::Serves;

/// Asks the controller; `pick` takes the reply apart, `refused` shapes an error of the whole request.
async fn ask<R>(
    call: &Call,
    command: Command,
    pick: fn(Reply) -> Option<R>,
    refused: impl FnOnce(&ApiError) -> R,
) -> R {
    match call.node.controller.ask(command).await {
        Ok(reply) => pick(reply).expect("the controller answers each command in kind"),
        Err(error) => refused(&error),
    }
}

macro_rules! pick {
    ($variant:ident) => {
        |reply| if let Reply::$variant(response) = reply { Some(response) } else { None }
    };
}

fn origin(call: &Call) -> Origin {
    match call.peer.listener.serves {
        Serves::Broker => Origin::Forwarded,
        Serves::Controller => Origin::Direct,
    }
}

/// CreateTopics (key 19), versions 2-7: 4 defaults, 5 what was created, 7 topic ids.
pub async fn create_topics(call: Call, request: CreateTopicsRequest) -> CreateTopicsResponse {
    let names: Vec<_> = request.topics.iter().map(|topic| topic.name.clone()).collect();
    let command = Command::CreateTopics(CreateTopics {
        request,
        creatable: Names::All,
        describable: Names::All,
        quota: MutationQuota::Permissive,
        origin: origin(&call),
    });
    ask(&call, command, pick!(CreateTopics), |error| {
        let one = |name| CreatableTopicResult {
            name,
            error_code: error.code.code(),
            error_message: error.text(),
            ..CreatableTopicResult::default()
        };
        CreateTopicsResponse { topics: names.into_iter().map(one).collect(), ..Default::default() }
    })
    .await
}

/// DeleteTopics (key 20), versions 1-6: 5 error texts, 6 by topic id.
pub async fn delete_topics(call: Call, request: DeleteTopicsRequest) -> DeleteTopicsResponse {
    let by_name: Vec<_> =
        request.topic_names.iter().map(|name| (Some(name.clone()), Default::default())).collect();
    let by_id = request.topics.iter().map(|topic| (topic.name.clone(), topic.topic_id));
    let asked: Vec<_> = by_name.into_iter().chain(by_id).collect();
    let command = Command::DeleteTopics(DeleteTopics {
        request,
        describable: Names::All,
        deletable: Names::All,
        quota: MutationQuota::Permissive,
    });
    ask(&call, command, pick!(DeleteTopics), |error| {
        let one = |(name, topic_id)| DeletableTopicResult {
            name,
            topic_id,
            error_code: error.code.code(),
            error_message: error.text(),
            ..DeletableTopicResult::default()
        };
        DeleteTopicsResponse { responses: asked.into_iter().map(one).collect(), ..Default::default() }
    })
    .await
}

/// CreatePartitions (key 37), versions 0-3.
pub async fn create_partitions(call: Call, request: CreatePartitionsRequest) -> CreatePartitionsResponse {
    let names: Vec<_> = request.topics.iter().map(|topic| topic.name.clone()).collect();
    let command = Command::CreatePartitions(CreatePartitions {
        request,
        alterable: Names::All,
        quota: MutationQuota::Permissive,
    });
    ask(&call, command, pick!(CreatePartitions), |error| {
        let one = |name| CreatePartitionsTopicResult {
            name,
            error_code: error.code.code(),
            error_message: error.text(),
            ..CreatePartitionsTopicResult::default()
        };
        CreatePartitionsResponse { results: names.into_iter().map(one).collect(), ..Default::default() }
    })
    .await
}

/// UpdateFeatures (key 57), versions 0-2: 1 upgrade types and validation, 2 no per-feature results.
pub async fn update_features(call: Call, request: UpdateFeaturesRequest) -> UpdateFeaturesResponse {
    let kraft_version = i16::try_from(call.node.controller.quorum().kraft_version.level()).unwrap_or(0);
    let command = Command::UpdateFeatures(UpdateFeatures { request, kraft_version });
    ask(&call, command, pick!(UpdateFeatures), |error| UpdateFeaturesResponse {
        error_code: error.code.code(),
        error_message: error.text(),
        ..Default::default()
    })
    .await
}

/// ElectLeaders (key 43), versions 0-2: 1 election types.
pub async fn elect_leaders(call: Call, request: ElectLeadersRequest) -> ElectLeadersResponse {
    ask(&call, Command::ElectLeaders(request), pick!(ElectLeaders), |error| ElectLeadersResponse {
        error_code: error.code.code(),
        ..Default::default()
    })
    .await
}

/// AlterPartitionReassignments (key 45), versions 0-1.
pub async fn alter_reassignments(
    call: Call,
    request: AlterPartitionReassignmentsRequest,
) -> AlterPartitionReassignmentsResponse {
    let command = Command::AlterPartitionReassignments(request);
    ask(&call, command, pick!(AlterPartitionReassignments), |error| AlterPartitionReassignmentsResponse {
        error_code: error.code.code(),
        error_message: error.text(),
        responses: Vec::<ReassignableTopicResponse>::new(),
        ..Default::default()
    })
    .await
}

/// ListPartitionReassignments (key 46), version 0.
pub async fn list_reassignments(
    call: Call,
    request: ListPartitionReassignmentsRequest,
) -> ListPartitionReassignmentsResponse {
    let command = Command::ListPartitionReassignments(request);
    ask(&call, command, pick!(ListPartitionReassignments), |error| ListPartitionReassignmentsResponse {
        error_code: error.code.code(),
        error_message: error.text(),
        ..Default::default()
    })
    .await
}

/// Passes a config change on to the controller.
pub(super) async fn ask_configs<T>(
    call: &Call,
    request: T,
    into: fn(AlterConfigs<T>) -> Command,
) -> Result<Reply, ApiError> {
    call.node.controller.ask(into(AlterConfigs { request, origin: origin(call) })).await
}
