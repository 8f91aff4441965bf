//! `describe`: a summary of the quorum, or each replica of its log.

use std::time::{SystemTime, UNIX_EPOCH};

use klamm_client::{Admin, ClientError};
use klamm_model::Uuid;
use klamm_protocol::messages::describe_quorum_response::{Listener, Node, PartitionData, ReplicaState};
use klamm_protocol::messages::{DescribeClusterRequest, DescribeQuorumResponse};
use serde_json::{Value, json};

use crate::java;
use crate::options::commands::GivenCommand;
use crate::tool::{Terminal, ToolError, ToolResult};

fn failed(error: ClientError) -> ToolError {
    ToolError::Failed(java::exception(&error))
}

/// `describe`.
pub(super) async fn describe(admin: &Admin, given: &GivenCommand, terminal: &mut Terminal<'_>) -> ToolResult {
    match (given.has("status"), given.has("replication")) {
        (true, true) => Err(ToolError::failed(
            "Only one of --status or --replication should be specified with describe sub-command",
        )),
        (false, false) => Err(ToolError::failed(
            "One of --status or --replication must be specified with describe sub-command",
        )),
        (true, false) if given.has("human-readable") => {
            Err(ToolError::failed("The option --human-readable is only supported along with --replication"))
        }
        (true, false) => status(admin, given, terminal).await,
        (false, true) => replication(admin, given, terminal).await,
    }
}

async fn quorum(admin: &Admin) -> Result<(DescribeQuorumResponse, PartitionData), ToolError> {
    let response = admin.describe_quorum().await.map_err(failed)?;
    let partition = response.topics.iter().flat_map(|topic| &topic.partitions).next().cloned();
    let partition = partition.ok_or_else(|| ToolError::failed("The answer names no partition"))?;
    ClientError::check_with(partition.error_code, partition.error_message.as_deref()).map_err(failed)?;
    Ok((response, partition))
}

fn leader(partition: &PartitionData) -> Result<&ReplicaState, ToolError> {
    let voters = partition.current_voters.iter();
    let mut leaders = voters.filter(|voter| voter.replica_id == partition.leader_id);
    leaders.next().ok_or_else(|| ToolError::failed("No value present"))
}

async fn status(admin: &Admin, given: &GivenCommand, terminal: &mut Terminal<'_>) -> ToolResult {
    let cluster = admin.describe_cluster(&cluster_request(given)).await.map_err(failed)?;
    let (response, partition) = quorum(admin).await?;
    let leader = leader(&partition)?;
    let slowest = partition.current_voters.iter().min_by_key(|voter| voter.log_end_offset).unwrap_or(leader);
    let lag = leader.log_end_offset - slowest.log_end_offset;
    let lag_ms = match (leader.last_caught_up_timestamp, slowest.last_caught_up_timestamp) {
        _ if leader.replica_id == slowest.replica_id => 0,
        (leader @ 0.., slowest @ 0..) => leader - slowest,
        _ => -1,
    };
    if given.value("output") == Some("json") {
        let replicas = |replicas: &[ReplicaState]| -> Vec<Value> {
            replicas.iter().map(|replica| replica_json(replica, &response.nodes)).collect()
        };
        let shown = json!({
            "cluster_id": cluster.cluster_id.as_str(),
            "leader_id": partition.leader_id,
            "leader_epoch": partition.leader_epoch,
            "high_watermark": partition.high_watermark,
            "max_follower_lag": lag,
            "max_follower_lag_ms": lag_ms,
            "voters": replicas(&partition.current_voters),
            "observers": replicas(&partition.observers),
        });
        return Ok(writeln!(terminal.out, "{shown}")?);
    }
    let out = &mut terminal.out;
    writeln!(out, "ClusterId:              {}", cluster.cluster_id)?;
    writeln!(out, "LeaderId:               {}", partition.leader_id)?;
    writeln!(out, "LeaderEpoch:            {}", partition.leader_epoch)?;
    writeln!(out, "HighWatermark:          {}", partition.high_watermark)?;
    writeln!(out, "MaxFollowerLag:         {lag}")?;
    writeln!(out, "MaxFollowerLagTimeMs:   {lag_ms}")?;
    writeln!(out, "CurrentVoters:          {}", replicas_text(&partition.current_voters, &response.nodes))?;
    writeln!(out, "CurrentObservers:       {}", replicas_text(&partition.observers, &response.nodes))?;
    Ok(())
}

