//! The roles, what each keeps, and which may follow which.

mod candidate;
mod follower;
mod leader;
mod prospective;
mod resigned;
mod unattached;

pub(crate) use candidate::Candidate;
pub(crate) use follower::{Checkup, Download, Follower, Work};
pub(crate) use leader::{Leader, LeaderTimes, VersionUpgrade};
pub(crate) use prospective::Prospective;
pub(crate) use resigned::Resigned;
pub(crate) use unattached::Unattached;

/// The role of this replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleName {
    /// Knows no leader to fetch from.
    Unattached,
    /// Asks for pre-votes.
    Prospective,
    /// Asks for votes.
    Candidate,
    /// Leads.
    Leader,
    /// Fetches from the leader, as a voter or an observer.
    Follower,
    /// Led this epoch, and no longer does.
    Resigned,
}

impl RoleName {
    /// Every role.
    pub const ALL: [RoleName; 6] = [
        RoleName::Unattached,
        RoleName::Prospective,
        RoleName::Candidate,
        RoleName::Leader,
        RoleName::Follower,
        RoleName::Resigned,
    ];
}

/// In which epoch the later role may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EpochStep {
    /// Only the same epoch.
    Same,
    /// Only a higher epoch.
    Higher,
    /// The same or a higher epoch.
    Any,
}

/// Which role may follow which, and in which epoch. What is not listed is a bug and stops the node.
///
/// - Only a candidate becomes leader, only a prospective voter a candidate (pre-vote, KIP-996).
/// - A leader never follows within its epoch; it resigns, and leaves the epoch with the next one.
/// - Every role but the leader's may find the leader of its own epoch.
pub(crate) const TRANSITIONS: &[(RoleName, RoleName, EpochStep)] = {
    use EpochStep::{Any, Higher, Same};
    use RoleName::{Candidate, Follower, Leader, Prospective, Resigned, Unattached};
    &[
        (Unattached, Unattached, Higher),
        (Unattached, Prospective, Same),
        (Unattached, Follower, Any),
        (Prospective, Unattached, Any),
        (Prospective, Candidate, Higher),
        (Prospective, Follower, Any),
        (Candidate, Unattached, Higher),
        (Candidate, Prospective, Same),
        (Candidate, Leader, Same),
        (Candidate, Follower, Any),
        (Leader, Unattached, Higher),
        (Leader, Resigned, Same),
        (Leader, Follower, Higher),
        (Follower, Unattached, Higher),
        (Follower, Prospective, Same),
        (Follower, Follower, Higher),
        (Resigned, Unattached, Higher),
        (Resigned, Prospective, Same),
        (Resigned, Follower, Higher),
    ]
};

/// The role with what it keeps.
#[derive(Debug)]
pub(crate) enum Role {
    Unattached(Unattached),
    Prospective(Prospective),
    Candidate(Candidate),
    Leader(Box<Leader>),
    Follower(Follower),
    Resigned(Resigned),
}

impl Role {
    pub(crate) const fn name(&self) -> RoleName {
        match self {
            Role::Unattached(_) => RoleName::Unattached,
            Role::Prospective(_) => RoleName::Prospective,
            Role::Candidate(_) => RoleName::Candidate,
            Role::Leader(_) => RoleName::Leader,
            Role::Follower(_) => RoleName::Follower,
            Role::Resigned(_) => RoleName::Resigned,
        }
    }

    /// Whether entering it must be durable before anyone sees it. The others repeat what is stored.
    pub(crate) const fn is_durable(&self) -> bool {
        match self {
            Role::Unattached(_) | Role::Candidate(_) | Role::Leader(_) | Role::Follower(_) => true,
            Role::Prospective(_) | Role::Resigned(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(from: RoleName, to: RoleName, step: EpochStep) -> bool {
        TRANSITIONS.iter().any(|&(f, t, s)| (f, t) == (from, to) && (s == step || s == EpochStep::Any))
    }

    #[test]
    fn each_pair_of_roles_is_listed_at_most_once() {
        for (index, &(from, to, _)) in TRANSITIONS.iter().enumerate() {
            assert!(
                TRANSITIONS[index + 1..].iter().all(|&(f, t, _)| (f, t) != (from, to)),
                "{from:?} {to:?}"
            );
        }
    }

    #[test]
    fn only_a_candidate_becomes_leader_and_only_after_a_pre_vote() {
        for from in RoleName::ALL {
            let (leads, stands) = (
                may(from, RoleName::Leader, EpochStep::Same)
                    || may(from, RoleName::Leader, EpochStep::Higher),
                may(from, RoleName::Candidate, EpochStep::Same)
                    || may(from, RoleName::Candidate, EpochStep::Higher),
            );
            assert_eq!(leads, from == RoleName::Candidate);
            assert_eq!(stands, from == RoleName::Prospective);
        }
        assert!(!may(RoleName::Prospective, RoleName::Candidate, EpochStep::Same));
    }

    #[test]
    fn a_leader_never_follows_in_its_own_epoch() {
        for from in [RoleName::Leader, RoleName::Resigned] {
            assert!(!may(from, RoleName::Follower, EpochStep::Same));
            assert!(!may(from, RoleName::Unattached, EpochStep::Same));
        }
    }

    #[test]
    fn every_role_yields_to_a_higher_epoch() {
        for from in RoleName::ALL {
            assert!(may(from, RoleName::Unattached, EpochStep::Higher), "{from:?}");
            assert!(may(from, RoleName::Follower, EpochStep::Higher), "{from:?}");
        }
    }
}
