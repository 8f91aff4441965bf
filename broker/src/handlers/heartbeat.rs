//! BrokerHeartbeat, and what the end of the connection it came over shows: a broker whose connection is gone and whose
//! machine refuses new ones is dead, and is fenced before its session is over.
//!
//! | seen by the active controller itself | then |
//! |---|---|
//! | the connection ended, and every listener of the broker refuses | proven dead: fenced |
//! | the connection ended, and somebody listens | it lives, or is about to end: looked at again for a while |
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
use klamm_model::{BrokerEpoch, BrokerId, Instant};
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

async fn look(node: &Node, (broker, epoch): Heard, silent_since: Instant) {
    for _ in 0..LOOKS {
        let image = node.image.load();
        let registration =
            image.cluster().broker(broker).filter(|found| found.epoch == epoch && !found.fenced);
        let Some(registration) = registration.filter(|known| !known.endpoints.is_empty()) else { return };
        let mut seen = Presence::Refuses;
        for endpoint in &registration.endpoints {
            let target = HostPort { host: endpoint.host.to_string(), port: endpoint.port };
            match presence(&target, PATIENCE).await {
                Presence::Refuses => {}
                Presence::Listens => seen = Presence::Listens,
                Presence::Unclear => return,
            }
        }
        if seen == Presence::Refuses {
            tracing::info!(%broker, %epoch, "the broker's process is gone: fenced before its session is over");
            let death = Death { broker, epoch, silent_since };
            if let Err(error) = node.controller.ask(Command::FenceDeadBroker(death)).await {
                tracing::debug!(%broker, ?error, "another controller is active by now");
            }
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
