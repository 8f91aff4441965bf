//! `kafka-reassign-partitions`: moves replicas between brokers and log directories (Kafka:
//! ReassignPartitionsCommand).

mod directories;
mod execute;
mod generate;
mod plan;
mod throttles;
mod verify;

use klamm_client::{Admin, ClientError};
use klamm_protocol::messages::ListPartitionReassignmentsRequest;
use klamm_protocol::messages::list_partition_reassignments_response::OngoingPartitionReassignment;
use std::collections::BTreeMap;

use klamm_model::TopicPartition;
use serde_json::{Value, json};

use crate::admin_client::{Bootstrap, properties, settings_with, with_admin};
use crate::java;
use crate::options::{COMMAND_CONFIG, Given, OUTPUT, Opt, OptionTool, flag, maybe_value, value};
use crate::tool::{Terminal, ToolError, ToolResult};

/// The actions, in Kafka's order, with what each needs and allows.
const ACTIONS: [Action; 5] = [
    Action {
        name: "generate",
        needs: &["topics-to-move-json-file", "broker-list"],
        allows: &["bootstrap-server", "command-config", "disable-rack-aware", "output"],
    },
    Action {
        name: "execute",
        needs: &["reassignment-json-file"],
        allows: &[
            "additional",
            "bootstrap-server",
            "command-config",
            "throttle",
            "replica-alter-log-dirs-throttle",
            "timeout",
            "disallow-replication-factor-change",
        ],
    },
    Action {
        name: "verify",
        needs: &["reassignment-json-file"],
        allows: &["bootstrap-server", "command-config", "preserve-throttles", "output"],
    },
    Action {
        name: "cancel",
        needs: &["reassignment-json-file"],
        allows: &[
            "bootstrap-server",
            "bootstrap-controller",
            "command-config",
            "preserve-throttles",
            "timeout",
        ],
    },
    Action {
        name: "list",
        needs: &[],
        allows: &["bootstrap-server", "bootstrap-controller", "command-config", "output"],
    },
];

struct Action {
    name: &'static str,
    needs: &'static [&'static str],
    allows: &'static [&'static str],
}

/// The tool.
pub(crate) struct ReassignPartitions;

impl OptionTool for ReassignPartitions {
    const ABOUT: &'static str = "Move replicas of partitions between brokers and log directories";
    const OPTIONS: &'static [Opt] = &[
        flag("verify", "Show how far moves are, and remove throttles when all are done"),
        flag("generate", "Propose new replicas; changes nothing"),
        flag("execute", "Start the moves of a file"),
        flag("cancel", "Stop the moves of a file"),
        flag("list", "List moves"),
        // Kafka's parser takes both also without a value, and then finds nobody to ask.
        maybe_value("bootstrap-server", "HOST:PORT,...", "Brokers to ask first"),
        maybe_value("bootstrap-controller", "HOST:PORT,...", "Controllers to ask first"),
        COMMAND_CONFIG,
        value("reassignment-json-file", "FILE", "The moves, as --generate proposes them"),
        value("topics-to-move-json-file", "FILE", r#"{"topics": [{"topic": "t"}], "version": 1}"#),
        value("broker-list", "ID,...", "Brokers to place replicas on"),
        flag("disable-rack-aware", "Do not look at racks"),
        value("throttle", "BYTES/S", "Limit of traffic between brokers; -1 for none"),
        value("replica-alter-log-dirs-throttle", "BYTES/S", "Limit of traffic between directories"),
        value("timeout", "MS", "Longest wait for moves between directories to start"),
        flag("additional", "Add to moves under way, or change their throttle"),
        flag("preserve-throttles", "Do not remove throttles"),
        flag("disallow-replication-factor-change", "Refuse moves that change how many replicas there are"),
        OUTPUT,
    ];

    fn run(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
        let action = check(given)?;
        let done = run_action(action, given, terminal);
        match done {
            // Kafka tells failures on the output.
            Err(ToolError::Failed(reason)) => {
                writeln!(terminal.out, "{reason}")?;
                Err(ToolError::Silent)
            }
            done => done,
        }
    }
}

fn check(given: &Given) -> Result<&'static str, ToolError> {
    let chosen: Vec<&Action> = ACTIONS.iter().filter(|action| given.has(action.name)).collect();
    let [action] = chosen.as_slice() else {
        let names: Vec<String> =
            ["generate", "execute", "verify", "cancel", "list"].map(|name| format!("--{name}")).to_vec();
        return Err(ToolError::Usage(format!(
            "Command must include exactly one action: {}",
            names.join(", ")
        )));
    };
    match given.count(&["bootstrap-server", "bootstrap-controller"]) {
        0 => {
            return Err(ToolError::usage(
                "Please specify either --bootstrap-server or --bootstrap-controller",
            ));
        }
        1 => {}
        _ => {
            return Err(ToolError::usage(
                "Please don't specify both --bootstrap-server and --bootstrap-controller",
            ));
        }
    }
    given.require(action.needs)?;
    let fits =
        |name: &str| name == action.name || action.needs.contains(&name) || action.allows.contains(&name);
    if let Some((odd, _)) = given.in_order().find(|(name, _)| !fits(name)) {
        return Err(ToolError::Usage(format!(
            "Option \"[{odd}]\" can't be used with action \"[{}]\"",
            action.name
        )));
    }
    Ok(action.name)
}

