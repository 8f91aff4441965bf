//! `kafka-console-producer`: each line of standard input is a record (Kafka: `ConsoleProducer`).

use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use klamm_client::producer::ProducerRecord;
use klamm_client::{ClientError, Producer, ProducerConfig};
use klamm_config::Properties;
use tokio::sync::mpsc;

use super::line_reader::LineReader;
use crate::connect;
use crate::tool::{Terminal, Tool, ToolError, ToolResult};

/// Lines read ahead; the thread that reads waits when there are more.
const LINES_AHEAD: usize = 1024;
/// Outcomes that wait to be told.
const OUTCOMES: usize = 1024;
/// Longest wait for what was sent.
const CLOSE_LIMIT: Duration = Duration::from_secs(3_600);

/// Options of the tool.
#[derive(Args, Debug)]
pub(crate) struct ConsoleProducer {
    /// The topic to produce to
    #[arg(long)]
    topic: String,
    /// The brokers to connect to first: HOST1:PORT1,HOST2:PORT2
    #[arg(long, value_name = "SERVERS")]
    bootstrap_server: String,
    /// Send one record at a time and wait for each
    #[arg(long)]
    sync: bool,
    /// none, gzip, snappy, lz4 or zstd; gzip if no value is given
    #[arg(long, value_name = "CODEC", num_args = 0..=1, default_missing_value = "gzip")]
    compression_codec: Option<String>,
    /// Bytes of a batch (batch.size; 16384)
    #[arg(long, value_name = "SIZE")]
    batch_size: Option<String>,
    /// Deprecated; use --batch-size
    #[arg(long, value_name = "SIZE")]
    max_partition_memory_bytes: Option<String>,
    /// Tries of a batch beyond the first (retries; 3)
    #[arg(long, value_name = "COUNT")]
    message_send_max_retries: Option<String>,
    /// Wait before a retry (retry.backoff.ms; 100)
    #[arg(long, value_name = "MS")]
    retry_backoff_ms: Option<String>,
    /// How long a batch waits for more records (linger.ms; 1000)
    #[arg(long, value_name = "MS")]
    timeout: Option<String>,
    /// Who must have a record: 0, 1, all or -1 (acks; -1)
    #[arg(long, value_name = "ACKS")]
    request_required_acks: Option<String>,
    /// Longest wait for an answer (request.timeout.ms; 1500)
    #[arg(long, value_name = "MS")]
    request_timeout_ms: Option<String>,
    /// Age at which metadata is refreshed (metadata.max.age.ms; 300000)
    #[arg(long, value_name = "MS")]
    metadata_expiry_ms: Option<String>,
    /// Longest wait for metadata and memory (max.block.ms; 60000)
    #[arg(long, value_name = "MS")]
    max_block_ms: Option<String>,
    /// Bytes of records that may wait (buffer.memory; 33554432)
    #[arg(long, value_name = "BYTES")]
    max_memory_bytes: Option<String>,
    /// The kernel's send buffer (send.buffer.bytes; 102400)
    #[arg(long, value_name = "SIZE")]
    socket_buffer_size: Option<String>,
    /// The class that reads records; only LineMessageReader is known
    #[arg(long, value_name = "CLASS", default_value = "org.apache.kafka.tools.LineMessageReader")]
    line_reader: String,
    /// Of the reader, key=value: parse.key, parse.headers, ignore.error, key.separator, headers.delimiter,
    /// headers.separator, headers.key.separator, null.marker
    #[arg(long, value_name = "PROP")]
    reader_property: Vec<String>,
    /// Deprecated; use --reader-property
    #[arg(long, value_name = "PROP", conflicts_with = "reader_property")]
    property: Vec<String>,
    /// A file with properties of the reader
    #[arg(long, value_name = "FILE")]
    reader_config: Option<PathBuf>,
    /// Of the producer, key=value
    #[arg(long, value_name = "PROP")]
    command_property: Vec<String>,
    /// Deprecated; use --command-property
    #[arg(long, value_name = "PROP", conflicts_with = "command_property")]
    producer_property: Vec<String>,
    /// A file with properties of the producer
    #[arg(long, value_name = "FILE")]
    command_config: Option<PathBuf>,
    /// Deprecated; use --command-config
    #[arg(long = "producer.config", value_name = "FILE", conflicts_with = "command_config")]
    producer_config: Option<PathBuf>,
}

