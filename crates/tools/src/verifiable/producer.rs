//! `kafka-verifiable-producer`: sends growing numbers and tells of each one whether it was acknowledged (Kafka:
//! `VerifiableProducer`).

use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use clap::Args;
use klamm_client::producer::RecordMetadata;
use klamm_client::{ClientError, Producer, ProducerConfig, ProducerRecord};
use klamm_config::Properties;
use klamm_model::{Offset, Timestamp};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::tell;
use crate::connect;
use crate::perf::Throttle;
use crate::tool::{Terminal, Tool, ToolError, ToolResult};

/// Records without an outcome; the tool waits when there are more.
const OUTCOMES: usize = 64 * 1024;
/// Longest wait for what was sent.
const CLOSE_LIMIT: Duration = Duration::from_secs(3_600);

/// Options of the tool.
#[derive(Args, Debug)]
pub(crate) struct VerifiableProducer {
    /// The topic to produce to
    #[arg(long)]
    topic: String,
    /// The brokers to connect to first
    #[arg(long, value_name = "SERVERS")]
    bootstrap_server: String,
    /// How many records; -1 for no end
    #[arg(long, value_name = "COUNT", default_value_t = -1, allow_negative_numbers = true)]
    max_messages: i64,
    /// Records per second at most; -1 for no bound
    #[arg(long, value_name = "RATE", default_value_t = -1, allow_negative_numbers = true)]
    throughput: i64,
    /// Who must have a record: 0, 1 or -1
    #[arg(long, value_parser = ["0", "1", "-1"], default_value = "-1")]
    acks: String,
    /// The time of the first record, in milliseconds since 1970
    #[arg(long, value_name = "MS", default_value_t = -1, allow_negative_numbers = true)]
    message_create_time: i64,
    /// A number that stands before each value, with a dot between
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    value_prefix: Option<i32>,
    /// Keys go from 0 up to this number, and again
    #[arg(long, value_name = "COUNT")]
    repeating_keys: Option<u32>,
    /// A file with properties of the producer
    #[arg(long, value_name = "FILE")]
    command_config: Option<PathBuf>,
    /// Deprecated; use --command-config
    #[arg(long = "producer.config", value_name = "FILE", conflicts_with = "command_config")]
    producer_config: Option<PathBuf>,
}

impl Tool for VerifiableProducer {
    const ABOUT: &'static str = "Produce growing numbers and tell of each whether it was acknowledged";

    fn run(self, terminal: &mut Terminal<'_>) -> ToolResult {
        if self.producer_config.is_some() {
            writeln!(
                terminal.out,
                "Option --producer.config has been deprecated and will be removed in a future version. Use \
                 --command-config instead."
            )?;
        }
        let config = ProducerConfig::from_properties(&self.properties()?).map_err(ToolError::failed)?;
        connect::block_on(self.produce(config, terminal))
    }
}

/// The end of one record.
struct Outcome {
    key: Option<String>,
    value: String,
    result: Result<RecordMetadata, ClientError>,
}

impl VerifiableProducer {
    fn properties(&self) -> Result<Properties, ToolError> {
        let mut properties = Properties::new();
        properties.set("bootstrap.servers", self.bootstrap_server.as_str());
        properties.set("acks", self.acks.as_str());
        properties.set("retries", "0");
        let file = self.command_config.as_deref().or(self.producer_config.as_deref());
        for (key, value) in connect::settings(None, file, &[])?.iter() {
            properties.set(key, value);
        }
        Ok(properties)
    }

