//! `--list`: the groups that consumers use, with types and states.

use klamm_client::Admin;
use klamm_protocol::Str;
use klamm_protocol::messages::ListGroupsRequest;
use klamm_protocol::messages::list_groups_response::ListedGroup;

use super::wrapped;
use crate::groups::known_type;
use crate::options::Given;
use crate::tool::{Terminal, ToolError, ToolResult};

/// States a consumer group can be in.
const STATES: [&str; 7] =
    ["Empty", "Stable", "PreparingRebalance", "CompletingRebalance", "Assigning", "Reconciling", "Dead"];

/// The groups of consumers, classic ones included.
pub(super) async fn consumer_groups(admin: &Admin) -> Result<Vec<ListedGroup>, ToolError> {
    let request = ListGroupsRequest {
        types_filter: vec!["Classic".into(), "Consumer".into()],
        ..ListGroupsRequest::default()
    };
    listed(admin, &request).await
}

async fn listed(admin: &Admin, request: &ListGroupsRequest) -> Result<Vec<ListedGroup>, ToolError> {
    let groups = admin.list_groups(request).await.map_err(|error| wrapped(&error))?;
    let of_consumers =
        |group: &ListedGroup| group.protocol_type.is_empty() || group.protocol_type == *"consumer";
    Ok(groups.into_iter().filter(of_consumers).collect())
}

/// `--list`.
pub(super) async fn list(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let (shows_type, shows_state) = (given.has("type"), given.has("state"));
    let groups = if shows_type || shows_state {
        let request = ListGroupsRequest {
            states_filter: states(given.value("state")?)?,
            types_filter: types(given.value("type")?)?,
            ..ListGroupsRequest::default()
        };
        listed(admin, &request).await?
    } else {
        consumer_groups(admin).await?
    };
    if given.wants_json()? {
        return print_json(&groups, terminal);
    }
    if !shows_type && !shows_state {
        return Ok(groups.iter().try_for_each(|group| writeln!(terminal.out, "{}", group.group_id))?);
    }
    let width = groups.iter().map(|group| group.group_id.chars().count()).max().unwrap_or(0).max(15) + 10;
    let mut line = |name: &str, kind: &str, state: &str| {
        write!(terminal.out, "{name:width$}")?;
        if shows_type {
            write!(terminal.out, " {kind:20}")?;
        }
        if shows_state {
            write!(terminal.out, " {state:20}")?;
        }
        writeln!(terminal.out)
    };
    line("GROUP", "TYPE", "STATE")?;
    for group in &groups {
        let kind = known_type(&group.group_type).unwrap_or("Unknown");
        let state = if group.group_state.is_empty() { "Unknown" } else { &group.group_state };
        line(&group.group_id, kind, state)?;
    }
    Ok(())
}

fn print_json(groups: &[ListedGroup], terminal: &mut Terminal<'_>) -> ToolResult {
    let groups = groups.iter().map(|group| {
        serde_json::json!({
            "group": group.group_id.as_str(),
            "type": group.group_type.as_str(),
            "state": group.group_state.as_str(),
        })
    });
    Ok(writeln!(terminal.out, "{}", serde_json::Value::from_iter(groups))?)
}

fn states(text: Option<&str>) -> Result<Vec<Str>, ToolError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(Vec::new()) };
    let known = |name: &str| STATES.into_iter().find(|known| known.eq_ignore_ascii_case(name.trim()));
    let found: Option<Vec<&str>> = text.split(',').map(known).collect();
    let found = found.ok_or_else(|| {
        let valid = STATES.join(", ");
        ToolError::Usage(format!("Invalid state list '{text}'. Valid states are: {valid}"))
    })?;
    Ok(found.into_iter().map(Str::from).collect())
}

fn types(text: Option<&str>) -> Result<Vec<Str>, ToolError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(Vec::new()) };
    let known = |name: &str| known_type(name.trim()).filter(|kind| matches!(*kind, "Classic" | "Consumer"));
    let found: Option<Vec<&str>> = text.split(',').map(known).collect();
    let found = found.ok_or_else(|| {
        ToolError::Usage(format!("Invalid types list '{text}'. Valid types are: Consumer, Classic"))
    })?;
    Ok(found.into_iter().map(Str::from).collect())
}
