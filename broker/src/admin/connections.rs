//! Connections of the admin service's listeners: how many there may be and how long each lasts, TLS, HTTP/2, and
//! which service answers. Strangers can take no place from the operator, nor from the next probe.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use klamm_admin_api::NODE_ADMIN;
use klamm_admin_api::v1::node_admin_server::NodeAdminServer;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::{AbortHandle, JoinSet};
use tonic::body::Body;
use tonic::codegen::Service as _;
use tonic_health::pb::health_server::HealthServer;

use super::certificates::Certificates;
use super::health::HealthService;
use super::service::AdminService;

/// Connections at a time on each listener.
const MOST: usize = 32;
/// Requests at a time on one connection.
const STREAMS: u32 = 16;
/// Bytes that a peer may send before they are read, on a stream and on a connection: HTTP/2's own default.
const WINDOW: u32 = 65_535;
/// Longest wait for a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Longest life of a connection from a stranger who asks for health: a probe takes milliseconds.
const STRANGER: Duration = Duration::from_secs(60);
/// Longest life of an operator's connection: a certificate that has ended, or whose authority is trusted no more,
/// is of no use for longer.
const OPERATOR: Duration = Duration::from_secs(3_600);
/// How long requests of a connection may go on that has reached its age.
const GRACE: Duration = Duration::from_secs(5);
/// A peer of whom nothing is heard for this long is asked for a sign, and has as long again.
const SILENCE: Duration = Duration::from_secs(20);
/// Pause after `accept` failed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Which service answers; without `admin`, health alone.
#[derive(Clone)]
pub struct Routes {
    pub admin: Option<NodeAdminServer<AdminService>>,
    pub health: HealthServer<HealthService>,
}

impl Routes {
    async fn answer(mut self, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
        match self.admin.as_mut().filter(|_| request.uri().path().starts_with(NODE_ADMIN)) {
            Some(admin) => admin.call(request).await,
            None => self.health.call(request).await,
        }
    }
}

/// Whether a connection has shown whose it is. Shared by its task and its place.
#[derive(Clone, Default)]
pub struct Standing(Arc<AtomicBool>);

impl Standing {
    fn is_known(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// The open connections of one listener, oldest first.
#[derive(Default)]
struct Places(VecDeque<(AbortHandle, Standing)>);

impl Places {
    /// Makes room for one more, at the cost of the oldest that has not shown whose it is. `false` if all have.
    fn make_room(&mut self) -> bool {
        self.0.retain(|(task, _)| !task.is_finished());
        if self.0.len() < MOST {
            return true;
        }
        let oldest = self.0.iter().position(|(_, standing)| !standing.is_known());
        let Some((task, _)) = oldest.and_then(|oldest| self.0.remove(oldest)) else { return false };
        task.abort();
        true
    }
}

/// Accepts until dropped; each connection is a task that ends with this.
pub async fn accept<F>(
    key: &'static str,
    socket: TcpListener,
    serve: impl Fn(TcpStream, SocketAddr, Standing) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = match tokio::net::TcpListener::from_std(socket) {
        Ok(listener) => listener,
        Err(error) => return tracing::error!(key, %error, "the admin service cannot listen"),
    };
    if let Ok(address) = listener.local_addr() {
        tracing::info!(listener = key, %address, "listening");
    }
    let mut places = Places::default();
    let mut connections = JoinSet::new();
    loop {
        let accepted = listener.accept().await;
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, remote)) if places.make_room() => {
                let standing = Standing::default();
                let task = connections.spawn(serve(stream, remote, standing.clone()));
                places.0.push_back((task, standing));
            }
            Ok((_, remote)) => tracing::debug!(key, %remote, "there is no place for a connection"),
            Err(error) => {
                tracing::warn!(key, %error, "accept failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Serves a connection of the admin listener: nothing at all before a handshake with a certificate that is trusted.
pub async fn secured(
    stream: TcpStream,
    remote: SocketAddr,
    standing: Standing,
    (certificates, routes): (Arc<Certificates>, Routes),
) {
    match tokio::time::timeout(HANDSHAKE, certificates.acceptor().accept(stream)).await {
        Ok(Ok(stream)) => {
            standing.0.store(true, Ordering::Release);
            converse(stream, remote, routes, OPERATOR).await;
        }
        Ok(Err(error)) => tracing::debug!(%remote, %error, "the admin service refused a connection"),
        Err(_) => tracing::debug!(%remote, "the admin service closed a connection without a handshake"),
    }
}

/// Serves a connection of the health listener.
pub async fn stranger(stream: TcpStream, remote: SocketAddr, routes: Routes) {
    converse(stream, remote, routes, STRANGER).await;
}

async fn converse<S>(stream: S, remote: SocketAddr, routes: Routes, life: Duration)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let answer = service_fn(move |request| routes.clone().answer(request));
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .keep_alive_interval(SILENCE)
        .keep_alive_timeout(SILENCE)
        .serve_connection(TokioIo::new(stream), answer);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = tokio::time::sleep(life) => {
            connection.as_mut().graceful_shutdown();
            // A watch has no end of its own.
            tokio::time::timeout(GRACE, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%remote, %error, "a connection of the admin service ended");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many connections as there are places, of which the first `known` have shown whose they are.
    fn full(known: usize) -> (JoinSet<()>, Places) {
        let (mut tasks, mut places) = (JoinSet::new(), Places::default());
        for number in 0..MOST {
            let standing = Standing::default();
            standing.0.store(number < known, Ordering::Release);
            places.0.push_back((tasks.spawn(std::future::pending()), standing));
        }
        (tasks, places)
    }

    #[tokio::test]
    async fn a_newcomer_takes_the_place_of_the_oldest_stranger_and_of_nobody_known() {
        let (mut tasks, mut places) = full(2);
        let third = places.0[2].0.clone();
        assert!(places.make_room());
        assert!(tasks.join_next().await.is_some_and(|ended| ended.is_err_and(|error| error.is_cancelled())));
        assert!(third.is_finished() && places.0.len() == MOST - 1);
        let (_tasks, mut places) = full(MOST);
        assert!(!places.make_room());
        assert_eq!(places.0.len(), MOST);
    }

    #[tokio::test]
    async fn connections_that_ended_leave_their_places() {
        let mut tasks = JoinSet::new();
        let mut places = Places::default();
        for _ in 0..MOST {
            places.0.push_back((tasks.spawn(std::future::ready(())), Standing::default()));
        }
        while tasks.join_next().await.is_some() {}
        assert!(places.make_room());
        assert!(places.0.is_empty());
    }
}
