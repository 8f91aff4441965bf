//! Consume load: one connection and thread per consumer, each reads its partitions over and over by Fetch in a
//! session, as fast as answers come. Every batch is checked.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Barrier;
use std::thread;
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
    /// Consumers that share the partitions, each on a thread and a connection of its own. One may be slower than
    /// a broker: it checks all that it reads.
    pub consumers: i32,
    /// How long.
    pub span: Span,
    /// The broker's process.
    pub watched: Option<Watched>,
}

impl ConsumeLoad {
    /// Reads from the start to the end and again from the start until the span is over.
    pub fn run(&self) -> Result<LoadReport, LoadError> {
        let count = self.consumers.clamp(1, self.topic.partitions.max(1));
        let warm = Barrier::new(usize::try_from(count).unwrap_or(1) + 1);
        let read_all = |member| {
            let begun = Consumer::begin(self, (member, count)).and_then(Consumer::warm_up);
            // Also after a failure: the others wait.
            warm.wait();
            begun?.read_all(count)
        };
        thread::scope(|scope| {
            let members: Vec<_> = (0..count).map(|member| scope.spawn(move || read_all(member))).collect();
            warm.wait();
            let observer = self.watched.as_ref().map(Watched::observe).transpose()?;
            let own = Watched { pid: std::process::id() };
            let (begin, own_before) = (Instant::now(), own.cpu()?);
            let mut all = Read::default();
            for member in members {
                let read = member.join().map_err(|_| LoadError::Wrong("a consumer panicked".into()))??;
                all = all.and(read);
            }
            let seconds = begin.elapsed().as_secs_f64();
            let broker = observer.map(|observer| observer.end()).transpose()?;
            let Read { requests, records, bytes } = all;
            let own_cpu_seconds = Some(own.cpu()?.saturating_sub(own_before).as_secs_f64());
            Ok(LoadReport { requests, records, bytes, seconds, latency: None, broker, own_cpu_seconds })
        })
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Read {
    requests: u64,
    records: u64,
    bytes: u64,
}

impl Read {
    fn and(self, other: Read) -> Read {
        Read {
            requests: self.requests + other.requests,
            records: self.records + other.records,
            bytes: self.bytes + other.bytes,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Position {
    partition: i32,
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
    /// The `member`th of `count` consumers: it has every `count`th partition.
    fn begin(load: &'l ConsumeLoad, (member, count): (i32, i32)) -> Result<Consumer<'l>, LoadError> {
        let stream = TcpStream::connect_timeout(&load.topic.broker, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let own = (0..load.topic.partitions).filter(|partition| partition % count == member);
        Ok(Consumer {
            load,
            stream,
            correlation_id: 0,
            session_id: 0,
            session_epoch: 0,
            positions: own.map(|partition| Position { partition, offset: 0, told: None }).collect(),
            buffer: Vec::new(),
            read: Read::default(),
        })
    }

    fn warm_up(mut self) -> Result<Consumer<'l>, LoadError> {
        let until = Instant::now() + self.load.span.warm_up;
        while Instant::now() < until {
            self.fetch()?;
        }
        self.read = Read::default();
        Ok(self)
    }

    /// Reads for the measured time, or its share of the most bytes.
    fn read_all(mut self, count: i32) -> Result<Read, LoadError> {
        let most_bytes = self.load.span.most_bytes / u64::from(count.unsigned_abs());
        let begin = Instant::now();
        while begin.elapsed() < self.load.span.measured && self.read.bytes < most_bytes {
            self.fetch()?;
        }
        Ok(self.read)
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
        for position in &mut self.positions {
            if position.told.replace(position.offset) != Some(position.offset) {
                partitions.push(FetchPartition {
                    partition: position.partition,
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
        let position = self.positions.iter_mut().find(|position| position.partition == index);
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
