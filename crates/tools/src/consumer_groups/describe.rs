//! `--describe`: offsets and lag, members, or states of groups.

use std::collections::BTreeMap;

use klamm_client::Admin;
use klamm_client::admin::GroupOffset;
use klamm_model::TopicPartition;
use klamm_protocol::Str;

use super::description::{Description, describe as descriptions};
use super::print::{Row, print_members, print_offsets, print_states};
use super::{groups, offsets, places, shown};
use crate::options::Given;
use crate::tool::{Terminal, ToolError, ToolResult};

/// `--describe`.
pub(super) async fn describe(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let names = groups(admin, given).await?;
    let mut found: BTreeMap<Str, Description> = BTreeMap::new();
    for (group, description) in descriptions(admin, &names).await? {
        found.insert(group, description.map_err(|error| shown(&error))?);
    }
    let wants_json = given.wants_json()?;
    let mut json = Vec::new();
    for (group, description) in &found {
        if given.has("members") {
            if wants_json {
                json.push(members_json(group, description));
            } else {
                print_members(group, description, given.has("verbose"), terminal)?;
            }
        } else if given.has("state") {
            if wants_json {
                json.push(state_json(group, description));
            } else {
                print_states(group, description, given.has("verbose"), terminal)?;
            }
        } else {
            let rows = rows(admin, group, description).await?;
            if wants_json {
                json.extend(rows.iter().map(|row| row.to_json(group)));
            } else {
                print_offsets(group, description, &rows, given.has("verbose"), terminal)?;
            }
        }
    }
    if wants_json {
        writeln!(terminal.out, "{}", serde_json::Value::from(json))?;
    }
    Ok(())
}

/// Partitions the group has offsets of or works on, the busiest member first, then what nobody works on.
async fn rows(admin: &Admin, group: &Str, description: &Description) -> Result<Vec<Row>, ToolError> {
    let committed = offsets::committed(admin, group).await?;
    let mut members: Vec<_> =
        description.members.iter().filter(|member| !member.assignment.is_empty()).collect();
    members.sort_by_key(|member| std::cmp::Reverse(member.assignment.len()));
    let mut rows = Vec::new();
    let mut assigned = Vec::new();
    for member in members {
        let owner = [member.id.clone(), member.host.clone(), member.client_id.clone()];
        rows.extend(rows_of(admin, &member.assignment, &committed, &owner).await?);
        assigned.extend(member.assignment.iter().cloned());
    }
    let rest: Vec<TopicPartition> = committed.keys().filter(|at| !assigned.contains(at)).cloned().collect();
    if !rest.is_empty() {
        let nobody = ["-", "-", "-"].map(str::to_owned);
        rows.extend(rows_of(admin, &rest, &committed, &nobody).await?);
    }
    Ok(rows)
}

async fn rows_of(
    admin: &Admin,
    partitions: &[TopicPartition],
    committed: &BTreeMap<TopicPartition, GroupOffset>,
    owner: &[String; 3],
) -> Result<Vec<Row>, ToolError> {
    let leaderless = places::without_leader(admin, partitions).await?;
    let led: Vec<TopicPartition> = partitions.iter().filter(|at| !leaderless.contains(at)).cloned().collect();
    let ends = places::ends(admin, &led).await?;
    let mut sorted = partitions.to_vec();
    sorted.sort();
    let rows = sorted.into_iter().map(|at| {
        let offset = committed.get(&at);
        Row {
            end: ends.get(&at).copied(),
            offset: offset.map(|offset| offset.offset.get()),
            leader_epoch: offset.and_then(|offset| offset.leader_epoch).map(|epoch| epoch.get()),
            owner: owner.clone(),
            at,
        }
    });
    Ok(rows.collect())
}

fn members_json(group: &Str, description: &Description) -> serde_json::Value {
    let members = description.members.iter().map(|member| {
        serde_json::json!({
            "consumer_id": member.id,
            "instance_id": member.instance_id,
            "client_id": member.client_id,
            "host": member.host,
            "epoch": member.epoch,
            "assignment": member.assignment.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    });
    serde_json::json!({"group": group.as_str(), "members": members.collect::<Vec<_>>()})
}

fn state_json(group: &Str, description: &Description) -> serde_json::Value {
    serde_json::json!({
        "group": group.as_str(),
        "state": description.state,
        "assignor": description.assignor,
        "coordinator": description.coordinator.as_ref().map(|(id, _)| id),
        "members": description.members.len(),
        "epoch": description.epoch,
        "target_epoch": description.target_epoch,
    })
}
