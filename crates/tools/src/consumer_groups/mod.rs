//! `kafka-consumer-groups`: list, describe and delete groups, their offsets and members (Kafka:
//! ConsumerGroupCommand).

mod check;
mod delete;
mod describe;
mod description;
mod export;
mod list;
mod offsets;
mod places;
mod print;
mod reset;
mod time;

use klamm_client::{Admin, ClientError};
use klamm_protocol::Str;

use crate::admin_client::{Bootstrap, properties, settings_with, with_admin};
use crate::java;
use crate::options::{
    BOOTSTRAP_SERVER, COMMAND_CONFIG, Given, OUTPUT, Opt, OptionTool, flag, maybe_value, value,
};
use crate::tool::{Terminal, ToolError, ToolResult};

const ACTIONS: [&str; 6] =
    ["list", "describe", "delete", "reset-offsets", "delete-offsets", "validate-regex"];

/// The tool.
pub(crate) struct ConsumerGroups;

impl OptionTool for ConsumerGroups {
    const ABOUT: &'static str = "List, describe and delete consumer groups, and reset their offsets";
    const OPTIONS: &'static [Opt] = &[
        BOOTSTRAP_SERVER,
        value("group", "GROUP", "The group; may be repeated"),
        value("topic", "TOPIC[:PARTITION,...]", "Topics whose offsets are deleted or reset; may be repeated"),
        flag("all-topics", "All topics with offsets of the group"),
        flag("list", "List the groups"),
        flag("describe", "Show the groups' offsets and lag, members or state"),
        flag("all-groups", "All groups"),
        flag("delete", "Delete groups without members"),
        value("timeout", "MS", "Longest time for a call"),
        COMMAND_CONFIG,
        flag("reset-offsets", "Set offsets of groups without members"),
        flag("delete-offsets", "Delete offsets of a group"),
        flag("dry-run", "Only show what would be reset"),
        flag("execute", "Reset it"),
        flag("export", "Print the reset as CSV, for --from-file"),
        value("to-offset", "OFFSET", "Reset to this offset"),
        value("from-file", "FILE", "Reset as this CSV file says"),
        value("to-datetime", "YYYY-MM-DDThh:mm:ss.sss", "Reset to the first record since then"),
        value("by-duration", "PnDTnHnMnS", "Reset to the first record since so long ago"),
        flag("to-earliest", "Reset to the first record"),
        flag("to-latest", "Reset to the end"),
        flag("to-current", "Reset to the offset that is set"),
        value("shift-by", "NUMBER", "Move the offset by so many"),
        flag("members", "Show members").beside(&["describe"]),
        flag("verbose", "Show more").beside(&["describe"]),
        flag("offsets", "Show offsets; the default").beside(&["describe"]),
        maybe_value("state", "STATE,...", "Show states; with --list, only groups in these")
            .beside(&["describe", "list"]),
        maybe_value("type", "TYPE,...", "List types, or only groups of these").beside(&["list"]),
        value("validate-regex", "REGEX", "Check a pattern of topics of the consumer protocol"),
        OUTPUT,
    ];

    fn run(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
        check::check(given, terminal)?;
        if given.count(&ACTIONS) != 1 {
            let names: Vec<String> = ACTIONS.iter().map(|action| format!("--{action}")).collect();
            return Err(ToolError::Usage(format!(
                "Command must include exactly one action: {}",
                names.join(", ")
            )));
        }
        if let Some(regex) = given.value("validate-regex")? {
            return validate_regex(regex, terminal);
        }
        let done = run_on_cluster(given, terminal);
        match done {
            // Kafka says it and ends well.
            Err(ToolError::Failed(reason)) => fail(&reason, terminal),
            Err(ToolError::Usage(reason)) if is_of_parser(&reason) => fail(&reason, terminal),
            done => done,
        }
    }
}

fn fail(reason: &str, terminal: &mut Terminal<'_>) -> ToolResult {
    Ok(writeln!(terminal.out, "\nError: Executing consumer group command failed due to {reason}")?)
}

/// Whether the complaint is about an option's value, which Kafka's parser finds only when it is needed.
fn is_of_parser(reason: &str) -> bool {
    reason.starts_with("Cannot parse argument") || reason.starts_with("Found multiple arguments")
}

fn run_on_cluster(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let mut properties = properties(given.value("command-config")?)?;
    let timeout: i64 = given.number("timeout")?.unwrap_or(30_000);
    properties.set("default.api.timeout.ms", timeout.to_string());
    let config =
        settings_with(Bootstrap::Servers(given.value("bootstrap-server")?.unwrap_or_default()), properties)?;
    with_admin(config, async |admin| {
        if given.has("list") {
            list::list(&admin, given, terminal).await
        } else if given.has("describe") {
            describe::describe(&admin, given, terminal).await
        } else if given.has("delete") {
            delete::delete(&admin, given, terminal).await
        } else if given.has("reset-offsets") {
            reset::reset(&admin, given, terminal).await
        } else {
            delete::delete_offsets(&admin, given, terminal).await
        }
    })
}

/// Says whether brokers take the pattern (RE2's syntax).
fn validate_regex(regex: &str, terminal: &mut Terminal<'_>) -> ToolResult {
    match regex::Regex::new(regex) {
        Ok(_) => writeln!(terminal.out, "The regular expression `{regex}` is valid.")?,
        Err(error) => {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
            writeln!(terminal.out, "The regular expression `{regex}` is invalid: {reason}.")?;
        }
    }
    Ok(())
}

/// The groups of the line: those named, or all that consumers use.
async fn groups(admin: &Admin, given: &Given) -> Result<Vec<Str>, ToolError> {
    if given.has("all-groups") {
        let listed = list::consumer_groups(admin).await?;
        return Ok(listed.into_iter().map(|group| group.group_id).collect());
    }
    let mut named: Vec<Str> = given.values("group").into_iter().map(Str::from).collect();
    named.sort();
    named.dedup();
    Ok(named)
}

/// An exception of a future inside one of the run time, as Java shows both.
fn wrapped(error: &ClientError) -> ToolError {
    ToolError::Failed(format!("java.util.concurrent.ExecutionException: {}", java::exception(error)))
}

/// An exception of a future, as Java shows it.
fn shown(error: &ClientError) -> ToolError {
    ToolError::Failed(java::exception(error))
}

/// `Error: ...` on the output, as Kafka has it: the tool goes on.
fn complain(reason: &str, terminal: &mut Terminal<'_>) -> ToolResult {
    Ok(writeln!(terminal.out, "\nError: {reason}")?)
}
