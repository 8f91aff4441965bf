//! `kafka-topics`: create, delete, describe, list and grow topics (Kafka: TopicCommand).

mod change;
mod describe;
mod description;

use klamm_client::{Admin, ClientError};
use klamm_protocol::Str;

use crate::admin_client::{settings_of, with_admin};
use crate::java;
use crate::options::{BOOTSTRAP_SERVER, COMMAND_CONFIG, Given, OUTPUT, Opt, OptionTool, flag, value};
use crate::tool::{Terminal, ToolError, ToolResult};
use crate::topic_filter::{TopicFilter, is_internal};

const ACTIONS: [&str; 5] = ["create", "list", "alter", "describe", "delete"];
const REPORTS: [&str; 4] = [
    "under-replicated-partitions",
    "under-min-isr-partitions",
    "at-min-isr-partitions",
    "unavailable-partitions",
];

/// The tool.
pub(crate) struct Topics;

impl OptionTool for Topics {
    const ABOUT: &'static str = "Create, delete, describe, list and grow topics";
    const OPTIONS: &'static [Opt] = &[
        BOOTSTRAP_SERVER,
        COMMAND_CONFIG,
        flag("list", "List topics"),
        flag("create", "Create a topic"),
        flag("delete", "Delete topics"),
        flag("alter", "Give topics more partitions"),
        flag("describe", "Show topics and their partitions"),
        value("topic", "TOPIC", "The topic; a regular expression except with --create"),
        value("topic-id", "ID", "The id of the topic to describe"),
        value("config", "NAME=VALUE", "A config of the topic to create"),
        value("delete-config", "NAME", "Without effect since 4.0"),
        value("partitions", "NUMBER", "How many partitions the topic gets"),
        value("replication-factor", "NUMBER", "How many replicas each partition gets"),
        value("replica-assignment", "ID:ID,ID:ID", "Brokers of each partition, the preferred leader first"),
        flag("under-replicated-partitions", "Show only partitions with replicas out of sync"),
        flag("unavailable-partitions", "Show only partitions without a live leader"),
        flag("under-min-isr-partitions", "Show only partitions with fewer in sync than configured"),
        flag("at-min-isr-partitions", "Show only partitions with just as many in sync as configured"),
        flag("topics-with-overrides", "Show only topics with configs of their own"),
        flag("if-exists", "Do nothing where the topic does not exist"),
        flag("if-not-exists", "Do nothing where the topic exists"),
        flag("exclude-internal", "Leave out Kafka's own topics"),
        value("partition-size-limit-per-response", "NUMBER", "Most partitions in one answer"),
        OUTPUT,
    ];

    fn run(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
        check(given, terminal)?;
        let config = settings_of(given)?;
        let done = with_admin(config, async |admin| run_action(&admin, given, terminal).await);
        match done {
            // What is wrong with a value is found only when it is needed.
            Err(ToolError::Failed(reason) | ToolError::Usage(reason)) => {
                writeln!(terminal.out, "Error while executing topic command : {reason}")?;
                Err(ToolError::Silent)
            }
            done => done,
        }
    }
}

async fn run_action(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    if given.has("create") {
        change::create(admin, given, terminal).await
    } else if given.has("alter") {
        change::grow(admin, given).await
    } else if given.has("list") {
        list(admin, given, terminal).await
    } else if given.has("describe") {
        describe::describe(admin, given, terminal).await
    } else {
        change::delete(admin, given).await
    }
}

/// Refuses options that do not go together.
fn check(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    if given.count(&ACTIONS) != 1 {
        return Err(ToolError::usage(
            "Command must include exactly one action: --list, --describe, --create, --alter or --delete",
        ));
    }
    if given.has("delete-config") {
        writeln!(
            terminal.err,
            "delete-config option is no longer supported and deprecated since version 4.0. The config will be fully \
             removed in future releases."
        )?;
    }
    check_required(given, terminal)?;
    check_excluded(given)
}

