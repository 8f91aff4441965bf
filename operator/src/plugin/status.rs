//! `status`: quorum, nodes, the operation, what is in the way, the certificates.

use klamm_manifest::{Condition, ConditionStatus, KafkaClusterStatus};

use super::{Asked, PluginError, table};

/// Conditions that hold in a cluster that is well; of the others, those that hold are trouble.
const GOOD: [&str; 3] = ["Ready", "QuorumHealthy", "CertificatesReady"];

/// The status as the operator last told it, for people.
pub async fn status(asked: &Asked) -> Result<String, PluginError> {
    let cluster = asked.cluster().await?;
    let Some(status) = &cluster.status else {
        return Ok("no operator has looked at it yet\n".to_owned());
    };
    let mut text = head(status);
    if status.observed_generation != cluster.metadata.generation {
        text.push_str("The operator has not seen the last edit yet.\n");
    }
    text.push('\n');
    text.push_str(&nodes(status));
    let trouble: Vec<&Condition> = status.conditions.iter().filter(|one| is_trouble(one)).collect();
    if !trouble.is_empty() {
        text.push('\n');
        let row = |one: &&Condition| vec![one.kind.clone(), one.reason.clone(), one.message.clone()];
        text.push_str(&table(&trouble.iter().map(row).collect::<Vec<_>>()));
    }
    Ok(text)
}

fn is_trouble(condition: &Condition) -> bool {
    let holds = condition.status == ConditionStatus::True;
    if condition.kind == "Progressing" {
        return false;
    }
    holds != GOOD.contains(&condition.kind.as_str())
}

fn head(status: &KafkaClusterStatus) -> String {
    let mut rows = Vec::new();
    let mut row = |key: &str, value: String| rows.push(vec![format!("{key}:"), value]);
    let ready = status.conditions.iter().find(|one| one.kind == "Ready");
    row("Ready", ready.map_or("unknown".to_owned(), |one| format!("{} ({})", word(one.status), one.reason)));
    row("Cluster id", status.cluster_id.clone().unwrap_or_else(|| "none".to_owned()));
    if let Some(version) = &status.metadata_version {
        row("metadata.version", version.clone());
    }
    let counts = &status.brokers;
    row("Brokers", format!("{} of {} ready, {} up to date", counts.ready, counts.replicas, counts.updated));
    if let Some(quorum) = &status.quorum {
        let leader = quorum.leader_id.map_or("none".to_owned(), |id| id.to_string());
        let voters = quorum.voters.iter().map(|voter| match voter.lag {
            0 => voter.id.to_string(),
            lag => format!("{} ({lag} behind)", voter.id),
        });
        let voters = voters.collect::<Vec<_>>().join(", ");
        row("Quorum", format!("leader {leader} in epoch {}, voters {voters}", quorum.epoch));
    }
    match &status.operation {
        Some(operation) => {
            row("Operation", format!("{} since {}", operation.kind, operation.started_at));
            row("Step", format!("{}: {}", operation.step, operation.message));
        }
        None => row("Operation", "none".to_owned()),
    }
    if let Some(certificates) = &status.certificates {
        let until =
            format!("{}, their authority until {}", certificates.nodes_until, certificates.authority_until);
        row("Certificates", format!("{}, valid until {until}", certificates.phase));
    }
    for listener in &status.listeners {
        row("Listener", format!("{} {}", listener.name, listener.bootstrap));
    }
    table(&rows)
}

fn word(status: ConditionStatus) -> &'static str {
    match status {
        ConditionStatus::True => "True",
        ConditionStatus::False => "False",
        ConditionStatus::Unknown => "Unknown",
    }
}

fn nodes(status: &KafkaClusterStatus) -> String {
    let head = ["NODE", "ROLE", "STATE", "VERSION", "POD", "MESSAGE"].map(str::to_owned).to_vec();
    let row = |node: &klamm_manifest::NodeStatus| {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let message = node.message.clone().unwrap_or_default();
        let role = node.role.clone();
        vec![
            node.id.to_string(),
            role,
            node.state.clone(),
            or_dash(&node.version),
            or_dash(&node.pod),
            message,
        ]
    };
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(status.nodes.iter().map(row)).collect();
    table(&rows)
}
