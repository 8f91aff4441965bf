//! `kafka-verifiable-consumer`: tells of rebalances, records and commits (Kafka: `VerifiableConsumer`).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use klamm_client::consumer::{Listening, OffsetAndMetadata, RebalanceListener, done};
use klamm_client::{ClientError, Consumer, ConsumerConfig, ConsumerRecord};
use klamm_config::Properties;
use klamm_model::TopicPartition;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::tell;
use crate::connect;
use crate::tool::{Terminal, Tool, ToolError, ToolResult};

/// One poll waits no longer, so that rebalances are told soon.
const POLL: Duration = Duration::from_millis(200);
/// Changes of one poll that are told.
const CHANGES: usize = 1024;
/// Longest wait for commits and goodbyes.
const CLOSE_LIMIT: Duration = Duration::from_secs(30);

/// Options of the tool.
#[derive(Args, Debug)]
pub(crate) struct VerifiableConsumer {
    /// The brokers to connect to first
    #[arg(long, value_name = "SERVERS")]
    bootstrap_server: String,
    /// The topic to consume from
    #[arg(long)]
    topic: String,
    /// classic; the consumer protocol is not spoken
    #[arg(long, value_name = "PROTOCOL", default_value = "classic")]
    group_protocol: String,
    /// The assignor of the brokers; only for the consumer protocol
    #[arg(long, value_name = "ASSIGNOR")]
    group_remote_assignor: Option<String>,
    /// The consumer group
    #[arg(long)]
    group_id: String,
    /// Makes this consumer a static member
    #[arg(long, value_name = "ID")]
    group_instance_id: Option<String>,
    /// How many records; -1 for no end
    #[arg(long, value_name = "COUNT", default_value_t = -1, allow_negative_numbers = true)]
    max_messages: i64,
    /// session.timeout.ms
    #[arg(long, value_name = "MS", default_value_t = 30_000)]
    session_timeout: u32,
    /// Tell of each record
    #[arg(long)]
    verbose: bool,
    /// Commit from time to time instead of after each poll
    #[arg(long)]
    enable_autocommit: bool,
    /// earliest, latest or none
    #[arg(long, value_name = "POLICY", default_value = "earliest")]
    reset_policy: String,
    /// The assignor of the members
    #[arg(long, value_name = "CLASS", default_value = "org.apache.kafka.clients.consumer.RangeAssignor")]
    assignment_strategy: String,
    /// A file with properties of the consumer; options win
    #[arg(long, value_name = "FILE")]
    command_config: Option<PathBuf>,
    /// Deprecated; use --command-config
    #[arg(long = "consumer.config", value_name = "FILE", conflicts_with = "command_config")]
    consumer_config: Option<PathBuf>,
}

impl Tool for VerifiableConsumer {
    const ABOUT: &'static str = "Consume a topic and tell of rebalances, records and commits";

    fn run(self, terminal: &mut Terminal<'_>) -> ToolResult {
        if self.consumer_config.is_some() {
            writeln!(
                terminal.out,
                "Option --consumer.config has been deprecated and will be removed in a future version. Use \
                 --command-config instead."
            )?;
        }
        let config = ConsumerConfig::from_properties(&self.properties()?).map_err(ToolError::failed)?;
        connect::block_on(self.consume(config, terminal))
    }
}

type Offsets = BTreeMap<TopicPartition, OffsetAndMetadata>;

impl VerifiableConsumer {
    fn properties(&self) -> Result<Properties, ToolError> {
        let file = self.command_config.as_deref().or(self.consumer_config.as_deref());
        let mut properties = connect::settings(Some(&self.bootstrap_server), file, &[])?;
        properties.set("group.protocol", self.group_protocol.as_str());
        if let Some(assignor) = &self.group_remote_assignor {
            properties.set("group.remote.assignor", assignor.as_str());
        }
        properties.set("partition.assignment.strategy", self.assignment_strategy.as_str());
        properties.set("session.timeout.ms", self.session_timeout.to_string());
        properties.set("group.id", self.group_id.as_str());
        if let Some(instance) = &self.group_instance_id {
            properties.set("group.instance.id", instance.as_str());
        }
        properties.set("enable.auto.commit", self.enable_autocommit.to_string());
        properties.set("auto.offset.reset", self.reset_policy.as_str());
        Ok(properties)
    }

