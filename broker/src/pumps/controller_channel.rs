//! The way to the active controller, wherever it is: this node's own, or a connection to another's.
//! It follows the leadership of the quorum (Kafka: NodeToControllerChannelManager).

use std::sync::Arc;
use std::time::Duration;

use klamm_client::ClientError;
use klamm_client::net::Connection;
use klamm_model::NodeId;
use klamm_protocol::{ErrorCode, Request};
use klamm_raft::{HostPort, QuorumView, RoleName};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::control::ControllerHandle;
use super::peers::{Outbound, dial};
use crate::node_request::{Circumstances, NodeRequest};

/// Pause before a controller is asked again that was none, or could not be reached; each is twice the last, up to
/// [`RETRY_MOST`]. A leader becomes the active controller within milliseconds.
const RETRY_FIRST: Duration = Duration::from_millis(2);
const RETRY_MOST: Duration = Duration::from_millis(50);
/// Longest wait for one answer (Kafka: `request.timeout.ms`).
pub const PATIENCE: Duration = Duration::from_secs(30);

/// No controller answered in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no active controller answered in time")]
pub struct NoController;

/// Whoever was asked is not, or no longer, the active controller; another may be by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotActive;

/// Where to ask.
pub enum Target {
    /// This node's own controller.
    Here,
    /// Another's, with the time that is left for its answer.
    There(Connection, Duration),
}

struct Shared {
    node: NodeId,
    control: ControllerHandle,
    outbound: Outbound,
    /// Where connections live.
    runtime: Handle,
    line: Mutex<Option<(HostPort, Connection)>>,
}

/// A cheap clone. Requests of one channel to another node go over one connection, whose requests are
/// answered one after the other.
#[derive(Clone)]
pub struct ControllerChannel(Arc<Shared>);

impl ControllerChannel {
    /// A channel whose connections live on `runtime`.
    pub fn new(
        node: NodeId,
        control: ControllerHandle,
        outbound: Outbound,
        runtime: Handle,
    ) -> ControllerChannel {
        ControllerChannel(Arc::new(Shared { node, control, outbound, runtime, line: Mutex::new(None) }))
    }

    /// A channel to the same controller that nothing on this one delays.
    pub fn another(&self) -> ControllerChannel {
        let Shared { node, control, outbound, runtime, .. } = &*self.0;
        ControllerChannel::new(*node, control.clone(), outbound.clone(), runtime.clone())
    }

    /// Asks the active controller, again and again while there is none, until `limit` is over.
    pub async fn call<R: NodeRequest>(
        &self,
        request: &R,
        limit: Duration,
    ) -> Result<R::Response, NoController> {
        let mut search = self.search(limit);
        loop {
            let answer = match search.next().await? {
                Target::Here => Ok(self.ask_own(request.clone()).await),
                Target::There(connection, left) => self.ask_other(&connection, request, left).await,
            };
            if let Ok(response) = answer
                && R::code(&response) != ErrorCode::NotController.code()
            {
                return Ok(response);
            }
        }
    }

    /// This node's own controller's answer to a request in its newest version.
    async fn ask_own<R: NodeRequest>(&self, request: R) -> R::Response {
        let control = &self.0.control;
        let at = Circumstances {
            version: *R::KEY.advertised_versions().end(),
            kraft_version: kraft_version(control),
        };
        match request.command(at) {
            Ok(command) => R::answer(control.ask(command).await),
            Err(error) => R::refused(&error),
        }
    }

    /// Another's answer to a request in the newest version that both speak.
    async fn ask_other<R: NodeRequest>(
        &self,
        connection: &Connection,
        request: &R,
        limit: Duration,
    ) -> Result<R::Response, NotActive> {
        let deadline = Instant::now() + limit;
        let version = match timeout_at(deadline, connection.ready()).await {
            Ok(Ok(versions)) => versions.highest::<R>(i16::MAX).unwrap_or(i16::MAX),
            // Fails below, where it is told what to do with the connection.
            Ok(Err(_)) | Err(_) => i16::MAX,
        };
        let left = deadline.saturating_duration_since(Instant::now());
        send(connection, &request.clone().in_version(version), left).await
    }

    /// Looks for the active controller, for `limit`.
    pub fn search(&self, limit: Duration) -> Search<'_> {
        let quorum = self.0.control.watch_quorum();
        Search { channel: self, deadline: Instant::now() + limit, quorum, next_pause: None }
    }

    fn target(&self, left: Duration) -> Option<Target> {
        let quorum = self.0.control.quorum();
        let leader = quorum.leader?;
        if leader == self.0.node {
            return (quorum.role == RoleName::Leader).then_some(Target::Here);
        }
        let address = quorum.leader_endpoints.get(&self.0.outbound.listener)?;
        let mut line = self.0.line.lock();
        if let Some((known, connection)) = &*line
            && known == address
            && !connection.is_poisoned()
        {
            return Some(Target::There(connection.clone(), left));
        }
        let _entered = self.0.runtime.enter();
        let connection = dial(address, &self.0.outbound.client);
        *line = Some((address.clone(), connection.clone()));
        Some(Target::There(connection, left))
    }
}

/// One search for the active controller. Whoever is not it, or does not answer, makes the search go on.
pub struct Search<'a> {
    channel: &'a ControllerChannel,
    deadline: Instant,
    quorum: watch::Receiver<Arc<QuorumView>>,
    /// None before the first was asked.
    next_pause: Option<Duration>,
}

impl Search<'_> {
    /// The next to ask: at once at first, then after a pause or with the next news of the quorum.
    pub async fn next(&mut self) -> Result<Target, NoController> {
        loop {
            if let Some(pause) = self.next_pause {
                self.pause(pause).await?;
            }
            self.next_pause = Some(self.next_pause.map_or(RETRY_FIRST, |pause| RETRY_MOST.min(pause * 2)));
            self.quorum.mark_unchanged();
            let left = self.deadline.saturating_duration_since(Instant::now());
            if let Some(target) = self.channel.target(left.min(PATIENCE)) {
                return Ok(target);
            }
        }
    }

    async fn pause(&mut self, pause: Duration) -> Result<(), NoController> {
        if Instant::now() >= self.deadline {
            return Err(NoController);
        }
        let again = self.deadline.min(Instant::now() + pause);
        match timeout_at(again, self.quorum.changed()).await {
            // This node stops.
            Ok(Err(_)) => Err(NoController),
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }
}

/// Sends over `connection`; a controller that does not answer is none, and is dialled anew.
pub async fn send<R: Request>(
    connection: &Connection,
    request: &R,
    limit: Duration,
) -> Result<R::Response, NotActive> {
    let answer = connection.call_within(request, limit).await;
    answer.map_err(|error| {
        tracing::debug!(api = R::KEY.name(), %error, "the active controller did not answer");
        if error.is_connection_error() {
            connection.poison(ClientError::Disconnected {
                address: connection.address().to_owned(),
                reason: "the controller did not answer in time".to_owned(),
            });
        }
        NotActive
    })
}

/// The quorum's finalized kraft.version.
pub fn kraft_version(control: &ControllerHandle) -> i16 {
    i16::try_from(control.quorum().kraft_version.level()).unwrap_or(0)
}
