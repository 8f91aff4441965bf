//! DescribeClientQuotas.

use klamm_protocol::messages::describe_client_quotas_request::ComponentData;
use klamm_protocol::messages::describe_client_quotas_response::{EntityData, EntryData, ValueData};
use klamm_protocol::messages::{DescribeClientQuotasRequest, DescribeClientQuotasResponse};
use klamm_protocol::{ErrorCode, Str};

use crate::ApiError;
use crate::image::{QuotaEntity, QuotaLimits, QuotasImage};

/// What an entity must be, per type.
enum Wanted<'a> {
    /// This name.
    Name(&'a str),
    /// The default.
    Default,
    /// Any name, or the default.
    Any,
}

/// The quotas that match all components of a request; a strict one takes no entity with further types.
pub fn describe_client_quotas(
    quotas: &QuotasImage,
    request: &DescribeClientQuotasRequest,
) -> Result<DescribeClientQuotasResponse, ApiError> {
    let mut wanted: Vec<(&str, Wanted<'_>)> = Vec::new();
    for component in &request.components {
        let kind = component.entity_type.as_str();
        if kind.is_empty() {
            return Err(invalid("Invalid empty entity type."));
        }
        if wanted.iter().any(|(other, _)| *other == kind) {
            return Err(invalid(&format!("Entity type {kind} cannot appear more than once in the filter.")));
        }
        if !matches!(kind, "ip" | "user" | "client-id") {
            let text = format!("Unsupported entity type {kind}");
            return Err(ApiError::new(ErrorCode::UnsupportedVersion, text));
        }
        wanted.push((kind, parse(component)?));
    }
    if wanted.len() > 1 && wanted.iter().any(|(kind, _)| *kind == "ip") {
        return Err(invalid(
            "Invalid entity filter component combination. IP filter component should not be used with user or \
             clientId filter component.",
        ));
    }
    let found = quotas.iter().filter(|(entity, _)| matches(entity, &wanted, request.strict));
    let entries = found.map(|(entity, limits)| entry(entity, limits)).collect();
    Ok(DescribeClientQuotasResponse { error_message: None, entries: Some(entries), ..Default::default() })
}

fn invalid(text: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidRequest, text)
}

fn parse(component: &ComponentData) -> Result<Wanted<'_>, ApiError> {
    match (component.match_type, component.r#match.as_deref()) {
        (0, Some(name)) => Ok(Wanted::Name(name)),
        (0, None) => Err(invalid("Request specified MATCH_TYPE_EXACT, but set match string to null.")),
        (1, None) => Ok(Wanted::Default),
        (1, Some(_)) => {
            Err(invalid("Request specified MATCH_TYPE_DEFAULT, but also specified a match string."))
        }
        (2, None) => Ok(Wanted::Any),
        (2, Some(_)) => {
            Err(invalid("Request specified MATCH_TYPE_SPECIFIED, but also specified a match string."))
        }
        (other, _) => Err(invalid(&format!("Unknown match type {other}"))),
    }
}

fn matches(entity: &QuotaEntity, wanted: &[(&str, Wanted<'_>)], strict: bool) -> bool {
    let all = wanted.iter().all(|(kind, wanted)| match (entity.get(*kind), wanted) {
        (None, _) => false,
        (Some(_), Wanted::Any) | (Some(None), Wanted::Default) => true,
        (Some(Some(name)), Wanted::Name(wanted)) => &**name == *wanted,
        (Some(Some(_)), Wanted::Default) | (Some(None), Wanted::Name(_)) => false,
    });
    // A strict request without components matches nothing: every entity has a type.
    all && (!strict || entity.len() == wanted.len())
}

fn entry(entity: &QuotaEntity, limits: &QuotaLimits) -> EntryData {
    EntryData {
        entity: entity
            .iter()
            .map(|(kind, name)| EntityData {
                entity_type: Str::from(&**kind),
                entity_name: name.as_deref().map(Str::from),
                ..EntityData::default()
            })
            .collect(),
        values: limits
            .iter()
            .map(|(key, value)| ValueData { key: Str::from(&**key), value: *value, ..ValueData::default() })
            .collect(),
        ..EntryData::default()
    }
}
