//! Dynamic configs by resource.

use std::collections::BTreeMap;
use std::sync::Arc;

use imbl::OrdMap;

/// The kind of thing that has configs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConfigResourceType {
    /// A topic.
    Topic,
    /// A node, or all of them (the empty name).
    Broker,
    /// The log levels of a broker; never stored.
    BrokerLogger,
    /// A subscription to client metrics.
    ClientMetrics,
    /// A group.
    Group,
    /// A number this version does not know.
    Unknown(i8),
}

impl ConfigResourceType {
    /// From the number in records and requests.
    pub const fn from_code(code: i8) -> ConfigResourceType {
        match code {
            2 => ConfigResourceType::Topic,
            4 => ConfigResourceType::Broker,
            8 => ConfigResourceType::BrokerLogger,
            16 => ConfigResourceType::ClientMetrics,
            32 => ConfigResourceType::Group,
            unknown => ConfigResourceType::Unknown(unknown),
        }
    }

    /// The number in records and requests.
    pub const fn code(self) -> i8 {
        match self {
            ConfigResourceType::Topic => 2,
            ConfigResourceType::Broker => 4,
            ConfigResourceType::BrokerLogger => 8,
            ConfigResourceType::ClientMetrics => 16,
            ConfigResourceType::Group => 32,
            ConfigResourceType::Unknown(code) => code,
        }
    }
}

/// One thing that has configs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConfigResource {
    /// Its kind.
    pub kind: ConfigResourceType,
    /// Its name; empty for the default of all brokers.
    pub name: Arc<str>,
}

impl ConfigResource {
    /// A topic.
    pub fn topic(name: impl Into<Arc<str>>) -> ConfigResource {
        ConfigResource { kind: ConfigResourceType::Topic, name: name.into() }
    }

    /// One node.
    pub fn broker(id: i32) -> ConfigResource {
        ConfigResource { kind: ConfigResourceType::Broker, name: id.to_string().into() }
    }

    /// The default of all nodes.
    pub fn cluster() -> ConfigResource {
        ConfigResource { kind: ConfigResourceType::Broker, name: "".into() }
    }
}

/// The configs of one resource, sorted by key.
pub type ConfigMap = BTreeMap<Arc<str>, Arc<str>>;

/// Dynamic configs of a cluster. A resource without any has no entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigsImage {
    by_resource: OrdMap<ConfigResource, Arc<ConfigMap>>,
}

impl ConfigsImage {
    /// The configs of `resource`, if it has any.
    pub fn get(&self, resource: &ConfigResource) -> Option<&ConfigMap> {
        self.by_resource.get(resource).map(|configs| &**configs)
    }

    /// One config of `resource`.
    pub fn value(&self, resource: &ConfigResource, key: &str) -> Option<&Arc<str>> {
        self.get(resource)?.get(key)
    }

    /// All resources with configs.
    pub fn iter(&self) -> impl Iterator<Item = (&ConfigResource, &ConfigMap)> {
        self.by_resource.iter().map(|(resource, configs)| (resource, &**configs))
    }

    /// Whether nothing is configured.
    pub fn is_empty(&self) -> bool {
        self.by_resource.is_empty()
    }

    /// Sets or, with `None`, removes one config.
    pub(crate) fn set(&mut self, resource: &ConfigResource, key: &str, value: Option<Arc<str>>) {
        let Some(value) = value else { return self.remove(resource, key) };
        let mut configs = self.by_resource.get(resource).cloned().unwrap_or_default();
        Arc::make_mut(&mut configs).insert(key.into(), value);
        self.by_resource.insert(resource.clone(), configs);
    }

    fn remove(&mut self, resource: &ConfigResource, key: &str) {
        let Some(configs) = self.by_resource.get_mut(resource) else { return };
        Arc::make_mut(configs).remove(key);
        if configs.is_empty() {
            self.by_resource.remove(resource);
        }
    }

    /// Removes all configs of `resource`; tells whether there were any.
    pub(crate) fn remove_all(&mut self, resource: &ConfigResource) -> bool {
        self.by_resource.remove(resource).is_some()
    }
}
