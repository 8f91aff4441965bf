//! A node's settings after reading: every value parsed and checked against its own key.

use std::collections::BTreeMap;

use crate::error::ConfigError;
use crate::key::ConfigKey;
use crate::properties::Properties;
use crate::table;
use crate::value::Value;

/// What the settings say, key by key. Rules over several keys are `NodeConfig`'s.
#[derive(Clone, Debug, PartialEq)]
pub struct StaticConfig {
    originals: Properties,
    values: BTreeMap<&'static str, Value>,
}

impl StaticConfig {
    /// Parses every known key of `originals`; of `node.id` and `broker.id` each gives the other
    /// its value.
    pub fn parse(mut originals: Properties) -> Result<StaticConfig, ConfigError> {
        for (from, to) in [("node.id", "broker.id"), ("broker.id", "node.id")] {
            if let (Some(id), None) = (originals.get(from), originals.get(to)) {
                let id = id.to_owned();
                originals.set(to, id);
            }
        }
        let mut values = BTreeMap::new();
        for (name, text) in originals.iter() {
            if let Some(key) = table::BROKER.get(name) {
                values.insert(key.name, key.parse(text)?);
            }
        }
        for key in table::BROKER.keys() {
            if key.default_value().is_none() && !values.contains_key(key.name) {
                return Err(missing(key, &originals));
            }
        }
        Ok(StaticConfig { originals, values })
    }

    /// The settings as they were written, unknown ones included.
    pub fn originals(&self) -> &Properties {
        &self.originals
    }

    /// Whether `key` was written.
    pub fn is_set(&self, key: &str) -> bool {
        self.originals.contains(key)
    }

    /// The value of `key`, or its default.
    ///
    /// # Panics
    /// If the table lacks the key: a mistake in this program.
    #[track_caller]
    pub fn value(&self, key: &str) -> Value {
        let key = table::BROKER.known(key);
        let set = self.values.get(key.name).cloned();
        set.or_else(|| key.default_value()).expect("parse refuses settings that lack a required key")
    }

    /// The value of `key` on the listener `listener`: that of `listener.name.LISTENER.KEY`, else the
    /// general one.
    pub fn listener_value(&self, listener: &str, key: &str) -> Result<Value, ConfigError> {
        let prefixed = format!("listener.name.{}.{key}", listener.to_lowercase());
        match self.originals.get(&prefixed) {
            Some(text) => table::BROKER.known(key).parse(text),
            None => Ok(self.value(key)),
        }
    }

    /// The value of `key` for one SASL mechanism on one listener, which must be written as
    /// `listener.name.LISTENER.MECHANISM.KEY`.
    pub fn mechanism_value(
        &self,
        listener: &str,
        mechanism: &str,
        key: &str,
    ) -> Result<Option<Value>, ConfigError> {
        let prefixed =
            format!("listener.name.{}.{}.{key}", listener.to_lowercase(), mechanism.to_lowercase());
        self.originals.get(&prefixed).map(|text| table::BROKER.known(key).parse(text)).transpose()
    }

    pub(crate) fn bool(&self, key: &str) -> bool {
        self.value(key).as_bool().expect("the key is a boolean")
    }

    /// A whole number of any width that cannot be null.
    pub(crate) fn long(&self, key: &str) -> i64 {
        self.value(key).as_long().expect("the key is a number and not null")
    }

    pub(crate) fn optional_long(&self, key: &str) -> Option<i64> {
        self.value(key).as_long()
    }

    pub(crate) fn double(&self, key: &str) -> f64 {
        self.value(key).as_f64().expect("the key is a number")
    }

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        match self.value(key) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn list(&self, key: &str) -> Option<Vec<String>> {
        match self.value(key) {
            Value::List(items) => Some(items),
            _ => None,
        }
    }
}

fn missing(key: &ConfigKey, originals: &Properties) -> ConfigError {
    if originals.contains("zookeeper.connect") {
        return ConfigError::rule(format!(
            "{} is missing and zookeeper.connect is set: since Kafka 4 clusters keep their metadata in a quorum \
             of controllers and not in ZooKeeper. Migrate the cluster with Kafka 3.9 first; a new node needs \
             process.roles, node.id, controller.listener.names and controller.quorum.bootstrap.servers.",
            key.name
        ));
    }
    ConfigError::Missing { key: key.name.to_owned() }
}
