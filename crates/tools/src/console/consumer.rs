//! `kafka-console-consumer`: shows the records of topics (Kafka: `ConsoleConsumer`).

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Write};
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use clap::Args;
use klamm_client::consumer::TopicPattern;
use klamm_client::{Consumer, ConsumerConfig, ConsumerRecord};
use klamm_config::Properties;
use klamm_model::{Offset, TopicPartition};
use rand::RngExt as _;
use tokio::time::Instant;

use super::formatter::Formatter;
use crate::connect;
use crate::tool::{Terminal, Tool, ToolError, ToolResult};

/// One poll waits no longer, so that far time-outs stay within the clock.
const LONGEST_POLL: Duration = Duration::from_secs(3_600);
/// Longest wait for commits and goodbyes.
const CLOSE_LIMIT: Duration = Duration::from_secs(30);

/// Options of the tool.
#[derive(Args, Debug)]
pub(crate) struct ConsoleConsumer {
    /// The topic to consume from
    #[arg(long)]
    topic: Option<String>,
    /// A regular expression of topics to consume from
    #[arg(long, value_name = "REGEX")]
    include: Option<String>,
    /// The partition to consume from, beginning at its end unless --offset says otherwise
    #[arg(long)]
    partition: Option<i32>,
    /// Where to begin: an offset, earliest or latest
    #[arg(long)]
    offset: Option<String>,
    /// Begin with the earliest record where no offset is committed
    #[arg(long)]
    from_beginning: bool,
    /// End after this many records
    #[arg(long, value_name = "COUNT")]
    max_messages: Option<u64>,
    /// End when no record comes for so long
    #[arg(long, value_name = "MS", allow_negative_numbers = true)]
    timeout_ms: Option<i64>,
    /// Pass over records that cannot be shown
    #[arg(long)]
    skip_message_on_error: bool,
    /// The brokers to connect to first
    #[arg(long, value_name = "SERVERS")]
    bootstrap_server: String,
    /// The consumer group
    #[arg(long)]
    group: Option<String>,
    /// read_committed or read_uncommitted
    #[arg(long, value_name = "LEVEL")]
    isolation_level: Option<String>,
    /// The class that shows records
    #[arg(
        long,
        value_name = "CLASS",
        default_value = "org.apache.kafka.tools.consumer.DefaultMessageFormatter"
    )]
    formatter: String,
    /// Of the formatter, key=value: print.timestamp, print.key, print.offset, print.epoch, print.partition,
    /// print.headers, print.value, key.separator, line.separator, headers.separator, null.literal,
    /// key.deserializer, value.deserializer, headers.deserializer
    #[arg(long, value_name = "PROP")]
    formatter_property: Vec<String>,
    /// Deprecated; use --formatter-property
    #[arg(long, value_name = "PROP", conflicts_with = "formatter_property")]
    property: Vec<String>,
    /// A file with properties of the formatter
    #[arg(long, value_name = "FILE")]
    formatter_config: Option<PathBuf>,
    /// The class that reads keys
    #[arg(long, value_name = "CLASS")]
    key_deserializer: Option<String>,
    /// The class that reads values
    #[arg(long, value_name = "CLASS")]
    value_deserializer: Option<String>,
    /// Of the consumer, key=value
    #[arg(long, value_name = "PROP")]
    command_property: Vec<String>,
    /// Deprecated; use --command-property
    #[arg(long, value_name = "PROP", conflicts_with = "command_property")]
    consumer_property: Vec<String>,
    /// A file with properties of the consumer
    #[arg(long, value_name = "FILE")]
    command_config: Option<PathBuf>,
    /// Deprecated; use --command-config
    #[arg(long = "consumer.config", value_name = "FILE", conflicts_with = "command_config")]
    consumer_config: Option<PathBuf>,
    /// Say when the consumer has shut down
    #[arg(long)]
    enable_systest_events: bool,
}

/// What to read.
enum Source {
    Topic(String),
    Pattern(TopicPattern),
    Partition(TopicPartition, Begin),
}

/// Where to begin in a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begin {
    Earliest,
    Latest,
    At(Offset),
}

impl Tool for ConsoleConsumer {
    const ABOUT: &'static str = "Show the records of topics";

    fn run(self, terminal: &mut Terminal<'_>) -> ToolResult {
        let source = self.source()?;
        self.warn(terminal)?;
        let config = ConsumerConfig::from_properties(&self.properties()?).map_err(ToolError::failed)?;
        let run = Run {
            formatter: Formatter::new(&self.formatter, &self.formatter_properties()?, terminal.err)?,
            limit: self.max_messages,
            timeout: self.timeout_ms.and_then(|millis| u64::try_from(millis).ok()).map(Duration::from_millis),
            skip_errors: self.skip_message_on_error,
            shown: 0,
        };
        connect::block_on(run.consume(config, source, terminal))?;
        if self.enable_systest_events {
            writeln!(terminal.out, "shutdown_complete")?;
        }
        Ok(())
    }
}

