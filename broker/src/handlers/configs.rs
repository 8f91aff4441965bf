//! DescribeConfigs (32), AlterConfigs (33), IncrementalAlterConfigs (44), ListConfigResources (74).
//!
//! What concerns the broker itself is checked here before the controller is asked, as Kafka does:
//! only the broker knows which of its configs can change while it runs.

use std::collections::{BTreeMap, BTreeSet};

use klamm_config::alter::{self, AlterError};
use klamm_config::describe::{
    ConfigEntry, describe_broker, describe_client_metrics, describe_cluster_default, describe_group,
    describe_topic,
};
use klamm_config::effect;
use klamm_config::{BrokerTarget, ConfigError, Kind};
use klamm_metadata::image::{ConfigMap, ConfigResource, ConfigResourceType};
use klamm_metadata::{ApiError, topic_name_error};
use klamm_protocol::messages::describe_configs_request::DescribeConfigsResource;
use klamm_protocol::messages::describe_configs_response::{
    DescribeConfigsResourceResult, DescribeConfigsResult, DescribeConfigsSynonym,
};
use klamm_protocol::messages::incremental_alter_configs_request::{
    AlterConfigsResource as IncrementalResource, AlterableConfig,
};
use klamm_protocol::messages::{
    AlterConfigsRequest, AlterConfigsResponse, DescribeConfigsRequest, DescribeConfigsResponse,
    IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, ListConfigResourcesRequest,
    ListConfigResourcesResponse, alter_configs_response, incremental_alter_configs_response,
    list_config_resources_response,
};
use klamm_protocol::{ErrorCode, Str};

use super::broker_loggers;
use super::call::Call;
use super::controller_requests::{alter_configs, incremental_alter_configs};
use super::versions::Serves;

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
const BROKER_LOGGER: i8 = 8;
const CLIENT_METRICS: i8 = 16;
const GROUP: i8 = 32;

/// Each resource's configs with source, synonyms and docs.
pub fn describe(call: &Call, request: DescribeConfigsRequest) -> DescribeConfigsResponse {
    let results = request.resources.iter().map(|resource| {
        let mut result = DescribeConfigsResult {
            resource_type: resource.resource_type,
            resource_name: resource.resource_name.clone(),
            ..DescribeConfigsResult::default()
        };
        if resource.resource_type == BROKER_LOGGER {
            match broker_loggers::describe(call.node.id.get(), &resource.resource_name) {
                Ok(levels) => {
                    let wanted = |level: &DescribeConfigsResourceResult| is_wanted(resource, &level.name);
                    result.configs = levels.into_iter().filter(wanted).collect();
                }
                Err(error) => {
                    result.error_code = error.code.code();
                    result.error_message = error.text();
                }
            }
            return result;
        }
        match entries(call, resource) {
            Ok(entries) => {
                let shown = entries.into_iter().filter(|entry| is_wanted(resource, &entry.name));
                result.configs = shown.map(|entry| shape(entry, &request)).collect();
            }
            Err(error) => {
                result.error_code = error.code.code();
                result.error_message = error.text();
            }
        }
        result
    });
    DescribeConfigsResponse { results: results.collect(), ..DescribeConfigsResponse::default() }
}

fn is_wanted(resource: &DescribeConfigsResource, name: &str) -> bool {
    let keys = resource.configuration_keys.as_deref().unwrap_or_default();
    keys.is_empty() || keys.iter().any(|key| **key == *name)
}

fn entries(call: &Call, resource: &DescribeConfigsResource) -> Result<Vec<ConfigEntry>, ApiError> {
    let image = call.node.image.load();
    let layers = call.node.settings.layers();
    let name = &*resource.resource_name;
    let empty = ConfigMap::new();
    let overrides = |kind| {
        let resource = ConfigResource { kind, name: name.into() };
        image.configs().get(&resource).unwrap_or(&empty)
    };
    let unusable = |error: ConfigError| ApiError::new(ErrorCode::InvalidConfig, error.to_string());
    match resource.resource_type {
        TOPIC => {
            if let Some(error) = topic_name_error(name) {
                return Err(ApiError::new(ErrorCode::InvalidTopicException, error));
            }
            if image.topics().by_name(name).is_none() {
                return Err(ApiError::bare(ErrorCode::UnknownTopicOrPartition));
            }
            describe_topic(&layers, overrides(ConfigResourceType::Topic)).map_err(unusable)
        }
        BROKER if name.is_empty() => Ok(describe_cluster_default(&layers)),
        BROKER => {
            own_broker(call, name)?;
            Ok(describe_broker(&layers))
        }
        CLIENT_METRICS if name.is_empty() => Err(ApiError::new(
            ErrorCode::InvalidRequest,
            "Client metrics subscription name must not be empty",
        )),
        CLIENT_METRICS => {
            describe_client_metrics(overrides(ConfigResourceType::ClientMetrics)).map_err(unusable)
        }
        GROUP if name.is_empty() => {
            Err(ApiError::new(ErrorCode::InvalidRequest, "Group name must not be empty"))
        }
        GROUP => describe_group(&layers, overrides(ConfigResourceType::Group)).map_err(unusable),
        _ => Err(ApiError::plain(ErrorCode::InvalidRequest)),
    }
}

