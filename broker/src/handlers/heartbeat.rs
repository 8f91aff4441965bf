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
use klamm_metadata::image::BrokerRegistration;
use klamm_model::{BrokerEpoch, BrokerId, NodeId};
use klamm_protocol::messages::{BrokerHeartbeatRequest, BrokerHeartbeatResponse};

use super::call::Call;
use super::forward::decided;
use super::session::Peer;
use crate::net::connection::Closed;
use crate::net::frame::FrameError;
use crate::node::Node;

/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(20);
/// How often a broker is looked at whose machine still takes connections: a process that ends closes its sockets one
/// after the other.
const LOOKS: u32 = 25;
/// How often the controller is told of a death: a heartbeat that waits in its queue counts as heard of since, and a
/// controller that is not active yet refuses.
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
        look(&node, heard).await;
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
            let former = BrokerId::from(former);
            let epoch = node.image.load().cluster().broker(former).map(|known| known.epoch);
            if let Some(epoch) = epoch {
                look(&node, (former, epoch)).await;
            }
        }
        predecessor = leader.or(predecessor);
        if quorum.changed().await.is_err() {
            return;
        }
    }
}

/// Until the broker is fenced or lives, or this node does not lead the quorum.
async fn look(node: &Node, (broker, epoch): Heard) {
    let mut listened = 0;
    for told in 0..TELLS {
        let image = node.image.load();
        let registration =
            image.cluster().broker(broker).filter(|found| found.epoch == epoch && !found.fenced);
        let Some(registration) = registration.filter(|known| !known.endpoints.is_empty()) else { return };
        if node.controller.quorum().leader != Some(node.id) {
            return;
        }
        let silent_since = node.clock.instant();
        match presence_of(registration).await {
            Presence::Refuses => {
                if told == listened {
                    tracing::info!(%broker, %epoch, "the broker's process is gone: fenced before its session is over");
                }
                let death = Death { broker, epoch, silent_since };
                if let Err(error) = node.controller.ask(Command::FenceDeadBroker(death)).await {
                    tracing::debug!(%broker, ?error, "the controller is not active");
                }
            }
            Presence::Listens => listened += 1,
            Presence::Unclear => return,
        }
        if listened == LOOKS {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What all listeners of a broker show.
async fn presence_of(registration: &BrokerRegistration) -> Presence {
    let mut seen = Presence::Refuses;
    for endpoint in &registration.endpoints {
        let target = HostPort { host: endpoint.host.to_string(), port: endpoint.port };
        match presence(&target, PATIENCE).await {
            Presence::Refuses => {}
            Presence::Listens => seen = Presence::Listens,
            Presence::Unclear => return Presence::Unclear,
        }
    }
    seen
}
