//! Configs that brokers keep: those of topics, brokers, loggers, groups and client metrics.

use klamm_client::{Admin, ClientError};
use klamm_config::alter::check_topic_name;
use klamm_protocol::Str;
use klamm_protocol::messages::describe_configs_request::DescribeConfigsResource;
use klamm_protocol::messages::describe_configs_response::DescribeConfigsResourceResult;
use klamm_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use klamm_protocol::messages::{
    DescribeClusterRequest, DescribeConfigsRequest, IncrementalAlterConfigsRequest,
    ListConfigResourcesRequest, ListGroupsRequest,
};

use serde_json::{Value, json};

use super::changes::Changes;
use super::entity::{Entities, EntityType};
use super::failed;
use crate::options::Given;
use crate::tool::{Terminal, ToolError, ToolResult};

const SET: i8 = 0;
const REMOVE: i8 = 1;

/// An entity and its configs by name; of the defaults for all the name is empty.
type Described = (String, Vec<DescribeConfigsResourceResult>);

/// `--describe`. Prints what is found as Kafka does, the heading before it asks; or, where JSON is wanted, gives it
/// all. One that nobody knows has no configs.
pub(super) async fn describe(
    admin: &Admin,
    entities: &Entities,
    given: &Given,
    terminal: &mut Terminal<'_>,
) -> Result<Vec<Described>, ToolError> {
    let kind = entities.first();
    let (shows_all, wants_json) = (given.has("all"), given.wants_json()?);
    let names = match entities.names.first() {
        Some(name) => {
            if !shows_all && !exists(admin, kind, name, given).await? {
                if !wants_json {
                    let kind = kind.singular();
                    writeln!(
                        terminal.out,
                        "The {kind} '{name}' doesn't exist and doesn't have dynamic config."
                    )?;
                }
                return Ok(Vec::new());
            }
            vec![name.clone()]
        }
        None => {
            let mut names = known(admin, kind, given).await?;
            if kind == EntityType::Brokers {
                names.push(String::new());
            }
            names
        }
    };
    let mut described = Vec::new();
    for name in names {
        if wants_json {
            let configs = configs(admin, kind, &name, shows_all, given).await?;
            described.push((name, configs));
            continue;
        }
        match name.as_str() {
            "" => writeln!(terminal.out, "Default configs for {} in the cluster are:", kind.name())?,
            name => {
                let which = if shows_all { "All" } else { "Dynamic" };
                writeln!(terminal.out, "{which} configs for {} {name} are:", kind.singular())?;
            }
        }
        print(&configs(admin, kind, &name, shows_all, given).await?, terminal)?;
    }
    Ok(described)
}

fn print(configs: &[DescribeConfigsResourceResult], terminal: &mut Terminal<'_>) -> ToolResult {
    for config in configs {
        let synonyms: Vec<String> = config
            .synonyms
            .iter()
            .map(|synonym| {
                let value = synonym.value.as_deref().unwrap_or("null");
                format!("{}:{}={value}", source_name(synonym.source), synonym.name)
            })
            .collect();
        let value = config.value.as_deref().unwrap_or("null");
        writeln!(
            terminal.out,
            "  {}={value} sensitive={} synonyms={{{}}}",
            config.name,
            config.is_sensitive,
            synonyms.join(", ")
        )?;
    }
    Ok(())
}

/// The document of `-o json`.
pub(super) fn to_json(kind: EntityType, described: &[Described]) -> Value {
    let rows = described.iter().map(|(name, configs)| {
        let configs = configs.iter().map(|config| {
            let synonyms = config.synonyms.iter().map(|synonym| {
                json!({
                    "source": source_name(synonym.source),
                    "name": synonym.name.as_str(),
                    "value": synonym.value.as_deref(),
                })
            });
            json!({
                "name": config.name.as_str(),
                "value": config.value.as_deref(),
                "source": source_name(config.config_source),
                "sensitive": config.is_sensitive,
                "synonyms": synonyms.collect::<Value>(),
            })
        });
        json!({
            "entity_type": kind.name(),
            "entity_name": Some(name).filter(|name| !name.is_empty()),
            "configs": configs.collect::<Value>(),
        })
    });
    rows.collect()
}