fn check_required(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    if !given.has("bootstrap-server") {
        return Err(ToolError::usage("--bootstrap-server must be specified"));
    }
    if given.has("describe") && given.has("if-exists") {
        if given.count(&["topic", "topic-id"]) == 0 {
            return Err(ToolError::usage("--topic or --topic-id is required to describe a topic"));
        }
        if given.count(&["topic", "topic-id"]) == 2 {
            writeln!(
                terminal.out,
                "Only topic id will be used when both --topic and --topic-id are specified and topicId is not \
                 Uuid.ZERO_UUID"
            )?;
        }
    }
    if !given.has("list") && !given.has("describe") {
        given.require(&["topic"])?;
    }
    if given.has("alter") {
        if given.has("config") {
            return Err(ToolError::usage(
                "Option combination \"[[bootstrap-server], [config]]\" can't be used with option \"[alter]\" (To alter \
                 topic configurations, the kafka-configs tool can be used.)",
            ));
        }
        given.require(&["partitions"])?;
    }
    Ok(())
}

fn check_excluded(given: &Given) -> ToolResult {
    let all_but = |kept: &[&str]| -> Vec<&'static str> {
        ACTIONS.into_iter().filter(|action| !kept.contains(action)).collect()
    };
    given.exclude("config", &all_but(&["alter", "create"]))?;
    given.exclude("partitions", &all_but(&["alter", "create"]))?;
    given.exclude("replication-factor", &all_but(&["create"]))?;
    given.exclude("replica-assignment", &all_but(&["alter", "create"]))?;
    if given.has("create") {
        given.exclude("replica-assignment", &["partitions", "replication-factor"])?;
    }
    for report in REPORTS {
        let mut excluded = all_but(&["describe"]);
        excluded.push("topics-with-overrides");
        given.exclude(report, &excluded)?;
    }
    let mut excluded = all_but(&["describe"]);
    excluded.extend(REPORTS);
    given.exclude("topics-with-overrides", &excluded)?;
    given.exclude("if-exists", &all_but(&["alter", "delete", "describe"]))?;
    given.exclude("if-not-exists", &all_but(&["create"]))?;
    given.exclude("exclude-internal", &all_but(&["list", "describe"]))
}

async fn list(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let names = names(admin, given).await?;
    if given.wants_json()? {
        let names: Vec<&str> = names.iter().map(Str::as_str).collect();
        writeln!(terminal.out, "{}", serde_json::json!(names))?;
        return Ok(());
    }
    let names: Vec<&str> = names.iter().map(Str::as_str).collect();
    Ok(writeln!(terminal.out, "{}", names.join("\n"))?)
}

/// The names that `--topic` and `--exclude-internal` leave, sorted.
async fn names(admin: &Admin, given: &Given) -> Result<Vec<Str>, ToolError> {
    let topics = admin.list_topics().await.map_err(failed)?;
    let filter = given.value("topic")?.map(TopicFilter::new).transpose()?;
    let leaves_internal = given.has("exclude-internal");
    let wanted = |name: &&str| {
        filter.as_ref().is_none_or(|filter| filter.allows(name)) && !(leaves_internal && is_internal(name))
    };
    Ok(topics.iter().map(|topic| &*topic.name).filter(wanted).map(Str::from).collect())
}

/// Refuses a `--topic` that names nothing, unless `--if-exists` allows it.
fn check_found<T>(found: &[T], given: &Given) -> ToolResult {
    let topic = given.value("topic")?.filter(|topic| !topic.is_empty());
    match topic {
        Some(topic) if found.is_empty() && !given.has("if-exists") => {
            Err(ToolError::Failed(format!("Topic '{topic}' does not exist as expected")))
        }
        Some(_) | None => Ok(()),
    }
}

/// What the cluster answered, as a failure in Java's words.
fn failed(error: ClientError) -> ToolError {
    ToolError::Failed(java::message(&error))
}
