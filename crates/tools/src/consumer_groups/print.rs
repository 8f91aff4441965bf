//! The tables of `--describe`.

use std::collections::BTreeMap;

use klamm_model::TopicPartition;
use serde_json::{Value, json};

use super::complain;
use super::description::{Description, Member};
use crate::tool::{Terminal, ToolError, ToolResult};

/// A partition of a group.
pub(super) struct Row {
    pub(super) at: TopicPartition,
    pub(super) offset: Option<i64>,
    pub(super) leader_epoch: Option<i32>,
    pub(super) end: Option<i64>,
    /// Member, host and client that work on it.
    pub(super) owner: [String; 3],
}

impl Row {
    fn lag(&self) -> Option<i64> {
        Some(self.end? - self.offset?)
    }

    pub(super) fn to_json(&self, group: &str) -> Value {
        let [consumer, host, client] = &self.owner;
        json!({
            "group": group,
            "topic": &*self.at.topic,
            "partition": self.at.partition,
            "current_offset": self.offset,
            "leader_epoch": self.leader_epoch,
            "log_end_offset": self.end,
            "lag": self.lag(),
            "consumer_id": consumer,
            "host": host,
            "client_id": client,
        })
    }
}

fn or_dash<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// Says what is special about the group's state; whether its rows are worth showing.
fn introduce(group: &str, state: &str, rows: usize, terminal: &mut Terminal<'_>) -> Result<bool, ToolError> {
    match state {
        "Dead" => complain(&format!("Consumer group '{group}' does not exist."), terminal)?,
        "Empty" => writeln!(terminal.err, "\nConsumer group '{group}' has no active members.")?,
        "PreparingRebalance" | "CompletingRebalance" | "Assigning" | "Reconciling" => {
            writeln!(terminal.err, "\nWarning: Consumer group '{group}' is rebalancing.")?;
        }
        "Stable" => {}
        other => {
            return Err(ToolError::Failed(format!(
                "Expected a valid consumer group state, but found '{other}'."
            )));
        }
    }
    Ok(state != "Dead" && rows > 0)
}

/// `--offsets`.
pub(super) fn print_offsets(
    group: &str,
    description: &Description,
    rows: &[Row],
    verbose: bool,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    if !introduce(group, &description.state, rows.len(), terminal)? {
        return Ok(());
    }
    let widest = |least: usize, cell: fn(&Row) -> &str| {
        rows.iter().map(|row| cell(row).chars().count()).max().unwrap_or(0).max(least)
    };
    let group_width = group.chars().count().max(15);
    let topic_width = widest(15, |row| &row.at.topic);
    let consumer_width = widest(15, |row| &row.owner[0]);
    let host_width = widest(15, |row| &row.owner[1]);
    let mut line = |cells: [&str; 10]| {
        let [group, topic, partition, epoch, offset, end, lag, consumer, host, client] = cells;
        write!(terminal.out, "\n{group:group_width$} {topic:topic_width$} {partition:10} ")?;
        if verbose {
            write!(terminal.out, "{epoch:15} ")?;
        }
        write!(
            terminal.out,
            "{offset:15} {end:15} {lag:15} {consumer:consumer_width$} {host:host_width$} {client}"
        )
    };
    line([
        "GROUP",
        "TOPIC",
        "PARTITION",
        "LEADER-EPOCH",
        "CURRENT-OFFSET",
        "LOG-END-OFFSET",
        "LAG",
        "CONSUMER-ID",
        "HOST",
        "CLIENT-ID",
    ])?;
    for row in rows {
        let [consumer, host, client] = &row.owner;
        line([
            group,
            &row.at.topic,
            &row.at.partition.to_string(),
            &or_dash(row.leader_epoch),
            &or_dash(row.offset),
            &or_dash(row.end),
            &or_dash(row.lag()),
            consumer,
            host,
            client,
        ])?;
    }
    Ok(writeln!(terminal.out)?)
}

/// Partitions as `topic:0,1;other:2`, `-` for none.
fn assignment(partitions: &[TopicPartition]) -> String {
    if partitions.is_empty() {
        return "-".to_owned();
    }
    let mut topics: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
    for at in partitions {
        topics.entry(&at.topic).or_default().push(at.partition);
    }
    let parts = topics.into_iter().map(|(topic, mut numbers)| {
        numbers.sort_unstable();
        let numbers: Vec<String> = numbers.iter().map(i32::to_string).collect();
        format!("{topic}:{}", numbers.join(","))
    });
    parts.collect::<Vec<_>>().join(";")
}

