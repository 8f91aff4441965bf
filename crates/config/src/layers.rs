//! A broker's settings in layers: the file, the cluster's dynamic defaults, the broker's own dynamic
//! configs, and what they come to (Kafka's `DynamicBrokerConfig`).

use std::collections::BTreeMap;

use crate::error::ConfigError;
use crate::key::UpdateMode;
use crate::node::NodeConfig;
use crate::overrides::Overrides;
use crate::properties::Properties;
use crate::static_config::StaticConfig;
use crate::table;
use crate::value::parse_type;

/// Which dynamic configs of brokers are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerTarget {
    /// Those that hold for every broker (the resource with the empty name).
    ClusterDefault,
    /// Those of this broker.
    ThisBroker,
}

/// A broker's settings in layers. Immutable: a change makes another one.
#[derive(Clone, Debug, PartialEq)]
pub struct LayeredConfig {
    file: StaticConfig,
    cluster: BTreeMap<String, String>,
    broker: BTreeMap<String, String>,
    effective: NodeConfig,
}

/// What came of taking over dynamic configs.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The settings from now on.
    pub config: LayeredConfig,
    /// What was left out and why, for the log.
    pub complaints: Vec<String>,
}

impl LayeredConfig {
    /// A node's file, without dynamic configs.
    pub fn of_file(node: NodeConfig) -> LayeredConfig {
        LayeredConfig {
            file: node.static_config().clone(),
            cluster: BTreeMap::new(),
            broker: BTreeMap::new(),
            effective: node,
        }
    }

    /// What the layers come to.
    pub fn effective(&self) -> &NodeConfig {
        &self.effective
    }

    /// The settings of the file.
    pub fn file(&self) -> &StaticConfig {
        &self.file
    }

    /// The dynamic configs of `target` that are in force.
    pub fn dynamic(&self, target: BrokerTarget) -> &BTreeMap<String, String> {
        match target {
            BrokerTarget::ClusterDefault => &self.cluster,
            BrokerTarget::ThisBroker => &self.broker,
        }
    }

    /// Takes over all dynamic configs of `target` as the metadata has them. What is wrong is left out
    /// and complained about: it was checked when it was set, but perhaps by an older node. If the
    /// rest does not fit together, the node goes on with the settings it had.
    pub fn apply(&self, target: BrokerTarget, configs: &dyn Overrides) -> Applied {
        let mut config = self.clone();
        let mut complaints = Vec::new();
        let kept = keep_valid(target, configs, &mut complaints);
        match target {
            BrokerTarget::ClusterDefault => config.cluster = kept,
            BrokerTarget::ThisBroker => config.broker = kept,
        }
        match config.merged().and_then(NodeConfig::parse) {
            Ok(effective) => config.effective = effective,
            Err(error) => complaints.push(format!("dynamic broker configs could not be applied: {error}")),
        }
        Applied { config, complaints }
    }

    /// The layers laid over each other, with assignment intervals brought within their bounds.
    fn merged(&self) -> Result<Properties, ConfigError> {
        let mut merged = self.file.originals().clone();
        overlay(&mut merged, &self.cluster);
        overlay(&mut merged, &self.broker);
        clamp_assignment_intervals(&mut merged)?;
        Ok(merged)
    }

    /// What the settings would be with `configs` as all dynamic configs of `target`.
    pub(crate) fn proposed(&self, target: BrokerTarget, configs: &dyn Overrides) -> Properties {
        let configs: BTreeMap<&str, &str> = configs.entries().collect();
        let mut merged = self.file.originals().clone();
        match target {
            BrokerTarget::ThisBroker => {
                overlay(&mut merged, &self.cluster);
                overlay(&mut merged, &configs);
            }
            BrokerTarget::ClusterDefault => {
                overlay(&mut merged, &configs);
                overlay(&mut merged, &self.broker);
            }
        }
        merged
    }
}

