//! The node's listeners as a whole: which are the controller's, which addresses others are told.

use std::collections::BTreeSet;

use super::listeners::{self, Listener, Ports, ProtocolMap, SecurityProtocol};
use crate::endpoint::{self, Voter};
use crate::error::ConfigError;
use crate::static_config::StaticConfig;

/// Address that means all interfaces, and so cannot be told to others.
const ALL_INTERFACES: &str = "0.0.0.0";

/// The node's listeners.
#[derive(Clone, Debug, PartialEq)]
pub struct Listeners {
    /// Where to listen, as written.
    pub all: Vec<Listener>,
    /// `controller.listener.names`, as written; not empty.
    pub controller_names: Vec<String>,
    /// What clients and brokers are told.
    pub advertised_to_clients: Vec<Listener>,
    /// What controllers, and those who look for one, are told.
    pub advertised_as_controller: Vec<Listener>,
    /// Protocol of each listener name.
    pub protocols: ProtocolMap,
    /// Name of the listener between brokers.
    pub inter_broker_name: String,
    /// Protocol between brokers.
    pub inter_broker_protocol: SecurityProtocol,
    /// Names of the listeners that open first.
    pub early_start: BTreeSet<String>,
}

impl Listeners {
    pub(super) fn read(config: &StaticConfig) -> Result<Listeners, ConfigError> {
        let controller_names = config.list("controller.listener.names").unwrap_or_default();
        let protocols = listeners::protocol_map(config, &controller_names)?;
        let entries = config.list("listeners").unwrap_or_default();
        let all = listeners::parse_listeners(&entries, &protocols, Ports::Distinct)?;
        let early_start = early_start(config, &all, &controller_names)?;
        let advertised = match config.list("advertised.listeners") {
            Some(entries) => Some(listeners::parse_listeners(&entries, &protocols, Ports::Free)?),
            None => None,
        };
        let is_controller = |listener: &&Listener| controller_names.contains(&listener.name);
        let told = advertised.as_deref().unwrap_or(&all);
        let advertised_to_clients =
            told.iter().filter(|listener| !is_controller(listener)).cloned().collect();
        let (inter_broker_name, inter_broker_protocol) = inter_broker(config, &protocols)?;
        Ok(Listeners {
            advertised_as_controller: advertised_as_controller(
                config,
                &all,
                advertised.as_deref(),
                &controller_names,
            )?,
            all,
            controller_names,
            advertised_to_clients,
            protocols,
            inter_broker_name,
            inter_broker_protocol,
            early_start,
        })
    }

    /// Those that controllers serve.
    pub fn controller(&self) -> impl Iterator<Item = &Listener> {
        self.all.iter().filter(|listener| self.is_controller(&listener.name))
    }

    /// Those that clients and brokers use.
    pub fn client(&self) -> impl Iterator<Item = &Listener> {
        self.all.iter().filter(|listener| !self.is_controller(&listener.name))
    }

    /// Whether controllers serve the listener `name`.
    pub fn is_controller(&self, name: &str) -> bool {
        self.controller_names.iter().any(|controller| controller == name)
    }

    /// Name and protocol with which this node reaches controllers.
    pub fn to_controllers(&self) -> (&str, SecurityProtocol) {
        let name = self.controller_names.first().map_or("", String::as_str);
        let protocol = self.protocols.get(&name.to_uppercase()).copied();
        (name, protocol.unwrap_or(SecurityProtocol::Plaintext))
    }
}

fn early_start(
    config: &StaticConfig,
    all: &[Listener],
    controller_names: &[String],
) -> Result<BTreeSet<String>, ConfigError> {
    let Some(names) = config.list("early.start.listeners") else {
        let controllers = all.iter().filter(|listener| controller_names.contains(&listener.name));
        return Ok(controllers.map(|listener| listener.name.clone()).collect());
    };
    for name in &names {
        if !all.iter().any(|listener| listener.name == *name) {
            return Err(ConfigError::rule(format!(
                "early.start.listeners contains listener {name}, but this is not contained in listeners or \
                 controller.listener.names"
            )));
        }
    }
    Ok(names.into_iter().collect())
}

fn inter_broker(
    config: &StaticConfig,
    protocols: &ProtocolMap,
) -> Result<(String, SecurityProtocol), ConfigError> {
    const PROTOCOL: &str = "security.inter.broker.protocol";
    let Some(name) = config.text("inter.broker.listener.name") else {
        let protocol = listeners::protocol(&config.text(PROTOCOL).unwrap_or_default(), PROTOCOL)?;
        return Ok((protocol.name().to_owned(), protocol));
    };
    if config.is_set(PROTOCOL) {
        return Err(ConfigError::rule(format!(
            "Only one of inter.broker.listener.name and {PROTOCOL} should be set."
        )));
    }
    let name = listeners::normalised(&name)?;
    match protocols.get(&name) {
        Some(protocol) => Ok((name, *protocol)),
        None => Err(ConfigError::rule(format!(
            "Listener with name {name} defined in inter.broker.listener.name not found in \
             listener.security.protocol.map."
        ))),
    }
}

/// For each controller listener its advertised address, else the one it listens on. The first one
/// may take its address from the list of voters where it listens on all interfaces.
fn advertised_as_controller(
    config: &StaticConfig,
    all: &[Listener],
    advertised: Option<&[Listener]>,
    controller_names: &[String],
) -> Result<Vec<Listener>, ConfigError> {
    let is_controller = |listener: &&Listener| controller_names.contains(&listener.name);
    let named = |name: &str, listeners: &[Listener]| {
        let mut found = listeners.iter().filter(is_controller);
        found.find(|listener| listener.name == name.to_uppercase()).cloned()
    };
    let mut told = Vec::new();
    for (at, name) in controller_names.iter().enumerate() {
        if let Some(listener) = advertised.and_then(|advertised| named(name, advertised)) {
            told.push(listener);
        } else if let Some(mut listener) = named(name, all) {
            let is_open = matches!(listener.host.as_deref(), None | Some(ALL_INTERFACES));
            if at == 0
                && is_open
                && let Some(voter) = own_voter(config)?
            {
                listener.host = Some(voter.address.host);
                listener.port = voter.address.port;
            }
            if listener.host.as_deref() == Some(ALL_INTERFACES) {
                listener.host = None;
            }
            told.push(listener);
        }
    }
    Ok(told)
}

/// This node's entry among the static voters.
fn own_voter(config: &StaticConfig) -> Result<Option<Voter>, ConfigError> {
    let voters = endpoint::parse_voters(&config.list("controller.quorum.voters").unwrap_or_default())?;
    if let Some(voter) = voters.iter().find(|voter| voter.address.host == ALL_INTERFACES) {
        return Err(ConfigError::rule(format!("Host string ({}) is not routeable", voter.address.host)));
    }
    let node_id = config.long("node.id");
    Ok(voters.into_iter().find(|voter| i64::from(voter.id) == node_id))
}

/// Whether `listener` is told as an address that nobody can reach.
pub(super) fn is_all_interfaces(listener: &Listener) -> bool {
    listener.host.as_deref() == Some(ALL_INTERFACES)
}
