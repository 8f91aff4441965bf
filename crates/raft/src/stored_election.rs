//! Contents of the file `quorum-state`: epoch, leader and vote. One line of JSON in two versions.

use std::collections::BTreeSet;

use klamm_model::{LeaderEpoch, NodeId};

use crate::replica::ReplicaKey;
use crate::voter_set::KraftVersion;

/// What must survive a crash so that no epoch gets two votes or two leaders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredElection {
    /// Highest epoch seen.
    pub epoch: LeaderEpoch,
    /// Leader of that epoch.
    pub leader: Option<NodeId>,
    /// Whom this replica voted for in that epoch.
    pub voted: Option<ReplicaKey>,
    /// The voters; written at kraft.version 0 only.
    pub voters: BTreeSet<NodeId>,
    /// Decides the layout: data_version 0 or 1.
    pub version: KraftVersion,
}

/// Why a `quorum-state` file is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum StoredElectionError {
    /// Not one JSON object.
    #[error("quorum-state is not a JSON object: {0}")]
    NotJson(String),
    /// A field is missing or out of range.
    #[error("quorum-state field {0} is missing or not valid")]
    BadField(&'static str),
    /// Written by a newer version.
    #[error("quorum-state has data_version {0}; known are 0 and 1")]
    UnknownVersion(i64),
}