/// Kafka's name of where a config comes from.
fn source_name(source: i8) -> &'static str {
    match source {
        1 => "DYNAMIC_TOPIC_CONFIG",
        2 => "DYNAMIC_BROKER_CONFIG",
        3 => "DYNAMIC_DEFAULT_BROKER_CONFIG",
        4 => "STATIC_BROKER_CONFIG",
        5 => "DEFAULT_CONFIG",
        6 => "DYNAMIC_BROKER_LOGGER_CONFIG",
        7 => "DYNAMIC_CLIENT_METRICS_CONFIG",
        8 => "DYNAMIC_GROUP_CONFIG",
        _ => "UNKNOWN",
    }
}

/// The source of configs that were set on the entity itself; loggers show all.
fn own_source(kind: EntityType, name: &str) -> Option<i8> {
    match kind {
        EntityType::Topics => Some(1),
        EntityType::Brokers if name.is_empty() => Some(3),
        EntityType::Brokers => Some(2),
        EntityType::ClientMetrics => Some(7),
        EntityType::Groups => Some(8),
        EntityType::BrokerLoggers | EntityType::Users | EntityType::Clients | EntityType::Ips => None,
    }
}

/// Configs of an entity by name: its own, or all.
async fn configs(
    admin: &Admin,
    kind: EntityType,
    name: &str,
    all: bool,
    given: &Given,
) -> Result<Vec<DescribeConfigsResourceResult>, ToolError> {
    if kind == EntityType::Topics && !name.is_empty() {
        check_topic_name(name).map_err(|error| unexpected(given, &error.to_string()))?;
    }
    let resource = DescribeConfigsResource {
        resource_type: kind.resource().unwrap_or_default(),
        resource_name: name.into(),
        ..DescribeConfigsResource::default()
    };
    let request = DescribeConfigsRequest {
        resources: vec![resource],
        include_synonyms: true,
        ..DescribeConfigsRequest::default()
    };
    let results = admin.describe_configs(&request).await.map_err(|error| failed(given, &error))?;
    let mut configs = Vec::new();
    for result in results {
        let checked = ClientError::check_with(result.error_code, result.error_message.as_deref());
        checked.map_err(|error| failed(given, &error))?;
        configs.extend(result.configs);
    }
    let source = own_source(kind, name).filter(|_| !all);
    configs.retain(|config| source.is_none_or(|source| config.config_source == source));
    configs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(configs)
}

/// Kafka's complaint about an exception that it did not foresee.
fn unexpected(given: &Given, reason: &str) -> ToolError {
    let line = given.line.join(" ");
    ToolError::Failed(format!(
        "Error while executing config command with args '{line}'\n\
         org.apache.kafka.common.errors.InvalidTopicException: {reason}"
    ))
}

async fn exists(admin: &Admin, kind: EntityType, name: &str, given: &Given) -> Result<bool, ToolError> {
    if kind == EntityType::Topics {
        check_topic_name(name).map_err(|error| unexpected(given, &error.to_string()))?;
    }
    if matches!(kind, EntityType::Brokers | EntityType::BrokerLoggers) && name.is_empty() {
        return Ok(true);
    }
    Ok(known(admin, kind, given).await?.iter().any(|known| known == name))
}

