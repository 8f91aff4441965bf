//! `kafka-producer-perf-test`: sends records as fast as it may and tells how long they took (Kafka:
//! `ProducerPerformance`).

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use klamm_client::{ClientError, Producer, ProducerConfig, ProducerRecord};
use klamm_config::Properties;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::metrics;
use super::stats::Stats;
use super::throttle::Throttle;
use crate::connect;
use crate::tool::{Terminal, Tool, ToolError, ToolResult};

/// Outcomes that wait to be counted; the producer waits when there are more.
const OUTCOMES: usize = 64 * 1024;
/// Longest wait for what was sent.
const CLOSE_LIMIT: Duration = Duration::from_secs(3_600);

const NO_TRANSACTIONS: &str = "transactional.id cannot be used: this producer does not speak in transactions";

/// Options of the tool.
#[derive(Args, Debug)]
pub(crate) struct ProducerPerf {
    /// The brokers to connect to first; wins over bootstrap.servers of the properties
    #[arg(long, value_name = "SERVERS")]
    bootstrap_server: Option<String>,
    /// The topic to produce to
    #[arg(long)]
    topic: String,
    /// How many records
    #[arg(long, value_name = "COUNT")]
    num_records: u64,
    /// Bytes of a record; one of --record-size, --payload-file and --payload-monotonic is needed
    #[arg(long, value_name = "BYTES", conflicts_with_all = ["payload_file", "payload_monotonic"])]
    record_size: Option<usize>,
    /// A file of records, one of which is chosen at random each time
    #[arg(long, value_name = "FILE", conflicts_with = "payload_monotonic")]
    payload_file: Option<PathBuf>,
    /// Records are growing numbers
    #[arg(long)]
    payload_monotonic: bool,
    /// What separates the records of the file
    #[arg(long, value_name = "TEXT", default_value = "\\n")]
    payload_delimiter: String,
    /// Records per second at most; -1 for no bound
    #[arg(long, value_name = "RATE", allow_negative_numbers = true)]
    throughput: f64,
    /// Of the producer, key=value
    #[arg(long, value_name = "PROP", num_args = 1..)]
    command_property: Vec<String>,
    /// Deprecated; use --command-property
    #[arg(long, value_name = "PROP", num_args = 1.., conflicts_with = "command_property")]
    producer_props: Vec<String>,
    /// A file with properties of the producer
    #[arg(long, value_name = "FILE")]
    command_config: Option<PathBuf>,
    /// Deprecated; use --command-config
    #[arg(long = "producer.config", value_name = "FILE", conflicts_with = "command_config")]
    producer_config: Option<PathBuf>,
    /// Records at the start that the last line leaves out
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    warmup_records: u64,
    /// Print the producer's metrics at the end
    #[arg(long)]
    print_metrics: bool,
    /// Refused: this producer does not speak in transactions
    #[arg(long, value_name = "ID")]
    transactional_id: Option<String>,
    /// Refused: this producer does not speak in transactions
    #[arg(long, value_name = "MS")]
    transaction_duration_ms: Option<u64>,
    /// Milliseconds between two lines
    #[arg(long, value_name = "MS", default_value_t = 5_000)]
    reporting_interval: u64,
}

impl Tool for ProducerPerf {
    const ABOUT: &'static str = "Measure how fast records are produced";

    fn run(self, terminal: &mut Terminal<'_>) -> ToolResult {
        if self.warmup_records >= self.num_records && self.warmup_records > 0 {
            return Err(ToolError::usage(
                "The value for --warmup-records must be strictly fewer than the number of records in the test, \
                 --num-records.",
            ));
        }
        if self.transactional_id.is_some() || self.transaction_duration_ms.is_some() {
            return Err(ToolError::failed(NO_TRANSACTIONS));
        }
        self.warn(terminal)?;
        let config = ProducerConfig::from_properties(&self.properties()?).map_err(ToolError::failed)?;
        if config.client.bootstrap_servers.is_empty() {
            return Err(ToolError::usage(
                "At least one of bootstrap.servers and --bootstrap-server is needed",
            ));
        }
        let payload = self.payload(terminal)?;
        if self.warmup_records > 0 {
            writeln!(
                terminal.out,
                "Warmup first {} records. Steady state results will print after the complete test summary.",
                self.warmup_records
            )?;
        }
        connect::block_on(self.produce(config, payload, terminal))
    }
}

