//! Consume load: one connection per consumer, each reads its partitions over and over by Fetch in a
//! session, as fast as answers come. Every batch is checked.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use bytes::Bytes;
use klamm_protocol::messages::FetchRequest;
use klamm_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use klamm_protocol::messages::fetch_response::PartitionData;
use klamm_protocol::records::{BatchError, Batches};

use super::LoadError;
use super::pace::Span;
use super::report::LoadReport;
use super::topic::Topic;
use super::wire;
use crate::process::Watched;

/// Newest version that consumers use.
const FETCH: i16 = 17;
const PATIENCE: Duration = Duration::from_secs(60);
/// `fetch.max.wait.ms` and `fetch.min.bytes` of a consumer.
const MAX_WAIT_MS: i32 = 500;
const MIN_BYTES: i32 = 1;

/// What is read and how.
#[derive(Clone, Debug)]
pub struct ConsumeLoad {
    /// A topic with records in every partition, of which none is removed meanwhile.
    pub topic: Topic,
    /// `fetch.max.bytes`.
    pub max_bytes: i32,
    /// `max.partition.fetch.bytes`.
    pub partition_max_bytes: i32,
    /// How long.
    pub span: Span,
    /// The broker's process.
    pub watched: Option<Watched>,
}

impl ConsumeLoad {
    /// Reads from the start to the end and again from the start until the span is over.
    pub fn run(&self) -> Result<LoadReport, LoadError> {
        let mut consumer = Consumer::begin(self)?;
        let warm_until = Instant::now() + self.span.warm_up;
        while Instant::now() < warm_until {
            consumer.fetch()?;
        }
        consumer.read = Read::default();
        let observer = self.watched.as_ref().map(Watched::observe).transpose()?;
        let begin = Instant::now();
        while begin.elapsed() < self.span.measured && consumer.read.bytes < self.span.most_bytes {
            consumer.fetch()?;
        }
        let seconds = begin.elapsed().as_secs_f64();
        let broker = observer.map(|observer| observer.end()).transpose()?;
        let Read { requests, records, bytes } = consumer.read;
        Ok(LoadReport { requests, records, bytes, seconds, latency: None, broker })
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Read {
    requests: u64,
    records: u64,
    bytes: u64,
}

#[derive(Clone, Copy, Debug)]
struct Position {
    offset: i64,
    /// What the broker was told last.
    told: Option<i64>,
}

struct Consumer<'l> {
    load: &'l ConsumeLoad,
    stream: TcpStream,
    correlation_id: i32,
    session_id: i32,
    session_epoch: i32,
    positions: Vec<Position>,
    /// Memory of the last answer.
    buffer: Vec<u8>,
    read: Read,
}

impl<'l> Consumer<'l> {
    fn begin(load: &'l ConsumeLoad) -> Result<Consumer<'l>, LoadError> {
        let stream = TcpStream::connect_timeout(&load.topic.broker, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let partitions = usize::try_from(load.topic.partitions).unwrap_or(0);
        Ok(Consumer {
            load,
            stream,
            correlation_id: 0,
            session_id: 0,
            session_epoch: 0,
            positions: vec![Position { offset: 0, told: None }; partitions],
            buffer: Vec::new(),
            read: Read::default(),
        })
    }

    fn fetch(&mut self) -> Result<(), LoadError> {
        let request = self.request();
        self.correlation_id = self.correlation_id.wrapping_add(1);
        self.stream.write_all(&wire::encode(FETCH, self.correlation_id, &request)?)?;
        let frame = self.receive()?;
        let (id, response) = wire::decode::<FetchRequest>(FETCH, frame.clone())?;
        if id != self.correlation_id {
            return Err(LoadError::Wrong(format!("answer {id} came for request {}", self.correlation_id)));
        }
        wire::accepted("Fetch", response.error_code, String::new)?;
        self.session_id = response.session_id;
        self.session_epoch = if self.session_epoch == i32::MAX { 1 } else { self.session_epoch + 1 };
        self.read.requests += 1;
        for data in response.responses.iter().flat_map(|topic| &topic.partitions) {
            self.take(data)?;
        }
        drop(response);
        // The last reference: the memory comes back.
        self.buffer = frame.try_into_mut().map(Vec::from).unwrap_or_default();
        Ok(())
    }

    fn request(&mut self) -> FetchRequest {
        let mut partitions = Vec::new();
        for (index, position) in self.positions.iter_mut().enumerate() {
            if position.told.replace(position.offset) != Some(position.offset) {
                partitions.push(FetchPartition {
                    partition: i32::try_from(index).unwrap_or(0),
                    fetch_offset: position.offset,
                    partition_max_bytes: self.load.partition_max_bytes,
                    ..FetchPartition::default()
                });
            }
        }
        let topics = if partitions.is_empty() {
            Vec::new()
        } else {
            vec![FetchTopic { topic_id: self.load.topic.id, partitions, ..FetchTopic::default() }]
        };
        FetchRequest {
            max_wait_ms: MAX_WAIT_MS,
            min_bytes: MIN_BYTES,
            max_bytes: self.load.max_bytes,
            session_id: self.session_id,
            session_epoch: self.session_epoch,
            topics,
            ..FetchRequest::default()
        }
    }

    fn receive(&mut self) -> Result<Bytes, LoadError> {
        let mut size = [0; 4];
        self.stream.read_exact(&mut size)?;
        let size = usize::try_from(i32::from_be_bytes(size));
        let size = size.map_err(|_| LoadError::Wrong("the size of an answer is negative".into()))?;
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.resize(size, 0);
        self.stream.read_exact(&mut buffer)?;
        Ok(Bytes::from(buffer))
    }

    /// Checks the batches of one partition and moves its position behind them.
    fn take(&mut self, data: &PartitionData) -> Result<(), LoadError> {
        let index = data.partition_index;
        wire::accepted("Fetch", data.error_code, || format!("partition {index}"))?;
        let position = usize::try_from(index).ok().and_then(|index| self.positions.get_mut(index));
        let position =
            position.ok_or_else(|| LoadError::Wrong(format!("partition {index} was not asked for")))?;
        let wrong = |what: String| LoadError::Wrong(format!("partition {index}: {what}"));
        let records = data.records.as_ref().and_then(|records| records.as_bytes());
        for batch in Batches::new(records.map_or(&[], |bytes| &bytes[..])) {
            let batch = match batch {
                Ok(batch) => batch,
                // Cut at the size limit.
                Err(BatchError::Incomplete { .. }) => break,
                Err(error) => return Err(wrong(error.to_string())),
            };
            batch.verify_crc().map_err(|error| wrong(error.to_string()))?;
            let base = batch.header().base_offset().get();
            if base != position.offset {
                return Err(wrong(format!("a batch at {base} came, {} was expected", position.offset)));
            }
            position.offset = batch.header().next_offset().get();
            self.read.records += u64::from(batch.header().record_count());
            self.read.bytes += batch.bytes().len() as u64;
        }
        if position.offset >= data.high_watermark {
            position.offset = 0;
        }
        Ok(())
    }
}
