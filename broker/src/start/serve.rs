//! The node's front: accept loops on one thread, connections on the shards.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use klamm_config::NodeConfig;
use klamm_metadata::controller::Origin;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::listeners::Bound;
use crate::handlers::session::{ListenerFacts, Peer, PeerSession};
use crate::net::budget::Budget;
use crate::net::buffers::Buffers;
use crate::net::connection::{Closed, Connection, Peers};
use crate::net::frame::FrameReader;
use crate::net::limits::Limits;
use crate::net::listener::{Admission, AdmissionRules, accept_loop};
use crate::net::shard::{Arrival, Serve, Shards};
use crate::node::Node;

/// Share of the machine's memory that large requests may take while they arrive.
const BUDGET_SHARE: u64 = 4;
/// Least budget, so that a request of the largest size always fits.
const LEAST_BUDGET: u64 = 256 * 1024 * 1024;

/// The running front.
pub struct Front {
    accepting: Vec<JoinHandle<()>>,
    shards: Arc<Shards>,
    admission: Admission,
    waiting: Vec<(usize, Bound)>,
}

impl Front {
    /// Starts the shards; nothing is accepted yet.
    pub fn start(config: &NodeConfig, bound: Vec<Bound>, node: Arc<Node>, most: usize) -> Result<Front> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let wanted = config.network.num_network_threads.max(config.network.num_io_threads) as usize;
        let limits = limits(config);
        let budget = budget(config);
        let facts: Arc<[ListenerFacts]> = bound.iter().map(|bound| bound.facts.clone()).collect();
        let shards = Shards::start(cores.min(wanted).max(1), move |_| ShardServer {
            node: node.clone(),
            listeners: facts.clone(),
            limits: limits.clone(),
            budget: budget.clone(),
            buffers: Buffers::default(),
        });
        let shards = Arc::new(shards.context("shards cannot be started")?);
        let admission = Admission::new(admission(config, most));
        let waiting = bound.into_iter().enumerate().collect();
        Ok(Front { accepting: Vec::new(), shards, admission, waiting })
    }

    /// Begins to accept on the listeners that `open` names; clients of others wait in their backlog.
    pub fn accept(&mut self, open: impl Fn(&ListenerFacts) -> bool) -> Result<()> {
        let (opened, waiting) =
            std::mem::take(&mut self.waiting).into_iter().partition(|(_, bound)| open(&bound.facts));
        self.waiting = waiting;
        let opened: Vec<(usize, Bound)> = opened;
        for (index, bound) in opened {
            let (shards, admission) = (self.shards.clone(), self.admission.clone());
            let socket = tokio::net::TcpListener::from_std(bound.socket)?;
            tracing::info!(listener = %bound.facts.name, address = %socket.local_addr()?, "listening");
            self.accepting.push(tokio::spawn(accept_loop(
                socket,
                admission,
                move |stream, remote, admitted| {
                    shards.hand_over(Arrival { stream, remote, listener: index, admitted });
                },
            )));
        }
        Ok(())
    }

    /// Stops accepting, then closes all connections.
    pub fn stop(self) {
        for task in &self.accepting {
            task.abort();
        }
        self.shards.stop();
    }
}

fn limits(config: &NodeConfig) -> Limits {
    let network = &config.network;
    Limits {
        max_frame: network.socket_request_max_bytes as usize,
        max_idle: network.connections_max_idle.unwrap_or(Duration::MAX / 4),
        send_buffer: network.socket_send_buffer_bytes.map(|bytes| bytes as usize),
        receive_buffer: network.socket_receive_buffer_bytes.map(|bytes| bytes as usize),
        ..Limits::default()
    }
}

fn budget(config: &NodeConfig) -> Budget {
    let physical = rustix::system::sysinfo();
    let memory = (physical.totalram as u64).saturating_mul(u64::from(physical.mem_unit));
    let default = (memory / BUDGET_SHARE).max(LEAST_BUDGET);
    let bytes = config.network.queued_max_request_bytes.unwrap_or(default);
    Budget::new(usize::try_from(bytes).unwrap_or(usize::MAX))
}

fn admission(config: &NodeConfig, most: usize) -> AdmissionRules {
    let overrides: HashMap<IpAddr, usize> = config
        .max_connections_per_ip_overrides
        .iter()
        .filter_map(|(host, count)| Some((host.parse().ok()?, *count as usize)))
        .collect();
    AdmissionRules {
        process: most,
        total: config.network.max_connections as usize,
        per_ip: config.network.max_connections_per_ip as usize,
        overrides,
    }
}

struct ShardServer {
    node: Arc<Node>,
    listeners: Arc<[ListenerFacts]>,
    limits: Limits,
    budget: Budget,
    buffers: Buffers,
}

impl Serve for ShardServer {
    fn serve(&self, arrival: Arrival) -> impl Future<Output = ()> + 'static {
        let connection = self.connection(&arrival);
        async move {
            let Arrival { remote, admitted, .. } = arrival;
            match connection {
                Ok(connection) => log_end(remote, &connection.run().await),
                Err(error) => tracing::debug!(%remote, %error, "connection lost before it was served"),
            }
            drop(admitted);
        }
    }
}

impl ShardServer {
    fn connection(&self, arrival: &Arrival) -> std::io::Result<Connection<PeerSession>> {
        let stream = arrival.stream.try_clone()?;
        let stream = TcpStream::from_std(stream)?;
        stream.set_nodelay(true)?;
        let socket = socket2::SockRef::from(&stream);
        if let Some(bytes) = self.limits.send_buffer {
            socket.set_send_buffer_size(bytes)?;
        }
        if let Some(bytes) = self.limits.receive_buffer {
            socket.set_recv_buffer_size(bytes)?;
        }
        let peer = Peer {
            listener: self.listeners[arrival.listener].clone(),
            peers: Peers { remote: arrival.remote },
            origin: Origin::Direct,
        };
        let session = PeerSession::new(self.node.clone(), peer);
        let reader = FrameReader::new(self.buffers.clone(), self.budget.clone(), self.limits.max_frame);
        Ok(Connection::new(stream, reader, session, self.limits.clone()))
    }
}

/// One line for each connection that did not simply end.
fn log_end(remote: std::net::SocketAddr, closed: &Closed) {
    match closed {
        Closed::ByPeer => tracing::debug!(%remote, "connection closed by the peer"),
        Closed::Frame(error) => tracing::info!(%remote, %error, "connection closed"),
        Closed::ByHandler(reason) => tracing::info!(%remote, %reason, "connection closed"),
        Closed::Deadline(reason) => tracing::info!(%remote, reason, "connection closed"),
    }
}
