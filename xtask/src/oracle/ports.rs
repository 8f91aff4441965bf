//! Free loopback ports for processes that are told their port. The rule is that of `klamm_testkit::ports`, which this
//! crate does not link.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Result, ensure};

/// Ports below those that the kernel gives to clients: while a node is down, no client's socket takes its port.
const PORTS: std::ops::Range<u16> = 10_000..32_000;

/// `N` different ports of the loopback that were free a moment ago.
pub fn free<const N: usize>() -> Result<[u16; N]> {
    // All are held until the last is known, so they differ.
    let mut held = Vec::with_capacity(N);
    for _ in 0..10_000 {
        if held.len() == N {
            break;
        }
        held.extend(TcpListener::bind((Ipv4Addr::LOCALHOST, rand::random_range(PORTS))));
    }
    ensure!(held.len() == N, "no {N} free ports in {PORTS:?}");
    let mut ports = [0; N];
    for (port, listener) in ports.iter_mut().zip(&held) {
        *port = listener.local_addr()?.port();
    }
    Ok(ports)
}
