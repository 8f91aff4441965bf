//! The handle of a connection: requests in flight by correlation id, and one final state, poisoned.
//!
//! ```text
//! Connecting --versions known--> Ready --any failure--> Poisoned(reason)
//!     \---------- any failure ------------------------------^
//! ```
//!
//! A poisoned connection fails what was in flight and all that follows; it never recovers, so that nobody
//! reads an answer that is not his. Its task ([`super::pump`]) belongs to the handles and ends with them.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use klamm_config::HostPort;
use klamm_protocol::{Request, Str};
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};

use super::pending::{Pending, Reply, Written};
use super::versions::BrokerVersions;
use super::{frame, pump, transport};
use crate::config::ClientConfig;
use crate::error::ClientError;

/// Most requests of one connection that wait for their turn or for their answer.
const MAX_IN_FLIGHT: usize = 256;

/// Where and when to dial.
#[derive(Clone, Debug)]
pub struct Dial {
    /// Where.
    pub target: HostPort,
    /// How long to wait first, for a broker that refused before.
    pub after: Duration,
}

/// What a connection is good for.
#[derive(Clone, Debug)]
pub enum ConnectionStatus {
    /// Being dialled.
    Connecting,
    /// Versions are known; requests go through.
    Ready(Arc<BrokerVersions>),
    /// Ended, for this reason.
    Poisoned(ClientError),
}

/// A frame to write.
pub(super) struct Outgoing {
    pub(super) frame: Bytes,
    /// For requests without answer: told when the frame is written; the permit goes with it.
    pub(super) written: Option<(Reply, OwnedSemaphorePermit)>,
}

struct Waiting {
    reply: Reply,
    _permit: OwnedSemaphorePermit,
}

/// What handles and task share.
pub(super) struct Shared {
    address: String,
    client_id: Option<Str>,
    request_timeout: Duration,
    status: watch::Sender<ConnectionStatus>,
    outgoing: mpsc::Sender<Outgoing>,
    permits: Arc<Semaphore>,
    in_flight: Mutex<HashMap<i32, Waiting>>,
    next_id: AtomicI32,
    was_ready: AtomicBool,
}

/// A connection to one broker; clones share it.
#[derive(Clone)]
pub struct Connection {
    shared: Arc<Shared>,
    _task: Arc<OwnedTask>,
}

/// Ends the task with the last handle.
struct OwnedTask(AbortHandle);

impl Drop for OwnedTask {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("address", &self.shared.address).finish_non_exhaustive()
    }
}

impl Connection {
    /// Starts a connection; requests may be given to it at once and wait until it is ready.
    pub fn open(dial: Dial, config: Arc<ClientConfig>) -> Connection {
        let (outgoing, queue) = mpsc::channel(MAX_IN_FLIGHT);
        let client_id = config.client_id.as_str();
        let shared = Arc::new(Shared {
            address: transport::address_text(&dial.target),
            client_id: Some(Str::from(client_id)),
            request_timeout: config.request_timeout(),
            status: watch::Sender::new(ConnectionStatus::Connecting),
            outgoing,
            permits: Arc::new(Semaphore::new(MAX_IN_FLIGHT)),
            in_flight: Mutex::new(HashMap::new()),
            next_id: AtomicI32::new(1),
            was_ready: AtomicBool::new(false),
        });
        let task = tokio::spawn(pump::run(Arc::clone(&shared), dial, config, queue));
        Connection { shared, _task: Arc::new(OwnedTask(task.abort_handle())) }
    }

    /// `host:port`.
    pub fn address(&self) -> &str {
        &self.shared.address
    }

    /// What the connection is good for now.
    pub fn status(&self) -> ConnectionStatus {
        self.shared.status.borrow().clone()
    }

    /// Whether it has ended.
    pub fn is_poisoned(&self) -> bool {
        matches!(*self.shared.status.borrow(), ConnectionStatus::Poisoned(_))
    }

    /// Whether it ever got ready: one that did not was refused, or refused itself.
    pub(crate) fn was_ready(&self) -> bool {
        self.shared.was_ready.load(Ordering::Relaxed)
    }

