//! What values must fulfil, with Kafka's words for each breach (Kafka's `ConfigDef` validators).

use std::fmt;

use crate::endpoint;
use crate::error::ConfigError;
use crate::java;
use crate::value::Value;

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// A whole number.
    Int(i64),
    /// A floating point number.
    Double(f64),
}

impl Bound {
    fn as_f64(self) -> f64 {
        match self {
            Bound::Int(bound) => bound as f64,
            Bound::Double(bound) => bound,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bound::Int(bound) => bound.fmt(f),
            Bound::Double(bound) => f.write_str(&java::double_to_string(*bound)),
        }
    }
}

/// Whether a list may have no element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// It may.
    Allowed,
    /// It must have one.
    Refused,
}

/// Whether a value may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nullness {
    /// It may.
    Allowed,
    /// It must not.
    Refused,
}

/// What the values of one key must fulfil.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Nothing beyond the type.
    Any,
    /// A number not below the bound.
    AtLeast(Bound),
    /// A number within both bounds, which are inclusive.
    Between(Bound, Bound),
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// One of these texts (upper case), in any case.
    OneOfAnyCase(&'static [&'static str]),
    /// Distinct elements that are not empty; of `of`, unless that is empty.
    List {
        /// The elements there are; empty for any.
        of: &'static [&'static str],
        /// Whether the list may be empty.
        empty: Empty,
        /// Whether the list may be null.
        null: Nullness,
    },
    /// A text that is not empty, or null.
    NonEmpty,
    /// Anything but null.
    NonNull,
    /// A gzip level: 1 to 9, or -1 for the default.
    GzipLevel,
    /// `*`, or pairs `partition:broker`.
    ThrottledReplicas,
    /// `id@host:port` entries.
    QuorumVoters,
    /// `host:port` entries.
    BootstrapServers,
    /// `latest`, `earliest` or `by_duration:` with an ISO 8601 duration.
    OffsetReset,
}

impl Rule {
    /// Checks `value` of `key`.
    pub fn check(&self, key: &str, value: &Value) -> Result<(), ConfigError> {
        match *self {
            Rule::Any => Ok(()),
            Rule::AtLeast(min) => range(key, value, min, None),
            Rule::Between(min, max) => range(key, value, min, Some(max)),
            Rule::OneOf(allowed) => one_of(key, value, allowed),
            Rule::OneOfAnyCase(allowed) => one_of_any_case(key, value, allowed),
            Rule::List { of, empty, null } => list(key, value, of, empty, null),
            Rule::NonEmpty => match value.as_text() {
                Some("") => Err(ConfigError::invalid(key, value, "String must be non-empty")),
                Some(_) | None => Ok(()),
            },
            Rule::NonNull => match value {
                Value::Null => Err(ConfigError::invalid(key, "null", "entry must be non null")),
                _ => Ok(()),
            },
            Rule::GzipLevel => gzip_level(key, value),
            Rule::ThrottledReplicas => throttled_replicas(key, value),
            Rule::QuorumVoters => endpoint::parse_voters(not_null(key, value)?).map(drop),
            Rule::BootstrapServers => endpoint::parse_bootstrap_servers(not_null(key, value)?).map(drop),
            Rule::OffsetReset => offset_reset(key, value),
        }
    }

    /// Whether lists lose their duplicates before they are checked.
    pub(crate) fn removes_duplicates(&self) -> bool {
        matches!(self, Rule::List { .. })
    }

    /// The rule as Kafka's docs print it; empty where there is none.
    pub fn describe(&self) -> String {
        match self {
            Rule::Any => String::new(),
            Rule::AtLeast(min) => format!("[{min},...]"),
            Rule::Between(min, max) => format!("[{min},...,{max}]"),
            Rule::OneOf(allowed) => format!("[{}]", allowed.join(", ")),
            Rule::OneOfAnyCase(allowed) => format!("(case insensitive) [{}]", allowed.join(", ")),
            Rule::List { of: [], .. } => String::new(),
            Rule::List { of, .. } => format!("[{}]", of.join(", ")),
            Rule::NonEmpty => "non-empty string".to_owned(),
            Rule::NonNull => "non-null string".to_owned(),
            Rule::GzipLevel => "[1,...,9] or -1".to_owned(),
            Rule::ThrottledReplicas => "[partitionId]:[brokerId],[partitionId]:[brokerId],...".to_owned(),
            Rule::QuorumVoters | Rule::BootstrapServers => "non-empty list".to_owned(),
            Rule::OffsetReset => "[latest, earliest, by_duration:PnDTnHnMn.nS]".to_owned(),
        }
    }
}

