//! Shards: one thread with one current-thread runtime each. A connection lives where it was
//! handed; nothing else is spawned per connection.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use parking_lot::RwLock;
use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::{mpsc, oneshot};

use super::admission::Admitted;

/// A connection on its way to a shard.
pub struct Arrival {
    /// The socket, non-blocking.
    pub stream: std::net::TcpStream,
    /// The client's address.
    pub remote: SocketAddr,
    /// Index of the listener it came through.
    pub listener: usize,
    /// Its place among the admitted.
    pub admitted: Admitted,
}

/// What a shard does with an arrival: runs the connection to its end. Made on the shard's thread.
pub trait Serve: 'static {
    /// Serves one connection.
    fn serve(&self, arrival: Arrival) -> impl Future<Output = ()> + 'static;
}

enum Letter {
    Arrival(Arrival),
    Ping(oneshot::Sender<()>),
}

struct Shard {
    /// Holds admitted connections, which are bounded, and at most one ping that is not answered yet.
    arrivals: mpsc::UnboundedSender<Letter>,
    load: Arc<AtomicUsize>,
    thread: JoinHandle<()>,
}

/// All shards of the process.
pub struct Shards {
    /// Emptied by the stop.
    shards: RwLock<Vec<Shard>>,
}

impl Shards {
    /// Starts `count` threads; `make(index)` builds each shard's server on its thread.
    pub fn start<S, F>(count: usize, make: F) -> io::Result<Shards>
    where
        S: Serve,
        F: Fn(usize) -> S + Send + Sync + 'static,
    {
        let make = Arc::new(make);
        let mut shards = Vec::with_capacity(count);
        for index in 0..count {
            let (arrivals, inbox) = mpsc::unbounded_channel();
            let load = Arc::new(AtomicUsize::new(0));
            let make = make.clone();
            let runtime_load = load.clone();
            let thread = std::thread::Builder::new()
                .name(format!("klamm-shard-{index}"))
                .spawn(move || run(inbox, runtime_load, make(index)))?;
            shards.push(Shard { arrivals, load, thread });
        }
        Ok(Shards { shards: RwLock::new(shards) })
    }

    /// Gives the connection to the shard with the fewest. The channel holds at most the admitted
    /// connections, which are bounded.
    pub fn hand_over(&self, arrival: Arrival) {
        let shards = self.shards.read();
        let least = shards.iter().min_by_key(|shard| shard.load.load(Ordering::Relaxed));
        if let Some(shard) = least {
            shard.load.fetch_add(1, Ordering::Relaxed);
            // A closed channel means the node is stopping: the connection is dropped.
            let _ = shard.arrivals.send(Letter::Arrival(arrival));
        }
    }

    /// Connections on each shard.
    pub fn connections(&self) -> Vec<usize> {
        self.shards.read().iter().map(|shard| shard.load.load(Ordering::Relaxed)).collect()
    }

    /// Asks each shard for a sign that it turns. Who asks waits for all signs before he asks again.
    pub fn ping(&self) -> Vec<oneshot::Receiver<()>> {
        let shards = self.shards.read();
        let ping = |shard: &Shard| {
            let (answer, sign) = oneshot::channel();
            // A shard that stops drops the question, which its asker sees.
            let _ = shard.arrivals.send(Letter::Ping(answer));
            sign
        };
        shards.iter().map(ping).collect()
    }

    /// Closes all connections and waits for the threads. A request in progress is dropped; its
    /// effects stay.
    pub fn stop(&self) {
        for Shard { arrivals, thread, .. } in std::mem::take(&mut *self.shards.write()) {
            drop(arrivals);
            if thread.join().is_err() {
                tracing::error!("a shard thread panicked");
            }
        }
    }
}

fn run<S: Serve>(mut inbox: mpsc::UnboundedReceiver<Letter>, load: Arc<AtomicUsize>, server: S) {
    let runtime = Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build_local(LocalOptions::default())
        .expect("a runtime needs an epoll descriptor, taken at start");
    runtime.block_on(async move {
        while let Some(letter) = inbox.recv().await {
            let arrival = match letter {
                Letter::Arrival(arrival) => arrival,
                Letter::Ping(answer) => {
                    // Who asked may have lost patience.
                    let _ = answer.send(());
                    continue;
                }
            };
            let served = server.serve(arrival);
            let load = load.clone();
            tokio::task::spawn_local(async move {
                served.await;
                load.fetch_sub(1, Ordering::Relaxed);
            });
        }
    });
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Duration;

    use super::*;

    /// Blocks its shard's thread from the start until it is let go.
    struct Stuck;

    impl Serve for Stuck {
        fn serve(&self, _: Arrival) -> impl Future<Output = ()> + 'static {
            std::future::ready(())
        }
    }

    fn shards(stuck: Option<Receiver<()>>) -> Shards {
        let stuck = parking_lot::Mutex::new(stuck);
        let make = move |index| {
            if let Some(release) = stuck.lock().take().filter(|_| index == 0) {
                release.recv().ok();
            }
            Stuck
        };
        Shards::start(1, make).unwrap()
    }

    #[tokio::test]
    async fn a_shard_that_turns_gives_a_sign_and_a_stuck_one_none() {
        let turning = shards(None);
        for sign in turning.ping() {
            sign.await.unwrap();
        }
        turning.stop();
        let (release, waits) = channel();
        let stuck = shards(Some(waits));
        let sign = stuck.ping().pop().unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(50), sign).await.is_err(), "it was not stuck");
        release.send(()).unwrap();
        stuck.ping().pop().unwrap().await.unwrap();
        stuck.stop();
    }
}
