//! Free loopback ports for processes that are told their port.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Result, ensure};

/// Ports below those that the kernel gives to clients: while a node is down, no client's socket takes its port.
const PORTS: std::ops::Range<u16> = 10_000..32_000;

/// `count` different ports of the loopback that were free a moment ago.
pub fn free(count: usize) -> Result<Vec<u16>> {
    // All are held until the last is known, so they differ.
    let mut held = Vec::new();
    for _ in 0..10_000 {
        if held.len() == count {
            break;
        }
        let port = rand::random_range(PORTS);
        held.extend(TcpListener::bind((Ipv4Addr::LOCALHOST, port)));
    }
    ensure!(held.len() == count, "no {count} free ports in {PORTS:?}");
    held.iter().map(|listener| Ok(listener.local_addr()?.port())).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ports_differ_and_are_none_that_a_clients_socket_gets() {
        let mut ports = free(20).unwrap();
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 20);
        let range = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap();
        let first: u16 = range.split_whitespace().next().unwrap().parse().unwrap();
        assert!(ports.iter().all(|port| *port < first), "{ports:?}, of clients from {first}");
    }
}
