//! How a broker gets to the decisions of the active controller for its clients: its own controller
//! where that is active, else an Envelope to another's, with who the client is (KIP-590).

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use klamm_client::net::Connection;
use klamm_metadata::ApiError;
use klamm_metadata::controller::{Command, Reply};
use klamm_protocol::messages::{DefaultPrincipalData, EnvelopeRequest};
use klamm_protocol::{ErrorCode, Message as _, Reader, Request, Str, Writer, header};

use super::call::Call;
use super::versions::Serves;
use crate::node_request::{Circumstances, NodeRequest};
use crate::pumps::controller_channel::{NoController, NotActive, PATIENCE, Target, kraft_version, send};

/// A request in the version in which it is passed on.
#[derive(Clone, Debug)]
pub struct Asked<R> {
    /// The request.
    pub request: R,
    /// Its version.
    pub version: i16,
    /// When the controller has to have decided.
    pub due: Due,
}

/// When the controller has to have decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// In time that any decision takes: the controller decides at once.
    Later,
    /// Before it was asked: the client gave no time.
    Over,
}

impl<R> Asked<R> {
    /// As the client sent it.
    pub fn by_client(call: &Call, request: R) -> Asked<R> {
        Asked { request, version: call.version, due: Due::Later }
    }

    /// As the client sent it, to be decided within `timeout_ms` (Kafka: ControllerRequestContext's deadline).
    pub fn within(call: &Call, request: R, timeout_ms: i32) -> Asked<R> {
        let due = if timeout_ms > 0 { Due::Later } else { Due::Over };
        Asked { due, ..Asked::by_client(call, request) }
    }
}

/// Asks the active controller: on a controller listener this node's own, which may not be it.
pub async fn ask<R: Request + Clone>(
    call: &Call,
    asked: Asked<R>,
    command: impl Fn(R) -> Command,
    pick: fn(Reply) -> Option<R::Response>,
) -> Result<R::Response, ApiError> {
    let here = async || {
        if asked.due == Due::Over {
            return Err(ApiError::bare(ErrorCode::RequestTimedOut));
        }
        let reply = call.node.controller.ask(command(asked.request.clone())).await;
        reply.map(|reply| pick(reply).expect("the controller answers each command in kind"))
    };
    at_controller(call, &asked, here).await
}

/// Runs `here` at the active controller's node, which may be another's by an Envelope.
pub async fn at_controller<R: Request>(
    call: &Call,
    asked: &Asked<R>,
    here: impl AsyncFn() -> Result<R::Response, ApiError>,
) -> Result<R::Response, ApiError> {
    let is_not_controller = |answer: &Result<R::Response, ApiError>| {
        answer.as_ref().is_err_and(|error| error.code == ErrorCode::NotController)
    };
    if call.peer.listener.serves == Serves::Controller {
        let answer = here().await;
        call.is_refused.set(call.is_refused.get() || is_not_controller(&answer));
        return answer;
    }
    let mut search = call.node.forward.search(PATIENCE);
    loop {
        let answer = match search.next().await {
            Ok(Target::Here) => here().await,
            Ok(Target::There(connection, left)) => enveloped(call, asked, &connection, left)
                .await
                .unwrap_or_else(|NotActive| Err(ApiError::plain(ErrorCode::NotController))),
            Err(NoController) => return Err(ApiError::plain(ErrorCode::RequestTimedOut)),
        };
        if !is_not_controller(&answer) {
            return answer;
        }
    }
}

async fn enveloped<R: Request>(
    call: &Call,
    asked: &Asked<R>,
    connection: &Connection,
    left: Duration,
) -> Result<Result<R::Response, ApiError>, NotActive> {
    let envelope = match envelope(call, asked) {
        Ok(envelope) => envelope,
        Err(error) => return Ok(Err(error)),
    };
    let answer = send(connection, &envelope, left).await?;
    match ErrorCode::from_i16(answer.error_code).unwrap_or(ErrorCode::UnknownServerError) {
        ErrorCode::None => Ok(unwrap::<R>(answer.response_data.unwrap_or_default(), asked.version)),
        ErrorCode::NotController => Err(NotActive),
        refused => {
            tracing::error!(api = R::KEY.name(), code = ?refused, "the controller refuses an envelope");
            Ok(Err(ApiError::plain(ErrorCode::UnknownServerError)))
        }
    }
}

fn envelope<R: Request>(call: &Call, asked: &Asked<R>) -> Result<EnvelopeRequest, ApiError> {
    let unwritable = |error| {
        tracing::error!(api = R::KEY.name(), %error, "a request cannot be passed on");
        ApiError::plain(ErrorCode::UnknownServerError)
    };
    let mut writer = Writer::default();
    let client_id = Some(call.client_id.clone());
    header::write_request::<R>(&mut writer, asked.version, call.correlation_id, client_id)
        .and_then(|()| asked.request.encode(&mut writer, asked.version))
        .map_err(unwritable)?;
    Ok(EnvelopeRequest {
        request_data: writer.finish().bytes.freeze(),
        request_principal: Some(anonymous().map_err(unwritable)?),
        client_host_address: address(call.peer.peers.remote.ip()),
        ..EnvelopeRequest::default()
    })
}

/// The principal of a client that did not authenticate, as Kafka's default builder writes it.
fn anonymous() -> Result<Bytes, klamm_protocol::EncodeError> {
    let principal = DefaultPrincipalData {
        r#type: Str::from_static("User"),
        name: Str::from_static("ANONYMOUS"),
        ..DefaultPrincipalData::default()
    };
    let version = *DefaultPrincipalData::VERSIONS.end();
    let mut writer = Writer::default();
    writer.i16(version);
    principal.encode(&mut writer, version)?;
    Ok(writer.finish().bytes.freeze())
}

fn address(client: IpAddr) -> Bytes {
    match client.to_canonical() {
        IpAddr::V4(address) => Bytes::copy_from_slice(&address.octets()),
        IpAddr::V6(address) => Bytes::copy_from_slice(&address.octets()),
    }
}

fn unwrap<R: Request>(data: Bytes, version: i16) -> Result<R::Response, ApiError> {
    let mut reader = Reader::new(data);
    let read = header::read_response(&mut reader, R::KEY, version)
        .and_then(|_| R::Response::decode(&mut reader, version));
    read.map_err(|error| {
        tracing::error!(api = R::KEY.name(), %error, "the controller's answer cannot be read");
        ApiError::plain(ErrorCode::UnknownServerError)
    })
}

/// Serves a request that nodes send in their own name, and administrators by brokers.
pub async fn decided<R: NodeRequest>(call: Call, request: R) -> R::Response {
    let control = &call.node.controller;
    let at = Circumstances { version: call.version, kraft_version: kraft_version(control) };
    let asked = Asked::by_client(&call, request);
    let here = async || {
        let command = asked.request.clone().command(at)?;
        let reply = control.ask(command).await?;
        Ok(R::pick(reply).expect("the controller answers each command in kind"))
    };
    at_controller(&call, &asked, here).await.unwrap_or_else(|error| R::refused(&error))
}
