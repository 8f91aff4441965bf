//! All values of a topic, key by key: its overrides, else the broker's values, else the defaults.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::error::ConfigError;
use crate::key::{ConfigKey, Kind, Unit};
use crate::node::NodeConfig;
use crate::overrides::Overrides;
use crate::static_config::StaticConfig;
use crate::table;
use crate::value::Value;

/// Every key of the topic table with its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TopicValues(BTreeMap<&'static str, Value>);

impl TopicValues {
    /// Parses and checks `overrides` and fills up with the values of `node`.
    pub(crate) fn of_node(node: &NodeConfig, overrides: &dyn Overrides) -> Result<TopicValues, ConfigError> {
        let value = |key: &'static ConfigKey| {
            let value = match overrides.get(key.name) {
                Some(text) => key.parse(text)?,
                None => broker_value(node.static_config(), key),
            };
            Ok((key.name, value))
        };
        table::TOPIC.keys().iter().map(value).collect::<Result<_, ConfigError>>().map(TopicValues)
    }

    pub(crate) fn get(&self, key: &str) -> &Value {
        self.0.get(key).expect("the map holds every key of the table")
    }

    pub(crate) fn long(&self, key: &str) -> i64 {
        self.get(key).as_long().expect("the key is a number")
    }

    pub(super) fn optional_long(&self, key: &str) -> Option<i64> {
        self.get(key).as_long()
    }

    pub(crate) fn bool(&self, key: &str) -> bool {
        self.get(key).as_bool().expect("the key is a boolean")
    }

    pub(super) fn double(&self, key: &str) -> f64 {
        self.get(key).as_f64().expect("the key is a number")
    }

    pub(super) fn text(&self, key: &str) -> &str {
        self.get(key).as_text().expect("the key is a text and not null")
    }

    pub(crate) fn list(&self, key: &str) -> &[String] {
        self.get(key).as_list().expect("the key is a list and not null")
    }

    /// A time; a negative one is none.
    pub(super) fn optional_millis(&self, key: &str) -> Option<Duration> {
        u64::try_from(self.long(key)).ok().map(Duration::from_millis)
    }

    /// A time that cannot be negative.
    pub(super) fn millis(&self, key: &str) -> Duration {
        self.optional_millis(key).unwrap_or_default()
    }
}

/// What a broker gives a topic that does not set `key`: the first of its synonyms that is not
/// null, else the default. Any negative retention counts as -1.
pub(crate) fn broker_value(config: &StaticConfig, key: &ConfigKey) -> Value {
    let of_synonym = key.synonyms.iter().find_map(|synonym| match config.value(synonym.name) {
        Value::Null => None,
        value => Some(in_unit(value, synonym.unit, key.kind)),
    });
    let value = of_synonym.or_else(|| key.default_value()).unwrap_or(Value::Null);
    match value {
        Value::Long(millis) if key.name == "retention.ms" => Value::Long(millis.max(-1)),
        value => value,
    }
}

fn in_unit(value: Value, unit: Unit, kind: Kind) -> Value {
    match (value.as_long(), kind) {
        (Some(count), Kind::Long) => Value::Long(count.saturating_mul(unit.millis())),
        _ => value,
    }
}

impl Unit {
    /// How many of the key's own unit one is.
    pub(crate) const fn millis(self) -> i64 {
        match self {
            Unit::Same => 1,
            Unit::Minutes => 60_000,
            Unit::Hours => 3_600_000,
        }
    }
}