    /// Requests that wait for their answer.
    pub(crate) fn in_flight(&self) -> usize {
        self.shared.in_flight.lock().len()
    }

    /// Waits until the broker's versions are known.
    pub async fn ready(&self) -> Result<Arc<BrokerVersions>, ClientError> {
        let mut status = self.shared.status.subscribe();
        let settled = status.wait_for(|status| !matches!(status, ConnectionStatus::Connecting)).await;
        match settled.as_deref() {
            Ok(ConnectionStatus::Ready(versions)) => Ok(Arc::clone(versions)),
            Ok(ConnectionStatus::Poisoned(error)) => Err(error.clone()),
            Ok(ConnectionStatus::Connecting) | Err(_) => Err(self.lost("its task ended")),
        }
    }

    /// Sends `request` at the highest version both sides speak, and waits for the answer.
    pub async fn call<R: Request>(&self, request: &R) -> Result<R::Response, ClientError> {
        self.call_within(request, self.shared.request_timeout).await
    }

    /// As [`Connection::call`], with a time limit of its own.
    pub async fn call_within<R: Request>(
        &self,
        request: &R,
        limit: Duration,
    ) -> Result<R::Response, ClientError> {
        self.call_at_most(request, i16::MAX, limit).await
    }

    /// As [`Connection::call_within`], at `most` or below.
    pub async fn call_at_most<R: Request>(
        &self,
        request: &R,
        most: i16,
        limit: Duration,
    ) -> Result<R::Response, ClientError> {
        let since = Instant::now();
        let deadline = since + limit;
        let prepared = timeout_at(deadline, async {
            let versions = self.ready().await?;
            let permit = Arc::clone(&self.shared.permits).acquire_owned().await;
            let permit = permit.map_err(|_| self.lost("it was closed"))?;
            Ok::<_, ClientError>((versions, permit))
        });
        let (versions, permit) = prepared.await.map_err(|_| ClientError::Timeout {
            what: format!("a connection to {}", self.address()),
            after_ms: limit.as_millis() as u64,
        })??;
        let version = versions.highest::<R>(most)?;
        self.enqueue(request, version, permit, since, deadline)?.answer().await
    }

    /// Hands over `request` without waiting. `None` while the connection is not ready or has no room; the
    /// order of calls is the order on the wire.
    pub fn try_submit<R: Request>(
        &self,
        request: &R,
        most: i16,
        limit: Duration,
    ) -> Result<Option<Pending<R>>, ClientError> {
        let versions = match &*self.shared.status.borrow() {
            ConnectionStatus::Connecting => return Ok(None),
            ConnectionStatus::Ready(versions) => Arc::clone(versions),
            ConnectionStatus::Poisoned(error) => return Err(error.clone()),
        };
        let Ok(permit) = Arc::clone(&self.shared.permits).try_acquire_owned() else { return Ok(None) };
        let version = versions.highest::<R>(most)?;
        let since = Instant::now();
        self.enqueue(request, version, permit, since, since + limit).map(Some)
    }

    /// Hands over a request that has no answer (Produce with acks=0), as [`Connection::try_submit`]. The
    /// receiver hears when it is written.
    pub(crate) fn try_submit_unanswered<R: Request>(
        &self,
        request: &R,
        most: i16,
    ) -> Result<Option<Written>, ClientError> {
        let versions = match &*self.shared.status.borrow() {
            ConnectionStatus::Connecting => return Ok(None),
            ConnectionStatus::Ready(versions) => Arc::clone(versions),
            ConnectionStatus::Poisoned(error) => return Err(error.clone()),
        };
        let Ok(permit) = Arc::clone(&self.shared.permits).try_acquire_owned() else { return Ok(None) };
        let version = versions.highest::<R>(most)?;
        let frame = frame::encode(request, version, self.next_id(), self.shared.client_id.clone())?;
        let (reply, written) = oneshot::channel();
        self.hand_over(Outgoing { frame, written: Some((reply, permit)) })?;
        Ok(Some(Written { connection: self.clone(), written }))
    }