/// Controllers describe themselves; brokers refuse that.
fn cluster_request(given: &GivenCommand) -> DescribeClusterRequest {
    let endpoint_type = if given.has("bootstrap-controller") { 2 } else { 1 };
    DescribeClusterRequest { endpoint_type, ..DescribeClusterRequest::default() }
}

fn listeners(replica: &ReplicaState, nodes: &[Node]) -> Vec<String> {
    let text = |listener: &Listener| {
        let (open, close) = if listener.host.contains(':') { ("[", "]") } else { ("", "") };
        format!("{}://{open}{}{close}:{}", listener.name, listener.host, listener.port)
    };
    let node = nodes.iter().find(|node| node.node_id == replica.replica_id);
    node.map(|node| node.listeners.iter().map(text).collect()).unwrap_or_default()
}

fn replicas_text(replicas: &[ReplicaState], nodes: &[Node]) -> String {
    let text = |replica: &ReplicaState| {
        let mut text = format!("{{\"id\": {}", replica.replica_id);
        if replica.replica_directory_id != Uuid::ZERO {
            text.push_str(&format!(", \"directoryId\": \"{}\"", replica.replica_directory_id));
        }
        let listeners = listeners(replica, nodes);
        if !listeners.is_empty() {
            text.push_str(&format!(", \"endpoints\": [\"{}\"]", listeners.join("\", \"")));
        }
        text.push('}');
        text
    };
    let replicas: Vec<String> = replicas.iter().map(text).collect();
    format!("[{}]", replicas.join(", "))
}

fn replica_json(replica: &ReplicaState, nodes: &[Node]) -> Value {
    json!({
        "id": replica.replica_id,
        "directory_id": replica.replica_directory_id.to_string(),
        "endpoints": listeners(replica, nodes),
        "log_end_offset": replica.log_end_offset,
        "last_fetch_timestamp": replica.last_fetch_timestamp,
        "last_caught_up_timestamp": replica.last_caught_up_timestamp,
    })
}

async fn replication(admin: &Admin, given: &GivenCommand, terminal: &mut Terminal<'_>) -> ToolResult {
    let (response, partition) = quorum(admin).await?;
    let leader = leader(&partition)?;
    let followers = partition.current_voters.iter().filter(|voter| voter.replica_id != partition.leader_id);
    let rows = std::iter::once((leader, "Leader"))
        .chain(followers.map(|follower| (follower, "Follower")))
        .chain(partition.observers.iter().map(|observer| (observer, "Observer")));
    if given.value("output") == Some("json") {
        let rows = rows.map(|(replica, role)| {
            let mut row = replica_json(replica, &response.nodes);
            row["role"] = json!(role);
            row["lag"] = json!(leader.log_end_offset - replica.log_end_offset);
            row
        });
        return Ok(writeln!(terminal.out, "{}", Value::from_iter(rows))?);
    }
    let mut table = vec![
        [
            "NodeId",
            "DirectoryId",
            "LogEndOffset",
            "Lag",
            "LastFetchTimestamp",
            "LastCaughtUpTimestamp",
            "Status",
        ]
        .map(str::to_owned),
    ];
    let is_human = given.has("human-readable");
    for (replica, role) in rows {
        table.push([
            replica.replica_id.to_string(),
            replica.replica_directory_id.to_string(),
            replica.log_end_offset.to_string(),
            (leader.log_end_offset - replica.log_end_offset).to_string(),
            time_text(replica.last_fetch_timestamp, "last fetch", is_human)?,
            time_text(replica.last_caught_up_timestamp, "last caught up", is_human)?,
            role.to_owned(),
        ]);
    }
    let widths: Vec<usize> =
        (0..7).map(|column| table.iter().map(|row| row[column].len()).max().unwrap_or(0)).collect();
    for row in table {
        for (cell, width) in row.iter().zip(&widths) {
            write!(terminal.out, "{cell:width$}\t")?;
        }
        writeln!(terminal.out)?;
    }
    Ok(())
}

/// A time in milliseconds, -1 where there is none, or how long ago it was.
fn time_text(time: i64, what: &str, is_human: bool) -> Result<String, ToolError> {
    if time < 0 || !is_human {
        return Ok(time.to_string());
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    if time > 0 && time <= now {
        return Ok(format!("{} ms ago", now - time));
    }
    Err(ToolError::Failed(format!(
        "Error while computing relative time, possible drift in system clock.\nCurrent timestamp is {now}, {what} \
         timestamp is {time}"
    )))
}
