//! The quorum's own requests on the controller listener: Vote (52), BeginQuorumEpoch (53),
//! EndQuorumEpoch (54), Fetch (1) of the metadata partition, FetchSnapshot (59), AddRaftVoter (80),
//! RemoveRaftVoter (81), UpdateRaftVoter (82). All rules are the quorum's; here they are only carried
//! to it and back.

use klamm_protocol::Request;
use klamm_raft::ListenerName;

use super::call::Call;
use crate::net::reply::{Outcome, Overlap, Reply, Started};
use crate::quorum::FromWire;
use crate::quorum::answer::{Style, ToWire};

/// Serves one of these requests. While the node stops the connection is closed instead.
pub fn serve<R>(call: Call, mut body: klamm_protocol::Reader) -> Started
where
    R: Request + FromWire + 'static,
    R::Response: ToWire,
{
    let request = match call.body::<R>(&mut body) {
        Ok(request) => request,
        Err(reason) => return super::session::close(reason),
    };
    let answer = async move {
        match ask(&call, &request).await {
            Some(response) => call.respond(&response),
            None => Outcome::Close("the quorum of this node stops".to_owned()),
        }
    };
    Started { reply: Reply::Later(Box::pin(answer)), overlap: Overlap::Alone }
}

/// The quorum's answer; `None` while the node stops.
pub async fn ask<R>(call: &Call, request: &R) -> Option<R::Response>
where
    R: Request + FromWire,
    R::Response: ToWire,
{
    let asked = request.to_quorum(call.version);
    let response = call.node.controller.ask_quorum(asked).await?;
    let listener = ListenerName::new(&call.peer.listener.name);
    let style = Style { version: call.version, listener: &listener };
    Some(R::Response::of_quorum(response, &style))
}
