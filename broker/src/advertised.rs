//! The hosts that others are told to reach this node at.

use std::net::IpAddr;

use anyhow::{Result, bail};
use klamm_config::NodeConfig;
use klamm_config::node::Listener;

/// The listener's host, or this machine's name where it listens on all interfaces.
pub fn host(listener: &Listener) -> String {
    match listener.host.as_deref() {
        Some(host) if !host.is_empty() => host.to_owned(),
        Some(_) | None => rustix::system::uname().nodename().to_string_lossy().into_owned(),
    }
}

/// Refuses to tell others an address at which they would find only themselves: a voter set with such
/// an entry is committed, and its quorum lost with the first restart.
pub fn check(config: &NodeConfig) -> Result<()> {
    let voters = config.quorum.voters.iter();
    let others = voters
        .filter(|voter| voter.id != config.node_id.get())
        .map(|voter| voter.address.host.as_str())
        .chain(config.quorum.bootstrap_servers.iter().map(|server| server.host.as_str()));
    let elsewhere: Vec<&str> = others.filter(|host| !is_loopback(host)).collect();
    for listener in &config.listeners.advertised_as_controller {
        let told = host(listener);
        if is_loopback(&told)
            && let Some(other) = elsewhere.first()
        {
            bail!(
                "listener {}: {told} would be told to controllers on other machines ({other}), which cannot reach \
                 this node there; set its host in listeners or advertised.listeners",
                listener.name
            );
        }
    }
    Ok(())
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use klamm_config::Properties;

    use super::*;

    fn node(listener: &str, servers: &str) -> NodeConfig {
        let settings = [
            ("node.id", "1"),
            ("process.roles", "controller"),
            ("controller.listener.names", "CONTROLLER"),
            ("listeners", listener),
            ("controller.quorum.bootstrap.servers", servers),
        ];
        NodeConfig::parse(Properties::from_iter(settings)).expect("settings of a controller")
    }

    #[test]
    fn rule_36_a_loopback_address_is_not_told_to_other_machines() {
        assert!(check(&node("CONTROLLER://127.0.0.1:9093", "10.0.0.1:9093,10.0.0.2:9093")).is_err());
        assert!(check(&node("CONTROLLER://127.0.0.1:9093", "localhost:9093,127.0.0.1:9094")).is_ok());
        assert!(check(&node("CONTROLLER://10.0.0.1:9093", "10.0.0.1:9093,10.0.0.2:9093")).is_ok());
    }

    #[test]
    fn a_listener_on_all_interfaces_is_told_by_the_machines_name() {
        let node = node("CONTROLLER://:9093", "controller:9093");
        assert!(!host(&node.listeners.advertised_as_controller[0]).is_empty());
    }
}