/// All entities of the type.
async fn known(admin: &Admin, kind: EntityType, given: &Given) -> Result<Vec<String>, ToolError> {
    let failed = |error: ClientError| failed(given, &error);
    match kind {
        EntityType::Topics => {
            let topics = admin.list_topics().await.map_err(failed)?;
            Ok(topics.iter().map(|topic| topic.name.to_string()).collect())
        }
        EntityType::Brokers | EntityType::BrokerLoggers => {
            let cluster = admin.describe_cluster(&DescribeClusterRequest::default()).await.map_err(failed)?;
            Ok(cluster.brokers.iter().map(|broker| broker.broker_id.to_string()).collect())
        }
        EntityType::ClientMetrics => listed(admin, kind).await.map_err(failed),
        EntityType::Groups => {
            let groups = admin.list_groups(&ListGroupsRequest::default()).await.map_err(failed)?;
            let mut names: Vec<String> = groups.iter().map(|group| group.group_id.to_string()).collect();
            names.extend(listed(admin, kind).await.map_err(failed)?);
            names.sort();
            names.dedup();
            Ok(names)
        }
        EntityType::Users | EntityType::Clients | EntityType::Ips => Ok(Vec::new()),
    }
}

/// The entities that have configs, as the cluster lists them.
async fn listed(admin: &Admin, kind: EntityType) -> Result<Vec<String>, ClientError> {
    let request = ListConfigResourcesRequest {
        resource_types: kind.resource().into_iter().collect(),
        ..ListConfigResourcesRequest::default()
    };
    let response = admin.list_config_resources(&request).await?;
    ClientError::check(response.error_code)?;
    Ok(response.config_resources.iter().map(|resource| resource.resource_name.to_string()).collect())
}

/// `--alter`.
pub(super) async fn alter(
    admin: &Admin,
    entities: &Entities,
    changes: &Changes,
    given: &Given,
) -> ToolResult {
    let (kind, name) = (entities.first(), entities.first_name());
    if kind == EntityType::BrokerLoggers {
        let loggers = configs(admin, kind, name, false, given).await?;
        let is_known = |key: &&String| loggers.iter().any(|logger| logger.name.as_str() == key.as_str());
        let unknown: Vec<&str> = changes
            .remove
            .iter()
            .chain(changes.set.keys())
            .filter(|key| !is_known(key))
            .map(String::as_str)
            .collect();
        if !unknown.is_empty() {
            return Err(ToolError::Usage(format!("Invalid broker logger(s): {}", unknown.join(","))));
        }
    }
    let removed = changes.remove.iter().map(|key| alteration(key, REMOVE, ""));
    let set = changes.set.iter().map(|(key, value)| alteration(key, SET, value));
    let resource = AlterConfigsResource {
        resource_type: kind.resource().unwrap_or_default(),
        resource_name: name.into(),
        configs: removed.chain(set).collect(),
        ..AlterConfigsResource::default()
    };
    let request = IncrementalAlterConfigsRequest {
        resources: vec![resource],
        ..IncrementalAlterConfigsRequest::default()
    };
    let results = admin.incremental_alter_configs(&request).await.map_err(|error| failed(given, &error))?;
    results.iter().try_for_each(|result| {
        let checked = ClientError::check_with(result.error_code, result.error_message.as_deref());
        checked.map_err(|error| failed(given, &error))
    })
}

fn alteration(key: &str, config_operation: i8, value: &str) -> AlterableConfig {
    AlterableConfig {
        name: Str::from(key),
        config_operation,
        value: Some(value.into()),
        ..AlterableConfig::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_tells_value_source_and_synonyms_of_each_config() {
        use klamm_protocol::messages::describe_configs_response::DescribeConfigsSynonym;
        let synonym = DescribeConfigsSynonym {
            name: "log.retention.ms".into(),
            value: None,
            source: 5,
            ..DescribeConfigsSynonym::default()
        };
        let config = DescribeConfigsResourceResult {
            name: "retention.ms".into(),
            value: Some("5".into()),
            config_source: 1,
            synonyms: vec![synonym],
            ..DescribeConfigsResourceResult::default()
        };
        let found = [("t".to_owned(), vec![config])];
        let expected = r#"[{"entity_type":"topics","entity_name":"t","configs":[{"name":"retention.ms","value":"5","source":"DYNAMIC_TOPIC_CONFIG","sensitive":false,"synonyms":[{"source":"DEFAULT_CONFIG","name":"log.retention.ms","value":null}]}]}]"#;
        assert_eq!(to_json(EntityType::Topics, &found).to_string(), expected);
    }
}