fn not_null<'v>(key: &str, value: &'v Value) -> Result<&'v [String], ConfigError> {
    value.as_list().ok_or_else(|| ConfigError::Refused { key: key.to_owned(), value: "null".to_owned() })
}

/// Compares as floating point numbers, as Kafka does; so NaN passes.
fn range(key: &str, value: &Value, min: Bound, max: Option<Bound>) -> Result<(), ConfigError> {
    let Some(number) = value.as_f64() else {
        return Err(ConfigError::invalid(key, "null", "Value must be non-null"));
    };
    if number < min.as_f64() {
        return Err(ConfigError::invalid(key, value, format!("Value must be at least {min}")));
    }
    match max {
        Some(max) if number > max.as_f64() => {
            Err(ConfigError::invalid(key, value, format!("Value must be no more than {max}")))
        }
        Some(_) | None => Ok(()),
    }
}

fn one_of(key: &str, value: &Value, allowed: &[&str]) -> Result<(), ConfigError> {
    match value.as_text() {
        Some(text) if allowed.contains(&text) => Ok(()),
        Some(_) | None => {
            let rule = format!("String must be one of: {}", allowed.join(", "));
            Err(ConfigError::invalid(key, value, rule))
        }
    }
}

fn one_of_any_case(key: &str, value: &Value, allowed: &[&str]) -> Result<(), ConfigError> {
    match value.as_text() {
        Some(text) if allowed.contains(&text.to_uppercase().as_str()) => Ok(()),
        Some(_) | None => {
            let rule = format!("String must be one of (case insensitive): {}", allowed.join(", "));
            Err(ConfigError::invalid(key, value, rule))
        }
    }
}

fn list(key: &str, value: &Value, of: &[&str], empty: Empty, null: Nullness) -> Result<(), ConfigError> {
    let broken = |rule: &str| Err(ConfigError::List { key: key.to_owned(), rule: rule.to_owned() });
    let Some(items) = value.as_list() else {
        return match null {
            Nullness::Allowed => Ok(()),
            Nullness::Refused => broken("values must not be null."),
        };
    };
    if items.is_empty() && empty == Empty::Refused {
        let valid = match of {
            [] => "any non-empty value".to_owned(),
            of => format!("[{}]", of.join(", ")),
        };
        return broken(&format!("must not be empty. Valid values include: {valid}"));
    }
    if items.iter().enumerate().any(|(at, item)| items[..at].contains(item)) {
        return broken("values must not be duplicated.");
    }
    for item in items {
        if item.is_empty() {
            return broken("values must not be empty.");
        }
        if !of.is_empty() {
            one_of(key, &Value::Text(item.clone()), of)?;
        }
    }
    Ok(())
}

fn gzip_level(key: &str, value: &Value) -> Result<(), ConfigError> {
    match value.as_long() {
        None => Err(ConfigError::invalid(key, "null", "Value must be non-null")),
        Some(-1 | 1..=9) => Ok(()),
        Some(_) => Err(ConfigError::invalid(key, value, "Value must be between 1 and 9 or equal to -1")),
    }
}

fn throttled_replicas(key: &str, value: &Value) -> Result<(), ConfigError> {
    let items = value.as_list().unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_replica = |item: &str| match item.split_once(':') {
        Some((partition, broker)) => is_number(partition) && is_number(broker),
        None => item.is_empty(),
    };
    let all_replicas = items.iter().all(|item| is_replica(java::trim(item)));
    if all_replicas || items.iter().map(|item| java::trim(item)).collect::<String>() == "*" {
        return Ok(());
    }
    let rule = format!(
        "{key} must be the literal '*' or a list of replicas in the following format: \
         [partitionId]:[brokerId],[partitionId]:[brokerId],..."
    );
    Err(ConfigError::invalid(key, value, rule))
}

fn offset_reset(key: &str, value: &Value) -> Result<(), ConfigError> {
    let known = match value.as_text() {
        Some("latest" | "earliest") => true,
        Some(text) => text.strip_prefix("by_duration:").is_some_and(java::is_duration_not_negative),
        None => false,
    };
    if known {
        return Ok(());
    }
    let rule = format!(
        "Invalid value `{value}` for configuration {key}. The value must be either 'earliest', 'latest' \
         or of the format 'by_duration:<PnDTnHnMn.nS>'."
    );
    Err(ConfigError::invalid(key, value, rule))
}