impl ConsoleConsumer {
    fn warn(&self, terminal: &mut Terminal<'_>) -> ToolResult {
        let later = "is deprecated and will be removed in a future version. Use";
        if !self.consumer_property.is_empty() {
            writeln!(terminal.out, "Option --consumer-property {later} --command-property instead.")?;
        }
        if self.consumer_config.is_some() {
            writeln!(terminal.out, "Option --consumer.config {later} --command-config instead.")?;
        }
        if !self.property.is_empty() {
            writeln!(terminal.out, "Option --property {later} --formatter-property instead.")?;
        }
        Ok(())
    }

    fn source(&self) -> Result<Source, ToolError> {
        let usage = |text: &str| Err(ToolError::usage(text));
        let topic = match (&self.topic, &self.include) {
            (Some(topic), None) => topic,
            (None, Some(_)) if self.partition.is_some() => {
                return usage("The topic is required when partition is specified.");
            }
            (None, Some(_)) if self.offset.is_some() => {
                return usage("The partition is required when offset is specified.");
            }
            (None, Some(pattern)) => {
                return TopicPattern::new(pattern).map(Source::Pattern).map_err(ToolError::failed);
            }
            (Some(_), Some(_)) | (None, None) => {
                return usage("Exactly one of the following arguments is required: [topic], [include]");
            }
        };
        let Some(partition) = self.partition else {
            return match self.offset {
                Some(_) => usage("The partition is required when offset is specified."),
                None => Ok(Source::Topic(topic.clone())),
            };
        };
        if self.from_beginning && self.offset.is_some() {
            return usage("Options from-beginning and offset cannot be specified together.");
        }
        Ok(Source::Partition(TopicPartition::new(topic.as_str(), partition), self.begin()?))
    }

    fn begin(&self) -> Result<Begin, ToolError> {
        let Some(text) = &self.offset else {
            return Ok(if self.from_beginning { Begin::Earliest } else { Begin::Latest });
        };
        match text.to_lowercase().as_str() {
            "earliest" => Ok(Begin::Earliest),
            "latest" => Ok(Begin::Latest),
            number => number.parse().ok().and_then(Offset::new).map(Begin::At).ok_or_else(|| {
                ToolError::usage(format!(
                    "The provided offset value '{text}' is incorrect. Valid values are 'earliest', 'latest', or \
                     a non-negative long."
                ))
            }),
        }
    }

    fn properties(&self) -> Result<Properties, ToolError> {
        let file = self.command_config.as_deref().or(self.consumer_config.as_deref());
        let given = [&self.command_property[..], &self.consumer_property[..]].concat();
        let from_file = connect::settings(None, file, &[])?;
        let mut properties = connect::settings(Some(&self.bootstrap_server), file, &given)?;
        let mut groups: Vec<&str> =
            [self.group.as_deref(), from_file.get("group.id"), properties.get("group.id")]
                .into_iter()
                .flatten()
                .collect();
        groups.sort_unstable();
        groups.dedup();
        if groups.len() > 1 {
            let groups: Vec<String> = groups.iter().map(|group| format!("'{group}'")).collect();
            return Err(ToolError::usage(format!(
                "The group ids provided in different places (directly using '--group', via \
                 '--consumer-property', or via '--consumer.config') do not match. Detected group ids: {}",
                groups.join(", ")
            )));
        }
        if !groups.is_empty() && self.partition.is_some() {
            return Err(ToolError::usage("Options group and partition cannot be specified together."));
        }
        let group = groups.first().map(|group| (*group).to_owned());
        self.set_reset(&mut properties)?;
        connect::merge(&mut properties, "client.id", None, "console-consumer");
        connect::merge(
            &mut properties,
            "isolation.level",
            self.isolation_level.as_deref(),
            "read_uncommitted",
        );
        match group {
            Some(group) => properties.set("group.id", group),
            None => {
                let number = rand::rng().random_range(0..100_000);
                properties.set("group.id", format!("console-consumer-{number}"));
                connect::merge(&mut properties, "enable.auto.commit", None, "false");
            }
        }
        Ok(properties)
    }

