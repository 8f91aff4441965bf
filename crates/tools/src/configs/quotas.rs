//! Quotas of users, clients and addresses.

use klamm_client::{Admin, ClientError};
use klamm_protocol::Str;
use klamm_protocol::messages::alter_client_quotas_request::{EntityData, EntryData, OpData};
use klamm_protocol::messages::describe_client_quotas_request::ComponentData;
use klamm_protocol::messages::describe_client_quotas_response;
use klamm_protocol::messages::{AlterClientQuotasRequest, DescribeClientQuotasRequest};

use super::changes::Changes;
use super::entity::{Entities, EntityType};
use super::failed;
use crate::java;
use crate::options::Given;
use crate::tool::{Terminal, ToolError, ToolResult};

const EXACT: i8 = 0;
const DEFAULT: i8 = 1;
const ANY: i8 = 2;

/// The wire's name of an entity type, and the one in the output.
fn names(kind: EntityType) -> Result<(&'static str, &'static str), ToolError> {
    match kind {
        EntityType::Users => Ok(("user", "user-principal")),
        EntityType::Clients => Ok(("client-id", "client-id")),
        EntityType::Ips => Ok(("ip", "ip")),
        EntityType::Topics
        | EntityType::Brokers
        | EntityType::BrokerLoggers
        | EntityType::ClientMetrics
        | EntityType::Groups => Err(ToolError::Usage(format!("Unexpected entity type: {}", kind.name()))),
    }
}

/// `--describe`.
pub(super) async fn describe(
    admin: &Admin,
    entities: &Entities,
    given: &Given,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    if entities.names.len() > entities.types.len() {
        return Err(ToolError::usage("More entity names specified than entity types"));
    }
    let mut components = Vec::new();
    for (at, kind) in entities.types.iter().enumerate() {
        let (match_type, r#match) = match entities.names.get(at).map(String::as_str) {
            Some("") => (DEFAULT, None),
            Some(name) => (EXACT, Some(Str::from(name))),
            None => (ANY, None),
        };
        components.push(ComponentData {
            entity_type: names(*kind)?.0.into(),
            match_type,
            r#match,
            ..ComponentData::default()
        });
    }
    let request =
        DescribeClientQuotasRequest { components, strict: true, ..DescribeClientQuotasRequest::default() };
    let response = admin.describe_client_quotas(&request).await.map_err(|error| failed(given, &error))?;
    ClientError::check_with(response.error_code, response.error_message.as_deref())
        .map_err(|error| failed(given, &error))?;
    let mut lines: Vec<String> = response.entries.unwrap_or_default().iter().map(line).collect();
    lines.sort();
    lines.iter().try_for_each(|line| writeln!(terminal.out, "{line}"))?;
    Ok(())
}

fn line(entry: &describe_client_quotas_response::EntryData) -> String {
    let part = |kind: EntityType| {
        let (wire, shown) = names(kind).ok()?;
        let found = entry.entity.iter().find(|part| part.entity_type == *wire)?;
        Some(match &found.entity_name {
            Some(name) => format!("{shown} '{name}'"),
            None => format!("the default {shown}"),
        })
    };
    let entity: Vec<String> =
        [EntityType::Users, EntityType::Clients, EntityType::Ips].into_iter().filter_map(part).collect();
    let values = java::hash_map_order(entry.values.iter().collect(), |value| &value.key);
    let values: Vec<String> =
        values.iter().map(|value| format!("{}={}", value.key, java::double(value.value))).collect();
    format!("Quota configs for {} are {}", entity.join(", "), values.join(", "))
}

/// `--alter`.
pub(super) async fn alter(
    admin: &Admin,
    entities: &Entities,
    changes: &Changes,
    given: &Given,
) -> ToolResult {
    let mut entity = Vec::new();
    for (kind, name) in entities.types.iter().zip(&entities.names) {
        entity.push(EntityData {
            entity_type: names(*kind)?.0.into(),
            entity_name: Some(name.as_str()).filter(|name| !name.is_empty()).map(Str::from),
            ..EntityData::default()
        });
    }
    let mut ops = Vec::new();
    for (key, text) in &changes.set {
        let value = text.trim().parse().map_err(|_| {
            ToolError::Usage(format!("Cannot parse quota configuration value for {key}: {text}"))
        })?;
        ops.push(OpData { key: key.as_str().into(), value, remove: false, ..OpData::default() });
    }
    let removed = changes.remove.iter();
    ops.extend(removed.map(|key| OpData {
        key: key.as_str().into(),
        value: 0.0,
        remove: true,
        ..OpData::default()
    }));
    let entry = EntryData { entity, ops, ..EntryData::default() };
    let request = AlterClientQuotasRequest { entries: vec![entry], ..AlterClientQuotasRequest::default() };
    let response = admin.alter_client_quotas(&request).await.map_err(|error| failed(given, &error))?;
    response.entries.iter().try_for_each(|entry| {
        let checked = ClientError::check_with(entry.error_code, entry.error_message.as_deref());
        checked.map_err(|error| failed(given, &error))
    })
}
