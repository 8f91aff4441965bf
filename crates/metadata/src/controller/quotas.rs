//! AlterClientQuotas: limits of users, client ids and addresses.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use klamm_config::{ConfigKey, Kind, table};
use klamm_protocol::messages::alter_client_quotas_request::{EntryData as Asked, OpData};
use klamm_protocol::messages::alter_client_quotas_response::{EntityData, EntryData};
use klamm_protocol::messages::{AlterClientQuotasResponse, ClientQuotaRecord, client_quota_record};
use klamm_protocol::{ErrorCode, Str};

use super::budget::check_batch;
use super::view::View;
use super::{AlterClientQuotas, Append, Outcome};
use crate::api_error::error_fields;
use crate::image::{QuotaEntity, QuotaLimits};
use crate::java_order::{Table, hash_map_order, string_hash};
use crate::{ApiError, VersionedRecord};

fn invalid(text: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidRequest, text)
}

impl View<'_> {
    pub(crate) fn alter_client_quotas(
        &self,
        command: &AlterClientQuotas,
    ) -> Outcome<AlterClientQuotasResponse> {
        let mut records = Vec::new();
        let mut results: BTreeMap<QuotaEntity, Result<(), ApiError>> = BTreeMap::new();
        for asked in &command.request.entries {
            let entity = entity_of(asked);
            if results.contains_key(&entity) || names_a_key_twice(&asked.ops) {
                let text = format!("Ignoring duplicate entity {}", shown(asked));
                results.insert(entity, Err(invalid(text)));
                continue;
            }
            let changed = self.alter_quota(&entity, asked, command);
            results.insert(entity, changed.map(|mut changed| records.append(&mut changed)));
        }
        if let Err(error) = check_batch(&records) {
            return Outcome::refuse(error);
        }
        let entries = results.iter().map(|(entity, result)| answer(entity, result.as_ref().err()));
        let response =
            AlterClientQuotasResponse { entries: entries.collect(), ..AlterClientQuotasResponse::default() };
        let outcome = Outcome::of(records, Append::Atomic, response);
        if command.request.validate_only { outcome.without_records() } else { outcome }
    }

    fn alter_quota(
        &self,
        entity: &QuotaEntity,
        asked: &Asked,
        command: &AlterClientQuotas,
    ) -> Result<Vec<VersionedRecord>, ApiError> {
        let keys = check_entity(&parts(asked), command)?;
        let none = QuotaLimits::new();
        let present = self.image().quotas.get(entity).unwrap_or(&none);
        let mut records = Vec::new();
        let mut ops: Vec<&OpData> = asked.ops.iter().collect();
        hash_map_order(&mut ops, Table::Grown, |op| string_hash(&op.key));
        for op in ops {
            let key = op.key.as_str();
            let current = present.get(key);
            if op.remove {
                if current.is_some() {
                    records.push(quota_record(entity, key, None));
                }
                continue;
            }
            check_limit(keys.get(key), key, op.value)?;
            if current != Some(&op.value) {
                records.push(quota_record(entity, key, Some(op.value)));
            }
        }
        Ok(records)
    }
}

fn entity_of(asked: &Asked) -> QuotaEntity {
    let part = |name: &Str| Arc::from(name.as_str());
    asked.entity.iter().map(|e| (part(&e.entity_type), e.entity_name.as_ref().map(part))).collect()
}

fn names_a_key_twice(ops: &[OpData]) -> bool {
    ops.iter().enumerate().any(|(at, op)| ops[..at].iter().any(|other| other.key == op.key))
}

/// The parts of an entity in Java's order, which decides what is found wrong first: that of a hash
/// map, and for equal buckets that of the request.
fn parts(asked: &Asked) -> Vec<(&str, Option<&str>)> {
    let mut parts: Vec<(&str, Option<&str>)> = Vec::new();
    for entity in &asked.entity {
        let part = (entity.entity_type.as_str(), entity.entity_name.as_deref());
        match parts.iter_mut().find(|(kind, _)| *kind == part.0) {
            Some(same) => *same = part,
            None => parts.push(part),
        }
    }
    hash_map_order(&mut parts, Table::Grown, |(kind, _)| string_hash(kind));
    parts
}

