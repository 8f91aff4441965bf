//! The node's front: accept loops on one thread, connections on the shards.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use klamm_config::NodeConfig;
use klamm_config::node::QuotaWindow;
use klamm_metadata::controller::Origin;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::admission::{ConfiguredRules, Role};
use super::listeners::Bound;
use super::memory;
use crate::handlers::session::{ListenerFacts, Peer, PeerSession};
use crate::handlers::versions::Serves;
use crate::handlers::{heartbeat, produce};
use crate::net::admission::{Admission, ProcessLimit};
use crate::net::backlog::Backlog;
use crate::net::budget::Budget;
use crate::net::buffers::Buffers;
use crate::net::connection::{Closed, Connection, Peers};
use crate::net::frame::FrameReader;
use crate::net::limits::Limits;
use crate::net::listener::accept_loop;
use crate::net::rate::Window;
use crate::net::shard::{Arrival, Serve, Shards};
use crate::node::Node;

/// The running front.
pub struct Front {
    accepting: Vec<JoinHandle<()>>,
    shards: Arc<Shards>,
    admissions: [(Role, Admission); 2],
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
        let backlog = backlog();
        let admissions = admissions(config, &node, most);
        let shards = Shards::start(cores.min(wanted).max(1), move |_| ShardServer {
            node: node.clone(),
            listeners: facts.clone(),
            limits: Rc::new(limits.clone()),
            budget: budget.clone(),
            backlog: backlog.clone(),
            buffers: Buffers::default(),
            turn: produce::Turn::default(),
        });
        let shards = Arc::new(shards.context("shards cannot be started")?);
        let waiting = bound.into_iter().enumerate().collect();
        Ok(Front { accepting: Vec::new(), shards, admissions, waiting })
    }

    /// Begins to accept on the listeners that `open` names; clients of others wait in their backlog.
    pub fn accept(&mut self, open: impl Fn(&ListenerFacts) -> bool) -> Result<()> {
        let (opened, waiting) =
            std::mem::take(&mut self.waiting).into_iter().partition(|(_, bound)| open(&bound.facts));
        self.waiting = waiting;
        let opened: Vec<(usize, Bound)> = opened;
        for (index, bound) in opened {
            let role = match bound.facts.serves {
                Serves::Broker => Role::Broker,
                Serves::Controller => Role::Controller,
            };
            let admission = self.admissions.iter().find(|(of, _)| *of == role);
            let admission = admission.expect("each role has its admission").1.clone();
            let shards = self.shards.clone();
            let socket = tokio::net::TcpListener::from_std(bound.socket)?;
            tracing::info!(listener = %bound.facts.name, address = %socket.local_addr()?, "listening");
            let hand_over = move |stream, remote, admitted| {
                shards.hand_over(Arrival { stream, remote, listener: index, admitted });
            };
            self.accepting.push(tokio::spawn(accept_loop(bound.facts.name, socket, admission, hand_over)));
        }
        Ok(())
    }

    /// The shards, for those who ask whether they turn.
    pub fn shards(&self) -> Arc<Shards> {
        self.shards.clone()
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
    let max_idle = network.connections_max_idle.unwrap_or(Duration::MAX / 4);
    Limits {
        max_frame: network.socket_request_max_bytes as usize,
        max_idle,
        write_stall: max_idle,
        send_buffer: network.socket_send_buffer_bytes.map(|bytes| bytes as usize),
        receive_buffer: network.socket_receive_buffer_bytes.map(|bytes| bytes as usize),
        ..Limits::default()
    }
}

fn budget(config: &NodeConfig) -> Budget {
    let bytes = config.network.queued_max_request_bytes.unwrap_or_else(memory::default_budget);
    Budget::new(usize::try_from(bytes).unwrap_or(usize::MAX))
}

fn backlog() -> Backlog {
    Backlog::new(usize::try_from(memory::default_budget()).unwrap_or(usize::MAX))
}

/// One admission for each role, under one limit of the process.
fn admissions(config: &NodeConfig, node: &Node, most: usize) -> [(Role, Admission); 2] {
    let process = ProcessLimit::new(most);
    let QuotaWindow { samples, length } = config.quota_windows.client;
    [Role::Broker, Role::Controller].map(|role| {
        let rules = ConfiguredRules::new(node.settings.clone(), role);
        (role, Admission::new(Box::new(rules), process.clone(), Window { samples, length }))
    })
}

struct ShardServer {
    node: Arc<Node>,
    listeners: Arc<[ListenerFacts]>,
    limits: Rc<Limits>,
    budget: Budget,
    backlog: Backlog,
    buffers: Buffers,
    turn: produce::Turn,
}

impl Serve for ShardServer {
    fn serve(&self, arrival: Arrival) -> impl Future<Output = ()> + 'static {
        let Arrival { stream, remote, listener, admitted } = arrival;
        let connection = self.connection(stream, remote, listener);
        let node = self.node.clone();
        async move {
            match connection {
                Ok((connection, peer)) => {
                    let closed = connection.run().await;
                    drop(admitted);
                    log_end(remote, &closed);
                    heartbeat::on_end(node, peer, &closed).await;
                }
                Err(error) => tracing::debug!(%remote, %error, "connection lost before it was served"),
            }
        }
    }
}

impl ShardServer {
    fn connection(
        &self,
        stream: std::net::TcpStream,
        remote: SocketAddr,
        listener: usize,
    ) -> std::io::Result<(Connection<PeerSession>, Rc<Peer>)> {
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
            listener: self.listeners[listener].clone(),
            peers: Peers { remote },
            origin: Origin::Direct,
            heard: Cell::default(),
        };
        let session = PeerSession::new(self.node.clone(), peer, self.turn.clone());
        let peer = session.peer();
        let reader = FrameReader::new(self.buffers.clone(), self.budget.clone(), self.limits.max_frame);
        Ok((Connection::new(stream, (reader, self.backlog.clone()), session, self.limits.clone()), peer))
    }
}

/// One line for each connection that did not simply end.
fn log_end(remote: SocketAddr, closed: &Closed) {
    match closed {
        Closed::ByPeer => tracing::debug!(%remote, "connection closed by the peer"),
        Closed::Frame(error) => tracing::info!(%remote, %error, "connection closed"),
        Closed::ByHandler(reason) => tracing::info!(%remote, %reason, "connection closed"),
        Closed::Deadline(reason) => tracing::info!(%remote, reason, "connection closed"),
    }
}
