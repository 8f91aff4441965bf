//! Quotas of users, clients and addresses.

use klamm_client::{Admin, ClientError};
use klamm_protocol::Str;
use klamm_protocol::messages::alter_client_quotas_request::{EntityData, EntryData, OpData};
use klamm_protocol::messages::describe_client_quotas_request::ComponentData;
use klamm_protocol::messages::describe_client_quotas_response;
use klamm_protocol::messages::{AlterClientQuotasRequest, DescribeClientQuotasRequest};

use serde_json::{Value, json};

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
) -> Result<Vec<describe_client_quotas_response::EntryData>, ToolError> {
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
    Ok(response.entries.unwrap_or_default())
}

/// Prints what is found as Kafka does.
pub(super) fn print(
    found: &[describe_client_quotas_response::EntryData],
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let mut lines: Vec<String> = found.iter().map(line).collect();
    lines.sort();
    lines.iter().try_for_each(|line| writeln!(terminal.out, "{line}"))?;
    Ok(())
}

/// The same for `-o json`; a default's name is null.
pub(super) fn to_json(found: &[describe_client_quotas_response::EntryData]) -> Value {
    let mut rows: Vec<Value> = found
        .iter()
        .map(|entry| {
            let entity = entry.entity.iter();
            let entity =
                entity.map(|part| (part.entity_type.to_string(), Value::from(part.entity_name.as_deref())));
            let values = entry.values.iter().map(|value| (value.key.to_string(), Value::from(value.value)));
            json!({
                "entity": entity.collect::<serde_json::Map<_, _>>(),
                "quotas": values.collect::<serde_json::Map<_, _>>(),
            })
        })
        .collect();
    rows.sort_by_key(Value::to_string);
    Value::Array(rows)
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

#[cfg(test)]
mod json_tests {
    use klamm_protocol::messages::describe_client_quotas_response::{EntityData, EntryData, ValueData};

    use super::*;

    #[test]
    fn json_tells_the_quotas_of_each_entity_by_the_wires_names() {
        let part = |kind: &'static str, name: Option<&'static str>| EntityData {
            entity_type: kind.into(),
            entity_name: name.map(Str::from),
            ..EntityData::default()
        };
        let entry = EntryData {
            entity: vec![part("user", Some("u")), part("client-id", None)],
            values: vec![ValueData {
                key: "producer_byte_rate".into(),
                value: 1024.0,
                ..ValueData::default()
            }],
            ..EntryData::default()
        };
        let expected = r#"[{"entity":{"user":"u","client-id":null},"quotas":{"producer_byte_rate":1024.0}}]"#;
        assert_eq!(to_json(&[entry]).to_string(), expected);
    }
}
