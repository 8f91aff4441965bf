//! What a handler gives back for one request.

use std::pin::Pin;

use bytes::Bytes;

use super::region::FileRegion;

/// Encoded reply: its own bytes (size prefix included) with file regions between them.
#[derive(Debug, Default)]
pub struct Response {
    /// Size prefix, header and body without the regions.
    pub bytes: Bytes,
    /// Regions in ascending position; a region is sent after `position` bytes of `bytes`.
    pub regions: Vec<Splice>,
}

/// A piece of a log file inside a reply.
#[derive(Debug)]
pub struct Splice {
    /// Position in [`Response::bytes`].
    pub position: usize,
    /// What is sent there.
    pub region: FileRegion,
}

/// A reply that waits: for replication, data, a rebalance, the controller.
pub type Later = Pin<Box<dyn Future<Output = Outcome>>>;

/// The end of a request.
#[derive(Debug)]
pub enum Outcome {
    /// Send this.
    Respond(Response),
    /// The protocol wants no answer (produce with acks=0).
    Silence,
    /// Close the connection, as Kafka does for requests it cannot answer; the sentence is logged.
    Close(String),
}

/// What a handler returns at once.
pub enum Reply {
    /// Done within the call.
    Now(Outcome),
    /// Poll this, in the order of requests.
    Later(Later),
}

/// Whether the next request of the connection may start before this one is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// Kafka's rule: one request of a connection at a time.
    Alone,
    /// Its effect happened within the call (an append), only the answer waits: others of the same
    /// kind may follow.
    WithAlike,
}

/// A started request.
pub struct Started {
    /// Its answer.
    pub reply: Reply,
    /// Whether others may start meanwhile.
    pub overlap: Overlap,
}
