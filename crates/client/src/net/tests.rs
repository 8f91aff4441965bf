//! A connection against a scripted broker.
#![allow(clippy::unwrap_used)]

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use klamm_config::HostPort;
use klamm_protocol::messages::api_versions_response::ApiVersion;
use klamm_protocol::messages::{ApiVersionsResponse, HeartbeatRequest, HeartbeatResponse};
use klamm_protocol::{ApiKey, Message as _, Reader, Request as _, Writer, header};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{Connection, Dial};
use crate::config::ClientConfig;
use crate::error::ClientError;

/// One request as the broker sees it.
struct Seen {
    key: i16,
    version: i16,
    id: i32,
}

struct Broker(TcpStream);

impl Broker {
    async fn read(&mut self) -> Seen {
        let mut frame = BytesMut::zeroed(self.0.read_i32().await.unwrap() as usize);
        self.0.read_exact(&mut frame).await.unwrap();
        let prefix = header::peek(&Reader::new(frame.freeze())).unwrap();
        Seen { key: prefix.api_key, version: prefix.api_version, id: prefix.correlation_id }
    }

    async fn write(&mut self, frame: Bytes) {
        self.0.write_i32(frame.len() as i32).await.unwrap();
        self.0.write_all(&frame).await.unwrap();
    }

    async fn answer_versions(&mut self, heartbeat: (i16, i16)) {
        let seen = self.read().await;
        assert_eq!(seen.key, ApiKey::ApiVersions.code());
        let row = ApiVersion {
            api_key: ApiKey::Heartbeat.code(),
            min_version: heartbeat.0,
            max_version: heartbeat.1,
            ..ApiVersion::default()
        };
        let answer = ApiVersionsResponse { api_keys: vec![row], ..ApiVersionsResponse::default() };
        let mut writer = Writer::new();
        header::write_response(&mut writer, ApiKey::ApiVersions, seen.version, seen.id).unwrap();
        answer.encode(&mut writer, seen.version).unwrap();
        self.write(writer.into_bytes()).await;
    }

    async fn answer_heartbeat(&mut self, seen: &Seen, error_code: i16) {
        let answer = HeartbeatResponse { error_code, ..HeartbeatResponse::default() };
        let mut writer = Writer::new();
        header::write_response(&mut writer, ApiKey::Heartbeat, seen.version, seen.id).unwrap();
        answer.encode(&mut writer, seen.version).unwrap();
        self.write(writer.into_bytes()).await;
    }
}

/// A connection, and the broker's side of it once it is accepted.
async fn pair(request_timeout_ms: u64) -> (Connection, Broker) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let dial = Dial { target: HostPort { host: "localhost".to_owned(), port }, after: Duration::ZERO };
    let config = ClientConfig { request_timeout_ms, ..ClientConfig::default() };
    let connection = Connection::open(dial, Arc::new(config));
    (connection, Broker(listener.accept().await.unwrap().0))
}

fn heartbeat() -> HeartbeatRequest {
    HeartbeatRequest { group_id: "g".into(), ..HeartbeatRequest::default() }
}

#[tokio::test]
async fn answers_find_their_requests_by_correlation_id_at_the_highest_common_version() {
    let (connection, mut broker) = pair(10_000).await;
    broker.answer_versions((0, 3)).await;
    connection.ready().await.unwrap();
    let first = connection.try_submit(&heartbeat(), i16::MAX, Duration::from_secs(10)).unwrap().unwrap();
    let second = connection.try_submit(&heartbeat(), 1, Duration::from_secs(10)).unwrap().unwrap();
    let seen = [broker.read().await, broker.read().await];
    assert_eq!((seen[0].version, seen[1].version), (3, 1));
    broker.answer_heartbeat(&seen[1], 22).await;
    broker.answer_heartbeat(&seen[0], 27).await;
    assert_eq!(first.answer().await.unwrap().error_code, 27);
    assert_eq!(second.answer().await.unwrap().error_code, 22);
}

