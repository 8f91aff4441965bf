//! Free loopback ports for processes that are told their port.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::Result;

/// `N` different ports of the loopback that were free a moment ago.
pub fn free<const N: usize>() -> Result<[u16; N]> {
    // All are held until the last is known, so they differ.
    let mut held = Vec::with_capacity(N);
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}