impl ProducerPerf {
    fn warn(&self, terminal: &mut Terminal<'_>) -> ToolResult {
        let later = "has been deprecated and will be removed in a future version. Use";
        if !self.producer_props.is_empty() {
            writeln!(terminal.out, "Option --producer-props {later} --command-property instead.")?;
        }
        if self.producer_config.is_some() {
            writeln!(terminal.out, "Option --producer.config {later} --command-config instead.")?;
        }
        Ok(())
    }

    fn properties(&self) -> Result<Properties, ToolError> {
        let file = self.command_config.as_deref().or(self.producer_config.as_deref());
        let given = [&self.command_property[..], &self.producer_props[..]].concat();
        let mut properties = connect::settings(self.bootstrap_server.as_deref(), file, &given)?;
        if properties.contains("transactional.id") {
            return Err(ToolError::failed(NO_TRANSACTIONS));
        }
        connect::merge(&mut properties, "client.id", None, "perf-producer-client");
        Ok(properties)
    }

    fn payload(&self, terminal: &mut Terminal<'_>) -> Result<Payload, ToolError> {
        match (self.record_size, &self.payload_file, self.payload_monotonic) {
            (Some(size), _, _) if size > 0 => Ok(Payload::Random(size)),
            (Some(_), _, _) => Err(ToolError::usage("--record-size should be greater than zero")),
            (None, Some(file), _) => {
                read_payloads(file, &self.payload_delimiter, terminal).map(Payload::OneOf)
            }
            (None, None, true) => Ok(Payload::Numbers),
            (None, None, false) => Err(ToolError::usage(
                "one of the arguments --record-size --payload-file --payload-monotonic is required",
            )),
        }
    }

    async fn produce(
        self,
        config: ProducerConfig,
        payload: Payload,
        terminal: &mut Terminal<'_>,
    ) -> ToolResult {
        let client_id = config.client.client_id.clone();
        let producer = Producer::new(config);
        let began = Instant::now();
        let mut counted = Counted {
            all: Stats::new("", 0),
            steady: None,
            warmup: self.warmup_records,
            interval_ms: self.reporting_interval,
            began,
        };
        let (outcomes, mut told) = mpsc::channel(OUTCOMES);
        let mut random = StdRng::seed_from_u64(0);
        let throttle = Throttle::new(self.throughput);
        let mut interrupted = pin!(connect::interrupted());
        for number in 0..self.num_records {
            let value = payload.value(number, &mut random);
            let record = ProducerRecord::new(self.topic.as_str(), value);
            let turn = async {
                let sent = send(&producer, record, began, &outcomes).await;
                throttle.wait(number + 1).await;
                sent
            };
            tokio::select! {
                () = &mut interrupted => break,
                sent = while_counting(turn, &mut told, |outcome| counted.count(outcome, terminal)) => {
                    if let Err(error) = sent? {
                        writeln!(terminal.err, "{error}")?;
                    }
                }
            }
        }
        drop(outcomes);
        let mut closed = pin!(producer.close(CLOSE_LIMIT));
        let ended = loop {
            tokio::select! {
                Some(outcome) = told.recv() => counted.count(outcome, terminal)?,
                ended = &mut closed => break ended,
            }
        };
        while let Ok(outcome) = told.try_recv() {
            counted.count(outcome, terminal)?;
        }
        let now = counted.now_ms();
        writeln!(terminal.out, "{}", counted.all.total(now))?;
        if let Some(steady) = &counted.steady {
            writeln!(terminal.out, "{}", steady.total(now))?;
        }
        if self.print_metrics {
            metrics::print(&producer.metrics(), &client_id, terminal)?;
        }
        ended.map_err(ToolError::failed)
    }
}

/// The end of one record.
struct Outcome {
    /// When, after the begin of the run.
    at_ms: u64,
    latency_ms: u64,
    bytes: u64,
    error: Option<ClientError>,
}

/// Runs `turn` to its end and counts what is told meanwhile: the turn may wait for places that only counting frees.
async fn while_counting<T, E>(
    turn: impl Future<Output = T>,
    told: &mut mpsc::Receiver<Outcome>,
    mut count: impl FnMut(Outcome) -> Result<(), E>,
) -> Result<T, E> {
    let mut turn = pin!(turn);
    loop {
        tokio::select! {
            biased;
            Some(outcome) = told.recv() => count(outcome)?,
            ended = &mut turn => return Ok(ended),
        }
    }
}

