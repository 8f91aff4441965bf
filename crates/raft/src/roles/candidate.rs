//! Candidate: has voted for itself in its epoch and asks the others to.

use klamm_model::Instant;

use crate::election::Election;

/// What a candidate keeps.
#[derive(Debug)]
pub(crate) struct Candidate {
    /// The votes.
    pub(crate) election: Election,
    /// When it falls back to pre-votes.
    pub(crate) election_deadline: Instant,
}