    fn set_reset(&self, properties: &mut Properties) -> ToolResult {
        let own = if self.from_beginning { "earliest" } else { "latest" };
        match properties.get("auto.offset.reset") {
            Some(reset) if self.from_beginning && reset != own => Err(ToolError::failed(format!(
                "Can't simultaneously specify --from-beginning and 'auto.offset.reset={reset}', please remove one \
                 option"
            ))),
            Some(_) => Ok(()),
            None => {
                properties.set("auto.offset.reset", own);
                Ok(())
            }
        }
    }

    /// A property says more than an option, an option more than a file.
    fn formatter_properties(&self) -> Result<Properties, ToolError> {
        let given = [&self.formatter_property[..], &self.property[..]].concat();
        let mut properties = connect::settings(None, self.formatter_config.as_deref(), &given)?;
        let classes =
            [("key.deserializer", &self.key_deserializer), ("value.deserializer", &self.value_deserializer)];
        for (key, class) in classes {
            let is_given = given.iter().any(|pair| pair.split('=').next() == Some(key));
            if let Some(class) = class.as_ref().filter(|_| !is_given) {
                properties.set(key, class.as_str());
            }
        }
        Ok(properties)
    }
}

/// A run of the tool.
struct Run {
    formatter: Formatter,
    limit: Option<u64>,
    timeout: Option<Duration>,
    skip_errors: bool,
    shown: u64,
}

impl Run {
    async fn consume(
        mut self,
        config: ConsumerConfig,
        source: Source,
        terminal: &mut Terminal<'_>,
    ) -> ToolResult {
        let mut consumer = Consumer::new(config);
        begin(&mut consumer, source).map_err(ToolError::failed)?;
        let mut left = VecDeque::new();
        let ended = self.show(&mut consumer, &mut left, terminal).await;
        // What was polled and not shown is not committed.
        let mut unread: BTreeMap<TopicPartition, Offset> = BTreeMap::new();
        for record in &left {
            unread.entry(record.topic_partition()).or_insert(record.offset);
        }
        for (at, offset) in unread {
            consumer.seek(&at, offset).ok();
        }
        if let Err(error) = consumer.close(CLOSE_LIMIT).await {
            tracing::warn!(%error, "the consumer did not close in order");
        }
        let flushed = terminal.out.flush();
        writeln!(terminal.err, "Processed a total of {} messages", self.shown)?;
        ended?;
        match flushed {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            Err(_) | Ok(()) => Ok(()),
        }
    }

