//! `kafka-consumer-perf-test`: reads records as fast as it can and tells how fast that was (Kafka:
//! `ConsumerPerformance`).

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;
use klamm_client::consumer::{Listening, RebalanceListener, TopicPattern, done};
use klamm_client::{Consumer, ConsumerConfig};
use klamm_config::Properties;
use klamm_model::TopicPartition;
use rand::RngExt as _;

use super::date::DateFormat;
use super::metrics;
use crate::connect;
use crate::tool::{Terminal, Tool, ToolError, ToolResult};

/// How long one poll waits.
const POLL: Duration = Duration::from_millis(100);
/// Longest wait for commits and goodbyes.
const CLOSE_LIMIT: Duration = Duration::from_secs(30);

/// Options of the tool.
#[derive(Args, Debug)]
pub(crate) struct ConsumerPerf {
    /// The brokers to connect to first
    #[arg(long, value_name = "SERVERS")]
    bootstrap_server: String,
    /// The topic to consume from
    #[arg(long, conflicts_with = "include")]
    topic: Option<String>,
    /// A regular expression of topics to consume from
    #[arg(long, value_name = "REGEX")]
    include: Option<String>,
    /// The consumer group
    #[arg(long)]
    group: Option<String>,
    /// Bytes of one partition in an answer (max.partition.fetch.bytes)
    #[arg(long, value_name = "BYTES", default_value_t = 1024 * 1024)]
    fetch_size: u32,
    /// Begin with the latest record where no offset is committed
    #[arg(long)]
    from_latest: bool,
    /// The kernel's receive buffer (receive.buffer.bytes)
    #[arg(long, value_name = "BYTES", default_value_t = 2 * 1024 * 1024)]
    socket_buffer_size: u32,
    /// Of the consumer, key=value
    #[arg(long, value_name = "PROP")]
    command_property: Vec<String>,
    /// A file with properties of the consumer
    #[arg(long, value_name = "FILE")]
    command_config: Option<PathBuf>,
    /// Deprecated; use --command-config
    #[arg(long = "consumer.config", value_name = "FILE", conflicts_with = "command_config")]
    consumer_config: Option<PathBuf>,
    /// Tell the state of each interval
    #[arg(long)]
    show_detailed_stats: bool,
    /// End when no record comes for so long
    #[arg(long, value_name = "MS", num_args = 0..=1, default_value_t = 10_000, default_missing_value = "10000")]
    timeout: u64,
    /// How many records
    #[arg(long, value_name = "COUNT")]
    num_records: Option<u64>,
    /// Deprecated; use --num-records
    #[arg(long, value_name = "COUNT", conflicts_with = "num_records")]
    messages: Option<u64>,
    /// Milliseconds of an interval
    #[arg(long, value_name = "MS", default_value_t = 5_000)]
    reporting_interval: u64,
    /// The form of times, as of java.text.SimpleDateFormat
    #[arg(long, value_name = "FORMAT", default_value = "yyyy-MM-dd HH:mm:ss:SSS")]
    date_format: String,
    /// Print the consumer's metrics at the end
    #[arg(long)]
    print_metrics: bool,
    /// Leave out the header
    #[arg(long)]
    hide_header: bool,
}

impl Tool for ConsumerPerf {
    const ABOUT: &'static str = "Measure how fast records are consumed";

    fn run(self, terminal: &mut Terminal<'_>) -> ToolResult {
        if self.messages.is_some() {
            writeln!(terminal.out, "Warning: --messages is deprecated. Use --num-records instead.")?;
        }
        if self.consumer_config.is_some() {
            writeln!(
                terminal.out,
                "Warning: --consumer.config is deprecated. Use --command-config instead."
            )?;
        }
        let Some(limit) = self.num_records.or(self.messages) else {
            return Err(ToolError::usage("Missing required argument \"[num-records]\""));
        };
        if self.reporting_interval == 0 {
            return Err(ToolError::failed("Reporting interval must be greater than 0."));
        }
        let config = ConsumerConfig::from_properties(&self.properties()?).map_err(ToolError::failed)?;
        let dates = DateFormat::new(&self.date_format)?;
        if !self.hide_header {
            let first = if self.show_detailed_stats { "time, threadId" } else { "start.time, end.time" };
            writeln!(
                terminal.out,
                "{first}, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, \
                 fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec"
            )?;
        }
        connect::block_on(self.consume(config, limit, &dates, terminal))
    }
}

impl ConsumerPerf {
    fn properties(&self) -> Result<Properties, ToolError> {
        let file = self.command_config.as_deref().or(self.consumer_config.as_deref());
        let mut properties = connect::settings(Some(&self.bootstrap_server), file, &self.command_property)?;
        let group = self.group.clone();
        let group =
            group.unwrap_or_else(|| format!("perf-consumer-{}", rand::rng().random_range(0..100_000)));
        properties.set("group.id", group);
        properties.set("receive.buffer.bytes", self.socket_buffer_size.to_string());
        properties.set("max.partition.fetch.bytes", self.fetch_size.to_string());
        properties.set("auto.offset.reset", if self.from_latest { "latest" } else { "earliest" });
        properties.set("check.crcs", "false");
        connect::merge(&mut properties, "client.id", None, "perf-consumer-client");
        Ok(properties)
    }

