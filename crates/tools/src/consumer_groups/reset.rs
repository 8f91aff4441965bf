//! `--reset-offsets`: finds new offsets by one of the scenarios, and sets them with `--execute`.

use std::collections::BTreeMap;

use klamm_client::admin::GroupOffset;
use klamm_client::{Admin, ClientError};
use klamm_model::{Offset, Timestamp, TopicPartition};
use klamm_protocol::{ErrorCode, Str};

use super::check::SCENARIOS;
use super::description::describe as descriptions;
use super::places::{self, Places};
use super::{complain, export, groups, offsets, time, wrapped};
use crate::java;
use crate::options::Given;
use crate::tool::{Terminal, ToolError, ToolResult};

/// New offsets by group.
pub(super) type Plan = BTreeMap<Str, Places>;

/// `--reset-offsets`.
pub(super) async fn reset(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let names = groups(admin, given).await?;
    let mut plan = Plan::new();
    for (group, found) in descriptions(admin, &names).await? {
        let offsets = match found {
            Ok(description) if !matches!(description.state.as_str(), "Empty" | "Dead") => {
                let state = &description.state;
                complain(
                    &format!(
                        "Assignments can only be reset if the group '{group}' is inactive, but the current state is \
                         {state}."
                    ),
                    terminal,
                )?;
                Places::new()
            }
            Ok(_) => reset_group(admin, &group, given, terminal).await?,
            Err(error) if error.code() == Some(ErrorCode::GroupIdNotFound) => {
                reset_group(admin, &group, given, terminal).await?
            }
            Err(error) => return Err(wrapped(&error)),
        };
        plan.insert(group, offsets);
    }
    if given.has("export") {
        let is_single = given.values("group").len() == 1;
        return Ok(writeln!(terminal.out, "{}", export::to_csv(&plan, is_single))?);
    }
    if given.wants_json()? { print_json(&plan, terminal) } else { print(&plan, terminal) }
}

async fn reset_group(
    admin: &Admin,
    group: &Str,
    given: &Given,
    terminal: &mut Terminal<'_>,
) -> Result<Places, ToolError> {
    let partitions = scope(admin, group, given).await?;
    let places = prepare(admin, group, &partitions, given, terminal).await?;
    if given.has("execute") && !given.has("dry-run") {
        let new = places.iter().filter_map(|(at, offset)| {
            let offset = Offset::new(*offset)?;
            Some((at.clone(), GroupOffset { offset, leader_epoch: None, metadata: String::new() }))
        });
        let told = |error: ClientError| ToolError::Failed(java::message(&error));
        let set = admin.alter_group_offsets(group, &new.collect()).await.map_err(told)?;
        for result in set.into_values() {
            result.map_err(told)?;
        }
    }
    Ok(places)
}

/// The partitions to reset.
async fn scope(admin: &Admin, group: &Str, given: &Given) -> Result<Vec<TopicPartition>, ToolError> {
    if given.has("all-topics") {
        return Ok(offsets::committed(admin, group).await?.into_keys().collect());
    }
    if given.has("topic") {
        return partitions_of_arguments(admin, &given.values("topic")).await;
    }
    if given.has("from-file") {
        return Ok(Vec::new());
    }
    Err(ToolError::usage("One of the reset scopes should be defined: --all-topics, --topic."))
}

/// Partitions of `topic` and `topic:0,1` arguments.
async fn partitions_of_arguments(
    admin: &Admin,
    arguments: &[&str],
) -> Result<Vec<TopicPartition>, ToolError> {
    let mut partitions = Vec::new();
    for argument in arguments {
        if argument.contains(':') {
            partitions.extend(parse_topic(argument)?);
        } else {
            let found = places::partitions_of(admin, argument).await;
            partitions.extend(found.map_err(|error| ToolError::Failed(java::message(&error)))?);
        }
    }
    Ok(partitions)
}

/// `topic:0,1`.
pub(super) fn parse_topic(argument: &str) -> Result<Vec<TopicPartition>, ToolError> {
    let parts: Vec<&str> = argument.trim_end_matches(':').split(':').collect();
    let [topic, partitions] = parts.as_slice() else {
        return Err(ToolError::Usage(format!(
            "Invalid topic arg '{argument}', expected topic name and partitions"
        )));
    };
    let numbers = partitions.split(',').map(|partition| {
        let number = partition.parse().map_err(|_| {
            ToolError::Usage(format!("Invalid partition '{partition}' specified in topic arg '{argument}''"))
        });
        number.map(|number| TopicPartition::new(*topic, number))
    });
    numbers.collect()
}

