//! Control records of the metadata log and its snapshots, as values.

use klamm_model::{NodeId, Timestamp};

use crate::voter_set::{KraftVersion, VoterSet};

/// What the first record of a leader's epoch tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaderChange {
    /// The new leader.
    pub leader: NodeId,
    /// Voters at the start of the epoch, ascending.
    pub voters: Vec<NodeId>,
    /// Those who voted for the leader, ascending; the leader is one.
    pub granting_voters: Vec<NodeId>,
}

/// A record of a control batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ControlRecord {
    /// First record of an epoch.
    LeaderChange(LeaderChange),
    /// First record of a snapshot.
    SnapshotHeader {
        /// Append time of the last record the snapshot covers.
        last_contained_log_timestamp: Timestamp,
    },
    /// Last record of a snapshot.
    SnapshotFooter,
    /// The finalized kraft.version from here on.
    KraftVersion(KraftVersion),
    /// The voters from here on, in force as soon as the record is in a log.
    Voters(VoterSet),
}