    async fn consume(self, config: ConsumerConfig, terminal: &mut Terminal<'_>) -> ToolResult {
        let mut consumer = Consumer::new(config);
        let (events, mut told) = mpsc::channel(CHANGES);
        consumer.set_listener(Listener(events));
        tell(terminal, "startup_complete", json!({}))?;
        consumer.subscribe([self.topic.as_str()]).map_err(ToolError::failed)?;
        let limit = u64::try_from(self.max_messages).unwrap_or(u64::MAX);
        let mut left = limit;
        let mut interrupted = pin!(connect::interrupted());
        let mut asked_to_end = false;
        while left > 0 {
            let polled = tokio::select! {
                polled = consumer.poll(POLL) => polled,
                () = &mut interrupted => {
                    asked_to_end = true;
                    tell(terminal, "shutdown_requested", json!({}))?;
                    break;
                }
            };
            tell_rebalances(&mut told, terminal)?;
            let records = match polled {
                Ok(records) if records.is_empty() => continue,
                Ok(records) => records,
                Err(error) => {
                    writeln!(
                        terminal.err,
                        "ERROR Error during processing, terminating consumer process: {error}"
                    )?;
                    break;
                }
            };
            let offsets = self.tell_records(&records, &mut left, terminal)?;
            if self.enable_autocommit {
                continue;
            }
            let committed = consumer.commit_offsets_sync(&offsets).await;
            tell_commit(&offsets, committed, terminal)?;
        }
        let closed = consumer.close(CLOSE_LIMIT).await;
        tell_rebalances(&mut told, terminal)?;
        tell(terminal, "shutdown_complete", json!({}))?;
        if !asked_to_end {
            // The end of the process asks, too.
            tell(terminal, "shutdown_requested", json!({}))?;
        }
        closed.map_err(ToolError::failed)
    }

    /// Prints what came, as far as it counts; what to commit for it.
    fn tell_records(
        &self,
        records: &[ConsumerRecord],
        left: &mut u64,
        terminal: &mut Terminal<'_>,
    ) -> Result<Offsets, ToolError> {
        let mut partitions: BTreeMap<TopicPartition, Vec<&ConsumerRecord>> = BTreeMap::new();
        for record in records {
            partitions.entry(record.topic_partition()).or_default().push(record);
        }
        let mut offsets = Offsets::new();
        let mut summaries: Vec<Value> = Vec::new();
        for (at, mut own) in partitions {
            own.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
            let (Some(first), Some(last)) = (own.first(), own.last()) else { break };
            *left -= own.len() as u64;
            summaries.push(json!({
                "topic": &*at.topic,
                "partition": at.partition,
                "count": own.len(),
                "minOffset": first.offset.get(),
                "maxOffset": last.offset.get(),
            }));
            if self.verbose {
                own.iter().try_for_each(|record| tell_record(record, terminal))?;
            }
            offsets.insert(at, OffsetAndMetadata::new(last.offset.next()));
        }
        let fields = json!({ "count": records.len(), "partitions": summaries });
        tell(terminal, "records_consumed", fields)?;
        Ok(offsets)
    }
}

fn tell_record(record: &ConsumerRecord, terminal: &mut Terminal<'_>) -> ToolResult {
    let text = |bytes: &Option<bytes::Bytes>| {
        bytes.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    };
    let fields = json!({
        "key": text(&record.key),
        "value": text(&record.value),
        "topic": &*record.topic,
        "partition": record.partition,
        "offset": record.offset.get(),
    });
    tell(terminal, "record_data", fields)
}

fn tell_commit(
    offsets: &Offsets,
    committed: Result<(), ClientError>,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let rows = offsets.iter().map(|(at, committed)| {
        json!({ "topic": &*at.topic, "partition": at.partition, "offset": committed.offset.get() })
    });
    let rows: Vec<Value> = rows.collect();
    let fields = match committed {
        Ok(()) => json!({ "offsets": rows, "success": true }),
        Err(error) => json!({ "offsets": rows, "error": error.to_string(), "success": false }),
    };
    tell(terminal, "offsets_committed", fields)
}

/// What a rebalance changed.
struct Change {
    name: &'static str,
    partitions: Vec<TopicPartition>,
}

fn tell_rebalances(changes: &mut mpsc::Receiver<Change>, terminal: &mut Terminal<'_>) -> ToolResult {
    while let Ok(change) = changes.try_recv() {
        let rows = change.partitions.iter().map(|at| {
            let topic: &Arc<str> = &at.topic;
            json!({ "topic": &**topic, "partition": at.partition })
        });
        tell(terminal, change.name, json!({ "partitions": rows.collect::<Vec<Value>>() }))?;
    }
    Ok(())
}

/// Notes what the next line tells. A poll brings a handful of changes at most; beyond the bound they are not told.
struct Listener(mpsc::Sender<Change>);

impl RebalanceListener for Listener {
    fn on_assigned<'a>(&'a mut self, _: &'a mut Consumer, partitions: &'a [TopicPartition]) -> Listening<'a> {
        self.0.try_send(Change { name: "partitions_assigned", partitions: partitions.to_vec() }).ok();
        done()
    }

    fn on_revoked<'a>(&'a mut self, _: &'a mut Consumer, partitions: &'a [TopicPartition]) -> Listening<'a> {
        self.0.try_send(Change { name: "partitions_revoked", partitions: partitions.to_vec() }).ok();
        done()
    }
}