/// Sets `configs`; each unsets the keys it is a synonym of, which would else be stronger.
fn overlay(merged: &mut Properties, configs: &dyn Overrides) {
    for (key, value) in configs.entries() {
        let synonyms = table::BROKER.get(key).map(|known| known.synonyms).unwrap_or_default();
        for synonym in synonyms {
            merged.remove(synonym.name);
        }
        merged.set(key, value);
    }
}

/// The valid ones among `configs`, as a broker that starts or hears of a change takes them.
pub(crate) fn keep_valid(
    target: BrokerTarget,
    configs: &dyn Overrides,
    complaints: &mut Vec<String>,
) -> BTreeMap<String, String> {
    let mut kept = BTreeMap::new();
    for (name, text) in configs.entries() {
        match fault(target, name, text) {
            None => drop(kept.insert(name.to_owned(), text.to_owned())),
            Some(fault) => complaints.push(format!("dynamic config {name} is left out: {fault}")),
        }
    }
    kept
}

fn fault(target: BrokerTarget, name: &str, text: &str) -> Option<String> {
    if let Err(error) = check_type(name, text) {
        return Some(error.to_string());
    }
    if table::BROKER.get(name).is_some_and(|key| !key.is_dynamic()) {
        return Some("it can only be set in the file".to_owned());
    }
    if needs_listener_prefix(name) {
        return Some("it can only be set for a listener, with the prefix listener.name.NAME.".to_owned());
    }
    if target == BrokerTarget::ClusterDefault && is_per_broker(name) {
        return Some("it can only be set for one broker".to_owned());
    }
    None
}

/// Checks the value of a dynamic config; unlike in a file, a list must not repeat itself. Names
/// that are no dynamic keys pass.
pub(crate) fn check_type(name: &str, text: &str) -> Result<(), ConfigError> {
    let base = without_listener_prefix(name).unwrap_or(name);
    let Some(key) = table::dynamic_broker_key(base) else { return Ok(()) };
    let value = parse_type(key.name, text, key.kind)?;
    key.rule.check(key.name, &value)
}

/// `KEY` of `listener.name.LISTENER.KEY`.
pub(crate) fn without_listener_prefix(name: &str) -> Option<&str> {
    name.strip_prefix("listener.name.")?.split_once('.').map(|(_, key)| key)
}

/// Keys and certificates change at runtime only for one listener at a time.
pub(crate) fn needs_listener_prefix(name: &str) -> bool {
    const KEYS: [&str; 10] = [
        "ssl.keystore.type",
        "ssl.keystore.location",
        "ssl.keystore.password",
        "ssl.key.password",
        "ssl.truststore.type",
        "ssl.truststore.location",
        "ssl.truststore.password",
        "ssl.keystore.certificate.chain",
        "ssl.keystore.key",
        "ssl.truststore.certificates",
    ];
    KEYS.contains(&name)
}

/// Whether `name` cannot be a default of all brokers: keys marked so, and all with a listener
/// prefix but three limits.
pub(crate) fn is_per_broker(name: &str) -> bool {
    const CLUSTER_LEVEL: [&str; 3] =
        ["max.connections", "max.connection.creation.rate", "num.network.threads"];
    if let Some(key) = table::BROKER.get(name) {
        return key.update == UpdateMode::PerBroker;
    }
    without_listener_prefix(name).is_some_and(|base| !CLUSTER_LEVEL.contains(&base))
}

/// Kafka caps a dynamic assignment interval that lies outside the bounds of the file.
fn clamp_assignment_intervals(merged: &mut Properties) -> Result<(), ConfigError> {
    for kind in ["consumer", "share", "streams"] {
        let key = |bound: &str| format!("group.{kind}.{bound}assignment.interval.ms");
        let number = |name: &str| -> Result<i64, ConfigError> {
            let known = table::BROKER.known(name);
            let value = known.parse_or_default(merged.get(name))?;
            Ok(value.as_long().expect("intervals are numbers"))
        };
        if !merged.contains(&key("")) {
            continue;
        }
        let (value, min, max) = (number(&key(""))?, number(&key("min."))?, number(&key("max."))?);
        if value < min {
            merged.set(key(""), min.to_string());
        } else if value > max {
            merged.set(key(""), max.to_string());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