/// New offsets of `partitions`, by the scenario of the line.
async fn prepare(
    admin: &Admin,
    group: &Str,
    partitions: &[TopicPartition],
    given: &Given,
    terminal: &mut Terminal<'_>,
) -> Result<Places, ToolError> {
    check_partitions(admin, partitions).await?;
    if let Some(offset) = given.number::<i64>("to-offset")? {
        let wanted = partitions.iter().map(|at| (at.clone(), offset)).collect();
        return clamp(admin, wanted, terminal).await;
    }
    if given.has("to-earliest") {
        return places::beginnings(admin, partitions).await;
    }
    if given.has("to-latest") {
        return places::ends(admin, partitions).await;
    }
    if let Some(by) = given.number::<i64>("shift-by")? {
        return shift(admin, group, partitions, by, terminal).await;
    }
    if let Some(text) = given.value("to-datetime")? {
        return places::since(admin, partitions, time::parse_date_time(text)?, terminal).await;
    }
    if let Some(text) = given.value("by-duration")? {
        let since = time::now().as_millis().saturating_sub(time::parse_duration(text)?);
        return places::since(admin, partitions, Timestamp::from_millis(since), terminal).await;
    }
    if let Some(file) = given.value("from-file")? {
        let plan = export::read(file, &given.values("group"))?;
        let Some(of_group) = plan.get(group) else {
            complain(&format!("No reset plan for group {group} found"), terminal)?;
            return Ok(Places::new());
        };
        return clamp(admin, of_group.clone(), terminal).await;
    }
    if given.has("to-current") {
        return to_current(admin, group, partitions).await;
    }
    let scenarios: Vec<String> = SCENARIOS.iter().map(|name| format!("[{name}]")).collect();
    Err(ToolError::Usage(format!(
        "Option '[reset-offsets]' requires one of the following scenarios: [{}]",
        scenarios.join(", ")
    )))
}

/// Refuses partitions that do not exist or have no leader.
async fn check_partitions(admin: &Admin, partitions: &[TopicPartition]) -> ToolResult {
    let leaderless = places::without_leader(admin, partitions).await?;
    let view = admin.cluster().view();
    let joined =
        |list: Vec<&TopicPartition>| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let absent: Vec<_> = partitions.iter().filter(|at| view.partition(at).is_none()).collect();
    if !absent.is_empty() {
        return Err(ToolError::Failed(format!("The partitions \"{}\" do not exist", joined(absent))));
    }
    if !leaderless.is_empty() {
        let leaderless = joined(leaderless.iter().collect());
        return Err(ToolError::Failed(format!("The partitions \"{leaderless}\" have no leader")));
    }
    Ok(())
}

/// Puts offsets that lie outside of their partition to its nearest end.
async fn clamp(admin: &Admin, wanted: Places, terminal: &mut Terminal<'_>) -> Result<Places, ToolError> {
    let partitions: Vec<TopicPartition> = wanted.keys().cloned().collect();
    let first = places::beginnings(admin, &partitions).await?;
    let end = places::ends(admin, &partitions).await?;
    let mut clamped = Places::new();
    for (at, offset) in wanted {
        let (low, high) = (first.get(&at).copied().unwrap_or(0), end.get(&at).copied().unwrap_or(i64::MAX));
        let (new, relation) = if offset > high {
            (high, Some("higher than latest"))
        } else if offset < low {
            (low, Some("lower than earliest"))
        } else {
            (offset, None)
        };
        if let Some(relation) = relation {
            writeln!(
                terminal.err,
                "WARN New offset ({offset}) is {relation} offset for topic partition {at}. Value will be set to {new}"
            )?;
        }
        clamped.insert(at, new);
    }
    Ok(clamped)
}

async fn shift(
    admin: &Admin,
    group: &Str,
    partitions: &[TopicPartition],
    by: i64,
    terminal: &mut Terminal<'_>,
) -> Result<Places, ToolError> {
    let committed = offsets::committed(admin, group).await?;
    let wanted = partitions.iter().map(|at| match committed.get(at) {
        Some(current) => Ok((at.clone(), current.offset.get().saturating_add(by))),
        None => Err(ToolError::Usage(format!(
            "Cannot shift offset for partition {at} since there is no current committed offset"
        ))),
    });
    let wanted = wanted.collect::<Result<Places, ToolError>>()?;
    clamp(admin, wanted, terminal).await
}

async fn to_current(admin: &Admin, group: &Str, partitions: &[TopicPartition]) -> Result<Places, ToolError> {
    let committed = offsets::committed(admin, group).await?;
    let (set, unset): (Vec<&TopicPartition>, Vec<&TopicPartition>) =
        partitions.iter().partition(|at| committed.contains_key(at));
    let unset: Vec<TopicPartition> = unset.into_iter().cloned().collect();
    let mut places = places::ends(admin, &unset).await?;
    for at in set {
        if let Some(current) = committed.get(at) {
            places.insert(at.clone(), current.offset.get());
        }
    }
    Ok(places)
}

fn print(plan: &Plan, terminal: &mut Terminal<'_>) -> ToolResult {
    let group_width = plan.keys().map(|group| group.chars().count()).max().unwrap_or(0).max(15);
    let topics = plan.values().flat_map(BTreeMap::keys).map(|at| at.topic.chars().count());
    let topic_width = topics.max().unwrap_or(0).max(15);
    let mut line = |group: &str, topic: &str, partition: &str, offset: &str| {
        write!(terminal.out, "\n{group:group_width$} {topic:topic_width$} {partition:10} {offset}")
    };
    if !plan.is_empty() {
        line("GROUP", "TOPIC", "PARTITION", "NEW-OFFSET")?;
    }
    for (group, places) in plan {
        for (at, offset) in places {
            line(group, &at.topic, &at.partition.to_string(), &offset.to_string())?;
        }
    }
    Ok(writeln!(terminal.out)?)
}

fn print_json(plan: &Plan, terminal: &mut Terminal<'_>) -> ToolResult {
    let rows = plan.iter().flat_map(|(group, places)| {
        places.iter().map(move |(at, offset)| {
            serde_json::json!({
                "group": group.as_str(), "topic": &*at.topic, "partition": at.partition, "new_offset": offset,
            })
        })
    });
    Ok(writeln!(terminal.out, "{}", serde_json::Value::from_iter(rows))?)
}
