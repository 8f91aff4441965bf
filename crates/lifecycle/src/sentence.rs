//! Actions as sentences for people.

use std::collections::BTreeMap;
use std::fmt;

use klamm_model::NodeId;

use crate::releases::release_of;
use crate::{Action, Founding, NodeRole, PartitionMove, Plan, Step};

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::ChooseClusterId => write!(f, "choose an identity for the cluster"),
            Action::FormatNode { node, role, founding: Founding::Alone, .. } => {
                write!(f, "format node {node} ({role}) as the first voter of a new quorum")
            }
            Action::FormatNode { node, role, founding: Founding::Joins, .. } => {
                write!(f, "format node {node} ({role}) to join the quorum")
            }
            Action::StartNode { node, role } => write!(f, "start node {node} as {role}"),
            Action::RestartNode { node } => write!(f, "restart node {node}"),
            Action::StopNode { node } => write!(f, "stop node {node}"),
            Action::DeleteVolumes { node } => write!(f, "delete the volumes of node {node}"),
            Action::AddVoter { node, .. } => write!(f, "make node {node} a voter"),
            Action::RemoveVoter { node, .. } => write!(f, "take the vote of node {node}"),
            Action::Cordon { broker } => write!(f, "let broker {broker} take no new replicas"),
            Action::Uncordon { broker } => write!(f, "let broker {broker} take new replicas again"),
            Action::Reassign { moves } => write_moves(f, moves),
            Action::ElectPreferredLeaders { partitions } => {
                write!(f, "let the preferred replicas lead {}", counted(partitions.len(), "partition"))
            }
            Action::UnregisterBroker { broker } => write!(f, "unregister broker {broker}"),
            Action::UnregisterController { controller } => write!(f, "unregister controller {controller}"),
            Action::FinalizeMetadataVersion { level } => {
                write!(f, "finalize {}", version_name(*level))
            }
            Action::ConfigureBrokers { set, remove } => {
                write!(f, "configure all brokers: {}", configs(set, remove))
            }
            Action::CreateTopic { name, partitions, replication_factor, .. } => {
                write!(f, "create topic {name} with ")?;
                match partitions {
                    Some(count) => {
                        write!(f, "{}", counted(usize::try_from(*count).unwrap_or(0), "partition"))?
                    }
                    None => write!(f, "the default count of partitions")?,
                }
                match replication_factor {
                    Some(1) => write!(f, " of 1 replica"),
                    Some(count) => write!(f, " of {count} replicas"),
                    None => Ok(()),
                }
            }
            Action::DeleteTopic { name, topic_id } => write!(f, "delete topic {name} ({topic_id})"),
            Action::GrowTopic { name, partitions } => {
                write!(f, "grow topic {name} to {partitions} partitions")
            }
            Action::ConfigureTopic { name, set, remove } => {
                write!(f, "configure topic {name}: {}", configs(set, remove))
            }
        }
    }
}

/// Partitions shown by name in one sentence.
const SHOWN: usize = 3;

fn write_moves(f: &mut fmt::Formatter<'_>, moves: &[PartitionMove]) -> fmt::Result {
    write!(f, "give {} other replicas: ", counted(moves.len(), "partition"))?;
    let shown = moves.iter().take(SHOWN).map(|one| {
        let replicas: Vec<String> = one.replicas.iter().map(NodeId::to_string).collect();
        format!("{}-{} on {}", one.topic, one.partition, replicas.join(","))
    });
    write!(f, "{}", shown.collect::<Vec<_>>().join("; "))?;
    if moves.len() > SHOWN { write!(f, "; and {} more", moves.len() - SHOWN) } else { Ok(()) }
}

fn configs(set: &BTreeMap<String, String>, remove: &[String]) -> String {
    let set = set.iter().map(|(key, value)| format!("{key}={value}"));
    set.chain(remove.iter().map(|key| format!("{key} back to its default"))).collect::<Vec<_>>().join(", ")
}

/// `metadata.version 33 (4.4)`; the level alone where no release is named after it.
pub(crate) fn version_name(level: i16) -> String {
    match release_of(level) {
        Some(release) => format!("metadata.version {level} ({release})"),
        None => format!("metadata.version {level}"),
    }
}

/// A size for people: `512 B`, `1.5 GiB`.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [(&str, u32); 4] = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let unit = UNITS.iter().find(|(_, bits)| bytes >> bits > 0);
    match unit {
        Some((name, bits)) => {
            let tenths = (u128::from(bytes) * 10) >> bits;
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} B"),
    }
}

/// `1 partition`, `5 partitions`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// `1 partition is`, `5 partitions are`.
pub(crate) fn counted_are(count: usize, noun: &str) -> String {
    format!("{} {}", counted(count, noun), if count == 1 { "is" } else { "are" })
}

/// `2`, `2 and 3`, `2, 3 and 4`.
pub(crate) fn listed(ids: &[NodeId]) -> String {
    let mut words: Vec<String> = ids.iter().map(NodeId::to_string).collect();
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { last } else { format!("{} and {last}", words.join(", ")) }
}

impl fmt::Display for NodeRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NodeRole::Broker => "broker",
            NodeRole::Controller => "controller",
            NodeRole::Combined => "broker and controller",
        })
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.action, self.reason)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_settled() {
            return writeln!(f, "nothing to do: the cluster is as its spec wants it");
        }
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        for wait in &self.waits {
            writeln!(f, "waits: {wait}")?;
        }
        for blocked in &self.blocked {
            writeln!(f, "blocked: {blocked}")?;
        }
        Ok(())
    }
}
