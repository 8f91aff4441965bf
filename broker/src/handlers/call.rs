//! One request being served: who asked, in which version, and how an answer is encoded.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use klamm_protocol::codec::Splice as Spliced;
use klamm_protocol::{ApiKey, Message, Reader, Request, Str, Writer, header};

use crate::net::region::FileRegion;
use crate::net::reply::{Outcome, Overlap, Reply, Response, Splice, Started};
use crate::node::Node;

use super::session::{Peer, close};

/// Bytes of the size before every response.
pub(super) const SIZE: usize = 4;

/// A request without its body.
#[derive(Clone)]
pub struct Call {
    /// The parts of this node.
    pub node: Arc<Node>,
    /// The client.
    pub peer: Rc<Peer>,
    /// What is asked.
    pub key: ApiKey,
    /// In which version.
    pub version: i16,
    /// To be repeated in the answer.
    pub correlation_id: i32,
    /// As the client calls itself; empty if it does not.
    pub client_id: Str,
    /// Whether this node's controller refused it because another's is active.
    pub is_refused: Rc<Cell<bool>>,
}

impl Call {
    /// Decodes the body.
    pub fn body<R: Message>(&self, reader: &mut Reader) -> Result<R, String> {
        R::decode(reader, self.version)
            .map_err(|error| format!("{} version {}: {error}", self.key.name(), self.version))
    }

    /// Encodes an answer at the request's version.
    pub fn respond<R: Message>(&self, response: &R) -> Outcome {
        self.respond_at(self.version, response, Vec::new())
    }

    /// Encodes an answer whose records fields name `regions` by their index.
    pub fn respond_with<R: Message>(&self, response: &R, regions: Vec<FileRegion>) -> Outcome {
        self.respond_at(self.version, response, regions)
    }

    /// Encodes an answer at another version than the request's (ApiVersions only).
    pub fn respond_at<R: Message>(&self, version: i16, response: &R, regions: Vec<FileRegion>) -> Outcome {
        let mut writer = Writer::default();
        writer.i32(0);
        let written = header::write_response(&mut writer, self.key, version, self.correlation_id)
            .and_then(|()| response.encode(&mut writer, version));
        if let Err(error) = written {
            return Outcome::Close(format!("answer to {} version {version}: {error}", self.key.name()));
        }
        let mut encoded = writer.finish();
        let Ok(size) = i32::try_from(encoded.total_len() - SIZE) else {
            return Outcome::Close(format!(
                "answer to {} has {} bytes",
                self.key.name(),
                encoded.total_len()
            ));
        };
        encoded.bytes[..SIZE].copy_from_slice(&size.to_be_bytes());
        let mut regions: Vec<_> = regions.into_iter().map(Some).collect();
        let splices = encoded.splices.iter().map(|splice| place(splice, &mut regions)).collect();
        Outcome::Respond(Response { bytes: encoded.bytes.freeze(), regions: splices })
    }
}

fn place(splice: &Spliced, regions: &mut [Option<FileRegion>]) -> Splice {
    let region = regions[splice.region.0 as usize].take();
    let region = region.expect("a handler names each of its regions once");
    Splice { position: splice.at, region }
}

/// Serves a request whose answer is known within the call.
pub fn now<R: Request>(call: Call, mut reader: Reader, handle: fn(&Call, R) -> R::Response) -> Started {
    let outcome = match call.body::<R>(&mut reader) {
        Ok(request) => call.respond(&handle(&call, request)),
        Err(reason) => return close(reason),
    };
    Started { reply: Reply::Now(outcome), overlap: Overlap::Alone }
}

/// Serves a request whose answer waits for something.
pub fn later<R, F>(call: Call, mut reader: Reader, handle: fn(Call, R) -> F) -> Started
where
    R: Request + 'static,
    F: Future<Output = R::Response> + 'static,
{
    let request = match call.body::<R>(&mut reader) {
        Ok(request) => request,
        Err(reason) => return close(reason),
    };
    let answer = async move {
        let response = handle(call.clone(), request).await;
        call.respond(&response)
    };
    Started { reply: Reply::Later(Box::pin(answer)), overlap: Overlap::Alone }
}
