//! Voter sets and kraft.version by their place in the log. The latest entry is in force, committed
//! or not; a truncation brings back the one before (Kafka: KRaftControlRecordStateMachine).

use std::collections::BTreeMap;

use klamm_model::Offset;

use crate::control_record::ControlRecord;
use crate::replica::ReplicaKey;
use crate::voter_set::{KraftVersion, VoterSet};

/// Where a control record was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// In the bootstrap snapshot (0-0): it was never written to the log itself.
    Bootstrap,
    /// In the log at this offset, or in a snapshot whose last covered offset this is.
    At(Offset),
}

impl Origin {
    /// Origin of the control records of the snapshot that ends at `end`.
    pub fn of_snapshot(end: Offset) -> Origin {
        match Offset::new(end.get() - 1) {
            Some(last) => Origin::At(last),
            None => Origin::Bootstrap,
        }
    }

    /// Whether the record lies below `high_watermark`.
    pub fn is_below(self, high_watermark: Offset) -> bool {
        match self {
            Origin::Bootstrap => true,
            Origin::At(offset) => offset < high_watermark,
        }
    }
}

/// All control state of one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlHistory {
    static_voters: VoterSet,
    voters: BTreeMap<Origin, VoterSet>,
    versions: BTreeMap<Origin, KraftVersion>,
}

impl ControlHistory {
    /// A log without control records, with the voters of the configuration (empty if that names
    /// none).
    pub fn new(static_voters: VoterSet) -> ControlHistory {
        ControlHistory { static_voters, voters: BTreeMap::new(), versions: BTreeMap::new() }
    }

    /// Takes note of a record found at `origin`; records without lasting meaning are skipped.
    pub fn add(&mut self, origin: Origin, record: &ControlRecord) {
        match record {
            ControlRecord::Voters(voters) => drop(self.voters.insert(origin, voters.clone())),
            ControlRecord::KraftVersion(version) => drop(self.versions.insert(origin, *version)),
            ControlRecord::LeaderChange(_)
            | ControlRecord::SnapshotHeader { .. }
            | ControlRecord::SnapshotFooter => {}
        }
    }

    /// The voters of the configuration.
    pub fn static_voters(&self) -> &VoterSet {
        &self.static_voters
    }

    /// The voters in force.
    pub fn voters(&self) -> &VoterSet {
        self.voters.last_key_value().map_or(&self.static_voters, |(_, voters)| voters)
    }

    /// Whether `key` is a voter now, or would be if changes above `committed` were undone.
    pub fn may_be_voter(&self, key: &ReplicaKey, committed: Option<Offset>) -> bool {
        for (origin, voters) in self.voters.iter().rev() {
            if voters.contains(key) {
                return true;
            }
            if committed.is_some_and(|committed| origin.is_below(committed)) {
                return false;
            }
        }
        self.static_voters.contains(key)
    }

    /// Where the voters in force were read; `None` if they are the configured ones.
    pub fn voters_origin(&self) -> Option<Origin> {
        self.voters.last_key_value().map(|(origin, _)| *origin)
    }

    /// The kraft.version in force.
    pub fn version(&self) -> KraftVersion {
        self.versions.last_key_value().map(|(_, version)| *version).unwrap_or_default()
    }

    /// The voters of a snapshot that covers the log below `end`; `None` if the log had none.
    pub fn voters_below(&self, end: Offset) -> Option<&VoterSet> {
        self.voters.range(..Origin::At(end)).next_back().map(|(_, voters)| voters)
    }

    /// The kraft.version of a snapshot that covers the log below `end`.
    pub fn version_below(&self, end: Offset) -> KraftVersion {
        self.versions.range(..Origin::At(end)).next_back().map(|(_, version)| *version).unwrap_or_default()
    }

    /// Forgets what was read at or above `end`.
    pub fn truncate_to(&mut self, end: Offset) {
        self.voters.retain(|origin, _| origin.is_below(end));
        self.versions.retain(|origin, _| origin.is_below(end));
    }

    /// Forgets entries that no offset from `start` on needs.
    pub fn trim_before(&mut self, start: Offset) {
        trim(&mut self.voters, start);
        trim(&mut self.versions, start);
    }

    /// Forgets everything but the configured voters: a snapshot replaced the log.
    pub fn clear(&mut self) {
        self.voters.clear();
        self.versions.clear();
    }
}

fn trim<T>(history: &mut BTreeMap<Origin, T>, start: Offset) {
    while history.range(..=Origin::At(start)).nth(1).is_some() {
        history.pop_first();
    }
}
