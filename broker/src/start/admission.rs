//! The rules of admission, from the configuration as it takes effect now.

use std::collections::HashMap;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use klamm_config::{BrokerTarget, LayeredConfig, NodeConfig};

use crate::net::admission::{AdmissionRules, ListenerRules, RulesInForce};
use crate::settings::SettingsSource;

/// Which listeners share limits: those of one socket server of Kafka's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Those of clients and brokers.
    Broker,
    /// Those of controllers.
    Controller,
}

/// Rules computed from a state of the layers.
struct Computed {
    from: Arc<LayeredConfig>,
    rules: Arc<AdmissionRules>,
}

/// Follows dynamic configs: rules are computed anew when the layers are others.
pub struct ConfiguredRules {
    settings: SettingsSource,
    role: Role,
    computed: ArcSwapOption<Computed>,
}

impl ConfiguredRules {
    /// Rules for the listeners of `role`.
    pub fn new(settings: SettingsSource, role: Role) -> ConfiguredRules {
        ConfiguredRules { settings, role, computed: ArcSwapOption::empty() }
    }
}

impl RulesInForce for ConfiguredRules {
    fn now(&self) -> Arc<AdmissionRules> {
        let layers = self.settings.layers();
        if let Some(computed) = &*self.computed.load()
            && Arc::ptr_eq(&computed.from, &layers)
        {
            return computed.rules.clone();
        }
        let rules = Arc::new(compute(&layers, self.role));
        self.computed.store(Some(Arc::new(Computed { from: layers, rules: rules.clone() })));
        rules
    }
}

fn compute(layers: &LayeredConfig, role: Role) -> AdmissionRules {
    let config = layers.effective();
    let names = names(config, role);
    let inter_broker: Arc<str> = Arc::from(config.listeners.inter_broker_name.as_str());
    let is_protected = role == Role::Broker && names.len() > 1 && names.contains(&inter_broker);
    let listeners = names.iter().map(|name| (name.clone(), of_listener(layers, name)));
    AdmissionRules {
        total: config.network.max_connections,
        per_ip: config.network.max_connections_per_ip,
        overrides: overrides(config),
        rate: config.network.max_connection_creation_rate,
        listeners: listeners.collect(),
        protected: is_protected.then_some(inter_broker),
    }
}

fn names(config: &NodeConfig, role: Role) -> Vec<Arc<str>> {
    let is_of_role = |name: &str| config.listeners.is_controller(name) == (role == Role::Controller);
    let listeners = config.listeners.all.iter().filter(|listener| is_of_role(&listener.name));
    listeners.map(|listener| Arc::from(listener.name.as_str())).collect()
}

/// The limits under `listener.name.<name>.`; what is no number was complained about when it was set.
fn of_listener(layers: &LayeredConfig, name: &str) -> ListenerRules {
    let prefix = format!("listener.name.{}.", name.to_lowercase());
    let find = |key: &str| {
        let key = format!("{prefix}{key}");
        let dynamic = |target| layers.dynamic(target).get(&key).map(String::as_str);
        let text = dynamic(BrokerTarget::ThisBroker).or_else(|| dynamic(BrokerTarget::ClusterDefault));
        text.or_else(|| layers.file().originals().get(&key))?.trim().parse().ok()
    };
    let defaults = ListenerRules::default();
    ListenerRules {
        most: find("max.connections").unwrap_or(defaults.most),
        rate: find("max.connection.creation.rate").unwrap_or(defaults.rate),
    }
}

/// By address; a host stands for all the addresses it has now.
fn overrides(config: &NodeConfig) -> HashMap<IpAddr, u32> {
    let mut overrides = HashMap::new();
    for (host, count) in &config.max_connections_per_ip_overrides {
        match (host.as_str(), 0).to_socket_addrs() {
            Ok(addresses) => {
                overrides.extend(addresses.map(|address| (address.ip().to_canonical(), *count)));
            }
            Err(error) => tracing::warn!(%host, %error, "max.connections.per.ip.overrides: no address"),
        }
    }
    overrides
}
