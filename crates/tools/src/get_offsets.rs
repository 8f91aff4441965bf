//! `kafka-get-offsets`: offsets of partitions by place or time (Kafka: GetOffsetShell).

use std::collections::BTreeMap;

use klamm_client::Admin;
use klamm_client::admin::OffsetSpec;
use klamm_model::{Timestamp, TopicPartition};

use crate::admin_client::{settings_of, with_admin};
use crate::java;
use crate::options::{BOOTSTRAP_SERVER, COMMAND_CONFIG, Given, OUTPUT, Opt, OptionTool, flag, value};
use crate::tool::{Terminal, ToolError, ToolResult};
use crate::topic_filter::{TopicFilter, is_internal};

/// The tool.
pub(crate) struct GetOffsets;

impl OptionTool for GetOffsets {
    const ABOUT: &'static str = "Show offsets of partitions";
    const OPTIONS: &'static [Opt] = &[
        BOOTSTRAP_SERVER,
        value(
            "topic-partitions",
            "TOPIC:PARTITIONS,...",
            "Patterns of partitions: t, t:1, t:0-3, t:5-, t:-3",
        ),
        value("topic", "TOPIC", "A regular expression of topics"),
        value("partitions", "ID,...", "Numbers of partitions"),
        value(
            "time",
            "PLACE",
            "earliest, latest, max-timestamp, earliest-local, latest-tiered, or milliseconds",
        ),
        COMMAND_CONFIG,
        flag("exclude-internal-topics", "Leave out Kafka's own topics"),
        OUTPUT,
    ];
    const COMPLAINT: &'static str = "Error occurred: ";

    fn run(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
        given.require(&["bootstrap-server"])?;
        check_bootstrap(given.value("bootstrap-server")?.unwrap_or_default())?;
        let occurred = |error: ToolError| match error {
            ToolError::Failed(reason) => ToolError::Failed(format!("Error occurred: {reason}")),
            ToolError::Usage(reason) => ToolError::Usage(format!("Error occurred: {reason}")),
            other => other,
        };
        let offsets = fetch(given, terminal).map_err(occurred)?;
        if given.wants_json()? {
            let rows = offsets.values().map(|(at, offset)| {
                serde_json::json!({"topic": &*at.topic, "partition": at.partition, "offset": offset})
            });
            return Ok(writeln!(terminal.out, "{}", serde_json::Value::from_iter(rows))?);
        }
        for (at, offset) in offsets.values() {
            writeln!(terminal.out, "{}:{}:{offset}", at.topic, at.partition)?;
        }
        Ok(())
    }
}

/// Every server needs a port.
fn check_bootstrap(servers: &str) -> ToolResult {
    if servers.trim().is_empty() {
        return Err(ToolError::usage("Error while validating the bootstrap address"));
    }
    let has_port = |server: &str| {
        server.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u32>().is_ok())
    };
    if servers.split(',').all(has_port) {
        return Ok(());
    }
    Err(ToolError::usage("Please provide valid host:port like host1:9091,host2:9092"))
}

/// Offsets by the partition's text, as Kafka orders them.
fn fetch(
    given: &Given,
    terminal: &mut Terminal<'_>,
) -> Result<BTreeMap<String, (TopicPartition, i64)>, ToolError> {
    if given.has("topic-partitions") && given.count(&["topic", "partitions"]) > 0 {
        return Err(ToolError::usage("--topic-partitions cannot be used with --topic or --partitions"));
    }
    let spec = parse_spec(given.value("time")?.unwrap_or("latest"))?;
    let filter = PartitionFilter::read(given)?;
    let leaves_internal = given.has("exclude-internal-topics");
    with_admin(settings_of(given)?, async |admin| {
        let partitions = matching(&admin, &filter, leaves_internal).await?;
        if partitions.is_empty() {
            return Err(ToolError::failed("Could not match any topic-partitions with the specified filters"));
        }
        let specs = partitions.into_iter().map(|at| (at, spec)).collect();
        let listed =
            admin.list_offsets(specs, 0).await.map_err(|error| ToolError::Failed(java::message(&error)))?;
        let mut offsets = BTreeMap::new();
        for (at, found) in listed {
            match found {
                Ok(found) => {
                    if let Some(offset) = found.offset {
                        offsets.insert(at.to_string(), (at, offset.get()));
                    }
                }
                Err(error) => {
                    let reason = java::exception(&error);
                    writeln!(
                        terminal.err,
                        "Skip getting offsets for topic-partition {at} due to error: {reason}"
                    )?;
                }
            }
        }
        Ok(offsets)
    })
}

