//! Binds the sockets of all listeners before anything else starts, so that a taken port is said at
//! once and nothing has been touched.

use std::net::{SocketAddr, TcpListener, ToSocketAddrs as _};

use anyhow::{Context as _, Result, bail};
use klamm_config::NodeConfig;
use klamm_config::node::{Listener, SecurityProtocol};

use crate::handlers::session::ListenerFacts;
use crate::handlers::versions::Serves;
use crate::net::listener::bind;

/// A bound listener.
pub struct Bound {
    /// As handlers see it.
    pub facts: ListenerFacts,
    /// The socket, accepting nothing yet.
    pub socket: TcpListener,
}

/// Binds all listeners of the configuration.
pub fn bind_listeners(config: &NodeConfig) -> Result<Vec<Bound>> {
    let backlog = i32::try_from(config.network.socket_listen_backlog_size).unwrap_or(i32::MAX);
    let mut bound = Vec::new();
    check_protocols(config)?;
    for listener in &config.listeners.all {
        let address = address_of(listener)?;
        let socket = bind(address, Some(backlog))
            .with_context(|| format!("listener {} cannot listen on {address}", listener.name))?;
        let serves =
            if config.listeners.is_controller(&listener.name) { Serves::Controller } else { Serves::Broker };
        bound.push(Bound { facts: ListenerFacts { name: listener.name.as_str().into(), serves }, socket });
    }
    Ok(bound)
}

/// Refuses listeners that this version does not serve.
pub fn check_protocols(config: &NodeConfig) -> Result<()> {
    let unserved = config.listeners.all.iter().find(|one| one.protocol != SecurityProtocol::Plaintext);
    if let Some(listener) = unserved {
        bail!(
            "listener {}: security protocol {} is not served by this version; only PLAINTEXT is",
            listener.name,
            listener.protocol.name()
        );
    }
    Ok(())
}

/// All interfaces where the listener names no host.
fn address_of(listener: &Listener) -> Result<SocketAddr> {
    let Some(host) = listener.host.as_deref().filter(|host| !host.is_empty()) else {
        return Ok(SocketAddr::from((std::net::Ipv6Addr::UNSPECIFIED, listener.port)));
    };
    let resolved = (host, listener.port).to_socket_addrs();
    let mut resolved = resolved.with_context(|| format!("listener {}: host {host}", listener.name))?;
    resolved.next().with_context(|| format!("listener {}: host {host} has no address", listener.name))
}