fn run_action(action: &str, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let wrong = |error: ToolError| match error {
        ToolError::Failed(reason) => ToolError::Failed(format!("Error: {reason}")),
        other => other,
    };
    let properties = properties(given.value("command-config")?).map_err(wrong)?;
    let bootstrap = match given.value("bootstrap-controller")? {
        Some(controllers) => Bootstrap::Controllers(controllers),
        None => Bootstrap::Servers(given.value("bootstrap-server")?.unwrap_or_default()),
    };
    let config = settings_with(bootstrap, properties).map_err(wrong)?;
    with_admin(config, async |admin| match action {
        "generate" => generate::generate(&admin, given, terminal).await,
        "execute" => execute::execute(&admin, given, terminal).await,
        "verify" => verify::verify(&admin, given, terminal).await,
        "cancel" => execute::cancel(&admin, given, terminal).await,
        _ => list(&admin, given, terminal).await,
    })
}

/// The content of the file that the option `name` names.
fn read(given: &Given, name: &str) -> Result<String, ToolError> {
    let file = given.value(name)?.unwrap_or_default();
    std::fs::read_to_string(file).map_err(|_| ToolError::Failed(format!("Error: {}", java::unreadable(file))))
}

/// A failed future, as the tool shows it.
fn failed(error: &ClientError) -> ToolError {
    ToolError::Failed(format!("Error: {}", java::exception(error)))
}

/// Moves between brokers that are under way.
async fn ongoing(admin: &Admin) -> Result<BTreeMap<TopicPartition, OngoingPartitionReassignment>, ToolError> {
    let request = ListPartitionReassignmentsRequest {
        topics: None,
        timeout_ms: admin.timeout_ms(),
        ..ListPartitionReassignmentsRequest::default()
    };
    let response = admin.list_partition_reassignments(&request).await.map_err(|error| failed(&error))?;
    ClientError::check_with(response.error_code, response.error_message.as_deref())
        .map_err(|error| failed(&error))?;
    let mut moves = BTreeMap::new();
    for topic in response.topics {
        for row in topic.partitions {
            moves.insert(TopicPartition::new(topic.name.as_str(), row.partition_index), row);
        }
    }
    Ok(moves)
}

async fn list(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let moves = ongoing(admin).await?;
    if given.wants_json()? {
        return Ok(writeln!(terminal.out, "{}", moves_json(&moves))?);
    }
    if moves.is_empty() {
        return Ok(writeln!(terminal.out, "No partition reassignments found.")?);
    }
    writeln!(terminal.out, "Current partition reassignments:")?;
    for (at, found) in moves {
        write!(terminal.out, "{at}: replicas: {}.", ids(&found.replicas))?;
        if !found.adding_replicas.is_empty() {
            write!(terminal.out, " adding: {}.", ids(&found.adding_replicas))?;
        }
        if !found.removing_replicas.is_empty() {
            write!(terminal.out, " removing: {}.", ids(&found.removing_replicas))?;
        }
        writeln!(terminal.out)?;
    }
    Ok(())
}

fn moves_json(moves: &BTreeMap<TopicPartition, OngoingPartitionReassignment>) -> Value {
    let rows = moves.iter().map(|(at, found)| {
        json!({
            "topic": &*at.topic,
            "partition": at.partition,
            "replicas": found.replicas,
            "adding": found.adding_replicas,
            "removing": found.removing_replicas,
        })
    });
    rows.collect()
}

/// `1,2`.
fn ids(ids: &[i32]) -> String {
    let ids: Vec<String> = ids.iter().map(i32::to_string).collect();
    ids.join(",")
}

/// `items` as texts, joined.
fn joined<T: ToString>(items: impl IntoIterator<Item = T>, separator: &str) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_tells_the_replicas_of_each_move() {
        let found = OngoingPartitionReassignment {
            replicas: vec![1, 2, 3],
            adding_replicas: vec![3],
            removing_replicas: vec![1],
            ..OngoingPartitionReassignment::default()
        };
        let moves = BTreeMap::from([(TopicPartition::new("t", 0), found)]);
        let expected = r#"[{"topic":"t","partition":0,"replicas":[1,2,3],"adding":[3],"removing":[1]}]"#;
        assert_eq!(moves_json(&moves).to_string(), expected);
    }
}
