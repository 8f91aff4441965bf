//! `kafka-leader-election`: elects leaders of partitions (Kafka: LeaderElectionCommand).

use std::collections::BTreeMap;

use klamm_client::{Admin, ClientError};
use klamm_model::TopicPartition;
use klamm_protocol::messages::ElectLeadersRequest;
use klamm_protocol::messages::elect_leaders_request::TopicPartitions;
use klamm_protocol::{ErrorCode, Str};
use serde_json::{Value, json};

use crate::admin_client::{Bootstrap, properties, settings_with, with_admin};
use crate::java;
use crate::options::{BOOTSTRAP_SERVER, COMMAND_CONFIG, Given, OUTPUT, Opt, OptionTool, flag, value};
use crate::tool::{Terminal, ToolError, ToolResult};

/// The tool.
pub(crate) struct LeaderElection;

impl OptionTool for LeaderElection {
    const ABOUT: &'static str = "Elect the preferred leaders of partitions, or leaders out of sync";
    const OPTIONS: &'static [Opt] = &[
        BOOTSTRAP_SERVER,
        value("admin.config", "FILE", "Deprecated: use --command-config"),
        COMMAND_CONFIG,
        value("path-to-json-file", "FILE", r#"{"partitions": [{"topic": "t", "partition": 0}]}"#),
        value("topic", "TOPIC", "The topic"),
        value("partition", "ID", "Its partition"),
        flag("all-topic-partitions", "All partitions"),
        value("election-type", "preferred|unclean", "Which replica to elect"),
        OUTPUT,
    ];

    fn run(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
        check(given)?;
        let kind = ElectionType::read(given.value("election-type")?.unwrap_or_default())?;
        let partitions = partitions(given)?;
        let wants_json = given.wants_json()?;
        let file = match given.value("admin.config")? {
            Some(file) => {
                writeln!(
                    terminal.out,
                    "Option --admin.config has been deprecated and will be removed in a future version. Use \
                     --command-config instead."
                )?;
                Some(file)
            }
            None => given.value("command-config")?,
        };
        let mut properties = properties(file)?;
        for (key, default) in [("default.api.timeout.ms", "30000"), ("request.timeout.ms", "15000")] {
            if !properties.contains(key) {
                properties.set(key, default);
            }
        }
        let servers = Bootstrap::Servers(given.value("bootstrap-server")?.unwrap_or_default());
        let config = settings_with(servers, properties)?;
        with_admin(config, async |admin| {
            let elected = elect(&admin, kind, partitions, terminal).await?;
            if wants_json {
                writeln!(terminal.out, "{}", elected.to_json(kind))?;
            } else {
                elected.print(kind, terminal)?;
            }
            elected.verdict()
        })
    }
}

