//! Log directories of replicas: where they lie, where they are going, and starting them on their way.

use std::collections::{BTreeMap, BTreeSet};

use klamm_client::{Admin, ClientError};
use klamm_model::TopicPartition;
use klamm_protocol::messages::alter_replica_log_dirs_request::{AlterReplicaLogDir, AlterReplicaLogDirTopic};
use klamm_protocol::messages::{AlterReplicaLogDirsRequest, DescribeLogDirsRequest};
use klamm_protocol::{ErrorCode, Str};
use std::time::Duration;
use tokio::time::{Instant, sleep};

use super::plan::Replica;
use super::{failed, joined};
use crate::java;
use crate::tool::{Terminal, ToolError, ToolResult};

/// Between two tries to start moves that their broker does not know yet.
const AGAIN: Duration = Duration::from_millis(100);

/// Where a replica lies, and where it is going.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Whereabouts {
    pub(super) current: Option<String>,
    pub(super) future: Option<String>,
}

/// Whereabouts of `replicas`; those of no live broker are left out.
pub(super) async fn locate(
    admin: &Admin,
    replicas: impl IntoIterator<Item = Replica>,
) -> Result<BTreeMap<Replica, Whereabouts>, ToolError> {
    let mut found: BTreeMap<Replica, Whereabouts> =
        replicas.into_iter().map(|replica| (replica, Whereabouts::default())).collect();
    let brokers: BTreeSet<i32> = found.keys().map(|replica| replica.broker).collect();
    for broker in brokers {
        let request = DescribeLogDirsRequest { topics: None, ..DescribeLogDirsRequest::default() };
        let response = admin.describe_log_dirs(broker, &request).await.map_err(|error| failed(&error))?;
        for directory in &response.results {
            for topic in &directory.topics {
                for row in &topic.partitions {
                    let at = TopicPartition::new(topic.name.as_str(), row.partition_index);
                    let Some(place) = found.get_mut(&Replica { broker, at }) else { continue };
                    let which = if row.is_future_key { &mut place.future } else { &mut place.current };
                    *which = Some(directory.log_dir.to_string());
                }
            }
        }
    }
    Ok(found)
}

/// Starts the moves to `wanted`; tries again until `timeout_ms` is over where a broker does not know the
/// replica yet.
pub(super) async fn start_moves(
    admin: &Admin,
    wanted: &BTreeMap<Replica, String>,
    timeout_ms: u64,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let deadline = Instant::now() + Duration::from_millis(timeout_ms);
    let mut pending = wanted.clone();
    loop {
        for replica in start_once(admin, &pending).await? {
            if let Some(directory) = pending.remove(&replica) {
                writeln!(
                    terminal.out,
                    "Successfully started moving log directory to {directory} for replica {} with broker {} ",
                    replica.at, replica.broker
                )?;
            }
        }
        if pending.is_empty() {
            return Ok(());
        }
        if Instant::now() >= deadline {
            let plural = if pending.len() == 1 { "" } else { "s" };
            return Err(ToolError::Failed(format!(
                "Timed out before log directory move{plural} could be started for: {}",
                joined(pending.keys(), ",")
            )));
        }
        sleep(AGAIN).await;
    }
}

/// One try; those that started.
async fn start_once(admin: &Admin, pending: &BTreeMap<Replica, String>) -> Result<Vec<Replica>, ToolError> {
    let mut by_broker: BTreeMap<i32, BTreeMap<&str, BTreeMap<&str, Vec<i32>>>> = BTreeMap::new();
    for (replica, directory) in pending {
        let topics = by_broker.entry(replica.broker).or_default().entry(directory).or_default();
        topics.entry(&replica.at.topic).or_default().push(replica.at.partition);
    }
    let mut started = Vec::new();
    for (broker, directories) in by_broker {
        let dirs = directories.into_iter().map(|(path, topics)| {
            let topics = topics.into_iter().map(|(name, partitions)| AlterReplicaLogDirTopic {
                name: Str::from(name),
                partitions,
                ..AlterReplicaLogDirTopic::default()
            });
            AlterReplicaLogDir {
                path: path.into(),
                topics: topics.collect(),
                ..AlterReplicaLogDir::default()
            }
        });
        let request =
            AlterReplicaLogDirsRequest { dirs: dirs.collect(), ..AlterReplicaLogDirsRequest::default() };
        let response =
            admin.alter_replica_log_dirs(broker, &request).await.map_err(|error| failed(&error))?;
        for topic in &response.results {
            for row in &topic.partitions {
                let at = TopicPartition::new(topic.topic_name.as_str(), row.partition_index);
                let replica = Replica { broker, at };
                match ClientError::check(row.error_code) {
                    Ok(()) => started.push(replica),
                    Err(error) if error.code() == Some(ErrorCode::ReplicaNotAvailable) => {}
                    Err(error) => {
                        let reason = java::exception(&error);
                        return Err(ToolError::Failed(format!(
                            "Error: Failed to alter dir for {replica}\n{reason}"
                        )));
                    }
                }
            }
        }
    }
    Ok(started)
}
