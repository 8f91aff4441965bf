//! Which options of `kafka-configs` go together.

use std::net::ToSocketAddrs;

use super::entity::{Entities, EntityType};
use crate::options::Given;
use crate::tool::{ToolError, ToolResult};

/// Refuses a line whose parts do not fit.
pub(super) fn check(given: &Given, entities: &Entities) -> ToolResult {
    let refuse = |reason: &str| Err(ToolError::usage(reason));
    if entities.types.is_empty() {
        return refuse("At least one entity type must be specified");
    }
    let together = |kind: &EntityType| matches!(kind, EntityType::Users | EntityType::Clients);
    if entities.types.len() > 1 && !entities.types.iter().all(together) {
        return refuse("Only 'users' and 'clients' entity types may be specified together");
    }
    if given.count(&["entity-name", "entity-type", "entity-default"]) > 0 && Entities::has_flags(given) {
        return refuse(
            "--entity-{type,name,default} should not be used in conjunction with specific entity flags",
        );
    }
    if given.count(&["bootstrap-server", "bootstrap-controller"]) > 1 {
        return refuse("Only one of --bootstrap-server or --bootstrap-controller can be specified");
    }
    check_names(given, entities)?;
    if given.has("describe") { check_describe(given, entities) } else { check_alter(given, entities) }
}

fn has_name(entities: &Entities) -> bool {
    entities.names.iter().any(|name| !name.is_empty())
}

/// Names of brokers are numbers, those of addresses can be resolved.
fn check_names(given: &Given, entities: &Entities) -> ToolResult {
    if !has_name(entities) {
        return Ok(());
    }
    let kind = entities.first();
    let named = |options: &[&str]| -> Result<Vec<String>, ToolError> {
        let mut names = Vec::new();
        for option in options {
            names.extend(given.value(option)?.map(str::to_owned));
        }
        Ok(names)
    };
    if matches!(kind, EntityType::Brokers | EntityType::BrokerLoggers) {
        for id in named(&["entity-name", "broker", "broker-logger"])? {
            if id.parse::<i32>().is_err() {
                return Err(ToolError::Usage(format!(
                    "The entity name for {} must be a valid integer broker id, but it is: {id}",
                    kind.name()
                )));
            }
        }
    }
    if kind == EntityType::Ips {
        for address in named(&["entity-name", "ip"])? {
            if (address.as_str(), 0).to_socket_addrs().is_err() {
                return Err(ToolError::Usage(format!(
                    "The entity name for {} must be a valid IP or resolvable host, but it is: {address}",
                    kind.name()
                )));
            }
        }
    }
    Ok(())
}

/// Types that have a default entity.
fn has_default(kind: EntityType) -> bool {
    matches!(kind, EntityType::Users | EntityType::Clients | EntityType::Brokers | EntityType::Ips)
}

fn check_describe(given: &Given, entities: &Entities) -> ToolResult {
    if given.has("entity-default") && !has_default(entities.first()) {
        return Err(ToolError::Usage(format!(
            "--entity-default must not be specified with --describe of {}",
            entities.type_names()
        )));
    }
    if entities.types.contains(&EntityType::BrokerLoggers) && !has_name(entities) {
        return Err(ToolError::Usage(format!(
            "An entity name must be specified with --describe of {}",
            entities.type_names()
        )));
    }
    Ok(())
}

fn check_alter(given: &Given, entities: &Entities) -> ToolResult {
    if has_default(entities.first()) {
        if entities.names.is_empty() {
            return Err(ToolError::usage(
                "An entity-name or default entity must be specified with --alter of users, clients, brokers or ips",
            ));
        }
    } else if !has_name(entities) {
        return Err(ToolError::Usage(format!(
            "An entity name must be specified with --alter of {}",
            entities.type_names()
        )));
    }
    if given.count(&["add-config", "add-config-file"]) == 2 {
        return Err(ToolError::usage("Only one of --add-config or --add-config-file must be specified"));
    }
    if given.count(&["add-config", "add-config-file", "delete-config"]) == 0 {
        return Err(ToolError::usage(
            "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter",
        ));
    }
    Ok(())
}
