//! Listeners: their names, protocols and addresses (Kafka's `SocketServerConfigs`, `Endpoint`).

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::endpoint::is_valid_host;
use crate::error::ConfigError;
use crate::java;
use crate::static_config::StaticConfig;

/// How a listener protects and authenticates its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecurityProtocol {
    /// Nothing.
    Plaintext,
    /// TLS.
    Ssl,
    /// SASL without encryption.
    SaslPlaintext,
    /// SASL within TLS.
    SaslSsl,
}

impl SecurityProtocol {
    /// Kafka's name.
    pub const fn name(self) -> &'static str {
        match self {
            SecurityProtocol::Plaintext => "PLAINTEXT",
            SecurityProtocol::Ssl => "SSL",
            SecurityProtocol::SaslPlaintext => "SASL_PLAINTEXT",
            SecurityProtocol::SaslSsl => "SASL_SSL",
        }
    }

    /// Kafka's number, as in a broker's registration.
    pub const fn id(self) -> i16 {
        match self {
            SecurityProtocol::Plaintext => 0,
            SecurityProtocol::Ssl => 1,
            SecurityProtocol::SaslPlaintext => 2,
            SecurityProtocol::SaslSsl => 3,
        }
    }

    /// The protocol called `name`, in any case.
    pub fn from_name(name: &str) -> Option<SecurityProtocol> {
        const ALL: [SecurityProtocol; 4] = [
            SecurityProtocol::Plaintext,
            SecurityProtocol::Ssl,
            SecurityProtocol::SaslPlaintext,
            SecurityProtocol::SaslSsl,
        ];
        ALL.into_iter().find(|protocol| protocol.name() == name.to_uppercase())
    }

    /// The protocol with Kafka's number `id`.
    pub const fn from_id(id: i16) -> Option<SecurityProtocol> {
        match id {
            0 => Some(SecurityProtocol::Plaintext),
            1 => Some(SecurityProtocol::Ssl),
            2 => Some(SecurityProtocol::SaslPlaintext),
            3 => Some(SecurityProtocol::SaslSsl),
            _ => None,
        }
    }

    /// Whether clients log in by SASL.
    pub const fn uses_sasl(self) -> bool {
        matches!(self, SecurityProtocol::SaslPlaintext | SecurityProtocol::SaslSsl)
    }
}

impl fmt::Display for SecurityProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One address to listen on, or to tell others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Name, in upper case.
    pub name: String,
    /// Protocol of the name.
    pub protocol: SecurityProtocol,
    /// Host; `None` for the default interface.
    pub host: Option<String>,
    /// Port; 0 for any free one.
    pub port: u16,
}

/// Names of listeners with their protocols.
pub type ProtocolMap = BTreeMap<String, SecurityProtocol>;

/// Whether listeners of one list may share a port.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ports {
    /// Only an IPv4 with an IPv6 address.
    Distinct,
    /// As they like: they are addresses seen from elsewhere.
    Free,
}

pub(super) fn normalised(name: &str) -> Result<String, ConfigError> {
    if java::trim(name).is_empty() {
        return Err(ConfigError::rule("The provided listener name is null or empty string"));
    }
    Ok(name.to_uppercase())
}

pub(super) fn protocol(name: &str, key: &str) -> Result<SecurityProtocol, ConfigError> {
    SecurityProtocol::from_name(name)
        .ok_or_else(|| ConfigError::rule(format!("Invalid security protocol `{name}` defined in {key}")))
}

/// The protocol of each listener name. Where the map is not set, controller listeners are
/// plaintext, unless some listener's name asks for TLS or SASL.
pub(super) fn protocol_map(
    config: &StaticConfig,
    controller_names: &[String],
) -> Result<ProtocolMap, ConfigError> {
    const KEY: &str = "listener.security.protocol.map";
    let mut map = ProtocolMap::new();
    for (name, value) in parse_map(KEY, &config.text(KEY).unwrap_or_default())? {
        let (name, value) = (normalised(&name)?, protocol(&value, KEY)?);
        if let Some(other) = map.insert(name.clone(), value) {
            return Err(ConfigError::rule(format!(
                "Duplicate key ListenerName({name}) (attempted merging values {other} and {value})"
            )));
        }
    }
    if config.is_set(KEY) {
        return Ok(map);
    }
    let is_secure = |name: &str| matches!(name, "SSL" | "SASL_SSL" | "SASL_PLAINTEXT");
    let mut any_secure = controller_names.iter().any(|name| is_secure(name));
    for listener in config.list("listeners").unwrap_or_default() {
        let Some((name, _)) = listener.split_once(':') else {
            return Err(ConfigError::rule(format!("Unable to parse a listener name from {listener}")));
        };
        any_secure |= is_secure(&name.to_uppercase());
    }
    if !any_secure {
        let plain = controller_names.iter().filter(|name| *name != "PLAINTEXT");
        map.extend(plain.map(|name| (name.clone(), SecurityProtocol::Plaintext)));
    }
    Ok(map)
}