/// `--members`.
pub(super) fn print_members(
    group: &str,
    description: &Description,
    verbose: bool,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let members = &description.members;
    // Kafka prints the heading of a group without members too.
    let is_shown = introduce(group, &description.state, members.len(), terminal)?;
    let measured: &[Member] = if is_shown { members } else { &[] };
    let widest = |least: usize, cell: fn(&Member) -> String| {
        measured.iter().map(|member| cell(member).chars().count()).max().unwrap_or(0).max(least)
    };
    let group_width = group.chars().count().max(15);
    let id_width = widest(15, |member| member.id.clone());
    let instance_width = widest(17, |member| member.instance_id.clone());
    let host_width = widest(15, |member| member.host.clone());
    let client_width = widest(15, |member| member.client_id.clone());
    let current_width = widest(20, |member| assignment(&member.assignment));
    let target_width = widest(20, |member| assignment(&member.target));
    let has_instances = measured.iter().any(|member| !member.instance_id.is_empty());
    let speaks = |upgraded| measured.iter().any(|member| member.is_upgraded == Some(upgraded));
    let is_migrating = speaks(true) && speaks(false);
    writeln!(terminal.out)?;
    let mut line = |cells: [&str; 11]| {
        let [group, id, instance, host, client, count, epoch, current, target_epoch, target, upgraded] =
            cells;
        write!(terminal.out, "{group:group_width$} {id:id_width$} ")?;
        if has_instances {
            write!(terminal.out, "{instance:instance_width$} ")?;
        }
        write!(terminal.out, "{host:host_width$} {client:client_width$} {count:15} ")?;
        if verbose {
            write!(
                terminal.out,
                "{epoch:15} {current:current_width$} {target_epoch:15} {target:target_width$}"
            )?;
            if is_migrating {
                write!(terminal.out, " {upgraded}")?;
            }
        }
        writeln!(terminal.out)
    };
    line([
        "GROUP",
        "CONSUMER-ID",
        "GROUP-INSTANCE-ID",
        "HOST",
        "CLIENT-ID",
        "#PARTITIONS",
        "CURRENT-EPOCH",
        "CURRENT-ASSIGNMENT",
        "TARGET-EPOCH",
        "TARGET-ASSIGNMENT",
        "UPGRADED",
    ])?;
    for member in members {
        line([
            group,
            &member.id,
            &member.instance_id,
            &member.host,
            &member.client_id,
            &member.assignment.len().to_string(),
            &or_dash(member.epoch),
            &assignment(&member.assignment),
            &or_dash(description.target_epoch),
            &assignment(&member.target),
            &or_dash(member.is_upgraded),
        ])?;
    }
    Ok(())
}

/// `--state`.
pub(super) fn print_states(
    group: &str,
    description: &Description,
    verbose: bool,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    if !introduce(group, &description.state, 1, terminal)? {
        return Ok(());
    }
    let coordinator = match &description.coordinator {
        Some((id, at)) => format!("{}:{}  ({id})", at.host, at.port),
        None => "-".to_owned(),
    };
    let (group_width, coordinator_width) =
        (group.chars().count().max(15), coordinator.chars().count().max(25));
    let mut line = |cells: [&str; 7]| {
        let [group, coordinator, strategy, state, epoch, target, members] = cells;
        write!(
            terminal.out,
            "\n{group:group_width$} {coordinator:coordinator_width$} {strategy:20} {state:20} "
        )?;
        if verbose {
            write!(terminal.out, "{epoch:15} {target:25} ")?;
        }
        write!(terminal.out, "{members}")
    };
    line([
        "GROUP",
        "COORDINATOR (ID)",
        "ASSIGNMENT-STRATEGY",
        "STATE",
        "GROUP-EPOCH",
        "TARGET-ASSIGNMENT-EPOCH",
        "#MEMBERS",
    ])?;
    let strategy = if description.assignor.is_empty() { "-" } else { &description.assignor };
    line([
        group,
        &coordinator,
        strategy,
        &description.state,
        &or_dash(description.epoch),
        &or_dash(description.target_epoch),
        &description.members.len().to_string(),
    ])?;
    Ok(writeln!(terminal.out)?)
}
