//! Configs to set and to remove, as a line gives them.

use std::collections::BTreeMap;

use super::entity::{Entities, EntityType};
use crate::admin_client::properties;
use crate::options::Given;
use crate::storage::Mechanism;
use crate::tool::{ToolError, ToolResult};

/// Quotas of users and clients.
const QUOTAS: [&str; 4] =
    ["producer_byte_rate", "consumer_byte_rate", "request_percentage", "controller_mutation_rate"];
/// The quota of addresses.
const IP_QUOTA: &str = "connection_creation_rate";

/// What a line changes.
#[derive(Debug)]
pub(super) struct Changes {
    pub(super) set: BTreeMap<String, String>,
    pub(super) remove: Vec<String>,
}

impl Changes {
    /// Reads `--add-config`, `--add-config-file` and `--delete-config`.
    pub(super) fn read(given: &Given) -> Result<Changes, ToolError> {
        let mut set = BTreeMap::new();
        if let Some(file) = given.value("add-config-file")? {
            let properties = properties(Some(file))?;
            set.extend(properties.iter().map(|(key, value)| (key.to_owned(), value.to_owned())));
        }
        if let Some(text) = given.value("add-config")? {
            set.extend(parse_pairs(text)?);
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"$._-".contains(&byte);
        if let Some(wrong) = set.keys().find(|key| !key.bytes().all(allowed)) {
            return Err(ToolError::Usage(format!("Invalid character found for config key: {wrong}")));
        }
        let remove = given.values("delete-config").into_iter().map(|key| key.trim().to_owned()).collect();
        Ok(Changes { set, remove })
    }

    /// Whether a quota of users or clients is set or removed.
    pub(super) fn touch_quotas(&self) -> bool {
        self.set.keys().chain(&self.remove).any(|key| is_quota(key))
    }

    /// Users have quotas and credentials, not both at once; clients have quotas.
    pub(super) fn check_user_or_client(&self, entities: &Entities) -> ToolResult {
        let is_client = entities.first() == EntityType::Clients || entities.types.len() == 2;
        let known = |key: &str| is_quota(key) || (!is_client && is_mechanism(key));
        let (kind, allowed) = if is_client {
            ("clients", "quota configs")
        } else {
            ("users", "quota and SCRAM credential configs")
        };
        let unknown: Vec<&str> = self.set.keys().map(String::as_str).filter(|key| !known(key)).collect();
        if !unknown.is_empty() {
            return Err(ToolError::Usage(format!(
                "Only {allowed} can be added for '{kind}' using --bootstrap-server. Unexpected config names: Set({})",
                unknown.join(", ")
            )));
        }
        let unknown: Vec<&str> = self.remove.iter().map(String::as_str).filter(|key| !known(key)).collect();
        if !unknown.is_empty() {
            return Err(ToolError::Usage(format!(
                "Only {allowed} can be deleted for '{kind}' using --bootstrap-server. Unexpected config names: \
                 ArrayBuffer({})",
                unknown.join(", ")
            )));
        }
        let has_credentials = self.set.keys().chain(&self.remove).any(|key| is_mechanism(key));
        if !is_client && has_credentials {
            if entities.names.iter().any(String::is_empty) {
                return Err(ToolError::usage(
                    "The use of --entity-default or --user-defaults is not allowed with User SCRAM Credentials using \
                     --bootstrap-server.",
                ));
            }
            if self.touch_quotas() {
                return Err(ToolError::usage(
                    "Cannot alter both quota and SCRAM credential configs simultaneously for 'users' using \
                     --bootstrap-server.",
                ));
            }
        }
        Ok(())
    }

    /// Addresses have one quota.
    pub(super) fn check_ip(&self) -> ToolResult {
        let keys = self.set.keys().chain(&self.remove).map(String::as_str);
        let unknown: Vec<&str> = keys.filter(|key| *key != IP_QUOTA).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        Err(ToolError::Usage(format!(
            "Only connection quota configs can be added for 'ips' using --bootstrap-server. Unexpected config names: {}",
            unknown.join(",")
        )))
    }
}

fn is_quota(key: &str) -> bool {
    QUOTAS.contains(&key)
}

fn is_mechanism(key: &str) -> bool {
    Mechanism::from_name(key).is_some()
}

/// Takes `k1=v1,k2=[a,b]` apart: commas and equals signs between brackets belong to the value.
fn parse_pairs(text: &str) -> Result<Vec<(String, String)>, ToolError> {
    let mut pairs = Vec::new();
    for pair in split_outside_brackets(text, ',') {
        let parts = split_outside_brackets(pair, '=');
        let [key, value] = parts.as_slice() else {
            return Err(ToolError::usage(
                "requirement failed: Invalid entity config: all configs to be added must be in the format \"key=val\" \
                 or  \"key=[val1,val2]\" to group values which contain commas.",
            ));
        };
        let value: String = value.chars().filter(|letter| !matches!(letter, '[' | ']')).collect();
        pairs.push((key.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(pairs)
}

/// Splits at each `separator` that no `]` follows before the next `[`. Empty parts at the end of a list of
/// pairs are dropped, as Java's `split` does.
fn split_outside_brackets(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(separator) {
        let rest = &text[at + 1..];
        let closes = rest.find(']');
        let opens = rest.find('[');
        let is_inside = closes.is_some_and(|close| opens.is_none_or(|open| close < open));
        if !is_inside {
            parts.push(&text[start..at]);
            start = at + 1;
        }
    }
    parts.push(&text[start..]);
    while separator == ',' && parts.len() > 1 && parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    parts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn brackets_hold_values_with_commas_together() {
        let pairs = parse_pairs("a=1,b=[x,y=z],c=").unwrap();
        let pairs: Vec<_> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "1"), ("b", "x,y=z"), ("c", "")]);
        assert!(parse_pairs("a").unwrap_err().to_string().contains("key=val"));
    }
}