    async fn consume(
        self,
        config: ConsumerConfig,
        limit: u64,
        dates: &DateFormat,
        terminal: &mut Terminal<'_>,
    ) -> ToolResult {
        let client_id = config.client.client_id.clone();
        let mut consumer = Consumer::new(config);
        let joining = Joining::default();
        joining.restart();
        consumer.set_listener(joining.clone());
        match (&self.topic, &self.include) {
            (Some(topic), _) => consumer.subscribe([topic.as_str()]).map_err(ToolError::failed)?,
            (None, Some(pattern)) => {
                let pattern = TopicPattern::new(pattern).map_err(ToolError::failed)?;
                consumer.subscribe_pattern(pattern).map_err(ToolError::failed)?;
            }
            (None, None) => return Err(ToolError::usage("Exactly one of --include/--topic is required.")),
        }
        let start = now_ms();
        let (mut read, mut reported) = (Progress::default(), Progress::default());
        let (mut last_report, mut last_read) = (start, start);
        let mut interrupted = pin!(connect::interrupted());
        while read.records < limit && now_ms().saturating_sub(last_read) <= self.timeout {
            let records = tokio::select! {
                polled = consumer.poll(POLL) => polled.map_err(ToolError::failed)?,
                () = &mut interrupted => break,
            };
            let now = now_ms();
            if !records.is_empty() {
                last_read = now;
            }
            for record in &records {
                read.records += 1;
                let size =
                    |bytes: &Option<bytes::Bytes>| bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
                read.bytes += size(&record.key) + size(&record.value);
                if now.saturating_sub(last_report) >= self.reporting_interval {
                    let joined = joining.take_round();
                    if self.show_detailed_stats {
                        let line = read.interval(reported, (last_report, now), joined);
                        writeln!(terminal.out, "{}, 0, {line}", dates.format(now))?;
                        terminal.out.flush()?;
                    }
                    (last_report, reported) = (now, read);
                }
            }
        }
        if read.records < limit {
            writeln!(
                terminal.out,
                "WARNING: Exiting before consuming the expected number of records: timeout ({} ms) exceeded. You \
                 can use the --timeout option to increase the timeout.",
                self.timeout
            )?;
        }
        let end = now_ms();
        let counted = consumer.metrics();
        consumer.close(CLOSE_LIMIT).await.map_err(ToolError::failed)?;
        if !self.show_detailed_stats {
            let line = read.interval(Progress::default(), (start, end), joining.total());
            writeln!(terminal.out, "{}, {}, {line}", dates.format(start), dates.format(end))?;
        }
        if self.print_metrics {
            metrics::print(&counted, &client_id, terminal)?;
        }
        Ok(())
    }
}

/// What was read so far.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    records: u64,
    bytes: u64,
}

impl Progress {
    /// The figures since `before`, which took from the first time to the second and `joining_ms` of it in joins.
    fn interval(self, before: Progress, (from, to): (u64, u64), joining_ms: u64) -> String {
        let megabytes = |bytes: u64| bytes as f64 / (1024.0 * 1024.0);
        let seconds = to.saturating_sub(from) as f64 / 1000.0;
        let fetch_ms = to.cast_signed() - from.cast_signed() - joining_ms.cast_signed();
        let per_fetch = |amount: f64| if fetch_ms <= 0 { 0.0 } else { 1000.0 * amount / fetch_ms as f64 };
        let (records, bytes) = (self.records - before.records, self.bytes - before.bytes);
        format!(
            "{:.4}, {:.4}, {}, {:.4}, {joining_ms}, {fetch_ms}, {:.4}, {:.4}",
            megabytes(self.bytes),
            megabytes(bytes) / seconds,
            self.records,
            records as f64 / seconds,
            per_fetch(megabytes(bytes)),
            per_fetch(records as f64)
        )
    }
}

/// Time spent in rebalances.
#[derive(Clone, Debug, Default)]
struct Joining(Arc<JoiningTimes>);

#[derive(Debug, Default)]
struct JoiningTimes {
    since: AtomicU64,
    total: AtomicU64,
    round: AtomicU64,
}

impl Joining {
    fn restart(&self) {
        self.0.since.store(now_ms(), Ordering::Relaxed);
    }

    fn total(&self) -> u64 {
        self.0.total.load(Ordering::Relaxed)
    }

    fn take_round(&self) -> u64 {
        self.0.round.swap(0, Ordering::Relaxed)
    }
}

impl RebalanceListener for Joining {
    fn on_assigned<'a>(&'a mut self, _: &'a mut Consumer, _: &'a [TopicPartition]) -> Listening<'a> {
        let took = now_ms().saturating_sub(self.0.since.load(Ordering::Relaxed));
        self.0.total.fetch_add(took, Ordering::Relaxed);
        self.0.round.fetch_add(took, Ordering::Relaxed);
        done()
    }

    fn on_revoked<'a>(&'a mut self, _: &'a mut Consumer, _: &'a [TopicPartition]) -> Listening<'a> {
        self.restart();
        done()
    }
}

fn now_ms() -> u64 {
    // A clock before 1970 is no time at all.
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64
}