    async fn show(
        &mut self,
        consumer: &mut Consumer,
        left: &mut VecDeque<ConsumerRecord>,
        terminal: &mut Terminal<'_>,
    ) -> ToolResult {
        let mut interrupted = pin!(connect::interrupted());
        while self.limit.is_none_or(|limit| self.shown < limit) {
            if left.is_empty() {
                terminal.out.flush().or_else(|error| closed_pipe(error, terminal.err))?;
                let received = tokio::select! {
                    received = self.receive(consumer) => received,
                    () = &mut interrupted => return Ok(()),
                };
                match received {
                    Ok(records) => left.extend(records),
                    Err(error) => {
                        let text = "Error processing message, terminating consumer process:";
                        return Ok(writeln!(terminal.err, "ERROR {text} {error}")?);
                    }
                }
            }
            let Some(mut record) = left.pop_front() else { continue };
            // Kafka's tool does not hand the epoch on to its formatters.
            record.leader_epoch = None;
            self.shown += 1;
            match self.formatter.write(&record, terminal.out) {
                Ok(()) => {}
                Err(ToolError::Io(error)) => return closed_pipe(error, terminal.err).map_err(ToolError::Io),
                Err(error) if self.skip_errors => {
                    writeln!(terminal.err, "ERROR Error processing message, skipping this message: {error}")?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The next records. Past `timeout` without one it is an error.
    async fn receive(&self, consumer: &mut Consumer) -> Result<Vec<ConsumerRecord>, String> {
        let since = Instant::now();
        loop {
            let wait = self.timeout.unwrap_or(LONGEST_POLL).min(LONGEST_POLL);
            let records = consumer.poll(wait).await.map_err(|error| error.to_string())?;
            if !records.is_empty() {
                return Ok(records);
            }
            if self.timeout.is_some_and(|timeout| since.elapsed() >= timeout) {
                return Err("org.apache.kafka.common.errors.TimeoutException".to_owned());
            }
        }
    }
}

/// The reader of a pipe has seen enough.
fn closed_pipe(error: io::Error, err: &mut dyn Write) -> io::Result<()> {
    if error.kind() != io::ErrorKind::BrokenPipe {
        return Err(error);
    }
    writeln!(err, "Unable to write to standard out, closing consumer.")?;
    Err(error)
}

fn begin(consumer: &mut Consumer, source: Source) -> Result<(), klamm_client::ClientError> {
    match source {
        Source::Topic(topic) => consumer.subscribe([topic]),
        Source::Pattern(pattern) => consumer.subscribe_pattern(pattern),
        Source::Partition(at, begin) => {
            consumer.assign([at.clone()])?;
            match begin {
                Begin::Earliest => consumer.seek_to_beginning(&[at]),
                Begin::Latest => consumer.seek_to_end(&[at]),
                Begin::At(offset) => consumer.seek(&at, offset),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use clap::FromArgMatches as _;

    use super::*;
    use crate::tool::options;

    /// The tool as `line`, words with blanks between, calls it.
    fn called(line: &str) -> ConsoleConsumer {
        let command = options::<ConsoleConsumer>("console-consumer");
        let words = ["console-consumer", "--bootstrap-server", "localhost:9092"].into_iter();
        let matches = command.try_get_matches_from(words.chain(line.split_whitespace())).unwrap();
        ConsoleConsumer::from_arg_matches(&matches).unwrap()
    }

    #[test]
    fn a_partition_begins_at_its_end_unless_more_is_said() {
        let begin = |line: &str| match called(&format!("--topic t --partition 0 {line}")).source() {
            Ok(Source::Partition(at, begin)) => (at, begin),
            Ok(Source::Topic(_) | Source::Pattern(_)) | Err(_) => panic!("{line}"),
        };
        for (line, expected) in [
            ("", Begin::Latest),
            ("--from-beginning", Begin::Earliest),
            ("--offset Earliest", Begin::Earliest),
            ("--offset latest", Begin::Latest),
            ("--offset 7", Begin::At(Offset::at(7))),
        ] {
            assert_eq!(begin(line), (TopicPartition::new("t", 0), expected), "{line}");
        }
    }

    #[test]
    fn options_that_contradict_each_other_are_refused_in_kafkas_words() {
        for (line, words) in [
            ("", "Exactly one of the following arguments is required: [topic], [include]"),
            (
                "--topic t --include t",
                "Exactly one of the following arguments is required: [topic], [include]",
            ),
            ("--include t --partition 0", "The topic is required when partition is specified."),
            ("--topic t --offset 3", "The partition is required when offset is specified."),
            (
                "--topic t --partition 0 --offset 3 --from-beginning",
                "Options from-beginning and offset cannot be specified together.",
            ),
            (
                "--topic t --partition 0 --offset -3",
                "The provided offset value '-3' is incorrect. Valid values are 'earliest', 'latest', or a non-negative \
                 long.",
            ),
        ] {
            let refused = called(line).source().err();
            assert!(matches!(&refused, Some(ToolError::Usage(text)) if text == words), "{line}: {refused:?}");
        }
    }

    #[test]
    fn only_a_group_that_was_named_keeps_its_offsets() {
        let unnamed = called("--topic t").properties().unwrap();
        assert!(unnamed.get("group.id").unwrap().starts_with("console-consumer-"));
        assert_eq!(unnamed.get("enable.auto.commit"), Some("false"));
        for line in ["--topic t --group g", "--topic t --command-property group.id=g"] {
            let named = called(line).properties().unwrap();
            assert_eq!((named.get("group.id"), named.get("enable.auto.commit")), (Some("g"), None), "{line}");
        }
        for line in ["--topic t --group g --partition 0", "--topic t --group g --command-property group.id=h"]
        {
            let refused = called(line).properties().err();
            assert!(matches!(refused, Some(ToolError::Usage(_))), "{line}: {refused:?}");
        }
    }

    #[test]
    fn where_a_group_without_offsets_begins_is_said_once() {
        let reset = |line: &str| {
            let properties = called(line).properties().unwrap();
            properties.get("auto.offset.reset").map(str::to_owned).unwrap()
        };
        assert_eq!(reset("--topic t"), "latest");
        assert_eq!(reset("--topic t --from-beginning"), "earliest");
        assert_eq!(reset("--topic t --command-property auto.offset.reset=none"), "none");
        let contradiction = "--topic t --from-beginning --command-property auto.offset.reset=latest";
        assert!(matches!(called(contradiction).properties().err(), Some(ToolError::Failed(_))));
    }

    #[test]
    fn a_property_of_the_formatter_says_more_than_an_option() {
        let value = |line: &str| {
            let properties = called(line).formatter_properties().unwrap();
            properties.get("value.deserializer").map(str::to_owned)
        };
        assert_eq!(value("--topic t"), None);
        assert_eq!(value("--topic t --value-deserializer A").as_deref(), Some("A"));
        let both = "--topic t --value-deserializer A --formatter-property value.deserializer=B";
        assert_eq!(value(both).as_deref(), Some("B"));
    }
}
