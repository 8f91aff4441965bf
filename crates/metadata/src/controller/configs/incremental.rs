//! IncrementalAlterConfigs: set, delete, append and subtract, key by key.

use std::collections::BTreeMap;

use klamm_protocol::messages::incremental_alter_configs_request::AlterConfigsResource;
use klamm_protocol::messages::incremental_alter_configs_response::AlterConfigsResourceResponse;
use klamm_protocol::messages::{IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse};
use klamm_protocol::{ErrorCode, Str};

use super::{Change, Changed, NewResource, config_record, invalid};
use crate::api_error::error_fields;
use crate::controller::rules::config_key;
use crate::controller::view::View;
use crate::controller::{AlterConfigs, Append, Origin, Outcome};
use crate::image::{ConfigResource, ConfigResourceType};
use crate::{ApiError, VersionedRecord};

/// What to do with one key. Values are as told: the wire allows null for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConfigOp<'a> {
    /// Set the value; null removes it.
    Set(Option<&'a str>),
    /// Remove the value.
    Delete,
    /// Add elements to a list.
    Append(&'a str),
    /// Remove elements from a list.
    Subtract(&'a str),
}

impl<'a> ConfigOp<'a> {
    fn parse(code: i8, value: Option<&'a str>) -> Result<ConfigOp<'a>, ApiError> {
        match (code, value) {
            (0, value) => Ok(ConfigOp::Set(value)),
            (1, _) => Ok(ConfigOp::Delete),
            (2, Some(value)) => Ok(ConfigOp::Append(value)),
            (3, Some(value)) => Ok(ConfigOp::Subtract(value)),
            _ => Err(ApiError::bare(ErrorCode::UnknownServerError)),
        }
    }
}

impl View<'_> {
    pub(crate) fn incremental_alter_configs(
        &self,
        command: &AlterConfigs<IncrementalAlterConfigsRequest>,
    ) -> Outcome<IncrementalAlterConfigsResponse> {
        let change = |resource: &_, asked: &_| self.alter_resource(resource, asked, command.origin);
        match self.change_resources(&command.request.resources, resource_of, change) {
            Ok(Changed { records, answers }) => {
                let responses = answers.iter().map(|(resource, error)| answer(resource, error.as_ref()));
                let response = IncrementalAlterConfigsResponse {
                    responses: responses.collect(),
                    ..IncrementalAlterConfigsResponse::default()
                };
                let outcome = Outcome::of(records, Append::Atomic, response);
                if command.request.validate_only { outcome.without_records() } else { outcome }
            }
            Err(error) => Outcome::refuse(error),
        }
    }

    fn alter_resource(
        &self,
        resource: &ConfigResource,
        asked: &AlterConfigsResource,
        origin: Origin,
    ) -> Result<Vec<VersionedRecord>, ApiError> {
        let mut ops = BTreeMap::new();
        for config in &asked.configs {
            let op = ConfigOp::parse(config.config_operation, config.value.as_deref())?;
            ops.insert(config.name.as_str(), op);
        }
        self.incremental_change(resource, &ops, NewResource::No, origin)
    }

    /// The records that change `resource` by `ops`, without those that clear ELRs.
    pub(crate) fn incremental_change(
        &self,
        resource: &ConfigResource,
        ops: &BTreeMap<&str, ConfigOp<'_>>,
        new: NewResource,
        origin: Origin,
    ) -> Result<Vec<VersionedRecord>, ApiError> {
        let mut changes: Vec<Change<'_>> = Vec::new();
        for (key, op) in ops {
            let current = self.image().configs.value(resource, key).map(|value| &**value);
            let next = next_value(resource.kind, key, current, *op)?;
            // A broker is told again even what it has: it may have failed to apply it.
            if next.as_deref() != current || resource.kind == ConfigResourceType::Broker {
                changes.push((key, next));
            }
        }
        self.check_changes(resource, (&changes, &[]), new, origin)?;
        let record = |(key, value): &Change<'_>| config_record(resource, key, value.as_deref());
        Ok(changes.iter().map(record).collect())
    }
}

fn next_value(
    kind: ConfigResourceType,
    key: &str,
    current: Option<&str>,
    op: ConfigOp<'_>,
) -> Result<Option<String>, ApiError> {
    let (name, operand) = match op {
        ConfigOp::Set(value) => return Ok(value.map(str::to_owned)),
        ConfigOp::Delete => return Ok(None),
        ConfigOp::Append(operand) => ("APPEND", operand),
        ConfigOp::Subtract(operand) => ("SUBTRACT", operand),
    };
    let Some(known) = config_key(kind, key).filter(|known| known.is_list()) else {
        return Err(invalid(&format!("Can't {name} to key {key} because its type is not LIST.")));
    };
    let default = known.default_text();
    let present = current.or(default.as_deref()).unwrap_or_default();
    let mut elements: Vec<&str> = present.split(',').filter(|element| !element.is_empty()).collect();
    for element in java_split(operand) {
        let at = elements.iter().position(|present| *present == element);
        match (op, at) {
            (ConfigOp::Append(_), None) => elements.push(element),
            (ConfigOp::Subtract(_), Some(at)) => {
                elements.remove(at);
            }
            _ => {}
        }
    }
    Ok(Some(elements.join(",")))
}

/// Java's `split(",")`: empty elements at the end do not count, unless there is no comma.
fn java_split(text: &str) -> Vec<&str> {
    let mut elements: Vec<&str> = text.split(',').collect();
    while elements.len() > 1 && elements.last().is_some_and(|last| last.is_empty()) {
        elements.pop();
    }
    if text.contains(',') && elements == [""] {
        elements.clear();
    }
    elements
}

fn resource_of(asked: &AlterConfigsResource) -> ConfigResource {
    ConfigResource {
        kind: ConfigResourceType::from_code(asked.resource_type),
        name: asked.resource_name.as_str().into(),
    }
}

fn answer(resource: &ConfigResource, error: Option<&ApiError>) -> AlterConfigsResourceResponse {
    let (error_code, error_message) = error_fields(error);
    AlterConfigsResourceResponse {
        error_code,
        error_message,
        resource_type: resource.kind.code(),
        resource_name: Str::from(&*resource.name),
        ..AlterConfigsResourceResponse::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_are_split_as_java_splits() {
        assert_eq!(java_split("a,b"), ["a", "b"]);
        assert_eq!(java_split("a,,"), ["a"]);
        assert_eq!(java_split(",a"), ["", "a"]);
        assert_eq!(java_split(""), [""]);
        assert!(java_split(",,").is_empty());
    }
}
