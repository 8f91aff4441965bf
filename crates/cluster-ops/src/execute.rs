//! Carries out the actions of a plan that concern the cluster as a whole. Each is safe to repeat: what
//! is done already counts as done.

use std::collections::BTreeMap;

use klamm_client::{Admin, ClientError};
use klamm_lifecycle::{Action, Endpoint, PartitionMove};
use klamm_model::{DirectoryId, NodeId, TopicId};
use klamm_protocol::messages::add_raft_voter_request::Listener;
use klamm_protocol::messages::alter_partition_reassignments_request::{
    ReassignablePartition, ReassignableTopic,
};
use klamm_protocol::messages::create_partitions_request::CreatePartitionsTopic;
use klamm_protocol::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use klamm_protocol::messages::elect_leaders_request::TopicPartitions;
use klamm_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use klamm_protocol::messages::update_features_request::FeatureUpdateKey;
use klamm_protocol::messages::{
    AddRaftVoterRequest, AlterPartitionReassignmentsRequest, CreatePartitionsRequest, CreateTopicsRequest,
    ElectLeadersRequest, IncrementalAlterConfigsRequest, RemoveRaftVoterRequest, UnregisterBrokerRequest,
    UnregisterControllerRequest, UpdateFeaturesRequest,
};
use klamm_protocol::{ErrorCode, Str};

use crate::wire::{BROKER, CORDONED, METADATA_VERSION, TOPIC};

const SET: i8 = 0;
const DELETE: i8 = 1;
const PREFERRED: i8 = 0;
const UPGRADE: i8 = 1;

/// An action that was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// The cluster did not answer.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The cluster refused.
    #[error("{what}: {} {message}", code.name())]
    Refused {
        /// What was asked for.
        what: String,
        /// Kafka's error.
        code: ErrorCode,
        /// Its text.
        message: String,
    },
}

type Outcome = Result<(), ExecuteError>;

/// Carries out an action on the cluster; those of the host leave `false`.
pub async fn execute_on_cluster(admin: &Admin, action: &Action) -> Result<bool, ExecuteError> {
    match action {
        Action::AddVoter { node, directory_id, endpoint } => {
            add_voter(admin, (*node, *directory_id), endpoint).await?;
        }
        Action::RemoveVoter { node, directory_id } => remove_voter(admin, *node, *directory_id).await?,
        Action::Cordon { broker } => {
            let set = BTreeMap::from([(CORDONED.to_owned(), "*".to_owned())]);
            configure(admin, (BROKER, &broker.to_string()), &set, &[]).await?;
        }
        Action::Uncordon { broker } => {
            let remove = [CORDONED.to_owned()];
            configure(admin, (BROKER, &broker.to_string()), &BTreeMap::new(), &remove).await?;
        }
        Action::Reassign { moves } => reassign(admin, moves).await?,
        Action::ElectPreferredLeaders { partitions } => elect(admin, partitions).await?,
        Action::UnregisterBroker { broker } => unregister(admin, *broker).await?,
        Action::UnregisterController { controller } => unregister_controller(admin, *controller).await?,
        Action::FinalizeMetadataVersion { level } => finalize(admin, *level).await?,
        Action::ConfigureBrokers { set, remove } => configure(admin, (BROKER, ""), set, remove).await?,
        Action::CreateTopic { name, partitions, replication_factor, config } => {
            create_topic(admin, name, (*partitions, *replication_factor), config).await?;
        }
        Action::DeleteTopic { name, topic_id } => delete_topic(admin, name, *topic_id).await?,
        Action::GrowTopic { name, partitions } => grow_topic(admin, name, *partitions).await?,
        Action::ConfigureTopic { name, set, remove } => configure(admin, (TOPIC, name), set, remove).await?,
        Action::ChooseClusterId
        | Action::FormatNode { .. }
        | Action::StartNode { .. }
        | Action::RestartNode { .. }
        | Action::StopNode { .. }
        | Action::DeleteVolumes { .. } => return Ok(false),
    }
    Ok(true)
}