#[tokio::test]
async fn a_call_that_is_given_up_leaves_the_connection_whole() {
    let (connection, mut broker) = pair(10_000).await;
    broker.answer_versions((0, 4)).await;
    connection.ready().await.unwrap();
    drop(connection.try_submit(&heartbeat(), i16::MAX, Duration::from_secs(10)).unwrap());
    let next = connection.try_submit(&heartbeat(), i16::MAX, Duration::from_secs(10)).unwrap().unwrap();
    let seen = [broker.read().await, broker.read().await];
    broker.answer_heartbeat(&seen[0], 1).await;
    broker.answer_heartbeat(&seen[1], 2).await;
    assert_eq!(next.answer().await.unwrap().error_code, 2);
}

#[tokio::test]
async fn an_answer_past_its_deadline_poisons_the_connection_for_all() {
    let (connection, mut broker) = pair(10_000).await;
    broker.answer_versions((0, 4)).await;
    connection.ready().await.unwrap();
    let patient = connection.try_submit(&heartbeat(), i16::MAX, Duration::from_secs(60)).unwrap().unwrap();
    let late = connection.call_within(&heartbeat(), Duration::from_millis(20)).await;
    assert!(matches!(late, Err(ClientError::Timeout { .. })), "{late:?}");
    assert!(matches!(patient.answer().await, Err(ClientError::Disconnected { .. })));
    let after = connection.call(&heartbeat()).await;
    assert!(matches!(after, Err(ClientError::Disconnected { .. })), "{after:?}");
}

#[tokio::test]
async fn a_request_the_broker_does_not_serve_fails_without_being_sent() {
    let (connection, mut broker) = pair(10_000).await;
    broker.answer_versions((5, 6)).await;
    let error = connection.call(&heartbeat()).await.unwrap_err();
    assert!(matches!(error, ClientError::UnsupportedVersion { api } if api == HeartbeatRequest::KEY));
    assert!(!connection.is_poisoned());
}

#[tokio::test]
async fn versions_fall_back_to_what_an_old_broker_tells_at_version_0() {
    let (connection, mut broker) = pair(10_000).await;
    let seen = broker.read().await;
    let row = ApiVersion { api_key: ApiKey::ApiVersions.code(), max_version: 2, ..ApiVersion::default() };
    let refusal =
        ApiVersionsResponse { error_code: 35, api_keys: vec![row], ..ApiVersionsResponse::default() };
    let mut writer = Writer::new();
    header::write_response(&mut writer, ApiKey::ApiVersions, 0, seen.id).unwrap();
    refusal.encode(&mut writer, 0).unwrap();
    broker.write(writer.into_bytes()).await;
    broker.answer_versions((0, 0)).await;
    assert_eq!(connection.ready().await.unwrap().range(ApiKey::Heartbeat), Some(0..=0));
}

#[tokio::test]
async fn an_answer_nobody_asked_for_and_an_absurd_length_end_the_connection() {
    for bytes in [&[0, 0, 0, 4, 0, 0, 0, 99][..], &[0xff, 0xff, 0xff, 0xff][..]] {
        let (connection, mut broker) = pair(10_000).await;
        broker.answer_versions((0, 4)).await;
        connection.ready().await.unwrap();
        broker.0.write_all(bytes).await.unwrap();
        let error = connection.call(&heartbeat()).await.unwrap_err();
        assert!(matches!(error, ClientError::Disconnected { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn the_last_handle_closes_the_socket() {
    let (connection, mut broker) = pair(10_000).await;
    broker.answer_versions((0, 4)).await;
    connection.ready().await.unwrap();
    let other = connection.clone();
    drop(connection);
    assert!(!other.is_poisoned());
    drop(other);
    assert_eq!(broker.0.read(&mut [0; 1]).await.unwrap(), 0);
}