fn own_broker(call: &Call, name: &str) -> Result<(), ApiError> {
    let own = call.node.id.get();
    match name.parse::<i32>() {
        Ok(id) if id == own => Ok(()),
        Ok(_) => Err(ApiError::new(
            ErrorCode::InvalidRequest,
            format!("Unexpected broker id, expected {own} or empty string, but received {name}"),
        )),
        Err(_) => Err(ApiError::new(
            ErrorCode::InvalidRequest,
            format!("Broker id must be an integer, but it is: {name}"),
        )),
    }
}

/// As `own_broker`, in the words for changes.
fn own_node(call: &Call, name: &str) -> Result<(), ApiError> {
    let own = call.node.id.get();
    let text = match name.parse::<i32>() {
        Ok(id) if id == own => return Ok(()),
        Ok(_) => format!("Unexpected broker id, expected {own}, but received {name}"),
        Err(_) => format!("Node id must be an integer, but it is: {name}"),
    };
    Err(ApiError::new(ErrorCode::InvalidRequest, text))
}

fn shape(entry: ConfigEntry, request: &DescribeConfigsRequest) -> DescribeConfigsResourceResult {
    let synonyms = if request.include_synonyms { entry.synonyms } else { Vec::new() };
    let synonyms = synonyms.into_iter().map(|synonym| DescribeConfigsSynonym {
        name: Str::from(synonym.name),
        value: synonym.value.map(Str::from),
        source: synonym.source.wire_id(),
        ..DescribeConfigsSynonym::default()
    });
    DescribeConfigsResourceResult {
        name: Str::from(entry.name),
        value: entry.value.map(Str::from),
        read_only: entry.is_read_only,
        config_source: entry.source.wire_id(),
        is_sensitive: entry.is_sensitive,
        synonyms: synonyms.collect(),
        config_type: entry.kind.map_or(0, wire_kind),
        documentation: entry.doc.filter(|_| request.include_documentation).map(Str::from_static),
        ..DescribeConfigsResourceResult::default()
    }
}

const fn wire_kind(kind: Kind) -> i8 {
    match kind {
        Kind::Boolean => 1,
        Kind::String => 2,
        Kind::Int => 3,
        Kind::Short => 4,
        Kind::Long => 5,
        Kind::Double => 6,
        Kind::List => 7,
        Kind::Class => 8,
        Kind::Password => 9,
    }
}

/// AlterConfigs: replaces all configs of a resource.
pub async fn alter(call: Call, mut request: AlterConfigsRequest) -> AlterConfigsResponse {
    let mut refused = Vec::new();
    let mut all = Vec::new();
    request.resources.retain(|resource| {
        all.push((resource.resource_type, resource.resource_name.clone()));
        let given = resource.configs.iter().map(|config| (&config.name, config.value.is_some()));
        let proposed: BTreeMap<String, String> = resource
            .configs
            .iter()
            .filter_map(|config| Some((config.name.to_string(), config.value.as_ref()?.to_string())))
            .collect();
        let checked = check_shape(resource.resource_type, given).and_then(|()| {
            check_own(&call, (resource.resource_type, &resource.resource_name), Some(proposed))
        });
        keep_or_refuse(checked, (resource.resource_type, &resource.resource_name), &mut refused)
    });
    let mut answers = refused;
    if !request.resources.is_empty() {
        let asked: Vec<_> =
            request.resources.iter().map(|r| (r.resource_type, r.resource_name.clone())).collect();
        match alter_configs(&call, request).await {
            Ok(response) => answers.extend(response.responses.into_iter().map(|one| Refused {
                resource: (one.resource_type, one.resource_name),
                code: one.error_code,
                message: one.error_message,
            })),
            Err(error) => answers.extend(asked.into_iter().map(|resource| Refused::of(resource, &error))),
        }
    }
    let one = |one: Refused| alter_configs_response::AlterConfigsResourceResponse {
        error_code: one.code,
        error_message: one.message,
        resource_type: one.resource.0,
        resource_name: one.resource.1,
        ..Default::default()
    };
    AlterConfigsResponse { responses: answers.into_iter().map(one).collect(), ..Default::default() }
}

