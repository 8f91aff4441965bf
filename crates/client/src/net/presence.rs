//! Whether anybody listens at an address, by dialling it.

use std::io::ErrorKind;
use std::time::Duration;

use klamm_config::HostPort;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::resolve::resolve;

/// What dialling an address shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Somebody takes connections there: a process, or the machine for one that is paused.
    Listens,
    /// The machine answers, and nobody listens there: every address of the name refuses.
    Refuses,
    /// No answer in time, or none that says either.
    Unclear,
}

/// Dials every address of `target`, each for `patience` at most, until one takes the connection, which is closed at
/// once.
pub async fn presence(target: &HostPort, patience: Duration) -> Presence {
    let Ok(Ok(addresses)) = timeout(patience, resolve(&target.host, target.port)).await else {
        return Presence::Unclear;
    };
    let mut seen = Presence::Refuses;
    for address in addresses {
        match timeout(patience, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Presence::Listens,
            Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => {}
            Ok(Err(_)) | Err(_) => seen = Presence::Unclear,
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn a_port_is_taken_until_its_listener_is_gone() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let target = HostPort { host: "127.0.0.1".into(), port: listener.local_addr().unwrap().port() };
        assert_eq!(presence(&target, LONG).await, Presence::Listens);
        drop(listener);
        assert_eq!(presence(&target, LONG).await, Presence::Refuses);
    }
}
