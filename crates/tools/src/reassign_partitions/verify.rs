//! `--verify`: how far moves are.

use std::collections::BTreeSet;

use klamm_client::Admin;
use klamm_protocol::{ErrorCode, Str};

use super::directories::{Whereabouts, locate};
use super::plan::{MovePlan, Replica};
use super::{failed, ids, ongoing, read, throttles};
use crate::options::Given;
use crate::tool::{Terminal, ToolError, ToolResult};

/// `--verify`.
pub(super) async fn verify(admin: &Admin, given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    let plan = MovePlan::parse(&read(given, "reassignment-json-file")?)?;
    let is_moving_brokers = verify_brokers(admin, &plan, terminal).await?;
    let is_moving_directories = verify_directories(admin, &plan, terminal).await?;
    if is_moving_brokers || is_moving_directories || given.has("preserve-throttles") {
        return Ok(());
    }
    throttles::clear(admin, &plan.rows, terminal).await
}

/// Tells of each partition; whether any partition of the cluster moves.
async fn verify_brokers(
    admin: &Admin,
    plan: &MovePlan,
    terminal: &mut Terminal<'_>,
) -> Result<bool, ToolError> {
    let under_way = ongoing(admin).await?;
    let settled = plan.rows.iter().filter(|(at, _)| !under_way.contains_key(at));
    let topics: BTreeSet<&str> = settled.map(|(at, _)| &*at.topic).collect();
    let names: Vec<Str> = topics.into_iter().map(Str::from).collect();
    let described = admin.describe_topics(&names).await.map_err(|error| failed(&error))?;
    writeln!(terminal.out, "Status of partition reassignment:")?;
    let mut rows = plan.rows.clone();
    rows.sort();
    for (at, target) in rows {
        if under_way.contains_key(&at) {
            writeln!(terminal.out, "Reassignment of partition {at} is still in progress.")?;
            continue;
        }
        let replicas = match described.get(&*at.topic) {
            Some(Ok(topic)) => topic.partition(at.partition).map(|found| found.replicas.clone()),
            Some(Err(ErrorCode::UnknownTopicOrPartition)) | None => None,
            Some(Err(error)) => return Err(failed(&klamm_client::ClientError::kafka(*error))),
        };
        let replicas = replicas.unwrap_or_default();
        if replicas == target {
            writeln!(terminal.out, "Reassignment of partition {at} is completed.")?;
        } else {
            writeln!(
                terminal.out,
                "There is no active reassignment of partition {at}, but replica set is {} rather than {}.",
                ids(&replicas),
                ids(&target)
            )?;
        }
    }
    Ok(!under_way.is_empty())
}

/// Tells of each replica with a directory; whether any moves.
async fn verify_directories(
    admin: &Admin,
    plan: &MovePlan,
    terminal: &mut Terminal<'_>,
) -> Result<bool, ToolError> {
    let places = locate(admin, plan.directories.keys().cloned()).await?;
    let mut lines = Vec::new();
    let mut is_moving = false;
    for (replica, target) in &plan.directories {
        let place = places.get(replica).cloned().unwrap_or_default();
        is_moving |= place.future.is_some();
        lines.push(state(replica, target, &place));
    }
    writeln!(terminal.out, "{}", lines.join("\n"))?;
    Ok(is_moving)
}

fn state(replica: &Replica, target: &str, place: &Whereabouts) -> String {
    let (at, broker) = (&replica.at, replica.broker);
    match (&place.current, &place.future) {
        (None, _) => format!(
            "Partition {at} is not found in any live log dir on broker {broker}. There is likely an offline log \
             directory on the broker."
        ),
        (Some(_), Some(future)) if future == target => {
            format!("Reassignment of replica {replica} is still in progress.")
        }
        (Some(_), Some(future)) => {
            format!(
                "Partition {at} on broker {broker} is being moved to log dir {future} instead of {target}."
            )
        }
        (Some(current), None) if current == target => {
            format!("Reassignment of replica {replica} completed successfully.")
        }
        (Some(current), None) => format!(
            "Partition {at} on broker {broker} is not being moved from log dir {current} to {target}."
        ),
    }
}
