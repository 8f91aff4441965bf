//! Readers: one fetch, a reader that follows a partition, a scan of a whole one.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use klamm_client::cluster::{AutoCreate, Lane, TopicSelection};
use klamm_client::{ClientError, Cluster};
use klamm_model::{Offset, TopicPartition};
use klamm_protocol::messages::FetchRequest;
use klamm_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use klamm_protocol::records::Batches;
use klamm_protocol::records::compression::Limits;
use klamm_protocol::{ErrorCode, Records, Str};
use tokio::time::Instant;

use super::progress::Progress;
use crate::history::{Event, Recorder, WriteId};

/// The last version that names topics.
const BY_NAME: i16 = 12;
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);
const SCAN_LIMIT: Duration = Duration::from_secs(120);
const MOST_BYTES: i32 = 4 << 20;

/// Why a fetch brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum ReadFailure {
    /// No answer, or an error in it.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A batch that a client must never see.
    #[error("{at} has a damaged batch behind offset {offset}: {what}")]
    Damaged {
        /// The partition.
        at: TopicPartition,
        /// The offset asked for.
        offset: Offset,
        /// What is wrong.
        what: String,
    },
}

impl ReadFailure {
    fn is_retriable(&self) -> bool {
        match self {
            // A leader that does not know yet that it is none has less than its successor.
            ReadFailure::Client(error) => {
                error.is_retriable() || error.code() == Some(ErrorCode::OffsetOutOfRange)
            }
            ReadFailure::Damaged { .. } => false,
        }
    }
}

/// What one fetch brought.
#[derive(Clone, Debug, Default)]
pub struct Fetched {
    /// Values with their offsets.
    pub records: Vec<(Offset, String)>,
    /// The high watermark.
    pub high_watermark: i64,
    /// The log start offset.
    pub log_start_offset: i64,
}

/// Reads from `offset` on, once, from the leader as far as it is known.
pub async fn fetch_once(
    client: &Cluster,
    at: &TopicPartition,
    offset: Offset,
    max_wait_ms: i32,
) -> Result<Fetched, ReadFailure> {
    let leader = match client.view().leader(at) {
        Ok(leader) => leader,
        Err(_) => {
            let names = vec![Str::from(&*at.topic)];
            client.refresh(TopicSelection::Named(names, AutoCreate::Never)).await?;
            client.view().leader(at).map_err(ClientError::kafka)?
        }
    };
    let connection = client.find_connection(leader, Lane::Main).await?;
    let request = FetchRequest {
        max_wait_ms,
        min_bytes: 1,
        max_bytes: MOST_BYTES,
        session_epoch: -1,
        replica_id: -1,
        topics: vec![FetchTopic {
            topic: Str::from(&*at.topic),
            partitions: vec![FetchPartition {
                partition: at.partition,
                fetch_offset: offset.get(),
                current_leader_epoch: -1,
                partition_max_bytes: MOST_BYTES,
                ..FetchPartition::default()
            }],
            ..FetchTopic::default()
        }],
        ..FetchRequest::default()
    };
    let response = connection.call_at_most(&request, BY_NAME, PATIENCE).await?;
    ClientError::check(response.error_code)?;
    let partition = response.responses.first().and_then(|topic| topic.partitions.first());
    let partition = partition.ok_or_else(|| ClientError::kafka(ErrorCode::UnknownTopicOrPartition))?;
    ClientError::check(partition.error_code)?;
    let bytes = match &partition.records {
        Some(Records::Bytes(bytes)) => bytes.clone(),
        Some(Records::Region(..)) | None => bytes::Bytes::new(),
    };
    let records = values(&bytes, offset);
    let records = records.map_err(|what| ReadFailure::Damaged { at: at.clone(), offset, what })?;
    Ok(Fetched {
        records,
        high_watermark: partition.high_watermark,
        log_start_offset: partition.log_start_offset,
    })
}

/// The records of whole batches from `from` on; the last batch may be cut off.
fn values(bytes: &[u8], from: Offset) -> Result<Vec<(Offset, String)>, String> {
    let mut values = Vec::new();
    for batch in Batches::new(bytes).flatten() {
        batch.verify_crc().map_err(|error| error.to_string())?;
        let header = batch.header();
        let mut records = batch.records(Limits::NONE).map_err(|error| error.to_string())?;
        while let Some(record) = records.next() {
            let record = record.map_err(|error| error.to_string())?;
            if let Some(offset) = record.offset(header).filter(|offset| *offset >= from) {
                let value = record.value.map(|value| String::from_utf8_lossy(value).into_owned());
                values.push((offset, value.unwrap_or_default()));
            }
        }
    }
    Ok(values)
}

/// Reads on and on until the load ends; errors are waited out.
pub(super) async fn follow(
    client: Cluster,
    reader: u32,
    at: TopicPartition,
    recorder: Recorder,
    progress: Progress,
) -> Result<()> {
    let mut next = Offset::ZERO;
    while !progress.is_stopping() {
        match fetch_once(&client, &at, next, 100).await {
            Ok(fetched) => next = note(&fetched, reader, &at, next, &recorder)?,
            Err(error) if error.is_retriable() => {
                tokio::time::sleep(PAUSE).await;
                client
                    .refresh(TopicSelection::Named(vec![Str::from(&*at.topic)], AutoCreate::Never))
                    .await
                    .ok();
            }
            Err(error) => bail!("reader of {at} at {next}: {error}"),
        }
    }
    Ok(())
}

fn note(
    fetched: &Fetched,
    reader: u32,
    at: &TopicPartition,
    mut next: Offset,
    recorder: &Recorder,
) -> Result<Offset> {
    for (offset, value) in &fetched.records {
        let write: WriteId = value.parse().with_context(|| format!("{at} at {offset}: {value:?}"))?;
        recorder.note(Event::Read { reader, at: at.clone(), offset: *offset, write });
        next = offset.next();
    }
    Ok(next)
}

/// Reads a whole partition from its start to the high watermark seen first.
pub async fn scan(client: &Cluster, reader: u32, at: TopicPartition, recorder: &Recorder) -> Result<()> {
    let deadline = Instant::now() + SCAN_LIMIT;
    let mut next: Option<Offset> = None;
    let mut end = None;
    loop {
        match fetch_once(client, &at, next.unwrap_or(Offset::ZERO), 0).await {
            Ok(fetched) => {
                let from = next.unwrap_or_else(|| {
                    let from = Offset::new(fetched.log_start_offset).unwrap_or(Offset::ZERO);
                    recorder.note(Event::ScanBegun { reader, at: at.clone(), from });
                    from
                });
                let to = *end.get_or_insert(Offset::new(fetched.high_watermark).unwrap_or(Offset::ZERO));
                let reached = note(&fetched, reader, &at, from, recorder)?;
                next = Some(reached);
                if reached >= to {
                    recorder.note(Event::ScanEnded { reader, at, to });
                    return Ok(());
                }
            }
            Err(error) if error.is_retriable() && Instant::now() < deadline => {
                tokio::time::sleep(PAUSE).await;
                client
                    .refresh(TopicSelection::Named(vec![Str::from(&*at.topic)], AutoCreate::Never))
                    .await
                    .ok();
            }
            Err(error) => bail!("scan of {at} at {next:?}: {error}"),
        }
        anyhow::ensure!(Instant::now() < deadline, "scan of {at} stands at {next:?} before {end:?}");
    }
}
