//! The votes of one election or pre-election (Kafka: EpochElection).

use std::collections::BTreeMap;

use klamm_model::NodeId;

use crate::replica::ReplicaKey;
use crate::voter_set::VoterSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ballot {
    Open,
    Granted,
    Rejected,
}

/// Votes by voter, as the voter set was when the election began.
#[derive(Clone, Debug)]
pub(crate) struct Election {
    ballots: BTreeMap<NodeId, (ReplicaKey, Ballot)>,
}

impl Election {
    /// An election among `voters` in which `local` has voted for itself.
    pub(crate) fn begun_by(local: NodeId, voters: &VoterSet) -> Election {
        let mut election = Election {
            ballots: voters.iter().map(|voter| (voter.key.id, (voter.key, Ballot::Open))).collect(),
        };
        election.record(local, Vote::Granted);
        election
    }

    /// Takes note of a vote; ignored from a node that is no voter.
    pub(crate) fn record(&mut self, voter: NodeId, vote: Vote) {
        if let Some((_, ballot)) = self.ballots.get_mut(&voter) {
            *ballot = match vote {
                Vote::Granted => Ballot::Granted,
                Vote::Rejected => Ballot::Rejected,
            };
        }
    }

    /// Whether a majority granted it.
    pub(crate) fn is_won(&self) -> bool {
        self.count(Ballot::Granted) >= self.majority()
    }

    /// Whether no majority can grant it any more.
    pub(crate) fn is_lost(&self) -> bool {
        self.count(Ballot::Granted) + self.count(Ballot::Open) < self.majority()
    }

    /// Voters that have not answered.
    pub(crate) fn open(&self) -> Vec<ReplicaKey> {
        self.with(Ballot::Open).collect()
    }

    /// Voters that granted it, ascending.
    pub(crate) fn granting(&self) -> Vec<NodeId> {
        self.with(Ballot::Granted).map(|voter| voter.id).collect()
    }

    fn majority(&self) -> usize {
        self.ballots.len() / 2 + 1
    }

    fn count(&self, wanted: Ballot) -> usize {
        self.with(wanted).count()
    }

    fn with(&self, wanted: Ballot) -> impl Iterator<Item = ReplicaKey> + '_ {
        self.ballots.values().filter(move |(_, ballot)| *ballot == wanted).map(|(voter, _)| *voter)
    }
}

/// An answer to a vote request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vote {
    Granted,
    Rejected,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replica::Endpoints;
    use crate::voter_set::{KraftVersion, Voter};

    fn election(voters: i32) -> Election {
        let voter = |id| Voter {
            key: ReplicaKey::without_directory(NodeId::at(id)),
            endpoints: Endpoints::none(),
            kraft_versions: KraftVersion::SUPPORTED,
        };
        Election::begun_by(NodeId::at(1), &(1..=voters).map(voter).collect())
    }

    #[test]
    fn the_only_voter_wins_at_once() {
        assert!(election(1).is_won());
    }

    #[test]
    fn a_majority_wins_and_a_majority_of_refusals_loses() {
        let mut won = election(4);
        won.record(NodeId::at(2), Vote::Granted);
        assert!(!won.is_won() && !won.is_lost());
        won.record(NodeId::at(3), Vote::Granted);
        assert!(won.is_won());
        assert_eq!(won.granting(), [1, 2, 3].map(NodeId::at));

        let mut lost = election(4);
        lost.record(NodeId::at(2), Vote::Rejected);
        assert!(!lost.is_lost());
        lost.record(NodeId::at(9), Vote::Granted);
        lost.record(NodeId::at(3), Vote::Rejected);
        assert!(lost.is_lost(), "a stranger's vote does not count");
        assert_eq!(lost.open(), [ReplicaKey::without_directory(NodeId::at(4))]);
    }
}
