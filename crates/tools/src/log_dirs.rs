//! `kafka-log-dirs`: log directories of brokers and what lies in them (Kafka: LogDirsCommand).

use std::collections::BTreeSet;

use klamm_client::{Admin, ClientError};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::describe_log_dirs_response::{DescribeLogDirsResult, DescribeLogDirsTopic};
use klamm_protocol::messages::{DescribeClusterRequest, DescribeLogDirsRequest};
use serde_json::{Value, json};

use crate::admin_client::{settings_of, with_admin};
use crate::java;
use crate::options::{BOOTSTRAP_SERVER, COMMAND_CONFIG, Given, Opt, OptionTool, flag, value};
use crate::tool::{Terminal, ToolError, ToolResult};

/// The tool.
pub(crate) struct LogDirs;

impl OptionTool for LogDirs {
    const ABOUT: &'static str = "Show the log directories of brokers";
    const OPTIONS: &'static [Opt] = &[
        BOOTSTRAP_SERVER,
        COMMAND_CONFIG,
        flag("describe", "Show the directories"),
        value("topic-list", "TOPIC,...", "Only these topics"),
        value("broker-list", "ID,...", "Only these brokers"),
    ];

    fn run(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
        given.require(&["bootstrap-server", "describe"])?;
        let topics: BTreeSet<&str> = parts(given.value("topic-list")?).collect();
        let brokers = parts(given.value("broker-list")?)
            .map(|id| id.parse().map_err(|_| ToolError::Failed(format!("For input string: \"{id}\""))));
        let brokers = brokers.collect::<Result<BTreeSet<i32>, ToolError>>()?;
        with_admin(settings_of(given)?, async |admin| describe(&admin, &brokers, &topics, terminal).await)
    }
}

fn parts(list: Option<&str>) -> impl Iterator<Item = &str> {
    list.unwrap_or_default().split(',').filter(|part| !part.is_empty())
}

async fn describe(
    admin: &Admin,
    wanted: &BTreeSet<i32>,
    topics: &BTreeSet<&str>,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let failed = |error: ClientError| ToolError::Failed(java::exception(&error));
    let cluster = admin.describe_cluster(&DescribeClusterRequest::default()).await.map_err(failed)?;
    let live: BTreeSet<i32> = cluster.brokers.iter().map(|broker| broker.broker_id).collect();
    let absent: BTreeSet<i32> = wanted.difference(&live).copied().collect();
    if !absent.is_empty() {
        return Err(ToolError::Failed(format!(
            "ERROR: The given brokers do not exist from --broker-list: {}. Current existent brokers: {}",
            ids(&absent),
            ids(&live)
        )));
    }
    let asked = if wanted.is_empty() { &live } else { wanted };
    writeln!(terminal.out, "Querying brokers for log directories information")?;
    terminal.out.flush()?;
    let mut brokers = Vec::new();
    for broker in asked {
        let request = DescribeLogDirsRequest { topics: None, ..DescribeLogDirsRequest::default() };
        let response = admin.describe_log_dirs(*broker, &request).await.map_err(failed)?;
        let directories: Vec<Value> =
            response.results.iter().map(|result| directory(result, topics)).collect();
        brokers.push(json!({"broker": broker, "logDirs": directories}));
    }
    writeln!(terminal.out, "Received log directory information from brokers {}", ids(asked))?;
    Ok(writeln!(terminal.out, "{}", json!({"brokers": brokers, "version": 1}))?)
}

fn directory(result: &DescribeLogDirsResult, topics: &BTreeSet<&str>) -> Value {
    let error = ErrorCode::from_i16(result.error_code).unwrap_or(ErrorCode::UnknownServerError);
    let error = (!error.is_none()).then(|| format!("org.apache.kafka.common.errors.{}", error.exception()));
    let wanted =
        result.topics.iter().filter(|topic| topics.is_empty() || topics.contains(topic.name.as_str()));
    let partitions: Vec<Value> = wanted.flat_map(partitions).collect();
    json!({"logDir": result.log_dir.as_str(), "error": error, "partitions": partitions})
}

fn partitions(topic: &DescribeLogDirsTopic) -> impl Iterator<Item = Value> + '_ {
    topic.partitions.iter().map(|partition| {
        json!({
            "partition": format!("{}-{}", topic.name, partition.partition_index),
            "size": partition.partition_size,
            "offsetLag": partition.offset_lag,
            "isFuture": partition.is_future_key,
        })
    })
}

fn ids(ids: &BTreeSet<i32>) -> String {
    let ids: Vec<String> = ids.iter().map(i32::to_string).collect();
    ids.join(",")
}
