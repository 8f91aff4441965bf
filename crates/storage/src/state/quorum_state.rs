//! `quorum-state` in the directory of the metadata log: which leader this voter follows and whom
//! it voted for. Durable before any answer that depends on it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use klamm_model::{DirectoryId, LeaderEpoch, NodeId, Uuid};
use serde::{Deserialize, Serialize};

use super::StateFileError;
use crate::disk::{Disk, read_small, replace_file};
use crate::error::DiskFailure;

const NAME: &str = "quorum-state";
const MAX_SIZE: usize = 1 << 20;

/// Format of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuorumStateVersion {
    /// `kraft.version` 0: a static quorum, listed in the file.
    V0 {
        /// Ids of the voters.
        voters: Vec<NodeId>,
    },
    /// `kraft.version` 1: voters are in the log.
    V1,
}

/// What a voter must remember.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuorumState {
    /// Newest epoch seen.
    pub leader_epoch: LeaderEpoch,
    /// Its leader, once known.
    pub leader_id: Option<NodeId>,
    /// Whom this node voted for in that epoch. The directory is known in V1 files only.
    pub voted: Option<(NodeId, Option<DirectoryId>)>,
    /// Format, and what it adds.
    pub version: QuorumStateVersion,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct V0Content {
    cluster_id: String,
    leader_id: i32,
    leader_epoch: i32,
    voted_id: i32,
    applied_offset: i64,
    current_voters: Option<Vec<Voter>>,
    #[serde(rename = "data_version")]
    data_version: i16,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Voter {
    voter_id: i32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct V1Content {
    leader_id: i32,
    leader_epoch: i32,
    voted_id: i32,
    voted_directory_id: String,
    #[serde(rename = "data_version")]
    data_version: i16,
}

#[derive(Deserialize)]
struct AnyContent {
    data_version: i16,
}

impl QuorumState {
    /// Content of the file: one line of JSON without a newline.
    pub fn encode(&self) -> String {
        let leader_id = self.leader_id.map_or(-1, NodeId::get);
        let leader_epoch = self.leader_epoch.get();
        let voted_id = self.voted.map_or(-1, |(id, _)| id.get());
        let json = match &self.version {
            QuorumStateVersion::V0 { voters } => serde_json::to_string(&V0Content {
                cluster_id: String::new(),
                leader_id,
                leader_epoch,
                voted_id,
                applied_offset: 0,
                current_voters: Some(voters.iter().map(|id| Voter { voter_id: id.get() }).collect()),
                data_version: 0,
            }),
            QuorumStateVersion::V1 => {
                let directory = self.voted.and_then(|(_, directory)| directory);
                serde_json::to_string(&V1Content {
                    leader_id,
                    leader_epoch,
                    voted_id,
                    voted_directory_id: directory.map_or(Uuid::ZERO, DirectoryId::get).to_string(),
                    data_version: 1,
                })
            }
        };
        json.expect("plain fields serialize")
    }

    /// Reads the content; says what is wrong with it.
    pub fn decode(content: &str) -> Result<QuorumState, String> {
        let line = content.lines().next().ok_or("the file is empty")?;
        let AnyContent { data_version } = parse(line)?;
        match data_version {
            0 => {
                let content: V0Content = parse(line)?;
                let voters = content.current_voters.unwrap_or_default();
                let voters = voters.iter().filter_map(|voter| NodeId::new(voter.voter_id)).collect();
                Ok(QuorumState {
                    leader_epoch: parse_epoch(content.leader_epoch)?,
                    leader_id: NodeId::new(content.leader_id),
                    voted: NodeId::new(content.voted_id).map(|id| (id, None)),
                    version: QuorumStateVersion::V0 { voters },
                })
            }
            1 => {
                let content: V1Content = parse(line)?;
                let directory: Uuid = content
                    .voted_directory_id
                    .parse()
                    .map_err(|error| format!("votedDirectoryId: {error}"))?;
                Ok(QuorumState {
                    leader_epoch: parse_epoch(content.leader_epoch)?,
                    leader_id: NodeId::new(content.leader_id),
                    voted: NodeId::new(content.voted_id).map(|id| (id, DirectoryId::new(directory))),
                    version: QuorumStateVersion::V1,
                })
            }
            other => Err(format!("data_version {other} is unknown")),
        }
    }
}

fn parse<'a, T: Deserialize<'a>>(line: &'a str) -> Result<T, String> {
    serde_json::from_str(line).map_err(|error| error.to_string())
}

fn parse_epoch(epoch: i32) -> Result<LeaderEpoch, String> {
    LeaderEpoch::new(epoch).ok_or_else(|| format!("leaderEpoch {epoch} is negative"))
}

/// The file `quorum-state` of one metadata log.
#[derive(Clone, Debug)]
pub struct QuorumStateStore {
    disk: Arc<dyn Disk>,
    path: PathBuf,
}

impl QuorumStateStore {
    /// In `dir`, the directory of the metadata log.
    pub fn new(disk: Arc<dyn Disk>, dir: &Path) -> QuorumStateStore {
        QuorumStateStore { disk, path: dir.join(NAME) }
    }

    /// Reads it; `None` if this node never took part in an election.
    pub fn read(&self) -> Result<Option<QuorumState>, StateFileError> {
        let content = match read_small(&*self.disk, &self.path, MAX_SIZE) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            result => result.map_err(|error| DiskFailure::new("read", &self.path, error))?,
        };
        let text = String::from_utf8_lossy(&content);
        let malformed = |reason| StateFileError::Malformed { path: self.path.clone(), reason };
        QuorumState::decode(&text).map(Some).map_err(malformed)
    }

    /// Writes it; durable on return.
    pub fn write(&self, state: &QuorumState) -> Result<(), DiskFailure> {
        let content = state.encode();
        let written = replace_file(&*self.disk, &self.path, content.as_bytes());
        written.map_err(|error| DiskFailure::new("write", &self.path, error))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::disk::StdDisk;

    #[test]
    fn version_1_has_kafkas_bytes() {
        let state = QuorumState {
            leader_epoch: LeaderEpoch::at(3),
            leader_id: NodeId::new(1),
            voted: Some((NodeId::at(2), DirectoryId::new(Uuid::from_u128(1 << 64)))),
            version: QuorumStateVersion::V1,
        };
        let text = state.encode();
        let expected = r#"{"leaderId":1,"leaderEpoch":3,"votedId":2,"votedDirectoryId":"AAAAAAAAAAEAAAAAAAAAAA","data_version":1}"#;
        assert_eq!(text, expected);
        assert_eq!(QuorumState::decode(&text).unwrap(), state);
    }

    #[test]
    fn version_0_has_kafkas_bytes() {
        let state = QuorumState {
            leader_epoch: LeaderEpoch::at(0),
            leader_id: None,
            voted: None,
            version: QuorumStateVersion::V0 { voters: vec![NodeId::at(1), NodeId::at(2)] },
        };
        let text = state.encode();
        let expected = r#"{"clusterId":"","leaderId":-1,"leaderEpoch":0,"votedId":-1,"appliedOffset":0,"currentVoters":[{"voterId":1},{"voterId":2}],"data_version":0}"#;
        assert_eq!(text, expected);
        assert_eq!(QuorumState::decode(&text).unwrap(), state);
    }

    #[test]
    fn a_store_reads_what_it_wrote() {
        let dir = tempfile::tempdir().unwrap();
        let store = QuorumStateStore::new(Arc::new(StdDisk), dir.path());
        assert_eq!(store.read().unwrap(), None);
        let state = QuorumState {
            leader_epoch: LeaderEpoch::at(9),
            leader_id: None,
            voted: None,
            version: QuorumStateVersion::V1,
        };
        store.write(&state).unwrap();
        assert_eq!(store.read().unwrap(), Some(state));
        std::fs::write(dir.path().join(NAME), "{}").unwrap();
        assert!(matches!(store.read(), Err(StateFileError::Malformed { .. })));
    }
}
