//! Envelope (key 58), version 0: a client's request that a broker passes on, with the client's
//! principal and address (KIP-590). Only on controller listeners.

use std::cell::Cell;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;

use bytes::Bytes;
use klamm_metadata::controller::Origin;
use klamm_protocol::messages::{DefaultPrincipalData, EnvelopeRequest, EnvelopeResponse};
use klamm_protocol::{ApiKey, ErrorCode, Message as _, Reader, Str, header};

use crate::net::connection::Peers;
use crate::net::reply::{Outcome, Overlap, Reply, Started};

use super::call::{Call, SIZE};
use super::session::{DECODED_MOST, Peer, close};
use super::versions;

/// Serves the request inside as if its client had asked here.
pub fn serve(call: Call, mut body: Reader) -> Started {
    let envelope = match call.body::<EnvelopeRequest>(&mut body) {
        Ok(envelope) => envelope,
        Err(reason) => return close(reason),
    };
    let answer = async move {
        let response = match open(&call, &envelope) {
            Ok((inner, reader)) => answer(inner, reader).await,
            Err(error) => Err(error),
        };
        let response = match response {
            Ok(data) => EnvelopeResponse { response_data: Some(data), ..EnvelopeResponse::default() },
            Err(error) => EnvelopeResponse { error_code: error.code(), ..EnvelopeResponse::default() },
        };
        call.respond(&response)
    };
    Started { reply: Reply::Later(Box::pin(answer)), overlap: Overlap::Alone }
}

async fn answer(inner: Call, reader: Reader) -> Result<Bytes, ErrorCode> {
    let is_refused = inner.is_refused.clone();
    let outcome = match super::serve(inner, reader).reply {
        Reply::Now(outcome) => outcome,
        Reply::Later(later) => later.await,
    };
    if is_refused.get() {
        return Err(ErrorCode::NotController);
    }
    match outcome {
        Outcome::Respond(response) => Ok(response.bytes.slice(SIZE..)),
        Outcome::Silence => Ok(Bytes::new()),
        Outcome::Close(reason) => {
            tracing::info!(%reason, "a request in an envelope cannot be answered");
            Err(ErrorCode::UnknownServerError)
        }
    }
}

fn open(call: &Call, envelope: &EnvelopeRequest) -> Result<(Call, Reader), ErrorCode> {
    let client = client_address(&envelope.client_host_address).ok_or(ErrorCode::InvalidRequest)?;
    let principal = envelope.request_principal.clone().ok_or(ErrorCode::PrincipalDeserializationFailure)?;
    read_principal(principal).ok_or(ErrorCode::PrincipalDeserializationFailure)?;
    let mut reader = Reader::with_room(envelope.request_data.clone(), DECODED_MOST);
    let prefix = header::peek(&reader).map_err(|_| ErrorCode::UnsupportedVersion)?;
    let key = ApiKey::from_i16(prefix.api_key).ok_or(ErrorCode::UnsupportedVersion)?;
    let version = prefix.api_version;
    let served = versions::served(key, call.peer.listener.serves);
    if !served.is_some_and(|range| range.contains(&version)) {
        return Err(ErrorCode::UnsupportedVersion);
    }
    if !key.is_forwardable() {
        return Err(ErrorCode::InvalidRequest);
    }
    let header =
        header::read_request(&mut reader, key, version).map_err(|_| ErrorCode::UnsupportedVersion)?;
    let remote = SocketAddr::new(client, call.peer.peers.remote.port());
    let peer = Peer {
        listener: call.peer.listener.clone(),
        peers: Peers { remote },
        origin: Origin::Forwarded,
        heard: Cell::default(),
    };
    let inner = Call {
        node: call.node.clone(),
        peer: Rc::new(peer),
        key,
        version,
        correlation_id: header.correlation_id,
        client_id: header.client_id.unwrap_or_else(|| Str::from("")),
        is_refused: Rc::new(Cell::new(false)),
    };
    Ok((inner, reader))
}

fn client_address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(octets) = <[u8; 4]>::try_from(bytes) {
        return Some(IpAddr::from(octets));
    }
    <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from)
}

/// The principal as Kafka's default builder writes it: a version, then the data.
fn read_principal(bytes: Bytes) -> Option<DefaultPrincipalData> {
    let mut reader = Reader::new(bytes);
    let version = reader.i16().ok()?;
    if !DefaultPrincipalData::VERSIONS.contains(&version) {
        return None;
    }
    DefaultPrincipalData::decode(&mut reader, version).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_four_or_sixteen_bytes() {
        assert_eq!(client_address(&[127, 0, 0, 1]), Some(IpAddr::from([127, 0, 0, 1])));
        assert!(client_address(&[0; 16]).is_some_and(|address| address.is_ipv6()));
        assert_eq!(client_address(&[1, 2, 3]), None);
    }

    #[test]
    fn a_principal_of_an_unknown_version_is_refused() {
        assert!(
            read_principal(Bytes::from_static(&[0, 0, 5, b'U', b's', b'e', b'r', 2, b'x', 0, 0])).is_some()
        );
        assert!(
            read_principal(Bytes::from_static(&[0, 9, 5, b'U', b's', b'e', b'r', 2, b'x', 0, 0])).is_none()
        );
        assert!(read_principal(Bytes::new()).is_none());
    }
}
