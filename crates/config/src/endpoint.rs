//! Addresses in values: `host:port`, and voters `id@host:port`.

use crate::error::ConfigError;
use crate::java;

/// A host name or address, not resolved, and a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPort {
    /// Name or address, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
}

/// One entry of `controller.quorum.voters`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voter {
    /// Node id as written; Kafka accepts negative ones here.
    pub id: i32,
    /// Where the voter's controller listens.
    pub address: HostPort,
}

/// Whether Kafka takes `c` for a part of a host name or address.
fn is_host_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '%' | '.' | '_' | ':')
}

/// Whether `host` has only characters of host names and addresses; the empty text does.
pub(crate) fn is_valid_host(host: &str) -> bool {
    host.chars().all(is_host_char)
}

/// Splits `[scheme://]host:port` or `[scheme://][address]:port`, with the port still as text.
fn split_host_port(text: &str) -> Option<(&str, &str)> {
    let text = match text.split_once("://") {
        Some((scheme, rest)) if scheme.chars().all(|c| is_host_char(c) && c != ':') => rest,
        Some(_) => return None,
        None => text,
    };
    let (host, port) = text.rsplit_once(':')?;
    if port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let host = host.strip_prefix('[').unwrap_or(host);
    let host = host.strip_suffix(']').unwrap_or(host);
    is_valid_host(host).then_some((host, port))
}

/// A port as Java reads it: an error names what Java's exception says.
fn parse_port(text: &str) -> Result<u16, ConfigError> {
    let port: i32 = text.parse().map_err(|_| ConfigError::rule(format!("For input string: \"{text}\"")))?;
    u16::try_from(port).map_err(|_| ConfigError::rule(format!("port out of range:{port}")))
}

/// Reads the entries of `controller.quorum.voters`. Of entries with equal ids the last one counts.
pub fn parse_voters(entries: &[String]) -> Result<Vec<Voter>, ConfigError> {
    const KEY: &str = "controller.quorum.voters";
    const FORM: &str = "Each entry should be in the form `{id}@{host}:{port}`.";
    let mut voters: Vec<Voter> = Vec::with_capacity(entries.len());
    for entry in entries {
        let parts = java::split(entry, '@');
        let [id, address] = parts[..] else {
            return Err(ConfigError::rule(format!("Invalid configuration value for {KEY}. {FORM}")));
        };
        let id = id
            .parse()
            .map_err(|_| ConfigError::rule(format!("Failed to parse voter ID as an integer from {id}")))?;
        let Some((host, port)) = split_host_port(address) else {
            let sentence =
                format!("Failed to parse host name from entry {entry} for the configuration {KEY}. {FORM}");
            return Err(ConfigError::rule(sentence));
        };
        let address = HostPort { host: host.to_owned(), port: parse_port(port)? };
        voters.retain(|voter| voter.id != id);
        voters.push(Voter { id, address });
    }
    Ok(voters)
}

/// Reads the entries of `controller.quorum.bootstrap.servers`.
pub fn parse_bootstrap_servers(entries: &[String]) -> Result<Vec<HostPort>, ConfigError> {
    let parse = |entry: &String| {
        let (host, port) = split_host_port(entry).ok_or_else(|| {
            ConfigError::rule(format!(
                "Failed to parse host name from {entry} for the configuration \
                 controller.quorum.bootstrap.servers. Each entry should be in the form \"{{host}}:{{port}}\""
            ))
        })?;
        Ok(HostPort { host: host.to_owned(), port: parse_port(port)? })
    };
    entries.iter().map(parse).collect()
}