impl Tool for ConsoleProducer {
    const ABOUT: &'static str = "Produce the lines of standard input to a topic";

    fn run(self, terminal: &mut Terminal<'_>) -> ToolResult {
        self.warn(terminal)?;
        let reader = self.reader()?;
        let config = ProducerConfig::from_properties(&self.properties()?).map_err(ToolError::failed)?;
        let mode = if self.sync { Mode::OneByOne } else { Mode::Batched };
        connect::block_on(produce(config, reader, mode, terminal))
    }
}

/// How records are sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    OneByOne,
    Batched,
}

impl ConsoleProducer {
    fn warn(&self, terminal: &mut Terminal<'_>) -> ToolResult {
        let later = "is deprecated and will be removed in a future version. Use";
        if !self.producer_property.is_empty() {
            writeln!(terminal.out, "Warning: --producer-property {later} --command-property instead.")?;
        }
        if self.producer_config.is_some() {
            writeln!(terminal.out, "Warning: --producer.config {later} --command-config instead.")?;
        }
        if !self.property.is_empty() {
            writeln!(terminal.out, "Warning: --property {later} --reader-property instead.")?;
        }
        if self.max_partition_memory_bytes.is_some() {
            let when = "is deprecated and will be removed in Apache Kafka 5.0. Use";
            writeln!(terminal.out, "Warning: --max-partition-memory-bytes {when} --batch-size instead.")?;
        }
        Ok(terminal.out.flush()?)
    }

    fn reader(&self) -> Result<LineReader, ToolError> {
        if !self.line_reader.ends_with("LineMessageReader") {
            return Err(ToolError::failed(format!("there is no reader {}", self.line_reader)));
        }
        let given = [&self.reader_property[..], &self.property[..]].concat();
        let properties = connect::settings(None, self.reader_config.as_deref(), &given)?;
        LineReader::new(&self.topic, &properties)
    }

    fn properties(&self) -> Result<Properties, ToolError> {
        let file = self.command_config.as_deref().or(self.producer_config.as_deref());
        let given = [&self.command_property[..], &self.producer_property[..]].concat();
        let mut properties = connect::settings(Some(&self.bootstrap_server), file, &given)?;
        properties.set("compression.type", self.compression_codec.as_deref().unwrap_or("none"));
        let options = [
            ("client.id", &None, "console-producer"),
            ("linger.ms", &self.timeout, "1000"),
            ("acks", &self.request_required_acks, "-1"),
            ("request.timeout.ms", &self.request_timeout_ms, "1500"),
            ("retries", &self.message_send_max_retries, "3"),
            ("retry.backoff.ms", &self.retry_backoff_ms, "100"),
            ("send.buffer.bytes", &self.socket_buffer_size, "102400"),
            ("buffer.memory", &self.max_memory_bytes, "33554432"),
            ("batch.size", &self.batch_size, "16384"),
            ("batch.size", &self.max_partition_memory_bytes, "16384"),
            ("metadata.max.age.ms", &self.metadata_expiry_ms, "300000"),
            ("max.block.ms", &self.max_block_ms, "60000"),
        ];
        for (key, given, default) in options {
            connect::merge(&mut properties, key, given.as_deref(), default);
        }
        Ok(properties)
    }
}

