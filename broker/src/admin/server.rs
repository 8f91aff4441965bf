//! The thread of the admin service. Its sockets are bound before anything starts.

use std::net::{SocketAddr, TcpListener, ToSocketAddrs as _};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

use anyhow::{Context as _, Result};
use klamm_admin_api::v1::node_admin_server::NodeAdminServer;
use klamm_config::own::{ADMIN_LISTENER, AdminSettings, HEALTH_LISTENER, ListenAt};
use klamm_model::Uuid;
use tokio::sync::oneshot;
use tonic_health::pb::health_server::HealthServer;

use super::certificates::Certificates;
use super::connections::{Routes, accept, secured, stranger};
use super::health::HealthService;
use super::liveness::Liveness;
use super::progress::Progress;
use super::service::AdminService;
use super::status::Watched;
use crate::net::listener::bind;
use crate::net::shard::Shards;
use crate::node::Node;

/// Largest request in bytes: a server.properties has some KiB.
const REQUEST: usize = 1 << 20;
/// Largest request for health in bytes: a name. Room for a request is made before its bytes are there.
const HEALTH_REQUEST: usize = 1 << 10;

/// The bound sockets.
pub struct BoundAdmin {
    admin: Option<(TcpListener, Arc<Certificates>)>,
    health: Option<TcpListener>,
}

impl BoundAdmin {
    /// Binds what the settings ask for, and reads the certificates.
    pub fn bind(settings: &AdminSettings) -> Result<BoundAdmin> {
        let admin = match &settings.listener {
            None => None,
            Some(listener) => {
                let certificates = Certificates::open(&listener.tls_directory)?;
                Some((bind_to(ADMIN_LISTENER, &listener.at)?, Arc::new(certificates)))
            }
        };
        let health = settings.health.as_ref().map(|at| bind_to(HEALTH_LISTENER, at)).transpose()?;
        Ok(BoundAdmin { admin, health })
    }
}

fn bind_to(key: &str, at: &ListenAt) -> Result<TcpListener> {
    let address = match &at.host {
        None => SocketAddr::from((std::net::Ipv6Addr::UNSPECIFIED, at.port)),
        Some(host) => {
            let mut resolved =
                (host.as_str(), at.port).to_socket_addrs().with_context(|| format!("{key}: host {host}"))?;
            resolved.next().with_context(|| format!("{key}: host {host} has no address"))?
        }
    };
    bind(address, None).with_context(|| format!("{key}: cannot listen on {address}"))
}

/// What the service looks at.
#[derive(Clone)]
pub struct AdminParts {
    pub node: Arc<Node>,
    pub shards: Arc<Shards>,
    pub progress: Progress,
    /// Of the broker in this process.
    pub incarnation: Uuid,
    /// When the process began.
    pub started: Instant,
}

/// The running thread.
pub struct AdminServer {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl AdminServer {
    /// Starts it, if anything is to be served.
    pub fn start(bound: BoundAdmin, parts: AdminParts) -> Result<Option<AdminServer>> {
        if bound.admin.is_none() && bound.health.is_none() {
            return Ok(None);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("klamm-admin".into()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve(bound, parts) => {}
                    // A sender that is gone stops it, too.
                    _ = stopped => {}
                }
            });
        });
        Ok(Some(AdminServer { stop, thread: thread.context("the admin thread cannot be started")? }))
    }

    /// Closes everything and waits for the thread.
    pub fn stop(self) {
        // A thread that has ended hears nothing, and need not.
        let _ = self.stop.send(());
        if self.thread.join().is_err() {
            tracing::error!("the admin thread panicked");
        }
    }
}

async fn serve(bound: BoundAdmin, parts: AdminParts) {
    let AdminParts { node, shards, progress, incarnation, started: _ } = parts.clone();
    let BoundAdmin { admin: secured_socket, health: plain_socket } = bound;
    let watched = Watched { node, progress, incarnation };
    let health = HealthService { watched: watched.clone(), liveness: Liveness::new(shards) };
    let health = HealthServer::new(health).max_decoding_message_size(HEALTH_REQUEST);
    let admin = async {
        let Some((socket, certificates)) = secured_socket else { return };
        let service = AdminService { watched, certificates: certificates.clone(), parts };
        let service = NodeAdminServer::new(service).max_decoding_message_size(REQUEST);
        let routes = Routes { admin: Some(service), health: health.clone() };
        accept(ADMIN_LISTENER, socket, move |stream, remote, standing| {
            secured(stream, remote, standing, (certificates.clone(), routes.clone()))
        })
        .await;
    };
    let plain = async {
        let Some(socket) = plain_socket else { return };
        let routes = Routes { admin: None, health: health.clone() };
        accept(HEALTH_LISTENER, socket, move |stream, remote, _| stranger(stream, remote, routes.clone()))
            .await;
    };
    tokio::join!(admin, plain);
}