    fn enqueue<R: Request>(
        &self,
        request: &R,
        version: i16,
        permit: OwnedSemaphorePermit,
        since: Instant,
        deadline: Instant,
    ) -> Result<Pending<R>, ClientError> {
        let id = self.next_id();
        let frame = frame::encode(request, version, id, self.shared.client_id.clone())?;
        let (reply, answer) = oneshot::channel();
        self.shared.register(id, Waiting { reply, _permit: permit })?;
        self.hand_over(Outgoing { frame, written: None })?;
        let connection = self.clone();
        Ok(Pending { connection, answer, version, since, deadline, request: PhantomData })
    }

    /// The queue has a place for each permit, so it is never full.
    fn hand_over(&self, outgoing: Outgoing) -> Result<(), ClientError> {
        self.shared.outgoing.try_send(outgoing).map_err(|_| self.lost("its task ended"))
    }

    fn next_id(&self) -> i32 {
        self.shared.next_id.fetch_add(1, Ordering::Relaxed) & i32::MAX
    }

    pub(super) fn lost(&self, reason: &str) -> ClientError {
        match self.status() {
            ConnectionStatus::Poisoned(error) => error,
            ConnectionStatus::Connecting | ConnectionStatus::Ready(_) => self.shared.lost(reason),
        }
    }

    /// Ends the connection: what is in flight fails with `reason`.
    pub fn poison(&self, reason: ClientError) {
        self.shared.poison(reason);
    }
}

impl Shared {
    pub(super) fn lost(&self, reason: &str) -> ClientError {
        ClientError::Disconnected { address: self.address.clone(), reason: reason.to_owned() }
    }

    pub(super) fn client_id(&self) -> Option<Str> {
        self.client_id.clone()
    }

    /// Puts a request into the map, unless nobody will read its answer any more. The status is checked
    /// under the map's lock, which [`Shared::poison`] takes after it has changed the status.
    fn register(&self, id: i32, waiting: Waiting) -> Result<(), ClientError> {
        let mut in_flight = self.in_flight.lock();
        if let ConnectionStatus::Poisoned(error) = &*self.status.borrow() {
            return Err(error.clone());
        }
        in_flight.insert(id, waiting);
        Ok(())
    }

    pub(super) fn become_ready(&self, versions: BrokerVersions) {
        self.was_ready.store(true, Ordering::Relaxed);
        self.status.send_if_modified(|status| {
            let connecting = matches!(status, ConnectionStatus::Connecting);
            if connecting {
                *status = ConnectionStatus::Ready(Arc::new(versions));
            }
            connecting
        });
    }

    pub(super) fn poison(&self, reason: ClientError) {
        let first = self.status.send_if_modified(|status| {
            let first = !matches!(status, ConnectionStatus::Poisoned(_));
            if first {
                *status = ConnectionStatus::Poisoned(reason.clone());
            }
            first
        });
        if !first {
            return;
        }
        let waiting = std::mem::take(&mut *self.in_flight.lock());
        for (_, waiting) in waiting {
            // Whoever gave up waiting does not need to know.
            waiting.reply.send(Err(reason.clone())).ok();
        }
    }

    /// Resolves once the connection is poisoned.
    pub(super) async fn poisoned(&self) {
        let mut status = self.status.subscribe();
        // An error means that the sender is gone, and with it this connection.
        status.wait_for(|status| matches!(status, ConnectionStatus::Poisoned(_))).await.ok();
    }

    /// Gives an answer to whom it belongs; false for an answer nobody asked for.
    pub(super) fn deliver(&self, id: i32, frame: Bytes) -> bool {
        let waiting = self.in_flight.lock().remove(&id);
        let known = waiting.is_some();
        if let Some(waiting) = waiting {
            waiting.reply.send(Ok(frame)).ok();
        }
        known
    }

    pub(super) fn is_idle(&self) -> bool {
        self.in_flight.lock().is_empty()
    }
}
