//! Accepts connections of one listener, within Kafka's `max.connections*` limits and the
//! process-wide one, and hands each to the least loaded shard.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

/// Pause after `accept` failed for want of descriptors or memory: the backlog keeps the peers.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Pending connections the kernel keeps (`socket.listen.backlog.size` may be smaller).
const BACKLOG: i32 = 1024;

/// Counts connections of the process and refuses those above the limits.
#[derive(Clone, Debug)]
pub struct Admission {
    counts: Arc<Mutex<Counts>>,
    rules: Arc<AdmissionRules>,
}

/// Limits on connections; Kafka's defaults are unlimited, `process` protects the node.
#[derive(Clone, Debug)]
pub struct AdmissionRules {
    /// Connections of the whole process: what the descriptor limit leaves for sockets.
    pub process: usize,
    /// `max.connections`.
    pub total: usize,
    /// `max.connections.per.ip`.
    pub per_ip: usize,
    /// `max.connections.per.ip.overrides`.
    pub overrides: HashMap<IpAddr, usize>,
}

#[derive(Debug, Default)]
struct Counts {
    total: usize,
    per_ip: HashMap<IpAddr, usize>,
}

/// One admitted connection; dropping it frees its place.
#[derive(Debug)]
pub struct Admitted {
    counts: Arc<Mutex<Counts>>,
    ip: IpAddr,
}

/// A limit that a new connection would exceed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// See [`AdmissionRules::process`].
    #[error("the process has {0} connections, its limit")]
    Process(usize),
    /// See [`AdmissionRules::total`].
    #[error("max.connections ({0}) is reached")]
    Total(usize),
    /// See [`AdmissionRules::per_ip`].
    #[error("max.connections.per.ip ({0}) is reached")]
    PerIp(usize),
}

impl Admission {
    /// Starts with no connections.
    pub fn new(rules: AdmissionRules) -> Admission {
        Admission { counts: Arc::default(), rules: Arc::new(rules) }
    }

    /// Takes a place for a connection from `ip`.
    pub fn admit(&self, ip: IpAddr) -> Result<Admitted, Refused> {
        let ip = ip.to_canonical();
        let rules = &self.rules;
        let mut counts = self.counts.lock();
        if counts.total >= rules.process {
            return Err(Refused::Process(rules.process));
        }
        if counts.total >= rules.total {
            return Err(Refused::Total(rules.total));
        }
        let allowed = rules.overrides.get(&ip).copied().unwrap_or(rules.per_ip);
        let of_ip = counts.per_ip.get(&ip).copied().unwrap_or(0);
        if of_ip >= allowed {
            return Err(Refused::PerIp(allowed));
        }
        counts.per_ip.insert(ip, of_ip + 1);
        counts.total += 1;
        Ok(Admitted { counts: self.counts.clone(), ip })
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut counts = self.counts.lock();
        counts.total -= 1;
        if let Some(of_ip) = counts.per_ip.get_mut(&self.ip) {
            *of_ip -= 1;
            if *of_ip == 0 {
                counts.per_ip.remove(&self.ip);
            }
        }
    }
}

/// Binds `address`; a taken port is an error, never shared with another process.
pub fn bind(address: SocketAddr, backlog: Option<i32>) -> io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(backlog.unwrap_or(BACKLOG))?;
    Ok(socket.into())
}

/// Accepts until dropped; `hand_over` gets each admitted connection.
pub async fn accept_loop(
    listener: TcpListener,
    admission: Admission,
    mut hand_over: impl FnMut(std::net::TcpStream, SocketAddr, Admitted),
) {
    loop {
        match listener.accept().await {
            Ok((stream, remote)) => match admission.admit(remote.ip()) {
                Ok(admitted) => match stream.into_std() {
                    Ok(stream) => hand_over(stream, remote, admitted),
                    Err(error) => tracing::warn!(%remote, %error, "connection lost at accept"),
                },
                Err(refused) => tracing::info!(%remote, %refused, "connection refused"),
            },
            Err(error) => {
                tracing::warn!(%error, "accept failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(total: usize, per_ip: usize) -> AdmissionRules {
        AdmissionRules { process: 100, total, per_ip, overrides: HashMap::new() }
    }

    #[test]
    fn a_closed_connection_frees_its_place() {
        let admission = Admission::new(rules(1, 1));
        let first = admission.admit(IpAddr::from([127, 0, 0, 1]));
        assert!(matches!(admission.admit(IpAddr::from([127, 0, 0, 2])), Err(Refused::Total(1))));
        drop(first);
        assert!(admission.admit(IpAddr::from([127, 0, 0, 2])).is_ok());
    }

    #[test]
    fn an_ipv4_peer_on_an_ipv6_socket_counts_as_the_same_address() {
        let admission = Admission::new(rules(10, 1));
        let _first = admission.admit(IpAddr::from([127, 0, 0, 1]));
        let mapped = std::net::Ipv4Addr::LOCALHOST.to_ipv6_mapped();
        assert!(matches!(admission.admit(mapped.into()), Err(Refused::PerIp(1))));
    }
}
