//! Carries out the actions of a plan that concern the cluster as a whole.

use klamm_client::{Admin, ClientError};
use klamm_lifecycle::Action;
use klamm_protocol::messages::create_partitions_request::CreatePartitionsTopic;
use klamm_protocol::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use klamm_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use klamm_protocol::messages::{
    CreatePartitionsRequest, CreateTopicsRequest, IncrementalAlterConfigsRequest,
};
use klamm_protocol::{ErrorCode, Str};

const TOPIC: i8 = 2;
const SET: i8 = 0;
const DELETE: i8 = 1;

/// An action that was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// The cluster did not answer.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The cluster refused.
    #[error("topic {topic}: {} {message}", code.name())]
    Refused {
        /// The topic.
        topic: String,
        /// Kafka's error.
        code: ErrorCode,
        /// Its text.
        message: String,
    },
}

/// Carries out a topic action; others are the host's and leave `false`.
pub async fn execute_on_cluster(admin: &Admin, action: &Action) -> Result<bool, ExecuteError> {
    match action {
        Action::CreateTopic { name, partitions, replication_factor, config } => {
            let config = config.iter().map(|(key, value)| CreatableTopicConfig {
                name: Str::from(key.clone()),
                value: Some(Str::from(value.clone())),
                ..CreatableTopicConfig::default()
            });
            let topic = CreatableTopic {
                name: Str::from(name.clone()),
                num_partitions: partitions.unwrap_or(-1),
                replication_factor: replication_factor.unwrap_or(-1),
                configs: config.collect(),
                ..CreatableTopic::default()
            };
            let request = CreateTopicsRequest {
                topics: vec![topic],
                timeout_ms: admin.timeout_ms(),
                ..CreateTopicsRequest::default()
            };
            let response = admin.create_topics(&request).await?;
            let answers = response.topics.into_iter();
            check(name, answers.map(|answer| (answer.error_code, answer.error_message)))?;
        }
        Action::GrowTopic { name, partitions } => {
            let topic = CreatePartitionsTopic {
                name: Str::from(name.clone()),
                count: *partitions,
                assignments: None,
                ..CreatePartitionsTopic::default()
            };
            let request = CreatePartitionsRequest {
                topics: vec![topic],
                timeout_ms: admin.timeout_ms(),
                ..CreatePartitionsRequest::default()
            };
            let response = admin.create_partitions(&request).await?;
            let answers = response.results.into_iter();
            check(name, answers.map(|answer| (answer.error_code, answer.error_message)))?;
        }
        Action::ConfigureTopic { name, set, remove } => {
            let one = |key: &String, operation, value: Option<&String>| AlterableConfig {
                name: Str::from(key.clone()),
                config_operation: operation,
                value: value.map(|value| Str::from(value.clone())),
                ..AlterableConfig::default()
            };
            let set = set.iter().map(|(key, value)| one(key, SET, Some(value)));
            let configs = set.chain(remove.iter().map(|key| one(key, DELETE, None))).collect();
            let resource = AlterConfigsResource {
                resource_type: TOPIC,
                resource_name: Str::from(name.clone()),
                configs,
                ..AlterConfigsResource::default()
            };
            let request = IncrementalAlterConfigsRequest {
                resources: vec![resource],
                ..IncrementalAlterConfigsRequest::default()
            };
            let answers = admin.incremental_alter_configs(&request).await?.into_iter();
            check(name, answers.map(|answer| (answer.error_code, answer.error_message)))?;
        }
        Action::ChooseClusterId | Action::FormatNode { .. } | Action::StartNode { .. } => return Ok(false),
    }
    Ok(true)
}

fn check(topic: &str, answers: impl Iterator<Item = (i16, Option<Str>)>) -> Result<(), ExecuteError> {
    for (code, message) in answers {
        if code != 0 {
            return Err(ExecuteError::Refused {
                topic: topic.to_owned(),
                code: ErrorCode::from_i16(code).unwrap_or(ErrorCode::UnknownServerError),
                message: message.map(|text| text.to_string()).unwrap_or_default(),
            });
        }
    }
    Ok(())
}