async fn add_voter(admin: &Admin, (node, directory): (NodeId, DirectoryId), at: &Endpoint) -> Outcome {
    let listener = Listener {
        name: Str::from(at.listener.clone()),
        host: Str::from(at.host.clone()),
        port: at.port,
        ..Listener::default()
    };
    let request = AddRaftVoterRequest {
        cluster_id: None,
        timeout_ms: admin.timeout_ms(),
        voter_id: node.get(),
        voter_directory_id: directory.get(),
        listeners: vec![listener],
        ack_when_committed: true,
        ..AddRaftVoterRequest::default()
    };
    let response = admin.add_raft_voter(&request).await?;
    let done = [ErrorCode::DuplicateVoter];
    check(format!("voter {node}"), (response.error_code, response.error_message), &done)
}

async fn remove_voter(admin: &Admin, node: NodeId, directory: DirectoryId) -> Outcome {
    let request = RemoveRaftVoterRequest {
        cluster_id: None,
        voter_id: node.get(),
        voter_directory_id: directory.get(),
        ..RemoveRaftVoterRequest::default()
    };
    let response = admin.remove_raft_voter(&request).await?;
    let done = [ErrorCode::VoterNotFound];
    check(format!("voter {node}"), (response.error_code, response.error_message), &done)
}

async fn reassign(admin: &Admin, moves: &[PartitionMove]) -> Outcome {
    let mut topics: BTreeMap<&str, Vec<ReassignablePartition>> = BTreeMap::new();
    for one in moves {
        topics.entry(&one.topic).or_default().push(ReassignablePartition {
            partition_index: one.partition,
            replicas: Some(one.replicas.iter().map(|id| id.get()).collect()),
            ..ReassignablePartition::default()
        });
    }
    let topic = |(name, partitions): (&str, Vec<ReassignablePartition>)| ReassignableTopic {
        name: Str::from(name.to_owned()),
        partitions,
        ..ReassignableTopic::default()
    };
    let request = AlterPartitionReassignmentsRequest {
        timeout_ms: admin.timeout_ms(),
        allow_replication_factor_change: true,
        topics: topics.into_iter().map(topic).collect(),
        ..AlterPartitionReassignmentsRequest::default()
    };
    let response = admin.alter_partition_reassignments(&request).await?;
    check("reassignments".to_owned(), (response.error_code, response.error_message), &[])?;
    for topic in response.responses {
        for partition in topic.partitions {
            let what = format!("partition {}-{}", topic.name, partition.partition_index);
            check(what, (partition.error_code, partition.error_message), &[])?;
        }
    }
    Ok(())
}

/// Partitions that cannot be led by their preferred replica now are left to the controller.
async fn elect(admin: &Admin, partitions: &[(String, i32)]) -> Outcome {
    let mut topics: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
    for (topic, number) in partitions {
        topics.entry(topic).or_default().push(*number);
    }
    let topic = |(name, partitions): (&str, Vec<i32>)| TopicPartitions {
        topic: Str::from(name.to_owned()),
        partitions,
        ..TopicPartitions::default()
    };
    let request = ElectLeadersRequest {
        election_type: PREFERRED,
        topic_partitions: Some(topics.into_iter().map(topic).collect()),
        timeout_ms: admin.timeout_ms(),
        ..ElectLeadersRequest::default()
    };
    let response = admin.elect_leaders(&request).await?;
    check("leaders".to_owned(), (response.error_code, None), &[])
}

async fn unregister(admin: &Admin, broker: NodeId) -> Outcome {
    let request = UnregisterBrokerRequest { broker_id: broker.get(), ..UnregisterBrokerRequest::default() };
    let response = admin.unregister_broker(&request).await?;
    let done = [ErrorCode::BrokerIdNotRegistered];
    check(format!("broker {broker}"), (response.error_code, response.error_message), &done)
}

async fn unregister_controller(admin: &Admin, controller: NodeId) -> Outcome {
    let request = UnregisterControllerRequest {
        controller_id: controller.get(),
        ..UnregisterControllerRequest::default()
    };
    let response = admin.unregister_controller(&request).await?;
    let done = [ErrorCode::ControllerIdNotRegistered];
    check(format!("controller {controller}"), (response.error_code, response.error_message), &done)
}

async fn finalize(admin: &Admin, level: i16) -> Outcome {
    let update = FeatureUpdateKey {
        feature: Str::from_static(METADATA_VERSION),
        max_version_level: level,
        upgrade_type: UPGRADE,
        ..FeatureUpdateKey::default()
    };
    let request = UpdateFeaturesRequest {
        timeout_ms: admin.timeout_ms(),
        feature_updates: vec![update],
        ..UpdateFeaturesRequest::default()
    };
    let response = admin.update_features(&request).await?;
    check(format!("{METADATA_VERSION} {level}"), (response.error_code, response.error_message), &[])?;
    // Up to version 1 a feature's refusal stands in its own result.
    response.results.into_iter().try_for_each(|result| {
        check(format!("{METADATA_VERSION} {level}"), (result.error_code, result.error_message), &[])
    })
}