    async fn produce(self, config: ProducerConfig, terminal: &mut Terminal<'_>) -> ToolResult {
        let producer = Producer::new(config);
        let began = Instant::now();
        let (outcomes, mut told) = mpsc::channel(OUTCOMES);
        let throttle = Throttle::new(self.throughput as f64);
        let limit = u64::try_from(self.max_messages).unwrap_or(u64::MAX);
        let (mut sent, mut acked) = (0_u64, 0_u64);
        let mut interrupted = pin!(connect::interrupted());
        tell(terminal, "startup_complete", json!({}))?;
        'sending: while sent < limit {
            let mut sending = pin!(self.send(&producer, sent, began, &outcomes));
            loop {
                tokio::select! {
                    biased;
                    () = &mut interrupted => break 'sending,
                    Some(outcome) = told.recv() => acked += self.tell_outcome(outcome, terminal)?,
                    failed = &mut sending => {
                        if let Some(outcome) = failed {
                            self.tell_outcome(outcome, terminal)?;
                        }
                        break;
                    }
                }
            }
            sent += 1;
            let mut waiting = pin!(throttle.wait(sent));
            loop {
                tokio::select! {
                    biased;
                    () = &mut interrupted => break 'sending,
                    Some(outcome) = told.recv() => acked += self.tell_outcome(outcome, terminal)?,
                    () = &mut waiting => break,
                }
            }
        }
        drop(outcomes);
        let mut closed = pin!(producer.close(CLOSE_LIMIT));
        let ended = loop {
            tokio::select! {
                Some(outcome) = told.recv() => acked += self.tell_outcome(outcome, terminal)?,
                ended = &mut closed => break ended,
            }
        };
        while let Ok(outcome) = told.try_recv() {
            acked += self.tell_outcome(outcome, terminal)?;
        }
        tell(terminal, "shutdown_complete", json!({}))?;
        let average = 1000.0 * acked as f64 / began.elapsed().as_millis().max(1) as f64;
        tell(
            terminal,
            "tool_data",
            json!({
                "sent": sent,
                "acked": acked,
                "target_throughput": self.throughput,
                "avg_throughput": average,
            }),
        )?;
        ended.map_err(ToolError::failed)
    }

    /// Sends the record `number`; its outcome where it could not be sent at all.
    async fn send(
        &self,
        producer: &Producer,
        number: u64,
        began: Instant,
        outcomes: &mpsc::Sender<Outcome>,
    ) -> Option<Outcome> {
        let value = match self.value_prefix {
            Some(prefix) => format!("{prefix}.{number}"),
            None => number.to_string(),
        };
        let keys = self.repeating_keys.filter(|keys| *keys > 0);
        let key = keys.map(|keys| (number % u64::from(keys)).to_string());
        let mut record = ProducerRecord::new(self.topic.as_str(), value.clone());
        record.key = key.clone().map(Into::into);
        if self.message_create_time >= 0 {
            let time = self.message_create_time.saturating_add(began.elapsed().as_millis() as i64);
            record.timestamp = Some(Timestamp::from_millis(time));
        }
        // One place is kept for each record on its way, so that the callback never waits.
        let place = outcomes.clone().reserve_owned().await.ok()?;
        let (callback_key, callback_value) = (key.clone(), value.clone());
        let callback = move |result| {
            place.send(Outcome { key: callback_key, value: callback_value, result });
        };
        let result = producer.send_with(record, callback).await;
        result.err().map(|error| Outcome { key, value, result: Err(error) })
    }

    /// Prints an outcome; 1 for a record that was acknowledged.
    fn tell_outcome(&self, outcome: Outcome, terminal: &mut Terminal<'_>) -> Result<u64, ToolError> {
        let Outcome { key, value, result } = outcome;
        match result {
            Ok(metadata) => {
                let fields = json!({
                    "key": key,
                    "value": value,
                    "offset": metadata.offset.map_or(-1, Offset::get),
                    "topic": &*metadata.partition.topic,
                    "partition": metadata.partition.partition,
                });
                tell(terminal, "producer_send_success", fields)?;
                Ok(1)
            }
            Err(error) => {
                let class = error.code().map_or("KafkaException", |code| code.name());
                let fields = json!({
                    "message": error.to_string(),
                    "exception": format!("class {class}"),
                    "key": key,
                    "value": value,
                    "topic": self.topic,
                });
                tell(terminal, "producer_send_error", fields)?;
                Ok(0)
            }
        }
    }
}
