//! The voters of the quorum: keys, endpoints, supported kraft.version. Immutable; a change makes a
//! new set (Kafka: VoterSet, KIP-853).

use std::collections::BTreeMap;
use std::sync::Arc;

use klamm_model::NodeId;

use crate::replica::{Endpoints, ReplicaKey, VersionRange};

/// The finalized level of the feature `kraft.version`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum KraftVersion {
    /// Level 0: the voters come from the static configuration and have no directory ids.
    #[default]
    Static,
    /// Level 1: the voters come from the log, with directory ids, and can be changed (KIP-853).
    Dynamic,
}

impl KraftVersion {
    /// Every level this replica supports.
    pub const SUPPORTED: VersionRange = VersionRange { min: 0, max: 1 };

    /// The version at `level`, or `None` for a level this replica does not know.
    pub const fn from_level(level: i16) -> Option<KraftVersion> {
        match level {
            0 => Some(KraftVersion::Static),
            1 => Some(KraftVersion::Dynamic),
            _ => None,
        }
    }

    /// The feature level.
    pub const fn level(self) -> u16 {
        match self {
            KraftVersion::Static => 0,
            KraftVersion::Dynamic => 1,
        }
    }

    /// Whether voters can be added, removed and updated in the log.
    pub const fn can_change_voters(self) -> bool {
        matches!(self, KraftVersion::Dynamic)
    }
}

/// One voter as the others must know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voter {
    /// Its id and, in a dynamic quorum, its directory.
    pub key: ReplicaKey,
    /// Where the others reach it.
    pub endpoints: Endpoints,
    /// Levels of kraft.version it can run.
    pub kraft_versions: VersionRange,
}

/// The voters, by node id: at most one replica per node. Shared: cloning is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoterSet(Arc<BTreeMap<NodeId, Voter>>);

impl VoterSet {
    /// No voters: an observer of a dynamic quorum before it has read any log.
    pub fn empty() -> VoterSet {
        VoterSet::default()
    }

    /// Number of voters.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no voters.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Voters needed for a decision.
    pub fn majority(&self) -> usize {
        self.len() / 2 + 1
    }

    /// The voters in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Voter> {
        self.0.values()
    }

    /// Ids of the voters, ascending.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.0.keys().copied()
    }

    /// The voter with node id `id`, whatever its directory.
    pub fn get(&self, id: NodeId) -> Option<&Voter> {
        self.0.get(&id)
    }

    /// Endpoints of the voter `id`; none if it is not a voter.
    pub fn endpoints(&self, id: NodeId) -> Endpoints {
        self.get(id).map(|voter| voter.endpoints.clone()).unwrap_or_default()
    }

    /// Whether the replica `key` is a voter. A voter listed without directory is that node in any
    /// directory.
    pub fn contains(&self, key: &ReplicaKey) -> bool {
        self.get(key.id).is_some_and(|voter| voter.key.names(key))
    }

    /// Whether `key` is the one and only voter.
    pub fn is_only(&self, key: &ReplicaKey) -> bool {
        self.len() == 1 && self.contains(key)
    }

    /// This set with `voter` added, or `None` if its id is taken.
    pub fn with_added(&self, voter: Voter) -> Option<VoterSet> {
        if self.0.contains_key(&voter.key.id) { None } else { Some(self.with(voter)) }
    }

    /// This set without the voter of exactly this key, or `None` if there is none or it is the last.
    pub fn with_removed(&self, key: &ReplicaKey) -> Option<VoterSet> {
        if self.len() == 1 || self.get(key.id)?.key != *key {
            return None;
        }
        let mut voters = BTreeMap::clone(&self.0);
        voters.remove(&key.id);
        Some(VoterSet(Arc::new(voters)))
    }

    /// This set with the entry of `voter` replaced, or `None` if its key is not a voter's.
    pub fn with_updated(&self, voter: Voter) -> Option<VoterSet> {
        self.contains(&voter.key).then(|| self.with(voter))
    }

    /// As [`VoterSet::with_updated`], but the entry is found by node id alone: a static quorum
    /// learns directory ids this way before its upgrade.
    pub fn with_updated_by_id(&self, voter: Voter) -> Option<VoterSet> {
        self.0.contains_key(&voter.key.id).then(|| self.with(voter))
    }

    /// Whether `voter` is in the set with another entry than this one.
    pub fn needs_update(&self, voter: &Voter) -> bool {
        self.get(voter.key.id).is_some_and(|known| known.key.names(&voter.key) && known != voter)
    }

    /// Whether every voter can run `version`.
    pub fn supports(&self, version: KraftVersion) -> bool {
        self.iter().all(|voter| voter.kraft_versions.contains(version.level()))
    }

    fn with(&self, voter: Voter) -> VoterSet {
        let mut voters = BTreeMap::clone(&self.0);
        voters.insert(voter.key.id, voter);
        VoterSet(Arc::new(voters))
    }
}

impl FromIterator<Voter> for VoterSet {
    fn from_iter<I: IntoIterator<Item = Voter>>(voters: I) -> VoterSet {
        VoterSet(Arc::new(voters.into_iter().map(|voter| (voter.key.id, voter)).collect()))
    }
}