/// The entity as Java prints it.
fn shown(asked: &Asked) -> String {
    let parts = parts(asked);
    let parts = parts.iter().map(|(kind, name)| format!("{kind}={}", name.unwrap_or("null")));
    format!("ClientQuotaEntity(entries={{{}}})", parts.collect::<Vec<_>>().join(", "))
}

/// The keys that `entity` may have limits for.
fn check_entity(
    parts: &[(&str, Option<&str>)],
    command: &AlterClientQuotas,
) -> Result<table::Table, ApiError> {
    if parts.is_empty() {
        return Err(invalid("Invalid empty client quota entity"));
    }
    for (kind, name) in parts {
        if !matches!(*kind, "user" | "client-id" | "ip") {
            return Err(invalid(format!("Unhandled client quota entity type: {kind}")));
        }
        if *name == Some("") {
            return Err(invalid(format!("Empty {kind} not supported")));
        }
    }
    let Some((_, address)) = parts.iter().find(|(kind, _)| *kind == "ip") else { return Ok(table::CLIENT) };
    if parts.len() > 1 {
        return Err(invalid(
            "Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId",
        ));
    }
    match address {
        Some(host) if host.parse::<IpAddr>().is_err() && !command.resolvable.contains(host) => {
            Err(invalid(format!("{host} is not a valid IP or resolvable host.")))
        }
        Some(_) | None => Ok(table::IP),
    }
}

fn check_limit(known: Option<&ConfigKey>, key: &str, limit: f64) -> Result<(), ApiError> {
    let Some(known) = known else { return Err(invalid(format!("Invalid configuration key {key}"))) };
    if !limit.is_finite() {
        return Err(invalid(format!("Quota {key} must be a finite number")));
    }
    if limit <= 0.0 {
        return Err(invalid(format!("Quota {key} must be greater than 0")));
    }
    let (most, name) = match known.kind {
        Kind::Short => (f64::from(i16::MAX), "a SHORT"),
        Kind::Int => (f64::from(i32::MAX), "an INT"),
        Kind::Long => (9.223_372_036_854_776E18, "a LONG"),
        Kind::Double | Kind::Boolean | Kind::String | Kind::List | Kind::Class | Kind::Password => {
            return Ok(());
        }
    };
    if limit > most {
        return Err(invalid(format!("Proposed value for {key} is too large for {name}.")));
    }
    if limit % 1.0 > 1e-6 {
        return Err(invalid(format!("{key} cannot be a fractional value.")));
    }
    Ok(())
}

/// A limit set, or removed.
fn quota_record(entity: &QuotaEntity, key: &str, limit: Option<f64>) -> VersionedRecord {
    let part = |(kind, name): (&Arc<str>, &Option<Arc<str>>)| client_quota_record::EntityData {
        entity_type: Str::from(&**kind),
        entity_name: name.as_deref().map(Str::from),
        ..client_quota_record::EntityData::default()
    };
    VersionedRecord::v0(ClientQuotaRecord {
        entity: entity.iter().map(part).collect(),
        key: key.into(),
        value: limit.unwrap_or(0.0),
        remove: limit.is_none(),
        ..ClientQuotaRecord::default()
    })
}

fn answer(entity: &QuotaEntity, error: Option<&ApiError>) -> EntryData {
    let (error_code, error_message) = error_fields(error);
    let part = |(kind, name): (&Arc<str>, &Option<Arc<str>>)| EntityData {
        entity_type: Str::from(&**kind),
        entity_name: name.as_deref().map(Str::from),
        ..EntityData::default()
    };
    let entity = entity.iter().map(part).collect();
    EntryData { error_code, error_message, entity, ..EntryData::default() }
}
