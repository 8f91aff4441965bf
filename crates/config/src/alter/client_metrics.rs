//! Changes of client-metrics subscriptions (Kafka's `ClientMetricsConfigs`).

use regex::Regex;

use super::AlterError;
use crate::java;
use crate::overrides::Overrides;
use crate::table;

/// What of a client a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchSelector {
    /// `client_instance_id`
    ClientInstanceId,
    /// `client_id`
    ClientId,
    /// `client_software_name`
    ClientSoftwareName,
    /// `client_software_version`
    ClientSoftwareVersion,
    /// `client_source_address`
    ClientSourceAddress,
    /// `client_source_port`
    ClientSourcePort,
}

impl MatchSelector {
    /// The selector called `name`.
    pub fn from_name(name: &str) -> Option<MatchSelector> {
        match name {
            "client_instance_id" => Some(MatchSelector::ClientInstanceId),
            "client_id" => Some(MatchSelector::ClientId),
            "client_software_name" => Some(MatchSelector::ClientSoftwareName),
            "client_software_version" => Some(MatchSelector::ClientSoftwareVersion),
            "client_source_address" => Some(MatchSelector::ClientSourceAddress),
            "client_source_port" => Some(MatchSelector::ClientSourcePort),
            _ => None,
        }
    }
}

/// One condition of `match`.
#[derive(Clone, Debug)]
pub struct ClientMatch {
    /// What it looks at.
    pub selector: MatchSelector,
    /// What that must match as a whole. The engine is linear: Java's look-around and
    /// back-references are refused.
    pub pattern: Regex,
}

/// Reads the conditions of `match`. Of conditions with equal selectors the last one counts.
pub fn parse_match(conditions: &[String]) -> Result<Vec<ClientMatch>, AlterError> {
    let mut parsed: Vec<ClientMatch> = Vec::new();
    for condition in conditions {
        let illegal = || AlterError::config(format!("Illegal client matching pattern: {condition}"));
        let parts = java::split(condition, '=');
        let [selector, pattern] = parts[..] else { return Err(illegal()) };
        let selector = MatchSelector::from_name(java::trim(selector)).ok_or_else(illegal)?;
        // The text must be a pattern by itself before it is enclosed.
        Regex::new(java::trim(pattern)).map_err(|_| illegal())?;
        let pattern = Regex::new(&format!("^(?:{})$", java::trim(pattern))).map_err(|_| illegal())?;
        parsed.retain(|earlier| earlier.selector != selector);
        parsed.push(ClientMatch { selector, pattern });
    }
    Ok(parsed)
}

/// Whether the subscription `name` may have the configs `new` (all of them).
pub fn check_client_metrics(name: &str, new: &dyn Overrides) -> Result<(), AlterError> {
    if name.is_empty() {
        return Err(AlterError::Request("Subscription name can't be empty".to_owned()));
    }
    if let Some((unknown, _)) = new.entries().find(|(key, _)| table::CLIENT_METRICS.get(key).is_none()) {
        return Err(AlterError::Request(format!("Unknown client metrics configuration: {unknown}")));
    }
    let parse = |key: &str| new.get(key).map(|text| table::CLIENT_METRICS.known(key).parse(text)).transpose();
    let (interval, conditions, _) = (parse("interval.ms")?, parse("match")?, parse("metrics")?);
    if let Some(millis) = interval.and_then(|interval| interval.as_long())
        && !(100..=3_600_000).contains(&millis)
    {
        return Err(AlterError::Request(format!(
            "Invalid value {millis} for interval.ms, interval must be between 100 and 3600000 (1 hour)"
        )));
    }
    match conditions.as_ref().and_then(|conditions| conditions.as_list()) {
        Some(conditions) => parse_match(conditions).map(drop),
        None => Ok(()),
    }
}
