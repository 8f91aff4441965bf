//! The two directions of one connection.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::watch;

use super::path::Orders;
use super::{Conditions, Flow};

/// Bytes moved at once.
const PIECE: usize = 16 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Forth,
    Back,
}

/// Moves bytes both ways until both ends are closed, one fails, or the connection is reset.
pub(super) async fn join(
    client: TcpStream,
    server: TcpStream,
    seed: u64,
    mut orders: watch::Receiver<Orders>,
) {
    let generation = orders.borrow().generation;
    for stream in [&client, &server] {
        // Pieces leave as they come; without it a path is merely slower.
        stream.set_nodelay(true).ok();
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let forth = Pipe::new(from_client, to_server, Direction::Forth, seed, orders.clone());
    let back = Pipe::new(from_server, to_client, Direction::Back, !seed, orders.clone());
    let both = async { tokio::join!(forth.run(), back.run()) };
    tokio::select! {
        _ = both => {}
        // An error means that the proxy is gone.
        _ = orders.wait_for(|orders| orders.generation != generation) => {}
    }
}

struct Pipe {
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    direction: Direction,
    random: StdRng,
    orders: watch::Receiver<Orders>,
}

impl Pipe {
    fn new(
        from: OwnedReadHalf,
        to: OwnedWriteHalf,
        direction: Direction,
        seed: u64,
        orders: watch::Receiver<Orders>,
    ) -> Pipe {
        Pipe { from, to, direction, random: StdRng::seed_from_u64(seed), orders }
    }

    /// Ends with the stream or its first error, after which the other end is told.
    async fn run(mut self) {
        let mut piece = vec![0; PIECE];
        while let Ok(count @ 1..) = self.from.read(&mut piece).await {
            if !self.pass_on(&mut piece[..count]).await {
                return;
            }
        }
        self.to.shutdown().await.ok();
    }

    async fn pass_on(&mut self, bytes: &mut [u8]) -> bool {
        let wait = self.wait(bytes.len());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        let direction = self.direction;
        let open = self.orders.wait_for(|orders| flow(&orders.conditions, direction) != Flow::Stalled).await;
        let Ok(conditions) = open.map(|orders| orders.conditions) else { return false };
        if flow(&conditions, direction) == Flow::Swallowed {
            return true;
        }
        if conditions.damage_one_in.is_some_and(|one_in| self.random.random_range(0..one_in.max(1)) == 0) {
            let at = self.random.random_range(0..bytes.len());
            bytes[at] ^= 1 << self.random.random_range(0..8);
        }
        self.to.write_all(bytes).await.is_ok()
    }

    fn wait(&mut self, bytes: usize) -> Duration {
        let conditions = self.orders.borrow().conditions;
        let jitter = conditions.jitter.mul_f64(self.random.random_range(0.0..1.0));
        let line = conditions
            .bytes_per_second
            .map_or(Duration::ZERO, |rate| Duration::from_secs_f64(bytes as f64 / f64::from(rate.max(1))));
        conditions.delay + jitter + line
    }
}

fn flow(conditions: &Conditions, direction: Direction) -> Flow {
    match direction {
        Direction::Forth => conditions.forth,
        Direction::Back => conditions.back,
    }
}
