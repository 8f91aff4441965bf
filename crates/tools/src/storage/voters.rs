//! The voters of `--initial-controllers`: `id@host:port:directory`, comma-separated (Kafka:
//! DynamicVoters).

use std::collections::BTreeMap;

use klamm_model::{DirectoryId, NodeId, Uuid};
use klamm_raft::{Endpoints, HostPort, KraftVersion, ListenerName, ReplicaKey, Voter, VoterSet};

/// A voter as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WrittenVoter {
    pub(super) directory: DirectoryId,
    pub(super) host: String,
    pub(super) port: u16,
}

/// The voters a new quorum starts with; not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InitialVoters(BTreeMap<NodeId, WrittenVoter>);

impl InitialVoters {
    /// One voter.
    pub(super) fn single(id: NodeId, voter: WrittenVoter) -> InitialVoters {
        InitialVoters(BTreeMap::from([(id, voter)]))
    }

    /// Reads the list.
    pub(super) fn parse(text: &str) -> Result<InitialVoters, String> {
        let mut voters = BTreeMap::new();
        for entry in text.trim().split(',').filter(|entry| !entry.is_empty()) {
            let (id, voter) = parse_voter(entry.trim())?;
            if voters.insert(id, voter).is_some() {
                return Err(format!("Node id {id} was specified more than once."));
            }
        }
        if voters.is_empty() {
            return Err("No voters given.".into());
        }
        Ok(InitialVoters(voters))
    }

    /// The directory of the voter `id`; `None` if that node is none.
    pub(super) fn directory(&self, id: NodeId) -> Option<DirectoryId> {
        self.0.get(&id).map(|voter| voter.directory)
    }

    /// As the voters record holds them, all reached by the listener `name`.
    pub(super) fn to_voter_set(&self, name: &str) -> VoterSet {
        let voter = |(id, written): (&NodeId, &WrittenVoter)| Voter {
            key: ReplicaKey::new(*id, written.directory),
            endpoints: Endpoints::single(
                ListenerName::new(name),
                HostPort::new(written.host.as_str(), written.port),
            ),
            kraft_versions: KraftVersion::SUPPORTED,
        };
        self.0.iter().map(voter).collect()
    }
}

fn parse_voter(text: &str) -> Result<(NodeId, WrittenVoter), String> {
    let (id, rest) = text.split_once('@').ok_or("No @ found in dynamic voter string.")?;
    if id.is_empty() {
        return Err("Invalid @ at beginning of dynamic voter string.".into());
    }
    let number: i32 = id.parse().map_err(|_| "Failed to parse node id in dynamic voter string.")?;
    let id = NodeId::new(number)
        .ok_or_else(|| format!("Invalid negative node id {number} in dynamic voter string."))?;
    if rest.is_empty() {
        return Err("No hostname found after node id.".into());
    }
    let (host, rest) = split_host(rest)?;
    let rest = rest.strip_prefix(':').ok_or("Port section must start with a colon.")?;
    let (port, directory) = rest.split_once(':').ok_or("No colon following port could be found.")?;
    let number: i32 = port.parse().map_err(|_| "Failed to parse port in dynamic voter string.")?;
    let port =
        u16::try_from(number).map_err(|_| format!("Invalid port {number} in dynamic voter string."))?;
    let directory = directory.parse::<Uuid>().ok().and_then(DirectoryId::new);
    let directory = directory.ok_or("Failed to parse directory ID in dynamic voter string.")?;
    Ok((id, WrittenVoter { directory, host: host.to_owned(), port }))
}

/// Splits before the colon of the port.
fn split_host(text: &str) -> Result<(&str, &str), &'static str> {
    if let Some(bracketed) = text.strip_prefix('[') {
        return bracketed
            .split_once(']')
            .ok_or("Hostname began with left bracket, but no right bracket was found.");
    }
    let colon = text.find(':').ok_or("No colon following hostname could be found.")?;
    Ok(text.split_at(colon))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn voters_are_read_and_ordered_by_id() {
        let text = "2@[::1]:9094:MvDxzVmcRsaTz33bUuRU6A,1@a.example:9093:JEXY6aqzQY-32P5TStzaFg";
        let voters = InitialVoters::parse(text).unwrap();
        let hosts: Vec<_> =
            voters.0.iter().map(|(id, voter)| (id.get(), voter.host.as_str(), voter.port)).collect();
        assert_eq!(hosts, [(1, "a.example", 9093), (2, "::1", 9094)]);
    }

    #[test]
    fn what_is_wrong_with_a_voter_is_said_as_kafka_says_it() {
        for (text, message) in [
            ("", "No voters given."),
            ("1", "No @ found in dynamic voter string."),
            ("@h:1:x", "Invalid @ at beginning of dynamic voter string."),
            ("x@h:1:x", "Failed to parse node id in dynamic voter string."),
            ("-1@h:1:x", "Invalid negative node id -1 in dynamic voter string."),
            ("1@", "No hostname found after node id."),
            ("1@[h:1", "Hostname began with left bracket, but no right bracket was found."),
            ("1@h", "No colon following hostname could be found."),
            ("1@[h]1", "Port section must start with a colon."),
            ("1@h:1", "No colon following port could be found."),
            ("1@h:x:y", "Failed to parse port in dynamic voter string."),
            ("1@h:65536:y", "Invalid port 65536 in dynamic voter string."),
            ("1@h:1:y", "Failed to parse directory ID in dynamic voter string."),
            (
                "1@h:1:JEXY6aqzQY-32P5TStzaFg,1@h:2:MvDxzVmcRsaTz33bUuRU6A",
                "Node id 1 was specified more than once.",
            ),
        ] {
            assert_eq!(InitialVoters::parse(text), Err(message.to_owned()), "{text}");
        }
    }
}
