//! What others may read of the quorum. It lends out what a role keeps, never the role itself.

use klamm_model::{LeaderEpoch, NodeId, Offset};

use super::{Quorum, Term};
use crate::config::VoterEligibility;
use crate::election::Election;
use crate::message::LeaderHint;
use crate::replica::{Endpoints, ReplicaKey};
use crate::roles::{Follower, Leader, Resigned, Role, RoleName};
use crate::stored_election::StoredElection;
use crate::voter_set::{KraftVersion, VoterSet};

/// The state others may read between inputs. It may be ahead of what is durable: act on effects,
/// show this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuorumView {
    /// Current role.
    pub role: RoleName,
    /// Current epoch.
    pub epoch: LeaderEpoch,
    /// Leader of the epoch, if known.
    pub leader: Option<NodeId>,
    /// Where the leader listens.
    pub leader_endpoints: Endpoints,
    /// Whom this replica voted for in the epoch.
    pub voted: Option<ReplicaKey>,
    /// Highest high watermark known.
    pub high_watermark: Option<Offset>,
    /// Voters in force.
    pub voters: VoterSet,
    /// kraft.version in force.
    pub kraft_version: KraftVersion,
}

impl Quorum {
    pub(crate) fn epoch(&self) -> LeaderEpoch {
        self.term.epoch
    }

    pub(crate) fn term(&self) -> &Term {
        &self.term
    }

    pub(crate) fn role(&self) -> &Role {
        &self.role
    }

    pub(crate) fn role_changes(&self) -> u64 {
        self.role_changes
    }

    pub(crate) fn leader(&self) -> Option<&Leader> {
        if let Role::Leader(leader) = &self.role { Some(leader) } else { None }
    }

    pub(crate) fn leader_mut(&mut self) -> Option<&mut Leader> {
        if let Role::Leader(leader) = &mut self.role { Some(leader) } else { None }
    }

    pub(crate) fn follower_mut(&mut self) -> Option<&mut Follower> {
        if let Role::Follower(follower) = &mut self.role { Some(follower) } else { None }
    }

    pub(crate) fn resigned_mut(&mut self) -> Option<&mut Resigned> {
        if let Role::Resigned(resigned) = &mut self.role { Some(resigned) } else { None }
    }

    /// The election this replica stands in.
    pub(crate) fn election_mut(&mut self) -> Option<&mut Election> {
        match &mut self.role {
            Role::Prospective(prospective) => Some(&mut prospective.election),
            Role::Candidate(candidate) => Some(&mut candidate.election),
            Role::Unattached(_) | Role::Leader(_) | Role::Follower(_) | Role::Resigned(_) => None,
        }
    }

    pub(crate) fn high_watermark(&self) -> Option<Offset> {
        self.high_watermark
    }

    pub(crate) fn voters(&self) -> &VoterSet {
        self.control.voters()
    }

    pub(crate) fn is_voter(&self) -> bool {
        self.local.eligibility == VoterEligibility::Controller && self.voters().contains(&self.local.key())
    }

    /// Whether this replica may stand for election: a voter, or one whose removal is not known to be
    /// committed. Without its log, those who stay might never agree again; it does not count itself.
    pub(crate) fn may_stand(&self) -> bool {
        self.local.eligibility == VoterEligibility::Controller
            && self.control.may_be_voter(&self.local.key(), self.high_watermark)
    }

    /// What this replica tells others of the leadership. A resigned leader names nobody: who does
    /// not know yet that it led should not begin to follow it.
    pub(crate) fn hint(&self) -> LeaderHint {
        let Term { epoch, leader, endpoints, .. } = self.term.clone();
        match self.role {
            Role::Resigned(_) => LeaderHint { epoch, ..LeaderHint::default() },
            _ => LeaderHint { epoch, leader, endpoints },
        }
    }

    /// What `quorum-state` must say now.
    pub(crate) fn election_state(&self) -> StoredElection {
        StoredElection {
            epoch: self.term.epoch,
            leader: self.term.leader,
            voted: self.term.voted,
            voters: self.voters().ids().collect(),
            version: self.control.version(),
        }
    }

    /// Role, epoch, leader, voters.
    pub fn view(&self) -> QuorumView {
        QuorumView {
            role: self.role.name(),
            epoch: self.term.epoch,
            leader: self.term.leader,
            leader_endpoints: self.term.endpoints.clone(),
            voted: self.term.voted,
            high_watermark: self.high_watermark,
            voters: self.voters().clone(),
            kraft_version: self.control.version(),
        }
    }
}
