//! A TCP proxy that does to a connection what networks do: delay, jitter, a slow line, a stall, a black hole in one
//! direction, damaged bytes, a reset. It stands before a node, so that each path between two has conditions of its own.

mod path;
mod pipe;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub use path::Path;

/// What one direction does with bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Passes them on.
    Open,
    /// Keeps them until it is open again; the sender soon cannot send more.
    Stalled,
    /// Takes them and forgets them.
    Swallowed,
}

/// What a path is like. The default is a perfect one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conditions {
    /// Towards the target.
    pub forth: Flow,
    /// From the target.
    pub back: Flow,
    /// Before each piece, in each direction.
    pub delay: Duration,
    /// Most that is added to the delay, at random.
    pub jitter: Duration,
    /// Of each direction of each connection.
    pub bytes_per_second: Option<u32>,
    /// One of so many pieces has a bit turned.
    pub damage_one_in: Option<u32>,
}

impl Default for Conditions {
    fn default() -> Conditions {
        Conditions {
            forth: Flow::Open,
            back: Flow::Open,
            delay: Duration::ZERO,
            jitter: Duration::ZERO,
            bytes_per_second: None,
            damage_one_in: None,
        }
    }
}

/// A running proxy; dropping it resets its connections.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    path: Path,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Listens on a free port of the loopback and connects to `target` for each connection. `seed` decides on jitter
    /// and damage.
    pub async fn start(target: SocketAddr, seed: u64) -> Result<Proxy> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("the proxy listens")?;
        let address = listener.local_addr()?;
        let path = Path::default();
        let task = tokio::spawn(accept(listener, target, seed, path.clone()));
        Ok(Proxy { address, path, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes the path, for bytes already under way, too.
    pub fn set(&self, conditions: Conditions) {
        self.path.set(conditions);
    }

    /// Resets all connections; new ones are taken.
    pub fn reset(&self) {
        self.path.reset();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.reset();
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, target: SocketAddr, seed: u64, path: Path) {
    for number in 0.. {
        let Ok((client, _)) = listener.accept().await else { return };
        let path = path.clone();
        tokio::spawn(async move { carry(client, target, seed.wrapping_add(number), &path).await });
    }
}

/// Carries one connection over `path` to its end. A target that is away is a connection that closes at once.
pub(crate) async fn carry(client: TcpStream, target: SocketAddr, seed: u64, path: &Path) {
    if let Ok(server) = TcpStream::connect(target).await {
        pipe::join(client, server, seed, path.follow()).await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::time::{Instant, timeout};

    use super::*;

    const SHORT: Duration = Duration::from_millis(200);
    const LONG: Duration = Duration::from_secs(20);

    /// An address where what is sent comes back.
    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut read, mut write) = stream.split();
                    tokio::io::copy(&mut read, &mut write).await.ok();
                });
            }
        });
        address
    }

    async fn connected() -> (Proxy, TcpStream) {
        let proxy = Proxy::start(echo().await, 1).await.unwrap();
        let stream = TcpStream::connect(proxy.address()).await.unwrap();
        (proxy, stream)
    }

    async fn echoed(stream: &mut TcpStream, bytes: &[u8]) -> Vec<u8> {
        stream.write_all(bytes).await.unwrap();
        let mut back = vec![0; bytes.len()];
        timeout(LONG, stream.read_exact(&mut back)).await.unwrap().unwrap();
        back
    }

    #[tokio::test]
    async fn a_perfect_path_passes_everything_on() {
        let (_proxy, mut stream) = connected().await;
        let bytes: Vec<u8> = (0..1_000_000).map(|n| n as u8).collect();
        let (mut read, mut write) = stream.split();
        let sent = bytes.clone();
        let mut back = vec![0; bytes.len()];
        let both = async { tokio::join!(write.write_all(&sent), read.read_exact(&mut back)) };
        timeout(LONG, both).await.unwrap().1.unwrap();
        assert_eq!(back, bytes);
    }

    #[tokio::test]
    async fn a_stalled_path_keeps_bytes_and_a_black_hole_forgets_them() {
        let (proxy, mut stream) = connected().await;
        proxy.set(Conditions { back: Flow::Stalled, ..Conditions::default() });
        stream.write_all(b"kept").await.unwrap();
        let mut back = [0; 4];
        assert!(timeout(SHORT, stream.read_exact(&mut back)).await.is_err());
        proxy.set(Conditions::default());
        timeout(LONG, stream.read_exact(&mut back)).await.unwrap().unwrap();
        assert_eq!(&back, b"kept");
        proxy.set(Conditions { forth: Flow::Swallowed, ..Conditions::default() });
        stream.write_all(b"gone").await.unwrap();
        tokio::time::sleep(SHORT).await;
        proxy.set(Conditions::default());
        assert_eq!(echoed(&mut stream, b"here").await, b"here");
    }

    #[tokio::test]
    async fn a_delayed_and_slow_path_takes_its_time() {
        let (proxy, mut stream) = connected().await;
        proxy.set(Conditions { delay: SHORT, ..Conditions::default() });
        let begun = Instant::now();
        echoed(&mut stream, b"slow").await;
        assert!(begun.elapsed() >= 2 * SHORT, "{:?}", begun.elapsed());
        proxy.set(Conditions { bytes_per_second: Some(100_000), ..Conditions::default() });
        let begun = Instant::now();
        echoed(&mut stream, &[7; 50_000]).await;
        assert!(begun.elapsed() >= Duration::from_millis(400), "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn damage_turns_bits_and_a_reset_ends_all() {
        let (proxy, mut stream) = connected().await;
        proxy.set(Conditions { damage_one_in: Some(1), ..Conditions::default() });
        let back = echoed(&mut stream, &[0; 64]).await;
        let turned: u32 = back.iter().map(|byte| byte.count_ones()).sum();
        assert!((1..=8).contains(&turned), "{turned} bits");
        proxy.reset();
        let ended = timeout(LONG, stream.read(&mut [0; 1])).await.unwrap();
        assert!(matches!(ended, Ok(0) | Err(_)), "{ended:?}");
    }
}