async fn produce(
    config: ProducerConfig,
    mut reader: LineReader,
    mode: Mode,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let prompt = io::stdin().is_terminal() && io::stdout().is_terminal();
    let producer = Producer::new(config);
    let (failures, mut failed) = mpsc::channel(OUTCOMES);
    let mut lines = lines();
    let mut interrupted = pin!(connect::interrupted());
    let ended = loop {
        if prompt {
            write!(terminal.out, ">")?;
            terminal.out.flush()?;
        }
        let line = tokio::select! {
            line = lines.recv() => line,
            Some(failure) = failed.recv() => {
                tell(&failure, terminal)?;
                continue;
            }
            () = &mut interrupted => break Ok(()),
        };
        let record = match line {
            None => break Ok(()),
            Some(Err(error)) => break Err(ToolError::Io(error)),
            Some(Ok(line)) => match reader.read(&line) {
                Ok(record) => record,
                Err(error) => break Err(error),
            },
        };
        if mode == Mode::OneByOne {
            if let Err(error) = producer.send_and_wait(record).await {
                break Err(ToolError::failed(error));
            }
            continue;
        }
        if let Err(failure) = send(&producer, record, &failures).await {
            tell(&failure, terminal)?;
        }
    };
    drop(failures);
    let closed = producer.close(CLOSE_LIMIT);
    let mut closed = pin!(closed);
    loop {
        tokio::select! {
            Some(failure) = failed.recv() => tell(&failure, terminal)?,
            closed = &mut closed => {
                while let Ok(failure) = failed.try_recv() {
                    tell(&failure, terminal)?;
                }
                closed.map_err(ToolError::failed)?;
                return ended;
            }
        }
    }
}

/// A record that was not sent.
struct Failure {
    topic: Arc<str>,
    key: Option<usize>,
    value: Option<usize>,
    error: ClientError,
}

async fn send(
    producer: &Producer,
    record: ProducerRecord,
    failures: &mpsc::Sender<Failure>,
) -> Result<(), Failure> {
    let topic = Arc::clone(&record.topic);
    let (key, value) =
        (record.key.as_ref().map(|key| key.len()), record.value.as_ref().map(|value| value.len()));
    let later = (failures.clone(), Arc::clone(&topic));
    let callback = move |outcome: Result<_, ClientError>| {
        let (failures, topic) = later;
        if let Err(error) = outcome {
            // With more failures than can wait, those that do say enough.
            failures.try_send(Failure { topic, key, value, error }).ok();
        }
    };
    let sent = producer.send_with(record, callback).await;
    sent.map_err(|error| Failure { topic, key, value, error })
}

fn tell(failure: &Failure, terminal: &mut Terminal<'_>) -> ToolResult {
    let size = |bytes: Option<usize>| bytes.map_or("null".to_owned(), |bytes| format!("{bytes} bytes"));
    let (key, value) = (size(failure.key), size(failure.value));
    let (topic, error) = (&failure.topic, &failure.error);
    writeln!(
        terminal.err,
        "ERROR Error when sending message to topic {topic} with key: {key}, value: {value} with error: {error}"
    )?;
    Ok(())
}

/// The lines of standard input, by a thread of their own: a read of a terminal cannot be broken off. The thread
/// ends with the input, with its reader, or with the process.
fn lines() -> mpsc::Receiver<io::Result<String>> {
    let (lines, receiver) = mpsc::channel(LINES_AHEAD);
    let read = move || {
        let mut input = io::stdin().lock();
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            match input.read_until(b'\n', &mut bytes) {
                Ok(0) => return,
                Ok(_) => {
                    let is_whole =
                        split(&bytes).into_iter().all(|line| lines.blocking_send(Ok(line)).is_ok());
                    if !is_whole {
                        return;
                    }
                }
                Err(error) => {
                    lines.blocking_send(Err(error)).ok();
                    return;
                }
            }
        }
    };
    let spawned = std::thread::Builder::new().name("standard-input".to_owned()).spawn(read);
    drop(spawned);
    receiver
}

/// Java's lines in a piece that ends with a line feed or with the input: a carriage return ends one, too.
fn split(piece: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(piece);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    text.split('\r').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_in_java() {
        assert_eq!(split(b"a\n"), ["a"]);
        assert_eq!(split(b"a\r\n"), ["a"]);
        assert_eq!(split(b"a\rb"), ["a", "b"]);
        assert_eq!(split(b"\n"), [""]);
        assert_eq!(split(b"\xff\n"), ["\u{fffd}"]);
    }
}
