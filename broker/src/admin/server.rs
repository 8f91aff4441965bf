//! The thread of the admin service: its sockets, TLS, HTTP/2. Sockets are bound before anything starts.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs as _};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use klamm_admin_api::NODE_ADMIN;
use klamm_admin_api::v1::node_admin_server::NodeAdminServer;
use klamm_config::own::{ADMIN_LISTENER, AdminSettings, HEALTH_LISTENER, ListenAt};
use klamm_model::Uuid;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tonic::body::Body;
use tonic::codegen::Service as _;
use tonic_health::pb::health_server::HealthServer;

use super::certificates::Certificates;
use super::health::HealthService;
use super::liveness::Liveness;
use super::progress::Progress;
use super::service::AdminService;
use super::status::Watched;
use crate::net::listener::bind;
use crate::net::shard::Shards;
use crate::node::Node;

/// Connections at a time on each listener; more wait in its backlog.
const MOST: usize = 32;
/// Requests at a time on one connection.
const STREAMS: u32 = 16;
/// Longest wait for a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Longest life of a connection from a stranger who asks for health: a probe takes milliseconds.
const STRANGER: Duration = Duration::from_secs(60);
/// A peer of whom nothing is heard for this long is asked for a sign, and has as long again.
const SILENCE: Duration = Duration::from_secs(20);
/// Largest request in bytes: a server.properties has some KiB.
const REQUEST: usize = 1 << 20;
/// Pause after `accept` failed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

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
pub struct AdminParts {
    pub node: Arc<Node>,
    pub shards: Arc<Shards>,
    pub progress: Progress,
    /// Of the broker in this process.
    pub incarnation: Uuid,
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
    let AdminParts { node, shards, progress, incarnation } = parts;
    let BoundAdmin { admin: secured_socket, health: plain_socket } = bound;
    let watched = Watched { node, progress, incarnation };
    let health = HealthService { watched: watched.clone(), liveness: Liveness::new(shards) };
    let health = HealthServer::new(health);
    let admin = async {
        let Some((socket, certificates)) = secured_socket else { return };
        let service = AdminService { watched, certificates: certificates.clone() };
        let service = NodeAdminServer::new(service).max_decoding_message_size(REQUEST);
        let routes = Routes { admin: Some(service), health: health.clone() };
        accept(ADMIN_LISTENER, socket, move |stream, remote| {
            secured(stream, remote, certificates.clone(), routes.clone())
        })
        .await;
    };
    let plain = async {
        let Some(socket) = plain_socket else { return };
        let routes = Routes { admin: None, health: health.clone() };
        accept(HEALTH_LISTENER, socket, move |stream, remote| stranger(stream, remote, routes.clone())).await;
    };
    tokio::join!(admin, plain);
}

/// Accepts until dropped; each connection is a task that ends with this.
async fn accept<F>(key: &'static str, socket: TcpListener, serve: impl Fn(TcpStream, SocketAddr) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = match tokio::net::TcpListener::from_std(socket) {
        Ok(listener) => listener,
        Err(error) => return tracing::error!(key, %error, "the admin service cannot listen"),
    };
    if let Ok(address) = listener.local_addr() {
        tracing::info!(listener = key, %address, "listening");
    }
    let places = Arc::new(Semaphore::new(MOST));
    let mut connections = JoinSet::new();
    loop {
        let place = places.clone().acquire_owned().await;
        let accepted = listener.accept().await;
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, remote)) => {
                let served = serve(stream, remote);
                connections.spawn(async move {
                    let _place = place;
                    served.await;
                });
            }
            Err(error) => {
                tracing::warn!(key, %error, "accept failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn secured(stream: TcpStream, remote: SocketAddr, certificates: Arc<Certificates>, routes: Routes) {
    match tokio::time::timeout(HANDSHAKE, certificates.acceptor().accept(stream)).await {
        Ok(Ok(stream)) => converse(stream, remote, routes).await,
        Ok(Err(error)) => tracing::info!(%remote, %error, "the admin service refused a connection"),
        Err(_) => tracing::info!(%remote, "the admin service closed a connection without a handshake"),
    }
}

async fn stranger(stream: TcpStream, remote: SocketAddr, routes: Routes) {
    if tokio::time::timeout(STRANGER, converse(stream, remote, routes)).await.is_err() {
        tracing::debug!(%remote, "a connection for health was closed after its time");
    }
}

async fn converse<S>(stream: S, remote: SocketAddr, routes: Routes)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let answer = service_fn(move |request| routes.clone().answer(request));
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(SILENCE)
        .keep_alive_timeout(SILENCE)
        .serve_connection(TokioIo::new(stream), answer);
    if let Err(error) = connection.await {
        tracing::debug!(%remote, %error, "a connection of the admin service ended");
    }
}

/// Which service answers; without `admin`, health alone.
#[derive(Clone)]
struct Routes {
    admin: Option<NodeAdminServer<AdminService>>,
    health: HealthServer<HealthService>,
}

impl Routes {
    async fn answer(mut self, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
        match self.admin.as_mut().filter(|_| request.uri().path().starts_with(NODE_ADMIN)) {
            Some(admin) => admin.call(request).await,
            None => self.health.call(request).await,
        }
    }
}