/// Reads `key:value` pairs separated by commas; of pairs with equal keys the last one counts.
pub(super) fn parse_map(key: &str, text: &str) -> Result<BTreeMap<String, String>, ConfigError> {
    let mut map = BTreeMap::new();
    if text.is_empty() {
        return Ok(map);
    }
    let mut pairs = java::split_commas(text);
    while pairs.len() > 1 && pairs.last().is_some_and(|pair| pair.is_empty()) {
        pairs.pop();
    }
    for pair in pairs {
        let Some((name, value)) = pair.rsplit_once(':') else {
            return Err(ConfigError::rule(format!(
                "Error parsing configuration property '{key}': begin 0, end -1, length {}",
                pair.encode_utf16().count()
            )));
        };
        map.insert(java::trim(name).to_owned(), java::trim(value).to_owned());
    }
    Ok(map)
}

/// Reads a list of listeners and checks that names, and ports where asked, differ.
pub(super) fn parse_listeners(
    entries: &[String],
    protocols: &ProtocolMap,
    ports: Ports,
) -> Result<Vec<Listener>, ConfigError> {
    let listed = java::list_to_string(entries);
    let within = |error: ConfigError| {
        ConfigError::rule(format!("Error creating broker listeners from '{listed}': {error}"))
    };
    let listeners: Result<Vec<Listener>, ConfigError> =
        entries.iter().map(|entry| parse_listener(entry, protocols)).collect();
    let listeners = listeners.map_err(within)?;
    check_distinct(&listeners, &listed, ports).map_err(within)?;
    Ok(listeners)
}

fn parse_listener(entry: &str, protocols: &ProtocolMap) -> Result<Listener, ConfigError> {
    let Some((name, host, port)) = split_listener(entry) else {
        return Err(ConfigError::rule(format!("Unable to parse {entry} to a broker endpoint")));
    };
    let name = normalised(name)?;
    let Ok(number) = port.parse::<i32>() else {
        return Err(ConfigError::rule(format!("For input string: \"{port}\"")));
    };
    let Some(protocol) = protocols.get(&name) else {
        return Err(ConfigError::rule(format!("No security protocol defined for listener {name}")));
    };
    let Ok(port) = u16::try_from(number) else {
        return Err(ConfigError::rule(format!("The port {number} of {entry} is not between 0 and 65535")));
    };
    let host = (!host.is_empty()).then(|| host.to_owned());
    Ok(Listener { name, protocol: *protocol, host, port })
}

/// Splits `NAME://host:port` or `NAME://[address]:port`.
fn split_listener(entry: &str) -> Option<(&str, &str, &str)> {
    let (name, address) = entry.rsplit_once("://")?;
    let (host, port) = address.rsplit_once(':')?;
    let digits = port.strip_prefix('-').unwrap_or(port);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let host = host.strip_prefix('[').unwrap_or(host);
    let host = host.strip_suffix(']').unwrap_or(host);
    (is_number && is_valid_host(host) && !name.contains(['\n', '\r'])).then_some((name, host, port))
}

fn check_distinct(listeners: &[Listener], listed: &str, ports: Ports) -> Result<(), ConfigError> {
    let twice = |at: usize| listeners[..at].iter().any(|earlier| earlier.name == listeners[at].name);
    if (0..listeners.len()).any(twice) {
        return Err(ConfigError::rule(format!(
            "Each listener must have a different name, listeners: {listed}"
        )));
    }
    if ports == Ports::Free {
        return Ok(());
    }
    let mut by_port: BTreeMap<u16, Vec<&Listener>> = BTreeMap::new();
    for listener in listeners.iter().filter(|listener| listener.port != 0) {
        by_port.entry(listener.port).or_default().push(listener);
    }
    by_port.into_iter().try_for_each(|(port, sharing)| check_shared_port(port, &sharing, listed))
}

/// Two listeners may share a port if one has an IPv4 and the other an IPv6 address.
fn check_shared_port(port: u16, sharing: &[&Listener], listed: &str) -> Result<(), ConfigError> {
    if sharing.len() < 2 {
        return Ok(());
    }
    let (with_address, with_name): (Vec<&Listener>, Vec<&Listener>) =
        sharing.iter().copied().partition(|listener| is_ipv4(listener) || is_ipv6(listener));
    if with_name.len() > 1 {
        return Err(ConfigError::rule(format!(
            "Each listener must have a different port, listeners: {listed}"
        )));
    }
    match with_address[..] {
        [] => Ok(()),
        [first, second] => {
            let mixed = (is_ipv4(first) && is_ipv6(second)) || (is_ipv6(first) && is_ipv4(second));
            if mixed && with_name.is_empty() {
                return Ok(());
            }
            Err(ConfigError::rule(format!(
                "If you have two listeners on the same port then one needs to be IPv4 and the other IPv6, \
                 listeners: {listed}, port: {port}"
            )))
        }
        _ => Err(ConfigError::rule(format!(
            "Each listener must have a different port unless exactly one listener has an IPv4 address and the \
             other IPv6 address, listeners: {listed}, port: {port}"
        ))),
    }
}

fn is_ipv4(listener: &Listener) -> bool {
    listener.host.as_deref().is_some_and(|host| host.parse::<Ipv4Addr>().is_ok())
}

fn is_ipv6(listener: &Listener) -> bool {
    let address =
        listener.host.as_deref().map(|host| host.split_once('%').map_or(host, |(address, _)| address));
    address.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok())
}