async fn create_topic(
    admin: &Admin,
    name: &str,
    (partitions, factor): (Option<i32>, Option<i16>),
    config: &BTreeMap<String, String>,
) -> Outcome {
    let config = config.iter().map(|(key, value)| CreatableTopicConfig {
        name: Str::from(key.clone()),
        value: Some(Str::from(value.clone())),
        ..CreatableTopicConfig::default()
    });
    let topic = CreatableTopic {
        name: Str::from(name.to_owned()),
        num_partitions: partitions.unwrap_or(-1),
        replication_factor: factor.unwrap_or(-1),
        configs: config.collect(),
        ..CreatableTopic::default()
    };
    let request = CreateTopicsRequest {
        topics: vec![topic],
        timeout_ms: admin.timeout_ms(),
        ..CreateTopicsRequest::default()
    };
    let response = admin.create_topics(&request).await?;
    let mut answers = response.topics.into_iter();
    answers.try_for_each(|answer| {
        let done = [ErrorCode::TopicAlreadyExists];
        check(format!("topic {name}"), (answer.error_code, answer.error_message), &done)
    })
}

async fn delete_topic(admin: &Admin, name: &str, id: TopicId) -> Outcome {
    let response = admin.delete_topic_by_id(id).await?;
    let mut answers = response.responses.into_iter();
    answers.try_for_each(|answer| {
        let done = [ErrorCode::UnknownTopicId, ErrorCode::UnknownTopicOrPartition];
        check(format!("topic {name}"), (answer.error_code, answer.error_message), &done)
    })
}

async fn grow_topic(admin: &Admin, name: &str, count: i32) -> Outcome {
    let topic = CreatePartitionsTopic {
        name: Str::from(name.to_owned()),
        count,
        assignments: None,
        ..CreatePartitionsTopic::default()
    };
    let request = CreatePartitionsRequest {
        topics: vec![topic],
        timeout_ms: admin.timeout_ms(),
        ..CreatePartitionsRequest::default()
    };
    let response = admin.create_partitions(&request).await?;
    let mut answers = response.results.into_iter();
    answers
        .try_for_each(|answer| check(format!("topic {name}"), (answer.error_code, answer.error_message), &[]))
}

async fn configure(
    admin: &Admin,
    (kind, name): (i8, &str),
    set: &BTreeMap<String, String>,
    remove: &[String],
) -> Outcome {
    let one = |key: &String, operation, value: Option<&String>| AlterableConfig {
        name: Str::from(key.clone()),
        config_operation: operation,
        value: value.map(|value| Str::from(value.clone())),
        ..AlterableConfig::default()
    };
    let set = set.iter().map(|(key, value)| one(key, SET, Some(value)));
    let resource = AlterConfigsResource {
        resource_type: kind,
        resource_name: Str::from(name.to_owned()),
        configs: set.chain(remove.iter().map(|key| one(key, DELETE, None))).collect(),
        ..AlterConfigsResource::default()
    };
    let request = IncrementalAlterConfigsRequest {
        resources: vec![resource],
        ..IncrementalAlterConfigsRequest::default()
    };
    let what = match (kind, name) {
        (TOPIC, name) => format!("topic {name}"),
        (_, "") => "configs of all brokers".to_owned(),
        (_, name) => format!("configs of broker {name}"),
    };
    let mut answers = admin.incremental_alter_configs(&request).await?.into_iter();
    answers.try_for_each(|answer| check(what.clone(), (answer.error_code, answer.error_message), &[]))
}

/// An error of the answer, unless it says that nothing was left to do.
fn check(what: String, (code, message): (i16, Option<Str>), done: &[ErrorCode]) -> Outcome {
    let error = ErrorCode::from_i16(code).unwrap_or(ErrorCode::UnknownServerError);
    if error == ErrorCode::None || done.contains(&error) {
        return Ok(());
    }
    let message = message.map(|text| text.to_string()).unwrap_or_default();
    Err(ExecuteError::Refused { what, code: error, message })
}