/// IncrementalAlterConfigs: changes single configs.
pub async fn incremental_alter(
    call: Call,
    mut request: IncrementalAlterConfigsRequest,
) -> IncrementalAlterConfigsResponse {
    let mut answers = Vec::new();
    let duplicates = duplicates(&request.resources);
    let validate_only = request.validate_only;
    request.resources.retain(|resource| {
        let key = (resource.resource_type, resource.resource_name.clone());
        if key.0 == BROKER_LOGGER && !is_controller(&call) && !duplicates.contains(&key) {
            let given = resource.configs.iter().map(|config| (&config.name, has_what_it_needs(config)));
            let changed = check_shape(key.0, given)
                .and_then(|()| broker_loggers::alter(call.node.id.get(), resource, validate_only));
            answers.push(match changed {
                Ok(()) => Refused { resource: key, code: ErrorCode::None.code(), message: None },
                Err(error) => Refused::of(key, &error),
            });
            return false;
        }
        let checked = if duplicates.contains(&key) {
            Err(ApiError::new(ErrorCode::InvalidRequest, "Each resource must appear at most once."))
        } else {
            let given = resource.configs.iter().map(|config| (&config.name, has_what_it_needs(config)));
            let proposed = check_shape(key.0, given).and_then(|()| proposed(&call, resource));
            proposed.and_then(|proposed| check_own(&call, (key.0, &key.1), proposed))
        };
        keep_or_refuse(checked, (key.0, &key.1), &mut answers)
    });
    if !request.resources.is_empty() {
        let asked: Vec<_> =
            request.resources.iter().map(|r| (r.resource_type, r.resource_name.clone())).collect();
        match incremental_alter_configs(&call, request).await {
            Ok(response) => {
                answers.extend(response.responses.into_iter().map(|one| Refused {
                    resource: (one.resource_type, one.resource_name),
                    code: one.error_code,
                    message: one.error_message,
                }));
            }
            Err(error) => answers.extend(asked.into_iter().map(|resource| Refused::of(resource, &error))),
        }
    }
    let one = |one: Refused| incremental_alter_configs_response::AlterConfigsResourceResponse {
        error_code: one.code,
        error_message: one.message,
        resource_type: one.resource.0,
        resource_name: one.resource.1,
        ..Default::default()
    };
    IncrementalAlterConfigsResponse {
        responses: answers.into_iter().map(one).collect(),
        ..Default::default()
    }
}

/// Only a config that is deleted comes without a value.
fn has_what_it_needs(config: &AlterableConfig) -> bool {
    let operation = alter::Operation::from_code(config.config_operation);
    operation == Some(alter::Operation::Delete) || config.value.is_some()
}

struct Refused {
    resource: (i8, Str),
    code: i16,
    message: Option<Str>,
}

impl Refused {
    fn of(resource: (i8, Str), error: &ApiError) -> Refused {
        Refused { resource, code: error.code.code(), message: error.text() }
    }
}

fn keep_or_refuse(checked: Result<(), ApiError>, resource: (i8, &Str), refused: &mut Vec<Refused>) -> bool {
    match checked {
        Ok(()) => true,
        Err(error) => {
            refused.push(Refused::of((resource.0, resource.1.clone()), &error));
            false
        }
    }
}

fn duplicates(resources: &[IncrementalResource]) -> BTreeSet<(i8, Str)> {
    let mut seen = BTreeSet::new();
    let keys = resources.iter().map(|resource| (resource.resource_type, resource.resource_name.clone()));
    keys.filter(|key| !seen.insert(key.clone())).collect()
}

/// What is wrong with a change whatever the resource; `given` are its keys and whether each has what it needs.
fn check_shape<'a>(kind: i8, given: impl Iterator<Item = (&'a Str, bool)> + Clone) -> Result<(), ApiError> {
    let invalid = |text: String| Err(ApiError::new(ErrorCode::InvalidRequest, text));
    let mut seen = BTreeSet::new();
    if !given.clone().all(|(name, _)| seen.insert(name)) {
        return invalid("Error due to duplicate config keys".to_owned());
    }
    let nulls: Vec<&str> = given.filter(|(_, has_value)| !has_value).map(|(name, _)| &**name).collect();
    if !nulls.is_empty() {
        return invalid(format!("Null value not supported for : {}", nulls.join(", ")));
    }
    match kind {
        TOPIC | BROKER | BROKER_LOGGER | CLIENT_METRICS | GROUP => Ok(()),
        other => invalid(format!("Unknown resource type {other}")),
    }
}

