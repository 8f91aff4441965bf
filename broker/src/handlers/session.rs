//! From a frame to a handler: reads the header, knows who is at the other end, and refuses what
//! this listener does not serve.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use klamm_metadata::controller::Origin;
use klamm_protocol::header;
use klamm_protocol::{ApiKey, Reader, Str};
use smallvec::SmallVec;

use crate::net::connection::{Peers, Session};
use crate::net::frame::Frame;
use crate::net::reply::{Outcome, Overlap, Reply, Started};
use crate::node::Node;

use super::call::Call;
use super::produce;
use super::serve;
use super::versions::{self, Serves};

/// Most memory that the arrays of one request may take, in bytes: no client comes near it, and a frame of empty
/// elements would take forty times its own size.
const DECODED_MOST: usize = 16 * 1024 * 1024;

/// A listener as handlers see it.
#[derive(Clone, Debug)]
pub struct ListenerFacts {
    /// Name, upper case (`PLAINTEXT`, `CONTROLLER`).
    pub name: Arc<str>,
    /// Which set of APIs it serves.
    pub serves: Serves,
}

/// What is known of the peer of one connection.
#[derive(Debug)]
pub struct Peer {
    /// The listener it came through.
    pub listener: ListenerFacts,
    /// Addresses of both ends.
    pub peers: Peers,
    /// Whether the client asks here itself.
    pub origin: Origin,
}

/// The session of one connection.
pub struct PeerSession {
    node: Arc<Node>,
    peer: Rc<Peer>,
}

impl PeerSession {
    /// A session just connected.
    pub fn new(node: Arc<Node>, peer: Peer) -> PeerSession {
        PeerSession { node, peer: Rc::new(peer) }
    }

    fn open(&self, reader: &mut Reader) -> Result<Call, String> {
        let prefix = header::peek(reader).map_err(|error| format!("request header: {error}"))?;
        let version = prefix.api_version;
        let Some(key) = ApiKey::from_i16(prefix.api_key) else {
            return Err(format!("api key {} is not known", prefix.api_key));
        };
        let served = versions::served(key, self.peer.listener.serves);
        // ApiVersions of a newer client is answered at version 0 with the error, so that the client
        // can ask again; any other version not served ends the connection, as in Kafka.
        if key != ApiKey::ApiVersions && !served.is_some_and(|range| range.contains(&version)) {
            return Err(format!(
                "{} version {version} is not served on {}",
                key.name(),
                self.peer.listener.name
            ));
        }
        let header = header::read_request(reader, key, version)
            .map_err(|error| format!("{} version {version}, header: {error}", key.name()))?;
        Ok(Call {
            node: self.node.clone(),
            peer: self.peer.clone(),
            key,
            version,
            correlation_id: header.correlation_id,
            client_id: header.client_id.unwrap_or_else(|| Str::from("")),
            is_refused: Rc::new(Cell::new(false)),
        })
    }
}

impl Session for PeerSession {
    fn may_join(&self, frame: &[u8]) -> bool {
        frame.first_chunk().is_some_and(|key| i16::from_be_bytes(*key) == ApiKey::Produce.code())
    }

    fn start_together(&mut self, frames: SmallVec<[Frame; 4]>) -> SmallVec<[Started; 4]> {
        // As in `start`.
        let mut permits = SmallVec::<[_; 4]>::new();
        let (mut requests, mut refused) = (SmallVec::new(), None);
        for Frame { bytes, permit } in frames {
            permits.push(permit);
            let mut reader = Reader::new(bytes);
            match self.open(&mut reader) {
                Ok(call) => requests.push((call, reader)),
                Err(reason) => {
                    refused = Some(close(reason));
                    break;
                }
            }
        }
        let count = requests.len();
        let mut started = produce::serve_together(requests);
        if started.len() == count {
            started.extend(refused);
        }
        started
    }

    fn start(&mut self, frame: Frame) -> Started {
        // The permit is held until the request has been started: its bytes are in use so long.
        let Frame { bytes, permit: _held } = frame;
        let mut reader = Reader::with_room(bytes, DECODED_MOST);
        match self.open(&mut reader) {
            Ok(call) => serve(call, reader),
            Err(reason) => close(reason),
        }
    }
}

/// Ends the connection with one log line.
pub fn close(reason: String) -> Started {
    Started { reply: Reply::Now(Outcome::Close(reason)), overlap: Overlap::Alone }
}
