//! Lines to the other replicas of the quorum: one connection each, dialled when something is to be
//! sent, dialled anew (and its name resolved anew) once it broke or the peer moved.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use klamm_client::ClientConfig;
use klamm_client::ClientError;
use klamm_client::net::{Connection, Dial, Presence, presence};
use klamm_config::HostPort;
use klamm_raft::{ApiKind, Destination, ListenerName, PeerId, RaftError, Request, Response};

use crate::quorum::ask::{self, Line};

/// Pause between two looks at a peer whose machine still takes connections: a process that ends closes its sockets one
/// after the other.
const PAUSE: Duration = Duration::from_millis(10);
const LOOKS: u32 = 10;

/// How peers and controllers are reached.
#[derive(Clone, Debug)]
pub struct Outbound {
    /// Settings of connections.
    pub client: Arc<ClientConfig>,
    /// The controller listener they are dialled at.
    pub listener: ListenerName,
    /// `controller.quorum.request.timeout.ms`.
    pub patience: Duration,
}

struct Known {
    address: klamm_raft::HostPort,
    connection: Connection,
}

/// See the module. The core has at most one request under way to each peer.
pub struct Peers {
    outbound: Outbound,
    lines: HashMap<PeerId, Known>,
}

impl Peers {
    /// No lines yet.
    pub fn new(outbound: Outbound) -> Peers {
        Peers { outbound, lines: HashMap::new() }
    }

    /// Sends `request`; `done` gets the answer, or what there is instead of one.
    pub fn send(&mut self, to: &Destination, request: Request, done: impl FnOnce(Response) + Send + 'static) {
        let connection = self.line(to);
        let Outbound { listener, patience, .. } = self.outbound.clone();
        let (api, address) = (request.body.kind(), to.address.clone());
        tokio::spawn(async move {
            let line = Line { connection: &connection, listener: &listener, limit: patience };
            let mut response = ask::exchange(line, request).await;
            if matches!(response, Response::Failed(_, RaftError::BrokerNotAvailable)) {
                // Whether the peer is silent or gone, the next request dials anew.
                connection.poison(ClientError::Disconnected {
                    address: connection.address().to_owned(),
                    reason: "the peer did not answer in time".to_owned(),
                });
                // Of a leader only it matters whether it is silent or gone.
                if api == ApiKind::Fetch && is_gone(&address, patience).await {
                    response = Response::Failed(api, RaftError::PeerGone);
                }
            }
            done(response);
        });
    }

    fn line(&mut self, to: &Destination) -> Connection {
        let known = self.lines.get(&to.peer);
        let usable = known.filter(|known| known.address == to.address && !known.connection.is_poisoned());
        if let Some(known) = usable {
            return known.connection.clone();
        }
        let connection = dial(&to.address, &self.outbound.client);
        let known = Known { address: to.address.clone(), connection: connection.clone() };
        self.lines.insert(to.peer, known);
        connection
    }
}

/// Whether nobody listens there any more. What keeps a paused or cut-off leader safe is in
/// docs/decisions/0034-proof-of-death.md.
async fn is_gone(address: &klamm_raft::HostPort, patience: Duration) -> bool {
    let target = HostPort { host: address.host.to_string(), port: address.port };
    for _ in 0..LOOKS {
        match presence(&target, patience).await {
            Presence::Refuses => return true,
            Presence::Unclear => return false,
            Presence::Listens => tokio::time::sleep(PAUSE).await,
        }
    }
    false
}

/// Opens a connection on the present runtime.
pub fn dial(address: &klamm_raft::HostPort, client: &Arc<ClientConfig>) -> Connection {
    let target = HostPort { host: address.host.to_string(), port: address.port };
    Connection::open(Dial { target, after: Duration::ZERO }, Arc::clone(client))
}