/// The configs a broker would have after the change; `None` for other resources.
fn proposed(
    call: &Call,
    resource: &IncrementalResource,
) -> Result<Option<BTreeMap<String, String>>, ApiError> {
    if resource.resource_type != BROKER || is_controller(call) {
        return Ok(None);
    }
    let layers = call.node.settings.layers();
    let target = target(&resource.resource_name);
    let mut operations = Vec::with_capacity(resource.configs.len());
    for config in &resource.configs {
        let code = config.config_operation;
        let unknown = || ApiError::new(ErrorCode::InvalidRequest, format!("Unknown operation type {code}"));
        let operation = alter::Operation::from_code(code).ok_or_else(unknown)?;
        operations.push((&*config.name, operation, config.value.as_deref().unwrap_or_default()));
    }
    let proposed = alter::apply_broker_operations(target, layers.dynamic(target), operations);
    proposed.map(Some).map_err(|error| refusal(&error))
}

fn target(name: &str) -> BrokerTarget {
    if name.is_empty() { BrokerTarget::ClusterDefault } else { BrokerTarget::ThisBroker }
}

/// Brokers check their own configs before they pass a request on; controllers take it as it is.
fn is_controller(call: &Call) -> bool {
    call.peer.listener.serves == Serves::Controller
}

fn check_own(
    call: &Call,
    (kind, name): (i8, &Str),
    proposed: Option<BTreeMap<String, String>>,
) -> Result<(), ApiError> {
    match kind {
        _ if is_controller(call) => Ok(()),
        BROKER => {
            if !name.is_empty() {
                own_node(call, name)?;
            }
            let layers = call.node.settings.layers();
            let proposed = proposed.unwrap_or_default();
            alter::check_broker(&layers, target(name), &proposed).map_err(|error| refusal(&error))?;
            check_changes(layers.dynamic(target(name)), &proposed)
        }
        BROKER_LOGGER => Err(ApiError::new(ErrorCode::InvalidRequest, "Unknown resource type 8")),
        _ => Ok(()),
    }
}

/// What this node reads only once is refused rather than stored without effect.
fn check_changes(
    current: &BTreeMap<String, String>,
    proposed: &BTreeMap<String, String>,
) -> Result<(), ApiError> {
    let changed = |key: &&String| current.get(*key) != proposed.get(*key);
    let names: BTreeSet<&String> = current.keys().chain(proposed.keys()).filter(changed).collect();
    let refused = names.into_iter().find_map(|key| Some((key, effect::why_only_at_the_start(key)?)));
    refused.map_or(Ok(()), |(key, reason)| {
        let text = format!(
            "{key} cannot change while this node runs: {reason}. Set it in the node's file and restart it."
        );
        Err(ApiError::new(ErrorCode::InvalidRequest, text))
    })
}

fn refusal(error: &AlterError) -> ApiError {
    let code = match error {
        AlterError::Config(_) => ErrorCode::InvalidConfig,
        AlterError::Request(_) => ErrorCode::InvalidRequest,
        AlterError::TopicName(_) => ErrorCode::InvalidTopicException,
    };
    ApiError::new(code, error.to_string())
}

/// ListConfigResources: version 0 lists client-metrics subscriptions, 1 any kind.
pub fn list(call: &Call, request: ListConfigResourcesRequest) -> ListConfigResourcesResponse {
    let image = call.node.image.load();
    let all = [TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP];
    let asked: Vec<i8> = match (call.version, request.resource_types.is_empty()) {
        (0, _) => vec![CLIENT_METRICS],
        (_, true) => all.to_vec(),
        (_, false) => request.resource_types.clone(),
    };
    let mut response = ListConfigResourcesResponse::default();
    if asked.iter().any(|kind| !all.contains(kind)) {
        response.error_code = ErrorCode::UnsupportedVersion.code();
        return response;
    }
    let asked: BTreeSet<i8> = asked.into_iter().collect();
    let mut push = |kind: i8, name: String| {
        response.config_resources.push(list_config_resources_response::ConfigResource {
            resource_name: Str::from(name),
            resource_type: kind,
            ..Default::default()
        });
    };
    let with_configs = |wanted: ConfigResourceType| {
        let named = image.configs().iter().filter(move |(resource, _)| resource.kind == wanted);
        named.map(|(resource, _)| resource.name.to_string()).collect::<Vec<_>>()
    };
    for kind in asked {
        let names: Vec<String> = match kind {
            TOPIC => image.topics().iter_by_name().map(|topic| topic.name().to_string()).collect(),
            BROKER | BROKER_LOGGER => image.cluster().brokers().map(|broker| broker.id.to_string()).collect(),
            CLIENT_METRICS => with_configs(ConfigResourceType::ClientMetrics),
            _ => with_configs(ConfigResourceType::Group),
        };
        names.into_iter().for_each(|name| push(kind, name));
    }
    response
}
