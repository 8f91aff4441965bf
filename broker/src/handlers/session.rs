//! From a frame to a handler: reads the header, knows who is at the other end, and closes the connection after what
//! Kafka has not on this listener.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use klamm_metadata::controller::Origin;
use klamm_protocol::header;
use klamm_protocol::{ApiKey, Reader, Str};
use smallvec::SmallVec;

use crate::net::connection::{Peers, Session};
use crate::net::frame::Frame;
use crate::net::reply::{Outcome, Overlap, Reply, Started};
use crate::node::Node;

use super::call::Call;
use super::heartbeat::Heard;
use super::produce;
use super::serve;
use super::versions::{self, Serves};

/// Most memory that the arrays of one request may take, in bytes: no client comes near it, and a frame of empty
/// elements would take forty times its own size.
pub(super) const DECODED_MOST: usize = 16 * 1024 * 1024;

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
    /// The broker whose heartbeats it sends, once it does.
    pub heard: Cell<Option<Heard>>,
}

/// The session of one connection.
pub struct PeerSession {
    node: Arc<Node>,
    peer: Rc<Peer>,
    turn: produce::Turn,
}

impl PeerSession {
    /// A session just connected, on the shard of `turn`.
    pub fn new(node: Arc<Node>, peer: Peer, turn: produce::Turn) -> PeerSession {
        PeerSession { node, peer: Rc::new(peer), turn }
    }

    /// Who is at the other end; outlives the session.
    pub fn peer(&self) -> Rc<Peer> {
        self.peer.clone()
    }

    fn start_on(&self, bytes: Bytes) -> Started {
        let mut reader = Reader::with_room(bytes, DECODED_MOST);
        match self.open(&mut reader) {
            Ok(call) => serve(call, reader),
            Err(reason) => close(reason),
        }
    }

    fn open(&self, reader: &mut Reader) -> Result<Call, String> {
        let prefix = header::peek(reader).map_err(|error| format!("request header: {error}"))?;
        let version = prefix.api_version;
        let Some(key) = ApiKey::from_i16(prefix.api_key) else {
            return Err(format!("api key {} is not known", prefix.api_key));
        };
        let serves = self.peer.listener.serves;
        let answered = versions::served(key, serves).or_else(|| versions::refused(key, serves));
        // ApiVersions of a newer client is answered at version 0 with the error, so that the client
        // can ask again; any other version that Kafka has not there ends the connection, as in Kafka.
        if key != ApiKey::ApiVersions && !answered.is_some_and(|range| range.contains(&version)) {
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
        let (mut requests, mut refused) = (SmallVec::new(), None);
        for Frame { bytes } in frames {
            let mut reader = Reader::with_room(bytes, DECODED_MOST);
            match self.open(&mut reader) {
                Ok(call) => requests.push((call, reader)),
                Err(reason) => {
                    refused = Some(close(reason));
                    break;
                }
            }
        }
        let count = requests.len();
        let mut started = self.turn.serve(requests);
        if started.len() == count {
            started.extend(refused);
        }
        started
    }

    fn start(&mut self, frame: Frame) -> Started {
        if !is_kept(&frame.bytes) {
            return self.start_on(frame.bytes);
        }
        // Groups keep parts of these: of a copy, so that a few bytes hold neither a whole window of frames nor
        // a part of the budget. That is held until the answer, which a join waits for.
        let Started { reply, overlap } = self.start_on(Bytes::copy_from_slice(&frame.bytes));
        let reply = match reply {
            Reply::Later(answer) => Reply::Later(Box::pin(async move {
                let _accounted = frame;
                answer.await
            })),
            Reply::Now(outcome) => Reply::Now(outcome),
        };
        Started { reply, overlap }
    }
}

/// Whether a request in `frame` leaves text and bytes of its own in a group.
fn is_kept(frame: &[u8]) -> bool {
    let key = frame.first_chunk().and_then(|key| ApiKey::from_i16(i16::from_be_bytes(*key)));
    matches!(key, Some(ApiKey::JoinGroup | ApiKey::SyncGroup | ApiKey::OffsetCommit))
}

/// Ends the connection with one log line.
pub fn close(reason: String) -> Started {
    Started { reply: Reply::Now(Outcome::Close(reason)), overlap: Overlap::Alone }
}
