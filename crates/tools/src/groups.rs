//! `kafka-groups`: groups of all kinds (Kafka: GroupsCommand).

use klamm_protocol::messages::ListGroupsRequest;
use klamm_protocol::messages::list_groups_response::ListedGroup;

use crate::admin_client::{settings_of, with_admin};
use crate::java;
use crate::options::{BOOTSTRAP_SERVER, COMMAND_CONFIG, Given, OUTPUT, Opt, OptionTool, flag, value};
use crate::tool::{Terminal, ToolError, ToolResult};

/// The tool.
pub(crate) struct Groups;

impl OptionTool for Groups {
    const ABOUT: &'static str = "List groups of all kinds";
    const OPTIONS: &'static [Opt] = &[
        BOOTSTRAP_SERVER.required(),
        COMMAND_CONFIG,
        flag("list", "List the groups"),
        value("group-type", "TYPE", "Only groups of this type: classic, consumer, share or streams"),
        value("protocol", "PROTOCOL", "Only groups of this protocol"),
        flag("consumer", "Only groups that consumers of any kind use"),
        flag("share", "Only share groups"),
        flag("streams", "Only streams groups"),
        OUTPUT,
    ];

    fn run(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
        let filter = Filter::read(given)?;
        let wants_json = given.wants_json()?;
        let listed = with_admin(settings_of(given)?, async |admin| {
            admin
                .list_groups(&ListGroupsRequest::default())
                .await
                .map_err(|error| ToolError::Failed(java::message(&error)))
        });
        let groups: Vec<ListedGroup> = match listed {
            Ok(groups) => groups.into_iter().filter(|group| filter.passes(group)).collect(),
            Err(ToolError::Failed(reason)) => {
                writeln!(terminal.out, "Error while executing groups command : {reason}")?;
                return Err(ToolError::Silent);
            }
            Err(error) => return Err(error),
        };
        if wants_json { print_json(&groups, terminal) } else { print_table(&groups, terminal) }
    }
}

/// Which groups to show; the first that is given counts.
struct Filter<'a> {
    group_type: Option<&'static str>,
    protocol: Option<&'a str>,
    kind: Option<&'static str>,
}

impl<'a> Filter<'a> {
    fn read(given: &'a Given) -> Result<Filter<'a>, ToolError> {
        if !given.has("list") {
            return Err(ToolError::usage("Command must include exactly one action: --list."));
        }
        let group_type = match given.value("group-type")? {
            None => None,
            Some(text) => {
                let known = known_type(text);
                let refusal = || ToolError::usage("--group-type must be a valid group type.");
                Some(known.ok_or_else(refusal)?)
            }
        };
        given.exclude("consumer", &["group-type", "protocol", "share", "streams"])?;
        given.exclude("share", &["consumer", "group-type", "protocol", "streams"])?;
        given.exclude("streams", &["consumer", "group-type", "protocol", "share"])?;
        let kind = ["consumer", "share", "streams"].into_iter().find(|kind| given.has(kind));
        Ok(Filter { group_type, protocol: given.value("protocol")?, kind })
    }

    fn passes(&self, group: &ListedGroup) -> bool {
        let type_is = |wanted: &str| group.group_type.eq_ignore_ascii_case(wanted);
        if let Some(wanted) = self.group_type {
            return type_is(wanted) && self.protocol.is_none_or(|protocol| group.protocol_type == *protocol);
        }
        if let Some(protocol) = self.protocol {
            return group.protocol_type == *protocol;
        }
        match self.kind {
            None => true,
            Some("consumer") => {
                group.protocol_type == *"consumer" || group.protocol_type.is_empty() || type_is("consumer")
            }
            Some(kind) => type_is(kind),
        }
    }
}

/// The type `text` names, as Kafka writes it.
pub(crate) fn known_type(text: &str) -> Option<&'static str> {
    let known = ["Classic", "Consumer", "Share", "Streams"];
    known.into_iter().find(|name| name.eq_ignore_ascii_case(text))
}

fn print_table(groups: &[ListedGroup], terminal: &mut Terminal<'_>) -> ToolResult {
    let kind = |group: &ListedGroup| known_type(&group.group_type).unwrap_or("").to_owned();
    let rows: Vec<[String; 3]> = groups
        .iter()
        .map(|group| [group.group_id.to_string(), kind(group), group.protocol_type.to_string()])
        .collect();
    let width = rows.iter().flatten().map(|cell| cell.chars().count()).max().unwrap_or(0).max(20);
    writeln!(terminal.out, "{:width$} {:width$} {:width$}", "GROUP", "TYPE", "PROTOCOL")?;
    for [group, kind, protocol] in rows {
        writeln!(terminal.out, "{group:width$} {kind:width$} {protocol:width$} ")?;
    }
    Ok(())
}

fn print_json(groups: &[ListedGroup], terminal: &mut Terminal<'_>) -> ToolResult {
    let groups = groups.iter().map(|group| {
        serde_json::json!({
            "group": group.group_id.as_str(),
            "type": group.group_type.as_str(),
            "protocol": group.protocol_type.as_str(),
            "state": group.group_state.as_str(),
        })
    });
    Ok(writeln!(terminal.out, "{}", serde_json::Value::from_iter(groups))?)
}