async fn send(
    producer: &Producer,
    record: ProducerRecord,
    began: Instant,
    outcomes: &mpsc::Sender<Outcome>,
) -> Result<(), ClientError> {
    let (since, outcomes) = (Instant::now(), outcomes.clone());
    let bytes = record.value.as_ref().map_or(0, |value| value.len() as u64);
    // One place is kept for each record on its way, so that the callback never waits.
    let place = outcomes.clone().reserve_owned().await.map_err(|_| ClientError::Closed)?;
    let callback = move |outcome: Result<_, ClientError>| {
        let latency_ms = since.elapsed().as_millis() as u64;
        let at_ms = began.elapsed().as_millis() as u64;
        place.send(Outcome { at_ms, latency_ms, bytes, error: outcome.err() });
    };
    producer.send_with(record, callback).await
}

/// All counts of a run.
struct Counted {
    all: Stats,
    /// From the end of the warm-up on.
    steady: Option<Stats>,
    warmup: u64,
    interval_ms: u64,
    began: Instant,
}

impl Counted {
    fn now_ms(&self) -> u64 {
        self.began.elapsed().as_millis() as u64
    }

    fn count(&mut self, outcome: Outcome, terminal: &mut Terminal<'_>) -> ToolResult {
        if let Some(error) = outcome.error {
            return Ok(writeln!(terminal.err, "{error}")?);
        }
        let now = outcome.at_ms;
        self.all.record(outcome.latency_ms, outcome.bytes);
        let line = match &mut self.steady {
            Some(steady) => {
                steady.record(outcome.latency_ms, outcome.bytes);
                let is_first = !steady.had_window();
                let line = steady.window(now, self.interval_ms);
                line.map(|line| if is_first { format!("In steady state.\n{line}") } else { line })
            }
            None => self.all.window(now, self.interval_ms),
        };
        if self.warmup > 0 {
            self.warmup -= 1;
            self.steady = (self.warmup == 0).then(|| Stats::new(" steady state", now));
        }
        if let Some(line) = line {
            writeln!(terminal.out, "{line}")?;
            terminal.out.flush()?;
        }
        Ok(())
    }
}

/// What records hold.
enum Payload {
    /// So many capital letters.
    Random(usize),
    OneOf(Vec<Bytes>),
    Numbers,
}

impl Payload {
    fn value(&self, number: u64, random: &mut StdRng) -> Bytes {
        match self {
            Payload::Random(size) => (0..*size).map(|_| random.random_range(b'A'..=b'Z')).collect(),
            Payload::OneOf(values) => values[random.random_range(0..values.len())].clone(),
            Payload::Numbers => Bytes::from(number.to_string()),
        }
    }
}

fn read_payloads(file: &Path, delimiter: &str, terminal: &mut Terminal<'_>) -> Result<Vec<Bytes>, ToolError> {
    writeln!(terminal.out, "Reading payloads from: {}", std::path::absolute(file)?.display())?;
    let text = std::fs::read(file).unwrap_or_default();
    if text.is_empty() {
        return Err(ToolError::failed("File does not exist or empty file provided."));
    }
    let delimiter = regex::Regex::new(delimiter).map_err(ToolError::failed)?;
    let text = String::from_utf8_lossy(&text);
    let mut values: Vec<&str> = delimiter.split(&text).collect();
    // Java's split drops empty pieces at the end.
    while values.len() > 1 && values.last().is_some_and(|value| value.is_empty()) {
        values.pop();
    }
    writeln!(terminal.out, "Number of records read: {}", values.len())?;
    Ok(values.into_iter().map(|value| Bytes::from(value.to_owned())).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_turn_that_needs_more_places_than_there_are_goes_on_as_outcomes_are_counted() {
        let (outcomes, mut told) = mpsc::channel(2);
        let turn = async {
            for number in 0..10 {
                let place = outcomes.reserve().await.unwrap();
                place.send(Outcome { at_ms: number, latency_ms: 1, bytes: 1, error: None });
            }
        };
        let mut counted = 0;
        let count = |_| {
            counted += 1;
            Ok::<(), ToolError>(())
        };
        let ended = tokio::time::timeout(Duration::from_secs(60), while_counting(turn, &mut told, count));
        assert!(ended.await.unwrap().is_ok());
        assert!(counted >= 8, "{counted}: the rest waits in the places that are left");
    }
}
