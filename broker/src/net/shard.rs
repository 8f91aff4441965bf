//! Shards: one thread with one current-thread runtime each. A connection lives where it was
//! handed; nothing else is spawned per connection.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use parking_lot::RwLock;
use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::mpsc;

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

struct Shard {
    /// Holds admitted connections only, which are bounded.
    arrivals: mpsc::UnboundedSender<Arrival>,
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
            let _ = shard.arrivals.send(arrival);
        }
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

fn run<S: Serve>(mut inbox: mpsc::UnboundedReceiver<Arrival>, load: Arc<AtomicUsize>, server: S) {
    let runtime = Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build_local(LocalOptions::default())
        .expect("a runtime needs an epoll descriptor, taken at start");
    runtime.block_on(async move {
        while let Some(arrival) = inbox.recv().await {
            let served = server.serve(arrival);
            let load = load.clone();
            tokio::task::spawn_local(async move {
                served.await;
                load.fetch_sub(1, Ordering::Relaxed);
            });
        }
    });
}
