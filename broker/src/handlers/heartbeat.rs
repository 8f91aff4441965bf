//! BrokerHeartbeat, and what the end of the connection it came over shows: a broker whose connection is gone and whose
//! machine refuses new ones is dead, and is fenced before its session is over.
//!
//! | seen by the active controller itself | then |
//! |---|---|
//! | the connection ended, and every listener of the broker refuses | proven dead: fenced |
//! | the connection ended, and somebody listens | it lives, or is about to end: looked at again for a while |
//! | it led the quorum before this node does, and every listener of it refuses | the same |
//! | no answer, another error | nothing is proven: the session decides, as in Kafka |
//! | the connection is open and silent | a paused or cut-off broker: the session decides |
//!
//! In docs/decisions/0034-proof-of-death.md.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use klamm_client::net::{Presence, presence};
use klamm_config::HostPort;
use klamm_metadata::controller::{Command, Death};
use klamm_model::{BrokerEpoch, BrokerId, Instant, NodeId};
use klamm_protocol::messages::{BrokerHeartbeatRequest, BrokerHeartbeatResponse};

use super::call::Call;
use super::forward::decided;
use super::session::Peer;
use crate::net::connection::Closed;
use crate::net::frame::FrameError;
use crate::node::Node;

/// Pause between two looks at a broker whose machine still takes connections: a process that ends closes its sockets
/// one after the other.
const PAUSE: Duration = Duration::from_millis(20);
const LOOKS: u32 = 25;
/// How often a controller that is about to become active is told of its predecessor's death.
const TELLS: u32 = 100;
/// Longest wait for one answer to a dial.
const PATIENCE: Duration = Duration::from_millis(500);

/// The registration whose heartbeats come over a connection.
pub type Heard = (BrokerId, BrokerEpoch);

/// BrokerHeartbeat (key 63), versions 0-2: 1 offline log dirs (KIP-858), 2 cordoned ones (KIP-1066).
pub async fn handle(call: Call, request: BrokerHeartbeatRequest) -> BrokerHeartbeatResponse {
    let heard = BrokerId::new(request.broker_id).zip(BrokerEpoch::new(request.broker_epoch));
    let peer = call.peer.clone();
    let response = decided(call, request).await;
    // A fenced one has nothing that could be taken from it.
    let counts = response.error_code == 0 && !response.is_fenced;
    peer.heard.set(heard.filter(|_| counts));
    response
}

/// What is done about the end of the connection of `peer`.
pub async fn on_end(node: Arc<Node>, peer: Rc<Peer>, closed: &Closed) {
    let is_the_peers = match closed {
        Closed::ByPeer | Closed::Frame(FrameError::Truncated { .. } | FrameError::Io(_)) => true,
        Closed::Frame(FrameError::NegativeSize(_) | FrameError::TooLarge { .. })
        | Closed::ByHandler(_)
        | Closed::Deadline(_) => false,
    };
    if let Some(heard) = peer.heard.take().filter(|_| is_the_peers) {
        let silent_since = node.clock.instant();
        look(&node, heard, silent_since).await;
    }
}

/// The former leader of the quorum may be a broker, too, and its heartbeats came over connections to itself: whoever
/// leads after it has seen it fall silent, and looks whether it is dead. Runs until the quorum stops.
pub async fn look_at_predecessors(node: Arc<Node>) {
    let mut quorum = node.controller.watch_quorum();
    let mut predecessor: Option<NodeId> = None;
    loop {
        let leader = quorum.borrow_and_update().leader;
        if leader == Some(node.id)
            && let Some(former) = predecessor.filter(|former| *former != node.id)
        {
            look_at_predecessor(&node, former.into()).await;
        }
        predecessor = leader.or(predecessor);
        if quorum.changed().await.is_err() {
            return;
        }
    }
}

/// Until it is fenced or proves to be alive, while this node leads. A controller that is not active yet refuses, and one
/// that has just become so counts each broker as heard of.
async fn look_at_predecessor(node: &Node, former: BrokerId) {
    for _ in 0..TELLS {
        let image = node.image.load();
        let Some(known) = image.cluster().broker(former).filter(|known| !known.fenced) else { return };
        let heard = (former, known.epoch);
        drop(image);
        let leads = node.controller.quorum().leader == Some(node.id);
        if !leads || look(node, heard, node.clock.instant()).await == Seen::Nothing {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What came of looking at a broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// Its death, which the controller was told of.
    Death,
    /// Nothing that proves it.
    Nothing,
}

async fn look(node: &Node, (broker, epoch): Heard, silent_since: Instant) -> Seen {
    for _ in 0..LOOKS {
        let image = node.image.load();
        let registration =
            image.cluster().broker(broker).filter(|found| found.epoch == epoch && !found.fenced);
        let Some(registration) = registration.filter(|known| !known.endpoints.is_empty()) else {
            return Seen::Nothing;
        };
        let mut seen = Presence::Refuses;
        for endpoint in &registration.endpoints {
            let target = HostPort { host: endpoint.host.to_string(), port: endpoint.port };
            match presence(&target, PATIENCE).await {
                Presence::Refuses => {}
                Presence::Listens => seen = Presence::Listens,
                Presence::Unclear => return Seen::Nothing,
            }
        }
        if seen == Presence::Refuses {
            tracing::info!(%broker, %epoch, "the broker's process is gone: fenced before its session is over");
            let death = Death { broker, epoch, silent_since };
            if let Err(error) = node.controller.ask(Command::FenceDeadBroker(death)).await {
                tracing::debug!(%broker, ?error, "another controller is active by now");
            }
            return Seen::Death;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Seen::Nothing
}
