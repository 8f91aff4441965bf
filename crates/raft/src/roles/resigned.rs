//! Resigned: led this epoch and no longer does, by wish, for lack of a majority or after a restart.
//! Tells the voters so, and waits for the next epoch.

use std::collections::BTreeSet;

use klamm_model::{Instant, NodeId};

use crate::replica::ReplicaKey;

/// What a resigned leader keeps.
#[derive(Debug)]
pub(crate) struct Resigned {
    /// Voters that have not acknowledged the end of the epoch.
    pub(crate) unacknowledged: BTreeSet<NodeId>,
    /// Voters from best to worst successor; none after a restart.
    pub(crate) successors: Vec<ReplicaKey>,
    /// When it moves to the next epoch by itself.
    pub(crate) election_deadline: Instant,
}
