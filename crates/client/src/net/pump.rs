//! The task of a connection: dials, asks for versions, then writes what is queued and reads what comes.
//!
//! It alone touches the stream, so that a caller who gives up never tears a frame.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use klamm_protocol::messages::{ApiVersionsRequest, ApiVersionsResponse};
use klamm_protocol::{ApiKey, ErrorCode, Message as _, Str};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use super::connection::{Dial, Outgoing, Shared};
use super::frame::{self, FrameReader};
use super::transport::{self, ReadHalf, WriteHalf};
use super::versions::BrokerVersions;
use crate::config::ClientConfig;
use crate::error::ClientError;

/// Small frames that wait together are written together, up to this many bytes.
const WRITE_TOGETHER: usize = 64 * 1024;

/// Runs until the connection ends; says why in its status.
pub(super) async fn run(
    shared: Arc<Shared>,
    dial: Dial,
    config: Arc<ClientConfig>,
    mut queue: mpsc::Receiver<Outgoing>,
) {
    sleep(dial.after).await;
    let limit = Duration::from_millis(config.socket_connection_setup_timeout_ms);
    let opened = timeout(limit, open(&shared, &dial, &config)).await;
    let opened = opened.unwrap_or_else(|_| {
        let what = format!("the connection to {}:{}", dial.target.host, dial.target.port);
        Err(ClientError::Timeout { what, after_ms: limit.as_millis() as u64 })
    });
    let (reader, writer, versions) = match opened {
        Ok(opened) => opened,
        Err(error) => return shared.poison(error),
    };
    shared.become_ready(versions);
    let idle = Duration::from_millis(config.connections_max_idle_ms);
    let reason = tokio::select! {
        error = read(reader, &shared) => error,
        error = write(writer, &mut queue, &shared, idle) => error,
        () = shared.poisoned() => return,
    };
    shared.poison(reason);
}

type Opened = (FrameReader<ReadHalf>, WriteHalf, BrokerVersions);

async fn open(shared: &Shared, dial: &Dial, config: &ClientConfig) -> Result<Opened, ClientError> {
    let (read, mut write) = transport::open(&dial.target, config).await?;
    let mut reader = FrameReader::new(read);
    let mut version = *ApiVersionsRequest::VERSIONS.end();
    // A broker that is older than this client answers at version 0, and says there what it speaks.
    let answer = loop {
        let answer = ask_versions(shared, &mut reader, &mut write, version).await?;
        if answer.error_code != ErrorCode::UnsupportedVersion.code() || version == 0 {
            break answer;
        }
        let spoken = answer.api_keys.iter().find(|row| row.api_key == ApiKey::ApiVersions.code());
        version = spoken.map_or(0, |row| row.max_version.clamp(0, version - 1));
    };
    ClientError::check(answer.error_code)?;
    Ok((reader, write, BrokerVersions::new(answer)))
}

/// The question for a broker's versions, with who asks.
pub(crate) fn versions_request() -> ApiVersionsRequest {
    ApiVersionsRequest {
        client_software_name: Str::from_static("klamm"),
        client_software_version: Str::from_static(env!("CARGO_PKG_VERSION")),
        ..ApiVersionsRequest::default()
    }
}

async fn ask_versions(
    shared: &Shared,
    reader: &mut FrameReader<ReadHalf>,
    write: &mut WriteHalf,
    version: i16,
) -> Result<ApiVersionsResponse, ClientError> {
    let frame = frame::encode(&versions_request(), version, 0, shared.client_id())?;
    let exchange = async {
        write.write_all(&frame).await?;
        reader.next().await
    };
    let frame = exchange.await.map_err(|error| shared.lost(&error.to_string()))?;
    let refused = frame::decode::<ApiVersionsRequest>(frame.clone(), 0)
        .is_ok_and(|answer| answer.error_code == ErrorCode::UnsupportedVersion.code());
    frame::decode::<ApiVersionsRequest>(frame, if refused { 0 } else { version })
}

/// Gives answers to whom they belong; returns why that ended.
async fn read(mut reader: FrameReader<ReadHalf>, shared: &Shared) -> ClientError {
    loop {
        let frame = match reader.next().await {
            Ok(frame) => frame,
            Err(error) => return shared.lost(&error.to_string()),
        };
        let Some(id) = frame::correlation_id(&frame) else {
            return shared.lost("an answer has no correlation id");
        };
        if !shared.deliver(id, frame) {
            return shared.lost("an answer came that nobody asked for");
        }
    }
}

/// Writes what is queued; returns why that ended.
async fn write(
    mut stream: WriteHalf,
    queue: &mut mpsc::Receiver<Outgoing>,
    shared: &Shared,
    idle: Duration,
) -> ClientError {
    let mut together = BytesMut::new();
    loop {
        let first = match timeout(idle, queue.recv()).await {
            Ok(Some(first)) => first,
            Ok(None) => return shared.lost("it was closed"),
            Err(_) if shared.is_idle() => return shared.lost("it was idle"),
            Err(_) => continue,
        };
        let mut next = Some(first);
        while let Some(outgoing) = next {
            if let Err(error) = write_some(&mut stream, &mut together, queue, outgoing).await {
                return shared.lost(&error.to_string());
            }
            next = queue.try_recv().ok();
        }
    }
}

/// Writes `first` and, if it is small, what is queued behind it.
async fn write_some(
    stream: &mut WriteHalf,
    together: &mut BytesMut,
    queue: &mut mpsc::Receiver<Outgoing>,
    first: Outgoing,
) -> std::io::Result<()> {
    let mut batch = vec![first];
    let mut size = batch[0].frame.len();
    while size < WRITE_TOGETHER {
        let Ok(next) = queue.try_recv() else { break };
        size += next.frame.len();
        batch.push(next);
    }
    if let [single] = &batch[..] {
        stream.write_all(&single.frame).await?;
    } else {
        together.clear();
        for outgoing in &batch {
            together.extend_from_slice(&outgoing.frame);
        }
        stream.write_all(together).await?;
    }
    stream.flush().await?;
    for outgoing in batch {
        if let Some((reply, _permit)) = outgoing.written {
            reply.send(Ok(outgoing.frame)).ok();
        }
    }
    Ok(())
}