fn check(given: &Given) -> ToolResult {
    let required = ["bootstrap-server", "election-type"];
    let missing: Vec<&str> = required.into_iter().filter(|name| !given.has(name)).collect();
    if !missing.is_empty() {
        return Err(ToolError::Usage(format!("Missing required option(s): {}", missing.join(", "))));
    }
    given.exclude("admin.config", &["command-config"])?;
    let scopes = ["topic", "all-topic-partitions", "path-to-json-file"];
    if given.count(&scopes) != 1 {
        return Err(ToolError::Usage(format!(
            "One and only one of the following options is required: {}",
            scopes.join(", ")
        )));
    }
    match (given.has("topic"), given.has("partition")) {
        (true, false) => Err(ToolError::usage("Missing required option(s): partition")),
        (false, true) => Err(ToolError::usage("Option partition is only allowed if topic is used")),
        (true, true) | (false, false) => Ok(()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ElectionType {
    Preferred,
    Unclean,
}

impl ElectionType {
    fn read(text: &str) -> Result<ElectionType, ToolError> {
        match text.to_ascii_lowercase().as_str() {
            "preferred" => Ok(ElectionType::Preferred),
            "unclean" => Ok(ElectionType::Unclean),
            _ => Err(ToolError::Usage(format!("Cannot parse argument '{text}' of option election-type"))),
        }
    }

    fn name(self) -> &'static str {
        match self {
            ElectionType::Preferred => "PREFERRED",
            ElectionType::Unclean => "UNCLEAN",
        }
    }

    fn code(self) -> i8 {
        match self {
            ElectionType::Preferred => 0,
            ElectionType::Unclean => 1,
        }
    }
}

/// The partitions of the line; `None` for all.
fn partitions(given: &Given) -> Result<Option<Vec<TopicPartition>>, ToolError> {
    if let Some(file) = given.value("path-to-json-file")? {
        let text = std::fs::read_to_string(file)
            .map_err(|_| ToolError::Failed(format!("java.io.IOException: {}", java::unreadable(file))))?;
        return parse(&text).map(Some);
    }
    let topic = given.value("topic")?;
    let partition = given.number("partition")?;
    Ok(topic.zip(partition).map(|(topic, partition)| vec![TopicPartition::new(topic, partition)]))
}

fn parse(text: &str) -> Result<Vec<TopicPartition>, ToolError> {
    let root: Value =
        serde_json::from_str(text).map_err(|_| ToolError::failed("Replica election data is empty"))?;
    let rows = root
        .get("partitions")
        .ok_or_else(|| ToolError::failed("Replica election data is missing \"partitions\" field"))?;
    let mut partitions: Vec<TopicPartition> = Vec::new();
    let mut twice = Vec::new();
    for row in rows.as_array().into_iter().flatten() {
        let missing = |field: &str| ToolError::Failed(format!("No such field exists: `{field}`"));
        let topic = row.get("topic").and_then(Value::as_str).ok_or_else(|| missing("topic"))?;
        let partition = row.get("partition").and_then(Value::as_i64).ok_or_else(|| missing("partition"))?;
        let at = TopicPartition::new(topic, i32::try_from(partition).unwrap_or(-1));
        if partitions.contains(&at) && !twice.contains(&at.to_string()) {
            twice.push(at.to_string());
        }
        partitions.push(at);
    }
    if twice.is_empty() {
        return Ok(partitions);
    }
    let twice = twice.join(", ");
    Err(ToolError::Failed(format!("Replica election data contains duplicate partitions: [{twice}]")))
}

async fn elect(
    admin: &Admin,
    kind: ElectionType,
    partitions: Option<Vec<TopicPartition>>,
    terminal: &mut Terminal<'_>,
) -> Result<Elected, ToolError> {
    let topic_partitions = partitions.map(|partitions| {
        let mut topics: BTreeMap<Str, Vec<i32>> = BTreeMap::new();
        for at in partitions {
            topics.entry(Str::from(&*at.topic)).or_default().push(at.partition);
        }
        let topics = topics.into_iter().map(|(topic, partitions)| TopicPartitions {
            topic,
            partitions,
            ..TopicPartitions::default()
        });
        topics.collect()
    });
    let request = ElectLeadersRequest {
        election_type: kind.code(),
        topic_partitions,
        timeout_ms: admin.timeout_ms(),
        ..ElectLeadersRequest::default()
    };
    let response = admin.elect_leaders(&request).await;
    let response = response.and_then(|response| ClientError::check(response.error_code).map(|()| response));
    let response = match response {
        Ok(response) => response,
        Err(error) => return Err(refused(&error, terminal)?),
    };
    let mut done = Elected::default();
    for topic in &response.replica_election_results {
        for row in &topic.partition_result {
            let at = TopicPartition::new(topic.topic.as_str(), row.partition_id);
            match ClientError::check_with(row.error_code, row.error_message.as_deref()) {
                Ok(()) => done.elected.push(at),
                Err(error) if error.code() == Some(ErrorCode::ElectionNotNeeded) => done.needless.push(at),
                Err(error) => done.failures.push((at, error)),
            }
        }
    }
    Ok(done)
}

/// What became of each partition.
#[derive(Debug, Default)]
struct Elected {
    elected: Vec<TopicPartition>,
    /// They have their leader already.
    needless: Vec<TopicPartition>,
    failures: Vec<(TopicPartition, ClientError)>,
}

impl Elected {
    fn print(&self, kind: ElectionType, terminal: &mut Terminal<'_>) -> ToolResult {
        let name = kind.name();
        let list = |partitions: &[TopicPartition]| {
            partitions.iter().map(TopicPartition::to_string).collect::<Vec<_>>().join(", ")
        };
        if !self.elected.is_empty() {
            let elected = list(&self.elected);
            writeln!(
                terminal.out,
                "Successfully completed leader election ({name}) for partitions {elected}"
            )?;
        }
        if !self.needless.is_empty() {
            let needless = list(&self.needless);
            writeln!(terminal.out, "Valid replica already elected for partitions {needless}")?;
        }
        for (at, error) in &self.failures {
            let reason = java::exception(error);
            writeln!(
                terminal.out,
                "Error completing leader election ({name}) for partition: {at}: {reason}"
            )?;
        }
        Ok(())
    }

    fn to_json(&self, kind: ElectionType) -> Value {
        let row = |at: &TopicPartition, outcome: &str| json!({"topic": &*at.topic, "partition": at.partition, "outcome": outcome});
        let mut rows: Vec<Value> = self.elected.iter().map(|at| row(at, "elected")).collect();
        rows.extend(self.needless.iter().map(|at| row(at, "not_needed")));
        rows.extend(self.failures.iter().map(|(at, error)| {
            let mut failed = row(at, "failed");
            failed["error"] = java::exception(error).into();
            failed
        }));
        json!({"election_type": kind.name(), "partitions": rows})
    }

    fn verdict(&self) -> ToolResult {
        match self.failures.len() {
            0 => Ok(()),
            count => Err(ToolError::Failed(format!("{count} replica(s) could not be elected"))),
        }
    }
}

/// The failure of the whole; two kinds are told on the output too.
fn refused(error: &ClientError, terminal: &mut Terminal<'_>) -> Result<ToolError, ToolError> {
    let known = match error.code() {
        Some(ErrorCode::ClusterAuthorizationFailed) => Some("Not authorized to perform leader election"),
        Some(ErrorCode::RequestTimedOut) => Some("Timeout waiting for election results"),
        _ if error.is_connection_error() => Some("Timeout waiting for election results"),
        _ => None,
    };
    Ok(match known {
        Some(text) => {
            writeln!(terminal.out, "{text}")?;
            ToolError::failed(text)
        }
        None => {
            ToolError::Failed(format!("java.util.concurrent.ExecutionException: {}", java::exception(error)))
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn json_tells_the_outcome_of_each_partition() {
        let at = |partition| TopicPartition::new("t", partition);
        let error = ClientError::kafka(ErrorCode::PreferredLeaderNotAvailable);
        let done =
            Elected { elected: vec![at(0)], needless: vec![at(1)], failures: vec![(at(2), error.clone())] };
        let expected = format!(
            r#"{{"election_type":"PREFERRED","partitions":[{{"topic":"t","partition":0,"outcome":"elected"}},{{"topic":"t","partition":1,"outcome":"not_needed"}},{{"topic":"t","partition":2,"outcome":"failed","error":{}}}]}}"#,
            Value::from(java::exception(&error))
        );
        assert_eq!(done.to_json(ElectionType::Preferred).to_string(), expected);
        assert!(done.verdict().is_err());
    }

    #[test]
    fn files_name_each_partition_once() {
        let row = r#"{"topic":"t","partition":1}"#;
        assert_eq!(parse(&format!(r#"{{"partitions":[{row}]}}"#)).unwrap(), [TopicPartition::new("t", 1)]);
        let refusal = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(refusal("{}"), "Replica election data is missing \"partitions\" field");
        assert_eq!(
            refusal(&format!(r#"{{"partitions":[{row},{row}]}}"#)),
            "Replica election data contains duplicate partitions: [t-1]"
        );
    }
}