async fn matching(
    admin: &Admin,
    filter: &PartitionFilter,
    leaves_internal: bool,
) -> Result<Vec<TopicPartition>, ToolError> {
    let topics = admin.list_topics().await.map_err(|error| ToolError::Failed(java::message(&error)))?;
    let mut partitions = Vec::new();
    for topic in topics.iter().filter(|topic| !(leaves_internal && is_internal(&topic.name))) {
        let numbers = topic.partitions.iter().map(|partition| partition.index);
        let wanted = numbers.filter(|number| filter.allows(&topic.name, *number));
        partitions.extend(wanted.map(|number| TopicPartition::new(topic.name.clone(), number)));
    }
    Ok(partitions)
}

/// A place in Kafka's words, or a time in milliseconds.
fn parse_spec(text: &str) -> Result<OffsetSpec, ToolError> {
    match text {
        "earliest" | "-2" => Ok(OffsetSpec::Earliest),
        "latest" | "-1" => Ok(OffsetSpec::Latest),
        "max-timestamp" | "-3" => Ok(OffsetSpec::MaxTimestamp),
        "earliest-local" | "-4" => Ok(OffsetSpec::EarliestLocal),
        "latest-tiered" | "-5" => Ok(OffsetSpec::LatestTiered),
        "earliest-pending-upload" | "-6" => Ok(OffsetSpec::EarliestPendingUpload),
        other => {
            let time = other.parse().map(|millis| OffsetSpec::At(Timestamp::from_millis(millis)));
            time.map_err(|_| {
                ToolError::Failed(format!(
                    "Malformed time argument {other}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp \
                     / -4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload, or a specified \
                     long format timestamp"
                ))
            })
        }
    }
}

/// Rules, one of which a partition has to pass.
struct PartitionFilter(Vec<(TopicFilter, Numbers)>);

/// Numbers of partitions.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Numbers {
    All,
    These(Vec<i32>),
    Range(std::ops::Range<i32>),
}

impl PartitionFilter {
    fn read(given: &Given) -> Result<PartitionFilter, ToolError> {
        if let Some(rules) = given.value("topic-partitions")? {
            let rules = rules.trim_end_matches(',').split(',').map(parse_rule);
            return Ok(PartitionFilter(rules.collect::<Result<_, _>>()?));
        }
        let numbers = match given.value("partitions")? {
            None | Some("") => Numbers::All,
            Some(text) => {
                let numbers = text.trim_end_matches(',').split(',').map(str::parse).collect::<Result<_, _>>();
                Numbers::These(numbers.map_err(|_| {
                    ToolError::Failed(format!(
                        "--partitions expects a comma separated list of numeric partition ids, but received: {text}"
                    ))
                })?)
            }
        };
        let topics = TopicFilter::new(given.value("topic")?.unwrap_or(".*"))?;
        Ok(PartitionFilter(vec![(topics, numbers)]))
    }

    fn allows(&self, topic: &str, partition: i32) -> bool {
        self.0.iter().any(|(topics, numbers)| topics.allows(topic) && numbers.contain(partition))
    }
}

impl Numbers {
    fn contain(&self, partition: i32) -> bool {
        match self {
            Numbers::All => true,
            Numbers::These(numbers) => numbers.contains(&partition),
            Numbers::Range(range) => range.contains(&partition),
        }
    }
}

/// `topic`, `topic:1`, `topic:1-3`, `topic:1-`, `topic:-3`; an empty topic is any.
fn parse_rule(rule: &str) -> Result<(TopicFilter, Numbers), ToolError> {
    // Kafka throws one exception in another, and shows both.
    let refused = || {
        ToolError::Failed(format!(
            "org.apache.kafka.tools.TerseException: Invalid rule specification: {rule}"
        ))
    };
    let (topic, numbers) = rule.split_once(':').unwrap_or((rule, ""));
    let bound = |text: &str, open: i32| match text {
        "" => Ok(open),
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().map_err(|_| refused()),
        _ => Err(refused()),
    };
    let numbers = match numbers.split_once('-') {
        Some((low, high)) => Numbers::Range(bound(low, 0)?..bound(high, i32::MAX)?),
        None if numbers.is_empty() => Numbers::All,
        None => Numbers::These(vec![bound(numbers, 0)?]),
    };
    let topic = if topic.is_empty() { ".*" } else { topic };
    Ok((TopicFilter::new(topic)?, numbers))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rules_name_topics_and_ranges_of_partitions() {
        let numbers = |rule| parse_rule(rule).unwrap().1;
        assert_eq!(numbers("t"), Numbers::All);
        assert_eq!(numbers("t:2"), Numbers::These(vec![2]));
        assert_eq!(numbers("t:1-3"), Numbers::Range(1..3));
        assert_eq!(numbers("t:5-"), Numbers::Range(5..i32::MAX));
        assert_eq!(numbers(":-3"), Numbers::Range(0..3));
        assert!(parse_rule("t:x").is_err());
    }

    #[test]
    fn bootstrap_servers_need_ports() {
        assert!(check_bootstrap("a:1,b:2").is_ok());
        assert!(check_bootstrap("a:1,b").is_err());
        assert!(check_bootstrap(" ").is_err());
    }
}
