//! Loggers as configs of a broker (KIP-412): described and changed on the node itself, never at the controller.
//! Source: `RuntimeLoggerManager` and `ConfigHelper` of Kafka.

use klamm_config::alter::Operation;
use klamm_metadata::ApiError;
use klamm_protocol::ErrorCode;
use klamm_protocol::Str;
use klamm_protocol::messages::describe_configs_response::DescribeConfigsResourceResult;
use klamm_protocol::messages::incremental_alter_configs_request::AlterConfigsResource;
use tracing::level_filters::LevelFilter;

use crate::loggers::{self, LEVELS, ROOT};

/// `DYNAMIC_BROKER_LOGGER_CONFIG`.
const SOURCE: i8 = 6;

/// Each logger with its level.
pub fn describe(own: i32, name: &str) -> Result<Vec<DescribeConfigsResourceResult>, ApiError> {
    if name.is_empty() {
        return Err(ApiError::new(ErrorCode::InvalidRequest, "Broker id must not be empty"));
    }
    match name.parse::<i32>() {
        Ok(id) if id == own => {}
        Ok(_) => {
            let text = format!("Unexpected broker id, expected {own} but received {name}");
            return Err(ApiError::new(ErrorCode::InvalidRequest, text));
        }
        Err(_) => {
            let text = format!("Broker id must be an integer, but it is: {name}");
            return Err(ApiError::new(ErrorCode::InvalidRequest, text));
        }
    }
    let levels = loggers::installed().map(loggers::Loggers::levels).unwrap_or_default();
    let shape = |(logger, level): (&'static str, &'static str)| DescribeConfigsResourceResult {
        name: Str::from_static(logger),
        value: Some(Str::from_static(level)),
        config_source: SOURCE,
        ..DescribeConfigsResourceResult::default()
    };
    Ok(levels.into_iter().map(shape).collect())
}

/// Sets and deletes levels, all or none; only checks where nothing is to change.
pub fn alter(own: i32, resource: &AlterConfigsResource, validate_only: bool) -> Result<(), ApiError> {
    let invalid = |text: String| Err(ApiError::new(ErrorCode::InvalidRequest, text));
    let name = &*resource.resource_name;
    match name.parse::<i32>() {
        Ok(id) if id == own => {}
        Ok(_) => return invalid(format!("Unexpected node id. Expected {own}, but received {name}")),
        Err(_) => return invalid(format!("Node id must be an integer, but it is: {name}")),
    }
    let mut changes = Vec::with_capacity(resource.configs.len());
    for config in &resource.configs {
        let level = match Operation::from_code(config.config_operation) {
            Some(Operation::Set) => {
                check_exists(&config.name)?;
                Some(level_of(&config.name, config.value.as_deref().unwrap_or_default())?)
            }
            Some(Operation::Delete) => {
                check_exists(&config.name)?;
                if &*config.name == ROOT {
                    return invalid(format!("Removing the log level of the {ROOT} logger is not allowed"));
                }
                None
            }
            Some(Operation::Append) => return invalid(not_allowed("APPEND")),
            Some(Operation::Subtract) => return invalid(not_allowed("SUBTRACT")),
            None => {
                let what = format!("Unknown operation type {}", config.config_operation);
                return invalid(format!("{what} is not allowed for the BROKER_LOGGER resource"));
            }
        };
        changes.push((config.name.to_string(), level));
    }
    if let Some(loggers) = loggers::installed().filter(|_| !validate_only) {
        loggers.change(&changes);
        tracing::info!(?changes, "levels of loggers changed");
    }
    Ok(())
}

fn not_allowed(operation: &str) -> String {
    format!("{operation} operation is not allowed for the BROKER_LOGGER resource")
}

fn check_exists(logger: &str) -> Result<(), ApiError> {
    if loggers::exists(logger) {
        return Ok(());
    }
    Err(ApiError::new(ErrorCode::InvalidConfig, format!("Logger {logger} does not exist!")))
}

fn level_of(logger: &str, name: &str) -> Result<LevelFilter, ApiError> {
    let known = LEVELS.iter().find(|(known, _)| *known == name).map(|(_, level)| *level);
    known.ok_or_else(|| {
        let all: Vec<&str> = LEVELS.iter().map(|(known, _)| *known).collect();
        let text = format!(
            "Cannot set the log level of {logger} to {name} as it is not a supported log level. Valid log levels are {}",
            all.join(", ")
        );
        ApiError::new(ErrorCode::InvalidConfig, text)
    })
}
