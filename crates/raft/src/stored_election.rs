//! What the file `quorum-state` must hold: epoch, leader and vote.

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
    /// Decides the layout: data_version 0 at kraft.version 0, else 1.
    pub version: KraftVersion,
}
